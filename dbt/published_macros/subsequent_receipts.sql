-- 期后回款: of the items open at the end of day `as_of`, what became of each by the end of `until`, as known now:
-- open = received + bill + settlement + earlier credit + credit note + written off + other + still open, item by item.
-- `settlement` is what a source only calls cleared, without saying by what.
-- A bill brings cash when we are paid for it; one that is received, or that others are paid for, brings none. Money that
-- was there on `as_of` and was only applied since is no receipt afterwards. What was applied and undone again since is
-- neither; what had been applied before and was undone since is under other.
create or replace macro marts.subsequent_receipts(as_of, until) as table
with open_now as (
    select * from marts.open_items_as_of(as_of) where open_amount_document > 0
),
movement as (
    select
        movement.open_item_id,
        movement.effective_date,
        movement.receivable_class,
        movement.movement_kind,
        movement.allocation_id,
        movement.counterpart_open_item_id,
        movement.amount_document,
        coalesce(counterpart.posting_date <= cast(as_of as date), false) as is_earlier_credit,
        coalesce(
            min(case when movement.movement_kind not in ('reversal', 'fx_difference') then movement.movement_kind end)
                over (partition by movement.open_item_id, movement.allocation_id),
            min(case when movement.movement_kind not in ('reversal', 'fx_difference') then movement.movement_kind end)
                over (partition by movement.open_item_id, movement.counterpart_open_item_id)
        ) as undone_kind,
        coalesce(
            min(case when movement.movement_kind not in ('reversal', 'fx_difference') then movement.effective_date end)
                over (partition by movement.open_item_id, movement.allocation_id),
            min(case when movement.movement_kind not in ('reversal', 'fx_difference') then movement.effective_date end)
                over (partition by movement.open_item_id, movement.counterpart_open_item_id)
        ) as undone_date
    from open_now
    inner join marts.fct_receivable_movement as movement on open_now.open_item_id = movement.open_item_id
    left join marts.fct_open_item as counterpart on movement.counterpart_open_item_id = counterpart.open_item_id
    where
        movement.known_to = timestamp '9999-12-31 00:00:00'
        and movement.effective_date <= cast(until as date)
),
since as (
    select
        open_item_id,
        effective_date,
        counterpart_open_item_id,
        -amount_document as amount,
        case
            when movement_kind = 'bill_honoured' and receivable_class = 'bill' then 'cash'
            when movement_kind <> 'reversal' then movement_kind
            when allocation_id is not null and undone_date > cast(as_of as date) then undone_kind
            else 'other'
        end as means,
        is_earlier_credit
    from movement
    where effective_date > cast(as_of as date)
),
-- by what settled it, so that money applied and taken back again leaves no date behind
means as (
    select
        open_item_id,
        means,
        is_earlier_credit,
        sum(amount) as amount,
        max(effective_date) filter (where amount > 0) as last_on
    from since
    group by open_item_id, means, is_earlier_credit, counterpart_open_item_id
),
settled as (
    select
        open_item_id,
        sum(amount) as amount,
        sum(amount) filter (where means = 'cash' and not is_earlier_credit) as received,
        sum(amount) filter (where means = 'bill_received' and not is_earlier_credit) as by_bill,
        sum(amount) filter (where means = 'settlement') as cleared,
        sum(amount) filter (where means in ('cash', 'bill_received', 'credit_note') and is_earlier_credit) as earlier,
        sum(amount) filter (where means = 'credit_note' and not is_earlier_credit) as credited,
        sum(amount) filter (where means in ('write_off', 'write_off_recovery')) as written_off,
        sum(amount) filter (
            where means not in
                ('cash', 'bill_received', 'settlement', 'credit_note', 'write_off', 'write_off_recovery')
        ) as other,
        max(last_on) filter (where means = 'cash' and not is_earlier_credit and amount > 0) as last_received_on
    from means
    group by open_item_id
)
select
    open_now.open_item_id,
    open_now.company_code,
    open_now.customer_id,
    open_now.document_id,
    open_now.currency,
    open_now.open_amount_document,
    cast(coalesce(settled.received, 0) as decimal(18, 2)) as received_amount_document,
    settled.last_received_on,
    cast(coalesce(settled.by_bill, 0) as decimal(18, 2)) as bill_amount_document,
    cast(coalesce(settled.cleared, 0) as decimal(18, 2)) as settlement_amount_document,
    cast(coalesce(settled.earlier, 0) as decimal(18, 2)) as earlier_credit_amount_document,
    cast(coalesce(settled.credited, 0) as decimal(18, 2)) as credit_note_amount_document,
    cast(coalesce(settled.written_off, 0) as decimal(18, 2)) as written_off_amount_document,
    cast(coalesce(settled.other, 0) as decimal(18, 2)) as other_amount_document,
    cast(open_now.open_amount_document - coalesce(settled.amount, 0) as decimal(18, 2)) as still_open_amount_document
from open_now
left join settled on open_now.open_item_id = settled.open_item_id;
