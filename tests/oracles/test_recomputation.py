"""Ten figures of a simulated company, chosen at random in every run, recomputed in plain Python from its raw extracts.

Belongs here: choosing figures, asking the release for them, asking the oracle. Does not: how the oracle reaches them.

The company, the days and the figures are others each time; the seed is printed, and ARREARS_RECOMPUTATION_SEED repeats
it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from ingest.simulator.cell import Sizing
from ingest.simulator.run import simulate
from tests.kit import Warehouse, refresh
from tests.oracles.items import ZERO, Row
from tests.oracles.metrics import Metrics
from tests.oracles.oracle import Known
from tests.oracles.overdue import BASES, is_overdue
from tests.oracles.raw_extracts import oracles

SEED = int(os.environ.get("ARREARS_RECOMPUTATION_SEED", Random().randrange(10**6)))
FIGURES = 10
END = datetime.max
HALF_A_CENT = Decimal("0.005")
# name of the sum in the oracle's metrics: metric, variant, and which of its parts it is
METRIC_PARTS = {
    "debit": ("overdue_rate", "gross", "denominator"),
    "overdue": ("overdue_rate", "gross", "numerator"),
    "over_90": ("over_90_rate", "gross", "numerator"),
    "unapplied_cash": ("unapplied_cash_rate", "gross", "numerator"),
}
# one per bucket of scheme `standard`, by days past due
BUCKETS = {
    "not_due": (None, 0),
    "1-30": (1, 30),
    "31-60": (31, 60),
    "61-90": (61, 90),
    "91-180": (91, 180),
    "181-360": (181, 360),
    ">360": (361, None),
}


@dataclass(frozen=True)
class Books:
    """The release, and what the oracle makes of one company's extracts."""

    release: Warehouse
    company_code: str
    known: Known
    as_of: date

    def ask(self, sql: str, *parameters: object) -> object:
        """The one value of a query; `?` are company code and parameters."""
        (row,) = self.release.query(sql, [self.company_code, *parameters])
        (value,) = row.values()
        return value


Figure = tuple[str, object, object]
Chooser = Callable[[Books, Random], Figure]


@pytest.fixture(scope="module")
def all_books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Books]]:
    folder = tmp_path_factory.mktemp("recomputation")
    print(f"\nARREARS_RECOMPUTATION_SEED={SEED}")
    simulate(folder, scale="small", seed=SEED, sizing=Sizing(customers=24, invoices=240))
    release = refresh(folder / "arrears.yml")
    (row,) = release.query("select as_of_date from marts.dim_release")
    yield [
        Books(release, code, oracle.at(END), row["as_of_date"])
        for code, oracle in oracles(Path(folder / "arrears.yml")).items()
    ]
    release.close()


def _day(books: Books, random: Random) -> date:
    # sorted wherever something is chosen: the order of a set is another in each run, and the seed would repeat nothing
    days = sorted(day for day in books.known.effective_dates() if day < books.as_of)
    day = books.as_of
    # before its first document a company owes nothing that could be asked for
    while day == books.as_of or not _trade(books, day):
        day = random.choice(days) + timedelta(days=random.choice((0, 1)))
    return day


def _trade(books: Books, day: date) -> list[Row]:
    rows = books.known.ledger(day).values()
    return sorted((row for row in rows if row.receivable_class == "trade"), key=lambda row: row.open_item_id)


def open_item(books: Books, random: Random) -> Figure:
    day = _day(books, random)
    row = random.choice([row for row in _trade(books, day) if row.open_document] or _trade(books, day))
    given = books.ask(
        "select coalesce(sum(open_amount_functional), 0) from marts.fct_open_item_balance"
        " where company_code = ? and open_item_id = ? and known_to = timestamp '9999-12-31'"
        " and effective_from <= ? and effective_to > ?",
        row.open_item_id,
        day,
        day,
    )
    return f"{row.open_item_id} on {day}, functional", given, row.open_functional


def receivables(books: Books, random: Random) -> Figure:
    day = _day(books, random)
    rows = _trade(books, day)
    currency = random.choice(sorted({row.currency for row in rows}))
    given = books.ask(
        "select sum(balance_document) from marts.mart_overdue_trend where company_code = ? and scheme = 'standard'"
        " and currency = ? and day = ?",
        currency,
        day,
    )
    expected = sum((row.open_document for row in rows if row.currency == currency), ZERO)
    return f"receivables in {currency} on {day}", given, expected


def bucket(books: Books, random: Random) -> Figure:
    day = _day(books, random)
    rows = [row for row in _trade(books, day) if row.open_document > 0]
    customer = random.choice(sorted({row.customer_id for row in rows}) or ["nobody"])
    name = random.choice(list(BUCKETS))
    lower, upper = BUCKETS[name]
    given = books.ask(
        "select coalesce(sum(amount_document), 0) from marts.aging_as_of(cast($2 as date), 'standard')"
        " where company_code = $1 and customer_id = $3 and bucket = $4",
        day,
        customer,
        name,
    )
    expected = sum(
        (
            row.open_document
            for row in rows
            if row.customer_id == customer
            and (lower is None or (day - row.due_date).days >= lower)
            and (upper is None or (day - row.due_date).days <= upper)
        ),
        ZERO,
    )
    return f"{name} of {customer} on {day}", given, expected


def overdue(books: Books, random: Random) -> Figure:
    day, basis = _day(books, random), random.choice(BASES)
    rows = _trade(books, day)
    currency = random.choice(sorted({row.currency for row in rows}))
    given = books.ask(
        "select coalesce(sum(closing_document), 0) from marts.mart_overdue_bridge where company_code = ?"
        " and currency = ? and day = ? and due_date_basis = ?",
        currency,
        day,
        basis,
    )
    late = (row for row in rows if row.currency == currency and is_overdue(row, basis, day))
    return f"overdue in {currency} on {day}, {basis}", given, sum((row.open_document for row in late), ZERO)


def metric_part(books: Books, random: Random) -> Figure:
    name, (metric, variant, part) = random.choice(list(METRIC_PARTS.items()))
    ends = books.release.query(
        "select distinct period_end from marts.mart_receivable_kpi where dimension = 'company' and metric = ?"
        " and dimension_value = ? order by period_end",
        [metric, books.company_code],
    )
    day = random.choice(ends)["period_end"]
    given = books.ask(
        f"select {part} from marts.mart_receivable_kpi where dimension = 'company' and dimension_value = ?"
        " and metric = ? and variant = ? and period_end = ?",
        metric,
        variant,
        day,
    )
    expected: Decimal = Metrics(books.known, as_of=books.as_of).balances(day)[name]
    # parts that are translated and rounded apart (DECISIONS 23), of which there are no more than open items
    slack = HALF_A_CENT * sum(1 for row in _trade(books, day) if row.open_document)
    is_right = isinstance(given, Decimal) and abs(given - expected) <= slack
    return f"{name} at {day}, reporting", given, given if is_right else expected


CHOOSERS: tuple[Chooser, ...] = (open_item, receivables, bucket, overdue, metric_part)


def test_ten_figures_at_random_are_those_of_the_raw_extracts(all_books: list[Books]) -> None:
    random = Random(SEED)
    wrong = []
    for number in range(FIGURES):
        books = random.choice(all_books)
        name, given, expected = CHOOSERS[number % len(CHOOSERS)](books, random)
        print(f"{books.company_code} {name}: {given}")
        if given != expected:
            wrong.append(f"{books.company_code} {name}: published {given}, recomputed {expected}")
    assert wrong == [], f"ARREARS_RECOMPUTATION_SEED={SEED}"
