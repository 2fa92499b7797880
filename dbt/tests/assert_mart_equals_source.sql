{{ config(meta={'gate': 'source_total'}, severity=gate_severity('source_total')) }}
-- T32: sum of the mart = sum of the source, per company and currency, by the shortest route:
-- documents less receipts, less what went to a sink, and what is left of the bills among the
-- receipts. An application between two items of one currency moves nothing between totals.
with

voucher as (

    select
        voucher_key, company_code, currency, nature, amount_document, opened_on, voided_on
    from {{ ref('int_voucher__version') }}
    where known_to = {{ end_of_time() }}

),

standing as (

    select *
    from voucher
    where opened_on <= {{ as_of() }} and (voided_on is null or voided_on > {{ as_of() }})

),

-- A later version without the item exists nowhere; an unbilled item that was billed is gone
-- although nothing voided it.
billed as (

    select unbilled.voucher_key
    from {{ ref('int_voucher__version') }} as unbilled
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on
            unbilled.company_code = keyed.company_code
            and unbilled.billed_by_document_id = keyed.voucher_id
            and keyed.voucher_kind = 'D'
    inner join standing
        on keyed.voucher_key = standing.voucher_key
    where unbilled.known_to = {{ end_of_time() }} and unbilled.item_kind = 'unbilled'

),

posted as (

    select company_code, currency, amount_document
    from standing
    where voucher_key not in (select voucher_key from billed)

),

applied as (

    select
        event.company_code,
        settled.currency,
        case when event.is_sink then -1 else -settled.nature end * event.direction * event.amount
            as amount_document
    from {{ ref('int_allocation__event') }} as event
    inner join standing as settled
        on event.to_voucher_key = settled.voucher_key
    left join standing as used
        on event.from_voucher_key = used.voucher_key
    where
        event.event_date <= {{ as_of() }}
        and event.known_to = {{ end_of_time() }}
        and not event.is_named_unknown
        and (event.is_sink or (used.currency <> settled.currency and event.from_amount is not null))
    union all
    select
        event.company_code,
        used.currency,
        settled.nature * event.direction * event.from_amount as amount_document
    from {{ ref('int_allocation__event') }} as event
    inner join standing as settled
        on event.to_voucher_key = settled.voucher_key
    inner join standing as used
        on event.from_voucher_key = used.voucher_key
    where
        event.event_date <= {{ as_of() }}
        and event.known_to = {{ end_of_time() }}
        and not event.is_named_unknown
        and not event.is_sink
        and used.currency <> settled.currency
        and event.from_amount is not null

),

bill as (

    select
        voucher.company_code,
        voucher.currency,
        step.held_amount + step.passed_amount + step.back_amount as amount_document
    from voucher
    inner join {{ ref('int_bill__step') }} as step
        on voucher.voucher_key = step.voucher_key
    where step.known_to = {{ end_of_time() }} and step.effective_date <= {{ as_of() }}
    qualify row_number() over (partition by step.voucher_key order by step.step_no desc) = 1

),

source_total as (

    select
        company_code,
        currency,
        sum(amount_document) as amount_document
    from (
        select company_code, currency, amount_document from posted
        union all
        select company_code, currency, amount_document from applied
        union all
        select company_code, currency, amount_document from bill
    ) as entry
    group by company_code, currency

),

mart_total as (

    select
        company_code,
        currency,
        sum(open_amount_document) as amount_document
    from {{ ref('mart_aging') }}
    group by company_code, currency

)

select
    coalesce(source_total.company_code, mart_total.company_code) as company_code,
    coalesce(source_total.currency, mart_total.currency) as currency,
    source_total.amount_document as source_amount_document,
    mart_total.amount_document as mart_amount_document
from source_total
full outer join mart_total
    on source_total.company_code = mart_total.company_code and source_total.currency
        = mart_total.currency
where coalesce(source_total.amount_document, 0) <> coalesce(mart_total.amount_document, 0)
