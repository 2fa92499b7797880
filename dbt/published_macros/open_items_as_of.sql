-- Items open at the end of day `as_of`, as known now.
create or replace macro marts.open_items_as_of(as_of) as table
select
    open_item_id,
    company_code,
    customer_id,
    item_kind,
    document_id,
    instalment_no,
    due_date,
    date_diff('day', due_date, cast(as_of as date)) as days_past_due,
    currency,
    open_amount_document,
    open_amount_functional
from marts.fct_open_item_balance
where
    known_to = timestamp '9999-12-31 00:00:00'
    and effective_from <= cast(as_of as date)
    and effective_to > cast(as_of as date);
