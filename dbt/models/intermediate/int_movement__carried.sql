{{ config(materialized='table') }}

{#- What each movement does to the carrying amount of a foreign item (L6): carrying = original
    functional x open / original document, to the cent, so the last movement leaves exactly 0.
    Path-dependent only inside a day, so it is computed along the movements of each knowledge epoch
    and merged again. Items kept in their own books' currency are not here: what they carry is what
    they amount to. -#}
with

foreign_movement as {{ read_once() }} (

    -- the pipeline carries what decides, not what describes: the movement is joined again at the end
    select
        *,
        {{ dense_key(['item_key', 'event_key', 'side', 'phase', 'is_undoing', 'known_from']) }}
            as movement_key
    from {{ ref('int_movement__document') }}
    where is_foreign_item

),

epoch as (

    {{ knowledge_epochs(['item_key'], ['foreign_movement'], 'epoch_from', 'epoch_to') }}

),

epoch_movement as (

    select
        movement.item_key,
        movement.movement_key,
        movement.phase,
        movement.opening_functional,
        movement.given_functional,
        epoch.epoch_from,
        epoch.epoch_to,
        row_number() over along as movement_no,
        sum(movement.amount_document) over (along rows between unbounded preceding and current row)
            as open_after,
        -- decimal sums of a single opening: its original amounts and valuation in this epoch
        sum(case when movement.phase = 0 then movement.amount_document end) over whole
            as original_document,
        sum(case when movement.phase = 0 then movement.opening_functional end) over whole
            as original_functional,
        max(case when movement.phase = 0 and movement.is_all_domestic then 1 else 0 end) over whole
            as is_domestic
    from epoch
    inner join foreign_movement as movement
        on
            epoch.item_key = movement.item_key
            and movement.known_from <= epoch.epoch_from
            and movement.known_to > epoch.epoch_from
    window
        along as (
            partition by epoch.item_key, epoch.epoch_from
            order by
                movement.effective_date, movement.phase, movement.is_undoing,
                movement.allocation_id, movement.event_no, movement.side, movement.event_key
        ),
        whole as (partition by epoch.item_key, epoch.epoch_from)

),

carried as (

    select
        *,
        case
            when is_domestic = 1 then open_after
            when original_document = 0 then null
            else {{ money_share('original_functional', 'open_after', 'original_document') }}
        end as carrying_after
    from epoch_movement

),

valued as (

    select
        movement_key,
        is_domestic = 0 and original_functional is null as is_unconverted,
        is_domestic = 0 and original_document = 0 as is_without_document_amount,
        cast(
            case
                -- a revaluation journal (L15) has nothing to be shared: it carries what was posted
                -- on it
                when is_domestic = 0 and original_document = 0 then
                    case
                        when phase = 0 then opening_functional
                        when phase = 3 then original_functional
                        when phase >= 2 then -original_functional
                        else coalesce(given_functional, 0)
                    end
                else carrying_after - coalesce(
                    lag(carrying_after) over (partition by item_key,
                        epoch_from order by movement_no), 0
                )
            end as decimal(18, 2)
        ) as carrying_change,
        epoch_from as known_from,
        epoch_to as known_to
    from carried

),

merged as (

    {{ merge_pieces('valued', ['movement_key'], [
        'movement_key', 'is_unconverted', 'is_without_document_amount', 'carrying_change'
    ]) }}

),

final as (

    select
        movement.item_key,
        movement.voucher_key,
        movement.event_key,
        movement.allocation_id,
        movement.event_no,
        movement.side,
        movement.is_undoing,
        movement.counterpart_voucher_key,
        movement.fill_no,
        movement.phase,
        movement.leg_kind,
        movement.customer_id,
        movement.effective_date,
        movement.movement_kind,
        movement.amount_document,
        movement.amount_before,
        movement.leg_amount,
        movement.given_functional,
        merged.is_unconverted,
        merged.is_without_document_amount,
        merged.carrying_change,
        merged.known_from,
        merged.known_to,
        movement._load_id,
        movement._row
    from merged
    inner join foreign_movement as movement
        on merged.movement_key = movement.movement_key

)

select * from final
