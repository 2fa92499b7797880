"""MariaDB and MySQL: one consistent, read-only snapshot, streamed row by row, and every type as exact text.

Belongs here: what is particular to MariaDB. Must not: files.

Read by pymysql. ADBC has no driver of MySQL that a package index offers. connectorx gives Arrow too, but opens a
connection for each query, so that every query sees another state, in no transaction that refuses to write; and it
panics at the date 0000-00-00 and at a time of 100 hours. Here cells are taken as the text that the server sends, so
that no number and no date is ever a Python value in between.

The snapshot is one of transactional tables (InnoDB, which ERPNext uses): a MyISAM or Aria table is read as it is when
its query runs.
"""

import ssl
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import encoders
from pymysql.cursors import SSCursor

from ingest.extraction.decimals import double_text
from ingest.extraction.dsn import MariaDsn, Tls
from ingest.extraction.errors import connection_failure, query_failure
from ingest.extraction.failure import PullFailed
from ingest.extraction.queries import PLACEHOLDER, Query
from ingest.extraction.snapshot import Snapshot, no_text, quoted, text_schema

BATCH_ROWS = 5_000
# what a reader waits for a table that is being altered
LOCK_SECONDS = 60
# how long the server waits while a batch is written to disk here; its own default is a minute
WRITE_SECONDS = 600
VARIABLE = f"@arrears_{PLACEHOLDER}"

_SESSION = (
    # SQL as every engine writes it: "names", text || text, and a backslash that is only that
    "set session sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES'",
    # a `timestamp` is kept in UTC and shown in the zone of the session; a `datetime` has no zone and stays as it is
    "set session time_zone = '+00:00'",
    f"set session lock_wait_timeout = {LOCK_SECONDS}",
    f"set session net_write_timeout = {WRITE_SECONDS}",
    # without it the transaction below would see what others commit
    "set session transaction isolation level repeatable read",
    "set session transaction read only",
)
_SNAPSHOT = "start transaction with consistent snapshot, read only"
# RuntimeError: an authentication that the driver cannot do; ValueError: a host that is no name; the last two: whatever
# answers is no MariaDB
_CONNECT_ERRORS = (pymysql.MySQLError, OSError, RuntimeError, ValueError, IndexError, struct.error)
_ZEROS, _POINT = r"(\.\d*?)0+$", r"\.$"


def _trimmed(cells: pa.Array) -> pa.Array:
    """Decimals without the zeros that only fill up the scale of the column: 12.3000 is 12.3."""
    return pc.replace_substring_regex(pc.replace_substring_regex(cells, _ZEROS, r"\1"), _POINT, "")


def _datetime(cells: pa.Array) -> pa.Array:
    return _trimmed(pc.replace_substring(cells, " ", "T"))


def _timestamp(cells: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(_datetime(cells), "Z", "")


def _double(cells: pa.Array) -> pa.Array:
    return pa.array([None if c is None else double_text(float(c)) for c in cells.to_pylist()], pa.string())


def _float(cells: pa.Array) -> pa.Array:
    """The server cuts a float to 6 digits when it writes it, so it is asked for as a double."""
    texts = [
        None if c is None else np.format_float_positional(np.float32(c), trim="-") for c in cells.to_pylist()
    ]
    return pa.array(texts, pa.string())


_AS_TEXT: Mapping[int, Callable[[pa.Array], pa.Array]] = {
    FIELD_TYPE.DECIMAL: _trimmed,
    FIELD_TYPE.NEWDECIMAL: _trimmed,
    FIELD_TYPE.FLOAT: _float,
    FIELD_TYPE.DOUBLE: _double,
    FIELD_TYPE.TIME: _trimmed,
    FIELD_TYPE.DATETIME: _datetime,
    FIELD_TYPE.TIMESTAMP: _timestamp,
}


@dataclass(frozen=True)
class _Column:
    """A column of a query: its name, and the number of its type in the protocol."""

    name: str
    type: int

    @property
    def sql(self) -> str:
        name = f"pulled.{quoted(self.name)}"
        return f"{name} + 0e0 as {quoted(self.name)}" if self.type == FIELD_TYPE.FLOAT else name

    def text(self, cells: Sequence[bytes | None]) -> pa.Array:
        """Cells as they were meant.

        Raises:
            pa.ArrowInvalid: one of them holds bytes that are not UTF-8.
        """
        if self.type == FIELD_TYPE.BIT:
            numbers = [None if cell is None else str(int.from_bytes(cell, "big")) for cell in cells]
            return pa.array(numbers, pa.string())
        texts = pa.array(cells, pa.binary()).cast(pa.string())
        return _AS_TEXT[self.type](texts) if self.type in _AS_TEXT else texts


@dataclass(frozen=True)
class _MariaSnapshot:
    """The snapshot. `:since` is a datetime without a zone, compared with the column as it stands."""

    connection: Any
    dsn: MariaDsn
    engine: str
    moment: datetime

    def can_ask(self, query: Query) -> bool:
        """As every snapshot does. The catalogue shows only tables that the user has been granted something on."""
        found = "select count(*) from information_schema.tables where table_schema = database() and table_name = %s"
        try:
            with self.connection.cursor() as cursor:
                for table in query.needs:
                    cursor.execute(found, (table,))
                    if cursor.fetchone() == (b"0",):
                        return False
        except pymysql.MySQLError as error:
            raise query_failure(error, dsn=self.dsn, query=query.name) from None
        return True

    def read(self, query: Query, *, since: str | None) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """As every snapshot does. The query stands inside another one, so that it can be nothing but a query."""
        source = f"(\n{query.with_placeholder(lambda _: f'cast({VARIABLE} as datetime(6))')}\n) as pulled"
        try:
            with self.connection.cursor() as cursor:
                if since is not None:
                    cursor.execute(f"set {VARIABLE} = %s", (since,))
                cursor.execute(f"select * from {source} limit 0")
                columns = [_Column(*described[:2]) for described in cursor.description]
        except pymysql.MySQLError as error:
            raise query_failure(error, dsn=self.dsn, query=query.name, sql=query.sql) from None
        schema = text_schema([column.name for column in columns], query=query.name)
        statement = f"select {', '.join(column.sql for column in columns)} from {source}"
        return schema, self._batches(query, statement=statement, columns=columns, schema=schema)

    def _batches(
        self, query: Query, *, statement: str, columns: Sequence[_Column], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        cursor = self.connection.cursor(SSCursor)
        try:
            cursor.execute(statement)
            while rows := cursor.fetchmany(BATCH_ROWS):
                yield _batch(rows, columns=columns, schema=schema, query=query)
        except pymysql.MySQLError as error:
            raise query_failure(error, dsn=self.dsn, query=query.name, sql=query.sql) from None
        finally:
            # a cursor that is closed early reads what is left, which may be millions of rows; the pull has failed then,
            # and its connection ends
            if cursor._result is not None:
                cursor._result.unbuffered_active = False
            cursor.close()


def _batch(
    rows: Sequence[Sequence[bytes | None]], *, columns: Sequence[_Column], schema: pa.Schema, query: Query
) -> pa.RecordBatch:
    arrays = []
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        try:
            arrays.append(column.text(cells))
        except pa.ArrowInvalid:
            raise no_text(column.name, query=query.name) from None
    return pa.record_batch(arrays, schema=schema)


@contextmanager
def open_mariadb(dsn: MariaDsn) -> Iterator[Snapshot]:
    """A snapshot of a MariaDB or MySQL database, taken at the time of its server.

    Raises:
        PullFailed: it cannot be reached, or does not let us in.
    """
    arguments = _arguments(dsn)
    try:
        connection = pymysql.connect(**arguments)
    except _CONNECT_ERRORS as error:
        raise connection_failure(error, dsn=dsn) from None
    try:
        try:
            moment, engine = _begin(connection, dsn=dsn)
        except pymysql.MySQLError as error:
            raise query_failure(error, dsn=dsn, query=_SNAPSHOT) from None
        yield _MariaSnapshot(connection, dsn, engine, moment)
    finally:
        # closing without a commit ends the transaction
        connection.close()


def _arguments(dsn: MariaDsn) -> dict[str, Any]:
    return {
        "user": dsn.user,
        # as text it would have to be Latin-1
        "password": dsn.password.encode(),
        "host": dsn.host,
        "port": dsn.port,
        "unix_socket": dsn.socket,
        "database": dsn.database,
        "charset": "utf8mb4",
        # cells stay the bytes that the server sends, whatever their type
        "use_unicode": False,
        "conv": encoders,
        "autocommit": True,
        "program_name": "arrears",
        "connect_timeout": dsn.connect_seconds,
        "read_timeout": dsn.read_seconds,
        "ssl": None if dsn.tls is None else _context(dsn.tls),
        # asked for it, the driver would send the password itself to whoever answers
        "auth_plugin_map": {"mysql_clear_password": _Refused, "dialog": _Refused},
    }


class _Refused:
    """An authentication that would show the password to the server."""

    def __init__(self, connection: Any) -> None:
        pass

    def authenticate(self, packet: Any) -> None:
        raise pymysql.OperationalError(
            "the server asks for the password in clear text (authentication plugin)"
        )


def _context(tls: Tls) -> ssl.SSLContext:
    """What TLS must prove.

    Raises:
        PullFailed: a file of the DSN cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=tls.authority)
        if tls.certificate is not None:
            context.load_cert_chain(tls.certificate, tls.key)
    except OSError as error:
        given = ", ".join(file for file in (tls.authority, tls.certificate, tls.key) if file)
        raise PullFailed(
            f"the TLS files of the DSN ({given}) cannot be used: {error.strerror or error}.",
            fix="name PEM files that this user may read.",
        ) from None
    context.check_hostname = tls.mode == "verify_identity"
    context.verify_mode = ssl.CERT_NONE if tls.mode == "required" else ssl.CERT_REQUIRED
    return context


def _begin(connection: Any, *, dsn: MariaDsn) -> tuple[datetime, str]:
    with connection.cursor() as cursor:
        for statement in _SESSION:
            cursor.execute(statement)
        # asked before the snapshot is taken: nothing is claimed to be known of a moment after it
        cursor.execute("select utc_timestamp(6), version()")
        ((moment, version),) = cursor.fetchall()
        number, _, flavour = version.decode().partition("-")
        is_mariadb = "mariadb" in flavour.lower()
        if dsn.statement_seconds is not None:
            cursor.execute(_statement_limit(dsn.statement_seconds, is_mariadb=is_mariadb))
        cursor.execute(_SNAPSHOT)
    engine = f"{'MariaDB' if is_mariadb else 'MySQL'} {number}"
    return datetime.fromisoformat(moment.decode()).replace(tzinfo=UTC), engine


def _statement_limit(seconds: int, *, is_mariadb: bool) -> str:
    if is_mariadb:
        return f"set session max_statement_time = {seconds}"
    return f"set session max_execution_time = {seconds * 1000}"
