{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Points and weights of a rating are those of its components; grades rise by one rung, at a month
-- end and without a manual grade by nothing else; nobody is better than its caps but by a manual
-- grade.
with

component as (

    select
        party_id,
        as_of_day,
        sum(points) as points,
        sum(case when points is not null then weight else 0 end) as weight_present
    from {{ ref('mart_credit_rating_component') }}
    group by party_id, as_of_day

),

grade as (

    select * from {{ ref('int_rating__grade') }}

),

rating as (

    select distinct
        party_id,
        as_of_day,
        points,
        weight_present,
        is_month_end,
        grade,
        previous_grade,
        cap_grade,
        decided_by,
        change
    from {{ ref('mart_credit_rating') }}

)

select
    rating.party_id,
    rating.as_of_day,
    rating.points,
    component.points as points_of_components,
    rating.grade,
    rating.previous_grade,
    rating.cap_grade
from rating
left join component
    on rating.party_id = component.party_id and rating.as_of_day = component.as_of_day
left join grade as own
    on rating.grade = own.grade
left join grade as before
    on rating.previous_grade = before.grade
left join grade as cap
    on rating.cap_grade = cap.grade
where
    coalesce(rating.points, -1) <> coalesce(component.points, -1)
    or rating.weight_present <> component.weight_present
    or (
        rating.change = 'up'
        and rating.decided_by <> 'manual'
        and (own.rung_no <> before.rung_no - 1 or not rating.is_month_end)
    )
    or (rating.decided_by <> 'manual' and own.order_no < cap.order_no and own.rung_no is not null)
