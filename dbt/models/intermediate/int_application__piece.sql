{{ config(materialized='view') }}

{#- Allocation events that act, cut where either item's timing is known differently (L2, L12). One
    row per event and knowledge interval in which both items exist; the day it acts, and the day it
    is undone when an item is void. -#}
with

event as (

    select *
    from {{ ref('int_allocation__event') }}
    where not is_named_unknown and to_voucher_key is not null
        and (is_sink or from_voucher_key is not null)

),

two_legged as (

    select
        event.*,
        to_voucher.customer_id as to_customer_id,
        to_voucher.currency as to_currency,
        to_voucher.nature as to_nature,
        to_voucher.item_kind as to_item_kind,
        to_voucher.is_domestic as to_is_domestic,
        from_voucher.customer_id as from_customer_id,
        from_voucher.currency as from_currency,
        from_voucher.item_kind as from_item_kind,
        to_voucher.is_bill as to_is_bill,
        from_voucher.is_bill as from_is_bill,
        from_voucher.is_domestic as from_is_domestic,
        greatest(event.event_date, from_voucher.opened_on, to_voucher.opened_on) as effective_date,
        least(from_voucher.voided_on, to_voucher.voided_on) as voided_on,
        greatest(event.known_from, from_voucher.known_from, to_voucher.known_from) as piece_from,
        least(event.known_to, from_voucher.known_to, to_voucher.known_to) as piece_to
    from event
    inner join {{ ref('int_voucher__timing') }} as to_voucher
        on
            event.to_voucher_key = to_voucher.voucher_key
            and event.known_from < to_voucher.known_to
            and event.known_to > to_voucher.known_from
    inner join {{ ref('int_voucher__timing') }} as from_voucher
        on
            event.from_voucher_key = from_voucher.voucher_key
            and event.known_from < from_voucher.known_to
            and event.known_to > from_voucher.known_from
            and from_voucher.known_from < to_voucher.known_to
            and from_voucher.known_to > to_voucher.known_from
    where not event.is_sink

),

sink as (

    select
        event.*,
        to_voucher.customer_id as to_customer_id,
        to_voucher.currency as to_currency,
        to_voucher.nature as to_nature,
        to_voucher.item_kind as to_item_kind,
        to_voucher.is_domestic as to_is_domestic,
        cast(null as {{ dbt.type_string() }}) as from_customer_id,
        cast(null as {{ dbt.type_string() }}) as from_currency,
        cast(null as {{ dbt.type_string() }}) as from_item_kind,
        to_voucher.is_bill as to_is_bill,
        cast(null as boolean) as from_is_bill,
        cast(null as boolean) as from_is_domestic,
        greatest(event.event_date, to_voucher.opened_on) as effective_date,
        to_voucher.voided_on,
        greatest(event.known_from, to_voucher.known_from) as piece_from,
        least(event.known_to, to_voucher.known_to) as piece_to
    from event
    inner join {{ ref('int_voucher__timing') }} as to_voucher
        on
            event.to_voucher_key = to_voucher.voucher_key
            and event.known_from < to_voucher.known_to
            and event.known_to > to_voucher.known_from
    where event.is_sink

),

piece as (

    select * from two_legged
    union all
    select * from sink

),

valued as (

    select
        *,
        -- the settled item is relieved of `amount` against its side; the used item by the same in
        -- its own currency
        cast(
            direction * amount * case when is_sink then -1 else -to_nature end as decimal(18, 2)
        ) as to_amount,
        cast(
            direction * to_nature
            * case when from_currency = to_currency then amount else from_amount end
                as decimal(18, 2)
        ) as used_amount,
        case
            when is_vanish then 'reversal'
            when is_reversal and from_kind = 'write_off' then 'write_off_recovery'
            when is_reversal then 'reversal'
            when is_sink then from_kind
            when to_nature > 0 and from_is_bill then 'bill_received'
            when to_nature > 0 and from_item_kind in ('receipt') then 'cash'
            when to_nature > 0 and from_item_kind = 'credit_note' then 'credit_note'
            when to_nature < 0 and to_is_bill then 'bill_received'
            when to_nature < 0 and to_item_kind in ('receipt') then 'cash'
            when to_nature < 0 and to_item_kind = 'credit_note' then 'credit_note'
            else 'offset'
        end as movement_kind,
        case when is_sink then true else coalesce(from_is_domestic, false)
            and coalesce(to_is_domestic, false) end
            as is_all_domestic
    from piece
    where
        (voided_on is null or voided_on > effective_date)
        -- missing_from_amount: cannot be valued on the used item; listed in mart_data_quality
        and (is_sink or from_currency = to_currency or from_amount is not null)

),

final as (

    select
        event_key,
        allocation_id,
        event_no,
        -- a difference that the source itself booked
        from_kind = 'fx_difference' as is_exchange_row,
        to_instalment_no,
        is_sink,
        functional_amount,
        direction,
        from_voucher_key,
        to_voucher_key,
        from_customer_id,
        to_customer_id,
        to_nature,
        to_amount,
        used_amount,
        movement_kind,
        is_all_domestic and coalesce(to_is_domestic, false) as is_all_domestic,
        effective_date,
        voided_on,
        piece_from as known_from,
        piece_to as known_to,
        _load_id,
        _row
    from valued

)

select * from final
