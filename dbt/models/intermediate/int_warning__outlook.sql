{{ config(materialized='table') }}

{#- What the score of a party and its warnings let expect (DECISIONS 48), at each evaluation and
    until the next: the score, lower by a part of what it fell since 3 to 12 months before and by
    points for each open warning that the policy names (policy_outlook_sign). -#}
with

sign as (

    select
        rule_id,
        cast({{ policy_text('points') }} as decimal(18, 6)) as points
    from (
        select
            rule_id,
            points,
            {{ policy_approval() }}
        from {{ policy_table('policy_outlook_sign') }}
    ) as policy_row
    where {{ is_in_force() }}

),

stood as (

    select
        stepped.subject_key as party_id,
        stepped.rule_id,
        stepped.level,
        stepped.day as effective_from,
        coalesce(
            lead(stepped.day) over (
                partition by stepped.subject_key, stepped.rule_id order by stepped.day
            ),
            {{ end_of_days() }}
        ) as effective_to
    from {{ ref('int_warning__stepped_first') }} as stepped
    where stepped.subject = 'party'

),

signed as (

    select
        stood.party_id,
        stood.effective_from,
        stood.effective_to,
        sign.points
    from stood
    inner join sign
        on stood.rule_id = sign.rule_id
    where stood.level > 0

),

sign_sum as (

    select
        party_id,
        month_no,
        sum(points) as points
    from (
        {{ at_evaluations('signed', ['party_id', 'points']) }}
    ) as evaluated_sign
    group by party_id, month_no

),

scored as (

    select
        party_id,
        month_no,
        score,
        sum(score) over past as score_sum_before,
        count(score) over past as score_count_before
    from {{ ref('int_rating__judged') }}
    window past as (
        partition by party_id
        order by month_no
        range between 12 preceding and 3 preceding
    )

),

measured as (

    select
        scored.party_id,
        scored.month_no,
        scored.score,
        {{ ratio_of('scored.score_sum_before', 'scored.score_count_before') }} as score_before,
        coalesce(sign_sum.points, 0) as sign_points
    from scored
    left join sign_sum
        on scored.party_id = sign_sum.party_id and scored.month_no = sign_sum.month_no
    where scored.score is not null

),

final as (

    select
        measured.party_id,
        evaluated.day as effective_from,
        coalesce(month.next_period_end, {{ end_of_days() }}) as effective_to,
        measured.score as outlook_score,
        measured.score_before as outlook_score_before,
        measured.sign_points as outlook_sign_points,
        -- a score that rises is not taken further
        measured.score
        - {{ policy_value('outlook_fall_factor') }}
        * greatest(coalesce(measured.score_before - measured.score, 0), 0)
        - measured.sign_points as outlook,
        evaluated.exposure as outlook_exposure
    from measured
    inner join {{ ref('int_rating__evaluated') }} as evaluated
        on measured.party_id = evaluated.party_id and measured.month_no = evaluated.month_no
    inner join {{ ref('int_kpi__month') }} as month
        on measured.month_no = month.month_no

)

select * from final
