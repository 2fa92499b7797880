{{ config(materialized='table') }}

{#- What settled the items of int_prediction__item, in the same money, as ever believed: on the day of the payment
    itself (accounting C5, C6), learnt on the day on which a delivery first told it and, where a later one took
    it back, unlearnt on that day. What was undone is a row with the other sign. Money and bills tell how a
    customer pays, and so does a clearing of which no more is told; what else settles an item ends it
    without saying so (`other`); an item that no delivery holds any more is ended by that. -#}
with

movement as (

    select
        open_item_id,
        company_code,
        counterpart_open_item_id,
        allocation_id,
        movement_kind,
        effective_date,
        -amount_document as amount_document,
        known_from,
        known_to
    from {{ ref('fct_receivable_movement') }}
    where
        receivable_class = 'trade'
        and movement_kind not in ('billed', 'class_transfer', 'fx_difference')
        and amount_document <> 0
        and effective_date <= {{ as_of() }}

),

dated as (

    select
        movement.*,
        least(coalesce(receipt.document_date, movement.effective_date), {{ as_of() }})
            as settled_on,
        greatest(
            movement.effective_date,
            {{ known_day_of('began', 'movement.known_from') }}
        ) as learnt_on,
        case
            when movement.known_to < {{ end_of_time() }}
                then {{ known_day_of('ended', 'movement.known_to') }}
        end as unlearnt_on
    from movement
    left join {{ ref('int_kpi__item') }} as receipt
        on
            movement.counterpart_open_item_id = receipt.open_item_id
            and receipt.item_kind = 'receipt'
    left join {{ ref('int_company__known_day') }} as began
        on
            movement.company_code = began.company_code
            and movement.known_from = began.known_at
    left join {{ ref('int_company__known_day') }} as ended
        on
            movement.company_code = ended.company_code
            and movement.known_to = ended.known_at

),

rate as (

    select
        company_code,
        currency,
        rate_to_reporting
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

settled as (

    select
        item.open_item_id,
        dated.settled_on,
        {{ money_times_rate('dated.amount_document', 'rate.rate_to_reporting') }} as amount,
        case
            when dated.movement_kind in ('cash', 'settlement') then 'cash'
            when dated.movement_kind = 'bill_received' then 'bill'
            when dated.movement_kind <> 'reversal' then 'other'
            when reversal.meant_kind in ('cash', 'settlement') then 'cash'
            when reversal.meant_kind = 'bill_received' then 'bill'
            else 'other'
        end as settled_kind,
        dated.learnt_on,
        dated.unlearnt_on
    from dated
    inner join {{ ref('int_prediction__item') }} as item
        on dated.open_item_id = item.open_item_id
    inner join rate
        on item.company_code = rate.company_code and item.currency = rate.currency
    left join {{ ref('int_reversal__meant') }} as reversal
        on
            dated.movement_kind = 'reversal'
            and dated.open_item_id = reversal.open_item_id
            and dated.allocation_id = reversal.allocation_id
    where dated.unlearnt_on is null or dated.unlearnt_on > dated.learnt_on

),

withdrawn as (

    select
        open_item_id,
        withdrawn_on as settled_on,
        amount,
        'other' as settled_kind,
        withdrawn_on as learnt_on,
        cast(null as date) as unlearnt_on
    from {{ ref('int_prediction__item') }}
    where withdrawn_on is not null

),

final as (

    select * from settled
    union all
    select * from withdrawn

)

select * from final
