"""ERPNext 15: lists exported from the report view, child tables as columns, the parent's cells in every row.

Belongs here: labels and quirks of these lists, and which doctype tells what. Must not: how they are read
(ingest/profiles/erpnext.yml).
"""

from collections.abc import Callable, Iterable, Sequence

from ingest.contract import load_contract
from ingest.simulator.dialects.model import Cell, Dialect, Record, Sheet, State, Stored, Style
from ingest.simulator.dialects.terms import is_after_month_end, is_net, percentage, terms_in_use

MODES = {
    "": "",
    "transfer": "Wire Transfer",
    "card": "Credit Card",
    "cash": "Cash",
    "cheque": "Cheque",
    "bank_acceptance": "Bank Acceptance",
    "commercial_acceptance": "Commercial Acceptance",
    "receivable_certificate": "Receivable Certificate",
    "alipay": "Alipay",
    "wechat": "WeChat",
    "other": "Other",
}
NATURES = {
    "project": "Project",
    "manufacturer": "Manufacturer",
    "retail_chain": "Retail Chain",
    "other": "Other",
}
KINDS = {"interest": "Interest", "unbilled": "Unbilled", "debit_note": "Debit Note"}
# an allocation's sink -> type of the journal entry, and the kind that the company notes beside it
ENTRY_TYPES = {
    "discount": ("Journal Entry", "Discount"),
    "write_off": ("Write Off Entry", ""),
    "offset": ("Journal Entry", ""),
    "credit_note": ("Credit Note", ""),
}


def templates(state: State) -> Iterable[Stored]:
    """Templates of one line each. Cut-off days and days of a month have no place in them."""
    name = "Payment Terms Template Detail"
    for terms in terms_in_use(state):
        months = terms.months_after if terms.cutoff_day == 31 and not terms.days_after else 0
        if is_net(terms):
            based = "Day(s) after invoice date"
        elif is_after_month_end(terms):
            based = "Day(s) after the end of the invoice month"
        elif months and not terms.days_before:
            based = "Month(s) after the end of the invoice month"
        else:
            continue
        yield {
            "ID": terms.text,
            f"Index ({name})": "1",
            f"Due Date Based On ({name})": based,
            f"Credit Days ({name})": str(terms.days_after),
            f"Credit Months ({name})": str(months),
            f"Invoice Portion (%) ({name})": "100",
            f"Discount Type ({name})": "Percentage" if terms.discount_days else "",
            f"Discount ({name})": _number(percentage(terms)) or "0",
            f"Discount Validity Based On ({name})": "Day(s) after invoice date"
            if terms.discount_days
            else "",
            f"Discount Validity ({name})": str(terms.discount_days),
        }


def _number(text: str) -> str:
    """Exports give numbers as they are kept: 1200.5, not 1,200.50."""
    return f"{float(text):.12g}" if text else ""


def _flag(*, column: str, value: str) -> Callable[[Record], str]:
    return lambda row: "1" if row[column] == value else "0"


def _signed(column: str) -> Callable[[Record], str]:
    """A return has negative totals."""

    def cell(row: Record) -> str:
        text = row[column]
        is_turned = row["document_type"] == "credit_note" and text and not text.startswith("-")
        return _number(f"-{text}" if is_turned else text)

    return cell


def is_revaluation(row: Record) -> bool:
    return row["document_type"] == "debit_note" and float(row["amount"]) == 0


def _is_return(row: Record) -> str:
    is_negative = row["amount"].startswith("-") and row["document_type"] == "invoice"
    return "1" if row["document_type"] == "credit_note" or is_negative else "0"


def _posted(row: Record, *, otherwise: str) -> str:
    return row["posting_date"] or row[otherwise]


CUSTOMER: tuple[tuple[str, Cell], ...] = (
    ("ID", "customer_id"),
    ("Company", "company_code"),
    ("Customer Name", "name"),
    ("Tax ID", "tax_id"),
    ("Customer Type", lambda r: "Individual" if r["customer_type"] == "individual" else "Company"),
    ("Deal Nature", lambda r: NATURES.get(r["deal_nature"], "")),
    ("Ownership", "ownership"),
    ("Size Class", "size_class"),
    ("Industry", "industry"),
    ("Territory", "region"),
    ("Country Code", "country"),
    ("Parent Customer", "parent_customer_id"),
    ("Guarantor", "guarantor_customer_id"),
    ("Relation", "related_party"),
    ("Represents Company", "counterparty_company_code"),
    ("Default Payment Terms Template", "payment_terms"),
    ("Account Manager", "sales_owner"),
    ("Collector", "collector"),
    ("Disabled", _flag(column="status", value="closed")),
    ("Is Frozen", _flag(column="status", value="hold")),
    ("In Litigation", _flag(column="status", value="legal")),
    ("Created On", lambda r: f"{r['onboarded_on']} 09:12:33" if r["onboarded_on"] else ""),
    ("Primary Contact", "contact_name"),
    ("Mobile No", "contact_phone"),
    ("Email Id", "contact_email"),
    ("Primary Address", "contact_address"),
)
INVOICE: tuple[tuple[str, Cell], ...] = (
    ("ID", "document_id"),
    ("Status", lambda r: "Cancelled" if r["is_cancelled"] == "true" else "Submitted"),
    ("Company", "company_code"),
    ("Customer", "customer_id"),
    ("Invoice Date", "document_date"),
    ("Posting Date", lambda r: _posted(r, otherwise="document_date")),
    ("Due Date", "due_date"),
    ("Currency", "currency"),
    ("Grand Total", _signed("amount")),
    ("Rounded Total", lambda r: "0"),
    ("Grand Total (Company Currency)", _signed("functional_amount")),
    ("Total Taxes and Charges", _signed("tax_amount")),
    ("Is Return (Credit Note)", _is_return),
    ("Return Against", lambda r: ""),
    ("Is Opening Entry", lambda r: "Yes" if r["document_type"] == "opening_balance" else "No"),
    ("Receivable Kind", lambda r: KINDS.get(r["document_type"], "")),
    ("Payment Terms Template", "payment_terms"),
    ("Terms Run From", "terms_basis"),
    ("Invoice Received On", "invoice_received_on"),
    ("Accepted On", "accepted_on"),
    ("Delivered On", "delivery_date"),
    ("Customer's Purchase Order", "reference"),
    ("Sales Order", "sales_order"),
    ("Contract", "contract_id"),
    ("Project", "project"),
    ("Sales Person", "salesperson"),
    ("Replaces", "replaces_document_id"),
    ("Billed By", "billed_by_document_id"),
    ("Debit To", "control_account"),
    ("Cancelled On", "cancelled_on"),
)
SCHEDULE: tuple[tuple[str, Cell], ...] = (
    ("ID", "document_id"),
    ("Company", "company_code"),
    ("Index (Payment Schedule)", "instalment_no"),
    ("Due Date (Payment Schedule)", "due_date"),
    ("Payment Amount (Payment Schedule)", "amount"),
    ("Is Retention (Payment Schedule)", _flag(column="kind", value="retention")),
    ("Unconditional On (Payment Schedule)", "unconditional_on"),
)
EXCHANGE: tuple[tuple[str, Cell], ...] = (
    ("Date", "rate_date"),
    ("From Currency", "from_currency"),
    ("To Currency", "to_currency"),
    ("Exchange Rate", "rate"),
    ("Rate Type", lambda r: {"booked": "Booking", "average": "Average"}.get(r["rate_type"], "Closing")),
    ("Source", "source"),
)
REVALUATION: tuple[tuple[str, Cell], ...] = (
    ("ID", "document_id"),
    ("Company", "company_code"),
    ("Entry Type", lambda r: "Exchange Rate Revaluation"),
    ("Posting Date", lambda r: _posted(r, otherwise="document_date")),
    ("Due Date", "due_date"),
    ("Status", lambda r: "Submitted"),
    ("Party (Journal Entry Account)", "customer_id"),
    ("Account (Journal Entry Account)", "control_account"),
    ("Account Currency (Journal Entry Account)", "currency"),
    ("Debit (Journal Entry Account)", lambda r: "0"),
    ("Credit (Journal Entry Account)", lambda r: "0"),
    (
        "Debit in Company Currency (Journal Entry Account)",
        lambda r: _side(r["functional_amount"], is_debit=True),
    ),
    (
        "Credit in Company Currency (Journal Entry Account)",
        lambda r: _side(r["functional_amount"], is_debit=False),
    ),
    ("Reference Number", "reference"),
)


def _side(text: str, *, is_debit: bool) -> str:
    return _number(text.lstrip("-")) if text.startswith("-") != is_debit else "0"


def payments(state: State) -> Iterable[Stored]:
    """A row for each thing that a payment settles, one where it settles nothing."""
    lines: dict[tuple[str, str], list[Record]] = {}
    for row in state.get("allocation", {}).values():
        if row["to_kind"] == "refund":
            lines.setdefault((row["company_code"], row["to_id"]), []).append(row)
        elif row["from_kind"] == "receipt":
            lines.setdefault((row["company_code"], row["from_id"]), []).append(row)
    for row in state.get("receipt", {}).values():
        settled: Sequence[Record | None] = lines.get((row["company_code"], row["receipt_id"]), [])
        for line in settled or (None,):
            yield _payment(row) | _reference(line)


def _payment(row: Record) -> dict[str, str]:
    is_refund = row["amount"].startswith("-")
    party, bank = ("To", "From") if is_refund else ("From", "To")
    return {
        "ID": row["receipt_id"],
        "Status": "Cancelled" if row["status"] == "cancelled" else "Submitted",
        "Company": row["company_code"],
        "Payment Type": "Pay" if is_refund else "Receive",
        "Party Type": "Customer",
        "Party": row["customer_id"],
        "Received On": row["receipt_date"],
        "Posting Date": _posted(row, otherwise="receipt_date"),
        "Clearance Date": row["cleared_on"],
        "Paid Amount": _number(row["amount"].lstrip("-")),
        f"Account Currency ({party})": row["currency"],
        f"Account Currency ({bank})": row["currency"],
        "Paid Amount (Company Currency)": _number(row["functional_amount"].lstrip("-")),
        "Mode of Payment": MODES[row["method"]] or "Wire Transfer",
        "Cheque/Reference No": row["reference"],
        f"Account Paid {party}": row["control_account"],
        f"Account Paid {bank}": "1002",
        "Company Bank Account": row["bank_account"],
        "Bill No": row["bill_id"],
        "Bill Maturity": row["maturity_date"],
        "Acceptor": row["acceptor"],
        "Acceptor Kind": row["acceptor_kind"],
        "Bank Status": "" if row["status"] == "cancelled" else row["status"].capitalize(),
        "Bank Status Date": row["status_date"],
    }


def _reference(row: Record | None) -> dict[str, str]:
    name = "Payment Entry Reference"
    if row is None:
        row = dict.fromkeys(load_contract().entity("allocation").columns, "")
    kind, target = (
        (row["from_kind"], row["from_id"]) if row["to_kind"] == "refund" else (row["to_kind"], row["to_id"])
    )
    types = {"": "", "receipt": "Payment Entry", "refund": "Payment Entry"}
    return {
        f"ID ({name})": row["allocation_id"],
        f"Type ({name})": types.get(kind, "Sales Invoice"),
        f"Name ({name})": target,
        f"Allocated ({name})": _number(row["amount"]),
        f"Reconcile Effect On ({name})": row["allocated_on"],
        f"Instalment ({name})": row["to_instalment_no"],
        f"Used ({name})": _number(row["from_amount"]),
        f"Undoes ({name})": row["reverses_allocation_id"],
        f"Reason ({name})": row["reason"],
        f"Approved By ({name})": row["approved_by"],
        f"Approved On ({name})": row["approved_on"],
    }


def settlements(state: State) -> Iterable[Stored]:
    """Journal entries that settle: discounts, write-offs, offsets, and credit notes moved onto an invoice."""
    name = "Journal Entry Account"
    for row in state.get("allocation", {}).values():
        if row["from_kind"] == "receipt" or row["to_kind"] == "refund":
            continue
        entry_type, kind = ENTRY_TYPES[row["from_kind"]]
        yield {
            "ID": f"JV-{row['allocation_id']}",
            "Company": row["company_code"],
            "Entry Type": entry_type,
            "Posting Date": row["allocated_on"],
            "Status": "Submitted",
            "Reference Number": row["from_id"] if row["from_kind"] == "offset" else "",
            "User Remark": row["reason"],
            f"ID ({name})": row["allocation_id"],
            f"Credit ({name})": _number(row["amount"]),
            f"Reference Type ({name})": "Payment Entry" if row["to_kind"] == "receipt" else "Sales Invoice",
            f"Reference Name ({name})": row["to_id"],
            f"Settlement Kind ({name})": kind,
            f"Credit Note ({name})": row["from_id"] if row["from_kind"] == "credit_note" else "",
            f"Instalment ({name})": row["to_instalment_no"],
            f"Undoes ({name})": row["reverses_allocation_id"],
            f"Approved By ({name})": row["approved_by"],
            f"Approved On ({name})": row["approved_on"],
        }


ERPNEXT = Dialect(
    profile="erpnext",
    # the total row stays when "Show Totals" is on
    style=Style(number=_number, below=lambda rows: (("Total",),) if rows else ()),
    sheets=(
        Sheet("Customer", "customer", CUSTOMER),
        Sheet("Sales Invoice", "document", INVOICE, where=lambda row: not is_revaluation(row)),
        Sheet("Journal Item", "document", REVALUATION, where=is_revaluation),
        Sheet("Payment Schedule", "instalment", SCHEDULE),
        Sheet("Currency Exchange", "fx_rate", EXCHANGE),
    ),
    make={
        "Payment Entry": payments,
        "Journal Settlement": settlements,
        "Payment Terms Template": templates,
    },
    entities=frozenset({"receipt", "allocation"}),
)
