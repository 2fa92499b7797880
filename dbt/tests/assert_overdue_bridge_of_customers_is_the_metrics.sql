{{ config(meta={'gate': 'overdue_bridge'}, severity=gate_severity('overdue_bridge')) }}
-- At every period end the customers' bridges end in what metrics divide, per company and currency.
with

bridge as (

    select
        period_end,
        company_code,
        currency,
        sum(closing_document) as overdue
    from {{ ref('mart_overdue_bridge_customer') }}
    where due_date_basis = 'policy'
    group by period_end, company_code, currency

),

metric as (

    select
        period_end,
        company_code,
        currency,
        sum(overdue_document) as overdue
    from {{ ref('int_kpi__balance') }}
    group by period_end, company_code, currency

)

select
    coalesce(bridge.period_end, metric.period_end) as period_end,
    coalesce(bridge.company_code, metric.company_code) as company_code,
    coalesce(bridge.currency, metric.currency) as currency,
    bridge.overdue as overdue_of_bridge,
    metric.overdue as overdue_of_metric
from bridge
full outer join metric
    on
        bridge.period_end = metric.period_end
        and bridge.company_code = metric.company_code
        and bridge.currency = metric.currency
where coalesce(bridge.overdue, 0) <> coalesce(metric.overdue, 0)
