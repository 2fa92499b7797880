"""How one customer pays: habits, settlements one by one, where the days go, when payment is expected.

Belongs here: payments and predictions of a customer. Must not: its items, its grade.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dashboards.data.customer import Customer, key
from dashboards.data.exact import at_rate
from dashboards.data.release import Release, Row, fetch
from dashboards.data.scope import KNOWN_NOW

MOST_SETTLEMENTS = 1_000
HABIT_WINDOW = "12_months"


class Payments(NamedTuple):
    """Payments of a customer since a day.

    `rows` are the newest first; of very many the largest. `payment_count` and `median_days_late` are of all of them,
    the median as in mart_payment_behaviour: the smallest number of days that half of the payments do not exceed. The
    amounts are those of the last twelve months, in reporting currency.
    """

    rows: list[Row]
    payment_count: int
    median_days_late: int | None
    year_paid: Decimal
    year_paid_by_bill: Decimal


# One row per item and what paid it, with what is left after undoing, as mart_delay_decomposition counts them: cash on
# the receipt's own day, a bill on the day it came, and where a source only tells of a clearing that day. Late is
# counted from the policy due date that was in force on the day of payment.
_SETTLED = f"""
with

own as materialized (

    select open_item_id, item_kind, document_id, instalment_no, document_date, due_date, currency
    from marts.fct_open_item
    where company_code = $company_code and customer_id = $customer_id and is_current

),

moved as materialized (

    select
        open_item_id,
        counterpart_open_item_id,
        effective_date,
        movement_kind,
        amount_document
    from marts.fct_receivable_movement
    where
        company_code = $company_code and customer_id = $customer_id
        and receivable_class = 'trade'
        -- what pays an item has a receipt on its other side; a settlement is paid by means that nobody tells
        and (
            movement_kind = 'settlement'
            or (movement_kind in ('cash', 'bill_received', 'reversal') and counterpart_open_item_id is not null)
        )
        and effective_date <= cast($as_of as date)
        and known_to > cast($known_at as timestamp)

),

foreign_receipt as materialized (

    -- somebody else paid: these few are looked up among the items of all customers
    select distinct moved.counterpart_open_item_id
    from moved
    anti join own on moved.counterpart_open_item_id = own.open_item_id
    where moved.counterpart_open_item_id is not null

),

receipt as (

    select open_item_id, document_id, document_date
    from own
    where item_kind = 'receipt'
    union all
    select item.open_item_id, item.document_id, item.document_date
    from foreign_receipt
    inner join marts.fct_open_item as item on foreign_receipt.counterpart_open_item_id = item.open_item_id
    where item.item_kind = 'receipt'

),

leg as (

    select
        moved.open_item_id,
        receipt.open_item_id as receipt_item_id,
        receipt.document_id as receipt_id,
        coalesce(receipt.document_date, moved.effective_date) as paid_on,
        -sum(moved.amount_document) as amount_document,
        bool_or(moved.movement_kind = 'bill_received') as is_bill
    from moved
    left join receipt on moved.counterpart_open_item_id = receipt.open_item_id
    where moved.movement_kind = 'settlement' or receipt.open_item_id is not null
    group by all
    having sum(moved.amount_document) < 0

),

settled as (

    select
        leg.paid_on,
        item.document_id,
        item.instalment_no,
        item.document_date,
        coalesce(balance.due_date, item.due_date) as due_date,
        date_diff('day', coalesce(balance.due_date, item.due_date), leg.paid_on) as days_after_due,
        leg.receipt_id,
        item.currency,
        leg.amount_document,
        {at_rate("leg.amount_document")} as amount_reporting,
        leg.is_bill
    from leg
    inner join own as item on leg.open_item_id = item.open_item_id
    left join marts.fct_open_item_balance as balance
        on leg.open_item_id = balance.open_item_id
        and balance.company_code = $company_code and balance.customer_id = $customer_id
        and leg.paid_on >= balance.effective_from and leg.paid_on < balance.effective_to
        and balance.known_to > cast($known_at as timestamp)
    left join marts.fct_closing_rate as rate
        on rate.company_code = $company_code and item.currency = rate.currency and leg.paid_on = rate.day
    where item.item_kind in ('invoice', 'debit_note', 'interest', 'unbilled', 'opening_balance')
        and leg.paid_on >= item.document_date
        and leg.paid_on between cast($first_day as date) and cast($as_of as date)

)
"""


def payments(release: Release, customer: Customer, *, first_day: date, year_from: date) -> Payments:
    """Payments of the customer's items since `first_day`, and what of them came since `year_from`."""
    rows = fetch(
        release,
        f"""{_SETTLED}
select *
from (
    select
        *,
        count(*) over () as payment_count,
        quantile_disc(days_after_due, 0.5) over () as median_days_late,
        sum(amount_reporting) filter (where paid_on >= cast($year_from as date)) over () as year_paid,
        sum(amount_reporting) filter (where paid_on >= cast($year_from as date) and is_bill) over ()
            as year_paid_by_bill
    from settled
    order by amount_reporting desc nulls last, paid_on desc, document_id, instalment_no, receipt_id
    limit {MOST_SETTLEMENTS}
)
order by paid_on desc, document_id, instalment_no, receipt_id""",
        **key(customer),
        as_of=release.as_of,
        known_at=KNOWN_NOW,
        first_day=first_day,
        year_from=year_from,
    )
    if not rows:
        return Payments([], 0, None, Decimal(0), Decimal(0))
    return Payments(
        rows=rows,
        payment_count=rows[0]["payment_count"],
        median_days_late=rows[0]["median_days_late"],
        year_paid=rows[0]["year_paid"] or Decimal(0),
        year_paid_by_bill=rows[0]["year_paid_by_bill"] or Decimal(0),
    )


def habits(release: Release, customer: Customer, *, days: tuple[date, ...]) -> dict[date, Row]:
    """How the customer paid in the twelve months to each of some days; a day is missing where nothing is told of it."""
    rows = fetch(
        release,
        """
select *
from marts.mart_payment_behaviour
where company_code = $company_code and customer_id = $customer_id and window_name = $window
    and list_contains(cast($days as date[]), as_of_day)""",
        **key(customer),
        window=HABIT_WINDOW,
        days=list(days),
    )
    return {row["as_of_day"]: row for row in rows}


def promises_kept(release: Release, customer: Customer) -> Row | None:
    """Promises of the last twelve months that have fallen due, by what became of them."""
    rows = fetch(
        release,
        """
select *
from marts.mart_promise_customer
where company_code = $company_code and customer_id = $customer_id and promise_window = '12_months'""",
        **key(customer),
    )
    return rows[0] if rows else None


def delays(release: Release, customer: Customer) -> list[Row]:
    """Where the days go: the customer of late and over a year, and its company's other customers, as far as seen."""
    return fetch(
        release,
        """
with

counted as (

    select
        case when customer_id = $customer_id then 'customer' else 'others' end as whose,
        *
    from marts.mart_delay_decomposition
    where company_code = $company_code and window_name in ('last_90_days', 'last_12_months')

)

select
    whose,
    window_name,
    max(window_from) as window_from,
    sum(payment_count) as payment_count,
    sum(delivery_unknown_count) as delivery_unknown_count,
    cast(sum(billing_lag_amount_days) / sum(paid_amount_reporting) as decimal(18, 6)) as billing_lag,
    cast(sum(terms_amount_days) / sum(paid_amount_reporting) as decimal(18, 6)) as terms,
    cast(sum(late_amount_days) / sum(paid_amount_reporting) as decimal(18, 6)) as late,
    cast(sum(bill_term_amount_days) / sum(paid_amount_reporting) as decimal(18, 6)) as bill_term,
    cast(sum(application_lag_amount_days) / sum(paid_amount_reporting) as decimal(18, 6)) as application_lag
from counted
where whose = 'customer' or window_name = 'last_12_months'
group by whose, window_name
having sum(paid_amount_reporting) > 0
order by whose, window_name desc""",
        **key(customer),
    )


def expected_payment(release: Release, customer: Customer) -> Row | None:
    """When half of what is overdue (of what is open, where nothing is overdue) is expected to be paid, and its band.

    Each day is the one by which items of half the amount have reached their own predicted day: the middle one, or an
    end of their 80 % band. The reason is that of the largest item.
    """
    rows = fetch(
        release,
        """
with

predicted as (

    select
        *,
        coalesce(open_amount_reporting, 0) as amount,
        due_date < cast($as_of as date) as is_overdue
    from marts.mart_payment_prediction
    where company_code = $company_code and customer_id = $customer_id

),

chosen as (

    select *
    from predicted
    where is_overdue = (select bool_or(is_overdue) from predicted)

),

day as (

    select 'low' as name, pay_date_p10 as day, amount from chosen
    union all
    select 'middle' as name, pay_date_p50 as day, amount from chosen
    union all
    select 'high' as name, pay_date_p90 as day, amount from chosen

),

reached as (

    select
        name,
        day,
        2 * sum(amount) over (partition by name order by day) >= sum(amount) over (partition by name) as is_half
    from day

),

largest as (

    select *
    from chosen
    order by amount desc, due_date, open_item_id
    limit 1

)

select
    min(reached.day) filter (where reached.name = 'low' and reached.is_half) as low,
    min(reached.day) filter (where reached.name = 'middle' and reached.is_half) as middle,
    min(reached.day) filter (where reached.name = 'high' and reached.is_half) as high,
    max(largest.reasons_zh) as reasons_zh,
    max(largest.reasons_en) as reasons_en,
    bool_or(largest.is_overdue) as is_of_overdue
from reached
cross join largest
having count(*) > 0""",
        **key(customer),
        as_of=release.as_of,
    )
    return rows[0] if rows else None
