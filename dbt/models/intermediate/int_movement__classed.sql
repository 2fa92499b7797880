{{ config(materialized='view') }}

{#- Movements with the receivable class in force on their day and the currency as known, and the
    class_transfer pairs of retentions that become unconditional: the balance leaves class
    contract_asset and enters class trade on that day (accounting B7, D3). -#}
with

movement as (

    select * from {{ ref('int_movement__functional') }}

),

-- Only an item with more than one rectangle of attributes can change its class or its currency.
partial_item as (

    select distinct item_key
    from {{ ref('int_open_item__attribute') }}
    where
        effective_from > {{ start_of_days() }}
        or effective_to < {{ end_of_days() }}
        or known_to < {{ end_of_time() }}

),

attribute as (

    select
        attribute.item_key,
        attribute.receivable_class,
        attribute.currency,
        attribute.effective_from,
        attribute.effective_to,
        attribute.known_from,
        attribute.known_to
    from {{ ref('int_open_item__attribute') }} as attribute
    inner join partial_item
        on attribute.item_key = partial_item.item_key

),

changing_item as (

    select item_key
    from attribute
    group by item_key
    having min(receivable_class) <> max(receivable_class) or min(currency) <> max(currency)

),

changing_attribute as (

    select attribute.*
    from attribute
    inner join changing_item
        on attribute.item_key = changing_item.item_key

),

changing_movement as (

    select movement.*
    from {{ ref('int_movement__functional') }} as movement
    inner join changing_item
        on movement.item_key = changing_item.item_key

),

class_interval as (

    {{ merge_neighbours('changing_attribute',
        ['item_key', 'receivable_class', 'currency', 'effective_from', 'effective_to']) }}

),

changing_cut as (

    select
        movement.item_key, movement.voucher_key, movement.event_key, movement.allocation_id,
        movement.event_no, movement.side, movement.is_undoing, movement.counterpart_voucher_key,
        movement.phase, movement.customer_id, movement.effective_date, movement.movement_kind,
        movement.amount_document, movement.amount_functional, movement.is_derived_difference,
        greatest(movement.known_from, class_interval.known_from) as known_from,
        least(movement.known_to, class_interval.known_to) as known_to,
        movement._load_id, movement._row, class_interval.receivable_class, class_interval.currency
    from changing_movement as movement
    inner join class_interval
        on
            movement.item_key = class_interval.item_key
            and movement.effective_date >= class_interval.effective_from
            and movement.effective_date < class_interval.effective_to
            and movement.known_from < class_interval.known_to
            and movement.known_to > class_interval.known_from

),

changing as (

    {{ merge_neighbours('changing_cut', [
        'item_key', 'voucher_key', 'event_key', 'allocation_id', 'event_no', 'side', 'is_undoing',
        'counterpart_voucher_key', 'phase', 'customer_id', 'effective_date', 'movement_kind',
        'amount_document', 'amount_functional', 'is_derived_difference', '_load_id', '_row',
        'receivable_class', 'currency'
    ]) }}

),

-- Each place where one class ends and the next begins, as known.
turn as (

    select
        before.item_key,
        before.effective_to as effective_date,
        before.receivable_class as class_before,
        behind.receivable_class as class_after,
        before.currency,
        greatest(before.known_from, behind.known_from) as known_from,
        least(before.known_to, behind.known_to) as known_to
    from changing_attribute as before
    inner join changing_attribute as behind
        on
            before.item_key = behind.item_key
            and before.effective_to = behind.effective_from
            and before.receivable_class <> behind.receivable_class
            and before.known_from < behind.known_to
            and before.known_to > behind.known_from

),

turn_boundary as (

    select turn.item_key, turn.effective_date, turn.class_before, turn.class_after,
        turn.currency,
        turn.known_from as version_from,
        turn.known_to as version_to, turn.known_from
    from turn
    union distinct
    select turn.item_key, turn.effective_date, turn.class_before, turn.class_after,
        turn.currency, turn.known_from,
        turn.known_to,
        movement.known_from
    from turn
    inner join changing_movement as movement
        on turn.item_key = movement.item_key
            and movement.known_from > turn.known_from and movement.known_from < turn.known_to
    union distinct
    select turn.item_key, turn.effective_date, turn.class_before, turn.class_after,
        turn.currency, turn.known_from,
        turn.known_to,
        movement.known_to
    from turn
    inner join changing_movement as movement
        on turn.item_key = movement.item_key
            and movement.known_to > turn.known_from and movement.known_to < turn.known_to

),

turn_epoch as (

    select
        *,
        coalesce(
            lead(known_from) over (
                partition by item_key, effective_date, class_before, version_from
                order by known_from
            ),
            version_to
        ) as known_to
    from turn_boundary

),

transferred as (

    select
        turn_epoch.item_key,
        turn_epoch.effective_date,
        turn_epoch.class_before,
        turn_epoch.class_after,
        turn_epoch.currency,
        turn_epoch.known_from,
        turn_epoch.known_to,
        max_by(movement.customer_id, movement.effective_date) as customer_id,
        any_value(movement.voucher_key) as voucher_key,
        sum(movement.amount_document) as amount_document,
        case when count(*) = count(movement.amount_functional)
            then sum(movement.amount_functional) end
            as amount_functional,
        min(movement._load_id) as _load_id,
        min_by(movement._row, movement._load_id) as _row
    from turn_epoch
    inner join changing_movement as movement
        on
            turn_epoch.item_key = movement.item_key
            and movement.effective_date < turn_epoch.effective_date
            and movement.known_from <= turn_epoch.known_from
            and movement.known_to > turn_epoch.known_from
    group by
        turn_epoch.item_key, turn_epoch.effective_date, turn_epoch.class_before,
        turn_epoch.class_after, turn_epoch.currency, turn_epoch.known_from, turn_epoch.known_to
    having sum(movement.amount_document) <> 0 or coalesce(sum(movement.amount_functional), 0) <> 0

),

transfer as (

    {% for sign, class in [('-', 'class_before'), ('', 'class_after')] -%}
    select
        item_key,
        voucher_key,
        customer_id,
        effective_date,
        cast({{ sign }}amount_document as decimal(18, 2)) as amount_document,
        cast({{ sign }}amount_functional as decimal(18, 2)) as amount_functional,
        {{ class }} as receivable_class,
        currency,
        known_from,
        known_to,
        _load_id,
        _row
    from transferred
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

transfer_merged as (

    {{ merge_neighbours('transfer', [
        'item_key', 'voucher_key', 'customer_id', 'effective_date', 'amount_document',
        'amount_functional', 'receivable_class', 'currency', '_load_id', '_row'
    ]) }}

),

final as (

    -- what never changes is an attribute of the item, joined where it is published
    select
        movement.item_key, movement.voucher_key, movement.event_key, movement.allocation_id,
        movement.event_no, movement.side, movement.is_undoing, movement.counterpart_voucher_key,
        movement.phase, movement.customer_id, movement.effective_date, movement.movement_kind,
        movement.amount_document, movement.amount_functional, movement.is_derived_difference,
        cast(null as {{ dbt.type_string() }}) as changing_class,
        cast(null as {{ dbt.type_string() }}) as changing_currency, movement.known_from,
        movement.known_to, movement._load_id, movement._row
    from movement
    left join changing_item
        on movement.item_key = changing_item.item_key
    where changing_item.item_key is null
    union all
    select
        item_key, voucher_key, event_key, allocation_id, event_no, side, is_undoing,
        counterpart_voucher_key, phase, customer_id, effective_date, movement_kind, amount_document,
        amount_functional, is_derived_difference, receivable_class as changing_class,
        currency as changing_currency, known_from, known_to, _load_id, _row
    from changing
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
        5 as phase,
        customer_id,
        effective_date,
        'class_transfer' as movement_kind,
        amount_document,
        amount_functional,
        false as is_derived_difference,
        receivable_class as changing_class,
        currency as changing_currency,
        known_from,
        known_to,
        _load_id,
        _row
    from transfer_merged

)

select * from final
