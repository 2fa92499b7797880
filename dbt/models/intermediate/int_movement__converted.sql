{{ config(materialized='table') }}

{#- Movements whose functional amount is not simply their amount (L6, L7): those of foreign items, and
    legs of domestic items whose counterpart is foreign. The relief of the credit used is the value
    of both legs, which net to zero; what the settled item then still carries too much or too little
    is the exchange difference, one row of its own with document amount 0. Exchange rows of the
    source count first: on an item that has any, the day's rest is derived as one row. Where no rate
    is known the amounts are NULL, and nothing is dropped (L13). -#}
{%- set movement_columns = [
    'item_key', 'voucher_key', 'event_key', 'allocation_id', 'event_no', 'side', 'is_undoing',
    'counterpart_voucher_key', 'phase', 'customer_id', 'effective_date', 'movement_kind',
    'amount_document', 'amount_functional'
] -%}
with

carried as (

    select *
    from {{ ref('int_movement__carried') }}

),

-- legs on domestic items whose counterpart is foreign
mixed as (

    select *
    from {{ ref('int_movement__document') }}
    where not is_plain and not is_foreign_item

),

valued as (

    select
        item_key, voucher_key, event_key, allocation_id, event_no, side, is_undoing,
        counterpart_voucher_key, phase, leg_kind, customer_id, effective_date, movement_kind,
        amount_document, amount_before, leg_amount, given_functional, is_unconverted,
        is_without_document_amount, carrying_change, known_from, known_to, _load_id, _row
    from carried
    union all
    select
        item_key, voucher_key, event_key, allocation_id, event_no, side, is_undoing,
        counterpart_voucher_key, phase, leg_kind, customer_id, effective_date, movement_kind,
        amount_document, amount_before, leg_amount,
        given_functional, false as is_unconverted, false as is_without_document_amount,
        amount_document as carrying_change, known_from, known_to, _load_id, _row
    from mixed

),

used as (

    select
        event_key,
        is_undoing,
        carrying_change,
        known_from,
        known_to
    from valued
    where side = 'from'

),

used_epoch as (

    {{ knowledge_epochs(['event_key', 'is_undoing'], ['used']) }}

),

-- A used document may itself have instalments: its relief is the sum of theirs, and unknown if any
-- is.
relief as (

    select
        used_epoch.event_key,
        used_epoch.is_undoing,
        used_epoch.known_from,
        used_epoch.known_to,
        case when count(*) = count(used.carrying_change) then sum(used.carrying_change) end
            as relief_functional
    from used_epoch
    inner join used
        on
            used_epoch.event_key = used.event_key
            and used_epoch.is_undoing = used.is_undoing
            and used.known_from <= used_epoch.known_from
            and used.known_to > used_epoch.known_from
    group by used_epoch.event_key, used_epoch.is_undoing, used_epoch.known_from, used_epoch.known_to

),

settled as (

    select
        valued.item_key,
        valued.voucher_key,
        valued.event_key,
        valued.allocation_id,
        valued.event_no,
        valued.side,
        valued.is_undoing,
        valued.counterpart_voucher_key,
        valued.phase,
        valued.customer_id,
        valued.effective_date,
        valued.movement_kind,
        valued.amount_document,
        valued.carrying_change,
        cast(
            case
                when valued.is_unconverted then null
                when relief.relief_functional is null then valued.carrying_change
                -- nothing to share by: a leg of nothing stands on one item, which takes all
                when valued.leg_amount = 0 then -relief.relief_functional
                else
                    {{ money_share(
                        '(-relief.relief_functional)',
                            '(valued.amount_before + valued.amount_document)',
                        'valued.leg_amount'
                    ) }}
                    - {{ money_share('(-relief.relief_functional)', 'valued.amount_before',
                        'valued.leg_amount') }}
            end as decimal(18, 2)
        ) as amount_functional,
        greatest(valued.known_from, relief.known_from) as known_from,
        least(valued.known_to, relief.known_to) as known_to,
        valued._load_id,
        valued._row
    from valued
    inner join relief
        on
            valued.event_key = relief.event_key
            and valued.is_undoing = relief.is_undoing
            and valued.known_from < relief.known_to
            and valued.known_to > relief.known_from
    where valued.leg_kind = 'settled'

),

own as (

    select
        item_key, voucher_key, event_key, allocation_id, event_no, side, is_undoing,
        counterpart_voucher_key, phase, customer_id, effective_date, movement_kind, amount_document,
        carrying_change,
        case when leg_kind = 'given' and not is_unconverted then given_functional
            else carrying_change end
            as amount_functional,
        leg_kind = 'given' and not is_without_document_amount and not is_unconverted as is_given,
        known_from, known_to, _load_id, _row
    from valued
    where leg_kind <> 'settled'

),

item_with_given as (

    select distinct item_key
    from own
    where is_given

),

gap as (

    -- an item with exchange rows of the source: the day as a whole is topped up; else leg by leg
    select
        settled.item_key,
        settled.voucher_key,
        case when item_with_given.item_key is null then settled.event_key end as event_key,
        case when item_with_given.item_key is null then settled.allocation_id end as allocation_id,
        case when item_with_given.item_key is null then settled.event_no end as event_no,
        case when item_with_given.item_key is null then settled.is_undoing else false end
            as is_undoing,
        settled.customer_id,
        settled.effective_date,
        settled.carrying_change - settled.amount_functional as gap_functional,
        settled.known_from,
        settled.known_to,
        settled._load_id,
        settled._row
    from settled
    left join item_with_given
        on settled.item_key = item_with_given.item_key
    where settled.carrying_change is not null and settled.amount_functional is not null
    union all
    select
        item_key,
        voucher_key,
        cast(null as bigint) as event_key,
        cast(null as {{ dbt.type_string() }}) as allocation_id,
        cast(null as bigint) as event_no,
        false as is_undoing,
        customer_id,
        effective_date,
        carrying_change - amount_functional as gap_functional,
        known_from,
        known_to,
        _load_id,
        _row
    from own
    where is_given

),

gap_epoch as (

    {{ knowledge_epochs(
        ['item_key', 'event_key', 'is_undoing', 'customer_id', 'effective_date'], ['gap']
    ) }}

),

exchange_difference as (

    select
        gap.item_key,
        gap.voucher_key,
        gap.event_key,
        gap.allocation_id,
        min(gap.event_no) as event_no,
        'to' as side,
        gap.is_undoing,
        cast(null as bigint) as counterpart_voucher_key,
        1 as phase,
        gap.customer_id,
        gap.effective_date,
        'fx_difference' as movement_kind,
        cast(0 as decimal(18, 2)) as amount_document,
        cast(sum(gap.gap_functional) as decimal(18, 2)) as amount_functional,
        gap_epoch.known_from,
        gap_epoch.known_to,
        min(gap._load_id) as _load_id,
        min_by(gap._row, gap._load_id) as _row
    from gap_epoch
    inner join gap
        on
            gap_epoch.item_key = gap.item_key
            and gap_epoch.event_key is not distinct from gap.event_key
            and gap_epoch.is_undoing = gap.is_undoing
            and gap_epoch.customer_id = gap.customer_id
            and gap_epoch.effective_date = gap.effective_date
            and gap.known_from <= gap_epoch.known_from
            and gap.known_to > gap_epoch.known_from
    group by
        gap.item_key, gap.voucher_key, gap.event_key, gap.allocation_id, gap.is_undoing,
        gap.customer_id, gap.effective_date, gap_epoch.known_from, gap_epoch.known_to
    having sum(gap.gap_functional) <> 0

),

converted as (

    {% for source in ['settled', 'own', 'exchange_difference'] -%}
    select
        {% for column in movement_columns %}{{ column }},
        {% endfor -%}
        {{ "true" if source == 'exchange_difference' else "false" }} as is_derived_difference,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    {{ merge_pieces('converted',
        ['item_key', 'event_key', 'side', 'is_undoing', 'is_derived_difference'],
        movement_columns + ['is_derived_difference', '_load_id', '_row']) }}

)

select * from final
