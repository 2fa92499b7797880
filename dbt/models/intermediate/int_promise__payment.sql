{{ config(materialized='table') }}

{#- Payments on documents that a promise names, per instalment and receipt, on the receipt's own date
    and with what is left after undoing; where a source only tells what was cleared, its clearing. -#}
with

promised_document as (

    select distinct
        company_code,
        document_id
    from {{ ref('int_promise__agreed') }}
    where document_id is not null

),

final as (

    select
        item.company_code,
        item.document_id,
        item.instalment_no,
        item.currency,
        leg.receipt_item_id,
        leg.paid_on,
        cast(sum(leg.amount_document) as decimal(18, 2)) as amount_document
    from {{ ref('int_kpi__leg') }} as leg
    inner join {{ ref('fct_open_item') }} as item
        on leg.open_item_id = item.open_item_id
    inner join promised_document
        on
            item.company_code = promised_document.company_code
            and item.document_id = promised_document.document_id
    where leg.means in ('paid', 'settlement')
    group by
        item.company_code, item.document_id, item.instalment_no, item.currency,
        leg.receipt_item_id, leg.paid_on
    having sum(leg.amount_document) > 0

)

select * from final
