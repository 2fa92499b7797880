"""PostgreSQL: one repeatable-read, read-only transaction, and every type as exact text.

Belongs here: what is particular to PostgreSQL. Must not: files.

A statement with parameters is answered as a whole, one without is streamed (COPY); so `since` is set as a transaction
setting, by a bind parameter, and the query reads that.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from types import MappingProxyType

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection, Cursor
from adbc_driver_postgresql import dbapi

from ingest.extraction.adbc import DRIVER_ERRORS, AdbcSnapshot
from ingest.extraction.dsn import PostgresqlDsn
from ingest.extraction.errors import connection_failure, query_failure
from ingest.extraction.queries import PLACEHOLDER, Query
from ingest.extraction.snapshot import Snapshot, quoted

SETTING = f"arrears.{PLACEHOLDER}"
# what a reader waits for a table that is being altered; the rest is up to the server and to the DSN
LOCK_SECONDS = 60

_SESSION = (
    "set transaction isolation level repeatable read, read only",
    "set local datestyle = 'ISO, YMD'",
    "set local timezone = 'UTC'",
    "set local intervalstyle = 'iso_8601'",
    "set local bytea_output = 'hex'",
    # the shortest text that gives the same float again
    "set local extra_float_digits = 1",
    f"set local lock_timeout = '{LOCK_SECONDS}s'",
    # a wide query is compiled for seconds (Odoo's for 5) to be run once; servers before 11 do not know it
    "select set_config('jit', 'off', true) from pg_settings where name = 'jit'",
)


def _trimmed(text: str) -> str:
    """Decimals without the zeros that only fill up the scale of the column: 12.3000 is 12.3."""
    return f"case when position('.' in {text}) > 0 then rtrim(rtrim({text}, '0'), '.') else {text} end"


def _numeric(name: str) -> str:
    return _trimmed(f"cast({name} as text)")


def _money(name: str) -> str:
    return _trimmed(f"cast(cast({name} as numeric) as text)")


def _real(name: str) -> str:
    return (
        f"case when {name} in ('NaN', 'Infinity', '-Infinity') then cast({name} as text)"
        f" else cast(cast(cast({name} as text) as numeric) as text) end"
    )


def _double(name: str) -> str:
    # numeric keeps 15 digits of a double: what was meant, without the noise of sums; above 1E13 that would round cents
    return (
        f"case when {name} in ('NaN', 'Infinity', '-Infinity') then cast({name} as text)"
        f" when abs({name}) < 1e13 then cast(cast({name} as numeric) as text)"
        f" else cast(cast(cast({name} as text) as numeric) as text) end"
    )


def _timestamp(name: str) -> str:
    return f"replace(cast({name} as text), ' ', 'T')"


def _timestamptz(name: str) -> str:
    return f"replace(replace(cast({name} as text), ' ', 'T'), '+00', 'Z')"


def _bytea(name: str) -> str:
    return f"convert_from({name}, 'UTF8')"


_AS_TEXT = {
    "numeric": _numeric,
    "money": _money,
    "float4": _real,
    "float8": _double,
    "timestamp": _timestamp,
    "timestamptz": _timestamptz,
    "bytea": _bytea,
}


class _PostgreSQL:
    """The dialect. `:since` is a timestamp in UTC."""

    statement_options: Mapping[str, str] = MappingProxyType({})

    def sql(self, query: Query) -> str:
        return query.with_placeholder(lambda _: f"cast(current_setting('{SETTING}') as timestamp)")

    def bind(self, cursor: Cursor, since: str) -> Sequence[str]:
        cursor.execute("select set_config($1, $2, true)", (SETTING, since))
        cursor.fetchall()
        return ()

    def can_read(self, table: str) -> str:
        # null where there is no such table in the search path
        return f"case when has_table_privilege(cast(to_regclass('{quoted(table)}') as oid), 'select') then 1 else 0 end"

    def as_text(self, field: pa.Field) -> str:
        type_name = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
        name = f"pulled.{quoted(field.name)}"
        render = _AS_TEXT.get(type_name)
        return f"cast({name} as text)" if render is None else render(name)

    def decoded(self, cells: pa.Array) -> pa.Array:
        return cells.cast(pa.string())


@contextmanager
def open_postgresql(dsn: PostgresqlDsn) -> Iterator[Snapshot]:
    """A snapshot of a PostgreSQL database, taken at the time of its server.

    Raises:
        PullFailed: it cannot be reached, or does not let us in.
    """
    try:
        connection = dbapi.connect(dsn.address)
    except DRIVER_ERRORS as error:
        raise connection_failure(error, dsn=dsn) from None
    # closing without a commit ends the transaction
    with closing(connection):
        try:
            moment, version = _begin(connection)
        except DRIVER_ERRORS as error:
            raise query_failure(error, dsn=dsn, query="now()") from None
        yield AdbcSnapshot(connection, dsn, _PostgreSQL(), f"PostgreSQL {version}", moment)


def _begin(connection: Connection) -> tuple[datetime, str]:
    with closing(connection.cursor()) as cursor:
        for statement in _SESSION:
            cursor.execute(statement)
            cursor.fetchall()
        # the first query takes the snapshot, a moment after now()
        cursor.execute("select now(), current_setting('server_version')")
        ((moment, version),) = cursor.fetchall()
    return moment.astimezone(UTC), version
