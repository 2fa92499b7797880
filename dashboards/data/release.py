"""The published release: finding it, opening it read-only, asking it.

Belongs here: the one connection of the process, the one cached fetch, and the check that the file has the shape the
pages need. Must not: interpret a mart, or know streamlit's widgets. The symlink is resolved before connecting, so that
a page under way keeps the release it began with; the resolved path, the release id and the reader's restriction are
part of every cache key, so that a new release never shows an old figure, and nobody another reader's.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import streamlit as st

from dashboards.access.viewer import EVERYTHING, Restriction
from dashboards.configuration import NotConfigured, Unavailable, dashboard, home
from dashboards.data import visible

Row = dict[str, Any]
Parameters = dict[str, Any]

CACHED_ANSWERS = 2_000
# What the newest publishing program brought: a file without it was made by an older one (or rolled back to).
NEEDED = frozenset(
    {
        "fct_closing_rate.rate_to_reporting",
        "mart_aging.absorbed_amount_document",
        "fct_instalment._file",
        "fct_dispute._file",
        "fct_promise._file",
        "mart_overdue_trend.is_intragroup",
        "mart_gl_tie_out.unexplained_difference",
    }
)


class ReleaseUnavailable(Unavailable):
    """No release can be shown; `reason` is one of no_release, unreadable, other_shape."""


@dataclass(frozen=True)
class Release:
    """One opened release: what it is, the connection every question goes through, and the catalog it meets."""

    path: Path
    release_id: str
    as_of: date
    known_at: datetime
    reporting_currency: str
    connection: duckdb.DuckDBPyConnection
    restriction: Restriction = EVERYTHING
    catalog: str = visible.RELEASE
    # catalogs of restricted readers made so far, and who makes one
    catalogs: dict[Restriction, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @property
    def cache_key(self) -> str:
        return f"{self.path}#{self.release_id}#{self.restriction}"

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one question; `marts` is what the reader may see of it."""
        cursor = self.connection.cursor()
        cursor.execute(f"use {self.catalog}")
        return cursor

    def seen_by(self, restriction: Restriction) -> Release:
        """The same release with what the restriction leaves of it.

        Raises:
            ReleaseUnavailable: it lacks what tells the reader's rows from others.
        """
        if restriction == EVERYTHING:
            return self
        with self.lock:
            if restriction not in self.catalogs:
                name = f"reader_{len(self.catalogs) + 1}"
                try:
                    visible.open_for(self.connection, restriction, catalog=name)
                except (duckdb.Error, LookupError) as error:
                    raise ReleaseUnavailable("other_shape", detail=str(error)) from error
                self.catalogs[restriction] = name
        return replace(self, restriction=restriction, catalog=self.catalogs[restriction])


def current_release(restriction: Restriction = EVERYTHING) -> Release:
    """The release the symlink points to now, as a reader with this restriction may see it.

    Raises:
        NotConfigured: no home is configured, or arrears.yml is broken.
        ReleaseUnavailable: nothing is published, or the file cannot be read as a release.
    """
    return _open(str(home().published)).seen_by(restriction)


def fetch(release: Release, sql: str, **parameters: Any) -> list[Row]:
    """Rows of one query, as dictionaries, cached per release. Money stays Decimal."""
    return _fetch(release.cache_key, sql, parameters, _release=release)


def fetch_whole(release: Release, sql: str, **parameters: Any) -> list[Row]:
    """Rows of one query that may be very many and is asked once: not kept in the cache."""
    with release.cursor() as cursor:
        return _rows(cursor, sql, parameters)


def _is_current(release: Release) -> bool:
    try:
        pointer = home().published
    except NotConfigured:
        return False
    return pointer.exists() and pointer.resolve() == release.path


# Not closed when a newer one takes its place: pages under way still ask it, and the last of them lets it go.
@st.cache_resource(validate=_is_current, max_entries=2, show_spinner=False)
def _open(pointer: str) -> Release:
    link = Path(pointer)
    if not link.exists():
        raise ReleaseUnavailable("no_release", detail=pointer)
    path = link.resolve()
    # in memory, with the release beside it: a database that is opened read-only has no room for a reader's views
    connection = duckdb.connect(
        # one pool of threads and one cache of what was read, whoever asks
        config={"temp_directory": tempfile.gettempdir(), "memory_limit": _memory_limit()}
    )
    try:
        connection.execute(
            f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {visible.RELEASE} (read_only)"
        )
        connection.execute(f"use {visible.RELEASE}")
    except duckdb.Error as error:
        connection.close()
        raise ReleaseUnavailable("unreadable", detail=str(error)) from error
    try:
        return _describe(path, connection)
    except (duckdb.Error, LookupError) as error:
        connection.close()
        raise ReleaseUnavailable("other_shape", detail=str(error)) from error


def _memory_limit() -> str:
    try:
        return dashboard().memory_limit
    except NotConfigured as error:
        raise ReleaseUnavailable(error.reason, detail=error.detail) from error


def _describe(path: Path, connection: duckdb.DuckDBPyConnection) -> Release:
    header = _rows(connection, "select * from marts.dim_release order by known_at desc limit 1", {})
    if not header:
        raise LookupError("marts.dim_release is empty")
    columns = _rows(
        connection,
        "select table_name || '.' || column_name as name from information_schema.columns"
        f" where table_schema = 'marts' and table_catalog = '{visible.RELEASE}'",
        {},
    )
    missing = NEEDED - {str(column["name"]) for column in columns}
    if missing:
        raise LookupError(f"not published: {', '.join(sorted(missing))}")
    row = header[0]
    return Release(
        path=path,
        release_id=str(row["release_id"]),
        as_of=row["as_of_date"],
        known_at=row["known_at"],
        reporting_currency=str(row["reporting_currency"]),
        connection=connection,
    )


@st.cache_data(max_entries=CACHED_ANSWERS, show_spinner=False)
def _fetch(cache_key: str, sql: str, parameters: Parameters, _release: Release) -> list[Row]:
    # One cursor per call: pages of several readers run in threads of one process.
    with _release.cursor() as cursor:
        return _rows(cursor, sql, parameters)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters) -> list[Row]:
    result = connection.execute(sql, parameters)
    names = [column[0] for column in result.description]
    # fetchall, never fetchone: an unfinished result blocks the connection's next statement.
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def publishes(release: Release, relation: str) -> bool:
    """Whether the release has a relation: one that an older program made, or was rolled back to, may not."""
    rows = fetch(
        release,
        "select 1 as found from information_schema.tables"
        " where table_schema = 'marts' and table_name = $relation and table_catalog = current_database()",
        relation=relation,
    )
    return bool(rows)
