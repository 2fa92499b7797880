"""Tables exported from Dynamics 365 Finance become documents, receipts and settlements.

Belongs here: quirks of these files. Must not: what becomes of them (tests/integration/test_dialects.py).
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.profiles import load_profile
from tests.ingest.tables import Fed, feed

D = Decimal
PROFILE = load_profile("dynamics365")
TRANS = "DATAAREAID,ACCOUNTNUM,VOUCHER,INVOICE,TRANSTYPE,TRANSDATE,DUEDATE,CURRENCYCODE,AMOUNTCUR,AMOUNTMST"
SETTLEMENT = (
    "TRANSCOMPANY,RECID,TRANSDATE,SETTLEAMOUNTCUR,TRANSTYPE,TRANSVOUCHER,TRANSINVOICE,OFFSETTRANSTYPE,"
    "OFFSETVOUCHER,OFFSETINVOICE"
)


def _read(folder: Path, name: str, entity: str, header: str, *rows: str) -> Fed:
    path = folder / f"{name}.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
    return feed(path, profile=PROFILE, entity=entity)


def _picked(fed: Fed, *columns: str) -> list[tuple[Any, ...]]:
    assert fed.faults == []
    return [tuple(row[column] for column in columns) for row in fed.accepted]


def test_amounts_are_signed_and_the_type_says_what_they_are(tmp_path: Path) -> None:
    rows = (
        'c1,K1,V1,I1,Sales order,5/31/2026 12:00:00 AM,6/30/2026 12:00:00 AM,EUR,"1,200.50","1,200.50"',
        "c1,K1,V2,I2,Free text invoice,5/31/2026 12:00:00 AM,1/1/1900 12:00:00 AM,EUR,-30.00,-30.00",
        "c1,K1,V3,,Interest note,2026-06-01,2026-06-15,EUR,5.00,5.00",
        "c1,K1,V4,,Foreign currency revaluation,6/1/2026 12:00:00 AM,,USD,0.00,-7.10",
        "c1,K1,V5,,Payment,6/2/2026 12:00:00 AM,,EUR,-100.00,-100.00",
        "c1,K1,V6,,Payment,6/2/2026 12:00:00 AM,,EUR,4.00,4.00",
        "c1,K1,V7,,Cash discount,6/2/2026 12:00:00 AM,,EUR,-2.00,-2.00",
    )
    documents = _read(tmp_path, "CustTrans", "document", TRANS, *rows)
    columns = ("document_id", "document_type", "amount", "functional_amount", "document_date", "due_date")
    assert _picked(documents, *columns) == [
        ("I1", "invoice", D("1200.50"), D("1200.50"), date(2026, 5, 31), date(2026, 6, 30)),
        ("I2", "credit_note", D("30.00"), D("30.00"), date(2026, 5, 31), None),
        ("V3", "interest", D("5.00"), D("5.00"), date(2026, 6, 1), date(2026, 6, 15)),
        ("V4", "debit_note", D("0.00"), D("-7.10"), date(2026, 6, 1), None),
    ]
    receipts = _read(tmp_path, "CustTrans", "receipt", TRANS, *rows)
    assert _picked(receipts, "receipt_id", "amount") == [("V5", D("100.00")), ("V6", D("-4.00"))]


def test_a_type_of_transaction_that_is_not_known_is_set_aside(tmp_path: Path) -> None:
    row = "c1,K1,V1,,Payroll,5/31/2026 12:00:00 AM,,EUR,5.00,5.00"
    fed = _read(tmp_path, "CustTrans", "document", TRANS, row)
    assert fed.accepted == []
    assert [reason for reason, _, _ in fed.faults] == ["unclaimed_row"]


def test_a_settlement_that_is_there_from_both_sides_counts_once(tmp_path: Path) -> None:
    fed = _read(
        *(tmp_path, "CustSettlement", "allocation", SETTLEMENT),
        'c1,1,6/2/2026 12:00:00 AM,"1,100.00",Sales,V1,I1,Payment,V5,',
        'c1,2,6/2/2026 12:00:00 AM,"-1,100.00",Payment,V5,,Sales,V1,I1',
    )
    columns = ("allocation_id", "from_kind", "from_id", "to_kind", "to_id", "amount", "allocated_on")
    assert _picked(fed, *columns) == [
        ("1", "receipt", "V5", "document", "I1", D("1100.00"), date(2026, 6, 2))
    ]


@pytest.mark.parametrize(
    ("settled", "used", "expected"),
    [
        ("Sales,V1,I1", "Sales,V2,I2", ("credit_note", "I2", "document", "I1")),
        ("Sales,V1,I1", "Cash discount,V7,", ("discount", None, "document", "I1")),
        ("Sales,V1,I1", "Penny difference,V8,", ("write_off", None, "document", "I1")),
        ("Payment,V6,", "Payment,V5,", ("receipt", "V5", "refund", "V6")),
        ("Payment,V6,", "Sales,V2,I2", ("credit_note", "I2", "refund", "V6")),
    ],
)
def test_both_types_say_what_settles_what(
    tmp_path: Path, settled: str, used: str, expected: tuple[str | None, ...]
) -> None:
    row = f"c1,1,6/2/2026 12:00:00 AM,10.00,{settled},{used}"
    fed = _read(tmp_path, "CustSettlement", "allocation", SETTLEMENT, row)
    assert _picked(fed, "from_kind", "from_id", "to_kind", "to_id") == [expected]


def test_t29_an_exchange_adjustment_is_no_settlement(tmp_path: Path) -> None:
    row = "c1,1,6/2/2026 12:00:00 AM,0.00,Sales,V1,I1,ExchAdjustment,V9,"
    assert _read(tmp_path, "CustSettlement", "allocation", SETTLEMENT, row).accepted == []


def test_a_line_of_a_payment_schedule_has_a_number_of_sixteen_decimals(tmp_path: Path) -> None:
    header = "DATAAREAID,INVOICEID,LINENUM,DUEDATE,AMOUNTCUR"
    row = "c1,I1,2.0000000000000000,6/30/2026 12:00:00 AM,50.00"
    fed = _read(tmp_path, "CustPaymSchedLine", "instalment", header, row)
    assert _picked(fed, "instalment_no", "due_date") == [(2, date(2026, 6, 30))]
