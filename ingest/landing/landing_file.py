"""The landing file of a delivery in which every row is new: staged rows and what each row of a load carries.

Belongs here: what a row carries, writing rows as they were staged. Must not: finding out which rows are new
(changes.py, which also writes the file where only some are).

Polars writes such a file in half the time of DuckDB, which looks for repeated values in every text column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from ingest.canonical import OPERATION, UPSERT
from ingest.formats import ROW
from ingest.landing.hashing import ROW_HASH
from ingest.landing.staging import FILE

# as DuckDB writes them: a reader with many threads takes a row group with each
ROW_GROUP_ROWS = 122_880


@dataclass(frozen=True)
class Stamp:
    """What every row of a load carries."""

    source: str
    load_id: int
    known_at: datetime
    landed_at: datetime


def write_new_rows(
    rows: pl.LazyFrame, path: Path, *, columns: Sequence[str], stamp: Stamp, with_tombstones: bool
) -> None:
    """Write staged rows in their order, a row group at a time.

    Args:
        columns: those of the entity that the file has, in its order.
        with_tombstones: whether a row that only says what was deleted lands too.
    """
    if not with_tombstones:
        rows = rows.filter(pl.col(OPERATION) == UPSERT)
    rows.select(
        *columns,
        pl.lit(stamp.source).alias("_source"),
        pl.lit(stamp.load_id, pl.Int64).alias("_load_id"),
        FILE,
        ROW,
        pl.lit(stamp.known_at.replace(tzinfo=None), pl.Datetime("us")).alias("_known_at"),
        pl.lit(stamp.landed_at.replace(tzinfo=None), pl.Datetime("us")).alias("_landed_at"),
        ROW_HASH,
        OPERATION,
    ).sink_parquet(path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP_ROWS)
