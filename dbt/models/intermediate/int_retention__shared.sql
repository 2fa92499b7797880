{{ config(materialized='table') }}

{#- What every document of a contract has billed and kept back, and the contract in all, up to the
    as-of date as known now, against the share that was agreed. Some contracts keep back from every
    invoice, some from the last one only. Each amount kept back was rounded to the cent once. -#}
with

contract as (

    {{ current_version('contract') }}

),

billed as (

    select
        company_code,
        document_id,
        currency,
        sum(original_amount_document) as document_billed_amount,
        sum(case when instalment_kind = 'retention' then original_amount_document else 0 end)
            as document_retention_amount,
        sum(case when instalment_kind = 'retention' then 1 else 0 end) as retention_count
    from {{ ref('fct_open_item') }}
    where
        is_current
        and item_kind in ('invoice', 'debit_note', 'credit_note', 'opening_balance')
        and opened_on <= {{ as_of() }}
        and (voided_on is null or voided_on > {{ as_of() }})
    group by company_code, document_id, currency

),

summed as (

    select
        billed.*,
        contract.retention_share,
        contract.retention_until,
        sum(billed.document_billed_amount) over whole as contract_billed_amount,
        sum(billed.document_retention_amount) over whole as contract_retention_amount,
        sum(billed.retention_count) over whole as contract_retention_count
    from billed
    inner join {{ ref('fct_document') }} as document
        on
            billed.company_code = document.company_code
            and billed.document_id = document.document_id
    inner join contract
        on
            document.company_code = contract.company_code
            and document.contract_id = contract.contract_id
    window whole as (
        partition by document.company_code, document.contract_id, billed.currency
    )

),

compared as (

    select
        *,
        {% for level in ['document', 'contract'] -%}
        {{ level }}_retention_amount
        - {{ money_times_rate(level ~ '_billed_amount', 'retention_share') }}
            as {{ level }}_difference_amount{{ ',' if not loop.last }}
        {% endfor %}
    from summed
    where retention_count > 0

),

final as (

    select
        company_code,
        document_id,
        retention_share,
        retention_until,
        document_billed_amount,
        document_difference_amount,
        abs(document_difference_amount) <= retention_count * 0.01 as is_document_share_kept,
        contract_billed_amount,
        contract_retention_amount,
        contract_difference_amount,
        abs(contract_difference_amount) <= contract_retention_count * 0.01
            as is_contract_share_kept
    from compared

)

select * from final
