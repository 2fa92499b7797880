{{ config(materialized='table') }}

{#- The receivables that were open again because a bill came back after the day on which it was
    provisioned: what of each is still open, and what was written off for credit reasons since. Of
    several bills that come back to one receivable each has its share. Bills that came back are few.
    -#}
with

bill as (

    select distinct
        item.months_back,
        item.day,
        item.company_code,
        item.document_id,
        receipt.open_item_id as receipt_open_item_id
    from {{ ref('int_provision__item') }} as item
    inner join {{ ref('fct_open_item') }} as receipt
        on
            item.company_code = receipt.company_code
            and item.document_id = receipt.document_id
            and receipt.item_kind = 'receipt'
    where item.months_back > 0 and item.receivable_class in ('bill', 'bill_transferred')

),

came_back as (

    select
        bill.months_back,
        bill.company_code,
        bill.document_id,
        movement.open_item_id,
        sum(movement.amount_document) as reopened
    from bill
    inner join {{ ref('fct_receivable_movement') }} as movement
        on
            bill.receipt_open_item_id = movement.counterpart_open_item_id
            and movement.effective_date > bill.day
            and movement.effective_date <= {{ as_of() }}
    where
        movement.known_to = {{ end_of_time() }}
        and movement.movement_kind = 'reversal'
        and movement.amount_document > 0
    group by bill.months_back, bill.company_code, bill.document_id, movement.open_item_id

),

vantage as (

    select * from {{ ref('int_provision__vantage') }}

),

lost as (

    select
        came_back.months_back,
        came_back.open_item_id,
        -sum(movement.amount_document) as written_off
    from (select distinct months_back, open_item_id from came_back) as came_back
    inner join vantage
        on came_back.months_back = vantage.months_back
    inner join {{ ref('fct_receivable_movement') }} as movement
        on
            came_back.open_item_id = movement.open_item_id
            and movement.effective_date > vantage.day
            and movement.effective_date <= {{ as_of() }}
    left join {{ ref('int_write_off__reason') }} as reason
        on
            movement.open_item_id = reason.open_item_id
            and movement.allocation_id = reason.allocation_id
    where
        movement.known_to = {{ end_of_time() }}
        and movement.movement_kind in ('write_off', 'write_off_recovery')
        and coalesce(reason.is_credit_loss, true)
    group by came_back.months_back, came_back.open_item_id

),

shared as (

    select
        *,
        sum(reopened) over (partition by months_back, open_item_id) as reopened_by_all
    from came_back

),

final as (

    select
        shared.months_back,
        shared.company_code,
        shared.document_id,
        shared.open_item_id,
        shared.reopened,
        {% for part, amount in [('still_open', 'balance.open_amount_document'),
            ('written_off', 'lost.written_off')] -%}
        cast(
            least(
                shared.reopened,
                greatest(
                    coalesce(
                        {{ money_share(amount, 'shared.reopened', 'shared.reopened_by_all') }}, 0
                    ), 0
                )
            ) as decimal(18, 2)
        ) as {{ part }}{{ ',' if not loop.last }}
        {% endfor %}
    from shared
    left join {{ ref('fct_open_item_balance') }} as balance
        on
            shared.open_item_id = balance.open_item_id
            and balance.known_to = {{ end_of_time() }}
            and balance.effective_from <= {{ as_of() }}
            and balance.effective_to > {{ as_of() }}
    left join lost
        on {{ equal_key('shared', 'lost', ['months_back', 'open_item_id']) }}

)

select * from final
