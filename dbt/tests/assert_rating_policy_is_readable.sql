{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- The tables that grades are made by say what the models know: a component without bands would
-- weigh nothing, a band that asks for more than its component weighs would lift the score above 100,
-- a cap that nobody measures would cap nobody, and a rung that is missing would be no grade.
with

component as (

    select * from {{ ref('int_rating__component') }}

),

band as (

    select * from {{ ref('int_rating__band') }}

),

grade as (

    select * from {{ ref('int_rating__grade') }}

),

weight as (

    select
        sum(weight) as weight,
        count(*) as component_count,
        count(distinct component) as distinct_count
    from component

),

ladder as (

    select
        count(rung_no) as rung_count,
        count(distinct rung_no) as distinct_count,
        min(rung_no) as first_rung,
        max(rung_no) as last_rung,
        count(case when rung_no is null then 1 end) as unrated_count,
        count(distinct order_no) as order_count,
        count(*) as grade_count,
        min(case when rung_no is not null then coalesce(least_score, -1) end) as least_score
    from grade

),

finding as (

    select
        'policy_scorecard_component' as table_name,
        'weights' as row_name,
        'weights sum to 100 over seven components, each once' as rule
    from weight
    where weight <> 100 or component_count <> 7 or distinct_count <> 7
    union all
    select
        'policy_scorecard_component' as table_name,
        component as row_name,
        'the component is measured' as rule
    from component
    where component not in (
        'payment_history', 'current_overdue', 'trend', 'utilisation', 'accounts', 'outside',
        'relationship'
    )
    union all
    select
        'policy_score_band' as table_name,
        band.component as row_name,
        'points are between 0 and the weight of the component' as rule
    from band
    left join component
        on band.component = component.component
    where component.component is null or band.points < 0 or band.points > component.weight
    union all
    -- outside information is in words: each of them is a band
    select
        'policy_score_band' as table_name,
        component.component as row_name,
        'the last band asks for nothing' as rule
    from component
    left join band
        on
            component.component = band.component
            and coalesce(band.state, '') = ''
            and coalesce(band.at_least, band.at_most, band.below, band.count_at_least) is null
    where component.component <> 'outside' and band.component is null
    union all
    select
        'policy_grade' as table_name,
        'ladder' as row_name,
        'rungs are numbered from 1 without a gap, one grade is the unrated one, orders differ, and'
        || ' the lowest rung asks for no score' as rule
    from ladder
    where
        rung_count <> distinct_count
        or first_rung <> 1
        or last_rung <> rung_count
        or unrated_count <> 1
        or order_count <> grade_count
        or least_score > 0
    union all
    select
        'policy_grade' as table_name,
        better.grade as row_name,
        'a better rung comes first in order and asks for a higher score' as rule
    from grade as better
    inner join grade as worse
        on better.rung_no = worse.rung_no - 1
    where better.order_no >= worse.order_no or better.least_score <= worse.least_score
    union all
    select
        'policy_grade' as table_name,
        grade as row_name,
        'hold_floor is minor, normal, major or always, hold_days one of those measured' as rule
    from grade
    where
        hold_floor not in ('minor', 'normal', 'major', 'always')
        or (
            hold_floor <> 'always'
            and coalesce(hold_days, -1) not in (
                {{ net_overdue_ages().values() | join(', ') }}
            )
        )
        or coalesce(limit_floor, 'minor') not in ('minor', 'normal', 'major')
        or longest_terms_days < 0
        or limit_factor < 0
    union all
    select
        'policy_grade_cap' as table_name,
        cap.condition as row_name,
        'the condition is measured, and it leaves a grade or costs steps' as rule
    from {{ ref('int_rating__cap') }} as cap
    left join grade
        on cap.at_best = grade.grade and grade.rung_no is not null
    where
        cap.condition not in (
            'default', 'insolvency', 'dishonest_debtor', 'long_overdue', 'dishonoured_bill',
            'group_default', 'new_customer', 'no_accounts', 'broken_promises'
        )
        or (grade.grade is null and coalesce(cap.steps_lower, 0) < 1)
        or (
            cap.condition in ('long_overdue', 'dishonoured_bill', 'broken_promises')
            and coalesce(cap.threshold, -1) < 0
        )
    union all
    -- one that lacks something counts for nothing, and somebody believes it does
    select
        'policy_manual_grade' as table_name,
        company_code || ' ' || customer_id as row_name,
        'manual grade: ' || fault as rule
    from {{ ref('int_rating__manual') }}
    where fault is not null

)

select * from finding
