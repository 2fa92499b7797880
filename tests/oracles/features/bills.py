"""Receipts that are bills, and what becomes of them.

Belongs here: one story per function. Does not: what the ledger should make of it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.oracles.bills import METHODS
from tests.oracles.builder import Builder, Slot, Text
from tests.oracles.features.telling import day_of, feature, planned_document, some_document


def new_bill(b: Builder, *, delivery: int | None = None, applied: bool = True, **columns: Text) -> Slot:
    """A receipt that is a bill of its own number, applied to a document or two unless told not to be."""
    number = b.early() if delivery is None else delivery
    dated = b.day_in(number)
    days = b.random.choice((0, 10, 20, 30, 45, 90))
    row: dict[str, Text] = {
        "method": b.random.choice(METHODS),
        "bill_id": f"B{b.new_id('bill')}",
        "receipt_date": dated.isoformat(),
        "maturity_date": (dated + timedelta(days=days)).isoformat() if b.chance(0.9) else None,
    }
    bill = b.receipt(delivery=number, **{**row, **columns})
    for _ in range(b.random.choice((0, 1, 1, 2)) if applied else 0):
        b.allocation(bill, some_document(b))
    return bill


def some_bill(b: Builder) -> Slot:
    """A bill that can still change; a new one where there is none, or now and then."""
    found = b.pick("receipt", lambda row: row.get("method") in METHODS and row.get("bill_id") is not None)
    return found if found and b.chance(0.6) else new_bill(b)


def told(b: Builder, bill: Slot, kind: str, *, delivery: int | None = None, **columns: Text) -> Slot | None:
    """An event of a bill, of all of it or a part; None where there is such an event already."""
    number = b.random.randint(b.known(bill), b.last) if delivery is None else delivery
    amount = Decimal(b.row(bill)["amount"] or "0")
    row: dict[str, Text] = {
        "bill_id": b.row(bill)["bill_id"],
        "event_date": b.shift(b.day_in(number), -10, 5).isoformat(),
        "kind": kind,
        "amount": str(amount if b.chance(0.5) else b.part_of(amount)),
        **columns,
    }
    if ("bill_event", (row["bill_id"], row["event_date"], kind)) in b.states:
        return None
    return b.put("bill_event", number, row)


@feature
def bill_held(b: Builder) -> bool:
    bill = new_bill(b)
    return told(b, bill, b.random.choice(("received", "pledged", "split"))) is not None


@feature
def bill_passed_on(b: Builder) -> bool:
    recourse = b.random.choice(("true", "true", "false", None))
    return (
        told(b, some_bill(b), b.random.choice(("endorsed", "discounted")), with_recourse=recourse) is not None
    )


@feature
def bill_honoured(b: Builder) -> bool:
    return told(b, some_bill(b), "honoured") is not None


@feature
def bill_came_back(b: Builder) -> bool:
    return told(b, some_bill(b), b.random.choice(("dishonoured", "returned"))) is not None


@feature
def bill_passed_on_and_refused(b: Builder) -> bool:
    bill = some_bill(b)
    passed = told(b, bill, "endorsed", with_recourse="true")
    refused = told(b, bill, "dishonoured", amount=b.row(bill)["amount"])
    return passed is not None and refused is not None


@feature
def bill_event_corrected(b: Builder) -> bool:
    slot = b.pick("bill_event") or told(b, some_bill(b), "endorsed", delivery=b.early())
    number = b.later(slot) if slot else None
    if slot is None or number is None:
        return False
    if b.chance(0.4):
        b.drop(slot, number)
        later = b.later(slot)
        if later is not None and b.chance(0.5):
            b.change(slot, later)
        return True
    amount = str(b.part_of(Decimal(b.row(slot)["amount"] or "0") * 2))
    b.change(slot, number, amount=amount, with_recourse=b.random.choice(("true", "false", None)))
    return True


@feature
def bill_ended_by_its_receipt(b: Builder) -> bool:
    bill = some_bill(b)
    number = b.later(bill)
    if number is None:
        return False
    on = b.shift(b.days[number], -15, 2).isoformat()
    status = b.random.choice(("bounced", "cancelled", "cleared", "cleared"))
    column = "cleared_on" if status == "cleared" and b.chance(0.7) else "status_date"
    b.change(bill, number, status=status, **{column: on})
    return True


@feature
def bill_or_no_bill(b: Builder) -> bool:
    bill = some_bill(b)
    number = b.later(bill)
    if number is None:
        return False
    b.change(bill, number, method=b.random.choice(("transfer", None)))
    later = b.later(bill)
    if later is not None and b.chance(0.5):
        b.change(bill, later, method="bank_acceptance")
    return True


@feature
def bill_corrected(b: Builder) -> bool:
    bill = some_bill(b)
    number = b.later(bill)
    if number is None:
        return False
    column = b.random.choice(("maturity_date", "amount", "bill_id", "receipt_date"))
    value = {
        "maturity_date": b.shift(day_of(b, bill, "receipt_date"), 0, 60).isoformat(),
        "amount": str(b.amount()),
        "bill_id": f"B{b.random.randint(1, b.counts['bill'])}",
        "receipt_date": b.shift(day_of(b, bill, "receipt_date"), -10, 10).isoformat(),
    }[column]
    if value == b.row(bill)[column]:
        return False
    b.change(bill, number, **{column: value})
    return True


@feature
def bill_shared(b: Builder) -> bool:
    bill = some_bill(b)
    other = new_bill(b, bill_id=b.row(bill)["bill_id"], currency=b.row(bill)["currency"])
    told(b, bill, b.random.choice(("endorsed", "honoured", "dishonoured")))
    return other != bill


@feature
def bill_for_an_instalment(b: Builder) -> bool:
    document = planned_document(b)
    row = b.row(document)
    bill = new_bill(b, currency=row["currency"], amount=row["amount"])
    number = str(b.random.randint(1, 5)) if b.chance(0.7) else None
    b.allocation(bill, document, to_instalment_no=number)
    return True


@feature
def bill_without_a_number(b: Builder) -> bool:
    new_bill(b, bill_id=None, method="commercial_acceptance")
    return True
