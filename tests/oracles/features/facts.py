"""Documents and receipts that are corrected, cancelled, dropped, restored or dated oddly.

Belongs here: one story per function. Does not: what the ledger should make of it.
"""

from __future__ import annotations

from tests.oracles.builder import CURRENCIES, Builder
from tests.oracles.features.telling import day_of, feature, some_document, some_receipt


@feature
def late_document_version(b: Builder) -> bool:
    slot = some_document(b)
    number = b.later(slot)
    if number is None:
        return False
    b.change(slot, number, reference=f"version {number}")
    return True


@feature
def amount_correction(b: Builder) -> bool:
    slot = some_document(b) if b.chance(0.7) else some_receipt(b)
    number = b.later(slot)
    amount = str(b.amount())
    if number is None or b.row(slot)["amount"] in (amount, "0.00"):
        return False
    b.change(
        slot,
        number,
        amount=amount,
        functional_amount=None if b.chance(0.5) else b.row(slot)["functional_amount"],
    )
    return True


@feature
def amount_to_or_from_zero(b: Builder) -> bool:
    slot = some_document(b)
    number = b.later(slot)
    if number is None:
        return False
    amount = "0.00" if b.row(slot)["amount"] != "0.00" else str(b.amount())
    b.change(slot, number, amount=amount, functional_amount=None)
    return True


@feature
def currency_corrected(b: Builder) -> bool:
    slot = some_document(b) if b.chance(0.7) else some_receipt(b)
    number = b.later(slot)
    if number is None:
        return False
    others = [currency for currency in CURRENCIES if currency != b.row(slot)["currency"]]
    b.change(slot, number, currency=b.random.choice(others), functional_amount=None)
    return True


@feature
def date_correction(b: Builder) -> bool:
    slot = some_document(b) if b.chance(0.6) else some_receipt(b)
    column = "document_date" if slot[0] == "document" else "receipt_date"
    number = b.later(slot)
    if number is None:
        return False
    moved = b.shift(day_of(b, slot, column), -25, 25)
    if moved == day_of(b, slot, column):
        return False
    b.change(slot, number, **{b.random.choice((column, "posting_date")): moved.isoformat()})
    return True


@feature
def customer_reassigned(b: Builder) -> bool:
    slot = some_document(b) if b.chance(0.6) else some_receipt(b)
    number, customer = b.later(slot), b.customer()
    if number is None or customer == b.row(slot)["customer_id"]:
        return False
    b.change(slot, number, customer_id=customer)
    return True


@feature
def tombstoned_document(b: Builder) -> bool:
    slot = some_document(b)
    number = b.later(slot)
    if number is None:
        return False
    b.drop(slot, number)
    return True


@feature
def tombstoned_receipt(b: Builder) -> bool:
    slot = some_receipt(b)
    number = b.later(slot)
    if number is None:
        return False
    b.drop(slot, number)
    return True


@feature
def restored_key(b: Builder) -> bool:
    slot = some_document(b) if b.chance(0.6) else some_receipt(b)
    newest = b.states[slot][-1][0]
    if newest + 2 > b.last:
        return False
    gone = b.random.randint(newest + 1, b.last - 1)
    b.drop(slot, gone)
    b.change(
        slot, b.random.randint(gone + 1, b.last), **({} if b.chance(0.6) else {"amount": str(b.amount())})
    )
    return True


@feature
def cancelled_with_date(b: Builder) -> bool:
    slot = some_document(b, "invoice", "credit_note", "debit_note")
    number = b.later(slot)
    if number is None:
        return False
    b.change(slot, number, is_cancelled="true", cancelled_on=b.shift(b.days[number], -20, 3).isoformat())
    return True


@feature
def cancelled_without_date(b: Builder) -> bool:
    slot = some_document(b)
    number = b.later(slot)
    if number is None:
        return False
    b.change(slot, number, is_cancelled="true")
    return True


@feature
def bounced_receipt(b: Builder) -> bool:
    slot = some_receipt(b)
    number = b.later(slot)
    if number is None:
        return False
    b.change(slot, number, status="bounced", status_date=b.shift(b.days[number], -15, 2).isoformat())
    return True


@feature
def cancelled_receipt(b: Builder) -> bool:
    slot = some_receipt(b)
    number = b.later(slot)
    if number is None:
        return False
    stamp = b.shift(b.days[number], -10, 0).isoformat() if b.chance(0.6) else None
    b.change(slot, number, status="cancelled", status_date=stamp)
    return True


@feature
def pending_then_cleared(b: Builder) -> bool:
    slot = b.receipt(delivery=b.early(), status="pending")
    number = b.later(slot)
    if number is None:
        return False
    b.allocation(slot, some_document(b))
    b.change(
        slot, number, status="cleared", cleared_on=b.shift(day_of(b, slot, "receipt_date"), 0, 30).isoformat()
    )
    return True


@feature
def backdated_posting(b: Builder) -> bool:
    number = b.random.randint(1, b.last)
    dated = b.shift(b.days[number - 1], -30, 0).isoformat()
    if b.chance(0.5):
        b.document(delivery=number, document_date=dated, posting_date=None)
    else:
        b.receipt(delivery=number, receipt_date=dated, posting_date=None)
    return True


@feature
def future_dated_posting(b: Builder) -> bool:
    number = b.random.randint(0, b.last)
    slot = b.document(delivery=number, posting_date=b.shift(b.days[number], 1, 25).isoformat())
    b.allocation(some_receipt(b), slot)
    return True
