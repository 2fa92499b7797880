"""Reports of QuickBooks and invoices of Xero: what is open, and nothing that is no invoice.

Belongs here: quirks of these files. Must not: what becomes of a residual (dbt, tests/integration).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import UnreadableFile
from ingest.profiles import load_profile
from ingest.terms import parse_terms
from tests.ingest.tables import Fed, feed

D = Decimal
GIVEN = {"company_code": "C", "currency": "USD"}
AGEING = """Example Inc.
A/R Aging Detail
"As of June 30, 2026"

,Date,Transaction Type,Num,Customer,Memo/Description,Due Date,Amount,Open Balance
1 - 30 days past due,,,,,,,,
,05/01/2026,Invoice,1001,Acme,,05/31/2026,"1,200.50","$700.50"
,05/02/2026,Payment,77,Acme,,05/02/2026,-300.00,-100.00
Total for 1 - 30 days past due,,,,,,,,"$600.50"
Current,,,,,,,,
,06/15/2026,Credit Memo,1002,Bolt,,06/15/2026,-$50.00,(50.00)
,06/16/2026,Invoice,1003,Bolt,Voided - duplicate,07/16/2026,0.00,0.00
,06/17/2026,Sales Receipt,1004,Bolt,,,20.00,0.00
Total for Current,,,,,,,,-$50.00
TOTAL,,,,,,,,"$550.50"


"Tuesday, June 30, 2026 09:15 AM GMT+0"
"""
XERO = "*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,Total,*Description,LineAmount,TaxTotal,Currency,Type,Status,"
XERO += "InvoiceAmountPaid,InvoiceAmountDue"


def _read(folder: Path, text: str, *, name: str, profile: str, entity: str = "document") -> Fed:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return feed(path, profile=load_profile(profile), entity=entity, constants=GIVEN)


def _picked(fed: Fed, *columns: str) -> list[tuple[Any, ...]]:
    assert fed.faults == []
    return [tuple(row[column] for column in columns) for row in fed.accepted]


def _xero(folder: Path, rows: Sequence[str]) -> Fed:
    return _read(folder, "\n".join([XERO, *rows]), name="SalesInvoices.csv", profile="xero")


def test_t40_groups_and_their_totals_are_not_added(tmp_path: Path) -> None:
    fed = _read(tmp_path, AGEING, name="Example Inc._A_R Aging Detail.csv", profile="quickbooks")
    columns = ("document_type", "customer_id", "document_date", "due_date", "amount", "residual_amount")
    assert _picked(fed, *columns) == [
        ("invoice", "Acme", date(2026, 5, 1), date(2026, 5, 31), D("1200.50"), D("700.50")),
        ("opening_balance", "Acme", date(2026, 5, 2), date(2026, 5, 2), D("-300.00"), D("-100.00")),
        ("credit_note", "Bolt", date(2026, 6, 15), date(2026, 6, 15), D("50.00"), D("50.00")),
        ("invoice", "Bolt", date(2026, 6, 16), date(2026, 7, 16), D("0.00"), D("0.00")),
    ]


def test_t20_a_void_that_looks_like_a_live_row_is_cancelled(tmp_path: Path) -> None:
    fed = _read(tmp_path, AGEING, name="A_R Aging Detail.csv", profile="quickbooks")
    assert _picked(fed, "is_cancelled") == [(None,), (None,), (None,), (True,)]


def test_a_kind_of_transaction_that_is_not_known_is_set_aside(tmp_path: Path) -> None:
    text = AGEING.replace("Credit Memo", "Barter")
    fed = _read(tmp_path, text, name="Invoice List.csv", profile="quickbooks")
    assert fed.faults == [("bad_code", "document_type", "Barter")]


def test_a_report_without_the_customer_in_each_row_is_refused(tmp_path: Path) -> None:
    text = AGEING.replace(",Customer,", ",Class,")
    with pytest.raises(UnreadableFile, match="Customer"):
        _read(tmp_path, text, name="Invoice List.csv", profile="quickbooks")


def test_two_payments_without_a_number_are_two(tmp_path: Path) -> None:
    text = AGEING.replace("Payment,77,Acme,", "Payment,,Acme,").replace(
        "Invoice,1001,Acme,", "Payment,,Acme,"
    )
    fed = _read(tmp_path, text, name="Invoice List.csv", profile="quickbooks")
    assert len({row["document_id"] for row in fed.accepted}) == 4


@pytest.mark.parametrize(
    ("terms", "normal_form"),
    [("Net 30", "NET30"), ("Due on receipt", "NET0"), ("2% 10, Net 30", "2/10 NET30"), ("Net 15", "NET15")],
)
def test_the_terms_of_quickbooks_are_read(terms: str, normal_form: str) -> None:
    assert parse_terms(terms).normal_form == normal_form


def test_t32_the_total_of_an_invoice_is_that_of_each_of_its_lines(tmp_path: Path) -> None:
    fed = _xero(
        tmp_path,
        [
            "Acme,INV-1,01/05/2026,31/05/2026,120.00,Bolts,50.00,20.00,EUR,Sales invoice,Awaiting Payment,20.00,100.00",
            "Acme,INV-1,01/05/2026,31/05/2026,120.00,Nuts,50.00,20.00,EUR,Sales invoice,Awaiting Payment,20.00,100.00",
        ],
    )
    columns = ("document_id", "document_date", "amount", "residual_amount", "tax_amount", "currency")
    row = ("INV-1", date(2026, 5, 1), D("120.00"), D("100.00"), D("20.00"), "EUR")
    # equal rows under one key collapse when they are landed
    assert _picked(fed, *columns) == [row, row]


@pytest.mark.parametrize("status", ["Draft", "Submitted", "Deleted"])
def test_t20_an_invoice_that_nobody_owes_yet_is_left_out(tmp_path: Path, status: str) -> None:
    row = f"Acme,INV-1,01/05/2026,31/05/2026,120.00,Bolts,100.00,20.00,EUR,Sales invoice,{status},0.00,120.00"
    assert _picked(_xero(tmp_path, [row]), "document_id") == []


@pytest.mark.parametrize(
    ("status", "is_cancelled"), [("Awaiting Payment", None), ("Paid", None), ("Voided", True)]
)
def test_t20_a_voided_invoice_is_cancelled(tmp_path: Path, status: str, is_cancelled: bool | None) -> None:
    row = f"Acme,INV-1,01/05/2026,31/05/2026,120.00,Bolts,100.00,20.00,EUR,Sales invoice,{status},0.00,0.00"
    assert _picked(_xero(tmp_path, [row]), "is_cancelled") == [(is_cancelled,)]


def test_a_status_of_an_invoice_that_is_not_known_is_set_aside(tmp_path: Path) -> None:
    row = "Acme,INV-1,01/05/2026,31/05/2026,120.00,Bolts,100.00,20.00,EUR,Sales invoice,Repeating,0.00,120.00"
    assert _xero(tmp_path, [row]).faults == [("bad_boolean", "is_cancelled", "Repeating")]


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_credit_note_may_be_written_with_either_sign(tmp_path: Path, sign: str) -> None:
    rows = [
        f"Acme,CN-1,01/05/2026,,{sign}30.00,Bolts,25.00,5.00,EUR,Sales credit note,Paid,{sign}10.00,{sign}20.00",
        f"Acme,,02/05/2026,,{sign}7.00,,,,EUR,Sales overpayment,Awaiting Payment,0.00,{sign}7.00",
    ]
    assert _picked(_xero(tmp_path, rows), "document_type", "amount", "residual_amount") == [
        ("credit_note", D("30.00"), D("20.00")),
        ("opening_balance", D("-7.00"), D("-7.00")),
    ]
