{{ config(materialized='table') }}

{#- How many of the last five receipts of each party were round part-payments: whole multiples of
    10,000 in their currency, that closed no items to the cent, and less than 60 % of what was
    overdue the day before; and how many of the last ones in a row settled items in full. Bills are
    no such receipts. As believed now; overdue as known then. -#}
with

receipt as (

    select
        item.open_item_id,
        customer.party_id,
        item.company_code,
        item.currency,
        item.document_date as day,
        -item.original_amount_document as amount
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('int_kpi__item') }} as described
        on item.open_item_id = described.open_item_id
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    where
        item.is_current
        and item.voided_on is null
        and item.item_kind = 'receipt'
        and item.original_amount_document < 0
        and item.document_date <= {{ as_of() }}
        and not described.is_bill_receipt
        and not customer.is_intragroup

),

leg as (

    select
        receipt_item_id,
        open_item_id,
        max(applied_on) as applied_on,
        sum(amount_document) as amount
    from {{ ref('int_kpi__leg') }}
    where means = 'paid'
    group by receipt_item_id, open_item_id
    having sum(amount_document) > 0

),

-- an item that this receipt was the last to be applied to, and that is closed, was settled by it
last_leg as (

    select
        leg.receipt_item_id,
        leg.open_item_id,
        leg.amount,
        item.open_item_id is null
        and leg.applied_on = max(leg.applied_on) over (partition by leg.open_item_id) as is_closing
    from leg
    left join {{ ref('int_open_item__current') }} as item
        on leg.open_item_id = item.open_item_id and item.open_amount_document <> 0

),

settled as (

    select
        receipt_item_id,
        sum(amount) as applied_amount,
        min(case when is_closing then 1 else 0 end) = 1 as is_every_item_closed
    from last_leg
    group by receipt_item_id

),

judged as (

    select
        receipt.*,
        coalesce(settled.is_every_item_closed and settled.applied_amount = receipt.amount, false)
            as is_full,
        receipt.amount % 10000 = 0 as is_round
    from receipt
    left join settled
        on receipt.open_item_id = settled.receipt_item_id

),

-- only round ones are set against what was overdue
covering as (

    select
        judged.open_item_id,
        {{ ratio_of(
            money_times_rate('judged.amount', 'rate.rate_to_reporting'), 'owed.net_overdue_0'
        ) }} as cover
    from judged
    inner join {{ ref('int_warning__owed') }} as owed
        on
            judged.party_id = owed.party_id
            and {{ add_days('judged.day', -1) }} >= owed.effective_from
            and {{ add_days('judged.day', -1) }} < owed.effective_to
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            judged.company_code = rate.company_code
            and judged.currency = rate.currency
            and judged.day = rate.day
    where judged.is_round and not judged.is_full

),

marked as (

    select
        judged.party_id,
        judged.day,
        judged.open_item_id,
        case when covering.cover < 0.6 then 1 else 0 end as is_part_payment,
        case when covering.cover < 0.6 then covering.cover end as cover,
        case when judged.is_full then 0 else 1 end as is_not_full
    from judged
    left join covering
        on judged.open_item_id = covering.open_item_id

),

counted as (

    select
        party_id,
        day,
        row_number() over (partition by party_id order by day, open_item_id) as receipt_no,
        sum(is_part_payment) over last_five as part_payment_count,
        avg(cover) over last_five as cover,
        sum(is_not_full) over last_two as not_full_count
    from marked
    window
        last_five as (
            partition by party_id
            order by day, open_item_id
            rows between 4 preceding and current row
        ),
        last_two as (
            partition by party_id
            order by day, open_item_id
            rows between 1 preceding and current row
        )

),

-- as of the evening
of_day as (

    select *
    from counted
    qualify row_number() over (partition by party_id, day order by receipt_no desc) = 1

),

final as (

    select
        party_id,
        day as effective_from,
        coalesce(lead(day) over (partition by party_id order by day), {{ end_of_days() }})
            as effective_to,
        part_payment_count as round_part_payment_count,
        cast(cover as decimal(18, 6)) as round_part_payment_cover,
        case when receipt_no >= 2 then 2 - not_full_count else 0 end as full_payment_count
    from of_day

)

select * from final
