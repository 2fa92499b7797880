"""What changed overdue, and by how much: since the day reported last, and month by month.

Belongs here: sums of the overdue bridges on the policy due date, and the items that turned overdue. Must not: balances.
All amounts are in the reporting currency, without intragroup; opening + lines = closing.
"""

from __future__ import annotations

from datetime import date

from dashboards.data.exact import at_rate
from dashboards.data.overview import Where
from dashboards.data.rates import closing_rate
from dashboards.data.release import Release, Row, fetch

LINES = (
    "became_overdue", "billed_overdue", "reopened", "cash", "bill", "credit_note", "discount", "offset", "settlement",
    "extended", "due_date_changed", "write_off", "class_transfer", "over_allocated", "fx",
)  # fmt: skip
"""Lines of the bridge, in the order in which they are told."""
SINCE_REPORTED = (*LINES, "restated")
"""Lines since the day reported last: what was learnt about that day is one of them."""
NEW = ("became_overdue", "billed_overdue", "reopened")
"""Lines by which overdue grows."""


def since_reported(release: Release, where: Where) -> Row | None:
    """Opening, lines and closing since the day that each company had reported last; None where none had."""
    sums = ",\n    ".join(
        f"coalesce(sum({name}_reporting), 0) as {name}" for name in ("opening", *SINCE_REPORTED, "closing")
    )
    rows = fetch(
        release,
        f"""
select
    {sums},
    min(previous_day) as first_previous_day,
    max(previous_day) as previous_day
from marts.mart_overdue_change
where due_date_basis = 'policy' and not is_intragroup and {where.of("company_code")}
having count(*) > 0""",
        **where.parameters,
    )
    return rows[0] if rows else None


def turned_overdue(release: Release, where: Where, *, limit: int) -> list[Row]:
    """Customers with items overdue since the day reported last, the largest first; `all_count` counts all items."""
    return fetch(
        release,
        f"""
with

previous as (

    select distinct company_code, previous_day
    from marts.mart_overdue_change
    where {where.of("company_code")}

),

turned as (

    select
        movement.open_item_id,
        movement.company_code,
        movement.customer_id,
        {at_rate("movement.amount_document")} as amount
    from marts.fct_overdue_movement as movement
    inner join previous
        on movement.company_code = previous.company_code and movement.day > previous.previous_day
    {closing_rate("movement", day="movement.day")}
    where movement.day <= cast($as_of as date) and movement.due_date_basis in ('every', 'policy')
        and list_contains(cast($lines as varchar[]), movement.line)

)

select
    turned.company_code,
    turned.customer_id,
    coalesce(any_value(customer.name), turned.customer_id) as customer_name,
    any_value(customer.collector) as collector,
    count(distinct turned.open_item_id) as item_count,
    sum(turned.amount) as amount,
    -- an item is of one customer, so customers' counts add up
    sum(count(distinct turned.open_item_id)) over () as all_count
from turned
left join marts.dim_customer as customer
    on turned.company_code = customer.company_code and turned.customer_id = customer.customer_id
where not coalesce(customer.is_intragroup, false)
group by turned.company_code, turned.customer_id
order by amount desc nulls last, turned.company_code, turned.customer_id
limit {int(limit)}""",
        as_of=release.as_of,
        lines=list(NEW),
        **where.parameters,
    )


def by_month(release: Release, where: Where, *, since: date) -> list[Row]:
    """The bridge of each month: opening of its first day, its lines, closing of its last day."""
    sums = ",\n    ".join(f"coalesce(sum({name}_reporting), 0) as {name}" for name in LINES)
    return fetch(
        release,
        f"""
with

daily as (

    select day, {", ".join(f"sum({name}_reporting) as {name}_reporting" for name in ("opening", *LINES, "closing"))}
    from marts.mart_overdue_bridge
    where due_date_basis = 'policy' and not is_intragroup and day >= cast($since as date)
        and day <= cast($as_of as date) and {where.of("company_code")}
    group by day

)

select
    max(day) as day,
    min_by(coalesce(opening_reporting, 0), day) as opening,
    {sums},
    max_by(coalesce(closing_reporting, 0), day) as closing
from daily
group by date_trunc('month', day)
order by day""",
        since=since,
        as_of=release.as_of,
        **where.parameters,
    )
