"""What stories are made with: their register and the usual ways to find something to change.

Belongs here: the register, pickers of rows. Does not: any story.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.oracles.builder import Builder, Slot

Feature = Callable[[Builder], bool]
FEATURES: dict[str, Feature] = {}


def feature(function: Feature) -> Feature:
    """Register a story under its own name."""
    FEATURES[function.__name__] = function
    return function


def some_document(b: Builder, *kinds: str) -> Slot:
    """A document that can still change; a new early one where there is none, or now and then."""
    found = b.pick("document", lambda row: row["document_type"] in (kinds or ("invoice", "debit_note")))
    return (
        found if found and b.chance(0.7) else b.document(kinds[0] if kinds else "invoice", delivery=b.early())
    )


def some_receipt(b: Builder) -> Slot:
    """A receipt that can still change, not a refund."""
    found = b.pick("receipt", lambda row: not (row["amount"] or "").startswith("-"))
    return found if found and b.chance(0.7) else b.receipt(delivery=b.early())


def some_allocation(b: Builder) -> Slot:
    """An allocation that can still change, not a reversal."""
    found = b.pick("allocation", lambda row: row.get("is_reversal") != "true")
    if found and b.chance(0.7):
        return found
    document, receipt = some_document(b), some_receipt(b)
    known = max(b.known(document), b.known(receipt))
    return b.allocation(receipt, document, delivery=min(known, b.last - 1))


def planned_document(b: Builder, **options: object) -> Slot:
    """A document with an instalment plan that can still change."""
    found = [slot for slot in b.states if slot[0] == "document" and b.plan_of(slot)]
    if found and not options and b.chance(0.5):
        return b.random.choice(found)
    document = b.document(delivery=b.early(), amount=b.random.choice(("100.01", "1000.00", "33.34", "7.77")))
    b.plan(document, retention=bool(options))
    return document


def day_of(b: Builder, slot: Slot, column: str) -> date:
    """A date column of the newest row of a key."""
    return date.fromisoformat(b.row(slot)[column] or "")


def reversal_of(b: Builder, slot: Slot, number: int) -> Slot:
    """A reversal row that names an allocation, delivered from `number` on."""
    row = dict(b.row(slot))
    part = Decimal(row["amount"] or "0")
    if "from_amount" not in row and b.chance(0.3) and part > 1:
        row["amount"] = str(b.part_of(part))
    row["allocation_id"] = f"A{b.new_id('allocation')}"
    row["allocated_on"] = b.shift(b.days[number], -20, 5).isoformat()
    return b.put("allocation", number, {**row, "is_reversal": "true", "reverses_allocation_id": slot[1][0]})
