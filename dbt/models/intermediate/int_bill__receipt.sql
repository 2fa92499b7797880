{{ config(materialized='table') }}

{#- Receipts that are bills, one row per version in which they exist. Receipts that name one bill
    share it; a receipt that names none is a bill of its own. A bill opens when it is received: the
    day it cleared is the day on which it was paid. -#}
with

final as (

    select
        keyed.voucher_key,
        receipt.company_code,
        coalesce('B|' || receipt.bill_id, 'R|' || receipt.receipt_id) as bill_key,
        receipt.receipt_id,
        receipt.amount,
        coalesce(receipt.posting_date, receipt.receipt_date) as opened_on,
        receipt.maturity_date,
        case when receipt.status = 'cleared' then coalesce(receipt.cleared_on, receipt.status_date)
            end as cleared_on,
        case when receipt.status in ('cancelled', 'bounced') then receipt.status_date end
            as voided_on,
        case receipt.status when 'bounced' then 'dishonoured' when 'cancelled' then 'returned' end
            as voided_as,
        receipt.known_from,
        receipt.known_to,
        receipt._load_id,
        receipt._row
    from {{ ref('stg_landing__receipt') }} as receipt
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on
            receipt.company_code = keyed.company_code
            and receipt.receipt_id = keyed.voucher_id
            and keyed.voucher_kind = 'R'
    where
        {{ is_bill_receipt('receipt') }}
        and {{ is_standing_receipt('receipt') }}
        and not coalesce(
            receipt.status in ('cancelled', 'bounced')
            and receipt.status_date <= coalesce(receipt.posting_date, receipt.receipt_date),
            false
        )

)

select * from final
