"""Corrections in the bulk simulator: what later deliveries know differently.

Belongs here: changed, voided and deleted documents, bounced receipts, undone and vanished allocations, and the
delivery that first knows each of them. Does not: the rows (frames.py), their effect on the books (ledger.py).

Added to document: delivery, void_on, void_delivery, deleted_delivery, fact_delivery (amount or posting date was
different before it), first_amount, first_tax, first_functional, first_posting, note_delivery (reference, salesperson
or due date was different before it), first_due. To receipt: delivery, bounced_delivery. To allocation: delivery,
deleted_delivery. NONE = never.

A document changes its amount or posting date only before anything is settled against it. So every settlement is
computed once, from the last state of its document.
"""

import numpy as np

from ingest.simulator.bulk.billing import CREDIT_NOTE
from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import FIRST, LAST, OPENING, Calendar, day_number
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
    stack,
    take,
)
from ingest.simulator.bulk.paying import CREDIT, RECEIPT

# In thousandths of the documents.
_FACTS, _NOTES, _UNDONE, _VANISHED = 22, 29, 20, 4


def undo_allocations(
    book: CompanyBook, allocations: Columns, *, documents: int, rng: np.random.Generator
) -> Columns:
    """Allocations with reversal rows, vanished ones, and what replaces them, in order of booking."""
    calendar = book.calendar
    delivery = calendar.delivery_of(allocations["booked_on"])
    is_free = (allocations["kind"] == RECEIPT) & (allocations["is_fixed"] == 0)
    can_undo = is_free & (allocations["booked_on"] <= LAST - 30)
    undone = choose(rng, can_undo, documents * _UNDONE // 1000)
    reversal = take(allocations, undone)
    reversal["reverses"] = undone
    reversal["allocated_on"] = reversal["allocated_on"] + rng.integers(1, 26, len(undone))
    reversal["booked_on"] = np.maximum(reversal["booked_on"], reversal["allocated_on"])
    again = take(reversal, np.arange(len(undone)))
    again["reverses"] = filled(len(undone))
    again["allocated_on"] = again["allocated_on"] + rng.integers(0, 4, len(undone))
    again["booked_on"] = np.maximum(again["booked_on"], again["allocated_on"])

    is_free[undone] = False
    is_recent = allocations["booked_on"] > day_number(OPENING) - 120
    vanished = choose(
        rng, is_free & is_recent & (delivery < calendar.deliveries), documents * _VANISHED // 1000
    )
    gone_in = _later(rng, delivery[vanished], calendar)
    vanished, gone_in = vanished[gone_in != NONE], gone_in[gone_in != NONE]
    corrected = take(allocations, vanished)
    corrected["allocated_on"] = corrected["booked_on"] = calendar.delivery_days[gone_in]

    allocations["deleted_delivery"] = filled(length(allocations))
    allocations["deleted_delivery"][vanished] = gone_in
    for table in (reversal, again, corrected):
        table["deleted_delivery"] = filled(length(table))
    return _in_order_of_booking(stack(allocations, reversal, again, corrected), calendar)


def _in_order_of_booking(allocations: Columns, calendar: Calendar) -> Columns:
    order = np.argsort(allocations["booked_on"], kind="stable").astype(np.int64)
    position = np.empty_like(order)
    position[order] = np.arange(len(order))
    result = take(allocations, order)
    linked = result["reverses"] != NONE
    result["reverses"][linked] = position[result["reverses"][linked]]
    result["delivery"] = calendar.delivery_of(result["booked_on"])
    return take(result, result["delivery"] < calendar.deliveries)


def _later(rng: np.random.Generator, known: Ints, calendar: Calendar) -> Ints:
    """A delivery after the one that first knows a row: within weeks, for rows of the opening within the year.

    Even over the days, so that a daily delivery changes no more than a day's worth. NONE where that is after the end.
    """
    rest = LAST - day_number(OPENING)
    known_on = calendar.delivery_days[np.minimum(known, calendar.deliveries - 1)]
    later = calendar.delivery_of(known_on + rng.integers(1, np.where(known == 0, rest, 60) + 1))
    return np.where(later < calendar.deliveries, later, NONE)


def correct_receipts(book: CompanyBook, receipts: Columns) -> None:
    """The deliveries that know receipts, and that know that they bounced; in place."""
    receipts["delivery"] = book.calendar.delivery_of(receipts["booked_on"])
    bounced = book.calendar.delivery_of(receipts["bounced_on"])
    receipts["bounced_delivery"] = np.where(receipts["bounced_on"] == NONE, NONE, bounced)


def correct_documents(
    book: CompanyBook, documents: Columns, allocations: Columns, *, rng: np.random.Generator
) -> None:
    """Later versions of documents, in place."""
    count, deliveries = length(documents), book.calendar.deliveries
    known = book.calendar.delivery_of(documents["booked_on"])
    documents["delivery"] = known
    is_void = documents["is_void"] == 1
    void_on = documents["booked_on"] + rng.integers(1, 30, count)
    documents["void_on"] = np.where(is_void, void_on, NONE)
    documents["void_delivery"] = np.where(is_void, book.calendar.delivery_of(void_on), NONE)
    documents["deleted_delivery"] = np.where(
        documents["is_deleted"] == 1, _later(rng, known, book.calendar), NONE
    )

    is_living = ~is_void & (documents["is_deleted"] == 0)
    is_credited = np.zeros(count, dtype=np.bool_)
    is_credited[documents["credits"][documents["credits"] != NONE]] = True
    is_plain = is_living & (documents["parts"] == 0) & (documents["credits"] == NONE) & ~is_credited
    settled = np.minimum(_first_settled(allocations, count, deliveries), deliveries - 1)
    _correct_facts(book, documents, is_plain, settled, rng)
    notes = choose(rng, is_living & (documents["fact_delivery"] == NONE), count * _NOTES // 1000)
    # a few documents change twice
    notes = np.concatenate([notes, np.flatnonzero(documents["fact_delivery"] != NONE)[::10]])
    documents["note_delivery"] = filled(count)
    documents["note_delivery"][notes] = _later(rng, known[notes], book.calendar)
    can_move = is_plain & (documents["kind"] != CREDIT_NOTE) & (documents["note_delivery"] <= settled)
    is_moved = can_move & (documents["note_delivery"] != NONE)
    documents["first_due"] = documents["due_date"] - 10 * is_moved


def _first_settled(allocations: Columns, documents: int, deliveries: int) -> Ints:
    """The delivery that first knows a settlement of each document."""
    first = filled(documents, deliveries)
    np.minimum.at(first, allocations["target"], allocations["delivery"])
    credits = allocations["kind"] == CREDIT
    np.minimum.at(first, allocations["source"][credits], allocations["delivery"][credits])
    return first


def _correct_facts(
    book: CompanyBook, documents: Columns, is_plain: Flags, settled: Ints, rng: np.random.Generator
) -> None:
    count = length(documents)
    span = settled - documents["delivery"]
    rows = choose(rng, is_plain & (span > 0), count * _FACTS // 1000)
    documents["fact_delivery"] = filled(count)
    known_on = book.calendar.delivery_days[documents["delivery"][rows]]
    days = np.minimum(book.calendar.delivery_days[settled[rows]] - known_on, 60)
    changed_on = known_on + rng.integers(1, days + 1)
    documents["fact_delivery"][rows] = book.calendar.delivery_of(changed_on)
    for name in ("amount", "tax", "functional"):
        documents[f"first_{name}"] = documents[name].copy()
    documents["first_posting"] = documents["posting_date"].copy()
    is_dated_before = chance(rng, len(rows), per_mille=330)
    dated = rows[is_dated_before]
    earlier = documents["posting_date"][dated] - rng.integers(1, 9, len(dated))
    documents["first_posting"][dated] = np.maximum(earlier, FIRST)
    priced = rows[~is_dated_before]
    per_mille = rng.integers(850, 1000, len(priced))
    for name in ("amount", "tax"):
        documents[f"first_{name}"][priced] = divide_half_away(documents[name][priced] * per_mille, 1000)
    documents["first_functional"][rows] = book.functional(
        documents["first_amount"][rows], documents["currency"][rows], documents["first_posting"][rows]
    )
