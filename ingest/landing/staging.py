"""Staging a delivery: its files become one typed relation in DuckDB, and a frame of rejected rows.

Belongs here: reading all files of one delivery through formats and canonical rules, with bounded memory. Must not:
comparing with what has landed, writing landing files.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.canonical import (
    COMPANY,
    OPERATION,
    REJECTED_COLUMNS,
    UPSERT,
    CanonicalBatch,
    canonicalise,
)
from ingest.contract import Entity
from ingest.file_mapping import FileMapping, map_feed, map_file
from ingest.formats import ROW, StructureError, TextBatch, TextFile, UnreadableFile, open_tables, open_text
from ingest.landing.file_guards import is_unchanged
from ingest.landing.hashing import ROW_HASH, with_row_hash
from ingest.landing.lookups import with_lookups
from ingest.landing.records import DeliveredFile, Delivery, DeliveryRefused, rejected_file
from ingest.landing.sql import read_parquet_sql
from ingest.reasons import FILE_CHANGED, MISSING_COLUMN, REJECTED_SHARE, fix_of
from ingest.running_balance import STATEMENT, statements_of
from ingest.settings import Source

INCOMING = "incoming"
# folder beside those of the deliveries: what a statement file holds of the entity that comes next
PARSED = "parsed"
SEQUENCE = "_seq"
FILE = "_file"

# columns that a rule of canonical may fill although no file has them
FILLED_BY_RULES = ("original_document_type",)

# what is held as frames before it goes to a piece on disk
MOST_ROWS_IN_MEMORY = 500_000
# no delivery that should land has so many bad rows; a gigabyte of them, with all their texts, would be kept
MOST_REJECTED_ROWS = 1_000_000


@dataclass(frozen=True)
class Staged:
    """A delivery after reading. The relation `incoming` holds public columns, `_row`, `_op`, `_file`, `_seq` and
    `_row_hash`; `rows` the same, but for columns that no file can fill. Lines of a bank have no hash yet: it holds
    their number, which comes later.

    `records` counts what is in the files; `rows_read` counts a row for `*` once per company. `rejected` has the
    rejected columns of canonical, the key columns and `_file`; `private` has key and private columns of the entity,
    or is None where it has none. `columns` are those that may hold a value. `has_unique_keys`: no key comes twice;
    where it is false one may.
    """

    records: int
    rows_read: int
    amount: Decimal
    rejected: pl.DataFrame
    private: pl.DataFrame | None
    columns: frozenset[str]
    companies: frozenset[str]
    unknown_columns: tuple[str, ...]
    has_unique_keys: bool
    rows: pl.LazyFrame


def stage(
    delivery: Delivery,
    *,
    source: Source,
    entity: Entity,
    companies: Sequence[str],
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
) -> Staged:
    """Read every file of a delivery.

    Args:
        companies: those that a row for company `*` stands for.
        folder: for pieces of a large delivery; emptied first.
    Raises:
        DeliveryRefused: a file is unreadable, lacks a required column, or changes while it is read.
    """
    shutil.rmtree(folder, ignore_errors=True)
    hashed: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    if not is_numbered_later(entity):
        hashed = partial(with_row_hash, entity=entity, connection=connection)
    whole = _Part(entity=entity, folder=folder, hashed=hashed)
    unknown: dict[str, None] = {}
    columns: set[str] = set()
    for number, file in enumerate(delivery.files):
        try:
            part, mappings = _read_file(
                file,
                source=source,
                companies=companies,
                part=whole.next_part(folder / f"{number:05d}"),
                siblings=delivery.files,
                parsed=folder.parent / PARSED / source.name,
            )
        except UnreadableFile as error:
            # what is not whole yet reads like what is damaged
            refusal = _unreadable(file, delivery, error) if is_unchanged(file) else _changed(file, delivery)
            raise refusal from error
        except (FileNotFoundError, PermissionError) as error:
            # only the file itself is the delivery's fault; a folder of ours without room or rights is the machine's
            if is_unchanged(file) and os.access(file.path, os.R_OK):
                raise
            raise _changed(file, delivery) from error
        if not is_unchanged(file):
            raise _changed(file, delivery)
        for mapping in mappings:
            unknown.update(dict.fromkeys(mapping.unknown))
            columns |= _filled_by(mapping)
        whole.absorb(part)
        _refuse_endless_rejects(whole, where=delivery.label)
    columns &= {column.name for column in entity.columns.values()}
    rows = _register(whole, columns=columns, connection=connection)
    rejected_schema = {
        **REJECTED_COLUMNS,
        **{k: entity.columns[k].polars_type for k in entity.key},
        FILE: pl.String(),
    }
    rejected = pl.concat([pl.DataFrame(schema=rejected_schema), *whole.rejected], how="diagonal")
    return Staged(
        records=whole.records,
        rows_read=whole.rows_read,
        amount=whole.amount,
        rejected=rejected,
        private=pl.concat(whole.private) if whole.private else None,
        columns=frozenset(columns),
        companies=frozenset(whole.companies),
        unknown_columns=tuple(unknown),
        has_unique_keys=whole.has_unique_keys(),
        rows=rows,
    )


def _refuse_endless_rejects(part: "_Part", *, where: str) -> None:
    """Each rejected row is kept with its texts: of a file that is wrong from end to end a sample is enough."""
    count = sum(frame.height for frame in part.rejected)
    if count <= MOST_REJECTED_ROWS:
        return
    reasons = pl.concat(part.rejected, how="diagonal")["reason_code"].value_counts(sort=True).head(3)
    told = ", ".join(f"{reason} {number}" for reason, number in reasons.rows())
    raise DeliveryRefused(
        REJECTED_SHARE,
        f"{where}: more than {MOST_REJECTED_ROWS:,} rows are rejected ({told}), so reading was given up.",
        fix="mend the extract or the profile; docs/rejects.md says what each reason asks for.",
    )


def _changed(file: DeliveredFile, delivery: Delivery) -> DeliveryRefused:
    reason = f"{file.name}: changed while it was read."
    return DeliveryRefused(
        FILE_CHANGED,
        reason,
        fix=f"{fix_of(FILE_CHANGED)}.",
        rejected=(rejected_file(delivery, file=file.name, reason_code=FILE_CHANGED, reason=reason),),
    )


def _unreadable(file: DeliveredFile, delivery: Delivery, error: UnreadableFile) -> DeliveryRefused:
    rejected = rejected_file(delivery, file=file.name, reason_code=error.reason_code, reason=str(error))
    return DeliveryRefused(error.reason_code, str(error), fix=error.fix, rejected=(rejected,))


@dataclass
class _Part:
    """What one file, or several, came to: frames in memory, and pieces on disk once they grow."""

    entity: Entity
    folder: Path
    hashed: Callable[[pl.DataFrame], pl.DataFrame] | None
    sequence: int = 0
    records: int = 0
    rows_read: int = 0
    amount: Decimal = Decimal(0)
    frames: list[pl.DataFrame] = field(default_factory=list)
    pieces: list[Path] = field(default_factory=list)
    rejected: list[pl.DataFrame] = field(default_factory=list)
    private: list[pl.DataFrame] = field(default_factory=list)
    companies: set[str] = field(default_factory=set)
    key_hashes: list[npt.NDArray[np.uint64]] = field(default_factory=list)

    def next_part(self, folder: Path) -> "_Part":
        return _Part(entity=self.entity, folder=folder, hashed=self.hashed, sequence=self.sequence)

    def has_unique_keys(self) -> bool:
        """Whether all keys differ for certain. Different hashes are different keys; equal ones may be chance, and are
        looked into by those who then ask for the keys themselves."""
        if not self.key_hashes:
            return True
        ordered = np.sort(np.concatenate(self.key_hashes))
        return not bool((ordered[1:] == ordered[:-1]).any())

    def add(self, batch: CanonicalBatch, *, columns: Collection[str], file_name: str) -> None:
        """Take up the rows of a batch; `columns` are those that the file can fill."""
        height = batch.accepted.height
        accepted = batch.accepted.with_columns(
            pl.lit(file_name).alias(FILE),
            pl.int_range(self.sequence, self.sequence + height, dtype=pl.Int64).alias(SEQUENCE),
        )
        self.sequence += height
        self.records += batch.records
        self.rows_read += batch.rows_read
        self.amount += batch.amount
        if batch.rejected.height:
            self.rejected.append(batch.rejected.with_columns(pl.lit(file_name).alias(FILE)))
        if COMPANY in self.entity.columns:
            self.companies.update(accepted[COMPANY].drop_nulls().unique())
        private = [column.name for column in self.entity.private_columns]
        if private:
            wanted = accepted.filter(pl.col(OPERATION) == UPSERT)
            self.private.append(wanted.select(SEQUENCE, *self.entity.key, *private))
            accepted = accepted.drop(private)
        self.key_hashes.append(accepted.select(pl.struct(self.entity.key).hash(0)).to_series().to_numpy())
        carried = {*columns, *self.entity.key, ROW, OPERATION, FILE, SEQUENCE}
        self.frames.append(accepted.select(name for name in accepted.columns if name in carried))
        self._spill()

    def absorb(self, part: "_Part") -> None:
        self.sequence = part.sequence
        self.records += part.records
        self.rows_read += part.rows_read
        self.amount += part.amount
        self.frames += part.frames
        self.pieces += part.pieces
        self.rejected += part.rejected
        self.private += part.private
        self.companies |= part.companies
        self.key_hashes += part.key_hashes
        self._spill()

    def _spill(self) -> None:
        if sum(frame.height for frame in self.frames) > MOST_ROWS_IN_MEMORY:
            self.write_piece()

    def write_piece(self) -> None:
        """Put what is in memory on disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{len(self.pieces):06d}.parquet"
        self.in_memory().write_parquet(path, compression="lz4")
        self.pieces.append(path)
        self.frames = []

    def in_memory(self) -> pl.DataFrame:
        """The rows that are on no disk, with their hashes. Files need not fill the same columns."""
        together = pl.concat(self.frames, how="diagonal")
        return together if self.hashed is None else self.hashed(together)


def _filled_by(mapping: FileMapping) -> set[str]:
    """Columns that a file can fill."""
    return {*mapping.cells, *mapping.constants, *FILLED_BY_RULES}


def _read_file(
    file: DeliveredFile,
    *,
    source: Source,
    companies: Sequence[str],
    part: _Part,
    siblings: Sequence[DeliveredFile],
    parsed: Path,
) -> tuple[_Part, list[FileMapping]]:
    mappings = []
    openings = _openings(file, source=source, entity=part.entity, siblings=siblings, parsed=parsed)
    for opened, mapping in openings:
        if mapping.missing:
            raise DeliveryRefused(
                MISSING_COLUMN,
                f"{file.name} has no column {', '.join(mapping.missing)}; it has {', '.join(opened.header)}.",
                fix="add the column to the extract, map it in the profile, or give it under `constants` of the"
                f" source (profile {source.profile} expects the delimiter {source.definition.delimiter!r}).",
            )
        part = _read_mapped(opened, mapping, file_name=file.name, companies=companies, part=part)
        mappings.append(mapping)
    return part, mappings


def _openings(
    file: DeliveredFile,
    *,
    source: Source,
    entity: Entity,
    siblings: Sequence[DeliveredFile],
    parsed: Path,
) -> Iterator[tuple[TextFile, FileMapping]]:
    """The file, opened once for everything in it that feeds the entity."""
    profile = source.definition
    if not profile.tables:
        kept = parsed / file.content_hash
        opened = open_text(file.path, profile=profile, entity=entity.name, kept=kept)
        yield opened, map_file(opened, entity=entity, profile=profile, constants=source.constants)
        return
    for table, alone in open_tables(file.path, profile=profile, given=source.constants):
        opened = with_lookups(alone, table=table, profile=profile, files=siblings)
        for feed in table.feeds:
            if feed.entity == entity.name:
                mapping = map_feed(
                    opened,
                    entity=entity,
                    profile=profile,
                    table=table,
                    feed=feed,
                    constants=source.constants,
                )
                yield opened, mapping
        if table.running_balance and entity.name == STATEMENT:
            statements = statements_of(opened, table=table, profile=profile, constants=source.constants)
            yield statements, map_file(statements, entity=entity, profile=profile, constants=source.constants)


def _read_mapped(
    opened: TextFile, mapping: FileMapping, *, file_name: str, companies: Sequence[str], part: _Part
) -> _Part:
    columns = _filled_by(mapping)

    def read_into(target: _Part, batches: Iterable[TextBatch]) -> _Part:
        for batch in batches:
            rows = canonicalise(batch, mapping=mapping, companies=companies)
            target.add(rows, columns=columns, file_name=file_name)
            _refuse_endless_rejects(target, where=file_name)
        return target

    # what a feed before this one has read stays when this one has to be read again
    fresh = part.next_part(part.folder / f"{part.sequence:012d}")
    again = part.next_part(part.folder / f"{part.sequence:012d}-again")
    try:
        part.absorb(read_into(fresh, opened.batches()))
    except StructureError:
        shutil.rmtree(fresh.folder, ignore_errors=True)
        part.absorb(read_into(again, opened.salvaged()))
    return part


def is_numbered_later(entity: Entity) -> bool:
    """Whether the rows are lines, which are numbered once all of them are there."""
    return entity.mode == "append"


def _register(
    part: _Part, *, columns: Collection[str], connection: duckdb.DuckDBPyConnection
) -> pl.LazyFrame:
    """Make `incoming`, and give its rows. Columns that no file fills are NULL there and cost nothing on the way."""
    connection.execute(f"drop view if exists {INCOMING}")
    carried = {c.name: c.polars_type for c in part.entity.public_columns if c.name in columns}
    carried |= {name: part.entity.columns[name].polars_type for name in part.entity.key}
    carried |= {ROW: pl.Int64(), OPERATION: pl.String(), FILE: pl.String(), SEQUENCE: pl.Int64()}
    own = [ROW, OPERATION, FILE, SEQUENCE, *([] if part.hashed is None else [ROW_HASH])]
    if part.pieces:
        if part.frames:
            part.write_piece()
        origin = read_parquet_sql(part.pieces)
        rows = pl.concat([pl.scan_parquet(piece) for piece in part.pieces], how="diagonal")
    else:
        origin = "incoming_frame"
        part.frames.insert(0, pl.DataFrame(schema=carried))
        frame = part.in_memory()
        connection.register(origin, frame.to_arrow())
        rows = frame.lazy()
    public = ", ".join(
        f'"{column.name}"'
        if column.name in carried
        else f'cast(null as {column.duckdb_type}) as "{column.name}"'
        for column in part.entity.public_columns
    )
    connection.execute(f"create view {INCOMING} as select {public}, {', '.join(own)} from {origin}")
    return rows
