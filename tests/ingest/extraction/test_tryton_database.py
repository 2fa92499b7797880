"""The database of a real ERP: the queries of the profile give its receivable postings, parties and rates.

Belongs here: what they give against the CSV extracts of the same company, on SQLite and, loaded from it, on PostgreSQL.
Must not: what becomes of it in the warehouse (tests/integration/test_tryton.py).

`booked_on` of receivable_lines.csv, the day on which a line was keyed in, is `account_move.post_date`, but for seven
lines: receipts that the simulation keyed in later than the date it gave them. The database does not have their day,
because create_date and write_date are the clock of the machine that ran the simulation.
"""

import csv
import lzma
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from ingest.extraction import Pulled, Query
from ingest.profiles import load_profile
from ingest.simulator.terms import Terms
from tests.kit.postgresql import Server, needs_postgresql
from tests.kit.pulls import pulled
from tests.kit.shared import needs_shared, shared_folder

pytestmark = [pytest.mark.shared, needs_shared("data", "tryton")]

QUERIES = tuple(
    Query(name, table.sql, needs=table.needs)
    for name, table in load_profile("tryton").tables.items()
    if table.sql is not None
)
KEYED_IN_LATER = {"475", "477", "563", "804", "2948", "3426", "5605"}

Row = dict[str, str | None]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tryton") / "tryton.sqlite"
    with (
        lzma.open(shared_folder() / "data" / "tryton" / "tryton.sqlite.xz") as packed,
        file.open("wb") as plain,
    ):
        shutil.copyfileobj(packed, plain)
    return file


@pytest.fixture(scope="module")
def of_sqlite(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Pulled:
    return pulled(f"sqlite://{database}", *QUERIES, folder=tmp_path_factory.mktemp("pulls"))


@pytest.fixture(scope="module")
def of_postgresql(server: Server, database: Path, tmp_path_factory: pytest.TempPathFactory) -> Pulled:
    name = copy_to_postgresql(database, server)
    return pulled(server.dsn(name), *QUERIES, folder=tmp_path_factory.mktemp("pulls"))


def rows(done: Pulled, name: str) -> list[Row]:
    return pl.read_parquet(done.folder / f"{name}.parquet").rows(named=True)


def extract(name: str) -> list[dict[str, str]]:
    with (shared_folder() / "data" / "tryton" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def renamed(row: Row, names: dict[str, str]) -> dict[str, str]:
    """The columns of an extract, called as there, from a pulled row; an empty cell is null."""
    return {theirs: row[ours] or "" for theirs, ours in names.items()}


def test_the_rules_of_its_terms_give_the_due_dates_that_the_erp_gave(of_sqlite: Pulled) -> None:
    rules: dict[str | None, set[tuple[str | None, ...]]] = defaultdict(set)
    counted = ("days_before", "months_after", "day_of_month", "days_after", "question")
    for line in rows(of_sqlite, "payment_term"):
        rules[line["payment_term"]].add(tuple(line[name] for name in counted))
    # one rule, though two terms may have the name; a term in parts has a due date for each of them
    single = {name: next(iter(lines)) for name, lines in rules.items() if len(lines) == 1}
    seen: Counter[str | None] = Counter()
    for line in rows(of_sqlite, "receivable_line"):
        if line["invoice_number"] is None or line["payment_term"] not in single:
            continue
        *numbers, question = single[line["payment_term"]]
        before, months, day, after = (None if number is None else int(number) for number in numbers)
        terms = Terms(
            "", days_before=before or 0, months_after=months or 0, day_of_month=day, days_after=after or 0
        )
        assert question is None
        due = terms.due(date.fromisoformat(line["posting_date"] or ""))
        assert (line["line_id"], str(due)) == (line["line_id"], line["maturity_date"])
        seen[line["payment_term"]] += 1
    assert len(seen) >= 4 and seen.total() > 100


def test_the_receivable_lines_are_those_of_the_extract(of_sqlite: Pulled) -> None:
    expected = extract("receivable_lines")
    same = {
        column: column
        for column in expected[0]
        if column not in {"booked_on", "currency2", "amount_currency2"}
    }
    names = same | {"currency2": "second_currency", "amount_currency2": "amount_second_currency"}
    lines = {row["line_id"]: row for row in rows(of_sqlite, "receivable_line")}
    assert len(lines) == len(expected) == 1995
    for line in expected:
        row = lines[line["line_id"]]
        assert renamed(row, names) == {column: line[column] for column in names}
        if line["line_id"] in KEYED_IN_LATER:
            assert line["journal"] == "CASH"
            assert date.fromisoformat(line["booked_on"]) > date.fromisoformat(str(row["posted_on"]))
        else:
            assert row["posted_on"] == line["booked_on"]


def test_parties_and_rates_are_those_of_the_extracts(of_sqlite: Pulled) -> None:
    parties = {
        row["party_code"]: (row["party_name"], row["payment_term"]) for row in rows(of_sqlite, "party")
    }
    # the company itself is a party
    assert parties.pop("1") == ("Dunder Mifflin", None)
    assert parties == {
        line["customer_code"]: (line["name"], line["payment_terms_name"]) for line in extract("customers")
    }
    rates = {(row["currency"], row["rate_date"], row["units_per_base"]) for row in rows(of_sqlite, "rate")}
    assert rates == {(line["currency"], line["date"], line["units_per_eur"]) for line in extract("fx_rates")}


@needs_postgresql
@pytest.mark.parametrize("name", [query.name for query in QUERIES])
def test_the_same_queries_give_the_same_on_postgresql(
    of_sqlite: Pulled, of_postgresql: Pulled, name: str
) -> None:
    assert of_postgresql.record.engine.startswith("PostgreSQL")
    # Tryton keeps decimals in SQLite as it wrote them, so 1.0 there is 1 here; nothing else may differ
    assert sorted(map(comparable, rows(of_postgresql, name))) == sorted(
        map(comparable, rows(of_sqlite, name))
    )
    assert rows(of_postgresql, name)


def comparable(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((name, "" if text is None else plain(text)) for name, text in row.items())


def plain(text: str) -> str:
    return format(Decimal(text).normalize(), "f") if re.fullmatch(r"-?\d+\.\d+", text) else text


TYPES = {
    "INTEGER": "bigint",
    "NUMERIC": "numeric",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "timestamp",
    "DATE": "date",
    "FLOAT": "float8",
    "TEXT": "text",
}


def tables_read() -> Sequence[str]:
    named = {name for query in QUERIES for name in re.findall(r"\b(?:from|join) (\w+) as", query.sql)}
    made = {name for query in QUERIES for name in re.findall(r"(\w+) as \($", query.sql, flags=re.MULTILINE)}
    return sorted(named - made)


def copy_to_postgresql(file: Path, server: Server) -> str:
    """The tables that the queries read, with the types that Tryton gives them on PostgreSQL."""
    name = server.new_database()
    connection = sqlite3.connect(file)
    for table in tables_read():
        described = connection.execute(f'pragma table_info("{table}")').fetchall()
        # a report kept as a document is no text, and no query reads it
        columns = [(column[1], column[2]) for column in described if column[2] != "BLOB"]
        typed = ", ".join(f'"{column}" {TYPES.get(kind, "varchar")}' for column, kind in columns)
        texts = ", ".join(f'"{column}" text' for column, _ in columns)
        server.run(name, f'create table "{table}" ({typed})', f'create table "{table}_text" ({texts})')
        cells = ", ".join(f'cast("{column}" as text)' for column, _ in columns)
        content = connection.execute(f'select {cells} from "{table}"').fetchall()
        arrays = [pa.array([row[i] for row in content], pa.string()) for i in range(len(columns))]
        server.load(name, f"{table}_text", pa.table(dict(zip([c for c, _ in columns], arrays, strict=True))))
        casts = ", ".join(f'cast("{column}" as {TYPES.get(kind, "varchar")})' for column, kind in columns)
        server.run(name, f'insert into "{table}" select {casts} from "{table}_text"')
    connection.close()
    return name
