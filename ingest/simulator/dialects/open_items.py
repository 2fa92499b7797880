"""What a system that shows no settlements says of the demo group: every item with what is open of it.

Belongs here: residuals as the system would keep them. Must not: how a certain system writes them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingest.contract import load_contract
from ingest.simulator.dialects.model import Record, State

# such a system knows customers by name, so that nothing else of the demo group fits beside it
EVERYTHING = frozenset(entity.name for entity in load_contract().entities.values() if entity.mode != "append")


@dataclass(frozen=True)
class OpenItem:
    """An invoice, credit note, opening balance, receipt or refund; debits positive."""

    kind: str
    number: str
    customer: str
    date: str
    due: str
    terms: str
    reference: str
    currency: str
    amount: Decimal
    open: Decimal
    tax: str
    is_void: bool


def open_items(state: State) -> Iterator[OpenItem]:
    """Documents and receipts, without what is no receivable there: unbilled goods, revaluations, bounced receipts.

    A document of several due dates has none.
    """
    names = {key: row["name"] for key, row in state.get("customer", {}).items()}
    planned = {(row["company_code"], row["document_id"]) for row in state.get("instalment", {}).values()}
    gone = {
        ("document", *key) for key, row in state.get("document", {}).items() if row["is_cancelled"] == "true"
    }
    gone |= {
        ("receipt", *key)
        for key, row in state.get("receipt", {}).items()
        if row["status"] in ("bounced", "cancelled")
    }
    settled = _settled(state, gone=gone)
    for key, row in state.get("document", {}).items():
        amount = _signed(row)
        if row["document_type"] == "unbilled" or amount == 0:
            continue
        is_void = ("document", *key) in gone
        yield OpenItem(
            kind="credit_note" if amount < 0 and row["document_type"] == "invoice" else row["document_type"],
            number=row["document_id"],
            customer=names[row["company_code"], row["customer_id"]],
            date=row["posting_date"] or row["document_date"],
            due="" if key in planned else row["due_date"],
            terms=row["payment_terms"],
            reference=row["reference"],
            currency=row["currency"],
            amount=Decimal(0) if is_void else amount,
            open=Decimal(0) if is_void else amount - settled[("document", *key)],
            tax=row["tax_amount"].lstrip("-"),
            is_void=is_void,
        )
    for key, row in state.get("receipt", {}).items():
        if ("receipt", *key) in gone:
            continue
        amount = -Decimal(row["amount"])
        yield OpenItem(
            kind="refund" if amount > 0 else "receipt",
            number=row["receipt_id"],
            customer=names[row["company_code"], row["customer_id"]],
            date=row["posting_date"] or row["receipt_date"],
            due="",
            terms="",
            reference=row["reference"],
            currency=row["currency"],
            amount=amount,
            open=amount - settled[("receipt", *key)],
            tax="",
            is_void=False,
        )


def _signed(row: Record) -> Decimal:
    amount = Decimal(row["amount"])
    return -amount if row["document_type"] == "credit_note" else amount


def _settled(state: State, *, gone: set[tuple[str, ...]]) -> dict[tuple[str, ...], Decimal]:
    """What is settled of each item, with its sign: an allocation takes from a debit and from a credit alike. What an
    item that is gone had settled is open again."""
    settled: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in state.get("allocation", {}).values():
        company = row["company_code"]
        kind = "receipt" if row["to_kind"] in ("receipt", "refund") else "document"
        target = (kind, company, row["to_id"])
        used_kind = "receipt" if row["from_kind"] == "receipt" else "document"
        used = (used_kind, company, row["from_id"])
        if target in gone or used in gone:
            continue
        sign = -1 if row["is_reversal"] == "true" else 1
        settled[target] += sign * Decimal(row["amount"])
        if row["from_kind"] in ("receipt", "credit_note", "document"):
            settled[used] -= sign * Decimal(row["from_amount"] or row["amount"])
    return settled
