"""One pull: the queries of a source in one snapshot, as a folder of files that discovery reads as a delivery.

Belongs here: the order of steps, since when a query reads, watermarks. Must not: SQL, how files are written.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ingest.extraction.dsn import FORMS, AnyDsn, MariaDsn, PostgresqlDsn, SqliteDsn, parse_dsn
from ingest.extraction.failure import PullFailed
from ingest.extraction.files import PullRecord, TableRecord, finish, newest_pull, unfinished_pull, write_table
from ingest.extraction.mariadb import open_mariadb
from ingest.extraction.postgresql import open_postgresql
from ingest.extraction.queries import FAR_PAST, Incremental, Query, as_moment, since_text
from ingest.extraction.snapshot import Snapshot
from ingest.extraction.sqlite import open_sqlite
from ingest.settings import Settings, Source

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Pulled:
    """A finished pull: where its files lie, and what `_pull.json` says of them."""

    folder: Path
    record: PullRecord


def pull_source(settings: Settings, source: Source, *, queries: Sequence[Query], clock: Clock) -> Pulled:
    """Pull a source of `arrears.yml` that has a `dsn_env`. Hold the refresh lock while calling.

    Args:
        queries: those of the profile; each becomes `<name>.parquet`.
        clock: the time now, aware; taken for databases without a server.
    Raises:
        PullFailed: nothing was pulled.
        ValueError: the source reads files.
    """
    if source.dsn_env is None:
        raise ValueError(f"{source.name} has a path; only a source with dsn_env is pulled.")
    dsn = os.environ.get(source.dsn_env, "").strip()
    if not dsn:
        raise PullFailed(
            f"source {source.name}: the environment variable {source.dsn_env} is not set.",
            fix=f"set it to the DSN of the database: {FORMS}.",
        )
    folder = settings.home.pulls_of(source.name)
    return pull(dsn, queries, folder=folder, source=source.name, clock=clock)


def pull(dsn: str, queries: Sequence[Query], *, folder: Path, source: str, clock: Clock) -> Pulled:
    """Run all queries in one read-only snapshot; make `<folder>/<UTC time of the snapshot>/` with a file for each.

    An incremental query reads what was written since the watermark of the newest pull less its overlap, everything
    where that pull has none, or had another query. A query that needs tables which are not there is left out.

    Raises:
        PullFailed: nothing was pulled, and what lies in the folder is as before.
    """
    try:
        return _pull(parse_dsn(dsn), queries, folder=folder, source=source, clock=clock)
    except PullFailed as failure:
        raise PullFailed(f"source {source}: {failure.problem}", fix=failure.fix) from None


def _pull(dsn: AnyDsn, queries: Sequence[Query], *, folder: Path, source: str, clock: Clock) -> Pulled:
    _check_queries(queries)
    earlier = newest_pull(folder)
    try:
        with _open(dsn, clock=clock) as snapshot:
            _check_moment(snapshot.moment, earlier=earlier)
            with unfinished_pull(folder) as temporary:
                tables = {
                    query.name: _pull_table(query, snapshot=snapshot, folder=temporary, earlier=earlier)
                    for query in queries
                    if snapshot.can_ask(query)
                }
                record = PullRecord(
                    source=source, extracted_at=snapshot.moment, engine=snapshot.engine, tables=tables
                )
                return Pulled(finish(temporary, record=record), record)
    except OSError as error:
        # what the database says never arrives here as an OSError
        raise PullFailed(
            f"{folder} cannot be written: {error.strerror or error}.",
            fix="make room there, and let this user write to it.",
        ) from None


def _open(dsn: AnyDsn, *, clock: Clock) -> AbstractContextManager[Snapshot]:
    match dsn:
        case SqliteDsn():
            return open_sqlite(dsn, clock=clock)
        case MariaDsn():
            return open_mariadb(dsn)
        case PostgresqlDsn():
            return open_postgresql(dsn)


def _check_queries(queries: Sequence[Query]) -> None:
    names = [query.name.casefold() for query in queries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not names:
        raise PullFailed(
            "the profile has no queries.", fix="use a profile for databases, or a `path` with files."
        )
    if twice:
        raise PullFailed(f"two queries are called {twice[0]!r}.", fix="give each its own name.")


def _check_moment(moment: datetime, *, earlier: PullRecord | None) -> None:
    if earlier is not None and moment.replace(microsecond=0) <= earlier.extracted_at.replace(microsecond=0):
        raise PullFailed(
            f"the newest pull is of {earlier.extracted_at:%Y-%m-%d %H:%M:%S} UTC, and now it is"
            f" {moment:%Y-%m-%d %H:%M:%S} UTC there.",
            fix="pull again in a second; where the times are far apart, set the clock of the database right.",
        )


def _pull_table(query: Query, *, snapshot: Snapshot, folder: Path, earlier: PullRecord | None) -> TableRecord:
    known = earlier.tables.get(query.name) if earlier else None
    watermark = known.watermark if known and known.sha256 == query.sha256 else None
    since = _since(watermark, incremental=query.incremental)
    text = since_text(since or FAR_PAST) if query.incremental else None
    schema, batches = snapshot.read(query, since=text)
    seen = _Seen(query, watermark=watermark, moment=snapshot.moment)
    if query.incremental is not None:
        batches = seen.watching(batches, schema=schema, incremental=query.incremental)
    rows = write_table(folder / f"{query.name}.parquet", schema=schema, batches=batches)
    return TableRecord(
        sha256=query.sha256,
        columns=tuple(schema.names),
        rows=rows,
        since=since,
        watermark=seen.watermark,
    )


def _since(watermark: datetime | None, *, incremental: Incremental | None) -> datetime | None:
    """The moment from which an incremental query reads again, None where it reads everything."""
    if incremental is None or watermark is None or watermark - FAR_PAST <= incremental.overlap_duration:
        return None
    return watermark - incremental.overlap_duration


class _Seen:
    """The watermark while rows pass by."""

    def __init__(self, query: Query, *, watermark: datetime | None, moment: datetime) -> None:
        self._query = query
        self._moment = moment
        self.watermark = watermark

    def watching(
        self, batches: Iterator[pa.RecordBatch], *, schema: pa.Schema, incremental: Incremental
    ) -> Iterator[pa.RecordBatch]:
        if incremental.column not in schema.names:
            raise PullFailed(
                f"the query {self._query.name!r} gives no column {incremental.column!r}, which `incremental` names.",
                fix=f"add it to the query, or name one of {', '.join(schema.names)}.",
            )
        return self._watched(batches, column=incremental.column)

    def _watched(self, batches: Iterator[pa.RecordBatch], *, column: str) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for text in pc.unique(batch.column(column)).to_pylist():
                if text is not None:
                    moment = min(self._moment_of(text, column=column), self._moment)
                    self.watermark = moment if self.watermark is None else max(self.watermark, moment)
            yield batch

    def _moment_of(self, text: str, *, column: str) -> datetime:
        try:
            return as_moment(text)
        except (ValueError, OverflowError):
            raise PullFailed(
                f"the column {column!r} of the query {self._query.name!r} holds {text!r}, which is no time.",
                fix="name a column that holds when the row was last written, as an ISO date or time.",
            ) from None
