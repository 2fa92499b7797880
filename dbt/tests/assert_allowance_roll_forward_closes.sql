{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Every step closes, the next one opens where it closed, and the last one ends in the expected
-- credit loss.
with

step as (

    select
        *,
        lag(closing_functional) over (partition by company_code order by step_no) as closed_before,
        row_number() over (partition by company_code order by step_no desc) = 1 as is_last
    from {{ ref('mart_allowance_roll_forward') }}

),

loss as (

    select
        company_code,
        sum(expected_credit_loss_functional) as loss
    from {{ ref('mart_expected_credit_loss') }}
    where not is_beside
    group by company_code

)

select step.*
from step
left join loss
    on step.company_code = loss.company_code
where
    step.opening_functional + step.charge_functional - step.reversal_functional
    - step.written_off_functional + step.recovered_functional <> step.closing_functional
    or step.opening_reporting + step.charge_reporting - step.reversal_reporting
    - step.written_off_reporting + step.recovered_reporting + step.fx_reporting
    <> step.closing_reporting
    or step.closed_before <> step.opening_functional
    or (step.is_last and step.closing_functional is distinct from loss.loss)
