{{ config(materialized='table') }}

{#- What every contract has billed and kept back up to the as-of date, as known now, against the
    share that was agreed, per currency. Each retention was rounded to the cent once. -#}
with

contract as (

    {{ current_version('contract') }}

),

billed as (

    select
        document.company_code,
        document.contract_id,
        item.currency,
        sum(item.original_amount_document) as billed_amount,
        sum(case when item.instalment_kind = 'retention' then item.original_amount_document else 0
            end) as retention_amount,
        sum(case when item.instalment_kind = 'retention' then 1 else 0 end) as retention_count
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('fct_document') }} as document
        on item.company_code = document.company_code and item.document_id = document.document_id
    where
        item.is_current
        and item.item_kind in ('invoice', 'debit_note', 'credit_note', 'opening_balance')
        and document.contract_id is not null
        and item.opened_on <= {{ as_of() }}
        and (item.voided_on is null or item.voided_on > {{ as_of() }})
    group by document.company_code, document.contract_id, item.currency

),

expected as (

    select
        billed.*,
        contract.retention_share,
        contract.retention_until,
        {{ money_times_rate('billed.billed_amount', 'contract.retention_share') }}
            as expected_amount
    from billed
    inner join contract
        on
            billed.company_code = contract.company_code
            and billed.contract_id = contract.contract_id

),

final as (

    select
        *,
        abs(retention_amount - expected_amount) <= retention_count * 0.01 as is_share_kept
    from expected

)

select * from final
