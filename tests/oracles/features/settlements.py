"""Allocations that come, go, change, are reversed, and every kind of settlement.

Belongs here: one story per function. Does not: what the ledger should make of it.
"""

from __future__ import annotations

from decimal import Decimal

from tests.oracles.builder import Builder, Slot
from tests.oracles.features.telling import (
    day_of,
    feature,
    reversal_of,
    some_allocation,
    some_document,
    some_receipt,
)


@feature
def allocation_vanished(b: Builder) -> bool:
    slot = some_allocation(b)
    number = b.later(slot)
    if number is None:
        return False
    b.drop(slot, number)
    return True


@feature
def allocation_of_nothing(b: Builder) -> bool:
    b.allocation(some_receipt(b), some_document(b), amount="0.00")
    return True


@feature
def allocation_changed(b: Builder) -> bool:
    slot = some_allocation(b)
    number = b.later(slot)
    if number is None:
        return False
    row = b.row(slot)
    choice = b.random.choice(("amount", "to_id", "allocated_on"))
    value = {
        "amount": str(b.part_of(Decimal(row["amount"] or "0") * 2 + Decimal("0.01"))),
        "to_id": str(b.random.randint(1, b.counts["document"]))
        if row["to_kind"] == "document"
        else row["to_id"],
        "allocated_on": b.shift(day_of(b, slot, "allocated_on"), -10, 20).isoformat(),
    }[choice]
    if value == row[choice] or (row["from_kind"] == "document" and row["from_id"] == value):
        return False
    b.change(slot, number, **{choice: value})
    return True


@feature
def allocation_restored(b: Builder) -> bool:
    slot = some_allocation(b)
    newest = b.states[slot][-1][0]
    if newest + 2 > b.last:
        return False
    gone = b.random.randint(newest + 1, b.last - 1)
    b.drop(slot, gone)
    b.change(slot, b.random.randint(gone + 1, b.last))
    return True


@feature
def reversal_row(b: Builder) -> bool:
    slot = some_allocation(b)
    reversal = reversal_of(b, slot, b.random.randint(b.known(slot), b.last))
    number = b.later(reversal)
    if number is not None and b.chance(0.3):
        b.drop(reversal, number)
    return True


@feature
def reversal_before_named(b: Builder) -> bool:
    slot = some_allocation(b)
    known = b.known(slot)
    if known == 0:
        b.states[slot] = [(min(number + 1, b.last), row) for number, row in b.states[slot][:1]]
        known = b.known(slot)
    reversal_of(b, slot, b.random.randint(0, known - 1))
    return True


@feature
def orphan_resolved(b: Builder) -> bool:
    document = b.document(delivery=b.random.randint(1, b.last))
    b.allocation(some_receipt(b), document, delivery=b.random.randint(0, b.known(document) - 1))
    return True


@feature
def orphan_for_ever(b: Builder) -> bool:
    document = some_document(b)
    if b.chance(0.3):
        b.allocation(some_receipt(b), document, from_id="gone")
    else:
        used: Slot | str = some_receipt(b) if b.chance(0.5) else "write_off"
        b.allocation(used, document, to_id=f"nowhere-{b.random.randint(1, 3)}")
    return True


@feature
def over_allocation(b: Builder) -> bool:
    document = some_document(b)
    amount = Decimal(b.row(document)["amount"] or "0") + b.amount()
    currency = b.row(document)["currency"]
    receipt = b.receipt(currency=currency, amount=str(b.part_of(amount)))
    b.allocation(receipt, document, amount=str(amount))
    return True


@feature
def cross_customer(b: Builder) -> bool:
    if b.counts["customer"] < 2:
        return False
    b.allocation(b.receipt(customer_id="C1"), b.document(customer_id="C2"))
    return True


@feature
def offset_sink(b: Builder) -> bool:
    b.allocation("offset", some_document(b), from_id="purchase ledger 4711")
    return True


@feature
def discount(b: Builder) -> bool:
    document = some_document(b)
    b.allocation(some_receipt(b), document)
    b.allocation("discount", document, amount=str(b.part_of(b.amount())))
    return True


@feature
def write_off_on_debit(b: Builder) -> bool:
    b.allocation("write_off", some_document(b))
    return True


@feature
def write_off_on_credit(b: Builder) -> bool:
    credit = some_receipt(b) if b.chance(0.5) else some_document(b, "credit_note")
    b.allocation("write_off", credit, amount=f"-{b.part_of(Decimal(b.row(credit)['amount'] or '0'))}")
    return True


@feature
def write_off_recovery(b: Builder) -> bool:
    slot = b.allocation("write_off", some_document(b))
    recovery = reversal_of(b, slot, b.random.randint(b.known(slot), b.last))
    if b.chance(0.3):
        b.states[recovery][0] = (b.known(recovery), {**b.row(recovery), "reverses_allocation_id": None})
    return True


@feature
def credit_note_applied(b: Builder) -> bool:
    document = some_document(b)
    note = b.document(
        "credit_note", currency=b.row(document)["currency"], due_date=None if b.chance(0.5) else "2025-03-03"
    )
    b.allocation(note, document)
    return True


@feature
def refund(b: Builder) -> bool:
    credit = some_receipt(b) if b.chance(0.5) else b.document("credit_note")
    paid = b.receipt(currency=b.row(credit)["currency"], amount=f"-{b.amount()}", functional_amount=None)
    b.allocation(credit, paid)
    return True


@feature
def document_to_refund(b: Builder) -> bool:
    document = some_document(b)
    b.allocation(
        document, b.receipt(currency=b.row(document)["currency"], amount="-20.02", functional_amount=None)
    )
    return True


@feature
def from_amount_in_the_same_currency(b: Builder) -> bool:
    document = some_document(b)
    b.allocation(b.receipt(currency=b.row(document)["currency"]), document, from_amount="1.11")
    return True
