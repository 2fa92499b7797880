{{ config(materialized='table') }}

{#- What each reversal of an application took back, as believed now: cash, a bill, a credit note, a
    discount ... It has the allocation of what it undoes, or one of its own, which then says what
    was used; the other side of the application tells where no allocation was delivered. -#}
with

movement as (

    select
        open_item_id,
        company_code,
        allocation_id,
        movement_kind,
        counterpart_open_item_id
    from {{ ref('fct_receivable_movement') }}
    where
        known_to = {{ end_of_time() }}
        and allocation_id is not null
        and amount_document <> 0

),

reversal as (

    select
        open_item_id,
        company_code,
        allocation_id,
        min(counterpart_open_item_id) as counterpart_open_item_id
    from movement
    where movement_kind = 'reversal'
    group by open_item_id, company_code, allocation_id

),

undone as (

    select
        movement.open_item_id,
        movement.allocation_id,
        min(movement.movement_kind) as movement_kind,
        min(movement.counterpart_open_item_id) as counterpart_open_item_id
    from movement
    inner join reversal
        on
            movement.open_item_id = reversal.open_item_id
            and movement.allocation_id = reversal.allocation_id
    where movement.movement_kind <> 'reversal'
    group by movement.open_item_id, movement.allocation_id

),

final as (

    select
        reversal.open_item_id,
        reversal.allocation_id,
        coalesce(reversal.counterpart_open_item_id, undone.counterpart_open_item_id)
            as counterpart_open_item_id,
        coalesce(
            undone.movement_kind,
            case
                when other.is_bill_receipt then 'bill_received'
                when coalesce(allocation.from_kind, other.item_kind) = 'receipt' then 'cash'
                when allocation.from_kind = 'document' then 'offset'
                when allocation.from_kind is not null then allocation.from_kind
                when other.item_kind = 'credit_note' then 'credit_note'
                when other.item_kind is not null then 'offset'
                else 'reversal'
            end
        ) as meant_kind
    from reversal
    left join undone
        on
            reversal.open_item_id = undone.open_item_id
            and reversal.allocation_id = undone.allocation_id
    left join {{ ref('fct_allocation') }} as allocation
        on
            reversal.company_code = allocation.company_code
            and reversal.allocation_id = allocation.allocation_id
    left join {{ ref('int_kpi__item') }} as other
        on reversal.counterpart_open_item_id = other.open_item_id

)

select * from final
