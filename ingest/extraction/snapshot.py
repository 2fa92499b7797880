"""A snapshot: every query of a pull sees the database as of one moment, and can change nothing.

Belongs here: what a snapshot of any engine gives, and what is said where a query gives it otherwise. Must not: how an
engine is read (adbc.py, mariadb.py), files.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from ingest.extraction.failure import PullFailed
from ingest.extraction.queries import Query


class Snapshot(Protocol):
    """An open read-only transaction. `moment` is when it was taken, UTC; `engine` names the server with its version."""

    @property
    def engine(self) -> str: ...

    @property
    def moment(self) -> datetime: ...

    def can_ask(self, query: Query) -> bool:
        """Whether all tables that a query needs are there and may be read. Asking does no harm to the transaction.

        Raises:
            PullFailed: the database does not even answer that.
        """

    def read(self, query: Query, *, since: str | None) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """Columns, all of them text, and rows of a query; few rows are in memory at a time.

        Args:
            since: what `:since` in the query stands for, None where the query has none.
        Raises:
            PullFailed: the database refuses the query, here or while the rows are taken.
        """


def quoted(name: str) -> str:
    """A column name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text_schema(names: Sequence[str], *, query: str) -> pa.Schema:
    """Columns of text with these names.

    Raises:
        PullFailed: two of them have one name.
    """
    for name in names:
        if names.count(name) > 1:
            raise named_twice(name, query=query)
    return pa.schema([pa.field(name, pa.string()) for name in names])


def named_twice(column: str, *, query: str) -> PullFailed:
    """The error for a query that gives two columns of one name."""
    return PullFailed(
        f"the query {query!r} gives two columns {column!r}.", fix="name one of them otherwise, with `as`."
    )


def no_text(column: str, *, query: str) -> PullFailed:
    """The error for a cell that cannot be text."""
    return PullFailed(
        f"the column {column!r} of the query {query!r} holds bytes that are not UTF-8 text.",
        fix="leave the column out of the query, or turn it into text there.",
    )
