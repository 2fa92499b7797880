{{ config(materialized='table') }}

{#- What settled debit items of class trade, as believed now, with both dates of it: the day it was
    applied and the day it was paid. Cash counts on the receipt's own date, a bill on the day it was
    received (accounting C5, C6); where a source only tells when something was cleared, that day
    stands in (`settlement`). What was undone is a leg with the other sign. `due_date` is the policy
    due date in force on the day of payment. -#}
with

movement as (

    select
        open_item_id,
        counterpart_open_item_id,
        allocation_id,
        effective_date,
        movement_kind,
        -amount_document as amount_document
    from {{ ref('fct_receivable_movement') }}
    where
        known_to = {{ end_of_time() }}
        and effective_date <= {{ as_of() }}
        and receivable_class = 'trade'
        and allocation_id is not null
        and movement_kind in (
            'cash', 'bill_received', 'reversal', 'settlement', 'write_off', 'write_off_recovery'
        )
        and amount_document <> 0

),

meant as (

    select
        movement.open_item_id,
        movement.counterpart_open_item_id as receipt_item_id,
        case
            when movement.movement_kind in ('cash', 'bill_received') then 'paid'
            when movement.movement_kind = 'reversal' and reversal.meant_kind not in (
                'settlement', 'write_off'
            )
                then 'paid'
            when movement.movement_kind = 'reversal' then reversal.meant_kind
            else movement.movement_kind
        end as means,
        movement.effective_date as applied_on,
        movement.amount_document
    from movement
    left join {{ ref('int_reversal__meant') }} as reversal
        on
            movement.movement_kind = 'reversal'
            and movement.open_item_id = reversal.open_item_id
            and movement.allocation_id = reversal.allocation_id

),

-- A recovery through receivables is one movement up and cash down on one day: that cash pays no
-- invoice in time or late (accounting D2).
recovered_day as (

    select
        open_item_id,
        applied_on,
        -sum(amount_document) as recovered_amount
    from meant
    where means = 'write_off_recovery'
    group by open_item_id, applied_on

),

in_line as (

    select
        meant.*,
        greatest(
            recovered_day.recovered_amount - coalesce(
                sum(meant.amount_document) over (
                    partition by meant.open_item_id, meant.applied_on
                    order by meant.receipt_item_id
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ),
            0
        ) as recovered_amount
    from meant
    inner join recovered_day
        on
            meant.open_item_id = recovered_day.open_item_id
            and meant.applied_on = recovered_day.applied_on
    where meant.means = 'paid' and meant.amount_document > 0

),

told as (

    select
        open_item_id, receipt_item_id, means, applied_on, amount_document
    from meant
    union all
    {% for means, sign in [('paid', '-'), ('recovered', '')] -%}
    select
        open_item_id,
        receipt_item_id,
        '{{ means }}' as means,
        applied_on,
        {{ sign }}least(recovered_amount, amount_document) as amount_document
    from in_line
    where recovered_amount > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        told.open_item_id,
        told.receipt_item_id,
        told.means,
        told.applied_on,
        coalesce(receipt.document_date, told.applied_on) as paid_on,
        coalesce(due.due_date, item.due_date) as due_date,
        cast(told.amount_document as decimal(18, 2)) as amount_document
    from told
    inner join {{ ref('int_kpi__item') }} as item
        on told.open_item_id = item.open_item_id
    left join {{ ref('int_kpi__item') }} as receipt
        -- a refund is no payment, nor is what undoes an offset against it
        on told.receipt_item_id = receipt.open_item_id and receipt.item_kind = 'receipt'
    left join {{ ref('int_kpi__due') }} as due
        on
            told.open_item_id = due.open_item_id
            and coalesce(receipt.document_date, told.applied_on) >= due.effective_from
            and coalesce(receipt.document_date, told.applied_on) < due.effective_to
    where
        item.is_debit
        and (told.means <> 'paid' or receipt.open_item_id is not null)

)

select * from final
