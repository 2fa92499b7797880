"""QuickBooks Online: the Invoice List exported to CSV, with a preamble, groups by customer and their totals.

Belongs here: columns and quirks of this report. Must not: what is open of an item (open_items.py), how it is read
(ingest/profiles/quickbooks.yml).
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from ingest.simulator.dialects.model import Dialect, State, Stored, Style
from ingest.simulator.dialects.open_items import EVERYTHING, OpenItem, open_items

TYPES = {
    "invoice": "Invoice",
    "credit_note": "Credit Memo",
    "debit_note": "Statement Charge",
    "interest": "Statement Charge",
    "opening_balance": "Journal Entry",
    "receipt": "Payment",
    "refund": "Refund",
}


def _date(text: str) -> str:
    """05/31/2026."""
    if not text:
        return ""
    year, month, day = text.split("-")
    return f"{month}/{day}/{year}"


def _amount(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _row(item: OpenItem) -> dict[str, str]:
    return {
        "": "",
        "Date": _date(item.date),
        "Transaction Type": TYPES[item.kind],
        "Num": item.number,
        "Customer": item.customer,
        "Memo/Description": f"Voided - {item.reference}" if item.is_void else item.reference,
        "Due Date": _date(item.due),
        "Terms": item.terms,
        "Currency": item.currency,
        # in the currency of the company, which the demo group books and the report rounds
        "Amount": "",
        "Foreign Amount": _amount(item.amount),
        "Foreign Open Balance": _amount(item.open),
    }


def _invoice_list(state: State) -> Iterable[Stored]:
    return _grouped(sorted(open_items(state), key=lambda item: (item.customer, item.date, item.number)))


def _grouped(items: Iterable[OpenItem]) -> Iterator[Stored]:
    """A row that opens a group, its rows, and a row with its total."""
    for customer, group in groupby(items, key=lambda item: item.customer):
        rows = list(group)
        empty = dict.fromkeys(_row(rows[0]), "")
        yield empty | {"": customer}
        yield from map(_row, rows)
        total = sum((item.open for item in rows), Decimal(0))
        yield empty | {"": f"Total for {customer}", "Foreign Open Balance": f"${_amount(total)}"}


QUICKBOOKS = Dialect(
    profile="quickbooks",
    style=Style(
        above=(("Invoice List",), ("Example Company",), ("All Dates",), ()),
        below=lambda rows: ((), ("Tuesday, June 30, 2026 09:15 AM GMT+08:00",)),
    ),
    make={"Invoice List": _invoice_list},
    entities=EVERYTHING,
    names_company=False,
)
