{{ config(materialized='table') }}

{#- Money of each receipt, applied or not, with the days on which it was believed; what undid it,
    a bounce or a reversal, is negative from its day on. -#}
with

receipt as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.currency,
        item.document_date
    from {{ ref('fct_open_item') }} as item
    where item.item_kind = 'receipt'

),

movement as (

    select
        receipt.company_code,
        receipt.customer_id,
        receipt.currency,
        receipt.document_date as dated_on,
        movement.effective_date,
        {{ end_of_days() }} as always_to,
        -movement.amount_document as amount_document,
        movement.known_from,
        movement.known_to
    from {{ ref('fct_receivable_movement') }} as movement
    inner join receipt
        on movement.open_item_id = receipt.open_item_id
    where
        movement.allocation_id is null
        and movement.receivable_class = 'trade'
        and movement.amount_document <> 0
        and movement.effective_date <= {{ as_of() }}
        and receipt.document_date <= {{ as_of() }}

),

final as (

    {{ believed('then', 'movement', [
        'company_code', 'customer_id', 'currency', 'dated_on', 'amount_document'
    ], 'effective_date', 'always_to') }}

)

select * from final
