"""Figures of the overdue trend page.

Belongs here: aggregations of `mart_overdue_trend`, restated days. Must not: rebuild history from items.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboards.data.among import among
from dashboards.data.exact import at_rate
from dashboards.data.rates import closing_rate
from dashboards.data.release import Release, Row, fetch
from dashboards.data.scope import UNAPPLIED, Scope

GRAINS = ("day", "week", "month")
# the scheme whose buckets say what is overdue and for more than 90 days
RATE_SCHEME = "standard"
BASES = ("reporting", "constant", "functional", "document")
"""What the history can be shown in; constant is the reporting currency, every day at the rate of the last one."""
_REPORTING = "(select max(reporting_currency) from marts.dim_release)"
_BALANCE = {
    "reporting": ("trend.balance_reporting", _REPORTING),
    "constant": (at_rate("trend.balance_document"), _REPORTING),
    "functional": ("trend.balance_functional", "company.functional_currency"),
    "document": ("trend.balance_document", "trend.currency"),
}
_TREND = """marts.mart_overdue_trend as trend
    inner join marts.dim_company as company
        on trend.company_code = company.company_code"""
_RATE = f"""
    {closing_rate("trend", day="cast($rate_day as date)")}"""


@dataclass(frozen=True)
class TrendScope:
    """What a reader of the trend looks at. Empty tuples mean no restriction."""

    scheme: str
    first_day: date
    last_day: date
    grain: str = "week"
    currency_basis: str = "reporting"
    shown_currency: str | None = None
    companies: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    has_intragroup: bool = False

    def __post_init__(self) -> None:
        if self.grain not in GRAINS or self.currency_basis not in _BALANCE:
            raise ValueError(f"unknown grain or currency basis: {self.grain}, {self.currency_basis}")

    def changed(self, **changes: Any) -> TrendScope:
        """The same scope with some filters changed."""
        return replace(self, **changes)


def span(release: Release) -> tuple[date, date] | None:
    """First and last day of the history, or None when there is none."""
    rows = fetch(release, "select min(day) as first_day, max(day) as last_day from marts.mart_overdue_trend")
    first, last = rows[0]["first_day"], rows[0]["last_day"]
    return None if first is None else (first, last)


def schemes(release: Release) -> list[str]:
    """Schemes the history is published for."""
    rows = fetch(release, "select distinct scheme from marts.mart_overdue_trend order by scheme")
    return [row["scheme"] for row in rows]


def shown_currencies(release: Release, scope: TrendScope) -> list[str]:
    """Currencies the balances of this scope are in, the one with most customers' balance first."""
    where, parameters = _conditions(scope)
    rows = fetch(
        release,
        f"""
select {_BALANCE[scope.currency_basis][1]} as shown_currency
from {_TREND}
where {where} and trend.day = cast($last_day as date)
group by shown_currency
order by sum(abs(trend.balance_functional)) desc nulls last, shown_currency""",
        **{name: value for name, value in parameters.items() if name != "first_day"},
    )
    return [row["shown_currency"] for row in rows]


def history(release: Release, scope: TrendScope) -> list[Row]:
    """Balance by bucket on the last day of every period (the running one ends on the last day)."""
    held = balances(release, scope)
    return fetch(
        release,
        f"""
with

scoped as (

    select
        trend.day,
        trend.bucket,
        sum({held.balance}) as balance,
        sum(trend.unconverted_count) as unconverted_count
    from {held.relation}
    where {held.where}
    group by trend.day, trend.bucket

)

select
    scoped.day,
    scoped.bucket,
    edge.bucket_no,
    scoped.balance,
    scoped.unconverted_count,
    scoped.day = last_day(scoped.day) as is_month_end
from scoped
inner join marts.dim_aging_bucket as edge
    on edge.scheme = $scheme and scoped.bucket = edge.bucket
qualify scoped.day = max(scoped.day) over (partition by date_trunc('{scope.grain}', scoped.day))
order by scoped.day, edge.bucket_no""",
        **held.parameters,
    )


def rates(release: Release, scope: TrendScope) -> list[Row]:
    """Debits, overdue debits and the gross overdue rate at the end of every period.

    Whatever scheme the history is stacked by: one of years since recognition, or of what falls due, says nothing of
    overdue.
    """
    held = balances(release, scope.changed(scheme=RATE_SCHEME))
    return fetch(
        release,
        f"""
with

daily as (

    select
        trend.day,
        {measures(held.balance)}
    from {held.relation}
    inner join marts.dim_aging_bucket as edge
        on trend.scheme = edge.scheme and trend.bucket = edge.bucket
    where {held.where}
    group by trend.day

)

select
    day,
    outstanding,
    debits,
    overdue,
    over_90,
    -- NULL, not 0, where nothing is owed
    case when debits > 0 then cast(overdue as double) / cast(debits as double) end as overdue_rate,
    day = last_day(day) as is_month_end
from daily
qualify day = max(day) over (partition by date_trunc('{scope.grain}', day))
order by day""",
        **held.parameters,
    )


def shares(release: Release, scope: Scope) -> list[Row]:
    """Debit balances by company and bucket on the as-of date of an aging scope, in the company's own currency.

    Only what the history keeps apart is asked of the scope: companies, currency, natures, intragroup.
    """
    conditions, parameters = among(
        {"trend.company_code": scope.companies, "trend.deal_nature": scope.natures}
    )
    conditions += [
        "trend.day = cast($as_of as date)",
        "trend.scheme = $scheme",
        f"trend.bucket != '{UNAPPLIED}'",
    ]
    parameters |= {"as_of": scope.as_of, "scheme": scope.scheme}
    if scope.currency:
        conditions.append("trend.currency = $currency")
        parameters["currency"] = scope.currency
    if not scope.has_intragroup:
        conditions.append("not trend.is_intragroup")
    return fetch(
        release,
        f"""
select
    trend.company_code,
    coalesce(company.functional_currency, '?') as shown_currency,
    trend.bucket,
    sum(trend.balance_functional) as amount,
    sum(trend.unconverted_count) as unconverted_count
from marts.mart_overdue_trend as trend
left join marts.dim_company as company
    on trend.company_code = company.company_code
where {" and ".join(conditions)}
group by trend.company_code, company.functional_currency, trend.bucket
order by trend.company_code, trend.bucket""",
        **parameters,
    )


def restated_days(release: Release, scope: TrendScope) -> list[Row]:
    """Days of the history whose figure a later delivery changed, and by how much in the reporting currency of today."""
    conditions, parameters = among(
        {"restatement.company_code": scope.companies, "customer.deal_nature": scope.natures}
    )
    conditions.append("restatement.receivable_class = 'trade'")
    parameters |= {"as_of": release.as_of, "first_day": scope.first_day, "last_day": scope.last_day}
    if not scope.has_intragroup:
        conditions.append("not coalesce(customer.is_intragroup, false)")
    return fetch(
        release,
        f"""
select
    restatement.effective_date as day,
    cast(max(restatement.restated_at) as date) as known_on,
    count(distinct restatement.open_item_id) as item_count,
    sum({at_rate("restatement.amount_document")}) as amount_reporting
from marts.mart_restatement as restatement
{closing_rate("restatement")}
left join marts.dim_customer as customer
    on restatement.company_code = customer.company_code
    and restatement.customer_id = customer.customer_id
where {" and ".join(conditions)}
    and restatement.effective_date between cast($first_day as date) and cast($last_day as date)
group by restatement.effective_date
order by restatement.effective_date""",
        **parameters,
    )


@dataclass(frozen=True)
class Held:
    """SQL of the balances of a scope: what to sum, of which relation (`trend` and `company` in it), under what."""

    balance: str
    relation: str
    where: str
    parameters: dict[str, object]


def measures(balance: str) -> str:
    """SQL of what is said of a group of balances of the rate scheme; needs `edge`, its buckets."""
    return f"""coalesce(sum({balance}), 0) as outstanding,
        coalesce(sum({balance}) filter (where trend.bucket != '{UNAPPLIED}'), 0) as debits,
        coalesce(sum({balance}) filter (where edge.lower_bound >= 1), 0) as overdue,
        coalesce(sum({balance}) filter (where edge.lower_bound >= 91), 0) as over_90"""


def balances(release: Release, scope: TrendScope) -> Held:
    """The balances of a scope, kept to its days and its one shown currency."""
    where, parameters = _conditions(scope)
    balance, currency = _BALANCE[scope.currency_basis]
    where += " and trend.day >= cast($first_day as date)"
    if scope.shown_currency is not None:
        where += f" and {currency} = $shown_currency"
        parameters["shown_currency"] = scope.shown_currency
    is_constant = scope.currency_basis == "constant"
    if is_constant:
        parameters["rate_day"] = release.as_of
    return Held(balance, _TREND + _RATE if is_constant else _TREND, where, parameters)


def _conditions(scope: TrendScope) -> tuple[str, dict[str, object]]:
    conditions, parameters = among(
        {"trend.company_code": scope.companies, "trend.deal_nature": scope.natures}
    )
    conditions += ["trend.scheme = $scheme", "trend.day <= cast($last_day as date)"]
    parameters |= {"scheme": scope.scheme, "first_day": scope.first_day, "last_day": scope.last_day}
    if not scope.has_intragroup:
        conditions.append("not trend.is_intragroup")
    return " and ".join(conditions), parameters
