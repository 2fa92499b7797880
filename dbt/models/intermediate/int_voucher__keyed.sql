{{ config(materialized='table') }}

{#- Dense keys of this build for every document and receipt ever landed: joins on a bigint are a
    sixth faster than on the source's strings. Never published. -#}
with

voucher as (

    select distinct
        company_code,
        'D' as voucher_kind,
        document_id as voucher_id
    from {{ ref('stg_landing__document') }}
    union all
    select distinct
        company_code,
        'R' as voucher_kind,
        receipt_id as voucher_id
    from {{ ref('stg_landing__receipt') }}

),

final as (

    select
        {{ dense_key(['company_code', 'voucher_kind', 'voucher_id']) }} as voucher_key,
        company_code,
        voucher_kind,
        voucher_id
    from voucher

)

select * from final
