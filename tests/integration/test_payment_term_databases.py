"""Masters of payment terms in the databases of Odoo and Tryton.

Belongs here: every way of counting of each version, with the due date of a document without one, worked by hand. Must
not: rules in the shape of the contract (test_payment_term_masters.py), exported masters (test_payment_term_exports.py).
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from ingest.extraction import Query, pull
from ingest.profiles import load_profile
from tests.kit import Warehouse, ledger
from tests.kit.installation import dated_source, write_settings
from tests.kit.odoo import Odoo
from tests.kit.payment_terms import Case, asked, due_dates, expected
from tests.kit.pulls import Clock

DAY = "2026-06-30"


# ---------------------------------------------------------------------------------------------- Odoo

ODOO: Mapping[int, tuple[Case, ...]] = {
    14: (
        Case("a", ({"option": "day_after_invoice_date", "days": 30},), "2026-01-30", "2026-03-01"),
        # 10 January + 30 is 9 February, and the 15th after it; + 40 is the 19th, so the 15th of March
        Case("b", ({"option": "day_after_invoice_date", "days": 30, "day_of_the_month": 15},),
             "2026-01-10", "2026-02-15"),
        Case("c", ({"option": "day_after_invoice_date", "days": 40, "day_of_the_month": 15},),
             "2026-01-10", "2026-03-15"),
        Case("d", ({"option": "after_invoice_month", "days": 10},), "2026-01-10", "2026-02-10"),
        Case("e", ({"option": "day_following_month", "days": 31},), "2026-01-31", "2026-02-28"),
        Case("f", ({"option": "day_current_month", "days": 20},), "2026-01-10", "2026-01-20"),
        Case("g", ({"value": "percent", "value_amount": 30, "option": "day_after_invoice_date", "days": 0},
                   {"option": "day_after_invoice_date", "days": 60}), "2026-01-10", None),
    ),
    16: (
        Case("a", ({"months": 1, "days": 10, "end_month": False, "days_after": 0},), "2026-01-31", "2026-03-10"),
        Case("b", ({"months": 0, "days": 45, "end_month": True, "days_after": 5},), "2026-01-10", "2026-03-05"),
        Case("c", ({"months": 1, "days": 0, "end_month": True, "days_after": 0},), "2026-01-31", "2026-02-28"),
        Case("d", ({"months": 1, "days": 10, "end_month": True, "days_after": 0},), "2026-01-10", None),
    ),
    17: (
        Case("a", ({"delay_type": "days_after", "nb_days": 30},), "2026-01-30", "2026-03-01"),
        Case("b", ({"delay_type": "days_after_end_of_month", "nb_days": 15},), "2026-02-03", "2026-03-15"),
        Case("c", ({"delay_type": "days_after_end_of_next_month", "nb_days": 10},), "2026-01-31", "2026-03-10"),
        # 10 January + 30 is 9 February: the 10th of March
        Case("d", ({"delay_type": "days_end_of_month_on_the", "nb_days": 30, "days_next_month": "10"},),
             "2026-01-10", "2026-03-10"),
        Case("e", ({"delay_type": "days_end_of_month_on_the", "nb_days": 45, "days_next_month": "0"},),
             "2026-01-10", "2026-02-28"),
        Case("f", ({"value_amount": 50, "delay_type": "days_after", "nb_days": 0},
                   {"value_amount": 50, "delay_type": "days_after", "nb_days": 30}), "2026-01-10", None),
        Case("g", ({"delay_type": "weeks_after", "nb_days": 30},), "2026-01-10", None),
    ),
}  # fmt: skip


def _odoo(version: int, folder: Path) -> None:
    odoo = Odoo(version)
    odoo.rows["res_company"][0]["name"] = f"ODOO{version}"
    for case in ODOO[version]:
        odoo.invoice(
            case.term,
            1,
            day=case.dated,
            invoice_date=case.dated,
            invoice_payment_term_id=odoo.term(f"Term {case.term}", *case.lines),
        )
    # a term of the same name in two rows, alike, is one; documents only say the name
    odoo.term("Term a", *ODOO[version][0].lines)
    for line in odoo.rows["account_move_line"]:
        line["date_maturity"] = None
    _pull("odoo", odoo.on_sqlite(folder / "odoo.db"), folder=folder)


# ---------------------------------------------------------------------------------------------- Tryton

TRYTON = (
    Case("at once", ((),), "2026-01-10", "2026-01-10"),
    Case("days", (({"days": 30},),), "2026-01-30", "2026-03-01"),
    Case("weeks", (({"weeks": 2, "days": 1},),), "2026-01-10", "2026-01-25"),
    Case("months", (({"months": 1},),), "2026-01-31", "2026-02-28"),
    Case("day", (({"months": 1, "day": 15},),), "2026-01-31", "2026-02-15"),
    # to the month's end, and then 30 days
    Case("end and days", (({"day": 31, "days": 30},),), "2026-01-27", "2026-03-02"),
    # 45 days, and then the month's end
    Case("days and end", (({"days": 45}, {"day": 31}),), "2026-01-10", "2026-02-28"),
    Case("end, days", (({"day": 31}, {"days": 10}),), "2026-01-27", "2026-02-10"),
    Case("month, day", (({"months": 1}, {"day": 15}),), "2026-01-31", "2026-02-15"),
    Case("parts alike", (({"days": 30},), ({"days": 30},)), "2026-01-10", "2026-02-09"),
    Case("parts", (({"days": 0},), ({"days": 30},)), "2026-01-10", None),
    Case("weekday", (({"weekday": 1},),), "2026-01-10", None),
    Case("december", (({"month": 12, "day": 31},),), "2026-01-10", None),
    Case("three steps", (({"days": 1}, {"day": 31}, {"days": 1}),), "2026-01-10", None),
    Case("two days", (({"day": 15, "months": 1}, {"day": 31, "months": 1}),), "2026-01-10", None),
)

_TRYTON_TABLES: Mapping[str, str] = {
    "party_party": "id, code, name, active",
    "party_party_payment_term": "id, party, customer_payment_term",
    "account_invoice_payment_term": "id, name, active",
    "account_invoice_payment_term_line": "id, payment, sequence, type, ratio, amount",
    "account_invoice_payment_term_line_delta": "id, line, sequence, day, month, weekday, months, weeks, days",
    "company_company": "id, party, currency",
    "currency_currency": "id, code",
    "currency_currency_rate": "id, currency, date, rate",
    "account_account_type": "id, receivable",
    "account_account": "id, code, type",
    "account_journal": "id, code, type",
    "account_move": "id, number, journal, company, date, post_date, state, description, origin",
    "account_move_line": (
        "id, move, account, party, debit, credit, second_currency, amount_second_currency, maturity_date,"
        " reconciliation"
    ),
    "account_move_reconciliation": "id, date",
    "account_invoice": "id, number, move, payment_term, reference",
}


def _tryton(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "tryton.db")) as connection:
        for table, columns in _TRYTON_TABLES.items():
            connection.execute(f"create table {table} ({columns})")

        def add(table: str, **row: object) -> int:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            number = connection.execute(
                f"insert into {table} (id, {names}) select count(*) + 1, {marks} from {table} returning id",
                tuple(row.values()),
            ).fetchone()[0]
            return int(number)

        euro = add("currency_currency", code="EUR")
        own = add("party_party", code="TRYTON", name="Own", active=1)
        party = add("party_party", code="K1", name="Customer", active=1)
        company = add("company_company", party=own, currency=euro)
        receivable = add("account_account", code="1200", type=add("account_account_type", receivable=1))
        journal = add("account_journal", code="REV", type="revenue")
        for case in TRYTON:
            term = add("account_invoice_payment_term", name=case.term, active=1)
            for deltas in case.lines:
                line = add("account_invoice_payment_term_line", payment=term, type="remainder")
                for delta in deltas:
                    add("account_invoice_payment_term_line_delta", line=line, **delta)
            move = add("account_move", number=case.term, journal=journal, company=company, date=case.dated,
                       post_date=case.dated, state="posted")  # fmt: skip
            add("account_move_line", move=move, account=receivable, party=party, debit=1, credit=0)
            add("account_invoice", number=case.term, move=move, payment_term=term)
        connection.commit()
    _pull("tryton", f"sqlite://{folder / 'tryton.db'}", folder=folder)


def _pull(profile: str, dsn: str, *, folder: Path) -> None:
    """What a refresh would pull, as the delivery of the day."""
    tables = load_profile(profile).tables
    queries = [
        Query(name, table.sql, needs=table.needs) for name, table in tables.items() if table.sql is not None
    ]
    pulled = pull(dsn, queries, folder=folder / "pulls", source=profile, clock=Clock())
    (folder / DAY).mkdir()
    for path in pulled.folder.glob("*.parquet"):
        path.rename(folder / DAY / path.name)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("databases")
    profiles = {**{f"ODOO{version}": "odoo" for version in ODOO}, "TRYTON": "tryton"}
    for company in profiles:
        (folder / "in" / company).mkdir(parents=True)
    for version in ODOO:
        _odoo(version, folder / "in" / f"ODOO{version}")
    _tryton(folder / "in" / "TRYTON")
    sources = [dated_source(company, profile=profile) for company, profile in profiles.items()]
    warehouse = ledger(write_settings(folder, companies=profiles, currency="EUR", sources=sources))
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("version", ODOO)
def test_an_odoo_invoice_is_due_as_its_version_counts(books: Warehouse, version: int) -> None:
    assert due_dates(books, f"ODOO{version}") == expected(ODOO[version])


def test_a_tryton_invoice_is_due_as_the_steps_of_its_term_count(books: Warehouse) -> None:
    assert due_dates(books, "TRYTON") == expected(TRYTON)


def test_what_is_no_rule_is_asked_with_a_reason_and_nothing_else_is(books: Warehouse) -> None:
    odoo = {(f"ODOO{v}", f"Term {case.term}") for v, cases in ODOO.items() for case in cases if not case.due}
    assert asked(books) == odoo | {("TRYTON", case.term) for case in TRYTON if case.due is None}


def test_no_line_of_a_master_is_set_aside(books: Warehouse) -> None:
    assert books.query("select * from marts.mart_data_quality where rule = 'rejected_row'") == []
