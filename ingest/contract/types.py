"""Column types of the contract, and what they are in Polars, in landing Parquet and in DuckDB.

Belongs here: the type names and the two type maps. Must not: parsing text into these types.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

ColumnType = Literal[
    "key", "text", "code", "currency", "money", "rate", "share", "date", "timestamp", "integer", "boolean"
]
COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)

DUCKDB_TYPES: dict[ColumnType, str] = {
    "key": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "currency": "VARCHAR",
    "money": "DECIMAL(18,2)",
    "rate": "DECIMAL(28,12)",
    "share": "DECIMAL(9,6)",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
}

# timestamps are naive and UTC on both sides: a zone would turn into TIMESTAMPTZ, which DuckDB shows in session time
POLARS_TYPES: dict[ColumnType, pl.DataType] = {
    "key": pl.String(),
    "text": pl.String(),
    "code": pl.String(),
    "currency": pl.String(),
    "money": pl.Decimal(18, 2),
    "rate": pl.Decimal(28, 12),
    "share": pl.Decimal(9, 6),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "integer": pl.Int32(),
    "boolean": pl.Boolean(),
}


@dataclass(frozen=True)
class LandingColumn:
    """One of the columns that landing adds to every row."""

    name: str
    duckdb_type: str
    polars_type: pl.DataType
    description: str


LANDING_COLUMNS: tuple[LandingColumn, ...] = (
    LandingColumn("_source", "VARCHAR", pl.String(), "source that delivered the row"),
    LandingColumn("_load_id", "BIGINT", pl.Int64(), "load that landed the row"),
    LandingColumn("_file", "VARCHAR", pl.String(), "file the row was read from"),
    LandingColumn("_row", "BIGINT", pl.Int64(), "record number in the file, from 1"),
    LandingColumn("_known_at", "TIMESTAMP", pl.Datetime("us"), "since when the row is known, UTC"),
    LandingColumn("_landed_at", "TIMESTAMP", pl.Datetime("us"), "when the row was landed, UTC"),
    LandingColumn("_row_hash", "VARCHAR", pl.String(), "md5 of the typed values; missing on a tombstone"),
    LandingColumn("_op", "VARCHAR", pl.String(), "upsert, or delete for a tombstone (key columns only)"),
)
