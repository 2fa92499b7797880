"""SQLite: a file opened read-only, one transaction, and every cell as text of its own type.

Belongs here: what is particular to SQLite. Must not: files of a pull.

A column holds cells of any type, and the driver takes the type of a column from its first rows: later decimals come as
1.500000e+00, and text after nulls is an error. So each cell is asked for as text with a mark in front, never null.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection, Cursor
from adbc_driver_sqlite import StatementOptions, dbapi

from ingest.extraction.adbc import DRIVER_ERRORS, AdbcSnapshot
from ingest.extraction.decimals import PLAIN_FROM, PLAIN_TO, double_text
from ingest.extraction.dsn import SqliteDsn
from ingest.extraction.errors import connection_failure
from ingest.extraction.failure import PullFailed
from ingest.extraction.queries import PLACEHOLDER, Query
from ingest.extraction.snapshot import Snapshot, quoted

BATCH_ROWS = 20_000
BUSY_MILLISECONDS = 60_000

_TEXT, _REAL, _BYTES = "=", "~", "#"


class _SQLite:
    """The dialect. Numbers may be stored as bytes of text (Tryton does), so bytes are text."""

    statement_options: Mapping[str, str] = MappingProxyType(
        {StatementOptions.BATCH_ROWS.value: str(BATCH_ROWS)}
    )

    def sql(self, query: Query) -> str:
        return query.with_placeholder(lambda _: f":{PLACEHOLDER}")

    def bind(self, cursor: Cursor, since: str) -> Sequence[str]:
        return (since,)

    def can_read(self, table: str) -> str:
        return f"(select count(*) from sqlite_master where type in ('table', 'view') and name = '{table}')"

    def as_text(self, field: pa.Field) -> str:
        name = f"pulled.{quoted(field.name)}"
        # where printf writes 15 digits without an exponent; the rest is left to double_text
        is_plain = f"{name} = 0 or abs({name}) between {PLAIN_FROM:g} and {PLAIN_TO:g}"
        return (
            f"case typeof({name}) when 'null' then ''"
            f" when 'real' then case when {is_plain}"
            f" then '{_TEXT}' || printf('%.15g', {name}) else '{_REAL}' || printf('%!.17g', {name}) end"
            f" when 'blob' then '{_BYTES}' || hex({name})"
            f" else '{_TEXT}' || cast({name} as text) end"
        )

    def decoded(self, cells: pa.Array) -> pa.Array:
        marks = pc.utf8_slice_codeunits(cells, 0, 1)
        if pc.any(pc.is_in(marks, pa.array([_REAL, _BYTES]))).as_py():
            return pa.array([_meant(cell) for cell in cells.to_pylist()], pa.string())
        is_null = pc.equal(marks, "")
        return pc.if_else(is_null, pa.scalar(None, pa.string()), pc.utf8_slice_codeunits(cells, 1))


def _meant(cell: str) -> str | None:
    if not cell:
        return None
    mark, text = cell[0], cell[1:]
    if mark == _BYTES:
        return bytes.fromhex(text).decode("utf-8")
    return double_text(float(text)) if mark == _REAL else text


@contextmanager
def open_sqlite(dsn: SqliteDsn, *, clock: Callable[[], datetime]) -> Iterator[Snapshot]:
    """A snapshot of a SQLite file, taken at the time of `clock`.

    Raises:
        PullFailed: there is no such file, or it cannot be read as SQLite.
    """
    if not os.access(dsn.file, os.R_OK) or not dsn.file.is_file():
        raise PullFailed(
            f"there is no file {dsn.shown} that this user may read.",
            fix="correct the path in the DSN, or let the user read the file and its folder.",
        )
    moment = clock().astimezone(UTC)
    try:
        connection = dbapi.connect(dsn.address)
    except DRIVER_ERRORS as error:
        raise connection_failure(error, dsn=dsn) from None
    with closing(connection):
        try:
            version = _begin(connection)
        except DRIVER_ERRORS as error:
            raise connection_failure(error, dsn=dsn) from None
        yield AdbcSnapshot(connection, dsn, _SQLite(), f"SQLite {version}", moment)


def _begin(connection: Connection) -> str:
    with closing(connection.cursor()) as cursor:
        for statement in (f"pragma busy_timeout = {BUSY_MILLISECONDS}", "pragma query_only = on"):
            cursor.execute(statement)
            cursor.fetchall()
        # the first read takes the snapshot
        cursor.execute("select count(*), sqlite_version() from sqlite_master")
        ((_, version),) = cursor.fetchall()
    return str(version)
