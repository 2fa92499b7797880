{{ config(materialized='table') }}

{#- What every bill receipt settles on the as-of date, as known now, and what the contracts of those
    documents say of bills. Of a bill that came back in full: what it settled until then. Of several
    contracts the strictest holds. -#}
with

bill as (

    select
        voucher_key,
        case when voided_on <= {{ as_of() }} then {{ add_days('voided_on', -1) }}
            else {{ as_of() }} end as day
    from {{ ref('int_bill__outcome') }}
    where known_to = {{ end_of_time() }}

),

settled as (

    select
        bill.voucher_key,
        leg.voucher_key as document_key
    from {{ ref('int_application__leg') }} as leg
    inner join bill
        on leg.counterpart_voucher_key = bill.voucher_key
    where leg.known_to = {{ end_of_time() }} and leg.effective_date <= bill.day
    group by bill.voucher_key, leg.voucher_key
    having sum(leg.amount_document) < 0

),

contract as (

    {{ current_version('contract') }}

),

final as (

    select
        settled.voucher_key,
        count(*) as settled_document_count,
        -- NULL where no contract says anything
        min(case when contract.bill_allowed then 1 when not contract.bill_allowed then 0 end)
            as is_bill_allowed,
        min(contract.bill_longest_days) as contract_longest_days
    from settled
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on settled.document_key = keyed.voucher_key and keyed.voucher_kind = 'D'
    inner join {{ ref('fct_document') }} as document
        on keyed.company_code = document.company_code and keyed.voucher_id = document.document_id
    left join contract
        on
            document.company_code = contract.company_code
            and document.contract_id = contract.contract_id
    group by settled.voucher_key

)

select * from final
