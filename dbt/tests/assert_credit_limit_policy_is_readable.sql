{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- One row of policy_credit_limit is in force, and it says what the models know: without one there
-- would be no exposure at all, and a word that nobody reads would bind no group.
with

readable as (

    select count(*) as row_count
    from {{ ref('int_credit_limit__policy') }}
    where
        head_limit_binds in ('group', 'head_that_buys')
        and near_limit_rate > 0
        and near_limit_rate <= 1

)

select *
from readable
where row_count <> 1
