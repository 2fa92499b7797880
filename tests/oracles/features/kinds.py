"""Kinds of items that behave in their own way, and foreign currencies.

Belongs here: one story per function. Does not: what the ledger should make of it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.oracles.builder import Builder
from tests.oracles.features.telling import feature, some_receipt


@feature
def negative_opening_balance(b: Builder) -> bool:
    opening = b.document("opening_balance", delivery=0, amount=f"-{b.amount()}", functional_amount=None)
    if b.chance(0.5):
        b.allocation(opening, b.document(currency=b.row(opening)["currency"]), from_kind="document")
    if b.chance(0.2) and Decimal(b.row(opening)["amount"] or "0") < -1:
        b.plan(opening)
    return True


@feature
def zero_amount_revaluation(b: Builder) -> bool:
    kind = b.random.choice(("debit_note", "credit_note"))
    slot = b.document(
        kind, amount="0.00", currency=b.foreign(), functional_amount=str(b.amount()), due_date=None
    )
    if b.chance(0.5):
        b.allocation("fx_difference", slot, amount="0.00", functional_amount=str(b.part_of(b.amount())))
    return True


@feature
def unbilled_then_billed(b: Builder) -> bool:
    unbilled = b.document("unbilled", delivery=b.early(), due_date=None)
    number = b.later(unbilled)
    if number is None:
        return False
    row = b.row(unbilled)
    invoice = b.document(
        delivery=number, amount=row["amount"], currency=row["currency"], customer_id=row["customer_id"]
    )
    linked = b.random.randint(b.known(unbilled) + 1, b.last)
    b.change(unbilled, linked, billed_by_document_id=invoice[1][0])
    voided = b.later(invoice)
    if voided is not None and b.chance(0.3):
        b.change(invoice, voided, is_cancelled="true", cancelled_on=b.days[voided].isoformat())
    return True


@feature
def interest(b: Builder) -> bool:
    b.document("interest")
    return True


@feature
def unidentified_receipt(b: Builder) -> bool:
    slot = b.receipt(delivery=b.early(), customer_id=None)
    number = b.later(slot)
    if number is not None and b.chance(0.5):
        b.change(slot, number, customer_id=b.customer())
    return True


@feature
def cross_currency(b: Builder) -> bool:
    document = b.document(currency=b.functional_currency)
    receipt = b.receipt(currency=b.foreign())
    b.allocation(receipt, document, **({"from_amount": None} if b.chance(0.5) else {}))
    return True


@feature
def realised_exchange(b: Builder) -> bool:
    currency, amount = b.foreign(), b.amount()
    document = b.document(currency=currency, amount=str(amount), functional_amount=b.booked(amount, currency))
    receipt = b.receipt(currency=currency, amount=str(amount), functional_amount=b.booked(amount, currency))
    for _ in range(b.random.randint(1, 3)):
        b.allocation(receipt, document, amount=str(b.part_of(amount)))
    return True


@feature
def exchange_row_of_the_source(b: Builder) -> bool:
    document = b.document(currency=b.foreign(), amount="123.45")
    b.allocation(some_receipt(b), document)
    b.allocation(
        "fx_difference", document, amount="0.00", functional_amount=b.random.choice(("1.23", "-4.56", "0.01"))
    )
    return True


@feature
def missing_rate(b: Builder) -> bool:
    currency = "HKD" if b.functional_currency == "CNY" else b.random.choice(("HKD", "GBP"))
    document = b.document(currency=currency, functional_amount=None)
    b.allocation(b.receipt(currency=b.row(document)["currency"], functional_amount=None), document)
    return True


@feature
def rate_corrected_later(b: Builder) -> bool:
    pairs = [pair for pair in b.corrected_rates if b.functional_currency in pair[:2]]
    usable = [pair for pair in pairs if b.days[0] - timedelta(days=30) <= pair[2] <= b.days[-1]]
    if not usable:
        return False
    source, target, rate_day = b.random.choice(usable)
    currency = source if target == b.functional_currency else target
    number = next(n for n, day in enumerate(b.days) if day >= rate_day)
    b.document(
        delivery=number,
        currency=currency,
        document_date=rate_day.isoformat(),
        posting_date=None,
        functional_amount=None,
    )
    return True
