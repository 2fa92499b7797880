"""The open items of bills: the parts of each, with the dates of the documents that its receipt settles.

Belongs here: rows of bills at (D, K). Does not: what is left of a bill (bills.py), anything imported from the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from tests.oracles.items import Leg, Row, Thing, ThingId
from tests.oracles.knowledge import TextRow, text
from tests.oracles.money import ZERO


class Knowledge(Protocol):
    """What must be known of the documents that a bill replaced."""

    things: Mapping[ThingId, Thing]

    @property
    def company_code(self) -> str: ...

    def original_due(self, document_id: str, number: int) -> date: ...


def bill_rows(known: Knowledge, thing: Thing, legs: Sequence[Leg], *, as_of: date) -> Iterator[Row]:
    """The parts of a receipt that is a bill; nothing for any other.

    Args:
        legs: those in force on D.
    """
    if thing.bill is None:
        return
    dues, anchors = [], []
    for (document_id, number), amount in _relieved(thing, legs).items():
        if amount <= 0:
            continue
        document = known.things["D", document_id]
        numbers = {part.number for part in document.parts}
        named = {number} if number in numbers else numbers
        dues += [known.original_due(document_id, found) for found in named if found is not None]
        anchors.append(document.dated_on)
    maturity = thing.bill.maturity or thing.dated_on
    original_due = min(dues, default=maturity)
    for number, receivable_class, document_amount, functional in thing.bill.parts(
        as_of, thing.parts[0].functional
    ):
        yield Row(
            open_item_id=f"{known.company_code}|B|{thing.thing_id[1]}|{number}",
            customer_id=thing.customer_id,
            item_kind="bill",
            document_id=thing.thing_id[1],
            instalment_no=number,
            currency=thing.currency,
            receivable_class=receivable_class,
            open_document=document_amount,
            open_functional=functional,
            due_date=original_due if receivable_class == "trade" else maturity,
            original_due_date=original_due,
            agreed_due_date=None,
            age_anchor_date=min(anchors, default=thing.dated_on),
        )


def _relieved(receipt: Thing, legs: Sequence[Leg]) -> dict[tuple[str, int | None], Decimal]:
    """By how much the receipt relieves each document, or the instalment of it that is named."""
    relieved: dict[tuple[str, int | None], Decimal] = {}
    for leg in legs:
        kind, document_id = leg.thing_id
        if kind == "D" and receipt.thing_id in _sides(leg.event.row):
            key = (document_id, leg.number)
            relieved[key] = relieved.get(key, ZERO) - leg.amount
    return relieved


def _sides(row: TextRow) -> set[ThingId]:
    to_kind = "R" if text(row, "to_kind") in ("receipt", "refund") else "D"
    from_kind = "R" if text(row, "from_kind") == "receipt" else "D"
    return {(to_kind, text(row, "to_id") or ""), (from_kind, text(row, "from_id") or "")}
