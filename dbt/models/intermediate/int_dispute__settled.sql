{{ config(materialized='table') }}

{#- How each closed dispute ended, read off what settled its items from the day it was opened to the
    day it was closed; the credit note that it ended in may follow some days later. Credits settle
    what was contested, payments what was not first; what of it is still owed was withdrawn
    (DECISIONS 37). -#}
with

dispute as (

    select *
    from {{ ref('stg_landing__dispute') }}
    where
        not is_deleted and known_to = {{ end_of_time() }}
        and closed_on <= {{ as_of() }}

),

item as (

    select
        dispute.company_code,
        dispute.dispute_id,
        dispute.amount,
        dispute.opened_on,
        dispute.closed_on,
        item.open_item_id
    from dispute
    inner join {{ ref('fct_open_item') }} as item
        on
            dispute.company_code = item.company_code
            and dispute.document_id = item.document_id
            and (dispute.instalment_no is null or dispute.instalment_no = item.instalment_no)
            and item.is_current
            and item.item_kind not in ('receipt', 'refund', 'bill')

),

-- an application that was undone in between settled nothing
application as (

    select
        item.company_code,
        item.dispute_id,
        movement.allocation_id,
        coalesce(reversal.meant_kind, movement.movement_kind) as movement_kind,
        -sum(movement.amount_document) as amount_document,
        -sum(case when movement.effective_date > item.closed_on then movement.amount_document
            else 0 end) as amount_after_closing
    from item
    inner join {{ ref('fct_receivable_movement') }} as movement
        on item.open_item_id = movement.open_item_id
    left join {{ ref('int_reversal__meant') }} as reversal
        on
            movement.movement_kind = 'reversal'
            and movement.open_item_id = reversal.open_item_id
            and movement.allocation_id = reversal.allocation_id
    where
        movement.known_to = {{ end_of_time() }}
        and movement.allocation_id is not null
        and movement.effective_date >= item.opened_on
        and movement.effective_date <= {{ as_of() }}
        and movement.effective_date <= {{ add_days(
            'item.closed_on', policy_value('dispute_credit_days')
        ) }}
    group by
        item.company_code, item.dispute_id, movement.allocation_id,
        coalesce(reversal.meant_kind, movement.movement_kind)

),

settled as (

    select
        company_code,
        dispute_id,
        sum(case when movement_kind = 'credit_note' then amount_document else 0 end) as credited,
        sum(case when movement_kind = 'credit_note' then amount_after_closing else 0 end)
            as credited_after_closing,
        sum(
            case when movement_kind in ('cash', 'bill_received', 'settlement')
                then amount_document - amount_after_closing else 0 end
        ) as paid,
        sum(amount_document - amount_after_closing) as settled
    from application
    group by company_code, dispute_id

),

left_open as (

    select
        item.company_code,
        item.dispute_id,
        sum(balance.open_amount_document) as open_amount
    from item
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            item.open_item_id = balance.open_item_id
            and balance.effective_from <= item.closed_on
            and balance.effective_to > item.closed_on
    where balance.known_to = {{ end_of_time() }}
    group by item.company_code, item.dispute_id

),

measured as (

    select
        dispute.company_code,
        dispute.dispute_id,
        dispute.amount,
        greatest(coalesce(left_open.open_amount, 0), 0) as open_on_closing,
        coalesce(settled.settled, 0) as settled,
        greatest(coalesce(settled.credited, 0), 0) as credited,
        coalesce(settled.credited_after_closing, 0) as credited_after_closing,
        greatest(coalesce(settled.paid, 0), 0) as paid
    from dispute
    left join settled
        on
            dispute.company_code = settled.company_code
            and dispute.dispute_id = settled.dispute_id
    left join left_open
        on
            dispute.company_code = left_open.company_code
            and dispute.dispute_id = left_open.dispute_id

),

contested as (

    select
        *,
        greatest(
            least(coalesce(amount, open_on_closing + settled), open_on_closing + settled), 0
        ) as contested_amount
    from measured

),

credited as (

    select
        *,
        least(credited, contested_amount) as credited_amount
    from contested

),

withdrawn as (

    select
        *,
        least(
            contested_amount - credited_amount,
            greatest(open_on_closing - credited_after_closing, 0)
        ) as withdrawn_amount
    from credited

),

paid as (

    select
        *,
        least(
            greatest(paid - (open_on_closing + settled - contested_amount), 0),
            contested_amount - credited_amount - withdrawn_amount
        ) as paid_amount
    from withdrawn

),

rest as (

    select
        *,
        contested_amount - credited_amount - withdrawn_amount - paid_amount as other_amount
    from paid

),

final as (

    select
        company_code,
        dispute_id,
        contested_amount,
        credited_amount,
        paid_amount,
        other_amount,
        withdrawn_amount,
        case
            when contested_amount = 0 then 'unknown'
            when credited_amount = contested_amount then 'credited'
            when credited_amount > 0 then 'partly_credited'
            when withdrawn_amount >= greatest(paid_amount, other_amount) then 'withdrawn'
            when paid_amount >= other_amount then 'paid'
            else 'settled_otherwise'
        end as outcome
    from rest

)

select * from final
