{{ config(materialized='table') }}

{#- One row per leg on a voucher: the settled side, the used side, and their undoing when an item is
    void (L8, L12). Two legs of equal size, or one on a sink. Document currency of the voucher it
    stands on. -#}
{%- set shared_columns = [
    'event_key', 'allocation_id', 'event_no', 'is_exchange_row', 'is_sink', 'functional_amount'
] -%}
{%- set trailing_columns = ['is_all_domestic', 'known_from', 'known_to', '_load_id', '_row'] -%}
{%- set leg_columns = shared_columns + [
    'direction', 'side', 'voucher_key', 'counterpart_voucher_key', 'customer_id', 'instalment_no',
    'is_undoing', 'amount_document', 'movement_kind', 'is_all_domestic', 'effective_date',
    '_load_id', '_row'
] -%}
with

piece as (

    select *
    from {{ ref('int_application__piece') }}

),

repeated as (

    {{ repeated_keys('piece', ['event_key']) }}

),

-- Most events have one piece and are never undone: their legs need no merging.
simple_piece as (

    select piece.*
    from piece
    left join repeated
        on piece.event_key = repeated.event_key
    where repeated.event_key is null and piece.voided_on is null

),

other_piece as (

    select piece.*
    from piece
    left join repeated
        on piece.event_key = repeated.event_key
    where repeated.event_key is not null or piece.voided_on is not null

),

{% for name in ['simple', 'other'] -%}
{{ name }}_leg as (

    select
        {{ shared_columns | join(', ') }},
        direction,
        'to' as side,
        to_voucher_key as voucher_key,
        from_voucher_key as counterpart_voucher_key,
        to_customer_id as customer_id,
        to_instalment_no as instalment_no,
        false as is_undoing,
        to_amount as amount_document,
        movement_kind,
        effective_date,
        voided_on,
        {{ trailing_columns | join(', ') }}
    from {{ name }}_piece
    union all
    select
        {{ shared_columns | join(', ') }},
        direction,
        'from' as side,
        from_voucher_key as voucher_key,
        to_voucher_key as counterpart_voucher_key,
        from_customer_id as customer_id,
        cast(null as int) as instalment_no,
        false as is_undoing,
        used_amount as amount_document,
        movement_kind,
        effective_date,
        voided_on,
        {{ trailing_columns | join(', ') }}
    from {{ name }}_piece
    where not is_sink

),

{% endfor -%}
with_undoing as (

    select {{ leg_columns | join(', ') }}, known_from, known_to
    from other_leg
    union all
    select
        {{ shared_columns | join(', ') }},
        -direction as direction,
        side,
        voucher_key,
        counterpart_voucher_key,
        customer_id,
        instalment_no,
        true as is_undoing,
        -amount_document as amount_document,
        'reversal' as movement_kind,
        is_all_domestic,
        voided_on as effective_date,
        _load_id,
        _row,
        known_from,
        known_to
    from other_leg
    where voided_on is not null

),

-- A correction of an item that leaves this leg as it was is no change of the leg.
merged as (

    {{ merge_neighbours('with_undoing', leg_columns) }}

),

final as (

    select {{ leg_columns | join(', ') }}, known_from, known_to
    from simple_leg
    union all
    select {{ leg_columns | join(', ') }}, known_from, known_to
    from merged

)

select * from final
