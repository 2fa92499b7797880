"""Staging a delivery: its files become one typed relation in DuckDB, and a frame of rejected rows.

Belongs here: reading all files of one delivery through formats and canonical rules, with bounded memory. Must not:
comparing with what has landed, writing landing files.
"""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from ingest.canonical import (
    COMPANY,
    OPERATION,
    REJECTED_COLUMNS,
    UPSERT,
    CanonicalBatch,
    FileMapping,
    canonicalise,
    map_file,
)
from ingest.contract import Entity
from ingest.formats import StructureError, TextBatch, UnreadableFile, open_text
from ingest.landing.discovery import is_unchanged
from ingest.landing.records import DeliveredFile, Delivery, DeliveryRefused
from ingest.profiles import load_profile
from ingest.settings import Source

INCOMING = "incoming"
SEQUENCE = "_seq"
FILE = "_file"

# columns that a rule of canonical may fill although no file has them
FILLED_BY_RULES = ("original_document_type",)

# what is held as frames before it goes to a piece on disk
MOST_ROWS_IN_MEMORY = 500_000


@dataclass(frozen=True)
class Staged:
    """A delivery after reading. The relation `incoming` holds public columns, `_row`, `_op`, `_file` and `_seq`.

    `records` counts what is in the files; `rows_read` counts a row for `*` once per company. `rejected` has the
    rejected columns of canonical, the key columns and `_file`; `private` has key and private columns of the entity,
    or is None where it has none. `columns` are those that may hold a value.
    """

    records: int
    rows_read: int
    amount: Decimal
    rejected: pl.DataFrame
    private: pl.DataFrame | None
    columns: frozenset[str]
    companies: frozenset[str]
    unknown_columns: tuple[str, ...]


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
    whole = _Part(entity=entity, folder=folder)
    unknown: dict[str, None] = {}
    columns: set[str] = set()
    for number, file in enumerate(delivery.files):
        try:
            part, mapping = _read_file(
                file, source=source, companies=companies, part=whole.next_part(folder / f"{number:05d}")
            )
        except UnreadableFile as error:
            raise DeliveryRefused("unreadable_file", str(error), fix=error.fix) from error
        if not is_unchanged(file):
            raise DeliveryRefused(
                "file_changed",
                f"{file.name} changed while it was read.",
                fix="let the source write under another name and rename when done; then refresh again.",
            )
        unknown.update(dict.fromkeys(mapping.unknown))
        columns |= {*mapping.columns, *mapping.constants, *FILLED_BY_RULES}
        whole.absorb(part)
    _register(whole, connection=connection)
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
    )


@dataclass
class _Part:
    """What one file, or several, came to: frames in memory, and pieces on disk once they grow."""

    entity: Entity
    folder: Path
    sequence: int = 0
    records: int = 0
    rows_read: int = 0
    amount: Decimal = Decimal(0)
    frames: list[pl.DataFrame] = field(default_factory=list)
    pieces: list[Path] = field(default_factory=list)
    rejected: list[pl.DataFrame] = field(default_factory=list)
    private: list[pl.DataFrame] = field(default_factory=list)
    companies: set[str] = field(default_factory=set)

    def next_part(self, folder: Path) -> "_Part":
        return _Part(entity=self.entity, folder=folder, sequence=self.sequence)

    def add(self, batch: CanonicalBatch, *, file_name: str) -> None:
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
        self.frames.append(accepted)
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
        self._spill()

    def _spill(self) -> None:
        if sum(frame.height for frame in self.frames) <= MOST_ROWS_IN_MEMORY:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{len(self.pieces):06d}.parquet"
        pl.concat(self.frames).write_parquet(path, compression="lz4")
        self.pieces.append(path)
        self.frames = []


def _read_file(
    file: DeliveredFile, *, source: Source, companies: Sequence[str], part: _Part
) -> tuple[_Part, FileMapping]:
    profile = load_profile(source.profile)
    opened = open_text(file.path, profile=profile)
    mapping = map_file(opened, entity=part.entity, profile=profile, constants=source.constants)
    if mapping.missing:
        raise DeliveryRefused(
            "missing_column",
            f"{file.name} has no column {', '.join(mapping.missing)}; it has {', '.join(opened.header)}.",
            fix="add the column to the extract, map it in the profile, or give it under `constants` of the"
            f" source (profile {profile.name} expects the delimiter {profile.delimiter!r}).",
        )

    def read_into(target: _Part, batches: Iterable[TextBatch]) -> _Part:
        for batch in batches:
            target.add(canonicalise(batch, mapping=mapping, companies=companies), file_name=file.name)
        return target

    fresh = part.next_part(part.folder)
    try:
        return read_into(part, opened.batches()), mapping
    except StructureError:
        shutil.rmtree(part.folder, ignore_errors=True)
        return read_into(fresh, opened.salvaged()), mapping


def _register(part: _Part, *, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"drop view if exists {INCOMING}")
    if part.pieces:
        if part.frames:
            part.folder.mkdir(parents=True, exist_ok=True)
            last = part.folder / "last.parquet"
            pl.concat(part.frames).write_parquet(last, compression="lz4")
            part.pieces.append(last)
        listed = ", ".join(f"'{str(path).replace(chr(39), chr(39) * 2)}'" for path in part.pieces)
        connection.execute(f"create view {INCOMING} as select * from read_parquet([{listed}])")
        return
    columns = {c.name: c.polars_type for c in part.entity.public_columns}
    schema = {**columns, "_row": pl.Int64(), OPERATION: pl.String(), FILE: pl.String(), SEQUENCE: pl.Int64()}
    frame = pl.concat([pl.DataFrame(schema=schema), *part.frames])
    connection.register(INCOMING, frame.to_arrow())
