"""Run and release records in the manifest.

Belongs here: runs, releases and their totals. Must not: loads, files and rejected rows (`ingest.landing`, same SQLite
file), or any file of a release. Rows of releases and their totals are never deleted once published: a pruned release
keeps its identity and its totals for ever.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from orchestration.gates import GateOutcome
from orchestration.phases import Phase
from orchestration.records_schema import DDL

RunStatus = Literal["started", "published", "nothing_new", "gate_failed", "refused", "failed", "done"]
TIMESTAMP = "%Y-%m-%d %H:%M:%S.%f"
_WAIT_FOR_WRITER_SECONDS = 30.0


@dataclass(frozen=True)
class Inputs:
    """Everything a release is a function of; equal inputs need no second build."""

    landing_fingerprint: str
    as_of: date
    configuration_hash: str
    policy_hash: str
    code_version: str


@dataclass(frozen=True)
class Release:
    """A published release; its file may have been pruned. `file` is relative to home."""

    release_id: str
    run_id: str
    published_at: datetime
    known_at: datetime
    file: str
    inputs: Inputs
    gates: tuple[GateOutcome, ...] = ()


@dataclass(frozen=True)
class Run:
    """One command that held the lock."""

    run_id: str
    command: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    pid: int
    message: str
    release_id: str | None
    as_of: str | None


@dataclass(frozen=True)
class Total:
    """Control total of one company, class, bucket (empty where the release has none) and currency."""

    company_code: str
    receivable_class: str
    bucket: str
    currency: str
    amount_document: Decimal | None
    amount_functional: Decimal | None


class Records:
    """Reads and writes run and release rows; the file is opened per call, so no lock outlives it."""

    def __init__(self, manifest: Path) -> None:
        self._path = manifest
        manifest.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.executescript(DDL)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_WAIT_FOR_WRITER_SECONDS)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("pragma journal_mode = wal")
            # FULL: what was announced before the switch survives a power cut after it
            connection.execute("pragma synchronous = full")
            with connection:
                yield connection
        finally:
            connection.close()

    # runs

    def start_run(self, command: str) -> str:
        """Record that a command took the lock; returns its id."""
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%dT%H%M%S%f}"
        with self._connection() as connection:
            connection.execute(
                "insert into runs (run_id, command, status, started_at, pid) values (?, ?, 'started', ?, ?)",
                (run_id, command, to_utc_text(now), os.getpid()),
            )
        return run_id

    def end_run(
        self,
        run_id: str,
        *,
        status: RunStatus,
        message: str,
        release_id: str | None = None,
        as_of: date | None = None,
        gates: Sequence[GateOutcome] = (),
    ) -> None:
        """Record how a run ended."""
        values = (
            status,
            message,
            to_utc_text(datetime.now(UTC)),
            release_id,
            as_of and as_of.isoformat(),
            _gates_to_json(gates),
            run_id,
        )
        with self._connection() as connection:
            connection.execute(
                "update runs set status = ?, message = ?, finished_at = ?, release_id = ?, as_of = ?, gates = ?"
                " where run_id = ?",
                values,
            )

    def fail_dead_runs(self) -> list[Run]:
        """Mark every run still `started` as failed. Only the holder of the lock may ask: none can be alive then."""
        with self._connection() as connection:
            dead = connection.execute("select * from runs where status = 'started'").fetchall()
            connection.execute(
                "update runs set status = 'failed', finished_at = ?, message = ? where status = 'started'",
                (to_utc_text(datetime.now(UTC)), "the process died before it ended"),
            )
        return [_run(row) for row in dead]

    def record_phases(self, run_id: str, phases: Iterable[Phase]) -> None:
        """Record where the seconds of a run went."""
        with self._connection() as connection:
            connection.executemany(
                "insert or replace into run_phases values (?, ?, ?, ?)",
                [(run_id, phase.name, to_utc_text(phase.started_at), phase.seconds) for phase in phases],
            )

    def phases(self, run_id: str) -> list[Phase]:
        """Phases of a run in the order in which they began."""
        with self._connection() as connection:
            rows = connection.execute(
                "select * from run_phases where run_id = ? order by started_at, phase", (run_id,)
            ).fetchall()
        return [Phase(row["phase"], _to_moment(row["started_at"]), row["seconds"]) for row in rows]

    def runs(self, *, limit: int = 20) -> list[Run]:
        """Newest first."""
        with self._connection() as connection:
            rows = connection.execute("select * from runs order by run_id desc limit ?", (limit,)).fetchall()
        return [_run(row) for row in rows]

    # releases

    def next_release_id(self, *, taken: Iterable[str] = ()) -> str:
        """`r0001`, `r0002`, ... in order of publication; never one of `taken` (files without a record)."""
        with self._connection() as connection:
            known = [row["release_id"] for row in connection.execute("select release_id from releases")]
        newest = max((int(release_id[1:]) for release_id in [*known, *taken]), default=0)
        return f"r{newest + 1:04d}"

    def announce_release(self, release: Release, *, totals: Iterable[Total]) -> None:
        """Record a release that is about to be switched to; it counts only after `confirm_release`."""
        inputs = release.inputs
        values = (
            release.release_id,
            release.run_id,
            to_utc_text(release.published_at),
            inputs.as_of.isoformat(),
            to_utc_text(release.known_at),
            release.file,
            inputs.landing_fingerprint,
            inputs.configuration_hash,
            inputs.policy_hash,
            inputs.code_version,
            _gates_to_json(release.gates),
        )
        with self._connection() as connection:
            connection.execute(
                "insert into releases values (?, 'publishing', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )
            connection.executemany(
                "insert into release_totals values (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        release.release_id,
                        total.company_code,
                        total.receivable_class,
                        total.bucket,
                        total.currency,
                        None if total.amount_document is None else str(total.amount_document),
                        None if total.amount_functional is None else str(total.amount_functional),
                    )
                    for total in totals
                ],
            )

    def confirm_release(self, release_id: str) -> None:
        """The switch has happened."""
        with self._connection() as connection:
            connection.execute("update releases set status = 'published' where release_id = ?", (release_id,))

    def withdraw_release(self, release_id: str) -> None:
        """The switch never happened: the release was never readable, so its number is free again."""
        with self._connection() as connection:
            connection.execute(
                "delete from release_totals where release_id in"
                " (select release_id from releases where release_id = ? and status = 'publishing')",
                (release_id,),
            )
            connection.execute(
                "delete from releases where release_id = ? and status = 'publishing'", (release_id,)
            )

    def unconfirmed_releases(self) -> list[Release]:
        """Releases whose publisher died between announcing and confirming."""
        return self._releases("publishing")

    def releases(self) -> list[Release]:
        """Published releases, newest first."""
        return self._releases("published")

    def _releases(self, status: str) -> list[Release]:
        with self._connection() as connection:
            rows = connection.execute("select * from releases where status = ?", (status,)).fetchall()
        return sorted((_release(row) for row in rows), key=lambda r: int(r.release_id[1:]), reverse=True)

    def totals(self, release_id: str) -> list[Total]:
        """Control totals of a release, pruned or not."""
        with self._connection() as connection:
            rows = connection.execute(
                "select * from release_totals where release_id = ?"
                " order by company_code, receivable_class, bucket, currency",
                (release_id,),
            ).fetchall()
        return [
            Total(
                company_code=row["company_code"],
                receivable_class=row["receivable_class"],
                bucket=row["bucket"],
                currency=row["currency"],
                amount_document=_decimal(row["amount_document"]),
                amount_functional=_decimal(row["amount_functional"]),
            )
            for row in rows
        ]


def to_utc_text(moment: datetime) -> str:
    """Naive UTC of fixed width, so that text order is time order."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime(TIMESTAMP)


def _to_moment(text: str) -> datetime:
    return datetime.strptime(text, TIMESTAMP).replace(tzinfo=UTC)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _run(row: sqlite3.Row) -> Run:
    return Run(
        run_id=row["run_id"],
        command=row["command"],
        status=row["status"],
        started_at=_to_moment(row["started_at"]),
        finished_at=row["finished_at"] and _to_moment(row["finished_at"]),
        pid=row["pid"],
        message=row["message"],
        release_id=row["release_id"],
        as_of=row["as_of"],
    )


def _release(row: sqlite3.Row) -> Release:
    return Release(
        release_id=row["release_id"],
        run_id=row["run_id"],
        published_at=_to_moment(row["published_at"]),
        known_at=_to_moment(row["known_at"]),
        file=row["file"],
        inputs=Inputs(
            landing_fingerprint=row["landing_fingerprint"],
            as_of=date.fromisoformat(row["as_of"]),
            configuration_hash=row["configuration_hash"],
            policy_hash=row["policy_hash"],
            code_version=row["code_version"],
        ),
        gates=tuple(_gate(entry) for entry in json.loads(row["gates"])),
    )


def _gates_to_json(gates: Iterable[GateOutcome]) -> str:
    return json.dumps([asdict(gate) for gate in gates], ensure_ascii=False)


def _gate(entry: Mapping[str, Any]) -> GateOutcome:
    return GateOutcome(**{**entry, "where": tuple(entry["where"])})
