"""Instalment plans, due dates, extensions, retention and re-issued documents.

Belongs here: one story per function. Does not: what the ledger should make of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.oracles.builder import TERMS, Builder, Slot
from tests.oracles.features.telling import day_of, feature, planned_document, some_document, some_receipt


@feature
def instalments(b: Builder) -> bool:
    b.allocation(some_receipt(b), planned_document(b))
    return True


@feature
def plan_after_the_document(b: Builder) -> bool:
    document = b.document(delivery=b.early(), amount="100.01")
    number = b.later(document)
    if number is None:
        return False
    b.plan(document, delivery=number)
    return True


@feature
def replanned(b: Builder) -> bool:
    document = planned_document(b)
    live = [slot for slot in b.plan_of(document) if b.states[slot][-1][1] is not None]
    number = b.later(*live) if len(live) > 1 else None
    if number is None:
        return False
    first, second = live[:2]
    moved = b.part_of(Decimal(b.row(first)["amount"] or "0"))
    if b.chance(0.3):
        b.drop(first, number)
        moved = Decimal(b.row(first)["amount"] or "0")
    else:
        rest = Decimal(b.row(first)["amount"] or "0") - moved
        if rest <= 0:
            return False
        b.change(
            first,
            number,
            amount=str(rest),
            due_date=b.shift(day_of(b, first, "due_date"), -9, 40).isoformat(),
        )
    b.change(second, number, amount=str(Decimal(b.row(second)["amount"] or "0") + moved))
    return True


@feature
def plan_that_does_not_sum(b: Builder) -> bool:
    document = b.document(delivery=b.early(), amount="100.01")
    slots = b.plan(document, off_by=b.random.choice(("0.01", "-0.01", "50.00")))
    number = b.later(*slots)
    if number is not None and b.chance(0.5):
        others = sum(Decimal(b.row(slot)["amount"] or "0") for slot in slots[:-1])
        b.change(slots[-1], number, amount=str(Decimal("100.01") - others))
    return True


@feature
def named_instalment(b: Builder) -> bool:
    document = planned_document(b)
    b.allocation(some_receipt(b), document, to_instalment_no=str(b.random.choice((1, 2, 2, 3, 9))))
    b.allocation(some_receipt(b), document)
    return True


@feature
def retention_becomes_unconditional(b: Builder) -> bool:
    document = planned_document(b, retention=True)
    slot = b.plan_of(document)[-1]
    number = b.later(slot)
    if number is None:
        return False
    b.change(slot, number, unconditional_on=b.shift(b.days[number], -20, 10).isoformat())
    return True


@feature
def due_date_moved(b: Builder) -> bool:
    slot = some_document(b)
    number = b.later(slot)
    if number is None or b.row(slot)["due_date"] is None:
        return False
    moved = (
        b.shift(day_of(b, slot, "due_date"), 1, 45)
        if b.chance(0.8)
        else b.shift(day_of(b, slot, "document_date"), 0, 5)
    )
    b.change(slot, number, due_date=moved.isoformat())
    return True


def extend(b: Builder, document: Slot, approved_on: date) -> Slot:
    plan = b.plan_of(document)
    return b.put(
        "promise",
        b.random.randint(b.known(document), b.last),
        {
            "promise_id": f"P{b.new_id('promise')}",
            "customer_id": b.row(document)["customer_id"] or "C1",
            "document_id": document[1][0],
            "instalment_no": b.random.choice(plan)[1][1] if plan and b.chance(0.6) else None,
            "made_on": approved_on.isoformat(),
            "promised_date": b.shift(approved_on, 20, 70).isoformat(),
            "amount": b.row(document)["amount"],
            "kind": "extension",
            "approved_on": approved_on.isoformat(),
        },
    )


@feature
def extension_before_due(b: Builder) -> bool:
    document = b.document(delivery=b.early()) if b.chance(0.6) else planned_document(b)
    due = day_of(b, document, "due_date")
    slot = extend(b, document, b.shift(due, -10, 0))
    number = b.later(slot)
    if number is not None and b.chance(0.3):
        b.change(slot, number, cancelled_on=b.shift(b.days[number], -10, 10).isoformat())
    return True


@feature
def extension_after_due(b: Builder) -> bool:
    document = b.document(delivery=b.early())
    extend(b, document, b.shift(day_of(b, document, "due_date"), 1, 25))
    return True


@feature
def promise_that_extends_nothing(b: Builder) -> bool:
    document = some_document(b)
    slot = extend(b, document, b.shift(b.days[0], -5, 20))
    columns = b.random.choice(
        ({"kind": "plan"}, {"kind": None}, {"approved_on": None}, {"document_id": None})
    )
    b.states[slot] = [(b.known(slot), {**b.row(slot), **columns})]
    return True


@feature
def missing_due_date(b: Builder) -> bool:
    terms = b.random.choice((*TERMS, None, None))
    number = b.early()
    b.document(
        delivery=number, due_date=None, payment_terms=terms, invoice_received_on=b.days[number].isoformat()
    )
    return True


@feature
def customer_terms_changed(b: Builder) -> bool:
    slot = b.pick("customer")
    number = b.later(slot) if slot else None
    if slot is None or number is None:
        return False
    b.document(delivery=0, customer_id=slot[1][0], due_date=None)
    b.change(slot, number, payment_terms=b.random.choice((*TERMS, None)))
    return True


@feature
def reissued(b: Builder) -> bool:
    old = b.document(delivery=b.early())
    number = b.later(old)
    if number is None:
        return False
    b.change(old, number, is_cancelled="true", cancelled_on=b.days[number].isoformat())
    b.document(
        delivery=number,
        amount=b.row(old)["amount"],
        currency=b.row(old)["currency"],
        replaces_document_id=old[1][0],
    )
    return True
