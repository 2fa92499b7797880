{{ config(materialized='table') }}

{#- Receipts of each account (customer and currency) for which something was promised without naming a
    document, as one line of money in the order of their days: `line_to` is where on it a day ends. What
    pays a document that another promise names, in its window, counts there and is left out. -#}
{%- set account = ['company_code', 'customer_id', 'currency'] -%}
with

account as (

    select distinct {{ account | join(', ') }}
    from {{ ref('int_promise__agreed') }}
    where document_id is null and is_in_force

),

-- net of what bounced, on the day it was received
receipt as (

    select
        item.company_code,
        item.customer_id,
        item.currency,
        item.open_item_id,
        item.document_date as received_on,
        -sum(movement.amount_document) as amount_document
    from {{ ref('fct_open_item') }} as item
    inner join account
        on {{ equal_key('item', 'account', account) }}
    inner join {{ ref('fct_receivable_movement') }} as movement
        on item.open_item_id = movement.open_item_id
    where
        item.is_current
        and item.item_kind = 'receipt'
        and movement.known_to = {{ end_of_time() }}
        and movement.effective_date <= {{ as_of() }}
        and movement.allocation_id is null
    group by
        item.company_code, item.customer_id, item.currency, item.open_item_id, item.document_date

),

named as (

    select
        payment.receipt_item_id,
        payment.document_id,
        payment.instalment_no,
        payment.paid_on,
        max(payment.amount_document) as amount_document
    from {{ ref('int_promise__payment') }} as payment
    inner join {{ ref('int_promise__agreed') }} as promise
        on
            payment.company_code = promise.company_code
            and payment.document_id = promise.document_id
            and (promise.instalment_no is null or promise.instalment_no = payment.instalment_no)
            and payment.paid_on >= promise.counts_from
            and payment.paid_on <= promise.grace_until
    where promise.is_in_force and not promise.is_extension
    group by
        payment.receipt_item_id, payment.document_id, payment.instalment_no, payment.paid_on

),

taken as (

    select
        receipt_item_id,
        sum(amount_document) as amount_document
    from named
    group by receipt_item_id

),

free as (

    select
        {{ qualified('receipt', account) }},
        receipt.received_on,
        sum(greatest(receipt.amount_document - coalesce(taken.amount_document, 0), 0))
            as amount_document
    from receipt
    left join taken
        on receipt.open_item_id = taken.receipt_item_id
    group by {{ qualified('receipt', account) }}, receipt.received_on

),

final as (

    select
        *,
        sum(amount_document) over (
            partition by {{ account | join(', ') }}
            order by received_on
            rows between unbounded preceding and current row
        ) as line_to
    from free

)

select * from final
