{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Every period end of every company and currency: the balance that metrics use is the closing
-- balance of the movements.
with

metric as (

    select
        company_code,
        currency,
        period_end,
        sum(debit_document + credit_document) as balance
    from {{ ref('int_kpi__balance') }}
    group by company_code, currency, period_end

),

closing as (

    select
        company_code,
        currency,
        day,
        closing_document,
        coalesce(lead(day) over (partition by company_code, currency order by day),
            {{ end_of_days() }}) as next_day
    from {{ ref('mart_roll_forward') }}
    where receivable_class = 'trade'

),

rolled as (

    select
        closing.company_code,
        closing.currency,
        month.period_end,
        closing.closing_document as balance
    from closing
    inner join {{ ref('int_kpi__month') }} as month
        on month.period_end >= closing.day and month.period_end < closing.next_day

)

select
    coalesce(metric.company_code, rolled.company_code) as company_code,
    coalesce(metric.currency, rolled.currency) as currency,
    coalesce(metric.period_end, rolled.period_end) as period_end,
    metric.balance as balance_of_metric,
    rolled.balance as balance_of_movements
from metric
full outer join rolled
    on
        metric.company_code = rolled.company_code
        and metric.currency = rolled.currency
        and metric.period_end = rolled.period_end
where coalesce(metric.balance, 0) <> coalesce(rolled.balance, 0)
