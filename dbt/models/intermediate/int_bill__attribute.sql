{{ config(materialized='table') }}

{#- What is known of a part of a bill beside its amount, on both clocks (accounting A3). By
    contract a bill is due at maturity; its original due date and the date from which it ages are
    those of the receivable it replaced. A bill that replaced none has its own: maturity, and the
    day it was received. What came back unpaid is due as the receivable was. Without a maturity the
    day of receipt counts, flagged. -#}
with

item as (

    select * from {{ ref('int_bill__item') }}

),

dated as (

    select
        item.item_key,
        item.voucher_key,
        item.customer_id,
        item.item_kind,
        item.receivable_class,
        item.currency,
        item.document_date,
        item.accounting_date,
        item.control_account,
        coalesce(item.maturity_date, item.document_date) as due_date,
        coalesce(replaced.original_due_date, item.maturity_date, item.document_date)
            as original_due_date,
        coalesce(replaced.document_date, item.document_date) as age_anchor_date,
        item.maturity_date is null as is_due_date_missing,
        replaced.effective_from,
        replaced.effective_to,
        greatest(item.known_from, replaced.known_from) as known_from,
        least(item.known_to, replaced.known_to) as known_to
    from item
    inner join {{ ref('int_bill__replaced') }} as replaced
        on
            item.voucher_key = replaced.voucher_key
            and item.known_from < replaced.known_to
            and item.known_to > replaced.known_from

),

merged as (

    {{ merge_neighbours('dated', [
        'item_key', 'voucher_key', 'customer_id', 'item_kind', 'receivable_class', 'currency',
        'document_date', 'accounting_date', 'control_account', 'due_date', 'original_due_date',
        'age_anchor_date', 'is_due_date_missing', 'effective_from', 'effective_to'
    ]) }}

),

final as (

    select
        item_key,
        voucher_key,
        customer_id,
        item_kind,
        receivable_class,
        currency,
        document_date,
        accounting_date as posting_date,
        case when receivable_class = 'trade' then original_due_date else due_date end as due_date,
        original_due_date,
        cast(null as date) as agreed_due_date,
        age_anchor_date,
        false as is_age_unknown,
        control_account,
        is_due_date_missing as is_due_date_derived,
        is_due_date_missing,
        effective_from,
        effective_to,
        known_from,
        known_to
    from merged

)

select * from final
