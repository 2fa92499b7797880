"""Odoo's tables, of every version and on both engines, become documents, receipts and settlements.

Belongs here: what the queries of the profile make of entries. Must not: what becomes of it in the warehouse
(tests/integration/test_dialects.py).
"""

import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.extraction import Pulled, Query
from ingest.profiles import load_profile
from ingest.simulator.dialects.odoo import ODOO, TABLES
from ingest.terms import parse_terms
from tests.ingest.tables import Fed, feed
from tests.kit.odoo import USD, Odoo, columns_of, fill_database
from tests.kit.postgresql import Server, needs_postgresql
from tests.kit.pulls import pulled, rows_of

D = Decimal
PROFILE = load_profile("odoo")
QUERIES = tuple(Query(name, table.sql) for name, table in PROFILE.tables.items() if table.sql is not None)
VERSIONS = (14, 15, 16, 17, 18)

Read = Callable[[Odoo, str], Fed]


@pytest.fixture(scope="module")
def database(server: Server) -> str:
    """One for all tests, for to make one takes seconds."""
    return server.new_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgresql)])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Read:
    """What an entity gets from a database."""

    done: list[Pulled] = []

    def on_engine(odoo: Odoo, entity: str) -> Fed:
        if not done:
            if request.param == "sqlite":
                dsn = odoo.on_sqlite(tmp_path / "odoo.db")
            else:
                server = request.getfixturevalue("server")
                dsn = odoo.on_postgresql(server, database=request.getfixturevalue("database"))
            done.append(pulled(dsn, *QUERIES, folder=tmp_path / "pulls"))
        return fed_by(done[0], entity)

    return on_engine


def fed_by(done: Pulled, entity: str) -> Fed:
    (table,) = (
        name for name, table in PROFILE.tables.items() if entity in {one.entity for one in table.feeds}
    )
    return feed(done.folder / f"{table}.parquet", profile=PROFILE, entity=entity)


def picked(fed: Fed, *columns: str) -> list[tuple[Any, ...]]:
    assert fed.faults == []
    return sorted(tuple(row[column] for column in columns) for row in fed.accepted)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_names_accounts_and_terms_in_its_own_way(read: Read, version: int) -> None:
    odoo = Odoo(version)
    odoo.invoice("INV/1", 100.10, invoice_payment_term_id=odoo.term("30 Days"), invoice_date_due="2026-02-09")
    columns = ("company_code", "customer_id", "payment_terms", "control_account", "amount", "due_date")
    expected = ("Example", "C1", "30 Days", "4001", D("100.10"), date(2026, 2, 9))
    assert picked(read(odoo, "document"), *columns) == [expected]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_write_off_is_told_in_every_version(read: Read, version: int) -> None:
    odoo = Odoo(version)
    invoice = odoo.invoice("INV/1", 100)
    entry = odoo.move("MISC/1", ("receivable", -100), ("expense", 100), reconciled=True)
    odoo.match(invoice, entry[0], 100)
    assert picked(read(odoo, "allocation"), "from_kind", "to_id") == [("write_off", "INV/1")]


@pytest.mark.parametrize(
    ("term", "normal_form"),
    [
        ("Immediate Payment", "NET0"),
        ("15 Days", "NET15"),
        ("2 Months", "2M"),
        ("End of Following Month", "EOM+1M"),
        ("10 Days after End of Next Month", "EOM+1M+10"),
        ("2/7 Net 30", "2/7 NET30"),
    ],
)
def test_the_terms_that_odoo_brings_along_are_read(tmp_path: Path, term: str, normal_form: str) -> None:
    odoo = Odoo()
    odoo.invoice("INV/1", 100, invoice_payment_term_id=odoo.term(term))
    done = pulled(odoo.on_sqlite(tmp_path / "odoo.db"), *QUERIES, folder=tmp_path / "pulls")
    ((told,),) = picked(fed_by(done, "document"), "payment_terms")
    assert parse_terms(told).normal_form == normal_form


@pytest.mark.parametrize(
    ("version", "line", "numbers"),
    [
        (14, {"option": "day_after_invoice_date", "days": 30, "day_of_the_month": 15}, (30, 15, None, None, None)),
        (15, {"option": "after_invoice_month", "days": 10, "day_of_the_month": 0}, (None, 31, None, None, 10)),
        (16, {"months": 1, "days": 5, "end_month": False, "days_after": 0}, (None, None, 1, None, 5)),
        (16, {"months": 0, "days": 45, "end_month": True, "days_after": 3}, (45, 31, 0, None, 3)),
        (17, {"delay_type": "days_end_of_month_on_the", "nb_days": 30, "days_next_month": "10"},
         (30, None, 1, 10, None)),
        (18, {"delay_type": "days_end_of_month_on_the", "nb_days": 30, "days_next_month": "0"},
         (30, 31, None, None, None)),
    ],
)  # fmt: skip
def test_the_lines_of_terms_are_read_in_every_version(
    read: Read, version: int, line: dict[str, Any], numbers: tuple[int | None, ...]
) -> None:
    odoo = Odoo(version)
    discount = {"discount_percentage": 2.5, "discount_days": 7}
    early = {"early_discount": True, **discount} if version >= 17 else {}
    on_line = {"value": "percent", "value_amount": 33.333333, **line, **(discount if version == 16 else {})}
    odoo.term("30 Days", on_line, company_id=1, **early)
    odoo.term("Own", {**line, "value": "fixed", "value_amount": 10}, company_id=1)
    columns = ("company_code", "payment_terms", "days_before", "cutoff_day", "months_after", "day_of_month")
    found = picked(read(odoo, "payment_term"), *columns, "days_after", "share", "discount_rate", "question")
    rate = D("0.025") if version >= 16 else None
    assert found == [
        ("Example", "30 Days", *numbers, D("0.333333"), rate, None),
        ("Example", "Own", *numbers, None, None, None),
    ]


def test_t20_drafts_are_not_there_and_a_cancelled_invoice_is_void(read: Read) -> None:
    odoo = Odoo()
    odoo.invoice("INV/1", 100)
    odoo.invoice("INV/2", 200, state="cancel")
    odoo.invoice("/", 300, state="cancel")
    odoo.invoice("INV/3", 400, state="draft")
    odoo.move("BNK/1", ("receivable", -50), ("bank", 50), journal="bank", state="cancel")
    assert picked(read(odoo, "document"), "document_id", "is_cancelled") == [("INV/1", None), ("INV/2", True)]


def test_t20_a_cancelled_payment_is_no_receipt(read: Read) -> None:
    odoo = Odoo()
    odoo.move("BNK/1", ("receivable", -50), ("bank", 50), journal="bank", state="cancel")
    odoo.move("BNK/2", ("receivable", -60), ("bank", 60), journal="bank", state="draft")
    odoo.move("BNK/3", ("receivable", -70), ("bank", 70), journal="bank")
    assert picked(read(odoo, "receipt"), "receipt_id", "amount") == [("BNK/3", D("70.00"))]


def test_the_type_gives_the_sign_of_a_document(read: Read) -> None:
    odoo = Odoo()
    odoo.invoice("INV/1", 100)
    odoo.invoice("RINV/1", -30)
    odoo.move("MISC/1", ("receivable", 20), ("income", -20))
    odoo.move("MISC/2", ("receivable", -5), ("other", 5))
    odoo.move("MISC/3", ("receivable", 0), ("income", 0), currency=USD, functional=(7.5, -7.5))
    assert picked(read(odoo, "document"), "document_id", "document_type", "amount", "functional_amount") == [
        ("INV/1", "invoice", D("100.00"), None),
        ("MISC/1", "debit_note", D("20.00"), None),
        ("MISC/2", "credit_note", D("5.00"), None),
        ("MISC/3", "debit_note", D("0.00"), D("7.50")),
        ("RINV/1", "credit_note", D("30.00"), None),
    ]


def test_t12_the_receivable_lines_of_an_invoice_are_its_instalments(read: Read) -> None:
    odoo = Odoo()
    lines = odoo.move(
        *(
            "INV/1",
            ("receivable", 70, "2026-04-01"),
            ("receivable", 30.01, "2026-03-01"),
            ("income", -100.01),
        ),
        move_type="out_invoice",
        journal="sale",
        invoice_date="2026-01-10",
    )
    paid = odoo.move("BNK/1", ("receivable", -30.01), ("bank", 30.01), journal="bank")
    odoo.match(lines[1], paid[0], 30.01)
    assert picked(read(odoo, "document"), "document_id", "amount") == [("INV/1", D("100.01"))]
    assert picked(read(odoo, "instalment"), "instalment_no", "due_date", "amount") == [
        (1, date(2026, 3, 1), D("30.01")),
        (2, date(2026, 4, 1), D("70.00")),
    ]
    assert picked(read(odoo, "allocation"), "to_id", "to_instalment_no") == [("INV/1", 1)]


def test_the_lines_of_another_entry_are_items_of_their_own(read: Read) -> None:
    odoo = Odoo()
    odoo.move("OPEN/1", ("receivable", 20), ("receivable", 30), ("other", -50))
    ids = picked(read(odoo, "document"), "document_id", "amount")
    assert ids == [("OPEN/1-1", D("20.00")), ("OPEN/1-2", D("30.00"))]


def test_t04_a_reconciliation_counts_from_the_later_accounting_date(read: Read) -> None:
    odoo = Odoo()
    invoice = odoo.invoice("INV/1", 100)
    paid = odoo.move("BNK/1", ("receivable", -100), ("bank", 100), journal="bank", day="2026-02-01")
    odoo.match(invoice, paid[0], 100, day="2026-02-01")
    assert picked(read(odoo, "allocation"), "from_kind", "from_id", "to_id", "allocated_on", "amount") == [
        ("receipt", "BNK/1", "INV/1", date(2026, 2, 1), D("100.00"))
    ]


def test_a_payment_in_another_currency_says_what_it_used(read: Read) -> None:
    odoo = Odoo()
    invoice = odoo.invoice("INV/1", 100)
    paid = odoo.move(
        "BNK/1", ("receivable", -108), ("bank", 108), journal="bank", currency=USD, functional=(-100, 100)
    )
    odoo.match(invoice, paid[0], 100, used=108)
    assert picked(read(odoo, "allocation"), "amount", "from_amount") == [(D("100.00"), D("108.00"))]


def test_t22_a_difference_written_off_with_the_payment_is_no_money(read: Read) -> None:
    # two invoices of 600 and 400 closed by 980, the rest to the account for early payment discounts
    odoo = Odoo()
    first, second = odoo.invoice("INV/1", 600), odoo.invoice("INV/2", 400)
    paid = odoo.move("BNK/1", ("receivable", -1000), ("bank", 980), ("discount", 20), journal="bank")
    odoo.match(first, paid[0], 600)
    odoo.match(second, paid[0], 400)
    assert picked(read(odoo, "receipt"), "receipt_id", "amount") == [("BNK/1", D("980.00"))]
    assert picked(read(odoo, "allocation"), "allocation_id", "from_kind", "from_id", "to_id", "amount") == [
        ("1", "receipt", "BNK/1", "INV/1", D("600.00")),
        ("2", "receipt", "BNK/1", "INV/2", D("380.00")),
        ("2-discount", "discount", None, "INV/2", D("20.00")),
    ]


def test_t21_what_is_credited_against_a_cost_or_a_debt_is_no_credit_note(read: Read) -> None:
    odoo = Odoo()
    for number, account in enumerate(("discount", "expense", "payable"), start=1):
        invoice = odoo.invoice(f"INV/{number}", 10)
        entry = odoo.move(
            f"MISC/{number}", ("receivable", -10), (account, 10), reconciled=True, ref=f"because {number}"
        )
        odoo.match(invoice, entry[0], 10)
    assert picked(read(odoo, "allocation"), "to_id", "from_kind", "from_id") == [
        ("INV/1", "discount", None),
        ("INV/2", "write_off", None),
        ("INV/3", "offset", "because 3"),
    ]
    assert picked(read(odoo, "document"), "document_id") == [("INV/1",), ("INV/2",), ("INV/3",)]


def test_a_credit_against_a_cost_that_nothing_uses_yet_is_open(read: Read) -> None:
    odoo = Odoo()
    odoo.move("MISC/1", ("receivable", -10), ("expense", 10))
    assert picked(read(odoo, "document"), "document_id", "document_type") == [("MISC/1", "credit_note")]


def test_t29_an_exchange_difference_is_neither_a_document_nor_a_settlement(read: Read) -> None:
    odoo = Odoo()
    invoice = odoo.invoice("INV/1", 110, currency=USD, functional=(100, -100))
    paid = odoo.move(
        "BNK/1", ("receivable", -110), ("bank", 110), journal="bank", currency=USD, functional=(-98, 98)
    )
    exchange = odoo.move(
        "EXCH/1", ("receivable", 0), ("expense", 0), journal="exchange", currency=USD, functional=(-2, 2)
    )
    odoo.match(invoice, paid[0], 110)
    odoo.match(invoice, exchange[0], 0)
    assert picked(read(odoo, "document"), "document_id", "functional_amount") == [("INV/1", D("100.00"))]
    assert picked(read(odoo, "allocation"), "from_id", "amount") == [("BNK/1", D("110.00"))]


def test_a_refund_is_a_negative_receipt_and_settles_a_credit_note(read: Read) -> None:
    odoo = Odoo()
    note = odoo.invoice("RINV/1", -40)
    refund = odoo.move("BNK/1", ("receivable", 40), ("bank", -40), journal="bank")
    odoo.match(refund[0], note, 40)
    assert picked(read(odoo, "receipt"), "receipt_id", "amount") == [("BNK/1", D("-40.00"))]
    assert picked(read(odoo, "allocation"), "from_kind", "from_id", "to_kind", "to_id") == [
        ("credit_note", "RINV/1", "refund", "BNK/1")
    ]


def test_a_contact_is_its_company_and_no_customer_of_its_own(read: Read) -> None:
    odoo = Odoo()
    odoo.rows["res_partner"][1]["company_id"] = 1
    odoo.invoice("INV/1", 100)
    assert picked(read(odoo, "customer"), "company_code", "customer_id", "name", "status") == [
        ("Example", "C1", "Customer", "active")
    ]


def test_a_rate_is_turned_round(read: Read) -> None:
    odoo = Odoo()
    odoo.rows["res_currency_rate"].append({"id": 1, "name": "2026-01-01", "currency_id": USD, "rate": 1.25})
    assert picked(read(odoo, "fx_rate"), "from_currency", "to_currency", "rate") == [("USD", "EUR", D("0.8"))]


@needs_postgresql
def test_the_demo_company_reads_the_same_on_postgresql(server: Server, database: str, tmp_path: Path) -> None:
    file = tmp_path / "odoo.db"
    ODOO.write_database(demo_state(), file)
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    tables = {t: [dict(row) for row in connection.execute(f'select * from "{t}"')] for t in TABLES}
    connection.close()
    typed = {}
    for table, rows in tables.items():
        known = columns_of(table, version=17)
        typed[table] = {name: known.get(name, "varchar") for name in rows[0]}
    dsn = fill_database(server, tables, database=database, typed=typed)
    ours = pulled(f"sqlite://{file}", *QUERIES, folder=tmp_path / "sqlite")
    theirs = pulled(dsn, *QUERIES, folder=tmp_path / "postgresql")
    for query in QUERIES:
        assert rows_of(ours, query.name)
        assert sorted(rows_of(theirs, query.name), key=str) == sorted(rows_of(ours, query.name), key=str)


def demo_state() -> dict[str, dict[tuple[str, ...], dict[str, str]]]:
    """A few rows of every entity that Odoo carries, in the shape of the contract."""
    from ingest.contract import load_contract

    given = {
        "customer": [{"customer_id": "C1", "name": "Kunde", "customer_type": "enterprise", "status": "active",
                      "sales_owner": "Sam"}],
        "document": [
            {"document_id": f"D{n}", "document_type": kind, "customer_id": "C1", "document_date": f"2026-01-0{n}",
             "currency": currency, "amount": amount, "functional_amount": functional, "control_account": "1122",
             "payment_terms": "NET30"}
            for n, (kind, currency, amount, functional) in enumerate(
                [("invoice", "CNY", "100.10", ""), ("credit_note", "CNY", "7.35", ""),
                 ("invoice", "USD", "33.33", "241.07"),
                 ("opening_balance", "CNY", "-5.00", "")], start=1)
        ],
        "instalment": [
            {"document_id": "D1", "instalment_no": str(n), "due_date": f"2026-0{n + 1}-01", "amount": amount}
            for n, amount in ((1, "60.00"), (2, "40.10"))
        ],
        "receipt": [
            {"receipt_id": "R1", "customer_id": "C1", "receipt_date": "2026-02-01", "currency": "CNY",
             "amount": "50.00", "bank_account": "DE1"},
        ],
        "allocation": [
            {"allocation_id": "A1", "from_kind": "receipt", "from_id": "R1", "to_kind": "document", "to_id": "D1",
             "to_instalment_no": "1", "allocated_on": "2026-02-01", "amount": "50.00"},
            {"allocation_id": "A2", "from_kind": "write_off", "to_kind": "document", "to_id": "D1",
             "allocated_on": "2026-03-01", "amount": "0.10", "reason": "rounding"},
        ],
        "fx_rate": [{"rate_date": "2026-01-01", "from_currency": "USD", "to_currency": "CNY", "rate": "7.2345",
                     "rate_type": "closing"}],
    }  # fmt: skip
    state: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for name, rows in given.items():
        entity = load_contract().entity(name)
        full = [
            {column: {"company_code": "CO", **row}.get(column, "") for column in entity.columns}
            for row in rows
        ]
        state[name] = {tuple(row[column] for column in entity.key): row for row in full}
    return state
