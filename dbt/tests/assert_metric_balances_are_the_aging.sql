{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What metrics divide on the as-of date is the aging of that date, gross and net, per company and
-- currency: two routes through the data, one answer.
with

metric as (

    select
        company_code,
        currency,
        sum(debit_document) as debit,
        sum(credit_document) as credit,
        sum(statement_document) as statement,
        sum(overdue_document) as overdue,
        sum(overdue_net_document) as overdue_net
    from {{ ref('int_kpi__balance') }}
    where period_end = {{ as_of() }}
    group by company_code, currency

),

aging as (

    select
        company_code,
        currency,
        sum(gross_amount_document) as debit,
        sum(unapplied_amount_document) as credit,
        sum(case when bucket <> 'unapplied' then net_amount_document else 0 end) as statement,
        sum(case when bucket not in ('unapplied', 'not_due') then gross_amount_document else 0 end)
            as overdue,
        sum(case when bucket not in ('unapplied', 'not_due') then net_amount_document else 0 end)
            as overdue_net
    from {{ ref('mart_aging_customer') }}
    where receivable_class = 'trade' and scheme = 'standard'
    group by company_code, currency

)

select
    coalesce(metric.company_code, aging.company_code) as company_code,
    coalesce(metric.currency, aging.currency) as currency,
    {% for column in ['debit', 'credit', 'statement', 'overdue', 'overdue_net'] -%}
    metric.{{ column }} as {{ column }}_of_metric,
    aging.{{ column }} as {{ column }}_of_aging{{ ',' if not loop.last }}
    {% endfor %}
from metric
full outer join aging
    on metric.company_code = aging.company_code and metric.currency = aging.currency
where
    {% for column in ['debit', 'credit', 'statement', 'overdue', 'overdue_net'] -%}
    coalesce(metric.{{ column }}, 0) <> coalesce(aging.{{ column }}, 0)
    {{ 'or' if not loop.last }}
    {% endfor %}
