{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- On the as-of date days late of all customers of a company are those of its metrics, amount and days.
with

behaviour as (

    select
        company_code,
        sum(days_late_weighted_sum) as numerator,
        sum(paid_amount_reporting) as denominator
    from {{ ref('mart_payment_behaviour') }}
    where as_of_day = {{ as_of() }} and window_name = '12_months'
    group by company_code

),

metric as (

    select
        dimension_value as company_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('mart_receivable_kpi') }}
    where
        dimension = 'company'
        and metric = 'days_late'
        and variant in ('weighted', 'weighted_by_clearing_date')
        and window_months = 12
        and period_end = {{ as_of() }}
    group by dimension_value

)

select
    coalesce(behaviour.company_code, metric.company_code) as company_code,
    behaviour.numerator as days_of_behaviour,
    metric.numerator as days_of_metric,
    behaviour.denominator as amount_of_behaviour,
    metric.denominator as amount_of_metric
from behaviour
full outer join metric
    on behaviour.company_code = metric.company_code
where
    coalesce(behaviour.numerator, 0) <> coalesce(metric.numerator, 0)
    or coalesce(behaviour.denominator, 0) <> coalesce(metric.denominator, 0)
