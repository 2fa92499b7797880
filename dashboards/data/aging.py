"""Figures of the aging page: matrix, totals, proof, cards, shares by company.

Belongs here: aggregations of `bucketed_items`. Must not: decide which items count (scope.py does), or format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards.data import trend
from dashboards.data.measures import BALANCES, measures, standings
from dashboards.data.netting import TRADE, absorbed_by_credits
from dashboards.data.release import Release, Row, fetch
from dashboards.data.scope import UNAPPLIED, Edge, Scope, Statement, bucketed_items, open_items

# How many rows of the matrix are asked together with its totals.
FIRST_ROWS = 100
_RANK = "overdue desc, outstanding desc, company_code, customer_id"
_RANK_OF_ROW = "overdue desc, outstanding desc, ranked.company_code, ranked.customer_id"
# What customers can be sorted by: filter of `Scope` to column of `dim_customer`.
CUSTOMER_COLUMNS = {
    "natures": "deal_nature",
    "regions": "region",
    "collectors": "collector",
    "sales_owners": "sales_owner",
}


def _headed(text: str) -> str:
    # policy data writes labels as they read inside a sentence
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Bucket:
    """One column of the matrix."""

    code: str
    number: int
    label_zh: str
    label_en: str
    lower: int | None
    upper: int | None

    def label(self, language: str) -> str:
        return self.label_zh if language == "zh" else _headed(self.label_en)


@dataclass(frozen=True)
class Scheme:
    """One set of buckets."""

    code: str
    label_zh: str
    label_en: str
    basis: str
    unit: str
    buckets: tuple[Bucket, ...]

    def label(self, language: str) -> str:
        return self.label_zh if language == "zh" else _headed(self.label_en)


def schemes(release: Release) -> dict[str, Scheme]:
    """Every bucket scheme of the release, in the order the policy gives them."""
    found: dict[str, list[Row]] = {}
    for row in fetch(release, "select * from marts.dim_aging_bucket order by scheme, bucket_no"):
        found.setdefault(row["scheme"], []).append(row)
    return {
        code: Scheme(
            code=code,
            label_zh=rows[0]["scheme_label_zh"],
            label_en=rows[0]["scheme_label_en"],
            basis=rows[0]["basis"],
            unit=rows[0]["unit"],
            buckets=tuple(
                Bucket(
                    code=row["bucket"],
                    number=row["bucket_no"],
                    label_zh=row["label_zh"],
                    label_en=row["label_en"],
                    lower=row["lower_bound"],
                    upper=row["upper_bound"],
                )
                for row in rows
            ),
        )
        for code, rows in found.items()
    }


def companies(release: Release) -> list[Row]:
    """Companies of the release."""
    return fetch(release, "select * from marts.dim_company order by company_code")


def choices(release: Release) -> dict[str, list[str]]:
    """Values the filters offer: companies, currencies, classes, and what customers are sorted by."""
    currencies = fetch(release, "select distinct currency from marts.fct_open_item_balance order by currency")
    classes = fetch(
        release,
        "select receivable_class from marts.fct_open_item_balance group by receivable_class"
        " order by receivable_class != 'trade', receivable_class",
    )
    sorted_by = {
        name: fetch(
            release,
            f"select distinct {column} as code from marts.dim_customer where {column} is not null order by {column}",
        )
        for name, column in CUSTOMER_COLUMNS.items()
    }
    return {
        "companies": [row["company_code"] for row in companies(release)],
        "currencies": [row["currency"] for row in currencies],
        "classes": [row["receivable_class"] for row in classes],
    } | {name: [row["code"] for row in rows] for name, rows in sorted_by.items()}


def has_own_day(release: Release, scope: Scope) -> bool:
    """True when `mart_aging` holds this very view: the release's own day, as known now."""
    return scope.as_of == release.as_of and scope.known_at is None


def items_in(release: Release, scope: Scope, *, is_summed: bool = False) -> Statement:
    """The one statement of open items in a scope; `is_summed` leaves names and accounts out of it."""
    scheme = schemes(release)[scope.scheme]
    edges = [
        Edge(bucket.code, bucket.lower, bucket.upper) for bucket in scheme.buckets if bucket.code != UNAPPLIED
    ]
    return bucketed_items(scope, edges=edges, has_own_day=has_own_day(release, scope), is_summed=is_summed)


def _unbucketed(release: Release, scope: Scope) -> Statement:
    """Open items to be summed whatever their bucket.

    An age that only buckets would need is not asked for: a reader who changes it finds the figures that he has seen.
    """
    scope = scope.changed(basis=_basis_unbucketed(scope))
    return open_items(scope, has_own_day=has_own_day(release, scope), is_summed=True)


def _basis_unbucketed(scope: Scope) -> str:
    return scope.basis if scope.basis == "original_due_date" else "due_date"


def _customer_rows(release: Release, scope: Scope, scheme: Scheme) -> Statement:
    """CTE `customer_row`: customer and shown currency (or item, when presented per item)."""
    items = items_in(release, scope, is_summed=True)
    is_item = scope.presentation == "per_item"
    has_disputes = has_own_day(release, scope)
    columns = measures(
        [bucket.number for bucket in scheme.buckets], has_disputes=has_disputes, is_item=is_item
    )
    names = {f"bucket_{bucket.number}": bucket.code for bucket in scheme.buckets}
    grain = "company_code, customer_id, shown_currency"
    if is_item:
        grain += ", open_item_id, document_id, instalment_no, due_date, currency"
    text = f"""{items.text},

{standings(grain, has_disputes=has_disputes, is_item=is_item)},

customer_row as (

    select
        {grain},
        {columns}
    from standing
    {"" if is_item else f"group by {grain}"}

)
"""
    return Statement(text=text, parameters=items.parameters | names)


def matrix(release: Release, scope: Scope, *, scheme: Scheme, limit: int, offset: int = 0) -> list[Row]:
    """Rows of the matrix at or above the minimum: by currency, and in each the largest overdue first."""
    if offset + limit <= FIRST_ROWS and scope.presentation != "per_item":
        first = _totals_and_first_rows(release, scope, scheme)
        return [row for row in first if row["part"] == "row"][offset : offset + limit]
    rows = _customer_rows(release, scope, scheme)
    sql = f"""{rows.text}
{_ranked(limit=limit, offset=offset)}"""
    return fetch(release, sql, **rows.parameters, minimum=scope.minimum)


def totals(release: Release, scope: Scope, *, scheme: Scheme) -> list[Row]:
    """One row per currency shown (`part` total), and one more of the rows below the minimum (`part` below)."""
    if scope.presentation != "per_item":
        return [row for row in _totals_and_first_rows(release, scope, scheme) if row["part"] != "row"]
    rows = _customer_rows(release, scope, scheme)
    sql = f"""{rows.text}
{_summed(scheme)}
order by shown_currency, part desc"""
    return fetch(release, sql, **rows.parameters, minimum=scope.minimum)


def _totals_and_first_rows(release: Release, scope: Scope, scheme: Scheme) -> list[Row]:
    """What a page shows at first, `part` total, below and row, in one pass over the items: the pass is what costs."""
    rows = _customer_rows(release, scope, scheme)
    sql = f"""{rows.text.replace("customer_row as (", "customer_row as materialized (")}
select * from ({_summed(scheme)})
union all by name
select * from ({_ranked(limit=FIRST_ROWS, offset=0)})
order by part = 'row', shown_currency, part desc, {_RANK}"""
    return fetch(release, sql, **rows.parameters, minimum=scope.minimum)


def _ranked(*, limit: int, offset: int) -> str:
    return f"""
select ranked.*, coalesce(customer.name, ranked.customer_id) as customer_name, 'row' as part
from (
    select *
    from customer_row
    where abs(outstanding) >= $minimum
    order by shown_currency, {_RANK}
    limit {int(limit)} offset {int(offset)}
) as ranked
left join marts.dim_customer as customer
    on ranked.company_code = customer.company_code and ranked.customer_id = customer.customer_id
order by shown_currency, {_RANK_OF_ROW}"""


def _summed(scheme: Scheme) -> str:
    sums = [f"bucket_{bucket.number}" for bucket in scheme.buckets] + [
        "outstanding", "unassigned", "debits", "unapplied_cash", "open_credits", "overdue", "over_90",
        "disputed", "overdue_count", "item_count", "unconverted_count",
    ]  # fmt: skip
    columns = ",\n    ".join(f"sum({name}) as {name}" for name in sums)
    return f"""
select
    shown_currency,
    case when grouping(is_below) = 1 then 'total' else 'below' end as part,
    {columns},
    max(oldest_days) as oldest_days,
    count(*) as row_count,
    count(distinct company_code || '|' || customer_id) as customer_count
from (select *, abs(outstanding) < $minimum as is_below from customer_row)
group by grouping sets ((shown_currency), (shown_currency, is_below))
having grouping(is_below) = 1 or is_below"""


def balances(release: Release, scope: Scope) -> list[Row]:
    """Outstanding, overdue and over 90 days per currency shown, as in `totals`: of a day that is compared with."""
    items = _unbucketed(release, scope)
    sql = f"""{items.text}
select
    shown_currency,
    {", ".join(BALANCES)}
from open_item
group by shown_currency
order by shown_currency"""
    return fetch(release, sql, **items.parameters)


def net_overdue(release: Release, scope: Scope, *, customer: tuple[str, str] | None = None) -> list[Row]:
    """What stays overdue once credits have absorbed the oldest due dates, per currency shown."""
    scope = scope.changed(customer=customer or scope.customer)
    items = _unbucketed(release, scope)
    if has_own_day(release, scope):
        # the mart says what credits take off each item
        absorbed, taken_from = "", "open_item"
    else:
        # what is due later is absorbed later: only items that are overdue need their place in the queue
        is_queue = _basis_unbucketed(scope) != "original_due_date"
        absorbed = ",\n\n" + absorbed_by_credits(
            has_disputes=False,
            source="open_item",
            condition="due_date < cast($as_of as date)" if is_queue else "true",
        )
        taken_from = "absorbed"
    sql = f"""{items.text}{absorbed}

select
    balance.shown_currency,
    balance.overdue - coalesce(taken.absorbed_amount, 0) as net_overdue,
    balance.outstanding as net_receivable
from (
    select shown_currency, {", ".join(BALANCES)}
    from open_item
    group by shown_currency
) as balance
left join (
    select shown_currency, sum(absorbed_amount) as absorbed_amount
    from {taken_from}
    where days_past_due > 0
    group by shown_currency
) as taken
    on balance.shown_currency = taken.shown_currency
order by balance.shown_currency"""
    return fetch(release, sql, **items.parameters)


def outstanding_unbucketed(release: Release, scope: Scope) -> dict[str, Decimal]:
    """Outstanding by currency shown, summed before any bucket or netting: the other side of the proof line."""
    items = _unbucketed(release, scope)
    sql = f"""{items.text}
select shown_currency, coalesce(sum(amount), 0) as outstanding
from open_item
group by shown_currency"""
    return {row["shown_currency"]: row["outstanding"] for row in fetch(release, sql, **items.parameters)}


def shares_by_company(release: Release, scope: Scope, *, days: tuple[date, ...]) -> list[Row]:
    """Debit balances by company and bucket on each day, in the company's own currency: for 100 % bars."""
    rows: list[Row] = []
    for day in days:
        of_day = scope.changed(as_of=day, currency_basis="functional", presentation="gross")
        found = _shares_of_trend(release, of_day)
        if found is None:
            found = _shares_of_items(release, of_day)
        rows += [row | {"day": day} for row in found]
    return rows


def _shares_of_items(release: Release, scope: Scope) -> list[Row]:
    items = items_in(release, scope, is_summed=True)
    sql = f"""{items.text}
select company_code, shown_currency, bucket, sum(amount) as amount
from item
where bucket != '{UNAPPLIED}'
group by company_code, shown_currency, bucket
having sum(amount) != 0
order by company_code, bucket"""
    return fetch(release, sql, **items.parameters)


def _shares_of_trend(release: Release, scope: Scope) -> list[Row] | None:
    """The same shares from the daily history; None where it does not hold them, so that the items are asked.

    The history is of class trade on present knowledge, in the buckets of the scheme on its own basis, and knows of a
    customer only its nature and whether it is of the group. Functional amounts add up to the cent in it; where an item
    has no rate, it has none for the whole bucket.
    """
    is_held = (
        scope.known_at is None
        and scope.as_of <= release.as_of
        and scope.classes == (TRADE,)
        and scope.basis == schemes(release)[scope.scheme].basis
        and scope.scheme in trend.schemes(release)
        and not (scope.regions or scope.collectors or scope.sales_owners)
        # readers of some customers have no history
        and release.restriction.sales_owner is None
    )
    if not is_held:
        return None
    rows = trend.shares(release, scope)
    if any(row["unconverted_count"] for row in rows):
        return None
    return [row for row in rows if row["amount"]]


def beside(release: Release, scope: Scope) -> list[Row]:
    """Totals of the classes that are not in scope, and of intragroup items left out."""
    rows: list[Row] = []
    items = _unbucketed(release, scope.changed(classes=()))
    classes = f"""{items.text}
select receivable_class, shown_currency, sum(amount) as amount, count(*) as item_count
from open_item
where not list_contains(cast($in_scope as varchar[]), receivable_class)
group by receivable_class, shown_currency
order by receivable_class, shown_currency"""
    if scope.classes:
        rows += fetch(release, classes, **items.parameters, in_scope=list(scope.classes))
    if not scope.has_intragroup:
        inside = _unbucketed(release, scope.changed(has_intragroup=True))
        sql = f"""{inside.text}
select
    'intragroup' as receivable_class,
    open_item.shown_currency,
    sum(open_item.amount) as amount,
    count(*) as item_count
from open_item
inner join marts.dim_customer as customer
    on open_item.company_code = customer.company_code and open_item.customer_id = customer.customer_id
where customer.is_intragroup
group by open_item.shown_currency"""
        rows += fetch(release, sql, **inside.parameters)
    return rows
