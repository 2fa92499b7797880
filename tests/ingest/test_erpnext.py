"""Lists exported from ERPNext's report view become documents, receipts and settlements.

Belongs here: quirks of these lists. Must not: what becomes of them (tests/integration/test_dialects.py).
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.profiles import load_profile
from tests.ingest.tables import Fed, feed

D = Decimal
PROFILE = load_profile("erpnext")
INVOICE = (
    "ID,Status,Company,Customer,Posting Date,Currency,Grand Total,Rounded Total,"
    "Is Return (Credit Note),Return Against"
)
PAYMENT = (
    "ID,Status,Company,Payment Type,Party,Posting Date,Paid Amount,Account Currency (From),Account Currency (To),"
    "ID (Payment Entry Reference),Type (Payment Entry Reference),Name (Payment Entry Reference),"
    "Allocated (Payment Entry Reference)"
)
JOURNAL = (
    "ID,Company,Entry Type,Posting Date,Status,ID (Journal Entry Account),Party (Journal Entry Account),"
    "Account Currency (Journal Entry Account),Debit (Journal Entry Account),Credit (Journal Entry Account),"
    "Reference Type (Journal Entry Account),Reference Name (Journal Entry Account)"
)


def _read(folder: Path, name: str, entity: str, header: str, *rows: str) -> Fed:
    path = folder / f"{name}.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return feed(path, profile=PROFILE, entity=entity)


def _picked(fed: Fed, *columns: str) -> list[tuple[Any, ...]]:
    assert fed.faults == []
    return [tuple(row[column] for column in columns) for row in fed.accepted]


def test_t20_drafts_never_count_and_cancelled_invoices_are_void(tmp_path: Path) -> None:
    fed = _read(
        *(tmp_path, "Sales Invoice", "document", INVOICE),
        "SINV-1,Overdue,C,K1,2026-01-05,EUR,119.5,0,0,",
        "SINV-2,Draft,C,K1,2026-01-05,EUR,1,0,0,",
        "SINV-3,Cancelled,C,K1,2026-01-05,EUR,20,0,0,",
        "Total,,,,,,140.5,,,",
    )
    assert _picked(fed, "document_id", "amount", "is_cancelled") == [
        ("SINV-1", D("119.50"), None),
        ("SINV-3", D("20.00"), True),
    ]


def test_a_status_that_is_not_known_is_set_aside(tmp_path: Path) -> None:
    row = "SINV-1,Frozen,C,K1,2026-01-05,EUR,119.5,0,0,"
    fed = _read(tmp_path, "Sales Invoice", "document", INVOICE, row)
    assert fed.faults == [("bad_boolean", "is_cancelled", "Frozen")]


def test_t19_a_return_is_a_credit_note_that_settles_what_it_names(tmp_path: Path) -> None:
    rows = (
        "SINV-4,Return,C,K1,2026-01-06,EUR,-30,0,1,SINV-1",
        "SINV-5,Return,C,K1,2026-01-06,EUR,-7,0,1,",
        "SINV-6,Cancelled,C,K1,2026-01-06,EUR,-9,0,1,SINV-1",
    )
    documents = _read(tmp_path, "Sales Invoice", "document", INVOICE, *rows)
    assert _picked(documents, "document_id", "document_type", "amount")[:2] == [
        ("SINV-4", "credit_note", D("30.00")),
        ("SINV-5", "credit_note", D("7.00")),
    ]
    allocations = _read(tmp_path, "Sales Invoice", "allocation", INVOICE, *rows)
    assert _picked(allocations, "from_kind", "from_id", "to_id", "amount") == [
        ("credit_note", "SINV-4", "SINV-1", D("30.00"))
    ]


def test_a_rounded_total_is_what_is_owed(tmp_path: Path) -> None:
    row = "SINV-1,Unpaid,C,K1,2026-01-05,EUR,119.53,119.5,0,"
    assert _picked(_read(tmp_path, "Sales Invoice", "document", INVOICE, row), "amount") == [(D("119.50"),)]


def test_a_rounded_total_is_booked_rounded(tmp_path: Path) -> None:
    header = f"{INVOICE},Grand Total (Company Currency),Rounded Total (Company Currency)"
    rows = (
        "SINV-1,Unpaid,C,K1,2026-01-05,USD,119.53,119.5,0,,107.58,107.55",
        "SINV-2,Unpaid,C,K1,2026-01-05,USD,119.53,0,0,,107.58,0",
    )
    fed = _read(tmp_path, "Sales Invoice", "document", header, *rows)
    assert _picked(fed, "amount", "functional_amount") == [
        (D("119.50"), D("107.55")),
        (D("119.53"), D("107.58")),
    ]


def test_t32_a_payment_of_two_invoices_is_one_payment(tmp_path: Path) -> None:
    rows = (
        "PE-1,Submitted,C,Receive,K1,2026-02-01,150,EUR,EUR,a1,Sales Invoice,SINV-1,100",
        "PE-1,Submitted,C,Receive,K1,2026-02-01,150,EUR,EUR,a2,Sales Invoice,SINV-2,50",
        "PE-2,Draft,C,Receive,K1,2026-02-01,10,EUR,EUR,a3,Sales Invoice,SINV-2,10",
        "PE-3,Submitted,C,Receive,K1,2026-02-01,20,EUR,EUR,a4,Sales Order,SO-1,20",
        "Total,,,,,,330,,,,,,",
    )
    receipts = _picked(_read(tmp_path, "Payment Entry", "receipt", PAYMENT, *rows), "receipt_id", "amount")
    # equal rows under one key collapse when they are landed
    assert receipts == [("PE-1", D("150.00")), ("PE-1", D("150.00")), ("PE-3", D("20.00"))]
    allocations = _read(tmp_path, "Payment Entry", "allocation", PAYMENT, *rows)
    assert _picked(allocations, "allocation_id", "to_id", "amount") == [
        ("a1", "SINV-1", D("100.00")),
        ("a2", "SINV-2", D("50.00")),
    ]


def test_t20_a_cancelled_payment_is_kept_and_settles_nothing(tmp_path: Path) -> None:
    row = "PE-1,Cancelled,C,Receive,K1,2026-02-01,150,EUR,EUR,a1,Sales Invoice,SINV-1,150"
    receipts = _read(tmp_path, "Payment Entry", "receipt", PAYMENT, row)
    assert _picked(receipts, "receipt_id", "status") == [("PE-1", "cancelled")]
    assert _read(tmp_path, "Payment Entry", "allocation", PAYMENT, row).accepted == []


def test_a_payment_to_a_customer_is_a_refund_of_what_it_names(tmp_path: Path) -> None:
    row = "PE-1,Submitted,C,Pay,K1,2026-02-01,30,EUR,USD,a1,Sales Invoice,SINV-4,-30"
    receipts = _read(tmp_path, "Payment Entry", "receipt", PAYMENT, row)
    # the party's account is the one that is paid to
    assert _picked(receipts, "amount", "currency") == [(D("-30.00"), "USD")]
    allocations = _read(tmp_path, "Payment Entry", "allocation", PAYMENT, row)
    assert _picked(allocations, "from_kind", "from_id", "to_kind", "to_id", "amount") == [
        ("credit_note", "SINV-4", "refund", "PE-1", D("30.00"))
    ]


def test_a_refund_is_what_the_account_of_the_customer_receives(tmp_path: Path) -> None:
    header = f"{PAYMENT},Received Amount,Received Amount (Company Currency)"
    # 30 EUR from the bank are 33 USD for the customer
    row = "PE-1,Submitted,C,Pay,K1,2026-02-01,30,EUR,USD,a1,Sales Invoice,SINV-4,-33,33,30"
    receipts = _read(tmp_path, "Payment Entry", "receipt", header, row)
    assert _picked(receipts, "amount", "currency", "functional_amount") == [(D("-33.00"), "USD", D("-30.00"))]


def test_t22_a_deduction_settles_what_the_payment_allocated_beyond_its_cash(tmp_path: Path) -> None:
    header = (
        "ID,Company,Posting Date,Status,ID (Payment Entry Deduction),Account (Payment Entry Deduction),"
        "Amount (Payment Entry Deduction)"
    )
    row = "PE-1,C,2026-02-01,Submitted,d1,Discount Allowed,20"
    fed = _read(tmp_path, "Payment Deduction", "allocation", header, row)
    assert _picked(fed, "from_kind", "to_kind", "to_id", "amount") == [
        ("write_off", "receipt", "PE-1", D("20.00"))
    ]


@pytest.mark.parametrize(
    ("entry_type", "kind"),
    [("Write Off Entry", "write_off"), ("Journal Entry", "offset"), ("Contra Entry", "offset")],
)
def test_t21_the_type_of_an_entry_says_what_it_settles_with(
    tmp_path: Path, entry_type: str, kind: str
) -> None:
    header = f"{JOURNAL},Reference Number"
    row = f"JV-1,C,{entry_type},2026-02-01,Submitted,j1,K1,EUR,0,20,Sales Invoice,SINV-1,AP-7"
    fed = _read(tmp_path, "Journal Settlement", "allocation", header, row)
    assert _picked(fed, "from_kind", "to_id", "amount") == [(kind, "SINV-1", D("20.00"))]


def test_an_entry_of_an_unknown_type_is_set_aside_and_an_exchange_difference_is_derived(
    tmp_path: Path,
) -> None:
    rows = (
        "JV-1,C,Depreciation Entry,2026-02-01,Submitted,j1,K1,EUR,0,20,Sales Invoice,SINV-1",
        "JV-2,C,Exchange Gain Or Loss,2026-02-01,Submitted,j2,K1,EUR,0,3,Sales Invoice,SINV-1",
    )
    fed = _read(tmp_path, "Journal Settlement", "allocation", JOURNAL, *rows)
    assert fed.accepted == []
    assert fed.faults == [("bad_code", "from_kind", "Depreciation Entry")]


def test_what_an_entry_leaves_open_is_an_item_of_its_own(tmp_path: Path) -> None:
    rows = (
        "JV-1,C,Opening Entry,2026-01-01,Submitted,j1,K1,EUR,100,0,,",
        "JV-2,C,Journal Entry,2026-01-01,Submitted,j2,K1,EUR,0,8,,",
        "JV-3,C,Journal Entry,2026-01-01,Cancelled,j3,K1,EUR,9,0,,",
    )
    fed = _read(tmp_path, "Journal Item", "document", JOURNAL, *rows)
    assert _picked(fed, "document_id", "document_type", "amount") == [
        ("JV-1", "opening_balance", D("100.00")),
        ("JV-2", "credit_note", D("8.00")),
    ]
