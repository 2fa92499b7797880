{{ config(materialized='table') }}

{#- One row per item that could ever open: an instalment of a document, a receipt, or a part of the
    bill that a receipt is; one that never did has no version. The item of a voucher without a plan
    has the voucher's own key, so that it is found without a join; planned items have keys above all
    of those, and parts of bills above these. -#}
with

planned as (

    select distinct
        voucher_key,
        instalment_no
    from {{ ref('int_instalment_plan__version') }}

),

planned_voucher as (

    select * from {{ ref('int_instalment_plan__voucher') }}

),

last_voucher as (

    select coalesce(max(voucher_key), 0) as last_voucher_key
    from {{ ref('int_voucher__keyed') }}

),

last_planned as (

    select count(*) as planned_count
    from planned

),

bill as (

    select distinct voucher_key
    from {{ ref('int_bill__receipt') }}

),

bill_part as (

    {% for part in bill_parts() -%}
    select
        voucher_key,
        {{ part.no }} as part_no
    from bill
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

item as (

    select
        keyed.voucher_key as item_key,
        keyed.voucher_key,
        1 as instalment_no,
        false as is_planned_voucher,
        keyed.company_code,
        keyed.voucher_kind,
        keyed.voucher_id
    from {{ ref('int_voucher__keyed') }} as keyed
    left join planned_voucher
        on keyed.voucher_key = planned_voucher.voucher_key
    where planned_voucher.voucher_key is null
    union all
    select
        last_voucher.last_voucher_key
        + {{ dense_key(['planned.voucher_key', 'planned.instalment_no']) }} as item_key,
        planned.voucher_key,
        planned.instalment_no,
        true as is_planned_voucher,
        keyed.company_code,
        keyed.voucher_kind,
        keyed.voucher_id
    from planned
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on planned.voucher_key = keyed.voucher_key
    cross join last_voucher
    union all
    select
        last_voucher.last_voucher_key + last_planned.planned_count
        + {{ dense_key(['bill_part.voucher_key', 'bill_part.part_no']) }} as item_key,
        bill_part.voucher_key,
        bill_part.part_no as instalment_no,
        false as is_planned_voucher,
        keyed.company_code,
        'B' as voucher_kind,
        keyed.voucher_id
    from bill_part
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on bill_part.voucher_key = keyed.voucher_key
    cross join last_voucher
    cross join last_planned

),

final as (

    select
        item_key,
        case
            when voucher_kind = 'R' then company_code || '|R|' || voucher_id
            else company_code || '|' || voucher_kind || '|' || voucher_id || '|'
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
