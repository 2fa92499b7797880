{{ config(materialized='table') }}

{#- What is told of every bill receipt, in the order in which it acts, once per knowledge epoch of
    its bill (L9: an event is a fact, so one that is corrected or gone restates the past). Receipts
    that share a bill share each event in proportion to their amounts, by cumulative rounding.
    Three things follow without an event: a bill that the receipt says was cleared is paid, not
    before it matures, where no event tells how it ended; a bill passed on with recourse ends at
    maturity, or with the last thing told of it; a receipt that is bounced or cancelled ends its
    bill. -#}
{%- set ends = "('honoured', 'dishonoured', 'returned')" -%}
with

receipt as (

    select * from {{ ref('int_bill__receipt') }}

),

bill as (

    select distinct company_code, bill_key
    from receipt

),

event as (

    select
        bill.company_code,
        bill.bill_key,
        event.event_date,
        event.kind,
        -- who signs a bill on answers for it unless it says otherwise
        event.kind in ('endorsed', 'discounted') and coalesce(event.with_recourse, true)
            as is_with_recourse,
        event.amount,
        event.known_from,
        event.known_to,
        event._load_id,
        event._row
    from {{ ref('stg_landing__bill_event') }} as event
    inner join bill
        on event.company_code = bill.company_code and 'B|' || event.bill_id = bill.bill_key
    where
        not event.is_deleted
        and event.kind in
        ('endorsed', 'discounted', 'honoured', 'dishonoured', 'returned', 'pledged')

),

epoch as (

    {{ knowledge_epochs(['company_code', 'bill_key'], ['receipt', 'event'],
        'epoch_from', 'epoch_to') }}

),

member as (

    select
        receipt.*,
        epoch.epoch_from,
        epoch.epoch_to,
        sum(receipt.amount) over whole as bill_amount,
        sum(receipt.amount) over (
            whole order by receipt.receipt_id rows between unbounded preceding and current row
        ) as amount_upto
    from epoch
    inner join receipt
        on
            epoch.company_code = receipt.company_code
            and epoch.bill_key = receipt.bill_key
            and receipt.known_from <= epoch.epoch_from
            and receipt.known_to > epoch.epoch_from
    window whole as (partition by epoch.company_code, epoch.bill_key, epoch.epoch_from)

),

shared as (

    select
        member.voucher_key,
        member.epoch_from,
        greatest(event.event_date, member.opened_on) as effective_date,
        event.event_date,
        event.kind,
        event.is_with_recourse,
        {{ money_share('event.amount', 'member.amount_upto', 'member.bill_amount') }}
        - {{ money_share('event.amount', '(member.amount_upto - member.amount)',
            'member.bill_amount') }} as amount,
        event._load_id,
        event._row
    from member
    inner join event
        on
            member.company_code = event.company_code
            and member.bill_key = event.bill_key
            and event.known_from <= member.epoch_from
            and event.known_to > member.epoch_from

),

last_told as (

    select
        voucher_key,
        epoch_from,
        max(effective_date) as effective_date,
        max(case when kind in {{ ends }} then 1 else 0 end) as is_end_told
    from shared
    -- who pledges a bill still holds it
    where kind <> 'pledged'
    group by voucher_key, epoch_from

),

-- step_no orders what happens on one day: received, passed on, ended
step as (

    select
        voucher_key, epoch_from, opened_on as effective_date, opened_on as event_date, 0 as step_no,
        'received' as kind, false as is_with_recourse, amount, _load_id, _row
    from member
    union all
    select
        voucher_key, epoch_from, effective_date, event_date,
        case kind when 'endorsed' then 1 when 'discounted' then 2 when 'honoured' then 3
            when 'dishonoured' then 4 else 5 end as step_no,
        kind, is_with_recourse, amount, _load_id, _row
    from shared
    union all
    select
        member.voucher_key, member.epoch_from,
        greatest(member.opened_on, member.cleared_on, member.maturity_date) as effective_date,
        member.cleared_on as event_date, 3 as step_no,
        'honoured' as kind, false as is_with_recourse, member.amount, member._load_id, member._row
    from member
    left join last_told
        on member.voucher_key = last_told.voucher_key and member.epoch_from = last_told.epoch_from
    where member.cleared_on is not null and coalesce(last_told.is_end_told, 0) = 0
    union all
    select
        member.voucher_key, member.epoch_from,
        greatest(member.opened_on, member.maturity_date, last_told.effective_date)
            as effective_date,
        member.maturity_date as event_date, 6 as step_no,
        'matured' as kind, true as is_with_recourse, member.amount, member._load_id, member._row
    from member
    inner join last_told
        on member.voucher_key = last_told.voucher_key and member.epoch_from = last_told.epoch_from
    where member.maturity_date is not null
    union all
    select
        voucher_key, epoch_from, greatest(voided_on, opened_on) as effective_date,
        voided_on as event_date, 7 as step_no,
        'voided' as kind, false as is_with_recourse, amount, _load_id, _row
    from member
    where voided_on is not null

),

final as (

    select
        step.voucher_key,
        step.effective_date,
        step.kind,
        case when step.kind = 'voided' then member.voided_as else step.kind end as told_as,
        step.is_with_recourse,
        member.amount as receipt_amount,
        step.amount,
        row_number() over (
            partition by step.voucher_key, step.epoch_from
            order by step.effective_date, step.step_no, step.event_date
        ) as step_no,
        member.opened_on,
        member.maturity_date,
        member.epoch_from as known_from,
        member.epoch_to as known_to,
        step._load_id,
        step._row
    from step
    inner join member
        on step.voucher_key = member.voucher_key and step.epoch_from = member.epoch_from

)

select * from final
