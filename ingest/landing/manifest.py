"""The manifest: what has landed, what was refused, and where the files are.

Belongs here: the SQLite file and every query of its landing tables. Must not: Parquet, parsing. Runs and releases
have their tables in the same file, kept by the orchestration room; of them only `releases.known_at` is read here.

A load exists when its row here has committed. SQLite in WAL mode: a reader never waits for the one writer.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.landing.manifest_schema import DDL, SCHEMA_VERSION
from ingest.landing.records import (
    DeliveredFile,
    Delivery,
    DeliveryRefused,
    Load,
    Refusal,
    RejectedRow,
    to_moment,
    to_text,
)

# rows of a refused delivery are a sample for the person who mends the source
MOST_REJECTED_ROWS_OF_A_REFUSAL = 1_000
WAIT_FOR_WRITER_SECONDS = 30.0


class ManifestTooNew(RuntimeError):
    """The manifest was written by a newer version of this program."""


class Manifest:
    """An open manifest. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=WAIT_FOR_WRITER_SECONDS, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        # FULL: a committed load survives a power cut, because its Parquet file was fsynced before
        self._connection.execute("pragma synchronous = full")
        version = int(self._connection.execute("pragma user_version").fetchall()[0][0])
        if version > SCHEMA_VERSION:
            self._connection.close()
            raise ManifestTooNew(
                f"{path} has version {version}, this program reads {SCHEMA_VERSION}. Upgrade it."
            )
        if version < SCHEMA_VERSION:
            self._connection.executescript(
                f"begin immediate; {DDL} pragma user_version = {SCHEMA_VERSION}; commit;"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction; rolled back when the block raises."""
        self._connection.execute("begin immediate")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    # loads

    def loads(self, *, known_at: datetime | None = None) -> list[Load]:
        """Every load that counts, oldest knowledge first; those not known by `known_at` left out."""
        limit = to_text(known_at) if known_at else "9"
        sql = "select * from loads where not is_superseded and known_at <= ? order by known_at, load_id"
        return [_load(row) for row in self._rows(sql, (limit,))]

    def loads_of(self, source: str, *, entity: str) -> list[Load]:
        """Loads of one source and entity, oldest extraction first."""
        sql = """select * from loads where source = ? and entity = ? and not is_superseded
            order by extracted_at, known_at, load_id"""
        return [_load(row) for row in self._rows(sql, (source, entity))]

    def next_load_id(self) -> int:
        """The id after the largest ever given."""
        return int(self._rows("select coalesce(max(load_id), 0) + 1 as next from loads")[0]["next"])

    def known_hashes(
        self, source: str, *, entity: str, newest_only: bool = False
    ) -> dict[datetime, frozenset[str]]:
        """Content of the files landed so far, by extraction time; `newest_only`: of its newest load alone."""
        sql = """select f.extracted_at, f.content_hash, f.load_id from files f join loads l using (load_id)
            where f.source = ? and f.entity = ? and not l.is_superseded"""
        rows = self._rows(sql, (source, entity))
        newest: dict[str, int] = {}
        for row in rows:
            newest[row["extracted_at"]] = max(row["load_id"], newest.get(row["extracted_at"], 0))
        found: dict[datetime, set[str]] = {}
        for row in rows:
            if not newest_only or row["load_id"] == newest[row["extracted_at"]]:
                found.setdefault(to_moment(row["extracted_at"]), set()).add(row["content_hash"])
        return {moment: frozenset(hashes) for moment, hashes in found.items()}

    def commit_load(
        self,
        load: Load,
        *,
        files: Iterable[DeliveredFile],
        companies: Iterable[str],
        rejected: Iterable[RejectedRow],
        supersedes: Iterable[int] = (),
    ) -> None:
        """Make the load exist: one transaction for its row, files, companies and quarantine."""
        values = {
            "load_id": load.load_id,
            "source": load.source,
            "entity": load.entity,
            "mode": load.mode,
            "extracted_at": to_text(load.extracted_at),
            "known_at": to_text(load.known_at),
            "landed_at": to_text(load.landed_at),
            "business_date": load.business_date.isoformat(),
            "is_required": int(load.is_required),
            "content_hash": load.content_hash,
            "path": load.path,
            "columns": json.dumps(load.columns),
            "file_count": load.file_count,
            "rows_read": load.rows_read,
            "rows_landed": load.rows_landed,
            "rows_unchanged": load.rows_unchanged,
            "rows_collapsed": load.rows_collapsed,
            "rows_rejected": load.rows_rejected,
            "rows_tombstoned": load.rows_tombstoned,
            "amount_rejected": str(load.amount_rejected),
            "verdict": load.verdict,
        }
        delivery = (load.source, load.entity, values["extracted_at"])
        with self.transaction() as connection:
            connection.executemany(
                "update loads set is_superseded = 1 where load_id = ?", [(i,) for i in supersedes]
            )
            names = ", ".join(values)
            marks = ", ".join("?" for _ in values)
            connection.execute(f"insert into loads ({names}) values ({marks})", tuple(values.values()))
            connection.executemany(
                "insert into files values (?, ?, ?, ?, ?, ?, ?)",
                [(load.load_id, *delivery, f.name, f.content_hash, f.size) for f in files],
            )
            connection.executemany(
                "insert into load_companies values (?, ?)",
                [(load.load_id, c) for c in sorted(set(companies))],
            )
            _insert_rejected(connection, rejected, load_id=load.load_id, refusal_id=None)
            connection.execute(
                "update refusals set is_resolved = 1 where source = ? and entity = ? and extracted_at = ?",
                delivery,
            )

    def companies_of(self, source: str, *, until: datetime | None = None) -> set[str]:
        """Companies seen in rows of a source, in deliveries extracted up to `until`."""
        sql = """select distinct company_code from load_companies join loads using (load_id)
            where source = ? and extracted_at <= ? and not is_superseded"""
        limit = to_text(until) if until else "9"
        return {row["company_code"] for row in self._rows(sql, (source, limit))}

    def load_companies(self) -> dict[int, list[str]]:
        """Companies seen in the rows of each load."""
        found: dict[int, list[str]] = {}
        for row in self._rows(
            "select load_id, company_code from load_companies order by load_id, company_code"
        ):
            found.setdefault(row["load_id"], []).append(row["company_code"])
        return found

    def landed_paths(self) -> set[str]:
        """Every Parquet file that belongs to a load, superseded ones included."""
        return {row["path"] for row in self._rows("select path from loads where path is not null")}

    # knowledge clock

    def newest_published_known_at(self) -> datetime | None:
        """The latest moment that a published release claims to know about."""
        if not self._rows("select 1 from sqlite_master where type = 'table' and name = 'releases'"):
            return None
        found = self._rows("select max(known_at) as newest from releases")[0]["newest"]
        return to_moment(found) if found else None

    def first_free_known_at(self) -> datetime | None:
        """The earliest `_known_at` a new load may take, so that no published answer changes."""
        newest = self.newest_published_known_at()
        return newest + timedelta(microseconds=1) if newest else None

    # refusals and rejected rows

    def record_refusal(
        self, delivery: Delivery, error: DeliveryRefused, *, content_hash: str, required: bool
    ) -> Refusal:
        """Remember a refused delivery; the same one refused again replaces what was known of it."""
        refusal = Refusal(
            source=delivery.source,
            entity=delivery.entity,
            extracted_at=delivery.extracted_at,
            required=required,
            reason_code=error.reason_code,
            reason=str(error),
            fix=error.fix,
        )
        key = (delivery.source, delivery.entity, to_text(delivery.extracted_at), content_hash)
        with self.transaction() as connection:
            connection.execute(
                """insert into refusals (source, entity, extracted_at, content_hash, is_required, reason_code, reason,
                    fix, refused_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (source, entity, extracted_at, content_hash) do update set
                    is_required = excluded.is_required, reason_code = excluded.reason_code,
                    reason = excluded.reason, fix = excluded.fix, is_resolved = 0""",
                (*key, int(required), error.reason_code, str(error), error.fix, to_text(datetime.now(UTC))),
            )
            where = "source = ? and entity = ? and extracted_at = ? and content_hash = ?"
            found = connection.execute(f"select refusal_id from refusals where {where}", key).fetchall()
            refusal_id = found[0]["refusal_id"]
            connection.execute("delete from rejected_rows where refusal_id = ?", (refusal_id,))
            sample = error.rejected[:MOST_REJECTED_ROWS_OF_A_REFUSAL]
            _insert_rejected(connection, sample, load_id=None, refusal_id=refusal_id)
        return refusal

    def open_refusals(self) -> list[tuple[Refusal, str]]:
        """Refusals not followed by a landed delivery of the same extraction time, with their content hash."""
        rows = self._rows(
            "select * from refusals where not is_resolved order by extracted_at, source, entity"
        )
        return [(_refusal(row), row["content_hash"]) for row in rows]

    def refused_before(self, source: str, *, entity: str) -> dict[tuple[str, str], str]:
        """Reason of every refusal ever, by (extraction text, content hash)."""
        sql = "select extracted_at, content_hash, reason_code from refusals where source = ? and entity = ?"
        rows = self._rows(sql, (source, entity))
        return {(row["extracted_at"], row["content_hash"]): row["reason_code"] for row in rows}

    def resolve_refusal(self, delivery: Delivery, *, content_hash: str) -> None:
        """Close the refusal of one delivery."""
        key = (delivery.source, delivery.entity, to_text(delivery.extracted_at), content_hash)
        where = "source = ? and entity = ? and extracted_at = ? and content_hash = ?"
        with self.transaction() as connection:
            connection.execute(f"update refusals set is_resolved = 1 where {where}", key)

    def resolve_refusals(self, source: str, *, entity: str, keep: set[tuple[str, str]]) -> None:
        """Close the refusals of a source and entity except those of (extraction text, content hash) in `keep`."""
        rows = self._rows(
            """select refusal_id, extracted_at, content_hash from refusals
            where source = ? and entity = ? and not is_resolved""",
            (source, entity),
        )
        gone = [(r["refusal_id"],) for r in rows if (r["extracted_at"], r["content_hash"]) not in keep]
        if gone:
            with self.transaction() as connection:
                connection.executemany("update refusals set is_resolved = 1 where refusal_id = ?", gone)

    def rejected_rows(self, *, load_ids: Iterable[int] | None = None) -> list[RejectedRow]:
        """Rows in quarantine: of landed loads, and of deliveries refused and not landed since."""
        sql = """
            select r.*, l.known_at from rejected_rows r
            left join loads l on r.load_id = l.load_id
            left join refusals f on r.refusal_id = f.refusal_id
            where (r.load_id is not null and not l.is_superseded) or (r.refusal_id is not null and not f.is_resolved)
            order by coalesce(r.load_id, 999999999), r.refusal_id, r.file, r.row"""
        wanted = None if load_ids is None else set(load_ids)
        return [_rejected(row) for row in self._rows(sql) if wanted is None or row["load_id"] in wanted]

    # content hashes

    def cached_hashes(self) -> dict[tuple[str, int, int], str]:
        """Content hashes computed earlier, by path, size and time of change."""
        rows = self._rows("select * from file_hashes")
        return {(row["path"], row["size"], row["modified_ns"]): row["content_hash"] for row in rows}

    def remember_hashes(self, files: Iterable[DeliveredFile]) -> None:
        """Keep the content hashes of files, so that the next run does not read them again."""
        values = [(str(f.path), f.size, f.modified_ns, f.content_hash) for f in files]
        if values:
            with self.transaction() as connection:
                connection.executemany("insert or replace into file_hashes values (?, ?, ?, ?)", values)


def _insert_rejected(
    connection: sqlite3.Connection,
    rows: Iterable[RejectedRow],
    *,
    load_id: int | None,
    refusal_id: int | None,
) -> None:
    connection.executemany(
        "insert into rejected_rows values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                load_id,
                refusal_id,
                r.source,
                r.entity,
                r.file,
                r.row,
                r.reason_code,
                r.column_name,
                r.original_text,
                r.record,
                r.company_code,
                None if r.amount is None else str(r.amount),
                r.currency,
            )
            for r in rows
        ),
    )


def _load(row: sqlite3.Row) -> Load:
    return Load(
        load_id=row["load_id"],
        source=row["source"],
        entity=row["entity"],
        mode=row["mode"],
        extracted_at=to_moment(row["extracted_at"]),
        known_at=to_moment(row["known_at"]),
        landed_at=to_moment(row["landed_at"]),
        business_date=date.fromisoformat(row["business_date"]),
        is_required=bool(row["is_required"]),
        content_hash=row["content_hash"],
        path=row["path"],
        columns=tuple(json.loads(row["columns"])),
        rows_read=row["rows_read"],
        rows_landed=row["rows_landed"],
        rows_unchanged=row["rows_unchanged"],
        rows_collapsed=row["rows_collapsed"],
        rows_rejected=row["rows_rejected"],
        rows_tombstoned=row["rows_tombstoned"],
        amount_rejected=Decimal(row["amount_rejected"]),
        verdict=row["verdict"],
        file_count=row["file_count"],
    )


def _refusal(row: sqlite3.Row) -> Refusal:
    return Refusal(
        source=row["source"],
        entity=row["entity"],
        extracted_at=to_moment(row["extracted_at"]),
        required=bool(row["is_required"]),
        reason_code=row["reason_code"],
        reason=row["reason"],
        fix=row["fix"],
    )


def _rejected(row: sqlite3.Row) -> RejectedRow:
    return RejectedRow(
        source=row["source"],
        entity=row["entity"],
        file=row["file"],
        row=row["row"],
        reason_code=row["reason_code"],
        column_name=row["column_name"],
        original_text=row["original_text"],
        record=row["record"],
        company_code=row["company_code"],
        amount=None if row["amount"] is None else Decimal(row["amount"]),
        currency=row["currency"],
        load_id=row["load_id"],
        known_at=to_moment(row["known_at"]) if row["known_at"] else None,
    )
