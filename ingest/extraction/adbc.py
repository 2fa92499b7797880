"""Databases that ADBC has a driver for: a query is asked for again as text, cell by cell, and comes as Arrow.

Belongs here: what their engines share. Must not: what differs between them (postgresql.py, sqlite.py), files.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_manager.dbapi import Connection, Cursor

from ingest.extraction.dsn import Dsn
from ingest.extraction.errors import query_failure
from ingest.extraction.queries import Query
from ingest.extraction.snapshot import named_twice, no_text, quoted, text_schema

DRIVER_ERRORS = (Error, pa.ArrowException, OSError)


class Dialect(Protocol):
    """What an engine does in its own way."""

    def sql(self, query: Query) -> str:
        """The query with its placeholder as the engine takes it."""

    def bind(self, cursor: Cursor, since: str) -> Sequence[str]:
        """Make `since` known to the statements that follow; what is to be passed with each of them."""

    def can_read(self, table: str) -> str:
        """An expression that is 1 where the database has a table that may be read, else 0."""

    def as_text(self, field: pa.Field) -> str:
        """An expression that gives the text of a column of the query."""

    @property
    def statement_options(self) -> Mapping[str, str]:
        """Options of the driver for a statement whose rows are streamed."""

    def decoded(self, cells: pa.Array) -> pa.Array:
        """Cells as they were meant.

        Raises:
            UnicodeDecodeError: one of them holds bytes that are no text.
        """


@dataclass(frozen=True)
class AdbcSnapshot:
    """A snapshot that is read through ADBC."""

    connection: Connection
    dsn: Dsn
    dialect: Dialect
    engine: str
    moment: datetime

    def can_ask(self, query: Query) -> bool:
        """As every snapshot does."""
        try:
            return all(self._can_read(table) for table in query.needs)
        except DRIVER_ERRORS as error:
            raise query_failure(error, dsn=self.dsn, query=query.name) from None

    def _can_read(self, table: str) -> bool:
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(f"select {self.dialect.can_read(table)}")
            ((answer,),) = cursor.fetchall()
        return bool(answer)

    def read(self, query: Query, *, since: str | None) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """As every snapshot does."""
        try:
            fields = self._fields(query, since=since)
        except DRIVER_ERRORS as error:
            raise query_failure(error, dsn=self.dsn, query=query.name, sql=query.sql) from None
        _check_numbered([field.name for field in fields], query=query.name)
        schema = text_schema([field.name for field in fields], query=query.name)
        cells = ", ".join(f"{self.dialect.as_text(field)} as {quoted(field.name)}" for field in fields)
        statement = f"select {cells} from (\n{self.dialect.sql(query)}\n) as pulled"
        return schema, self._batches(query, statement=statement, schema=schema, since=since)

    def _fields(self, query: Query, *, since: str | None) -> list[pa.Field]:
        with closing(self.connection.cursor()) as cursor:
            statement = f"select * from (\n{self.dialect.sql(query)}\n) as pulled limit 0"
            cursor.execute(statement, self._parameters(cursor, since))
            return list(cursor.fetch_arrow_table().schema)

    def _parameters(self, cursor: Cursor, since: str | None) -> Sequence[str] | None:
        return None if since is None else self.dialect.bind(cursor, since) or None

    def _batches(
        self, query: Query, *, statement: str, schema: pa.Schema, since: str | None
    ) -> Iterator[pa.RecordBatch]:
        options = dict(self.dialect.statement_options)
        with closing(self.connection.cursor(adbc_stmt_kwargs=options)) as cursor:
            try:
                cursor.execute(statement, self._parameters(cursor, since))
                reader = cursor.fetch_record_batch()
                while (batch := next(reader, None)) is not None:
                    if batch.num_rows:
                        yield self._decoded(batch, query=query, schema=schema)
            except DRIVER_ERRORS as error:
                raise query_failure(error, dsn=self.dsn, query=query.name, sql=query.sql) from None

    def _decoded(self, batch: pa.RecordBatch, *, query: Query, schema: pa.Schema) -> pa.RecordBatch:
        columns = []
        for name, cells in zip(schema.names, batch.columns, strict=True):
            try:
                cells.validate(full=True)
                columns.append(self.dialect.decoded(cells))
            except (pa.ArrowInvalid, UnicodeDecodeError):
                raise no_text(name, query=query.name) from None
        return pa.record_batch(columns, schema=schema)


def _check_numbered(names: Sequence[str], *, query: str) -> None:
    """SQLite calls the second of two equal names `name:1`."""
    for name in names:
        match = re.fullmatch(r"(.+):\d+", name)
        if match and match[1] in names:
            raise named_twice(match[1], query=query)
