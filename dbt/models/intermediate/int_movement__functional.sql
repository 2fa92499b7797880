{{ config(materialized='view') }}

{#- Every movement with its functional amount: plain ones at what they amount to, the others as
    converted (L6, L7, L13), those of bills as their own models value them. -#}
{%- set movement_columns = [
    'item_key', 'voucher_key', 'event_key', 'allocation_id', 'event_no', 'side', 'is_undoing',
    'counterpart_voucher_key', 'phase', 'customer_id', 'effective_date', 'movement_kind',
    'amount_document'
] -%}
with

final as (

    select
        {% for column in movement_columns %}{{ column }},
        {% endfor -%}
        amount_document as amount_functional,
        false as is_derived_difference,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ ref('int_movement__document') }}
    where is_plain
    union all
    select
        {% for column in movement_columns %}{{ column }},
        {% endfor -%}
        amount_functional,
        is_derived_difference,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ ref('int_movement__converted') }}
    union all
    select
        item_key,
        voucher_key,
        cast(null as bigint) as event_key,
        cast(null as {{ dbt.type_string() }}) as allocation_id,
        cast(null as bigint) as event_no,
        cast(null as {{ dbt.type_string() }}) as side,
        false as is_undoing,
        cast(null as bigint) as counterpart_voucher_key,
        0 as phase,
        customer_id,
        effective_date,
        movement_kind,
        amount_document,
        amount_functional,
        false as is_derived_difference,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ ref('int_bill__movement') }}

)

select * from final
