{{ config(materialized='view') }}

{#- Every movement with its functional amount: plain ones at what they amount to, the others as
    converted (L6, L7, L13). -#}
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

)

select * from final
