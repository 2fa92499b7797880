"""ERPNext 15: the tables of its database that hold receivables, as the demo company would have filled them.

Belongs here: which column of which table a label of the lists stands for. Must not: what the lists say (erpnext.py),
how the tables are read (ingest/profiles/erpnext_db.yml).

A list of the report view joins a document with one of its child tables; here they are taken apart again. What the demo
group tells beyond ERPNext stands in fields of its own, whose columns begin with custom_.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from ingest.simulator.dialects.erpnext import (
    CUSTOMER,
    ERPNEXT,
    EXCHANGE,
    INVOICE,
    REVALUATION,
    SCHEDULE,
    is_revaluation,
    payments,
    settlements,
    templates,
)
from ingest.simulator.dialects.model import Cell, Dialect, Record, State, Stored, StoredValue

# labels that are not the name of their column with blanks and capitals
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "Customer": {
        "Default Payment Terms Template": "payment_terms",
        "Created On": "creation",
        "Primary Contact": "customer_primary_contact",
    },
    "Sales Invoice": {
        "Status": "docstatus",
        "Grand Total (Company Currency)": "base_grand_total",
        "Is Return (Credit Note)": "is_return",
        "Is Opening Entry": "is_opening",
        "Customer's Purchase Order": "po_no",
    },
    "Payment Schedule": {"Index": "idx"},
    "Payment Entry": {
        "Status": "docstatus",
        "Account Currency (From)": "paid_from_account_currency",
        "Account Currency (To)": "paid_to_account_currency",
        "Paid Amount (Company Currency)": "base_paid_amount",
        "Cheque/Reference No": "reference_no",
        "Account Paid From": "paid_from",
        "Account Paid To": "paid_to",
        "Company Bank Account": "bank_account",
    },
    "Payment Entry Reference": {
        "Type": "reference_doctype",
        "Name": "reference_name",
        "Allocated": "allocated_amount",
    },
    "Payment Terms Template Detail": {"Index": "idx", "Invoice Portion (%)": "invoice_portion"},
    "Journal Entry": {
        "Status": "docstatus",
        "Entry Type": "voucher_type",
        "Reference Number": "cheque_no",
    },
    "Journal Entry Account": {
        "Debit": "debit_in_account_currency",
        "Credit": "credit_in_account_currency",
        "Debit in Company Currency": "debit",
        "Credit in Company Currency": "credit",
    },
}
# labels of fields that ERPNext does not have
_OWN: Mapping[str, tuple[str, ...]] = {
    "Customer": (
        *(
            "Company",
            "Deal Nature",
            "Ownership",
            "Size Class",
            "Country Code",
            "Parent Customer",
            "Guarantor",
        ),
        *("Relation", "Collector", "In Litigation"),
    ),
    "Sales Invoice": (
        *("Invoice Date", "Receivable Kind", "Terms Run From", "Invoice Received On", "Accepted On"),
        *("Delivered On", "Contract", "Replaces", "Billed By", "Cancelled On"),
    ),
    "Payment Schedule": ("Is Retention", "Unconditional On"),
    "Payment Entry": (
        *("Received On", "Bill No", "Bill Maturity", "Acceptor", "Acceptor Kind"),
        *("Bank Status", "Bank Status Date"),
    ),
    "Payment Entry Reference": ("Instalment", "Used", "Undoes", "Reason", "Approved By", "Approved On"),
    "Journal Entry": ("Due Date",),
    "Journal Entry Account": (
        "Settlement Kind",
        "Credit Note",
        "Instalment",
        "Undoes",
        "Approved By",
        "Approved On",
    ),
    "Currency Exchange": ("Rate Type", "Source"),
}
# columns that are numbers in the database, for a number is compared as one there
NUMBERS = frozenset(
    (
        *(
            "docstatus",
            "idx",
            "disabled",
            "is_frozen",
            "is_return",
            "custom_in_litigation",
            "custom_is_retention",
        ),
        *(
            "grand_total",
            "rounded_total",
            "base_grand_total",
            "base_rounded_total",
            "total_taxes_and_charges",
        ),
        *("payment_amount", "paid_amount", "received_amount", "base_paid_amount", "base_received_amount"),
        *("allocated_amount", "custom_used", "amount", "exchange_rate", "invoice_portion", "discount"),
        *("debit_in_account_currency", "credit_in_account_currency", "debit", "credit"),
    )
)
_DOCSTATUS = {"Submitted": 1, "Cancelled": 2}
_PAYMENT, _REFERENCE = "Payment Entry", "Payment Entry Reference"
_ENTRY, _LINE = "Journal Entry", "Journal Entry Account"


def column_of(doctype: str, label: str) -> str:
    """The column that a label of a list stands for."""
    known = {"ID": "name", **_COLUMNS.get(doctype, {})}
    name = known.get(label) or label.lower().replace(" ", "_")
    return f"custom_{name}" if label in _OWN.get(doctype, ()) else name


def _row(doctype: str, cells: Stored) -> dict[str, StoredValue]:
    columns = {column_of(doctype, label): text for label, text in cells.items()}
    return {column: _value(column, text) for column, text in columns.items()}


def _value(column: str, text: StoredValue) -> StoredValue:
    if column == "docstatus":
        return _DOCSTATUS[str(text)]
    if text in ("", None):
        return None
    return float(str(text)) if column in NUMBERS else text


def _cells(columns: Sequence[tuple[str, Cell]], row: Record) -> dict[str, str]:
    return {label: cell(row) if callable(cell) else row.get(cell, "") for label, cell in columns}


def _parents(doctype: str, rows: Iterable[Stored], *, child: str) -> Iterable[dict[str, StoredValue]]:
    """Documents of a list, each once, however many lines it has."""
    seen: set[StoredValue] = set()
    for cells in rows:
        if cells["ID"] not in seen:
            seen.add(cells["ID"])
            yield _row(doctype, {label: text for label, text in cells.items() if f"({child})" not in label})


def _children(doctype: str, rows: Iterable[Stored], *, child: str) -> Iterable[dict[str, StoredValue]]:
    """Lines of a list; a document without any has a row without a number of a line."""
    suffix = f" ({child})"
    for number, cells in enumerate(rows, start=1):
        own = {label.removesuffix(suffix): text for label, text in cells.items() if label.endswith(suffix)}
        if own.setdefault("ID", f"{cells['ID']}-{number}"):
            yield {**_row(child, own), "parent": cells["ID"], "parenttype": doctype}


def _companies(state: State) -> Iterable[Stored]:
    for code in sorted({row["company_code"] for row in state.get("customer", {}).values()}):
        yield {"name": code, "exchange_gain_loss_account": "6061"}


def _customers(state: State) -> Iterable[Stored]:
    return (_row("Customer", _cells(CUSTOMER, row)) for row in state.get("customer", {}).values())


def _lists_of_invoices(state: State) -> Iterable[dict[str, str]]:
    for row in state.get("document", {}).values():
        if not is_revaluation(row):
            yield _cells(INVOICE, row)


def _invoices(state: State) -> Iterable[Stored]:
    for cells in _lists_of_invoices(state):
        own = {label: text for label, text in cells.items() if label not in ("Sales Order", "Sales Person")}
        # what ERPNext has and the demo group does not use
        rest = {"base_rounded_total": 0, "sales_partner": None, "amended_from": None, "is_debit_note": 0}
        yield {**_row("Sales Invoice", own), **rest}


def _lines_of_invoices(state: State, *, label: str, column: str) -> Iterable[Stored]:
    """A child table of which the list shows one column."""
    for cells in _lists_of_invoices(state):
        if cells[label]:
            name, parent = f"{cells['ID']}-1", cells["ID"]
            yield {
                "name": name,
                "parent": parent,
                "parenttype": "Sales Invoice",
                "idx": 1,
                column: cells[label],
            }


def _schedules(state: State) -> Iterable[Stored]:
    rows = (_cells(SCHEDULE, row) for row in state.get("instalment", {}).values())
    return _children("Sales Invoice", rows, child="Payment Schedule")


def _payments(state: State) -> Iterable[Stored]:
    for row in _parents(_PAYMENT, payments(state), child=_REFERENCE):
        # the demo group pays in the currency of the account
        yield {**row, "received_amount": row["paid_amount"], "base_received_amount": row["base_paid_amount"]}


def _references(state: State) -> Iterable[Stored]:
    return _children(_PAYMENT, payments(state), child=_REFERENCE)


def _lists_of_entries(state: State) -> Iterable[Stored]:
    yield from settlements(state)
    for row in state.get("document", {}).values():
        if is_revaluation(row):
            yield _cells(REVALUATION, row)


def _entries(state: State) -> Iterable[Stored]:
    return _parents(_ENTRY, _lists_of_entries(state), child=_LINE)


def _entry_lines(state: State) -> Iterable[Stored]:
    for row in _children(_ENTRY, _lists_of_entries(state), child=_LINE):
        yield {**row, "party_type": "Customer"}


def _templates(state: State) -> Iterable[Stored]:
    return _children("Payment Terms Template", templates(state), child="Payment Terms Template Detail")


def _rates(state: State) -> Iterable[Stored]:
    for number, row in enumerate(state.get("fx_rate", {}).values(), start=1):
        yield {"name": f"{row['rate_date']}-{number}", **_row("Currency Exchange", _cells(EXCHANGE, row))}


def _nothing(state: State) -> Iterable[Stored]:
    return ()


def _table(state: State, *, make: Callable[[State], Iterable[Stored]]) -> Iterable[Stored]:
    """Rows that all have every column."""
    rows = list(make(state))
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column) for column in columns} for row in rows]


_CHILD_COLUMNS = ("name", "parent", "parenttype", "idx")
# columns that every version has; a table without rows has these
TABLES: Mapping[str, tuple[Callable[[State], Iterable[Stored]], tuple[str, ...]]] = {
    "tabCompany": (_companies, ("name", "exchange_gain_loss_account")),
    "tabCustomer": (_customers, ()),
    "tabSales Invoice": (_invoices, ()),
    "tabSales Invoice Item": (
        partial(_lines_of_invoices, label="Sales Order", column="sales_order"),
        (*_CHILD_COLUMNS, "sales_order"),
    ),
    "tabSales Team": (
        partial(_lines_of_invoices, label="Sales Person", column="sales_person"),
        (*_CHILD_COLUMNS, "sales_person"),
    ),
    "tabPayment Schedule": (_schedules, (*_CHILD_COLUMNS, "due_date", "payment_amount")),
    "tabPayment Entry": (_payments, ()),
    "tabPayment Entry Reference": (
        _references,
        (*_CHILD_COLUMNS, "reference_doctype", "reference_name", "allocated_amount"),
    ),
    # a deduction names no invoice, so the demo group books what a payment lacks by journal entries
    "tabPayment Entry Deduction": (_nothing, (*_CHILD_COLUMNS, "account", "amount")),
    "tabJournal Entry": (
        _entries,
        ("name", "docstatus", "company", "voucher_type", "posting_date", "cheque_no", "user_remark"),
    ),
    "tabJournal Entry Account": (
        _entry_lines,
        (
            *(*_CHILD_COLUMNS, "party_type", "party", "account", "account_currency"),
            *("debit_in_account_currency", "credit_in_account_currency", "debit", "credit"),
            *("reference_type", "reference_name"),
        ),
    ),
    "tabPayment Terms Template Detail": (
        _templates,
        (
            *(*_CHILD_COLUMNS, "due_date_based_on", "credit_days", "credit_months", "invoice_portion"),
            *("discount_type", "discount", "discount_validity_based_on", "discount_validity"),
        ),
    ),
    "tabCurrency Exchange": (_rates, ("name", "date", "from_currency", "to_currency", "exchange_rate")),
}

ERPNEXT_DB = Dialect(
    profile="erpnext_db",
    entities=ERPNEXT.carried,
    make={name: partial(_table, make=make) for name, (make, _) in TABLES.items()},
    is_database=True,
    empty_tables={name: columns for name, (_, columns) in TABLES.items()},
)
