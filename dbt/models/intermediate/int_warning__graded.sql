{{ config(materialized='table') }}

{#- The grade of each party over time beside that of 30 days before (X05): how many steps it fell,
    what it is, and how many steps below the best of the last 180 days, which are none again when
    the grade is restored or the fall is that long ago. Whoever is unrated has no step. -#}
with

graded as (

    select
        party_id,
        effective_from,
        grade,
        case when grade <> unrated_grade then standing_rung end as rung,
        coalesce(cap_zh, component_zh) as cause_zh,
        coalesce(cap_en, component_en) as cause_en
    from {{ ref('int_rating__graded') }}
    where change <> 'same'

),

changed as (

    select
        *,
        coalesce(
            lead(effective_from) over (partition by party_id order by effective_from),
            {{ end_of_days() }}
        ) as effective_to
    from graded

),

with_past as (

    {{ with_values_before(
        'changed', ['party_id'], ['grade', 'rung', 'cause_zh', 'cause_en'], {'_30_days_before': 30}
    ) }}

),

-- grades change a few times in a life
day as (

    select
        party_id,
        effective_from as day
    from with_past
    union distinct
    select
        party_id,
        {{ add_days('effective_to', 180) }} as day
    from changed
    where effective_to <= {{ add_days(as_of(), -180) }}

),

best as (

    select
        day.party_id,
        day.day,
        min(changed.rung) as best_rung
    from day
    inner join changed
        on
            day.party_id = changed.party_id
            and day.day >= changed.effective_from
            and day.day < {{ add_days(
                'least(changed.effective_to, ' ~ add_days(as_of(), 1) ~ ')', 180
            ) }}
    group by day.party_id, day.day

),

spelled as (

    select
        *,
        coalesce(lead(day) over (partition by party_id order by day), {{ end_of_days() }})
            as next_day
    from best

),

final as (

    select
        spelled.party_id,
        spelled.day as effective_from,
        spelled.next_day as effective_to,
        with_past.rung as grade_rung,
        with_past.rung - with_past.rung_30_days_before as grade_steps_fallen,
        with_past.rung - spelled.best_rung as grade_steps_lost,
        with_past.grade as grade_now,
        with_past.grade_30_days_before as grade_before,
        with_past.cause_zh as grade_cause_zh,
        with_past.cause_en as grade_cause_en
    from spelled
    inner join with_past
        on
            spelled.party_id = with_past.party_id
            and spelled.day >= with_past.effective_from
            and spelled.day < with_past.effective_to

)

select * from final
