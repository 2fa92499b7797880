{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What is open and can be claimed is what has a limitation clock, to the cent.
with

clock as (

    select
        company_code, currency,
        sum(open_amount_document) as open_amount_document
    from {{ ref('mart_limitation') }}
    group by company_code, currency

),

aging as (

    select
        company_code, currency,
        sum(open_amount_document) as open_amount_document
    from {{ ref('mart_aging') }}
    where
        open_amount_document > 0
        and (
            item_kind in ('invoice', 'debit_note', 'opening_balance', 'interest')
            or (item_kind = 'bill' and receivable_class = 'trade')
        )
    group by company_code, currency

)

select
    coalesce(clock.company_code, aging.company_code) as company_code,
    coalesce(clock.currency, aging.currency) as currency,
    clock.open_amount_document as with_a_clock,
    aging.open_amount_document as in_aging
from clock
full outer join aging
    on clock.company_code = aging.company_code and clock.currency = aging.currency
where coalesce(clock.open_amount_document, 0) <> coalesce(aging.open_amount_document, 0)
