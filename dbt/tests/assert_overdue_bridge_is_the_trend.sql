{{ config(meta={'gate': 'overdue_bridge'}, severity=gate_severity('overdue_bridge')) }}
-- What the bridge says is overdue is what the trend has in its overdue buckets, on every day: one comes
-- from movements and dates, the other from bucket crossings.
with

bridge as (

    select
        day,
        company_code,
        currency,
        deal_nature,
        is_intragroup,
        closing_document
    from {{ ref('mart_overdue_bridge') }}
    where due_date_basis = 'policy'

),

trend as (

    select
        day,
        company_code,
        currency,
        deal_nature,
        is_intragroup,
        sum(balance_document) as overdue_document
    from {{ ref('mart_overdue_trend') }}
    where scheme = 'standard' and bucket not in ('not_due', 'unapplied')
    group by day, company_code, currency, deal_nature, is_intragroup

)

select
    coalesce(bridge.day, trend.day) as day,
    coalesce(bridge.company_code, trend.company_code) as company_code,
    coalesce(bridge.currency, trend.currency) as currency,
    bridge.closing_document,
    trend.overdue_document
from bridge
full outer join trend
    on
        bridge.day = trend.day
        and bridge.company_code = trend.company_code
        and bridge.currency = trend.currency
        and bridge.deal_nature = trend.deal_nature
        and bridge.is_intragroup = trend.is_intragroup
where coalesce(bridge.closing_document, 0) <> coalesce(trend.overdue_document, 0)
