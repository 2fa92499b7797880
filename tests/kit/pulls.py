"""Databases to pull from, and what was pulled.

Belongs here: SQLite files, a clock that moves on, the rows of a pull. Must not: expectations.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from adbc_driver_sqlite import dbapi

from ingest.extraction import Pulled, PullRecord, Query, pull
from ingest.home import PULL_FORMAT, PULL_RECORD

START = datetime(2026, 4, 1, 6, 30, 15, 250_000, tzinfo=UTC)


@dataclass
class Clock:
    """Every look at it is an hour later than the one before."""

    now: datetime = START - timedelta(hours=1)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


def sqlite_database(path: Path, *statements: str, rows: Sequence[tuple[str, Iterable[object]]] = ()) -> str:
    """Make a SQLite file and return its DSN; `rows` are inserts with the rows to insert."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    for statement, values in rows:
        connection.executemany(statement, values)
    connection.commit()
    connection.close()
    return f"sqlite://{path}"


def write_sqlite(path: Path, *statements: str) -> None:
    """Write while the file may be read: by the library of the reader, for two of them in a process share no locks."""
    with dbapi.connect(str(path), autocommit=True) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def pulled(dsn: str, *queries: Query, folder: Path, clock: Clock | None = None) -> Pulled:
    return pull(dsn, queries, folder=folder, source="erp", clock=clock or Clock())


def make_older(pull_folder: Path, *, moment: datetime) -> None:
    """Turn a pull into one of an earlier moment: a server tells the time, and a second pull needs a later one."""
    record = PullRecord.model_validate_json((pull_folder / PULL_RECORD).read_bytes())
    older = record.model_copy(update={"extracted_at": moment})
    (pull_folder / PULL_RECORD).write_text(older.model_dump_json())
    pull_folder.rename(pull_folder.with_name(moment.strftime(PULL_FORMAT)))


def rows_of(pulled: Pulled, name: str) -> list[tuple[str | None, ...]]:
    """Rows of a pulled table, which are text or null."""
    frame = pl.read_parquet(pulled.folder / f"{name}.parquet")
    assert set(frame.dtypes) <= {pl.String}
    return frame.rows()


def one_row(pulled: Pulled, name: str) -> tuple[str | None, ...]:
    (row,) = rows_of(pulled, name)
    return row


def pull_one(dsn: str, sql: str, *, folder: Path) -> list[tuple[str | None, ...]]:
    """Rows of a single query, pulled."""
    return rows_of(pulled(dsn, Query("document", sql), folder=folder), "document")
