"""A real ERP's books read as what they are: line items whose clearing groups settle each other.

Belongs here: the lines as dated CSV dumps and as the database itself, against the ERP's own balances and buckets. Must
not: allocations prepared from them (test_tryton.py).

The database knows one state, that of the end; the CSV extract says when each line was keyed in, so that dumps of some
days can be cut from it. A dump names a clearing once all its lines had been keyed in.
"""

import csv
import json
import lzma
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.kit import D, Warehouse, refresh
from tests.kit.installation import dated_source, write_settings
from tests.kit.same import differing_rows
from tests.kit.shared import needs_shared, shared_folder

pytestmark = [pytest.mark.shared, needs_shared("data", "tryton")]

FOLDER = shared_folder() / "data" / "tryton"
PROFILES = Path(__file__).parent / "profiles"
AS_OF = (date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 8, 31))
DELIVERIES = (date(2023, 9, 30), *AS_OF[:1], date(2024, 2, 29), *AS_OF[1:])
PER_DATE = pytest.mark.parametrize("as_of", AS_OF, ids=[day.isoformat() for day in AS_OF])
# the company of the dumps, and that of the database: the code of its party
DUMPS, DATABASE = "CSV", "1"

Line = dict[str, str]


def _lines() -> list[Line]:
    with (FOLDER / "receivable_lines.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def expected() -> Mapping[str, Any]:
    figures: Mapping[str, Any] = json.loads(
        (FOLDER / "expected_aged_balance.json").read_text(encoding="utf-8")
    )
    return figures["as_of"]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("lines")
    with lzma.open(FOLDER / "tryton.sqlite.xz") as packed, (folder / "tryton.sqlite").open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    _deliver(folder / "in" / "dumps")
    sources = [
        dated_source("dumps", profile="tryton_csv", constants={"company_code": DUMPS}),
        {"name": "erp", "profile": "tryton", "dsn_env": "TRYTON_TEST_DSN"},
    ]
    config = write_settings(
        folder,
        companies=(DUMPS, DATABASE),
        currency="EUR",
        time_zone="Europe/Paris",
        sources=sources,
        profiles=str(PROFILES),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRYTON_TEST_DSN", f"sqlite://{folder / 'tryton.sqlite'}")
        warehouse = refresh(config, as_of=AS_OF[-1])
    yield warehouse
    warehouse.close()


def _deliver(folder: Path) -> None:
    """Full dumps of what had been keyed in by the end of each day."""
    lines = _lines()
    known_from: dict[str, str] = defaultdict(str)
    for line in lines:
        known_from[line["reconciliation_id"]] = max(known_from[line["reconciliation_id"]], line["booked_on"])
    for day in DELIVERIES:
        rows = []
        for line in lines:
            if line["booked_on"] <= day.isoformat():
                is_cleared = known_from[line["reconciliation_id"]] <= day.isoformat()
                rows.append({**line, "reconciliation_id": line["reconciliation_id"] if is_cleared else ""})
        target = folder / day.isoformat()
        target.mkdir(parents=True)
        with (target / "receivable_lines.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        shutil.copy(FOLDER / "customers.csv", target / "customers.csv")


def _balances(
    books: Warehouse, as_of: date, *, company: str, known_at: date | None = None
) -> dict[str, Decimal]:
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for item in books.open_items(as_of, known_at=known_at, company=company):
        assert item.functional is not None, item
        balances[item.customer_id] += item.functional
    return {customer: amount for customer, amount in balances.items() if amount}


def _owed(rows: list[dict[str, str]]) -> dict[str, Decimal]:
    return {row["party_code"]: D(row["balance"]) for row in rows if D(row["balance"])}


@PER_DATE
@pytest.mark.parametrize("company", [DUMPS, DATABASE])
def test_each_customer_owes_what_the_erp_says_looking_back(
    books: Warehouse, expected: Mapping[str, Any], as_of: date, company: str
) -> None:
    figures = expected[str(as_of)]["retrospective"]
    balances = _balances(books, as_of, company=company)
    assert balances == _owed(figures["t30_60_90"])
    assert sum(balances.values()) == D(figures["receivable_control"])


@PER_DATE
def test_each_customer_owed_what_the_erp_said_on_the_day(
    books: Warehouse, expected: Mapping[str, Any], as_of: date
) -> None:
    figures = expected[str(as_of)]["snapshot_at_the_time"]
    balances = _balances(books, as_of, company=DUMPS, known_at=as_of)
    assert balances == _owed(figures["aged_balance_30_60_90"])
    assert sum(balances.values()) == D(figures["receivable_control"])


# Days past due from, days past due to (exclusive), report of the ERP and its column
BUCKETS = {
    "1-30": (1, 31, "t1_31_61", "term1"),
    "31-60": (31, 61, "t1_31_61", "term2"),
    "61-90": (61, 91, "t31_61_91", "term2"),
    "over 90": (91, 100_000, "t31_61_91", "term3"),
}


def _put_off(as_of: date, first: int, last: int) -> dict[str, Decimal]:
    """What the ERP's buckets hold beyond the open items, by customer, in one bucket.

    Its report calls a line open until the date of its reconciliation, and puts that date off to the due date of an
    invoice that was paid early. Until then the invoice counts as not due, and the payment, a credit that ages from its
    own date, is in the buckets; the balance is right all the same.
    """
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in _lines():
        if line["reconciliation_id"]:
            groups[line["reconciliation_id"]].append(line)
    for lines in groups.values():
        posted = max(line["posting_date"] for line in lines)
        if not posted <= as_of.isoformat() < lines[0]["reconciliation_date"]:
            continue
        for line in lines:
            due = date.fromisoformat(line["maturity_date"] or line["posting_date"])
            if first <= (as_of - due).days < last:
                amounts[line["customer_code"]] += D(line["debit"]) - D(line["credit"])
    return amounts


@PER_DATE
@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize("company", [DUMPS, DATABASE])
def test_buckets_are_the_erps_but_for_payments_before_the_due_date(
    books: Warehouse, expected: Mapping[str, Any], as_of: date, bucket: str, company: str
) -> None:
    first, last, report, term = BUCKETS[bucket]
    ours: dict[str, Decimal] = defaultdict(Decimal)
    for item in books.open_items(as_of, company=company):
        assert item.functional is not None and item.days_past_due is not None
        # a credit has no due date: like the ERP, its age is that of its own date
        if first <= item.days_past_due < last:
            ours[item.customer_id] += item.functional
    for customer, amount in _put_off(as_of, first, last).items():
        ours[customer] += amount
    theirs = {row["party_code"]: D(row[term]) for row in expected[str(as_of)]["retrospective"][report]}
    assert {c: a for c, a in ours.items() if a} == {c: a for c, a in theirs.items() if a}


def test_payments_before_the_due_date_do_differ(expected: Mapping[str, Any]) -> None:
    """The correction above is no empty one."""
    assert any(_put_off(day, first, last) for day in AS_OF for first, last, _, _ in BUCKETS.values())


# of the same books from either side; what the extract does not have is left out: account, terms, reference of invoices
SAME = (
    "fct_open_item",
    "fct_allocation",
    "fct_receivable_movement",
    "mart_aging",
    "mart_aging_customer",
    "mart_overdue_trend",
    "mart_roll_forward",
)
DIFFERENT = (
    "known_from",
    "known_to",
    "movement_id",
    "control_account",
    "payment_terms",
    "document_reference",
)


@pytest.mark.parametrize("relation", SAME)
def test_the_database_gives_the_marts_of_its_extracts(books: Warehouse, relation: str) -> None:
    has_history = books.query(
        "select 1 from duckdb_columns() where schema_name = 'marts' and table_name = $1 and column_name = 'known_to'",
        [relation],
    )
    current = "known_to > timestamp '9000-01-01'" if has_history else "true"
    assert differing_rows(books, relation, DUMPS, DATABASE, left_out=DIFFERENT, where=current) == []


def test_exchange_differences_are_those_that_were_posted(books: Warehouse) -> None:
    posted = sum((D(x["debit"]) - D(x["credit"]) for x in _lines() if x["journal"] == "EXC"), D(0))
    for company in (DUMPS, DATABASE):
        told = books.query(
            f"""
            select count(*) as n, sum(amount_functional) as amount from marts.fct_receivable_movement
            where company_code = '{company}' and movement_kind = 'fx_difference' and known_to > timestamp '9000-01-01'
            """
        )[0]
        assert (told["n"], told["amount"]) == (107, posted)
