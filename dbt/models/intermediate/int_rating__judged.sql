{{ config(materialized='table') }}

{#- The grade that each party deserves at each evaluation: its score, scaled to 100 over the
    components with data, the grade of that, and what caps leave of it, the worst winning. Under the
    least weight of the policy it is unrated, and a cap counts that is worse than being unrated.
    `reach_rung`: the best rung whose cut-off the score is above by enough at this month end and the
    one before (policy section 4). -#}
with

score as (

    select
        party_id,
        month_no,
        sum(case when points is not null then weight else 0 end) as weight_present,
        sum(points) as points,
        count(points) as component_count,
        -- where most was lost since the evaluation before, else where most is missing
        max_by(
            component,
            coalesce(greatest(points_before - points, 0), 0) * 1000 + weight - points
            -- of two alike the first of the scorecard
            - component_no * 0.001
        ) as main_component
    from {{ ref('int_rating__scored') }}
    group by party_id, month_no

),

scaled as (

    select
        score.*,
        evaluated.day,
        evaluated.is_month_end,
        evaluated.exposure,
        evaluated.is_active,
        score.weight_present >= {{ policy_value('rating_least_weight') }} as is_rated,
        cast({{ ratio_of('score.points * 100', 'score.weight_present') }} as decimal(9, 4)) as score
    from score
    inner join {{ ref('int_rating__evaluated') }} as evaluated
        on score.party_id = evaluated.party_id and score.month_no = evaluated.month_no

),

with_past as (

    select
        *,
        case
            when is_rated and is_month_end and lag(is_rated and is_month_end) over along
                and lag(month_no) over along = month_no - 1
                then least(score, lag(score) over along)
        end as sustained_score
    from scaled
    window along as (partition by party_id order by month_no)

),

grade as (

    select *
    from {{ ref('int_rating__grade') }}
    where rung_no is not null

),

placed as (

    select
        with_past.party_id,
        with_past.month_no,
        min(case when with_past.is_rated and with_past.score >= grade.least_score
            then grade.rung_no end) as score_rung,
        min(case when with_past.sustained_score
            >= grade.least_score + {{ policy_value('rating_upgrade_points') }}
            then grade.rung_no end) as reach_rung
    from with_past
    cross join grade
    group by with_past.party_id, with_past.month_no

),

capped as (

    select
        party_id,
        month_no,
        max(best_order_no) as worst_order_no,
        max(steps_lower) as steps_lower
    from {{ ref('int_rating__capped') }}
    group by party_id, month_no

),

lowest as (

    select
        max(rung_no) as rung_no,
        max(case when rung_no is null then order_no end) as unrated_order_no,
        max(case when rung_no is null then grade end) as unrated_grade
    from {{ ref('int_rating__grade') }}

),

lowered as (

    select
        with_past.*,
        placed.score_rung,
        placed.reach_rung,
        case when placed.score_rung is not null then
            least(placed.score_rung + coalesce(capped.steps_lower, 0), lowest.rung_no)
        end as lowered_rung,
        capped.worst_order_no,
        lowest.unrated_order_no,
        lowest.unrated_grade
    from with_past
    inner join placed
        on with_past.party_id = placed.party_id and with_past.month_no = placed.month_no
    left join capped
        on with_past.party_id = capped.party_id and with_past.month_no = capped.month_no
    cross join lowest

),

decided as (

    select
        manual.party_id,
        month.month_no,
        manual.rung_no,
        manual.grade,
        manual.reason,
        manual.author,
        manual.approved_by,
        manual.approved_on,
        manual.valid_from,
        manual.valid_to
    from {{ ref('int_rating__manual') }} as manual
    inner join {{ ref('int_kpi__month') }} as month
        on manual.valid_from <= month.period_end and manual.valid_to >= month.period_end
    where manual.fault is null
    qualify row_number() over (
        partition by manual.party_id, month.month_no
        order by manual.valid_from desc, manual.approved_on desc, manual.rung_no desc
    ) = 1

),

final as (

    select
        lowered.party_id,
        lowered.month_no,
        lowered.day,
        lowered.is_month_end,
        lowered.is_active,
        lowered.exposure,
        lowered.points,
        lowered.weight_present,
        lowered.component_count,
        lowered.is_rated,
        lowered.score,
        lowered.sustained_score,
        coalesce(score_grade.grade, lowered.unrated_grade) as score_grade,
        lowered.score_rung,
        lowered.reach_rung,
        -- what caps leave; unrated where they leave nothing worse
        case
            when lowered.lowered_rung is not null
                then greatest(lowered.lowered_rung, coalesce(cap_grade.rung_no, 1))
            when lowered.worst_order_no > lowered.unrated_order_no then cap_grade.rung_no
        end as own_rung,
        cap_grade.grade as cap_grade,
        lowered.main_component,
        decided.rung_no as decided_rung,
        decided.reason as manual_reason,
        decided.author as manual_author,
        decided.approved_by as manual_approved_by,
        decided.approved_on as manual_approved_on,
        decided.valid_to as manual_valid_to,
        lowered.unrated_order_no,
        lowered.unrated_grade
    from lowered
    left join grade as score_grade
        on lowered.score_rung = score_grade.rung_no
    left join grade as cap_grade
        on lowered.worst_order_no = cap_grade.order_no
    left join decided
        on lowered.party_id = decided.party_id and lowered.month_no = decided.month_no

)

select * from final
