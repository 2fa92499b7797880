{{ config(materialized='table') }}

{#- One row per open item ever: an instalment of a document, or a receipt. -#}
with

planned as (

    select distinct
        voucher_key,
        instalment_no
    from {{ ref('int_instalment_plan__version') }}

),

item as (

    select
        keyed.voucher_key,
        coalesce(planned.instalment_no, 1) as instalment_no,
        planned.voucher_key is not null as is_planned_voucher,
        keyed.company_code,
        keyed.voucher_kind,
        keyed.voucher_id
    from {{ ref('int_voucher__keyed') }} as keyed
    left join planned
        on keyed.voucher_key = planned.voucher_key

),

final as (

    select
        row_number() over (order by voucher_key, instalment_no) as item_key,
        case
            when voucher_kind = 'R' then company_code || '|R|' || voucher_id
            else company_code || '|D|' || voucher_id || '|'
                || cast(instalment_no as {{ dbt.type_string() }})
        end as open_item_id,
        voucher_key,
        instalment_no,
        is_planned_voucher,
        company_code,
        voucher_kind,
        voucher_id
    from item

)

select * from final
