"""Xero: sales invoices exported to CSV, a row per invoice line with the totals of the invoice in each.

Belongs here: columns and quirks of this export. Must not: what is open of an item (open_items.py), how it is read
(ingest/profiles/xero.yml).
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ingest.simulator.dialects.model import Dialect, State, Stored, Style
from ingest.simulator.dialects.open_items import EVERYTHING, OpenItem, open_items

# what an invoice is split into, in hundredths of it
LINES = {"Goods": 70, "Services": 30}


def _date(text: str) -> str:
    """31/05/2026."""
    return "/".join(reversed(text.split("-")))


def _type(item: OpenItem) -> str:
    if item.kind == "credit_note":
        return "Sales credit note"
    return "Sales invoice" if item.amount > 0 or item.is_void else "Sales overpayment"


def _status(item: OpenItem) -> str:
    if item.is_void:
        return "Voided"
    return "Awaiting Payment" if item.open else "Paid"


def _sales_invoices(state: State) -> Iterator[Stored]:
    for item in open_items(state):
        # money paid back is no sales document; what it settles is settled all the same
        if item.kind == "refund":
            continue
        if item.amount > 0 > item.open:
            # what was paid beyond an invoice is no part of it in Xero
            yield from _lines(replace(item, open=Decimal(0)))
            yield from _lines(replace(item, number=f"{item.number}-OP", amount=item.open, tax=""))
        else:
            yield from _lines(item)


def _lines(item: OpenItem) -> Iterator[Stored]:
    for description, share in LINES.items():
        yield {
            "*ContactName": item.customer,
            "EmailAddress": "",
            "*InvoiceNumber": item.number,
            "Reference": item.reference,
            "*InvoiceDate": _date(item.date),
            "*DueDate": _date(item.due),
            "Total": str(abs(item.amount)),
            "*Description": description,
            "*Quantity": "1.0000",
            "LineAmount": f"{abs(item.amount) * share / 100:.2f}",
            "TaxTotal": item.tax,
            "InvoiceAmountPaid": str(abs(item.amount) - abs(item.open)),
            "InvoiceAmountDue": str(abs(item.open)),
            "Currency": item.currency,
            "Type": _type(item),
            "Sent": "Sent" if item.amount > 0 else "",
            "Status": _status(item),
        }


XERO = Dialect(
    profile="xero",
    style=Style(encoding="utf-8-sig"),
    make={"SalesInvoices": _sales_invoices},
    entities=EVERYTHING,
    names_company=False,
)
