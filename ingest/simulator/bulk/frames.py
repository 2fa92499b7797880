"""Frames of the bulk simulator: columns of a chunk as rows of the contract, by delivery.

Belongs here: identifiers, texts and versions of rows. Does not: events, files.

Every frame has the columns of its entity that have a value, `_delivery` (position of the delivery) and `_deleted`
(true or nothing), and is sorted by delivery and row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.simulator.bulk.billing import CREDIT_NOTE
from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import years
from ingest.simulator.bulk.columns import NONE, Columns, Flags, Ints, length, stack, take
from ingest.simulator.bulk.paying import CREDIT, DISCOUNT, RECEIPT, SHORTFALL, WRITE_OFF
from ingest.simulator.settlement import UNCOLLECTIBLE

_DOCUMENT_KINDS = ("invoice", "debit_note", "credit_note")
_DOCUMENT_PREFIXES = {"CN01": ("AR", "JX", "HZ"), "EU01": ("INV", "DBN", "CRN")}
_PREFIXES = {"CN01": ("SK", "HX"), "EU01": ("RCT", "APP")}
# by kind of allocation (paying.py)
_FROM_KINDS = ("receipt", "credit_note", "discount", "write_off", "offset", "write_off")
_REASONS = (None, None, "early payment", UNCOLLECTIBLE, "set-off by agreement", "small difference")
_NUMBERS = 100_000_000


@dataclass(frozen=True, slots=True)
class Ids:
    """Identifiers of the rows of one chunk, in order."""

    documents: pl.Series
    receipts: pl.Series
    allocations: pl.Series


def make_ids(
    book: CompanyBook, documents: Columns, receipts: Columns, allocations: Columns, *, first: dict[str, int]
) -> Ids:
    """Numbers with the year of booking; `first` tells how many rows of each entity earlier chunks have had."""
    code = book.company.code
    kinds = pick(_DOCUMENT_PREFIXES[code], documents["kind"])
    receipt, allocation = _PREFIXES[code]
    return Ids(
        documents=kinds + _numbers(documents["booked_on"], first["document"]),
        receipts=receipt + _numbers(receipts["booked_on"], first["receipt"]),
        allocations=allocation + _numbers(allocations["booked_on"], first["allocation"]),
    )


def _numbers(booked_on: Ints, first: int) -> pl.Series:
    return pl.Series(years(booked_on) * _NUMBERS + first + 1 + np.arange(len(booked_on))).cast(pl.String)


def document_frame(book: CompanyBook, documents: Columns, ids: Ids) -> pl.DataFrame:
    """Every version of every document."""
    row, at = _versions(
        documents, ("delivery", "fact_delivery", "note_delivery", "void_delivery", "deleted_delivery")
    )
    now = take(documents, row)
    is_first = (now["fact_delivery"] != NONE) & (at < now["fact_delivery"])
    is_noted = (now["note_delivery"] != NONE) & (at >= now["note_delivery"])
    is_void = (now["void_delivery"] != NONE) & (at >= now["void_delivery"])
    facts = {
        name: np.where(is_first, now[first], now[name])
        for name, first in (
            ("amount", "first_amount"),
            ("tax", "first_tax"),
            ("functional", "first_functional"),
            ("posting_date", "first_posting"),
        )
    }
    due = np.where((now["note_delivery"] != NONE) & ~is_noted, now["first_due"], now["due_date"])
    orders = _some_number(row, 7919)
    salespeople = pick(book.customers.sales_owners, now["owner"])
    successors = pick(book.customers.sales_owners, (now["owner"] + 1) % len(book.customers.sales_owners))
    return pl.DataFrame(
        {
            "company_code": constant(book.company.code, len(row)),
            "document_id": ids.documents.gather(row),
            "document_type": pick(_DOCUMENT_KINDS, now["kind"]),
            "customer_id": pick(book.customers.numbers, now["owner"]),
            "document_date": dates(now["document_date"]),
            "posting_date": dates(facts["posting_date"]),
            "due_date": dates(due),
            "payment_terms": where(
                now["kind"] != CREDIT_NOTE,
                pick([t.text for t in book.customers.terms], _of(book, "terms", now["owner"])),
            ),
            "currency": pick(book.customers.currencies, now["currency"]),
            "amount": money(facts["amount"]),
            "functional_amount": money(facts["functional"]),
            "tax_amount": money(facts["tax"]),
            "reference": "PO" + orders + pl.Series(np.where(is_noted & (row % 5 < 3), "-R", "")),
            "sales_order": "SO" + _some_number(row, 104_729),
            "salesperson": either(is_noted & (row % 5 >= 3), successors, salespeople),
            "control_account": constant(book.company.trade_account, len(row)),
            "is_cancelled": where(is_void, constant("true", len(row))),
            "cancelled_on": where(is_void, dates(np.maximum(now["void_on"], 0))),
            **_delivered(at, now["deleted_delivery"]),
        }
    )


def instalment_frame(book: CompanyBook, documents: Columns, instalments: Columns, ids: Ids) -> pl.DataFrame:
    """Parts of documents; they come with their document and never change."""
    row = instalments["document"]
    delivery = documents["delivery"][row]
    order = np.argsort(delivery, kind="stable")
    return pl.DataFrame(
        {
            "company_code": constant(book.company.code, len(row)),
            "document_id": ids.documents.gather(row),
            "instalment_no": pl.Series(instalments["number"]),
            "due_date": dates(instalments["due_date"]),
            "amount": money(instalments["amount"]),
            "kind": constant("normal", len(row)),
            **_delivered(delivery, np.full(len(row), NONE)),
        }
    )[order]


def receipt_frame(book: CompanyBook, receipts: Columns, ids: Ids) -> pl.DataFrame:
    """Every version of every receipt."""
    row, at = _versions(receipts, ("delivery", "bounced_delivery"))
    now = take(receipts, row)
    is_bounced = (now["bounced_delivery"] != NONE) & (at >= now["bounced_delivery"])
    accounts = [book.company.bank_accounts[currency] for currency in book.customers.currencies]
    return pl.DataFrame(
        {
            "company_code": constant(book.company.code, len(row)),
            "receipt_id": ids.receipts.gather(row),
            "customer_id": pick(book.customers.numbers, now["owner"]),
            "receipt_date": dates(now["receipt_date"]),
            "currency": pick(book.customers.currencies, now["currency"]),
            "amount": money(now["amount"]),
            "functional_amount": money(now["functional"]),
            "method": constant("transfer", len(row)),
            "status": pick(("cleared", "bounced"), is_bounced.astype(np.int64)),
            "status_date": where(is_bounced, dates(np.maximum(now["bounced_on"], 0))),
            "bank_account": pick(accounts, now["currency"]),
            "control_account": constant(book.company.trade_account, len(row)),
            **_delivered(at, np.full(len(row), NONE)),
        }
    )


def allocation_frame(book: CompanyBook, allocations: Columns, ids: Ids) -> pl.DataFrame:
    """Allocations and their disappearance; a reversal names the allocation that it undoes."""
    row, at = _versions(allocations, ("delivery", "deleted_delivery"))
    now = take(allocations, row)
    kind, source, reverses = now["kind"], now["source"], now["reverses"]
    by_receipt = ids.receipts.gather(np.where(kind == RECEIPT, source, 0))
    by_credit = ids.documents.gather(np.where(kind == CREDIT, source, 0))
    set_off = "AP" + _some_number(row, 7919)
    from_id = either(kind == RECEIPT, by_receipt, either(kind == CREDIT, by_credit, set_off))
    is_reversal = reverses != NONE
    is_approved = (kind == WRITE_OFF) | (kind == SHORTFALL)
    approver = pick(book.company.approvers, row % 2)
    return pl.DataFrame(
        {
            "company_code": constant(book.company.code, len(row)),
            "allocation_id": ids.allocations.gather(row),
            "from_kind": pick(_FROM_KINDS, kind),
            "from_id": where((kind != DISCOUNT) & ~is_approved, from_id),
            "to_kind": constant("document", len(row)),
            "to_id": ids.documents.gather(now["target"]),
            "to_instalment_no": where(now["part"] > 0, pl.Series(now["part"])),
            "allocated_on": dates(now["allocated_on"]),
            "amount": money(now["amount"]),
            "reason": either(is_reversal, constant("misapplied", len(row)), pick(_REASONS, kind)),
            "approved_by": where(is_approved, approver),
            "approved_on": where(is_approved, dates(now["allocated_on"])),
            "is_reversal": where(is_reversal, constant("true", len(row))),
            "reverses_allocation_id": where(
                is_reversal, ids.allocations.gather(np.where(is_reversal, reverses, 0))
            ),
            **_delivered(at, now["deleted_delivery"]),
        }
    )


def _versions(table: Columns, deliveries: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Row and delivery of every version, sorted by delivery; several changes in one delivery are one version."""
    rows = np.arange(length(table))
    parts = []
    for name in deliveries:
        known = table[name] != NONE
        parts.append({"row": rows[known], "at": table[name][known]})
    events = stack(*parts)
    events = take(events, np.lexsort((events["row"], events["at"])))
    is_new = (np.diff(events["row"], prepend=NONE) != 0) | (np.diff(events["at"], prepend=NONE) != 0)
    return events["row"][is_new], events["at"][is_new]


def _delivered(at: Ints, deleted: Ints) -> dict[str, pl.Series]:
    return {"_delivery": pl.Series(at), "_deleted": where(at == deleted, constant("true", len(at)))}


def money(minor: Ints) -> pl.Series:
    """Minor units as exact decimals."""
    return pl.Series(minor).cast(pl.Decimal(20, 2)) * pl.Series(["0.01"]).cast(pl.Decimal(20, 2))


def dates(days: Ints) -> pl.Series:
    """Days since 1970-01-01 as dates."""
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def pick(values: Sequence[str | None], positions: Ints) -> pl.Series:
    """Texts by position."""
    return pl.Series(values, dtype=pl.String).gather(positions)


def constant(value: str, count: int) -> pl.Series:
    """One text in every row."""
    return pl.repeat(value, count, dtype=pl.String, eager=True)


def where(condition: Flags, values: pl.Series) -> pl.Series:
    """The value where the condition holds, else nothing."""
    return values.zip_with(pl.Series(condition), pl.Series([None], dtype=values.dtype))


def either(condition: Flags, values: pl.Series, others: pl.Series) -> pl.Series:
    """The value where the condition holds, else the other one."""
    return values.zip_with(pl.Series(condition), others)


def _some_number(rows: Ints, factor: int) -> pl.Series:
    return pl.Series(10_000_000 + rows * factor % 9_999_991).cast(pl.String)


def _of(book: CompanyBook, name: str, owners: Ints) -> Ints:
    return book.customers.columns[name][owners]
