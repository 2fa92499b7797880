{{ config(materialized='table') }}

{#- What changed the balance of an item that bears interest, on the day from which it counts for the
    debtor: cash on the receipt's own date, a bill on the day it was received, a credit note on its
    own date, whenever they were applied; all else on its effective date (DECISIONS 35). -#}
with

movement as (

    select
        movement.open_item_id,
        movement.counterpart_open_item_id,
        -- a claim is as old as its document, however late that was posted
        case when movement.movement_kind = 'billed' then item.document_date
            else movement.effective_date end
            as own_date,
        movement.amount_document
    from {{ ref('fct_receivable_movement') }} as movement
    inner join {{ ref('int_late_interest__item') }} as item
        on movement.open_item_id = item.open_item_id
    where movement.known_to = {{ end_of_time() }} and movement.effective_date <= {{ as_of() }}

),

credit as (

    select
        open_item_id,
        document_date
    from {{ ref('fct_open_item') }}
    where is_current and item_kind in ('receipt', 'credit_note')

),

dated as (

    select
        movement.open_item_id,
        least(movement.own_date, coalesce(credit.document_date, movement.own_date)) as value_date,
        movement.amount_document
    from movement
    left join credit
        on movement.counterpart_open_item_id = credit.open_item_id

),

final as (

    select
        open_item_id,
        value_date,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document
    from dated
    group by open_item_id, value_date
    having sum(amount_document) <> 0

)

select * from final
