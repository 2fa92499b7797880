"""ERPNext's tables, of both versions and on both engines, become documents, receipts and settlements.

Belongs here: what the queries of the profile make of documents. Must not: what the columns of a list mean
(tests/ingest/test_erpnext.py), what becomes of it in the warehouse (tests/integration/test_dialects.py).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.extraction import Pulled, Query
from ingest.profiles import load_profile
from tests.ingest.tables import Fed, feed
from tests.kit.erpnext import CUSTOMER, EXCHANGE_ACCOUNT, Erpnext
from tests.kit.mariadb import Server, needs_mariadb
from tests.kit.pulls import pulled

D = Decimal
PROFILE = load_profile("erpnext_db")
QUERIES = tuple(Query(name, table.sql) for name, table in PROFILE.tables.items() if table.sql is not None)
VERSIONS = (14, 15)

Read = Callable[[Erpnext, str], Fed]


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=needs_mariadb)])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Read:
    """What an entity gets from a database."""

    done: list[Pulled] = []

    def on_engine(erpnext: Erpnext, entity: str) -> Fed:
        if not done:
            if request.param == "sqlite":
                dsn = erpnext.on_sqlite(tmp_path / "erpnext.db")
            else:
                dsn = erpnext.on_mariadb(request.getfixturevalue("maria"))
            done.append(pulled(dsn, *QUERIES, folder=tmp_path / "pulls"))
        return fed_by(done[0], entity)

    return on_engine


def fed_by(done: Pulled, entity: str) -> Fed:
    feds = [
        feed(done.folder / f"{name}.parquet", profile=PROFILE, entity=entity)
        for name, table in PROFILE.tables.items()
        if entity in table.entities
    ]
    return Fed([row for fed in feds for row in fed.accepted], [row for fed in feds for row in fed.rejected])


def picked(fed: Fed, *columns: str) -> list[tuple[Any, ...]]:
    assert fed.faults == []
    return sorted((tuple(row[column] for column in columns) for row in fed.accepted), key=str)


def test_every_query_reads_what_the_list_of_its_name_has() -> None:
    lists = load_profile("erpnext")
    assert PROFILE.tables.keys() == lists.tables.keys()
    for name, table in PROFILE.tables.items():
        assert (table.fields, table.feeds) == (lists.tables[name].fields, lists.tables[name].feeds)
        assert table.files == (name,)
        assert table.incremental is None


@pytest.mark.parametrize("version", VERSIONS)
def test_a_customer_may_be_called_like_the_total_row_of_a_list(read: Read, version: int) -> None:
    erpnext = Erpnext(version, {"tabCustomer": ("company",)})
    erpnext.customer(company="Example", is_frozen=1, payment_terms="30 Days", mobile_no="0049")
    erpnext.customer("Total", company="Example", customer_type="Individual", disabled=1)
    columns = ("company_code", "customer_id", "customer_type", "status", "payment_terms", "onboarded_on")
    assert picked(read(erpnext, "customer"), *columns) == [
        ("Example", "C1", "enterprise", "hold", "30 Days", date(2025, 3, 31)),
        ("Example", "Total", "individual", "closed", None, date(2025, 3, 31)),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_fields_of_a_companys_own_are_found_under_the_name_that_each_version_gives_them(
    read: Read, version: int
) -> None:
    own = {
        "tabCustomer": ("company", "deal_nature", "in_litigation"),
        "tabSales Invoice": ("accepted_on", "receivable_kind"),
        "tabPayment Schedule": ("is_retention",),
        "tabPayment Entry": ("bank_status", "bank_status_date"),
        "tabPayment Entry Reference": ("reason",),
        "tabJournal Entry Account": ("settlement_kind",),
        "tabCurrency Exchange": ("rate_type",),
    }
    erpnext = Erpnext(version, own)
    erpnext.customer(company="Example", deal_nature="Project", in_litigation="1")
    erpnext.invoice("SINV-1", 100, accepted_on="2026-01-12", receivable_kind="Interest")
    schedule = ("tabPayment Schedule", "SINV-1", "Sales Invoice")
    erpnext.line(*schedule, due_date="2026-03-01", payment_amount=100, is_retention="1")
    erpnext.payment(
        "PE-1", 10, ("Sales Invoice", "SINV-1", 10), bank_status="Bounced", bank_status_date="2026-02-03"
    )
    erpnext.rows["tabPayment Entry Reference"].clear()
    reference = {"reference_doctype": "Sales Invoice", "reference_name": "SINV-1", "allocated_amount": 10}
    erpnext.line("tabPayment Entry Reference", "PE-1", "Payment Entry", reason="agreed", **reference)
    erpnext.entry("JV-1", (-5, "Sales Invoice", "SINV-1"))
    kind = "custom_settlement_kind" if version >= 15 else "settlement_kind"
    erpnext.rows["tabJournal Entry Account"][0][kind] = "Discount"
    rate = {"from_currency": "USD", "to_currency": "EUR", "exchange_rate": 0.8, "date": "2026-01-01"}
    erpnext.add("tabCurrency Exchange", name="r", rate_type="Average", **rate)
    assert picked(read(erpnext, "customer"), "deal_nature", "status") == [("project", "legal")]
    assert picked(read(erpnext, "document"), "accepted_on", "document_type") == [
        (date(2026, 1, 12), "interest")
    ]
    assert picked(read(erpnext, "instalment"), "kind") == [("retention",)]
    assert picked(read(erpnext, "receipt"), "status", "status_date") == [("bounced", date(2026, 2, 3))]
    assert picked(read(erpnext, "allocation"), "from_kind", "reason") == [
        ("discount", "remark of JV-1"),
        ("receipt", "agreed"),
    ]
    assert picked(read(erpnext, "fx_rate"), "rate_type", "rate") == [("average", D("0.8"))]


@pytest.mark.parametrize("version", VERSIONS)
def test_t20_drafts_are_not_there_and_what_is_cancelled_is_void(read: Read, version: int) -> None:
    erpnext = Erpnext(version)
    for number, docstatus in enumerate((0, 1, 2)):
        erpnext.invoice(f"SINV-{number}", 119.5, docstatus=docstatus)
        erpnext.line(
            "tabPayment Schedule",
            f"SINV-{number}",
            "Sales Invoice",
            due_date="2026-02-09",
            payment_amount=119.5,
        )
        erpnext.payment(f"PE-{number}", 50, ("Sales Invoice", "SINV-1", 50), docstatus=docstatus)
        erpnext.line(
            "tabPayment Entry Deduction",
            f"PE-{number}",
            "Payment Entry",
            account="Bank Charges - E",
            amount=2,
        )
        erpnext.entry(f"JV-{number}", (20, "", ""), (-5, "Sales Invoice", "SINV-1"), docstatus=docstatus)
    assert picked(read(erpnext, "document"), "document_id", "amount", "is_cancelled") == [
        ("JV-1", D("20.00"), None),
        ("SINV-1", D("119.50"), None),
        ("SINV-2", D("119.50"), True),
    ]
    assert picked(read(erpnext, "instalment"), "document_id") == [("SINV-1",), ("SINV-2",)]
    assert picked(read(erpnext, "receipt"), "receipt_id", "status") == [("PE-1", None), ("PE-2", "cancelled")]
    assert picked(read(erpnext, "allocation"), "from_kind", "from_id", "amount") == [
        ("offset", None, D("5.00")),
        ("receipt", "PE-1", D("50.00")),
        ("write_off", None, D("2.00")),
    ]


def test_t19_a_return_settles_what_it_names_unless_it_stays_open(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.invoice("SINV-2", -30, return_against="SINV-1")
    erpnext.invoice("SINV-3", -7, return_against="SINV-1", update_outstanding_for_self=1)
    # what it gives back is due at once, in a line that is no instalment
    erpnext.line("tabPayment Schedule", "SINV-2", "Sales Invoice", due_date="2026-01-10", payment_amount=-30)
    assert picked(read(erpnext, "document"), "document_id", "document_type", "amount") == [
        ("SINV-2", "credit_note", D("30.00")),
        ("SINV-3", "credit_note", D("7.00")),
    ]
    assert picked(read(erpnext, "allocation"), "from_id", "to_id", "amount") == [
        ("SINV-2", "SINV-1", D("30.00"))
    ]
    assert picked(read(erpnext, "instalment")) == []


def test_what_version_14_does_not_have_is_empty(read: Read) -> None:
    erpnext = Erpnext(14)
    erpnext.invoice("SINV-2", -30, return_against="SINV-1")
    erpnext.payment("PE-1", 100, ("Sales Invoice", "SINV-1", 100))
    assert picked(read(erpnext, "allocation"), "from_id", "allocated_on") == [
        ("PE-1", date(2026, 2, 1)),
        ("SINV-2", date(2026, 1, 10)),
    ]


def test_a_reconciliation_counts_from_the_day_that_version_15_notes(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.payment("PE-1", 100, ("Sales Invoice", "SINV-1", 100))
    erpnext.rows["tabPayment Entry Reference"][0]["reconcile_effect_on"] = "2026-03-05"
    assert picked(read(erpnext, "allocation"), "allocated_on") == [(date(2026, 3, 5),)]


def test_t12_an_invoice_of_several_due_dates(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.invoice("SINV-1", 100.01)
    for due, amount in (("2026-03-01", 30.01), ("2026-04-01", 70)):
        erpnext.line("tabPayment Schedule", "SINV-1", "Sales Invoice", due_date=due, payment_amount=amount)
    # of an order of the same name
    erpnext.line("tabPayment Schedule", "SINV-1", "Sales Order", due_date="2026-03-01", payment_amount=9)
    assert picked(read(erpnext, "instalment"), "document_id", "instalment_no", "due_date", "amount") == [
        ("SINV-1", 1, date(2026, 3, 1), D("30.01")),
        ("SINV-1", 2, date(2026, 4, 1), D("70.00")),
    ]


def test_an_invoice_says_its_order_and_who_sold_it(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.invoice("SINV-1", 100, sales_partner="Partner", amended_from="SINV-0", is_opening="Yes")
    for order in ("SO-2", "SO-1", None):
        erpnext.line("tabSales Invoice Item", "SINV-1", "Sales Invoice", sales_order=order)
    for person in ("Kim", "Sam"):
        erpnext.line("tabSales Team", "SINV-1", "Sales Invoice", sales_person=person)
    erpnext.invoice("SINV-2", 100, sales_partner="Partner", is_debit_note=1)
    columns = ("document_id", "document_type", "sales_order", "salesperson", "replaces_document_id")
    assert picked(read(erpnext, "document"), *columns) == [
        ("SINV-1", "opening_balance", "SO-1", "Kim", "SINV-0"),
        ("SINV-2", "debit_note", None, "Partner", None),
    ]


def test_a_rounded_total_is_what_is_owed(read: Read) -> None:
    erpnext = Erpnext()
    rounded = {"rounded_total": 119.5, "base_grand_total": 107.58, "base_rounded_total": 107.55}
    erpnext.invoice("SINV-1", 119.53, currency="USD", **rounded)
    assert picked(read(erpnext, "document"), "amount", "functional_amount") == [(D("119.50"), D("107.55"))]


def test_t32_a_payment_settles_invoices_and_keeps_what_is_for_an_order(read: Read) -> None:
    erpnext = Erpnext()
    settled = (("Sales Invoice", "SINV-1", 100), ("Sales Invoice", "SINV-2", 50), ("Sales Order", "SO-1", 20))
    erpnext.payment("PE-1", 170, *settled)
    # an invoice that was cancelled, and a payment of nothing yet
    erpnext.payment("PE-2", 10, ("Sales Invoice", "SINV-3", 0))
    erpnext.payment("PE-3", 5)
    receipts = set(picked(read(erpnext, "receipt"), "receipt_id", "amount"))
    assert receipts == {("PE-1", D("170.00")), ("PE-2", D("10.00")), ("PE-3", D("5.00"))}
    assert picked(read(erpnext, "allocation"), "from_id", "to_id", "amount") == [
        ("PE-1", "SINV-1", D("100.00")),
        ("PE-1", "SINV-2", D("50.00")),
    ]


def test_payments_of_others_and_between_accounts_are_not_read(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.payment("PE-1", 10, party_type="Supplier", payment_type="Pay")
    erpnext.payment("PE-2", 10, party_type=None, payment_type="Internal Transfer")
    erpnext.payment("PE-3", 10, party_type="Employee")
    erpnext.line("tabPayment Entry Deduction", "PE-1", "Payment Entry", account="Charges", amount=1)
    assert picked(read(erpnext, "receipt")) == picked(read(erpnext, "allocation")) == []


def test_a_refund_is_what_the_account_of_the_customer_receives(read: Read) -> None:
    erpnext = Erpnext()
    amounts = {"paid_amount": 30, "received_amount": 33, "base_paid_amount": 30, "base_received_amount": 30}
    currencies = {"paid_from_account_currency": "EUR", "paid_to_account_currency": "USD"}
    accounts = {"paid_from": "Bank - E", "paid_to": "Debtors USD - E"}
    settled = ("Sales Invoice", "SINV-2", -33.0)
    erpnext.payment("PE-1", 30, settled, **{"payment_type": "Pay", **amounts, **currencies, **accounts})
    assert picked(read(erpnext, "receipt"), "amount", "currency", "functional_amount", "control_account") == [
        (D("-33.00"), "USD", D("-30.00"), "Debtors USD - E")
    ]
    assert picked(read(erpnext, "allocation"), "from_kind", "from_id", "to_kind", "to_id", "amount") == [
        ("credit_note", "SINV-2", "refund", "PE-1", D("33.00"))
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_t29_exchange_differences_are_no_settlements(read: Read, version: int) -> None:
    erpnext = Erpnext(version)
    erpnext.payment("PE-1", 100)
    deduction = ("tabPayment Entry Deduction", "PE-1", "Payment Entry")
    erpnext.line(*deduction, account=EXCHANGE_ACCOUNT, amount=3)
    erpnext.line(*deduction, account="Bank Charges - E", amount=2)
    if version >= 15:
        erpnext.line(*deduction, account="Other - E", amount=4, is_exchange_gain_loss=1)
    erpnext.entry("JV-1", (-2, "Sales Invoice", "SINV-1"), (3, "", ""), kind="Exchange Gain Or Loss")
    assert picked(read(erpnext, "allocation"), "from_kind", "to_kind", "to_id", "amount", "reason") == [
        ("write_off", "receipt", "PE-1", D("2.00"), "Bank Charges - E")
    ]
    assert picked(read(erpnext, "document")) == []


def test_a_company_without_an_account_for_exchange_differences_has_none(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.rows["tabCompany"][0]["exchange_gain_loss_account"] = None
    erpnext.payment("PE-1", 100)
    erpnext.line("tabPayment Entry Deduction", "PE-1", "Payment Entry", account="Bank Charges - E", amount=2)
    assert picked(read(erpnext, "allocation"), "amount") == [(D("2.00"),)]


def test_t21_every_line_of_a_customer_settles_or_is_an_item(read: Read) -> None:
    erpnext = Erpnext()
    erpnext.entry("JV-1", (-10, "Sales Invoice", "SINV-1"), kind="Write Off Entry")
    erpnext.entry("JV-2", (-11, "Payment Entry", "PE-1"))
    erpnext.entry("JV-3", (12, "", ""), kind="Opening Entry")
    # an advance for an order, and money given back for a credit note
    erpnext.entry("JV-4", (-13, "Sales Order", "SO-1"))
    erpnext.entry("JV-5", (14, "Sales Invoice", "SINV-2"))
    assert picked(read(erpnext, "allocation"), "from_kind", "to_kind", "to_id", "amount", "reason") == [
        ("offset", "receipt", "PE-1", D("11.00"), "remark of JV-2"),
        ("write_off", "document", "SINV-1", D("10.00"), "remark of JV-1"),
    ]
    assert picked(read(erpnext, "document"), "document_id", "document_type", "amount", "customer_id") == [
        ("JV-3", "opening_balance", D("12.00"), CUSTOMER),
        ("JV-4", "credit_note", D("13.00"), CUSTOMER),
        ("JV-5", "invoice", D("14.00"), CUSTOMER),
    ]


def test_a_rate_is_read_as_it_was_entered(read: Read) -> None:
    erpnext = Erpnext()
    rate = {"from_currency": "USD", "to_currency": "EUR", "exchange_rate": 0.921658987}
    erpnext.add("tabCurrency Exchange", name="r", date="2026-01-01", **rate)
    assert picked(read(erpnext, "fx_rate"), "from_currency", "rate", "rate_type") == [
        ("USD", D("0.921658987"), "closing")
    ]


@needs_mariadb
def test_a_day_that_is_no_day_is_none(maria: Server, tmp_path: Path) -> None:
    erpnext = Erpnext()
    erpnext.payment("PE-1", 10, clearance_date="0000-00-00")
    # as an old version wrote it
    maria.run(None, "set global sql_mode = ''")
    try:
        done = pulled(erpnext.on_mariadb(maria), *QUERIES, folder=tmp_path)
    finally:
        maria.run(None, "set global sql_mode = default")
    assert picked(fed_by(done, "receipt"), "receipt_id", "cleared_on") == [("PE-1", None)]
