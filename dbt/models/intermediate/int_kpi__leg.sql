{{ config(materialized='table') }}

{#- What settled debit items of class trade, as believed now, with both dates of it: the day it was
    applied and the day it was paid. Cash counts on the receipt's own date, a bill on the day it was
    received (accounting C5, C6); where a source only tells when something was cleared, that day
    stands in (`settlement`). What was undone is a leg with the other sign. `due_date` is the policy
    due date in force on the day of payment. -#}
with

told as (

    select *
    from {{ ref('int_payment__leg') }}
    where known_to = {{ end_of_time() }}

),

final as (

    select
        told.open_item_id,
        told.receipt_item_id,
        told.means,
        told.applied_on,
        coalesce(receipt.document_date, told.applied_on) as paid_on,
        coalesce(due.due_date, item.due_date) as due_date,
        cast(told.amount_document as decimal(18, 2)) as amount_document
    from told
    inner join {{ ref('int_kpi__item') }} as item
        on told.open_item_id = item.open_item_id
    left join {{ ref('int_kpi__item') }} as receipt
        -- a refund is no payment, nor is what undoes an offset against it
        on told.receipt_item_id = receipt.open_item_id and receipt.item_kind = 'receipt'
    left join {{ ref('int_kpi__due') }} as due
        on
            told.open_item_id = due.open_item_id
            and coalesce(receipt.document_date, told.applied_on) >= due.effective_from
            and coalesce(receipt.document_date, told.applied_on) < due.effective_to
    where
        item.is_debit
        and (told.means <> 'paid' or receipt.open_item_id is not null)

)

select * from final
