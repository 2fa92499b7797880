{{ config(materialized='table') }}

{#- A voucher is a posted document or receipt. One row per version in which it exists (ledger L1,
    L3, L12): signed amount, the day it opens and the day it is void. Pending receipts, and vouchers
    void from the start, do not exist. -#}
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
        greatest(coalesce(posting_date, receipt_date), cleared_on) as opened_on,
        case when status in ('cancelled', 'bounced') then status_date end as voided_on,
        receipt_date as document_date,
        receipt_date as due_date,
        'given' as due_date_source,
        false as is_age_unknown,
        cast(null as {{ dbt.type_string() }}) as replaces_document_id,
        cast(null as {{ dbt.type_string() }}) as billed_by_document_id,
        control_account,
        known_from,
        known_to,
        business_date,
        known_from as version_known_from,
        _load_id,
        _row
    from {{ ref('stg_landing__receipt') }}
    where
        not is_deleted
        and coalesce(status, 'cleared') <> 'pending'
        and not (coalesce(status, 'cleared') in ('cancelled', 'bounced') and status_date is null)

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
