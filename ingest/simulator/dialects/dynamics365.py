"""Dynamics 365 Finance: tables exported as CSV by data management, with American dates and a row for either side of a
settlement.

Belongs here: fields and quirks of these files, and which transaction tells what. Must not: how they are read
(ingest/profiles/dynamics365.yml).
"""

from collections.abc import Iterable

from ingest.simulator.dialects.model import Cell, Dialect, Record, Sheet, State, Stored, Style
from ingest.simulator.dialects.terms import NUMBERS, is_after_month_end, is_net, terms_in_use

NEVER = "1/1/1900 12:00:00 AM"
TYPES = {
    "invoice": "Sales",
    "credit_note": "Sales",
    "debit_note": "Sales",
    "interest": "Interest note",
    "opening_balance": "Conversion",
    "unbilled": "Sales",
}
KINDS = {"debit_note": "DebitNote", "unbilled": "Unbilled"}
METHODS = {
    "": "TRANSFER",
    "transfer": "TRANSFER",
    "card": "CARD",
    "cash": "CASH",
    "cheque": "CHECK",
    "bank_acceptance": "BANKACC",
    "commercial_acceptance": "COMMACC",
    "receivable_certificate": "CERT",
    "alipay": "ALIPAY",
    "wechat": "WECHAT",
    "other": "MISC",
}
OFFSET_TYPES = {
    "receipt": "Payment",
    "credit_note": "Sales",
    "document": "Conversion",
    "discount": "Cash discount",
    "write_off": "Write-off",
    "offset": "Settlement",
}
NATURES = {
    "project": "Project",
    "manufacturer": "Manufacturer",
    "retail_chain": "RetailChain",
    "other": "Other",
}


def _date(text: str) -> str:
    """5/31/2026 12:00:00 AM; a date that is not there is the year 1900."""
    if not text:
        return NEVER
    year, month, day = text.split("-")
    return f"{int(month)}/{int(day)}/{year} 12:00:00 AM"


def _number(text: str) -> str:
    """Reals have six decimals."""
    return f"{text}0000" if "." in text else text


def _day(column: str) -> Cell:
    return lambda row: _date(row[column])


def _money(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, cents = digits.partition(".")
    return f"{sign}{int(whole):,}.{cents or '00'}" if digits else ""


def _turned(text: str) -> str:
    return "" if not text else text[1:] if text.startswith("-") else f"-{text}"


def _yes(*, column: str, value: str) -> Cell:
    return lambda row: "Yes" if row[column] == value else "No"


CUSTOMER: tuple[tuple[str, Cell], ...] = (
    ("DATAAREAID", "company_code"),
    ("ACCOUNTNUM", "customer_id"),
    ("NAME", "name"),
    ("VATNUM", "tax_id"),
    ("PARTYTYPE", lambda r: "Person" if r["customer_type"] == "individual" else "Organization"),
    ("DEALNATURE", lambda r: NATURES.get(r["deal_nature"], "")),
    ("OWNERSHIP", "ownership"),
    ("SIZECLASS", "size_class"),
    ("LINEOFBUSINESSID", "industry"),
    ("SALESDISTRICTID", "region"),
    ("ISOCODE", "country"),
    ("PARENTACCOUNT", "parent_customer_id"),
    ("GUARANTORACCOUNT", "guarantor_customer_id"),
    ("RELATION", "related_party"),
    ("INTERCOMPANYCOMPANY", "counterparty_company_code"),
    ("PAYMTERMDESCRIPTION", "payment_terms"),
    ("SALESRESPONSIBLE", "sales_owner"),
    ("COLLECTIONSAGENT", "collector"),
    ("BLOCKED", lambda r: {"closed": "All", "hold": "Invoice"}.get(r["status"], "No")),
    ("INLITIGATION", _yes(column="status", value="legal")),
    ("CUSTOMERSINCE", _day("onboarded_on")),
    ("PRIMARYCONTACT", "contact_name"),
    ("PHONE", "contact_phone"),
    ("EMAIL", "contact_email"),
    ("STREET", "contact_address"),
)
SCHEDULE: tuple[tuple[str, Cell], ...] = (
    ("DATAAREAID", "company_code"),
    ("INVOICEID", "document_id"),
    ("LINENUM", lambda r: f"{r['instalment_no']}.0000000000000000"),
    ("DUEDATE", _day("due_date")),
    ("AMOUNTCUR", lambda r: _money(r["amount"])),
    ("ISRETENTION", _yes(column="kind", value="retention")),
    ("UNCONDITIONALON", _day("unconditional_on")),
)
RATE: tuple[tuple[str, Cell], ...] = (
    ("STARTDATE", _day("rate_date")),
    ("FROMCURRENCY", "from_currency"),
    ("TOCURRENCY", "to_currency"),
    ("RATE", lambda r: r["rate"]),
    ("RATETYPENAME", lambda r: {"booked": "Booking", "average": "Average"}.get(r["rate_type"], "Default")),
    ("RATESOURCE", "source"),
)
# what only one of the two kinds of transaction fills
_DATES_OF_DOCUMENTS = {
    "INVOICERECEIVED": "invoice_received_on",
    "ACCEPTED": "accepted_on",
    "DELIVERED": "delivery_date",
    "CANCELLEDON": "cancelled_on",
    "DOCUMENTDATE": "document_date",
    "DUEDATE": "due_date",
}
_TEXTS_OF_DOCUMENTS = {
    "PAYMTERMDESCRIPTION": "payment_terms",
    "SALESID": "sales_order",
    "TERMSRUNFROM": "terms_basis",
    "CONTRACTID": "contract_id",
    "PROJID": "project",
    "SALESPERSON": "salesperson",
    "REPLACES": "replaces_document_id",
    "BILLEDBY": "billed_by_document_id",
}
_DATES_OF_RECEIPTS = {
    "RECEIVEDON": "receipt_date",
    "CLEAREDON": "cleared_on",
    "BILLMATURITY": "maturity_date",
    "BANKSTATUSDATE": "status_date",
}
_TEXTS_OF_RECEIPTS = {
    "BANKACCOUNTNUM": "bank_account",
    "BILLOFEXCHANGEID": "bill_id",
    "ACCEPTOR": "acceptor",
    "ACCEPTORKIND": "acceptor_kind",
}


def _transactions(state: State) -> Iterable[Stored]:
    for row in state.get("document", {}).values():
        is_turned = row["document_type"] == "credit_note"
        is_revaluation = row["document_type"] == "debit_note" and float(row["amount"]) == 0
        amounts = {
            name: _turned(row[column]) if is_turned else row[column]
            for name, column in (
                ("AMOUNTCUR", "amount"),
                ("AMOUNTMST", "functional_amount"),
                ("TAXAMOUNTCUR", "tax_amount"),
            )
        }
        kind = "" if is_revaluation else KINDS.get(row["document_type"], "")
        yield (
            _transaction(row, date=row["posting_date"] or row["document_date"])
            | {name: _money(text) for name, text in amounts.items()}
            | {
                "VOUCHER": f"INV-{row['document_id']}",
                "INVOICE": row["document_id"],
                "TRANSTYPE": "Foreign currency revaluation"
                if is_revaluation
                else TYPES[row["document_type"]],
                "RECEIVABLEKIND": kind,
                "ISCANCELLED": "Yes" if row["is_cancelled"] == "true" else "No",
            }
            | {name: _date(row[column]) for name, column in _DATES_OF_DOCUMENTS.items()}
            | {name: row[column] for name, column in _TEXTS_OF_DOCUMENTS.items()}
        )
    for row in state.get("receipt", {}).values():
        yield (
            _transaction(row, date=row["posting_date"] or row["receipt_date"])
            | {
                "VOUCHER": row["receipt_id"],
                "TRANSTYPE": "Payment",
                "AMOUNTCUR": _money(_turned(row["amount"])),
                "AMOUNTMST": _money(_turned(row["functional_amount"])),
                "PAYMMODE": METHODS[row["method"]],
                "BANKSTATUS": row["status"].capitalize(),
            }
            | {name: _date(row[column]) for name, column in _DATES_OF_RECEIPTS.items()}
            | {name: row[column] for name, column in _TEXTS_OF_RECEIPTS.items()}
        )


def _transaction(row: Record, *, date: str) -> dict[str, str]:
    """What both kinds have; every column is there in every row."""
    dates = (*_DATES_OF_DOCUMENTS, *_DATES_OF_RECEIPTS)
    texts = (*_TEXTS_OF_DOCUMENTS, *_TEXTS_OF_RECEIPTS)
    others = ("VOUCHER", "INVOICE", "TRANSTYPE", "AMOUNTCUR", "AMOUNTMST", "TAXAMOUNTCUR", "RECEIVABLEKIND")
    return {
        "DATAAREAID": row["company_code"],
        "ACCOUNTNUM": row["customer_id"],
        "TRANSDATE": _date(date),
        "CURRENCYCODE": row["currency"],
        "CUSTOMERREF": row["reference"],
        "LEDGERACCOUNT": row["control_account"],
        "APPROVED": "Yes",
        **dict.fromkeys(dates, NEVER),
        **dict.fromkeys((*texts, *others, "ISCANCELLED", "PAYMMODE", "BANKSTATUS"), ""),
    }


def _settlements(state: State) -> Iterable[Stored]:
    """Each settlement twice: from the side that is settled, and from the side that settles."""
    for number, row in enumerate(state.get("allocation", {}).values(), start=1):
        kind = row["from_kind"]
        is_document = kind in ("credit_note", "document")
        settled = ("Payment", row["to_id"], "") if row["to_kind"] == "refund" else (
            "Sales", f"INV-{row['to_id']}", row["to_id"]
        )  # fmt: skip
        if is_document:
            used = (OFFSET_TYPES[kind], f"INV-{row['from_id']}", row["from_id"])
        else:
            used = (OFFSET_TYPES[kind], row["from_id"] if kind == "receipt" else f"JNL-{number:06}", "")
        for record, (own, other), sign in ((1, (settled, used), ""), (2, (used, settled), "-")):
            yield {
                "RECID": str(5637144576 + 2 * number + record),
                "TRANSCOMPANY": row["company_code"],
                "TRANSDATE": _date(row["allocated_on"]),
                "SETTLEAMOUNTCUR": f"{sign}{_money(row['amount'])}",
                "OFFSETAMOUNTCUR": _money(row["from_amount"]),
                "TRANSTYPE": own[0],
                "TRANSVOUCHER": own[1],
                "TRANSINVOICE": own[2],
                "OFFSETTRANSTYPE": other[0],
                "OFFSETVOUCHER": other[1],
                "OFFSETINVOICE": other[2],
                "SETTLEMENTNUMBER": row["allocation_id"],
                "INSTALMENTNUM": row["to_instalment_no"],
                "REASON": row["reason"],
                "APPROVEDBY": row["approved_by"],
                "APPROVEDON": _date(row["approved_on"]),
                "UNDOES": row["reverses_allocation_id"],
                "REFERENCE": row["from_id"] if kind == "offset" else "",
            }


def _terms(state: State) -> Iterable[Stored]:
    """Terms that can be counted in one way only; transactions are exported with the description of theirs."""
    for terms in terms_in_use(state):
        if terms.is_immediate and terms.basis == "delivery":
            method, cutoff = "COD", 0
        elif is_net(terms):
            method, cutoff = "Net", 0
        elif is_after_month_end(terms):
            method, cutoff = "CurrentMth", 0
        elif terms.cutoff_day not in (None, 31) and not terms.months_after:
            method, cutoff = "CutOffDate", terms.cutoff_day or 0
        else:
            continue
        yield {
            "PAYMTERMID": f"T{NUMBERS[terms.text]:02d}",
            "DESCRIPTION": terms.text,
            "PAYMMETHOD": method,
            "NUMOFMONTHS": "0",
            "NUMOFDAYS": str(terms.days_after),
            "CUTOFFDAY": str(cutoff),
            "ADDITIONALMONTHS": "0",
            "PAYMDAYID": "",
            "PAYMSCHED": "",
        }


DYNAMICS365 = Dialect(
    profile="dynamics365",
    # data management writes a byte order mark
    style=Style(encoding="utf-8-sig", number=_number),
    sheets=(
        Sheet("CustTable", "customer", CUSTOMER),
        Sheet("CustPaymSchedLine", "instalment", SCHEDULE),
        Sheet("ExchangeRate", "fx_rate", RATE),
    ),
    make={"CustTrans": _transactions, "CustSettlement": _settlements, "PaymTerm": _terms},
    entities=frozenset({"document", "receipt", "allocation"}),
)
