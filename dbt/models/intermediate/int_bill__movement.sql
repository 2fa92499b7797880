{{ config(materialized='table') }}

{#- Every movement of every part of a bill, as known. One row per part, day and kind. What is
    passed on with recourse changes its class and stays ours; all else that leaves takes the name
    of what happened. -#}
{%- set columns = ['item_key', 'voucher_key', 'customer_id', 'effective_date', 'movement_kind',
    'amount_document', 'amount_functional'] -%}
with

changed as (

    select
        *,
        open_document - coalesce(lag(open_document) over along, 0) as amount_document,
        open_functional - coalesce(lag(open_functional) over along, 0) as amount_functional
    from {{ ref('int_bill__valued') }}
    window along as (partition by item_key, known_from order by step_no)

),

named as (

    select
        item_key,
        voucher_key,
        customer_id,
        effective_date,
        case
            when told_as in ('endorsed', 'discounted') and is_with_recourse then 'class_transfer'
            -- nobody reports how a bill ended that others hold: maturity does
            when told_as = 'matured' then 'bill_honoured'
            else 'bill_' || told_as
        end as movement_kind,
        amount_document,
        amount_functional,
        known_from,
        known_to,
        _load_id,
        _row
    from changed
    where amount_document <> 0 or amount_functional <> 0

),

daily as (

    select
        item_key,
        voucher_key,
        customer_id,
        effective_date,
        movement_kind,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        -- without a rate for one there is none for the others
        cast(sum(amount_functional) as decimal(18, 2)) as amount_functional,
        known_from,
        known_to,
        min(_load_id) as _load_id,
        min_by(_row, _load_id) as _row
    from named
    group by item_key, voucher_key, customer_id, effective_date, movement_kind, known_from, known_to
    having sum(amount_document) <> 0 or sum(amount_functional) <> 0

),

final as (

    {{ merge_pieces('daily', ['item_key', 'effective_date', 'movement_kind'], columns,
        carried=['_load_id', '_row']) }}

)

select * from final
