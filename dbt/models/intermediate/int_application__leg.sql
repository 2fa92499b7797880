{{ config(materialized='table') }}

{#- One row per leg on a voucher: the settled side, the used side, and their undoing when an item is
    void (L8, L12). Two legs of equal size, or one on a sink. Document currency of the voucher it
    stands on. -#}
with

piece as (

    select *
    from {{ ref('int_application__piece') }}

),

leg as (

    select
        event_key, allocation_id, event_no, is_exchange_row, is_sink, functional_amount,
        direction,
        'to' as side,
        to_voucher_key as voucher_key,
        from_voucher_key as counterpart_voucher_key,
        to_customer_id as customer_id,
        to_instalment_no as instalment_no,
        to_amount as amount_document,
        movement_kind, is_all_domestic, effective_date, voided_on, known_from, known_to, _load_id,
        _row
    from piece
    union all
    select
        event_key, allocation_id, event_no, is_exchange_row, is_sink, functional_amount,
        direction,
        'from' as side,
        from_voucher_key as voucher_key,
        to_voucher_key as counterpart_voucher_key,
        from_customer_id as customer_id,
        cast(null as int) as instalment_no,
        used_amount as amount_document,
        movement_kind, is_all_domestic, effective_date, voided_on, known_from, known_to, _load_id,
        _row
    from piece
    where not is_sink

),

with_undoing as (

    select
        event_key, allocation_id, event_no, is_exchange_row, is_sink, functional_amount,
        direction, side,
        voucher_key, counterpart_voucher_key, customer_id, instalment_no, false as is_undoing,
        amount_document, movement_kind, is_all_domestic, effective_date, known_from, known_to,
        _load_id, _row
    from leg
    union all
    select
        event_key, allocation_id, event_no, is_exchange_row, is_sink, functional_amount,
        -direction as direction, side,
        voucher_key, counterpart_voucher_key, customer_id, instalment_no, true as is_undoing,
        -amount_document as amount_document,
        'reversal' as movement_kind, is_all_domestic, voided_on as effective_date, known_from,
        known_to, _load_id, _row
    from leg
    where voided_on is not null

),

-- A correction of an item that leaves this leg as it was is no change of the leg.
final as (

    {{ merge_pieces('with_undoing', ['event_key'], [
        'event_key', 'allocation_id', 'event_no', 'is_exchange_row', 'is_sink',
        'functional_amount', 'direction', 'side', 'voucher_key', 'counterpart_voucher_key',
        'customer_id', 'instalment_no', 'is_undoing', 'amount_document', 'movement_kind',
        'is_all_domestic', 'effective_date', '_load_id', '_row'
    ], counted='piece') }}

)

select * from final
