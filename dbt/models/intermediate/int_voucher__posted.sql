{{ config(materialized='table') }}

{#- A voucher is a posted document or receipt. One row per version in which it exists (ledger L1,
    L3, L12): signed amount, the day it opens and the day it is void. Pending receipts, and vouchers
    void from the start, do not exist. bill_outcome says of a receipt that is a bill what became of
    it (int_bill__outcome); of anything else it is NULL. -#}
with

-- Most documents state their due date; only the others need one derived, which may cut a version.
due as (

    select
        document.*,
        'given' as due_date_source,
        document.due_date as valid_due_date,
        document.known_from as due_from,
        document.known_to as due_to
    from {{ ref('stg_landing__document') }} as document
    where document.due_date is not null
    union all
    select
        document.*,
        derived.due_date_source,
        derived.due_date as valid_due_date,
        derived.known_from as due_from,
        derived.known_to as due_to
    from {{ ref('stg_landing__document') }} as document
    inner join {{ ref('int_document__due') }} as derived
        on
            document.company_code = derived.company_code
            and document.document_id = derived.document_id
            and document.known_from <= derived.known_from
            and document.known_to > derived.known_from
    where document.due_date is null

),

document as (

    select
        document.company_code,
        'D' as voucher_kind,
        document.document_id as voucher_id,
        coalesce(document.customer_id, '(unassigned)') as customer_id,
        document.document_type as item_kind,
        document.currency,
        case when document.document_type = 'credit_note' then -document.amount
            else document.amount end
            as amount_document,
        case when document.document_type = 'credit_note' then -document.functional_amount
            else document.functional_amount end as given_functional,
        coalesce(document.posting_date, document.document_date) as accounting_date,
        coalesce(document.posting_date, document.document_date) as opened_on,
        case when document.is_cancelled then document.cancelled_on end as voided_on,
        cast(null as {{ dbt.type_string() }}) as bill_outcome,
        document.document_date,
        document.valid_due_date as due_date,
        document.due_date_source,
        document.document_type = 'opening_balance'
            and document.due_date is null
            and document.document_date = coalesce(document.posting_date, document.document_date)
            as is_age_unknown,
        document.replaces_document_id,
        document.billed_by_document_id,
        document.control_account,
        document.due_from as known_from,
        document.due_to as known_to,
        document.business_date,
        document.known_from as version_known_from,
        document._load_id,
        document._row
    from due as document
    where
        not document.is_deleted
        and not (coalesce(document.is_cancelled, false) and document.cancelled_on is null)

),

bill as (

    select
        keyed.company_code,
        keyed.voucher_id as receipt_id,
        outcome.bill_outcome,
        outcome.voided_on,
        outcome.known_from,
        outcome.known_to
    from {{ ref('int_bill__outcome') }} as outcome
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on outcome.voucher_key = keyed.voucher_key

),

-- What became of a bill may cut a version of its receipt, and no other receipt's.
received as (

    select
        receipt.*,
        case
            when bill.receipt_id is null then greatest(
                coalesce(receipt.posting_date, receipt.receipt_date), receipt.cleared_on
            )
            else coalesce(receipt.posting_date, receipt.receipt_date)
        end as opened_on,
        case
            when bill.receipt_id is not null then bill.voided_on
            when receipt.status in ('cancelled', 'bounced') then receipt.status_date
        end as voided_on,
        bill.bill_outcome,
        greatest(receipt.known_from, bill.known_from) as told_from,
        least(receipt.known_to, bill.known_to) as told_to
    from {{ ref('stg_landing__receipt') }} as receipt
    left join bill
        on
            receipt.company_code = bill.company_code
            and receipt.receipt_id = bill.receipt_id
            and {{ is_bill_receipt('receipt') }}
            and receipt.known_from < bill.known_to
            and receipt.known_to > bill.known_from
    where {{ is_standing_receipt('receipt') }}

),

receipt as (

    select
        company_code,
        'R' as voucher_kind,
        receipt_id as voucher_id,
        coalesce(customer_id, '(unidentified)') as customer_id,
        case when amount < 0 then 'refund' else 'receipt' end as item_kind,
        currency,
        -amount as amount_document,
        -functional_amount as given_functional,
        coalesce(posting_date, receipt_date) as accounting_date,
        opened_on,
        voided_on,
        bill_outcome,
        receipt_date as document_date,
        receipt_date as due_date,
        'given' as due_date_source,
        false as is_age_unknown,
        cast(null as {{ dbt.type_string() }}) as replaces_document_id,
        cast(null as {{ dbt.type_string() }}) as billed_by_document_id,
        control_account,
        told_from as known_from,
        told_to as known_to,
        business_date,
        known_from as version_known_from,
        _load_id,
        _row
    from received

),

voucher as (

    select * from document
    union all
    select * from receipt

),

final as (

    select
        keyed.voucher_key,
        voucher.company_code,
        voucher.customer_id,
        voucher.item_kind,
        voucher.currency,
        voucher.amount_document,
        voucher.given_functional,
        voucher.accounting_date,
        voucher.opened_on,
        voucher.voided_on,
        voucher.bill_outcome,
        voucher.document_date,
        voucher.due_date,
        voucher.due_date_source,
        voucher.is_age_unknown,
        voucher.replaces_document_id,
        voucher.billed_by_document_id,
        voucher.control_account,
        voucher.known_from,
        voucher.known_to,
        voucher.business_date,
        voucher.version_known_from,
        voucher._load_id,
        voucher._row,
        company.functional_currency,
        cast(
            case
                when voucher.amount_document <> 0 then sign(voucher.amount_document)
                when voucher.item_kind in ('credit_note', 'receipt') then -1
                else 1
            end as int
        ) as nature
    from voucher
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on
            voucher.company_code = keyed.company_code
            and voucher.voucher_kind = keyed.voucher_kind
            and voucher.voucher_id = keyed.voucher_id
    left join {{ ref('int_company') }} as company
        on voucher.company_code = company.company_code
    where voucher.voided_on is null or voucher.voided_on > voucher.opened_on

)

select * from final
