"""What is known of customers beside the balance: who looks after them, when they paid, what they promised.

Belongs here: facts and movements of customers. Must not: aggregate open items (aging.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.data.aging import items_in
from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row, fetch, fetch_whole
from dashboards.data.scope import KNOWN_NOW, Scope


def facts(
    release: Release, scope: Scope, *, customers: Sequence[Customer] | None = None
) -> dict[Customer, Row]:
    """Collector, salesperson, last payment and next promise on the as-of date, of some customers or (None) of all.

    A payment is a receipt that had not been reversed (bounced, cancelled) by then, a bill on the day it came. The next
    promise is the earliest one from the as-of date on, for the account or for a document still open; an extension is
    a due date, not one.
    """
    named = {
        f"customer_{number}": code for number, code in enumerate(sorted({c[1] for c in customers or ()}))
    }
    of_some = "" if customers is None else _one_of(", ".join(f"${name}" for name in named) or "null")
    rows = fetch(
        release,
        f"""
with

movement as materialized (

    -- narrow comparisons first: which open item a movement is of is read for the few that are left
    select company_code, customer_id, open_item_id, effective_date, movement_kind, amount_document
    from marts.fct_receivable_movement
    where allocation_id is null
        and movement_kind in ('cash', 'bill_received', 'reversal', 'bill_dishonoured', 'bill_returned')
        and effective_date <= cast($as_of as date)
        and known_from <= cast($known_at as timestamp)
        and known_to > cast($known_at as timestamp)
        {of_some}

),

receipt as (

    -- the movements that a receipt itself made; an application to a document is not a payment
    select
        company_code,
        customer_id,
        open_item_id,
        min(effective_date) filter (where movement_kind in ('cash', 'bill_received')) as paid_on
    from movement
    where split_part(open_item_id, '|', 2) = 'R'
    group by company_code, customer_id, open_item_id
    having sum(amount_document) < 0

),

payment as (

    select company_code, customer_id, max(paid_on) as last_payment_on
    from receipt
    group by company_code, customer_id

),

open_document as (

    select distinct company_code, document_id
    from marts.fct_open_item_balance
    where effective_from <= cast($as_of as date)
        and effective_to > cast($as_of as date)
        and known_from <= cast($known_at as timestamp)
        and known_to > cast($known_at as timestamp)
        and open_amount_document > 0
        {of_some}

),

promise as (

    select promise.company_code, promise.customer_id, min(promise.promised_date) as next_promise_on
    from marts.fct_promise as promise
    left join open_document
        on promise.company_code = open_document.company_code
        and promise.document_id = open_document.document_id
    where coalesce(promise.kind, 'promise') != 'extension'
        and promise.promised_date >= cast($as_of as date)
        and coalesce(promise.made_on, promise.promised_date) <= cast($as_of as date)
        and (promise.cancelled_on is null or promise.cancelled_on > cast($as_of as date))
        and promise.known_from <= cast($known_at as timestamp)
        and (promise.document_id is null or open_document.document_id is not null)
    group by promise.company_code, promise.customer_id

)

select
    customer.company_code,
    customer.customer_id,
    customer.collector,
    customer.sales_owner,
    payment.last_payment_on,
    promise.next_promise_on
from marts.dim_customer as customer
left join payment
    on customer.company_code = payment.company_code and customer.customer_id = payment.customer_id
left join promise
    on customer.company_code = promise.company_code and customer.customer_id = promise.customer_id
where true {of_some.replace("customer_id in", "customer.customer_id in")}""",
        as_of=scope.as_of,
        known_at=scope.known_at or KNOWN_NOW,
        **named,
    )
    return {(row["company_code"], row["customer_id"]): row for row in rows}


def _one_of(names: str) -> str:
    """Condition on ids alone; the company decides at the end.

    It says so twice: by a list of values the large tables skip the parts where none of them is, by a relation the rows
    of the others are compared while they are read.
    """
    return f"and customer_id in ({names}) and customer_id in (select unnest([{names}]))"


def received_since(release: Release, scope: Scope) -> list[Row]:
    """Of the items open in a scope, what was settled in cash after its as-of date and by the release's own."""
    # the macro knows present knowledge only, so both sides are read at it
    items = items_in(release, scope.changed(known_at=None, presentation="gross"))
    sql = f"""{items.text}
select
    item.company_code,
    item.customer_id,
    item.customer_name,
    item.document_id,
    item.instalment_no,
    item.due_date,
    item.days_past_due,
    item.currency,
    receipt.open_amount_document,
    receipt.received_amount_document,
    receipt.open_amount_document - receipt.received_amount_document as remaining_amount_document,
    receipt.last_received_on
from marts.subsequent_receipts(cast($as_of as date), cast($until as date)) as receipt
inner join item on receipt.open_item_id = item.open_item_id
order by item.company_code, item.customer_id, item.due_date, item.open_item_id"""
    return fetch_whole(release, sql, **items.parameters, until=release.as_of)
