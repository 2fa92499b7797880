{{ config(materialized='table') }}

{#- What each payment settled of each item, with the days of it: one row per item and what paid it,
    with what is left after undoing. Amounts in the reporting currency at the closing rate of the
    day of payment. A bill is a payment on the day it came and cash on `cash_on`: the day it was
    honoured, else its maturity (accounting C6).

    `unapplied_amount_days` are the days for which the money was in and not yet applied, times the
    amount: legs count with their sign, so that what was undone and applied again counts for the
    days on which it lay there. -#}
with

leg as (

    select
        *,
        case when means = 'settlement' then 'clearing_date' else 'payment_date' end as basis
    from {{ ref('int_kpi__leg') }}
    where means in ('paid', 'settlement')

),

bill_receipt as (

    select
        item.open_item_id,
        item.company_code,
        receipt.receipt_id,
        receipt.maturity_date
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('stg_landing__receipt') }} as receipt
        on
            item.company_code = receipt.company_code
            and item.document_id = receipt.receipt_id
            and item.item_kind = 'receipt'
    where
        not receipt.is_deleted
        and receipt.known_to = {{ end_of_time() }}
        and {{ is_bill_receipt('receipt') }}

),

honoured as (

    select
        bill.company_code,
        bill.document_id,
        max(movement.effective_date) as honoured_on
    from {{ ref('fct_receivable_movement') }} as movement
    inner join {{ ref('fct_open_item') }} as bill
        on movement.open_item_id = bill.open_item_id
    where
        movement.movement_kind = 'bill_honoured'
        and movement.known_to = {{ end_of_time() }}
        and movement.effective_date <= {{ as_of() }}
    group by bill.company_code, bill.document_id

),

bill as (

    select
        bill_receipt.open_item_id,
        coalesce(honoured.honoured_on, bill_receipt.maturity_date) as cash_on
    from bill_receipt
    left join honoured
        on
            bill_receipt.company_code = honoured.company_code
            and bill_receipt.receipt_id = honoured.document_id

),

dated as (

    select
        leg.*,
        greatest(leg.paid_on, coalesce(bill.cash_on, leg.paid_on)) as cash_on
    from leg
    left join bill
        on leg.receipt_item_id = bill.open_item_id

),

paid as (

    select
        open_item_id,
        receipt_item_id,
        basis,
        paid_on,
        cash_on,
        due_date,
        sum(amount_document) as amount_document,
        sum(
            amount_document * greatest({{ days_between('cash_on', 'applied_on') }}, 0)
        ) as unapplied_amount_days
    from dated
    group by open_item_id, receipt_item_id, basis, paid_on, cash_on, due_date
    having sum(amount_document) > 0

),

described as (

    select
        paid.*,
        item.customer_id,
        {{ qualified('item', kpi_attributes()) }},
        item.delivery_date,
        item.document_date,
        item.is_immediate,
        {{ money_times_rate('paid.amount_document', 'rate.rate_to_reporting') }} as amount
    from paid
    inner join {{ ref('int_kpi__item') }} as item
        on paid.open_item_id = item.open_item_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            item.company_code = rate.company_code
            and item.currency = rate.currency
            and paid.paid_on = rate.day
    where paid.paid_on <= {{ as_of() }}

),

final as (

    select
        open_item_id,
        basis,
        customer_id,
        {{ kpi_attributes() | join(', ') }},
        coalesce(delivery_date, document_date) as delivered_on,
        delivery_date is null as is_delivery_unknown,
        document_date,
        due_date,
        paid_on,
        cash_on,
        amount,
        {{ money_share('amount', 'unapplied_amount_days', 'amount_document') }}
            as unapplied_amount_days,
        case
            when paid_on < document_date then 'before_document'
            when is_immediate then 'cash_terms'
        end as excluded_reason
    from described

)

select * from final
