"""Billing of the bulk simulator: documents with their dates, amounts and instalments.

Belongs here: what is billed, credited, voided and deleted. Does not: payment, later corrections (corrections.py).

document: owner (customer), kind, document_date, posting_date, booked_on, due_date, is_foreign, currency, amount, tax,
functional, parts (instalments; 0 for none), credits (the invoice a credit note belongs to, or NONE), is_void,
is_deleted (both 0 or 1; neither is ever settled).
"""

import numpy as np

from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import LAST, OPENING, day_number, month_ends, months
from ingest.simulator.bulk.columns import (
    NONE,
    Columns,
    Flags,
    Ints,
    chance,
    choose,
    divide_half_away,
    filled,
    length,
    take,
)

INVOICE, DEBIT_NOTE, CREDIT_NOTE = 0, 1, 2
# Shares of the documents, in thousandths.
_CREDIT_NOTES, _STANDALONE_NOTES, _DEBIT_NOTES = 35, 4, 8
_PLANS, _VOID, _DELETED = 103, 4, 7
_POSTED_LATE = 30
# The benchmark's step of one more day brings a thousandth of the documents.
_LAST_DAY_SHARE = 0.001
# Products of an amount, its value and an open amount stay below 2^63 (carrying amounts in ledger.py).
FOREIGN_LIMIT = 30_000_000
_DOMESTIC_LIMIT = 600_000_000


def make_documents(book: CompanyBook, owners: Ints, *, rng: np.random.Generator) -> Columns:
    """Draw one document for every entry of `owners`, in the order in which the ERP numbers them."""
    count = len(owners)
    kinds, credits = _kinds(rng, count)
    is_note = kinds == CREDIT_NOTE
    owners = np.where(credits != NONE, owners[credits], owners)
    customers = take(book.customers.columns, owners)
    document_date = _document_dates(book, customers["onboarded_on"], rng)
    is_foreign = (rng.integers(0, 1000, count) < customers["foreign_share"]).astype(np.int64)
    amount = _amounts(customers["price"], is_foreign, rng)
    _follow_invoices(credits, document_date, is_foreign, amount, rng)
    posting_date = np.minimum(
        document_date + rng.integers(1, 4, count) * chance(rng, count, per_mille=80), LAST
    )
    delay = rng.integers(1, 26, count) * chance(rng, count, per_mille=_POSTED_LATE)
    delay[posting_date + delay > LAST] = 0
    currency = book.currency_of(owners, is_foreign)
    tax_rate = book.company.tax_per_mille
    documents: Columns = {
        "owner": owners,
        "kind": kinds,
        "document_date": document_date,
        "posting_date": posting_date,
        "booked_on": posting_date + delay,
        "due_date": np.where(is_note, document_date, _due_dates(book, customers["terms"], document_date)),
        "is_foreign": is_foreign,
        "currency": currency,
        "amount": amount,
        "tax": np.where(is_foreign == 1, 0, divide_half_away(amount * tax_rate, 1000 + tax_rate)),
        "functional": book.functional(amount, currency, posting_date),
        "credits": credits,
    }
    return _with_fates(_in_order_of_booking(documents), rng)


def _kinds(rng: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    """Kinds of documents, and for every linked credit note the position of its invoice."""
    order = rng.permutation(count)
    notes = order[: count * _CREDIT_NOTES // 1000]
    debit_notes = order[len(notes) : len(notes) + count * _DEBIT_NOTES // 1000]
    kinds = filled(count, INVOICE)
    kinds[notes] = CREDIT_NOTE
    kinds[debit_notes] = DEBIT_NOTE
    credits = filled(count)
    linked = notes[count * _STANDALONE_NOTES // 1000 :]
    credits[linked] = choose(rng, kinds == INVOICE, len(linked))
    return kinds, credits


def _document_dates(book: CompanyBook, onboarded_on: Ints, rng: np.random.Generator) -> Ints:
    """Business days: busy at month ends, quiet in February and August."""
    days = book.calendar.business
    weight = np.ones(len(days))
    weight[np.diff(month_ends(days), append=month_ends(days)[-1] + 1) != 0] *= 2.5
    weight[np.isin(months(days), (2, 8))] *= 0.8
    weight[-1] = weight[:-1].sum() * _LAST_DAY_SHARE
    reached = np.cumsum(weight) / weight.sum()
    before = np.concatenate([[0.0], reached])[np.searchsorted(days, onboarded_on, side="left")]
    draws = before + rng.random(len(onboarded_on)) * (1.0 - before)
    return days[np.minimum(np.searchsorted(reached, draws, side="right"), len(days) - 1)]


def _amounts(price: Ints, is_foreign: Ints, rng: np.random.Generator) -> Ints:
    """Amounts around the price level of the customer, most of them with odd cents."""
    drawn = (price * np.exp(0.8 * rng.standard_normal(len(price)))).astype(np.int64)
    drawn = np.where(rng.integers(0, 3, len(price)) == 0, drawn - drawn % 10_000, drawn)
    return np.clip(drawn, 1_500, np.where(is_foreign == 1, FOREIGN_LIMIT, _DOMESTIC_LIMIT))


def _follow_invoices(
    credits: Ints, document_date: Ints, is_foreign: Ints, amount: Ints, rng: np.random.Generator
) -> None:
    """Dates, currency and amounts of credit notes from their invoices, in place; a quarter credits all of it."""
    notes = np.flatnonzero(credits != NONE)
    invoices = credits[notes]
    document_date[notes] = document_date[invoices]
    document_date[notes] += rng.integers(0, np.minimum(LAST - document_date[invoices], 40) + 1)
    is_foreign[notes] = is_foreign[invoices]
    per_mille = np.where(rng.integers(0, 4, len(notes)) == 0, 1000, rng.integers(30, 300, len(notes)))
    amount[notes] = np.maximum(amount[invoices] * per_mille // 1000, 1)


def _due_dates(book: CompanyBook, terms: Ints, days: Ints) -> Ints:
    due = days.copy()
    for position, each in enumerate(book.customers.terms):
        rows = terms == position
        reached = days[rows] + each.days_before
        due[rows] = (reached if each.cutoff_day is None else month_ends(reached)) + each.days_after
    return due


def _in_order_of_booking(documents: Columns) -> Columns:
    order = np.argsort(documents["booked_on"], kind="stable").astype(np.int64)
    position = np.empty_like(order)
    position[order] = np.arange(len(order))
    result = take(documents, order)
    linked = result["credits"] != NONE
    result["credits"][linked] = position[result["credits"][linked]]
    return result


def _with_fates(documents: Columns, rng: np.random.Generator) -> Columns:
    """Instalments, voided and deleted documents; one document has at most one of them."""
    count = length(documents)
    is_plain = documents["kind"] != CREDIT_NOTE
    is_plain[documents["credits"][documents["credits"] != NONE]] = False
    documents["parts"] = filled(count, 0)
    plans = choose(rng, is_plain & (documents["amount"] >= 10_000), count * _PLANS // 1000)
    documents["parts"][plans] = rng.integers(2, 5, len(plans))
    is_plain[plans] = False
    documents["is_void"] = _flag(rng, is_plain & (documents["booked_on"] < LAST - 30), count * _VOID // 1000)
    is_plain &= documents["is_void"] == 0
    is_recent = documents["booked_on"] > day_number(OPENING) - 120
    documents["is_deleted"] = _flag(rng, is_plain & is_recent, count * _DELETED // 1000)
    return documents


def _flag(rng: np.random.Generator, eligible: Flags, count: int) -> Ints:
    flags = filled(len(eligible), 0)
    flags[choose(rng, eligible, count)] = 1
    return flags


def make_instalments(documents: Columns) -> Columns:
    """Parts of the documents with a plan: equal amounts twenty days apart, the last one takes the remainder.

    The due date of the document becomes that of its last part.
    """
    rows = np.repeat(np.arange(length(documents)), documents["parts"])
    parts = documents["parts"][rows]
    first = np.cumsum(documents["parts"]) - documents["parts"]
    number = np.arange(len(rows)) - first[rows] + 1
    share = documents["amount"][rows] // np.maximum(parts, 1)
    due = documents["due_date"][rows] + 20 * (number - 1)
    is_last = number == parts
    documents["due_date"][rows[is_last]] = due[is_last]
    return {
        "document": rows,
        "number": number,
        "due_date": due,
        "amount": np.where(is_last, documents["amount"][rows] - share * (parts - 1), share),
    }
