{{ config(materialized='table') }}

{#- Every open item as known: signed original amounts, the days it opens and is void, its class and
    its own due date. A planned document's items are cut at every epoch of its plan. -#}
with

voucher as (

    select * from {{ ref('int_voucher__version') }}

),

item as (

    select *
    from {{ ref('int_open_item__keyed') }}
    where is_planned_voucher

),

planned_voucher as (

    select * from {{ ref('int_instalment_plan__voucher') }}

),

-- the item of a voucher without a plan has its key (int_open_item__keyed)
simple as (

    select
        voucher.voucher_key as item_key,
        voucher.voucher_key,
        voucher.company_code,
        voucher.customer_id,
        voucher.item_kind,
        voucher.currency,
        voucher.nature,
        voucher.is_domestic,
        voucher.amount_document,
        voucher.amount_functional,
        voucher.opened_on,
        voucher.voided_on,
        voucher.bill_outcome,
        voucher.document_date,
        voucher.accounting_date,
        voucher.due_date,
        voucher.due_date_source,
        voucher.is_age_unknown,
        voucher.replaces_document_id,
        voucher.control_account,
        'normal' as instalment_kind,
        cast(null as date) as unconditional_on,
        voucher.known_from,
        voucher.known_to,
        voucher.business_date,
        voucher.version_known_from,
        voucher._load_id,
        voucher._row
    from voucher
    left join planned_voucher
        on voucher.voucher_key = planned_voucher.voucher_key
    where planned_voucher.voucher_key is null

),

planned as (

    select
        item.item_key,
        voucher.voucher_key,
        voucher.company_code,
        voucher.customer_id,
        voucher.item_kind,
        voucher.currency,
        voucher.nature,
        voucher.is_domestic,
        cast(voucher.nature * plan.amount as decimal(18, 2)) as amount_document,
        cast(sign(voucher.amount_functional) * plan.amount_functional as decimal(18, 2))
            as amount_functional,
        voucher.opened_on,
        voucher.voided_on,
        voucher.bill_outcome,
        voucher.document_date,
        voucher.accounting_date,
        plan.due_date,
        case when plan.is_planned then 'given' else voucher.due_date_source end as due_date_source,
        voucher.is_age_unknown,
        voucher.replaces_document_id,
        voucher.control_account,
        plan.instalment_kind,
        plan.unconditional_on,
        plan.known_from,
        plan.known_to,
        -- the day on which this state of the due date arrived: the newer of document and instalment
        case when plan.is_planned then greatest(plan.business_date, voucher.business_date)
            else voucher.business_date end as business_date,
        voucher.version_known_from,
        coalesce(plan._load_id, voucher._load_id) as _load_id,
        coalesce(plan._row, voucher._row) as _row
    from {{ ref('int_instalment_plan__version') }} as plan
    inner join voucher
        on
            plan.voucher_key = voucher.voucher_key
            and voucher.known_from <= plan.known_from
            and voucher.known_to > plan.known_from
    inner join item
        on plan.voucher_key = item.voucher_key and plan.instalment_no = item.instalment_no

),

final as (

    select * from simple
    union all
    select * from planned

)

select * from final
