"""Commands that read what has been published: query, releases, rollback, status.

Belongs here: reading the current release and the run records. Must not: money logic; figures are sums of
published columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from ingest.settings import Settings
from orchestration.commands.output import Format, Row, render
from orchestration.errors import NoRelease, OrchestrationError
from orchestration.publish import current_release_file, current_release_id, rollback
from orchestration.records import Records
from orchestration.release_file import release_problem


class QueryFailed(OrchestrationError):
    """The statement is wrong, or tries to write."""


@contextmanager
def current_release(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current release, read-only; a switch during the block does not disturb it.

    Raises:
        NoRelease: nothing has been published, or its file is damaged.
    """
    file = current_release_file(home)
    if file is None:
        raise NoRelease("nothing has been published yet", fix="run `arrears refresh`")
    if problem := release_problem(file):
        raise NoRelease(
            f"{file} {problem}", fix="`arrears refresh` builds it again, `arrears rollback` goes back"
        )
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set schema = 'marts'")
        yield connection


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[Row]]:
    """Column names and rows of one statement."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return names, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run_query(settings: Settings, sql: str, *, output: Format) -> int:
    """Print the result of one statement on the current release.

    Raises:
        QueryFailed: the database refuses it.
    """
    with current_release(settings.home) as connection:
        try:
            columns, rows = rows_of(connection, sql)
        except duckdb.Error as error:
            raise QueryFailed(
                str(error).strip(),
                fix='correct the statement; tables are in schema marts (`arrears query "show tables"`), read-only',
            ) from error
    print(render(rows, columns=columns, output=output))
    return 0


_RELEASE_COLUMNS = (
    "release_id",
    "is_current",
    "has_file",
    "as_of",
    "known_at",
    "published_at",
    "gates_warned",
    "gates_lowered",
    "code_version",
    "policy_hash",
    "file",
)


def list_releases(settings: Settings, *, output: Format) -> int:
    """Print every release ever published, newest first; pruned ones have no file any more."""
    home, records = settings.home, Records(settings.home.manifest)
    current = current_release_id(home)
    rows: list[dict[str, Any]] = [
        {
            "release_id": release.release_id,
            "is_current": release.release_id == current,
            "has_file": home.release_file(release.release_id).is_file(),
            "as_of": release.inputs.as_of,
            "known_at": release.known_at,
            "published_at": release.published_at,
            "gates_warned": sum(gate.status == "warned" for gate in release.gates),
            "gates_lowered": ", ".join(gate.gate for gate in release.gates if gate.is_lowered),
            "code_version": release.inputs.code_version,
            "policy_hash": release.inputs.policy_hash,
            "file": release.file,
        }
        for release in records.releases()
    ]
    print(render(rows, columns=_RELEASE_COLUMNS, output=output))
    return 0


def roll_back(settings: Settings, *, to: str | None, output: Format) -> int:
    """Switch to another release and say which."""
    target = rollback(settings.home, to)
    file: Path = settings.home.release_file(target)
    if output != "table":
        print(render([{"release_id": target, "file": file}], columns=("release_id", "file"), output=output))
        return 0
    print(f"current release: {target} ({file})")
    print("a refresh with nothing new leaves it; the next one with new data publishes a newer release")
    return 0
