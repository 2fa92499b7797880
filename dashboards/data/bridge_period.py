"""The overdue bridge between any two days, in the scope of the trend page, and the items behind its lines.

Belongs here: sums of the published bridges on the policy due date. Must not: what changed since the day reported last
(bridge.py), balances (trend.py). Opening + lines = closing, whatever the scope, dimension and currency basis.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dashboards.data.bridge import LINES
from dashboards.data.exact import at_rate
from dashboards.data.release import Release, Row, fetch
from dashboards.data.scope import Statement
from dashboards.data.trend import TrendScope

DAILY = {"company": "bridge.company_code", "deal_nature": "bridge.deal_nature", "currency": "bridge.currency"}
"""Dimensions kept day by day, and their columns."""
MONTHLY = {
    "region": "customer.region",
    "sales_owner": "customer.sales_owner",
    "collector": "customer.collector",
    "customer": "bridge.company_code || '|' || bridge.customer_id",
}
"""Dimensions of the customer as it is now, kept by month."""
# every item stands under its own basis, or under all of them where its dates never differed
_BASIS = "bridge.due_date_basis = 'policy'"
_CUSTOMER = """
left join marts.dim_customer as customer
    on bridge.company_code = customer.company_code and bridge.customer_id = customer.customer_id"""
_COMPANY = """
inner join marts.dim_company as company
    on bridge.company_code = company.company_code"""


@dataclass(frozen=True)
class Period:
    """From the evening of one day to the evening of another."""

    after: date
    until: date

    def is_whole_months(self, as_of: date) -> bool:
        """Whether it begins and ends with a month, the running one ending on the as-of date."""
        begins = (self.after + timedelta(days=1)).day == 1
        return begins and (self.until == as_of or (self.until + timedelta(days=1)).day == 1)


def money_suffix(scope: TrendScope) -> str:
    """Columns of the bridge for a currency basis; at constant rates there is none, for exchange is one of its lines."""
    return scope.currency_basis if scope.currency_basis in ("functional", "document") else "reporting"


def span(release: Release) -> tuple[date, date] | None:
    """Evenings between which the bridge can be told: from the one before its first day; None without a bridge."""
    (row,) = fetch(
        release, "select min(day) as first_day, max(day) as last_day from marts.mart_overdue_bridge"
    )
    return None if row["first_day"] is None else (row["first_day"] - timedelta(days=1), row["last_day"])


def between(release: Release, scope: TrendScope, period: Period) -> Row | None:
    """Opening, lines and closing of the whole scope; None where nothing was ever overdue in it."""
    where, parameters = _conditions(scope, is_daily=True)
    rows = fetch(
        release,
        f"""
select
    {_sums(scope, is_daily=True)},
    coalesce(sum(bridge.unconverted_count) filter (where bridge.day = cast($until as date)), 0) as unconverted_count
from marts.mart_overdue_bridge as bridge {_COMPANY}
where {where} and bridge.day > cast($after as date) and bridge.day <= cast($until as date)
having count(*) > 0""",
        **parameters,
        after=period.after,
        until=period.until,
    )
    return rows[0] if rows else None


def by_value(
    release: Release,
    scope: TrendScope,
    period: Period,
    *,
    dimension: str,
    limit: int,
    largest: str = "change",
) -> list[Row]:
    """The same of each value of a dimension; `value_count` counts all values.

    A dimension of the customer can be told of whole months only (`Period.is_whole_months`).

    Args:
        largest: change, opening or closing; the values with the largest of it come first.
    """
    if largest not in ("change", "opening", "closing"):
        raise ValueError(f"unknown order: {largest}")
    is_daily = dimension in DAILY
    value = DAILY[dimension] if is_daily else MONTHLY[dimension]
    where, parameters = _conditions(scope, is_daily=is_daily)
    relation, day = (
        ("mart_overdue_bridge", "day") if is_daily else ("mart_overdue_bridge_customer", "month_start")
    )
    return fetch(
        release,
        f"""
with

told as (

    select
        {value} as value,
        {_sums(scope, is_daily=is_daily)}
    from marts.{relation} as bridge {_COMPANY} {"" if is_daily else _CUSTOMER}
    where {where} and bridge.{day} > cast($after as date) and bridge.{day} <= cast($until as date)
    group by {value}

)

select *, count(*) over () as value_count
from (select *, closing - opening as change from told) as told
where {" or ".join(f"told.{name} != 0" for name in ("opening", "closing", *LINES))}
order by abs({largest}) desc, value
limit {int(limit)}""",
        **parameters,
        after=period.after,
        until=period.until,
    )


def monthly(scope: TrendScope, *, dimension: str) -> Statement:
    """SQL of what was overdue at the end of each month of the scope's days, by a dimension of the customer."""
    where, parameters = _conditions(scope, is_daily=False)
    value = MONTHLY[dimension]
    return Statement(
        f"""
    select
        bridge.period_end as day,
        {value} as value,
        sum(bridge.closing_{money_suffix(scope)}) as overdue,
        cast(null as decimal(18, 2)) as debits
    from marts.mart_overdue_bridge_customer as bridge {_COMPANY} {_CUSTOMER}
    where {where} and bridge.period_end between cast($first_day as date) and cast($last_day as date)
    group by bridge.period_end, {value}""",
        parameters | {"first_day": scope.first_day, "last_day": scope.last_day},
    )


def names(release: Release, values: list[str]) -> dict[str, str]:
    """Names of customers by `company|customer`."""
    rows = fetch(
        release,
        """
select company_code || '|' || customer_id as value, coalesce(name, customer_id) as name
from marts.dim_customer
where list_contains(cast($customer_ids as varchar[]), customer_id)""",
        customer_ids=sorted({value.partition("|")[2] for value in values}),
    )
    return {row["value"]: row["name"] for row in rows if row["value"] in values}


def items(release: Release, scope: TrendScope, period: Period, *, line: str, limit: int) -> list[Row]:
    """Items behind one line, one row per item and day, the largest first.

    Which are the largest is found at the rates of the period's last day, in one pass over narrow columns; what is shown
    of them is at the rate of their own day, as in the bridge.
    """
    suffix = money_suffix(scope)
    conditions = [
        "movement.due_date_basis in ('every', 'policy')",
        "movement.line = $line",
        "movement.day > cast($after as date) and movement.day <= cast($until as date)",
    ]
    # millions of rows may be told: only what the scope needs is joined to them
    joins = [_COMPANY.replace("bridge.", "movement.")] if suffix == "functional" else []
    if suffix == "reporting":
        joins.append("""
    left join rate
        on movement.company_code = rate.company_code and movement.currency = rate.currency""")
    # most customers are no sisters: leaving those out costs less than looking everybody up
    shared, parameters = _shared(
        scope, of="movement", intragroup=_is_customer("movement", "customer.is_intragroup"),
        has_nature=_is_customer("movement", "list_contains(cast($natures as varchar[]), customer.deal_nature)"),
    )  # fmt: skip
    return fetch(
        release,
        f"""
with

rate as (

    select company_code, currency, max_by(rate_to_reporting, day) as newest
    from marts.fct_closing_rate
    where day <= cast($until as date)
    group by company_code, currency

),

largest as (

    select movement.*
    from marts.fct_overdue_movement as movement {" ".join(joins)}
    where {" and ".join(conditions + shared)}
    -- no name among the keys of this sort: it would be read for every row
    order by {_weight(suffix)} desc nulls last, movement.day desc
    limit {int(limit)}

)

select
    largest.open_item_id,
    largest.company_code,
    largest.customer_id,
    largest.day,
    largest.currency,
    largest.amount_document,
    {_shown_amount(suffix)} as line_amount,
    split_part(largest.open_item_id, '|', 3) as document_id,
    coalesce(customer.name, largest.customer_id) as customer_name
from largest
left join marts.fct_closing_rate as closing
    on largest.company_code = closing.company_code and largest.currency = closing.currency
    and largest.day = closing.day
left join marts.dim_customer as customer
    on largest.company_code = customer.company_code and largest.customer_id = customer.customer_id
order by abs(line_amount) desc nulls last, largest.day desc, largest.open_item_id""",
        **parameters,
        line=line,
        after=period.after,
        until=period.until,
    )


def _weight(suffix: str) -> str:
    if suffix == "functional":
        return "abs(movement.amount_functional)"
    amount = "abs(cast(movement.amount_document as double))"
    return amount if suffix == "document" else f"{amount} * cast(rate.newest as double)"


def _shown_amount(suffix: str) -> str:
    if suffix != "reporting":
        return f"largest.amount_{suffix}"
    return at_rate("largest.amount_document", rate="closing.rate_to_reporting")


def _is_customer(of: str, condition: str) -> str:
    return f"""exists (
        select 1 from marts.dim_customer as customer
        where customer.company_code = {of}.company_code and customer.customer_id = {of}.customer_id and {condition}
    )"""


def _sums(scope: TrendScope, *, is_daily: bool) -> str:
    suffix = money_suffix(scope)
    # a month stands under its first day and ends on its last: both are the period's own where it is whole months
    first = "bridge.day" if is_daily else "bridge.month_start"
    last = "bridge.day" if is_daily else "bridge.period_end"
    lines = {
        # in the document's own currency there is no exchange
        name: "cast(0 as decimal(18, 2))"
        if (name, suffix) == ("fx", "document")
        else f"bridge.{name}_{suffix}"
        for name in LINES
    }
    return ",\n    ".join(
        [
            f"coalesce(sum(bridge.opening_{suffix}) filter (where {first} = cast($after as date) + 1), 0) as opening",
            *(f"coalesce(sum({column}), 0) as {name}" for name, column in lines.items()),
            f"coalesce(sum(bridge.closing_{suffix}) filter (where {last} = cast($until as date)), 0) as closing",
        ]
    )


def _conditions(scope: TrendScope, *, is_daily: bool) -> tuple[str, dict[str, object]]:
    own = "bridge" if is_daily else "customer"
    intragroup = "bridge.is_intragroup" if is_daily else "coalesce(customer.is_intragroup, false)"
    nature = f"list_contains(cast($natures as varchar[]), {own}.deal_nature)"
    shared, parameters = _shared(scope, of="bridge", has_nature=nature, intragroup=intragroup)
    return " and ".join([_BASIS, *shared]), parameters


def _shared(
    scope: TrendScope, *, of: str, has_nature: str, intragroup: str
) -> tuple[list[str], dict[str, object]]:
    """Conditions of the scope on a relation; `has_nature` and `intragroup` are SQL that is true for its rows."""
    conditions: list[str] = []
    parameters: dict[str, object] = {}
    for name, condition, values in (
        ("companies", f"list_contains(cast($companies as varchar[]), {of}.company_code)", scope.companies),
        ("natures", has_nature, scope.natures),
    ):
        if values:
            conditions.append(condition)
            parameters[name] = list(values)
    if not scope.has_intragroup:
        conditions.append(f"not {intragroup}")
    currency = {"functional": "company.functional_currency", "document": f"{of}.currency"}.get(
        scope.currency_basis
    )
    if currency and scope.shown_currency is not None:
        conditions.append(f"{currency} = $shown_currency")
        parameters["shown_currency"] = scope.shown_currency
    return conditions, parameters
