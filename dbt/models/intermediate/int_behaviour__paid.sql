{{ config(materialized='table') }}

{#- What each payment settled of each item as known on the day: one row per item, what paid it,
    policy due date and run of days on which that stood and was believed. As int_kpi__paid has it on
    present knowledge, and the same on the as-of date. Whose the item is, its document date and
    terms are as known now. -#}
{%- set key = ['open_item_id', 'paid_by', 'basis', 'paid_on', 'due_date'] -%}
with

leg as (

    select
        *,
        {{ end_of_days() }} as always_to
    from {{ ref('int_payment__leg') }}
    where means in ('paid', 'settlement')

),

leg_then as (

    {{ believed(
        'then', 'leg',
        ['open_item_id', 'receipt_item_id', 'means', 'applied_on', 'amount_document'],
        'applied_on', 'always_to'
    ) }}

),

item as (

    select
        *,
        item_kind in ('invoice', 'debit_note', 'interest', 'unbilled')
        or (item_kind = 'opening_balance' and original_amount_document >= 0) as is_debit
    from {{ ref('fct_open_item') }}

),

dated as (

    select
        leg.open_item_id,
        coalesce(leg.receipt_item_id, '') as paid_by,
        case when leg.means = 'settlement' then 'clearing_date' else 'payment_date' end as basis,
        coalesce(receipt.document_date, leg.applied_on) as paid_on,
        item.due_date,
        leg.amount_document,
        leg.day_from,
        leg.day_to
    from leg_then as leg
    inner join item
        on leg.open_item_id = item.open_item_id
    left join item as receipt
        on leg.receipt_item_id = receipt.open_item_id and receipt.item_kind = 'receipt'
    where item.is_debit and (leg.means <> 'paid' or receipt.open_item_id is not null)

),

-- only where the policy due date was ever another one does it matter when it was known
due as (

    select * from {{ ref('int_behaviour__due') }}

),

moved_item as (

    select distinct open_item_id
    from due

),

payment as (

    select dated.*
    from dated
    left join moved_item
        on dated.open_item_id = moved_item.open_item_id
    where moved_item.open_item_id is null
    union all
    select
        dated.open_item_id,
        dated.paid_by,
        dated.basis,
        dated.paid_on,
        due.due_date,
        dated.amount_document,
        greatest(dated.day_from, due.day_from) as day_from,
        least(dated.day_to, due.day_to) as day_to
    from dated
    inner join due
        on
            dated.open_item_id = due.open_item_id
            and dated.paid_on >= due.effective_from
            and dated.paid_on < due.effective_to
            and dated.day_from < due.day_to
            and dated.day_to > due.day_from

),

standing as (

    select *
    from (
        {{ standing_amounts('payment', key) }}
    ) as what_is_left

),

final as (

    select
        customer.customer_no,
        standing.open_item_id,
        standing.basis,
        standing.paid_on,
        {{ days_between('item.document_date', 'standing.paid_on') }} as days_to_pay,
        {{ days_between('standing.due_date', 'standing.paid_on') }} as days_late,
        {{ money_times_rate('standing.amount_document', 'rate.rate_to_reporting') }} as amount,
        standing.paid_on < item.document_date or coalesce(term.is_immediate, false) as is_excluded,
        standing.day_from,
        standing.day_to
    from standing
    inner join item
        on standing.open_item_id = item.open_item_id
    inner join {{ ref('int_behaviour__customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    left join {{ ref('int_kpi__item') }} as term
        on standing.open_item_id = term.open_item_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            item.company_code = rate.company_code
            and item.currency = rate.currency
            and standing.paid_on = rate.day
    where standing.paid_on <= {{ as_of() }}

)

select * from final
