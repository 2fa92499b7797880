"""Parquet files by what their footer says, before a column is read.

Belongs here: counts and sizes. Must not: handing on values (parquet.py).

A few kilobytes of Parquet can hold a billion equal values: runs and dictionaries cost nothing in the file and full
room in memory. So rows and cells of a row group are limited, since a group is decoded as a whole, whatever it weighs;
and where its texts might come to too much they are added up first, from the dictionary and without making them.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.formats.frames import MOST_COLUMNS, UnreadableFile
from ingest.reasons import ARCHIVE_TOO_LARGE, TOO_MANY_COLUMNS, TOO_MANY_ROWS, fix_of

# writers make groups of 120 thousand to a million rows; 128 MB of narrow rows, as Spark writes them, are ten million
MOST_GROUP_ROWS = 20_000_000
MOST_GROUP_CELLS = 200_000_000
LARGEST_GROUP_BYTES = 2 * 2**30
LARGEST_GROUP_TEXT_BYTES = 2**30
MOST_ROWS = 1_000_000_000
MOST_GROUPS = 100_000
# of the footer itself: thrift takes room for what a length says
_LARGEST_FOOTER_TEXT = 100 * 2**20
_MOST_FOOTER_ITEMS = 5_000_000
# while texts are added up
_BATCH_BYTES = 2**26
_MOST_BATCH_ROWS = 65_536


# what the libraries raise on a damaged file; the last where a name is no text
DAMAGED = (
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    UnicodeDecodeError,
)


def check_parquet(path: Path) -> None:
    """Refuse what would not fit into memory.

    Raises:
        UnreadableFile: it is not Parquet, or holds more than is allowed; the error names the fix.
    """
    try:
        with opened(path) as file:
            footer = file.metadata
            _refuse(footer, path=path)
            _refuse_expanded(path, footer)
    except DAMAGED as error:
        raise damaged(path, error) from error


def opened(path: Path, *, read_dictionary: Sequence[str] = ()) -> pq.ParquetFile:
    """The file with its footer read, within bounds; close it.

    Raises:
        DAMAGED: it is not Parquet.
    """
    return pq.ParquetFile(
        path,
        read_dictionary=list(read_dictionary),
        thrift_string_size_limit=_LARGEST_FOOTER_TEXT,
        thrift_container_size_limit=_MOST_FOOTER_ITEMS,
    )


def damaged(path: Path, error: Exception) -> UnreadableFile:
    """The error for what the library cannot read."""
    return UnreadableFile(
        f"{path.name}: is not readable Parquet ({error}).", fix="export it again; it may be cut off."
    )


def _refuse(footer: pq.FileMetaData, *, path: Path) -> None:
    if footer.num_columns > MOST_COLUMNS:
        raise _refused(path, f"has {footer.num_columns:,} columns.", TOO_MANY_COLUMNS)
    if not 0 <= footer.num_rows <= MOST_ROWS:
        raise _refused(path, f"says that it has {footer.num_rows:,} rows.", TOO_MANY_ROWS)
    if footer.num_row_groups > MOST_GROUPS:
        raise _refused(path, f"has {footer.num_row_groups:,} row groups.", TOO_MANY_ROWS)
    rows = 0
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        rows += group.num_rows
        if (
            not 0 <= group.num_rows <= MOST_GROUP_ROWS
            or group.num_rows * group.num_columns > MOST_GROUP_CELLS
        ):
            what = f"a row group has {group.num_rows:,} rows and {group.num_columns:,} columns."
            raise _refused(path, what, TOO_MANY_ROWS)
        unpacked = sum(group.column(c).total_uncompressed_size for c in range(group.num_columns))
        if max(unpacked, group.total_byte_size) > LARGEST_GROUP_BYTES:
            what = f"a row group unpacks to more than {LARGEST_GROUP_BYTES // 2**20:,} MB."
            raise _refused(path, what, ARCHIVE_TOO_LARGE)
    if rows != footer.num_rows:
        raise UnreadableFile(
            f"{path.name}: says that it has {footer.num_rows:,} rows, and its row groups have {rows:,}.",
            fix="export it again; it may be damaged.",
        )


def _expanding_texts(footer: pq.FileMetaData) -> dict[tuple[int, str], int]:
    """Columns of text of a row group that could come to too much, with the length that a text in them may have: that
    of the whole column, since a dictionary may hold one text for all rows, and so may a prefix."""
    return {
        (number, column.path_in_schema): max(column.total_uncompressed_size, 1)
        for number in range(footer.num_row_groups)
        for group in (footer.row_group(number),)
        for column in (group.column(position) for position in range(group.num_columns))
        if column.physical_type == "BYTE_ARRAY"
        and column.num_values * column.total_uncompressed_size > LARGEST_GROUP_TEXT_BYTES
    }


def _refuse_expanded(path: Path, footer: pq.FileMetaData) -> None:
    texts = _expanding_texts(footer)
    if not texts:
        return
    # prefixes are written out text by text, so few at a time; the reader has no dictionary of them
    with_prefixes = {
        column.path_in_schema
        for number in range(footer.num_row_groups)
        for position in range(footer.num_columns)
        for column in (footer.row_group(number).column(position),)
        if "DELTA_BYTE_ARRAY" in column.encodings
    }
    size: dict[int, int] = {}
    with opened(path, read_dictionary=sorted({n for _, n in texts} - with_prefixes)) as file:
        for (group, name), longest in texts.items():
            rows = _BATCH_BYTES // longest if name in with_prefixes else _MOST_BATCH_ROWS
            batches = file.iter_batches(
                batch_size=min(max(rows, 1), _MOST_BATCH_ROWS), row_groups=[group], columns=[name]
            )
            for batch in batches:
                size[group] = size.get(group, 0) + _text_bytes(batch.column(0))
                if size[group] > LARGEST_GROUP_TEXT_BYTES:
                    what = f"the texts of a row group unpack to more than {LARGEST_GROUP_TEXT_BYTES // 2**20:,} MB."
                    raise _refused(path, what, ARCHIVE_TOO_LARGE)


def _text_bytes(cells: pa.Array) -> int:
    if pa.types.is_dictionary(cells.type):
        lengths = pc.binary_length(cells.dictionary).cast(pa.int64())
        return int(pc.sum(lengths.take(cells.indices)).as_py() or 0)
    return int(pc.sum(pc.binary_length(cells).cast(pa.int64())).as_py() or 0)


def _refused(path: Path, what: str, reason_code: str) -> UnreadableFile:
    return UnreadableFile(f"{path.name}: {what}", fix=f"{fix_of(reason_code)}.", reason_code=reason_code)
