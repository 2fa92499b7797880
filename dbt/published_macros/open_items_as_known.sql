-- Items of every class open at the end of day `as_of`, as known at `known_at` (inclusive; a date means the end of that day).
create or replace macro marts.open_items_as_known(as_of, known_at) as table
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
    open_amount_functional,
    receivable_class
from marts.fct_open_item_balance
where
    effective_from <= cast(as_of as date)
    and effective_to > cast(as_of as date)
    and known_from <= marts.known_moment(known_at)
    and known_to > marts.known_moment(known_at);
