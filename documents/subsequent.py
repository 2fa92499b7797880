"""Receipts after a day 期后回款: what became of the items that were open then.

Belongs here: the query and its proof, and the blocks of its workbook. Must not: money rules; what counts as received is
the published macro's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from documents.blocks import Block, Column, Document, Facts, Heading, Note, Sheet, Table, Value
from documents.errors import Difference, DoesNotClose, PeriodNotCovered
from documents.reading import account, check_company, query
from documents.statement import ZERO, Release
from documents.words import Language, Words

# What an item open on the day has become, in the order of the columns.
OUTCOMES = (
    "received",
    "bill",
    "settlement",
    "earlier_credit",
    "credit_note",
    "written_off",
    "other",
    "still_open",
)
_WORD_OF = {"earlier_credit": "earlier"}
# An .xlsx sheet holds 1,048,576 lines, header and totals included.
MOST_ROWS = 1_000_000

_SQL = """
select
    receipt.*,
    item.receivable_class,
    item.instalment_no,
    item.due_date,
    customer.name as customer_name,
    later.open_amount_document as later_amount_document
from marts.subsequent_receipts($as_of, $until) as receipt
inner join marts.open_items_as_of($as_of) as item on receipt.open_item_id = item.open_item_id
left join marts.open_items_as_of($until) as later on receipt.open_item_id = later.open_item_id
left join marts.dim_customer as customer
    on receipt.company_code = customer.company_code and receipt.customer_id = customer.customer_id
where receipt.company_code = coalesce($company_code, receipt.company_code)
    and receipt.customer_id = coalesce($customer_id, receipt.customer_id)
order by
    receipt.company_code, receipt.customer_id, receipt.currency, item.due_date nulls last, receipt.document_id,
    item.instalment_no, receipt.open_item_id"""


@dataclass(frozen=True)
class Outcome:
    """One item open on the day; `amounts` follow `OUTCOMES` and add up to `open_amount`."""

    company_code: str
    customer_id: str
    customer_name: str
    receivable_class: str
    document: str
    instalment_no: int | None
    due_date: date | None
    currency: str
    open_amount: Decimal
    amounts: tuple[Decimal, ...]
    last_received_on: date | None


def subsequent_receipts(
    connection: duckdb.DuckDBPyConnection,
    *,
    release: Release,
    as_of: date,
    until: date,
    company_code: str | None = None,
    customer_id: str | None = None,
) -> list[Outcome]:
    """Every item open at the end of `as_of` and what became of it by the end of `until`.

    Args:
        customer_id: one customer of `company_code` alone.
    Raises:
        PeriodNotCovered: the days are not in order, or beyond what the release knows.
        UnknownAccount: the release has no such company, or it no such customer.
        DoesNotClose: the parts of an item do not add up to it, or what is left is not what is open on `until`.
    """
    _check_days(release, as_of=as_of, until=until)
    check_company(connection, company_code)
    if customer_id is not None:
        account(connection, company_code=company_code or "", customer_id=customer_id)
    rows = query(
        connection, _SQL, as_of=as_of, until=until, company_code=company_code, customer_id=customer_id
    )
    return [_proved(row, until=until) for row in rows]


def _check_days(release: Release, *, as_of: date, until: date) -> None:
    if until <= as_of:
        raise PeriodNotCovered(f"{until} is not after {as_of}", fix="give a later day with --until")
    if until > release.as_of:
        raise PeriodNotCovered(
            f"release {release.release_id} knows the books up to {release.as_of}; {until} is later",
            fix=f"end on {release.as_of} at the latest, or land newer extracts with `arrears refresh`",
        )


def _proved(row: dict[str, Any], *, until: date) -> Outcome:
    amounts = tuple(row[f"{name}_amount_document"] for name in OUTCOMES)
    open_amount: Decimal = row["open_amount_document"]
    left = row["later_amount_document"] or ZERO
    parts = sum(amounts, ZERO)
    if parts != open_amount or amounts[-1] != left:
        names = ("company_code", "customer_id", "document_id", "currency")
        place = " ".join(str(row[name]) for name in names if row[name])
        raise DoesNotClose(
            f"item {row['open_item_id']} was open with {open_amount:,} and its parts give {parts:,};"
            f" {amounts[-1]:,} should be left of it, {left:,} are open on {until}",
            fix="nothing was written; publish again with `arrears refresh`, and if it repeats follow the item in"
            " marts.fct_receivable_movement",
            difference=(
                Difference("what_is_left_of_the_item", place, amounts[-1], left)
                if parts == open_amount
                else Difference("parts_of_the_item", place, parts, open_amount)
            ),
        )
    return Outcome(
        company_code=row["company_code"],
        customer_id=row["customer_id"],
        customer_name=row["customer_name"] or row["customer_id"],
        receivable_class=row["receivable_class"],
        document=row["document_id"] or "",
        instalment_no=row["instalment_no"],
        due_date=row["due_date"],
        currency=row["currency"],
        open_amount=open_amount,
        amounts=amounts,
        last_received_on=row["last_received_on"],
    )


def subsequent_document(
    outcomes: Sequence[Outcome], *, release: Release, as_of: date, until: date, language: Language
) -> Document:
    """Totals per company, class and currency, then item by item."""
    words = Words(language)
    sheets = [Sheet(words("subsequent.sheet_totals"), _totals(outcomes, words, release, as_of, until))]
    for start in range(0, max(len(outcomes), 1), MOST_ROWS):
        part = outcomes[start : start + MOST_ROWS]
        sheets.append(Sheet(words("subsequent.sheet_items"), [_items(part, words)]))
    return Document(
        title=words("subsequent.title"),
        foot=f"{words('subsequent.title')} · {as_of} · {until} · {release.release_id}",
        page_of=words.raw("page.of"),
        sheets=sheets,
        is_wide=True,
    )


def _totals(
    outcomes: Sequence[Outcome], words: Words, release: Release, as_of: date, until: date
) -> list[Block]:
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.company_code, outcome.receivable_class, outcome.currency), []).append(
            outcome
        )
    rows: list[tuple[Value, ...]] = []
    for (company_code, receivable_class, currency), members in sorted(groups.items()):
        total = sum((one.open_amount for one in members), ZERO)
        sums = [sum((one.amounts[position] for one in members), ZERO) for position in range(len(OUTCOMES))]
        rows.append(
            (
                company_code,
                words.label("class", receivable_class),
                currency,
                len(members),
                total,
                *sums,
                # open items are positive, so there is something to divide by
                (sums[0] / total).quantize(Decimal("0.000001")),
            )
        )
    columns = (
        Column(words("subsequent.company"), width=10),
        Column(words("subsequent.class"), width=24),
        Column(words("subsequent.currency"), width=10),
        Column(words("subsequent.count"), "count", 8),
        *_amount_columns(words),
        Column(words("subsequent.rate"), "share", 9),
    )
    return [
        Heading(words("subsequent.title"), 1),
        Facts(
            [
                (words("subsequent.as_of"), as_of),
                (words("subsequent.until"), until),
                (words("statement.release"), release.release_id),
            ]
        ),
        Note(words("subsequent.check")),
        Note(words("subsequent.bill_note")),
        Heading(words("subsequent.totals")),
        Table(columns, rows),
    ]


def _items(outcomes: Sequence[Outcome], words: Words) -> Table:
    columns = (
        Column(words("subsequent.company"), width=9),
        Column(words("subsequent.customer"), width=12),
        Column(words("subsequent.name"), width=26),
        Column(words("subsequent.class"), width=24),
        Column(words("subsequent.document"), width=16),
        Column(words("subsequent.instalment"), "count", 11),
        Column(words("subsequent.due_date"), "day", 11),
        Column(words("subsequent.currency"), width=10),
        *_amount_columns(words),
        Column(words("subsequent.last"), "day", 12),
    )
    rows = [
        (
            one.company_code,
            one.customer_id,
            one.customer_name,
            words.label("class", one.receivable_class),
            one.document,
            one.instalment_no,
            one.due_date,
            one.currency,
            one.open_amount,
            *one.amounts,
            one.last_received_on,
        )
        for one in outcomes
    ]
    return Table(columns, rows)


def _amount_columns(words: Words) -> list[Column]:
    names = ["open", *(_WORD_OF.get(name, name) for name in OUTCOMES)]
    return [Column(words(f"subsequent.{name}"), "money", 15) for name in names]
