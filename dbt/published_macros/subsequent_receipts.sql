-- 期后回款: of the items open at the end of day `as_of`, what was settled in cash after it and by the end of `until`.
-- A bill brings cash when we are paid for it; one that is received, or that others are paid for, brings none.
create or replace macro marts.subsequent_receipts(as_of, until) as table
select
    open_now.open_item_id,
    open_now.company_code,
    open_now.customer_id,
    open_now.document_id,
    open_now.currency,
    open_now.open_amount_document,
    cast(coalesce(-sum(movement.amount_document), 0) as decimal(18, 2)) as received_amount_document,
    max(movement.effective_date) as last_received_on
from marts.open_items_as_of(as_of) as open_now
left join marts.fct_receivable_movement as movement
    on
        open_now.open_item_id = movement.open_item_id
        and movement.known_to = timestamp '9999-12-31 00:00:00'
        and (
            movement.movement_kind = 'cash'
            or (movement.movement_kind = 'bill_honoured' and movement.receivable_class = 'bill')
        )
        and movement.effective_date > cast(as_of as date)
        and movement.effective_date <= cast(until as date)
where open_now.open_amount_document > 0
group by
    open_now.open_item_id, open_now.company_code, open_now.customer_id, open_now.document_id, open_now.currency,
    open_now.open_amount_document;
