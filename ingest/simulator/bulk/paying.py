"""Paying in the bulk simulator: receipts that settle claims, and the allocations that say so.

Belongs here: grouping claims into receipts, applications, sinks, credit notes applied, bounced receipts. Does not:
undoing of allocations and other later changes (corrections.py).

receipt: owner, currency, is_foreign, receipt_date, booked_on, amount, functional, bounced_on (or NONE).
purpose: receipt, document (what the payer meant the money for, whether or not it is ever applied).
allocation: kind, source (receipt or credit note, or NONE), target (document), part, allocated_on, booked_on, amount,
reverses (allocation, or NONE), is_foreign, is_fixed (1: must not be undone later).
"""

import numpy as np

from ingest.simulator.bulk.billing import CREDIT_NOTE
from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import LAST
from ingest.simulator.bulk.claims import CASH, OFFSET, WRITTEN_OFF
from ingest.simulator.bulk.columns import NONE, Columns, Flags, Ints, chance, filled, length, stack, take

# bad debts and short payments are both written off, for different reasons
RECEIPT, CREDIT, DISCOUNT, WRITE_OFF, SET_OFF, SHORTFALL = 0, 1, 2, 3, 4, 5
_WAYS = {OFFSET: SET_OFF, WRITTEN_OFF: WRITE_OFF}
# Claims on one receipt: foreign ones are few, so that products of amounts stay below 2^63 (ledger.py).
_DOMESTIC_CLAIMS, _FOREIGN_CLAIMS = 200, 15
_BOUNCED, _LATE_RECEIPTS, _LATE_ALLOCATIONS = 3, 20, 15
_OVERPAID, _UNAPPLIED, _APPLIED_LATER = 6, 3, 40


def make_settlements(
    book: CompanyBook, documents: Columns, claims: Columns, *, rng: np.random.Generator
) -> tuple[Columns, Columns, Columns]:
    """Receipts, their purposes and the allocations of a chunk. What is booked after the history is still in them."""
    paid = take(claims, claims["pay_on"] <= LAST)
    cash = take(paid, paid["way"] == CASH)
    cash["is_foreign"] = documents["is_foreign"][cash["document"]]
    cash["owner"] = documents["owner"][cash["document"]]
    cash["is_plan"] = (cash["part"] > 0).astype(np.int64)
    cash, receipts = _receipts(book, cash, rng)
    cash, receipts = _bounce(book, cash, receipts, rng)
    applications = _applications(documents, cash, receipts, rng)
    allocations = stack(applications, _sinks(documents, paid, rng), _credits_applied(documents, rng))
    purposes = {name: cash[name] for name in ("receipt", "document")}
    return receipts, purposes, take(allocations, allocations["allocated_on"] <= LAST)


def _receipts(book: CompanyBook, cash: Columns, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """One receipt for what a customer pays in one currency on one day; claims get its position."""
    cash = take(cash, np.lexsort((cash["document"], cash["is_foreign"], cash["owner"], cash["pay_on"])))
    starts = np.zeros(length(cash), dtype=np.bool_)
    for name in ("pay_on", "owner", "is_foreign"):
        starts |= np.diff(cash[name], prepend=NONE) != 0
    first = np.flatnonzero(starts)
    group = np.cumsum(starts) - 1
    limit = np.where(cash["is_foreign"] == 1, _FOREIGN_CLAIMS, _DOMESTIC_CLAIMS)
    starts |= (np.arange(len(group)) - first[group]) % limit == 0
    first = np.flatnonzero(starts)
    cash["receipt"] = np.cumsum(starts) - 1
    count = len(first)
    amount = np.add.reduceat(cash["cash"], first) if count else filled(0)
    surplus = rng.integers(100, 300_000, count) * chance(rng, count, per_mille=_OVERPAID)
    receipts = take({name: cash[name] for name in ("owner", "is_foreign", "pay_on")}, first)
    receipts["receipt_date"] = receipts.pop("pay_on")
    receipts["amount"] = amount + surplus
    receipts["has_plan"] = np.maximum.reduceat(cash["is_plan"], first) if count else filled(0)
    late = rng.integers(1, 7, count) * chance(rng, count, per_mille=_LATE_RECEIPTS)
    receipts["booked_on"] = receipts["receipt_date"] + np.where(receipts["is_foreign"] == 1, 0, late)
    receipts["bounced_on"] = filled(count)
    _complete(book, receipts)
    return cash, receipts


def _complete(book: CompanyBook, receipts: Columns) -> None:
    receipts["currency"] = book.currency_of(receipts["owner"], receipts["is_foreign"])
    receipts["functional"] = book.functional(
        receipts["amount"], receipts["currency"], receipts["receipt_date"]
    )


def _bounce(
    book: CompanyBook, cash: Columns, receipts: Columns, rng: np.random.Generator
) -> tuple[Columns, Columns]:
    """Some domestic receipts come back after days and are paid again by a second one."""
    count = length(receipts)
    rows = (receipts["is_foreign"] == 0) & chance(rng, count, per_mille=_BOUNCED)
    bounced_on = receipts["booked_on"] + rng.integers(3, 15, count)
    again_on = book.calendar.on_or_after(bounced_on + rng.integers(5, 25, count))
    rows &= again_on <= LAST
    receipts["bounced_on"][rows] = bounced_on[rows]
    second = take(receipts, rows)
    second["receipt_date"] = second["booked_on"] = again_on[rows]
    second["bounced_on"] = filled(length(second))
    _complete(book, second)
    position = filled(count)
    position[rows] = count + np.arange(length(second))
    repeated = take(cash, rows[cash["receipt"]])
    repeated["receipt"] = position[repeated["receipt"]]
    return stack(cash, repeated), stack(receipts, second)


def _applications(documents: Columns, cash: Columns, receipts: Columns, rng: np.random.Generator) -> Columns:
    """Allocations of receipts: most on the day, some weeks later, some never."""
    count = length(receipts)
    is_plain = (receipts["bounced_on"] == NONE) & (
        (receipts["is_foreign"] == 0) | (receipts["has_plan"] == 0)
    )
    lag = rng.integers(1, 30, count) * (is_plain & chance(rng, count, per_mille=_APPLIED_LATER))
    lag[is_plain & chance(rng, count, per_mille=_UNAPPLIED)] = LAST
    source = cash["receipt"]
    allocated_on = receipts["receipt_date"][source] + lag[source]
    late = rng.integers(1, 9, len(source)) * chance(rng, len(source), per_mille=_LATE_ALLOCATIONS)
    booked_on = np.maximum(allocated_on, receipts["booked_on"][source])
    # half of the plans have payers who name the part that they pay
    is_named = documents["owner"][cash["document"]] % 2 == 0
    return _allocations(
        kind=RECEIPT,
        source=source,
        target=cash["document"],
        part=np.where(is_named, cash["part"], 0),
        allocated_on=allocated_on,
        booked_on=booked_on + np.where(cash["is_foreign"] == 1, 0, late),
        amount=cash["cash"],
        is_foreign=cash["is_foreign"],
        is_fixed=(receipts["bounced_on"][source] != NONE) | (cash["is_plan"] * cash["is_foreign"] == 1),
    )


def _sinks(documents: Columns, paid: Columns, rng: np.random.Generator) -> Columns:
    """Discounts with the payment, short payments written off weeks later, set-offs, bad debts."""
    tables: list[Columns] = []
    for kind, column, delay in ((DISCOUNT, "discount", 0), (SHORTFALL, "shortfall", 30)):
        part = take(paid, paid[column] > 0)
        on = part["pay_on"] + rng.integers(0, delay + 1, length(part))
        tables.append(_sink(documents, part, kind=kind, on=on, amount=part[column]))
    for way, kind in _WAYS.items():
        part = take(paid, paid["way"] == way)
        tables.append(_sink(documents, part, kind=kind, on=part["pay_on"], amount=part["amount"]))
    return stack(*tables)


def _sink(documents: Columns, claims: Columns, *, kind: int, on: Ints, amount: Ints) -> Columns:
    count = length(claims)
    return _allocations(
        kind=kind,
        source=filled(count),
        target=claims["document"],
        part=filled(count, 0),
        allocated_on=on,
        booked_on=on,
        amount=amount,
        is_foreign=documents["is_foreign"][claims["document"]],
        is_fixed=np.ones(count, dtype=np.bool_),
    )


def _credits_applied(documents: Columns, rng: np.random.Generator) -> Columns:
    """Credit notes applied to their invoices within days."""
    notes = np.flatnonzero((documents["kind"] == CREDIT_NOTE) & (documents["credits"] != NONE))
    invoices = documents["credits"][notes]
    known = np.maximum(documents["booked_on"], documents["posting_date"])
    on = np.maximum(known[notes], known[invoices]) + rng.integers(0, 12, len(notes))
    return _allocations(
        kind=CREDIT,
        source=notes,
        target=invoices,
        part=filled(len(notes), 0),
        allocated_on=on,
        booked_on=on,
        amount=documents["amount"][notes],
        is_foreign=documents["is_foreign"][notes],
        is_fixed=np.ones(len(notes), dtype=np.bool_),
    )


def _allocations(
    *,
    kind: int,
    source: Ints,
    target: Ints,
    part: Ints,
    allocated_on: Ints,
    booked_on: Ints,
    amount: Ints,
    is_foreign: Ints,
    is_fixed: Flags,
) -> Columns:
    count = len(target)
    return {
        "kind": filled(count, kind),
        "source": source,
        "target": target,
        "part": part,
        "allocated_on": allocated_on,
        "booked_on": booked_on,
        "amount": amount,
        "reverses": filled(count),
        "is_foreign": is_foreign,
        "is_fixed": is_fixed.astype(np.int64),
    }
