{{ config(materialized='table') }}

{#- What sources without allocations say of how a document or receipt was settled, one row per
    version. Only until the first allocation of the company is known: from then on allocations tell
    (DECISIONS 19), and what was derived before is no longer believed. Empty where every source has
    allocations. -#}
{%- set told_columns = [
    'company_code', 'clearing_id', 'settled_on', 'is_deleted', 'business_date', 'known_from',
    'known_to', '_source', '_load_id', '_file', '_row'
] -%}
with

setting as (

    select
        source,
        settlement
    from {{ source('landing', 'source_setting') }}
    where settlement <> 'allocations'

),

document as (

    select
        document.*,
        setting.settlement
    from {{ ref('stg_landing__document') }} as document
    inner join setting
        on document._source = setting.source

),

receipt as (

    select receipt.*
    from {{ ref('stg_landing__receipt') }} as receipt
    inner join setting
        on receipt._source = setting.source
    where setting.settlement = 'clearing_group'

),

voucher as (

    select
        'D' as voucher_kind,
        document_id as voucher_id,
        settlement,
        case when document_type = 'credit_note' then -amount else amount end as signed_amount,
        case when document_type = 'credit_note' then -1 else 1 end
        * case
            when vanished_load_id is not null then amount
            when settlement = 'clearing_date' then coalesce(settled_amount, amount)
            else coalesce(settled_amount, amount - residual_amount)
        end as signed_settled,
        difference_kind,
        vanished_load_id,
        {{ told_columns | join(', ') }}
    from document
    union all
    select
        'R' as voucher_kind,
        receipt_id as voucher_id,
        'clearing_group' as settlement,
        -amount as signed_amount,
        cast(null as decimal(18, 2)) as signed_settled,
        cast(null as {{ dbt.type_string() }}) as difference_kind,
        cast(null as bigint) as vanished_load_id,
        {{ told_columns | join(', ') }}
    from receipt

),

told_company as (

    select distinct company_code
    from voucher

),

first_allocation as (

    select
        allocation.company_code,
        min(allocation.known_from) as known_from
    from {{ ref('stg_landing__allocation') }} as allocation
    inner join told_company
        on allocation.company_code = told_company.company_code
    group by allocation.company_code

),

final as (

    select
        keyed.voucher_key,
        voucher.voucher_kind,
        voucher.voucher_id,
        voucher.settlement,
        voucher.signed_amount,
        cast(voucher.signed_settled as decimal(18, 2)) as signed_settled,
        voucher.difference_kind,
        voucher.vanished_load_id,
        {{ qualified('voucher', told_columns) }},
        coalesce(first_allocation.known_from, {{ end_of_time() }}) as believed_to
    from voucher
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on
            voucher.company_code = keyed.company_code
            and voucher.voucher_kind = keyed.voucher_kind
            and voucher.voucher_id = keyed.voucher_id
    left join first_allocation
        on voucher.company_code = first_allocation.company_code
    where
        first_allocation.known_from is null or voucher.known_from < first_allocation.known_from

)

select * from final
