{{ config(materialized='view') }}

{#- One row per open item: its identity, and its attributes as last believed, on the as-of date where
    they change with the day. -#}
{%- set version_columns = [
    'customer_id', 'item_kind', 'document_date', 'accounting_date', 'currency', 'amount_document',
    'amount_functional', 'instalment_kind', 'opened_on', 'voided_on', 'control_account',
    'is_age_unknown', 'known_to', '_load_id', '_row'
] -%}
with

item as (

    select * from {{ ref('int_open_item__keyed') }}

),

bill as (

    select
        *,
        'normal' as instalment_kind,
        false as is_age_unknown
    from {{ ref('int_bill__item') }}

),

version as (

    {{ newest_version(ref('int_open_item__version'), ['item_key'], version_columns) }}
    union all
    {{ newest_version('bill', ['item_key'], version_columns) }}

),

-- What holds for all days, as known now, needs no search for the newest.
attribute_column as (

    select
        item_key,
        due_date,
        original_due_date,
        agreed_due_date,
        receivable_class,
        is_due_date_derived,
        is_due_date_missing,
        effective_from,
        known_from,
        known_to = {{ end_of_time() }}
            and effective_from = {{ start_of_days() }}
            and effective_to = {{ end_of_days() }} as is_whole
    from {{ ref('int_open_item__attribute') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

attribute as (

    select *
    from attribute_column
    where is_whole
    union all
    select partial.*
    from attribute_column as partial
    left join (
        select item_key
        from attribute_column
        where is_whole
    ) as whole
        on partial.item_key = whole.item_key
    where not partial.is_whole and whole.item_key is null
    qualify row_number() over (
        partition by partial.item_key
        order by partial.known_from desc, partial.effective_from desc
    ) = 1

),

final as (

    select
        item.item_key,
        item.open_item_id,
        item.company_code,
        item.voucher_id,
        item.voucher_key,
        item.instalment_no,
        item.is_planned_voucher,
        version.customer_id,
        version.item_kind,
        version.document_date,
        version.accounting_date,
        version.currency,
        version.amount_document,
        version.amount_functional,
        version.instalment_kind,
        version.opened_on,
        version.voided_on,
        version.control_account,
        version.is_age_unknown,
        version.known_to,
        version._load_id,
        version._row,
        attribute.due_date,
        attribute.original_due_date,
        attribute.agreed_due_date,
        attribute.receivable_class,
        attribute.is_due_date_derived,
        attribute.is_due_date_missing
    from item
    inner join version
        on item.item_key = version.item_key
    left join attribute
        on item.item_key = attribute.item_key

)

select * from final
