{{ config(materialized='table') }}

{#- The days on which supply to each party is advised to be held, by the rule of its grade on the
    day (policy section 4): from the day on which what is overdue beyond the days of the rule
    reaches its floor until it is below half of it, or an approved plan is kept to. Where the grade changes,
    the rule of the new one decides anew. Net overdue as known on the day; a grade is that of the
    last evaluation. -#}
{%- set ages = net_overdue_ages() -%}
with

owed as (

    select * from {{ ref('int_risk__measured_then') }}

),

graded as (

    select
        graded.party_id,
        graded.effective_from,
        graded.effective_to,
        -- of the stretches of one grade
        sum(case when graded.change = 'same' then 0 else 1 end) over (
            partition by graded.party_id
            order by graded.effective_from
            rows between unbounded preceding and current row
        ) as stretch_no,
        rule.hold_days,
        rule.hold_floor
    from {{ ref('int_rating__graded') }} as graded
    inner join {{ ref('int_rating__grade') }} as rule
        on graded.grade = rule.grade

),

stretch as (

    select
        party_id || '|' || cast(stretch_no as {{ dbt.type_string() }}) as stretch_key,
        party_id,
        max(effective_to) as ended_on
    from graded
    group by party_id, stretch_no

),

plan_change as (

    {% for sign, day in [('1', 'effective_from'), ('-1', 'effective_to')] -%}
    select
        party_id,
        {{ day }} as day,
        {{ sign }} as plan_count
    from {{ ref('int_hold__planned') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

planned as (

    {{ running_sums('plan_change', ['party_id'], ['plan_count']) }}

),

first_graded as (

    select
        party_id,
        min(effective_from) as first_day
    from graded
    group by party_id

),

marked as (

    {% for relation in ['owed', 'graded', 'planned'] -%}
    select
        party_id,
        effective_from as day,
        '{{ relation }}' as part
    from {{ relation }}
    union all
    {% endfor -%}
    select
        first_graded.party_id,
        floors.valid_from as day,
        'floor' as part
    from first_graded
    inner join {{ ref('int_floor__monthly') }} as floors
        on first_graded.first_day < floors.valid_from
    where floors.valid_from <= {{ as_of() }}

),

grid as (

    select
        party_id,
        day,
        {% for relation in ['owed', 'graded', 'planned'] -%}
        max(case when part = '{{ relation }}' then day end) as {{ relation }}_day
        {{- ',' if not loop.last }}
        {% endfor %}
    from marked
    group by party_id, day

),

carried as (

    select
        party_id,
        day as effective_from,
        coalesce(lead(day) over (partition by party_id order by day), {{ end_of_days() }})
            as effective_to,
        {% for relation in ['owed', 'graded', 'planned'] -%}
        max({{ relation }}_day) over along as {{ relation }}_day{{ ',' if not loop.last }}
        {% endfor %}
    from grid
    window along as (
        partition by party_id
        order by day
        rows between unbounded preceding and current row
    )

),

measured as (

    select
        carried.party_id || '|' || cast(graded.stretch_no as {{ dbt.type_string() }})
            as stretch_key,
        carried.effective_from,
        carried.effective_to,
        graded.hold_floor = 'always' as is_always,
        coalesce(planned.plan_count, 0) > 0 as is_on_plan,
        coalesce(case graded.hold_days
            {% for column, days in ages.items() -%}
            when {{ days }} then owed.{{ column }}
            {% endfor -%}
        end, 0) as net_overdue,
        case graded.hold_floor
            when 'minor' then floors.floor_minor
            when 'normal' then floors.floor_normal
            when 'major' then floors.floor_major
        end as floor
    from carried
    inner join graded
        on carried.party_id = graded.party_id and carried.graded_day = graded.effective_from
    left join owed
        on carried.party_id = owed.party_id and carried.owed_day = owed.effective_from
    left join planned
        on carried.party_id = planned.party_id and carried.planned_day = planned.effective_from
    left join {{ ref('int_floor__monthly') }} as floors
        on
            carried.effective_from >= floors.valid_from
            and carried.effective_from < floors.valid_to

),

state as (

    select
        'stretch' as subject,
        stretch_key as subject_key,
        'hold' as rule_id,
        effective_from,
        effective_to,
        is_always or (
            not is_on_plan and net_overdue > 0 and coalesce(net_overdue >= floor, false)
        ) as is_open,
        not is_always and (is_on_plan or net_overdue = 0 or coalesce(net_overdue * 2 < floor, true))
            as is_closing,
        1 as level,
        1 as enter_days,
        1 as close_days,
        1 as fall_days,
        0 as reopen_days
    from measured

),

step as (

    {{ warning_steps('state') | indent(4) }}

),

spelled as (

    select
        subject_key as stretch_key,
        day as effective_from,
        lead(day) over (partition by subject_key order by day, level desc) as released_on,
        level
    from step

),

held as (

    select
        stretch.party_id,
        spelled.effective_from,
        least(coalesce(spelled.released_on, stretch.ended_on), stretch.ended_on) as effective_to
    from spelled
    inner join stretch
        on spelled.stretch_key = stretch.stretch_key
    where spelled.level > 0

),

-- held by one grade and by the next is one hold
final as (

    {{ joined_spells('held', ['party_id']) }}

)

select * from final
