"""The scope of a page and the one statement of "open items in that scope, in their buckets".

Belongs here: the filters a reader chooses and the SQL fragments they become. Must not: run a query. Every figure of
the aging page, its drills and its downloads starts from `open_items`, so that two places cannot disagree.
Only names from the closed lists below are ever written into SQL; everything a reader or a source gave is a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2s
from typing import Any

from dashboards.data.among import among
from dashboards.data.exact import exact_product, exact_share, rate_in_parts
from dashboards.data.netting import TRADE, absorbed_by_credits

BASES = ("due_date", "original_due_date", "document_date", "posting_date")
PRESENTATIONS = ("gross", "net", "per_item")
CURRENCY_BASES = ("reporting", "functional", "document")
UNAPPLIED = "unapplied"
# No row of a release can be known later than this; open ends of the knowledge clock lie beyond it.
KNOWN_NOW = datetime(9999, 12, 30)

_BASIS_DATE = {
    "due_date": "balance.due_date",
    "original_due_date": "balance.original_due_date",
    # The anchor is the document date, or for a migrated balance the date of the document it stands for.
    "document_date": "balance.age_anchor_date",
    "posting_date": "balance.posting_date",
}


@dataclass(frozen=True)
class Scope:
    """What a reader is looking at. Empty tuples mean no restriction."""

    as_of: date
    known_at: datetime | None
    scheme: str
    unit: str
    basis: str = "due_date"
    presentation: str = "gross"
    currency_basis: str = "reporting"
    companies: tuple[str, ...] = ()
    currency: str | None = None
    classes: tuple[str, ...] = (TRADE,)
    natures: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    collectors: tuple[str, ...] = ()
    sales_owners: tuple[str, ...] = ()
    has_intragroup: bool = False
    minimum: Decimal = field(default=Decimal(0))
    # one customer alone, as company and id
    customer: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if self.basis not in BASES or self.presentation not in PRESENTATIONS:
            raise ValueError(f"unknown basis or presentation: {self.basis}, {self.presentation}")
        if self.currency_basis not in CURRENCY_BASES or self.unit not in ("day", "month"):
            raise ValueError(f"unknown currency basis or unit: {self.currency_basis}, {self.unit}")

    @property
    def digest(self) -> str:
        """A short name of this scope: a selection made in one scope must not carry over to the rows of another."""
        return blake2s(repr(self).encode(), digest_size=6).hexdigest()

    def changed(self, **changes: Any) -> Scope:
        """The same scope with some filters changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Edge:
    """Where one bucket of the scheme begins and ends, in the scheme's unit, both inclusive; None is open."""

    bucket: str
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Statement:
    """SQL text of common table expressions, and the parameters they use."""

    text: str
    parameters: dict[str, Any]


def bucketed_items(
    scope: Scope, *, edges: Sequence[Edge], has_own_day: bool, is_summed: bool = False
) -> Statement:
    """CTEs ending in `item`: those of `open_items` with `presented` and `bucket`.

    `presented` is what the chosen presentation leaves of the amount (net: credits of the same company, customer and
    currency have absorbed the oldest due date first, accounting.md B5; the remainder stays with the credit). Both sum
    to the same total. `edges` are those of the scheme.
    """
    items = open_items(scope, has_own_day=has_own_day, is_summed=is_summed)
    bucket, bounds = _bucket(scope, edges)
    is_absorbed = _reads_mart(scope, has_own_day=has_own_day, is_summed=is_summed)
    presented = _presented(scope, has_own_day=has_own_day, is_absorbed=is_absorbed)
    text = f"""{items.text},

bucketed as (

    select
        *,
        {bucket} as bucket
    from open_item

),

{presented}
"""
    return Statement(text=text, parameters=items.parameters | bounds)


def _reads_mart(scope: Scope, *, has_own_day: bool, is_summed: bool) -> bool:
    """True when `open_items` reads `mart_aging` alone, which knows what credits take off each item."""
    return has_own_day and is_summed and scope.basis != "document_date"


def open_items(scope: Scope, *, has_own_day: bool, is_summed: bool = False) -> Statement:
    """CTE `open_item`: one row per open item, with `amount`, the open amount in the currency shown.

    `absorbed_amount` is what credits take off it, in the same currency, where `mart_aging` alone is read; else NULL.

    `has_own_day` says that `mart_aging` holds this very view, and with it disputes; reporting amounts are at the day's
    closing rate. Who only sums (`is_summed`) does without names and accounts, and then reads that mart alone, where it
    has the date.
    """
    is_mart = _reads_mart(scope, has_own_day=has_own_day, is_summed=is_summed)
    # looked up for every item, so only where something is asked of it
    has_customer = not is_summed or bool(
        scope.natures or scope.regions or scope.collectors or scope.sales_owners
    )
    where, parameters = _conditions(scope, is_mart=is_mart, has_customer=has_customer)
    text = f"""
with

open_item as (

    select
        balance.open_item_id,
        balance.company_code,
        balance.customer_id,
        {"null" if is_summed else "coalesce(customer.name, balance.customer_id)"} as customer_name,
        balance.item_kind,
        balance.receivable_class,
        balance.document_id,
        balance.instalment_no,
        balance.currency,
        balance.document_date,
        balance.posting_date,
        balance.due_date,
        balance.original_due_date,
        balance.agreed_due_date,
        {"null" if is_summed else "balance.control_account"} as control_account,
        coalesce({_BASIS_DATE[scope.basis]}, balance.document_date) as basis_date,
        date_diff('day', coalesce({_due_date(scope)}, balance.document_date), cast($as_of as date)) as days_past_due,
        balance.open_amount_document,
        balance.open_amount_functional,
        -- an item without a document amount (a revaluation) goes by its functional sign
        balance.open_amount_document < 0
        or (balance.open_amount_document = 0 and balance.open_amount_functional < 0) as is_credit,
        {_disputed(has_own_day, is_mart=is_mart)} as disputed_document,
        {_shown_amount(scope, is_mart=is_mart)} as amount,
        {_absorbed(scope) if is_mart else "null"} as absorbed_amount,
        {_shown_currency(scope)} as shown_currency
    from marts.{"mart_aging" if is_mart else "fct_open_item_balance"} as balance
    {_joins(scope, has_own_day=has_own_day, is_mart=is_mart, has_customer=has_customer)}
    where {where}

)"""
    return Statement(text=text, parameters=parameters)


def _conditions(scope: Scope, *, is_mart: bool, has_customer: bool) -> tuple[str, dict[str, Any]]:
    of_the_day = [
        "balance.effective_from <= cast($as_of as date)",
        "balance.effective_to > cast($as_of as date)",
        "balance.known_from <= cast($known_at as timestamp)",
        "balance.known_to > cast($known_at as timestamp)",
    ]
    conditions = [
        *([] if is_mart else of_the_day),
        # a posted revaluation is an item with document amount 0
        "(balance.open_amount_document != 0 or coalesce(balance.open_amount_functional, 0) != 0)",
    ]
    parameters: dict[str, Any] = {"as_of": scope.as_of}
    if not is_mart:
        parameters["known_at"] = scope.known_at or KNOWN_NOW
    kept, chosen = among(
        {
            "balance.company_code": scope.companies,
            "balance.receivable_class": scope.classes,
            "customer.deal_nature": scope.natures,
            "customer.region": scope.regions,
            "customer.collector": scope.collectors,
            "customer.sales_owner": scope.sales_owners,
        }
    )
    conditions += kept
    parameters |= chosen
    if scope.customer:
        # here and not around the items: then only this customer's rows are read, netted and put into buckets
        conditions.append("balance.company_code = $only_company and balance.customer_id = $only_customer")
        parameters |= {"only_company": scope.customer[0], "only_customer": scope.customer[1]}
    if scope.currency:
        conditions.append("balance.currency = $currency")
        parameters["currency"] = scope.currency
    if not scope.has_intragroup and (is_mart or has_customer):
        conditions.append(f"not coalesce({'balance' if is_mart else 'customer'}.is_intragroup, false)")
    return "\n        and ".join(conditions), parameters


def _due_date(scope: Scope) -> str:
    return "balance.original_due_date" if scope.basis == "original_due_date" else "balance.due_date"


def _shown_amount(scope: Scope, *, is_mart: bool) -> str:
    if scope.currency_basis == "document":
        return "balance.open_amount_document"
    if scope.currency_basis == "functional":
        return "balance.open_amount_functional"
    if is_mart:
        return "balance.open_amount_reporting"
    return exact_product("balance.open_amount_document", rates="closing")


def _disputed(has_own_day: bool, *, is_mart: bool) -> str:
    if is_mart:
        return "coalesce(balance.disputed_amount_document, 0)"
    return "coalesce(aged.disputed_amount_document, 0)" if has_own_day else "cast(0 as decimal(18, 2))"


def _absorbed(scope: Scope) -> str:
    """What credits take off an item in the currency shown, from the mart; 0 where they take nothing."""
    amount = _shown_amount(scope, is_mart=True)
    share = exact_share(amount, part="balance.absorbed_amount_document", whole="balance.open_amount_document")
    return f"""case when balance.absorbed_amount_document = 0 then cast(0 as decimal(18, 2))
            when balance.absorbed_amount_document = balance.open_amount_document then {amount}
            else {share} end"""


def _shown_currency(scope: Scope) -> str:
    return {
        "document": "balance.currency",
        "functional": "coalesce(company.functional_currency, '?')",
        "reporting": "(select max(reporting_currency) from marts.dim_release)",
    }[scope.currency_basis]


def _joins(scope: Scope, *, has_own_day: bool, is_mart: bool, has_customer: bool) -> str:
    joins = []
    if has_customer:
        joins.append("""left join marts.dim_customer as customer
        on balance.company_code = customer.company_code
        and balance.customer_id = customer.customer_id""")
    elif not scope.has_intragroup and not is_mart:
        # few, so that a million items need not meet every customer
        joins.append("""anti join (
        select company_code, customer_id
        from marts.dim_customer
        where is_intragroup
    ) as inside
        on balance.company_code = inside.company_code
        and balance.customer_id = inside.customer_id""")
    if scope.currency_basis == "functional":
        joins.append(
            "left join marts.dim_company as company\n        on balance.company_code = company.company_code"
        )
    if has_own_day and not is_mart:
        # few items are disputed: the others of the mart are not looked at
        joins.append("""left join (
        select open_item_id, disputed_amount_document
        from marts.mart_aging
        where disputed_amount_document != 0
    ) as aged
        on balance.open_item_id = aged.open_item_id""")
    if scope.currency_basis == "reporting" and not is_mart:
        # a day to come is shown at the last rates there are
        joins.append(f"""left join (
        select company_code, currency, rate_to_reporting, {rate_in_parts("rate_to_reporting")}
        from marts.fct_closing_rate
        where day = (select least(cast($as_of as date), max(as_of_date)) from marts.dim_release)
    ) as closing
        on balance.company_code = closing.company_code
        and balance.currency = closing.currency""")
    return "\n    ".join(joins)


def _bucket(scope: Scope, edges: Sequence[Edge]) -> tuple[str, dict[str, Any]]:
    """SQL of an item's bucket and the bounds it compares with: one pass, where a join would compare with every edge."""
    # the youngest bucket takes everything younger too, so that no basis loses an item
    lowers = [edge.lower for edge in edges if edge.lower is not None]
    youngest = min(lowers) if len(lowers) == len(edges) else None
    cases = [f"when is_credit then '{UNAPPLIED}'"]
    parameters: dict[str, Any] = {}
    for number, edge in enumerate(edges, start=1):
        conditions = []
        if edge.lower is not None and edge.lower != youngest:
            conditions.append(_reaches(scope, f"$lower_{number}"))
            parameters[f"lower_{number}"] = edge.lower
        if edge.upper is not None:
            conditions.append(_within(scope, f"$upper_{number}"))
            parameters[f"upper_{number}"] = edge.upper
        cases.append(f"when {' and '.join(conditions) or 'true'} then $edge_{number}")
        parameters[f"edge_{number}"] = edge.bucket
    return "\n            ".join(["case", *cases, "else 'unassigned' end"]), parameters


def _reaches(scope: Scope, bound: str) -> str:
    if scope.unit == "day":
        return f"date_diff('day', basis_date, cast($as_of as date)) >= {bound}"
    # exactly 12 months old is still 0-12: an item crosses on add_months(anchor, upper) + 1 day (policy.md section 2)
    return f"cast($as_of as date) > cast(basis_date + to_months(cast({bound} as integer) - 1) as date)"


def _within(scope: Scope, bound: str) -> str:
    if scope.unit == "day":
        return f"date_diff('day', basis_date, cast($as_of as date)) <= {bound}"
    return f"cast($as_of as date) <= cast(basis_date + to_months(cast({bound} as integer)) as date)"


def _presented(scope: Scope, *, has_own_day: bool, is_absorbed: bool) -> str:
    """CTEs ending in `item`, from `bucketed`; `is_absorbed` says that it has `absorbed_amount`."""
    if scope.presentation != "net":
        return "item as (\n\n    select *, amount as presented\n    from bucketed\n\n)"
    # what the debits have absorbed goes back to the first credit of the pool, so that the total stays
    if is_absorbed:
        return f"""returned as (

    select min(open_item_id) filter (where is_credit) as first_credit, sum(absorbed_amount) as returned_amount
    from bucketed
    where receivable_class = '{TRADE}' and (is_credit or absorbed_amount != 0)
    group by company_code, customer_id, currency

),

item as (

    select
        bucketed.*,
        bucketed.amount - bucketed.absorbed_amount + coalesce(returned.returned_amount, 0) as presented
    from bucketed
    left join returned
        on bucketed.open_item_id = returned.first_credit

)"""
    return f"""{absorbed_by_credits(has_disputes=has_own_day)},

returned as (

    select first_credit, sum(absorbed_amount) as returned_amount
    from absorbed
    group by first_credit

),

item as (

    select
        bucketed.* exclude (absorbed_amount),
        bucketed.amount - case when absorbed.open_item_id is null then 0 else absorbed.absorbed_amount end
        + coalesce(returned.returned_amount, 0) as presented
    from bucketed
    left join absorbed
        on bucketed.open_item_id = absorbed.open_item_id
    left join returned
        on bucketed.open_item_id = returned.first_credit

)"""
