"""Statements out of a published release.

Belongs here: every query of a statement, on a read-only connection whose release the caller found. Must not: words,
rendering, money rules: lines, open items, disputes and buckets are those of the published macros.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from documents.errors import OlderRelease, PeriodNotCovered, UnknownAccount
from documents.statement import (
    BESIDE,
    TRADE,
    ZERO,
    Account,
    Bucket,
    CurrencyAccount,
    Item,
    Line,
    Release,
    Statement,
    prove,
)

Row = dict[str, Any]
Key = tuple[str, str]
SCHEME = "standard"
_MACROS = ("customer_statements", "disputed_as_of", "subsequent_receipts")

# The paper behind a line or an item: what it is called outside, and where it was delivered.
_PAPER = """
paper as (
    select
        company_code, document_id, false as is_receipt, reference,
        _file || ' #' || cast(_row as varchar) as source
    from marts.fct_document
    where company_code = $company_code
    union all
    select
        company_code, receipt_id as document_id, true as is_receipt, reference,
        _file || ' #' || cast(_row as varchar) as source
    from marts.fct_receipt
    where company_code = $company_code
)"""

_LINES = """
with {paper}
select
    line.*,
    coalesce(paper.reference, '') as reference,
    coalesce(allocation._file || ' #' || cast(allocation._row as varchar), paper.source, '') as source
from marts.customer_statements($first_day, $last_day) as line
left join paper
    on
        line.company_code = paper.company_code
        and line.document_id = paper.document_id
        and (line.item_kind in ('receipt', 'refund', 'bill')) = paper.is_receipt
left join marts.fct_allocation as allocation
    on line.company_code = allocation.company_code and line.allocation_id = allocation.allocation_id
where line.company_code = $company_code {only}
order by
    line.customer_id, line.receivable_class, line.currency, line.effective_date nulls first, line.movement_kind,
    line.document_id, line.amount_document, line.allocation_id, line.item_kind"""

_ITEMS = """
with {paper}
select
    item.*,
    detail.document_date,
    detail.original_due_date,
    detail.original_amount_document,
    detail.is_age_unknown,
    detail.is_due_date_derived,
    coalesce(disputed.disputed_amount_document, 0) as disputed_amount_document,
    coalesce(paper.reference, '') as reference,
    coalesce(paper.source, '') as source
from marts.open_items_as_of($last_day) as item
inner join marts.fct_open_item as detail on item.open_item_id = detail.open_item_id
left join marts.disputed_as_of($last_day) as disputed on item.open_item_id = disputed.open_item_id
left join paper
    on
        item.company_code = paper.company_code
        and item.document_id = paper.document_id
        and (item.item_kind in ('receipt', 'refund', 'bill')) = paper.is_receipt
where item.company_code = $company_code
    and (item.open_amount_document <> 0 or item.open_amount_functional <> 0) {only}
order by item.customer_id, item.due_date nulls last, item.document_id, item.instalment_no, item.open_item_id"""

_AGING = """
select customer_id, currency, bucket, amount_document
from marts.aging_as_of($last_day, '{scheme}') as item
where company_code = $company_code {only}"""


def open_release(connection: duckdb.DuckDBPyConnection) -> Release:
    """Which release a connection reads.

    Raises:
        OlderRelease: it lacks a macro that documents read.
    """
    found = {
        row["name"]
        for row in query(
            connection,
            "select function_name as name from duckdb_functions() where schema_name = 'marts'",
        )
    }
    if missing := [name for name in _MACROS if name not in found]:
        raise OlderRelease(
            f"this release has no marts.{missing[0]}: an older version published it",
            fix="publish again with `arrears refresh`",
        )
    row = query(connection, "select * from marts.dim_release order by known_at desc limit 1")[0]
    return Release(
        release_id=str(row["release_id"]),
        as_of=row["as_of_date"],
        known_at=row["known_at"],
        code_version=str(row["code_version"]),
        policy_hash=str(row["policy_hash"]),
    )


def accounts(connection: duckdb.DuckDBPyConnection, *, company_code: str | None = None) -> list[Account]:
    """Every customer one could write to, by company and id; stand-ins such as (unidentified) are none.

    Raises:
        UnknownAccount: the release has no such company.
    """
    rows = query(
        connection,
        """
select
    customer.company_code, customer.customer_id, company.name as company_name, customer.name as customer_name,
    company.functional_currency as currency, customer.party_id
from marts.dim_customer as customer
inner join marts.dim_company as company on customer.company_code = company.company_code
where customer.company_code = coalesce($company_code, customer.company_code)
    and not starts_with(customer.customer_id, '(')
order by customer.company_code, customer.customer_id""",
        company_code=company_code,
    )
    if not rows:
        check_company(connection, company_code)
    return [Account(**row) for row in rows]


def check_company(connection: duckdb.DuckDBPyConnection, company_code: str | None) -> None:
    """Refuse a company that the release does not have; None stands for all of them.

    Raises:
        UnknownAccount: there is none of that code.
    """
    known = [
        str(row["company_code"])
        for row in query(connection, "select company_code from marts.dim_company order by company_code")
    ]
    if company_code is not None and company_code not in known:
        raise UnknownAccount(
            f"this release has no company {company_code!r}", fix=f"name one of: {', '.join(known[:20])}"
        )


def account(connection: duckdb.DuckDBPyConnection, *, company_code: str, customer_id: str) -> Account:
    """One customer of one company.

    Raises:
        UnknownAccount: there is none, or it stands for items that nobody could be assigned to.
    """
    every = accounts(connection, company_code=company_code)
    for one in every:
        if one.customer_id == customer_id:
            return one
    if customer_id.startswith("("):
        raise UnknownAccount(
            f"{customer_id} stands for items of {company_code} that have no customer: nobody can confirm them",
            fix="assign them in the ERP; `arrears query` on marts.mart_aging lists them",
        )
    alike = [one.customer_id for one in every if _plain(customer_id) in _plain(one.customer_id)][:5]
    hint = f"; did you mean {', '.join(alike)}?" if alike else ""
    raise UnknownAccount(
        f"company {company_code} has no customer {customer_id!r} in this release",
        fix="take the id as the ERP writes it, from"
        f" `arrears query \"select customer_id, name from marts.dim_customer where company_code = '{company_code}'\"`"
        + hint,
    )


def _plain(customer_id: str) -> str:
    # spreadsheets take zeros away, people write in either case
    return customer_id.strip().lower().lstrip("0")


def check_period(release: Release, *, first_day: date, last_day: date) -> None:
    """Refuse a period that the release cannot answer for.

    Raises:
        PeriodNotCovered: it ends before it begins, or after the release's own day.
    """
    if first_day > last_day:
        raise PeriodNotCovered(
            f"the period begins on {first_day} and ends before, on {last_day}", fix="exchange the two days"
        )
    if last_day > release.as_of:
        raise PeriodNotCovered(
            f"release {release.release_id} knows the books up to {release.as_of}; {last_day} is later",
            fix=f"end on {release.as_of} at the latest, or land newer extracts with `arrears refresh`",
        )


def statements(
    connection: duckdb.DuckDBPyConnection,
    wanted: Sequence[Account],
    *,
    release: Release,
    first_day: date,
    last_day: date,
    is_whole_company: bool = False,
) -> Iterator[Statement]:
    """The statement of each account, proved, company by company.

    Args:
        is_whole_company: `wanted` are all accounts of their companies, so that customers need no naming.
    Raises:
        PeriodNotCovered: see `check_period`.
        DoesNotClose: see `documents.statement.prove`.
    """
    check_period(release, first_day=first_day, last_day=last_day)
    labels = query(
        connection,
        "select bucket, label_zh, label_en from marts.dim_aging_bucket where scheme = $scheme order by bucket_no",
        scheme=SCHEME,
    )
    by_company: dict[str, list[Account]] = defaultdict(list)
    for one in wanted:
        by_company[one.company_code].append(one)
    for company_code, members in by_company.items():
        customers = None if is_whole_company else [one.customer_id for one in members]
        lines = _by_customer(connection, _LINES, company_code, customers, "line", first_day, last_day)
        items = _by_customer(connection, _ITEMS, company_code, customers, "item", None, last_day)
        aging = _by_customer(connection, _AGING, company_code, customers, "item", None, last_day)
        for one in members:
            of_one = one.customer_id
            parts = _currencies(one, lines[of_one], items[of_one], aging[of_one], labels)
            yield prove(Statement(one, release, first_day, last_day, parts))


def _by_customer(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    company_code: str,
    customers: Sequence[str] | None,
    name: str,
    first_day: date | None,
    last_day: date,
) -> Mapping[str, list[Row]]:
    # spelt out as constants, which the database carries down to its tables; a join it would not
    named = {f"customer_{number}": customer for number, customer in enumerate(customers or ())}
    only = f"and {name}.customer_id in ({', '.join(f'${key}' for key in named)})" if named else ""
    found: dict[str, list[Row]] = defaultdict(list)
    days = {"last_day": last_day} | ({"first_day": first_day} if first_day else {})
    text = sql.format(paper=_PAPER.strip(), only=only, scheme=SCHEME)
    for row in query(connection, text, company_code=company_code, **days, **named):
        found[row["customer_id"]].append(row)
    return found


def _currencies(
    one: Account, lines: Sequence[Row], items: Sequence[Row], aging: Sequence[Row], labels: Sequence[Row]
) -> tuple[CurrencyAccount, ...]:
    spoken = {row["currency"] for row in (*lines, *items)}
    # an account without anything still has a balance to confirm: 0.00
    order = sorted(spoken or {one.currency}, key=lambda currency: (currency != one.currency, currency))
    return tuple(
        _currency(
            currency,
            [row for row in lines if row["currency"] == currency],
            [row for row in items if row["currency"] == currency],
            {row["bucket"]: row["amount_document"] for row in aging if row["currency"] == currency},
            labels,
        )
        for currency in order
    )


def _currency(
    currency: str,
    lines: Sequence[Row],
    items: Sequence[Row],
    aging: Mapping[str, Decimal],
    labels: Sequence[Row],
) -> CurrencyAccount:
    of_trade = [row for row in lines if row["receivable_class"] == TRADE]
    opening = [row for row in of_trade if row["effective_date"] is None]
    moved = {row["receivable_class"]: row["balance_document"] for row in lines}
    known = {str(row["bucket"]) for row in labels}
    return CurrencyAccount(
        currency=currency,
        opening=sum((row["amount_document"] for row in opening), ZERO),
        opening_functional=_all_known(row["amount_functional"] for row in opening),
        lines=tuple(_line(row) for row in of_trade if row["effective_date"] is not None),
        items=tuple(_item(row) for row in items if row["receivable_class"] == TRADE),
        aging=(
            *(Bucket(**_labelled(row), amount=aging.get(row["bucket"], ZERO)) for row in labels),
            *(Bucket(code, code, code, amount) for code, amount in aging.items() if code not in known),
        ),
        beside=tuple(_item(row) for row in items if row["receivable_class"] != TRADE),
        beside_moved=tuple(
            (receivable_class, moved[receivable_class])
            for receivable_class in sorted(moved, key=_beside_order)
            if receivable_class != TRADE
        ),
    )


def _all_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _beside_order(receivable_class: str) -> tuple[int, str]:
    return (
        BESIDE.index(receivable_class) if receivable_class in BESIDE else len(BESIDE),
        receivable_class,
    )


def _labelled(row: Row) -> dict[str, str]:
    return {"code": row["bucket"], "label_zh": row["label_zh"], "label_en": row["label_en"]}


def _line(row: Row) -> Line:
    return Line(
        day=row["effective_date"],
        kind=line_kind(row["movement_kind"], item_kind=row["item_kind"], allocation_id=row["allocation_id"]),
        document=row["document_id"] or "",
        reference=row["reference"],
        amount=row["amount_document"],
        balance=row["balance_document"],
        functional=row["amount_functional"],
        allocation_id=row["allocation_id"] or "",
        source=row["source"],
    )


def line_kind(movement_kind: str, *, item_kind: str | None, allocation_id: str | None) -> str:
    """What a line is called: documents by their type, what crosses accounts as that, reversals by what they undo."""
    if movement_kind == "billed":
        return item_kind or movement_kind
    if allocation_id is None:
        if movement_kind == "reversal":
            return "receipt_reversed" if item_kind in ("receipt", "refund") else "document_reversed"
        return movement_kind
    # both legs of a match inside the account net to zero; one that is left has its other leg elsewhere
    return "transfer" if movement_kind in ("cash", "bill_received", "credit_note") else movement_kind


def _item(row: Row) -> Item:
    return Item(
        open_item_id=row["open_item_id"],
        receivable_class=row["receivable_class"],
        kind=row["item_kind"],
        document=row["document_id"] or "",
        reference=row["reference"],
        instalment_no=row["instalment_no"],
        document_date=row["document_date"],
        due_date=row["due_date"],
        original_due_date=row["original_due_date"],
        days_past_due=row["days_past_due"] or 0,
        original_amount=row["original_amount_document"],
        open_amount=row["open_amount_document"],
        disputed_amount=row["disputed_amount_document"],
        functional=row["open_amount_functional"],
        is_age_unknown=bool(row["is_age_unknown"]),
        is_due_date_derived=bool(row["is_due_date_derived"]),
        source=row["source"],
    )


def query(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: Any) -> list[Row]:
    """Rows of one statement, each as a mapping of column names."""
    result = connection.execute(sql, parameters) if parameters else connection.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
