"""What became of the last refresh: the run records beside the release.

Belongs here: reading runs from the manifest, strictly read-only. Must not: write, hold a lock, or say what to do. A
failed run publishes nothing, so this is told by no release.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FAILED = frozenset({"gate_failed", "refused", "failed"})
SUCCEEDED = frozenset({"published", "nothing_new"})
# commands that set out to publish
COMMANDS = ("refresh", "schedule")
# nobody waits for figures because a refresh writes its record
BUSY_SECONDS = 2.0


class RecordsUnreadable(Exception):
    """The manifest is there and cannot be read; `detail` is what SQLite says."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Run:
    """One refresh that has ended. Moments are UTC; `gates` stopped it."""

    run_id: str
    status: str
    started_at: datetime
    finished_at: datetime
    message: str
    gates: tuple[str, ...]

    @property
    def has_failed(self) -> bool:
        return self.status in FAILED


@dataclass(frozen=True)
class Refreshes:
    """The newest refresh that has ended, and when one last left the release up to date."""

    last: Run | None
    succeeded_at: datetime | None


def read(manifest: Path) -> Refreshes | None:
    """What the manifest says; None where there is none (a release that was copied here alone).

    Raises:
        RecordsUnreadable: it is there and cannot be read.
    """
    if not manifest.exists():
        return None
    try:
        connection = sqlite3.connect(f"{manifest.as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        try:
            return _read(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise RecordsUnreadable(str(error)) from error


def _read(connection: sqlite3.Connection) -> Refreshes:
    connection.row_factory = sqlite3.Row
    marks = ", ".join("?" for _ in COMMANDS)
    newest = f"""
select run_id, status, started_at, finished_at, message, gates
from runs
where command in ({marks}) and finished_at is not null"""
    last = connection.execute(f"{newest} order by run_id desc limit 1", COMMANDS).fetchall()
    succeeded = connection.execute(
        f"{newest} and status in (?, ?) order by run_id desc limit 1", (*COMMANDS, *sorted(SUCCEEDED))
    ).fetchall()
    return Refreshes(
        last=_run(last[0]) if last else None,
        succeeded_at=_moment(succeeded[0]["finished_at"]) if succeeded else None,
    )


def _run(row: sqlite3.Row) -> Run:
    return Run(
        run_id=row["run_id"],
        status=row["status"],
        started_at=_moment(row["started_at"]),
        finished_at=_moment(row["finished_at"]),
        message=row["message"],
        gates=tuple(
            gate["gate"]
            for gate in json.loads(row["gates"])
            if gate["status"] == "failed" and gate["severity"] == "error"
        ),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
