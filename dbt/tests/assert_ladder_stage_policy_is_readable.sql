{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- A stage of policy_ladder_stage in force means one step of the ladder, 1 to 8: of two steps nobody could say which
-- was taken, and a ninth has no day.
with

named as (

    select
        {{ plain_stage('stage') }} as stage,
        cast({{ policy_text('step_no') }} as int) as step_no,
        {{ policy_approval() }}
    from {{ policy_table('policy_ladder_stage') }}

)

select
    stage,
    min(step_no) as first_step,
    max(step_no) as last_step
from named
where {{ is_in_force() }}
group by stage
having
    min(coalesce(step_no, 0)) <> max(coalesce(step_no, 0))
    or min(coalesce(step_no, 0)) < 1
    or max(step_no) > 8
