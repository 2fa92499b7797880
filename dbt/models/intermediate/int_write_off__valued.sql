{{ config(materialized='table') }}

{#- What was lost by writing receivables off for credit reasons, and what came back of it, in document,
    functional and, at the closing rate of the day, reporting currency. A customer's credit that is
    written off is a loss below 0. NULL where there is no rate. -#}
with

movement as (

    select
        movement.open_item_id,
        movement.company_code,
        movement.customer_id,
        movement.effective_date,
        movement.currency,
        movement.movement_kind,
        case when movement.movement_kind = 'write_off' then -1 else 1 end as direction,
        movement.amount_document,
        movement.amount_functional
    from {{ ref('fct_receivable_movement') }} as movement
    left join {{ ref('int_write_off__reason') }} as reason
        on
            movement.open_item_id = reason.open_item_id
            and movement.allocation_id = reason.allocation_id
    where
        movement.known_to = {{ end_of_time() }}
        and movement.movement_kind in ('write_off', 'write_off_recovery')
        and coalesce(reason.is_credit_loss, true)

),

final as (

    select
        movement.open_item_id,
        movement.company_code,
        movement.customer_id,
        movement.effective_date,
        movement.movement_kind,
        movement.direction * movement.amount_document as amount_document,
        movement.direction * movement.amount_functional as amount_functional,
        {{ money_times_rate('movement.direction * movement.amount_document',
            'rate.rate_to_reporting') }} as amount_reporting
    from movement
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            movement.company_code = rate.company_code
            and movement.currency = rate.currency
            and movement.effective_date = rate.day

)

select * from final
