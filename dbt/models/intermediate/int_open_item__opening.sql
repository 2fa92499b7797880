{{ config(materialized='table') }}

{#- What opens and closes an item by itself, without an allocation: the posting (L1), its undoing
    when the voucher is void (L12), and the reversal of an unbilled item by its invoice (accounting
    A5). -#}
with

version as (

    select
        item_key,
        voucher_key,
        customer_id,
        item_kind,
        amount_document,
        amount_functional,
        is_domestic,
        opened_on,
        voided_on,
        bill_outcome,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ ref('int_open_item__version') }}

),

item as (

    {{ merge_pieces('version', ['item_key'], [
        'item_key', 'voucher_key', 'customer_id', 'item_kind', 'amount_document',
        'amount_functional', 'is_domestic', 'opened_on', 'voided_on', 'bill_outcome'
    ], carried=['_load_id', '_row']) }}

),

billing as (

    select
        unbilled.voucher_key,
        greatest(unbilled.opened_on, invoice.opened_on) as billed_on,
        invoice.voided_on as unbilled_again_on,
        greatest(unbilled.known_from, invoice.known_from) as known_from,
        least(unbilled.known_to, invoice.known_to) as known_to
    from {{ ref('int_voucher__version') }} as unbilled
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on
            unbilled.company_code = keyed.company_code
            and unbilled.billed_by_document_id = keyed.voucher_id
            and keyed.voucher_kind = 'D'
    inner join {{ ref('int_voucher__timing') }} as invoice
        on
            keyed.voucher_key = invoice.voucher_key
            and invoice.known_from < unbilled.known_to
            and invoice.known_to > unbilled.known_from
    where unbilled.item_kind = 'unbilled'

),

-- Cut at every change of the invoice, so that each piece has one billing day or none.
billed_boundary as (

    select item.item_key, item.known_from as version_from, item.known_from as piece_from
    from item
    where item.item_kind = 'unbilled'
    union distinct
    select item.item_key, item.known_from, billing.known_from
    from item
    inner join billing
        on item.voucher_key = billing.voucher_key
    where billing.known_from > item.known_from and billing.known_from < item.known_to
    union distinct
    select item.item_key, item.known_from, billing.known_to
    from item
    inner join billing
        on item.voucher_key = billing.voucher_key
    where billing.known_to > item.known_from and billing.known_to < item.known_to

),

unbilled_piece as (

    select
        item.*,
        billed_boundary.piece_from,
        coalesce(
            lead(billed_boundary.piece_from) over (
                partition by billed_boundary.item_key, billed_boundary.version_from
                order by billed_boundary.piece_from
            ),
            item.known_to
        ) as piece_to
    from item
    inner join billed_boundary
        on item.item_key = billed_boundary.item_key and item.known_from
            = billed_boundary.version_from

),

unbilled as (

    select
        piece.item_key,
        piece.voucher_key,
        piece.customer_id,
        piece.item_kind,
        piece.amount_document,
        piece.amount_functional,
        piece.is_domestic,
        piece.opened_on,
        piece.voided_on,
        billing.billed_on,
        billing.unbilled_again_on,
        piece.piece_from as known_from,
        piece.piece_to as known_to,
        piece._load_id,
        piece._row
    from unbilled_piece as piece
    left join billing
        on
            piece.voucher_key = billing.voucher_key
            and billing.known_from <= piece.piece_from
            and billing.known_to > piece.piece_from

),

-- phase orders what happens to an item on one day: it opens, legs act, it is closed
movement as (

    select
        item_key, voucher_key, customer_id, item_kind, 0 as phase, false as is_closing,
        opened_on as effective_date,
        case
            when bill_outcome is not null then 'bill_received'
            when item_kind = 'credit_note' then 'credit_note'
            when item_kind = 'receipt' then 'cash'
            when item_kind = 'refund' then 'refund'
            else 'billed'
        end as movement_kind,
        amount_document, amount_functional, is_domestic, known_from, known_to, _load_id, _row
    from item
    union all
    select
        item_key, voucher_key, customer_id, item_kind, 2 as phase, true as is_closing,
        voided_on as effective_date,
        -- the other side of a bill that is dishonoured or returned is the bill (int_bill__movement)
        coalesce('bill_' || bill_outcome, 'reversal') as movement_kind,
        -amount_document, -amount_functional, is_domestic, known_from, known_to, _load_id, _row
    from item
    where voided_on is not null and item_kind <> 'unbilled'
    union all
    select
        item_key, voucher_key, customer_id, item_kind, 2 as phase, true as is_closing,
        billed_on as effective_date, 'reversal' as movement_kind,
        -amount_document, -amount_functional, is_domestic, known_from, known_to, _load_id, _row
    from unbilled
    where billed_on is not null and (voided_on is null or billed_on < voided_on)
        and (unbilled_again_on is null or unbilled_again_on > billed_on)
    union all
    select
        item_key, voucher_key, customer_id, item_kind, 3 as phase, false as is_closing,
        unbilled_again_on as effective_date, 'reversal' as movement_kind,
        amount_document, amount_functional, is_domestic, known_from, known_to, _load_id, _row
    from unbilled
    where
        billed_on is not null
        and unbilled_again_on > billed_on
        and (voided_on is null or unbilled_again_on < voided_on)
    union all
    select
        item_key, voucher_key, customer_id, item_kind, 4 as phase, true as is_closing,
        voided_on as effective_date, 'reversal' as movement_kind,
        -amount_document, -amount_functional, is_domestic, known_from, known_to, _load_id, _row
    from unbilled
    where
        voided_on is not null
        and not coalesce(
            billed_on < voided_on and (unbilled_again_on is null or unbilled_again_on >= voided_on)
            and (unbilled_again_on is null or unbilled_again_on > billed_on),
            false
        )

),

final as (

    select * from movement

)

select * from final
