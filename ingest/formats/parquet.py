"""Parquet as text: typed columns become the exact text of their values.

Belongs here: rendering Parquet types. Must not: deciding whether a value fits the contract.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ingest.formats.frames import ROW, TextBatch, TextFile, UnreadableFile, check_header
from ingest.formats.parquet_guards import check_parquet
from ingest.formats.rendering import as_text

BATCH_ROWS = 250_000
# what the library raises on a damaged file; it takes some damage for a mistake of its own
DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def open_parquet(path: Path) -> TextFile:
    """Open a Parquet file.

    Raises:
        UnreadableFile: it is not Parquet, holds more than is allowed, or a column is nested.
    """
    check_parquet(path)
    try:
        schema = pl.read_parquet_schema(path)
    except DAMAGED as error:
        raise UnreadableFile(
            f"{path.name}: is not readable Parquet ({error}).", fix="export it again; it may be cut off."
        ) from error
    header = check_header(list(schema), file_name=path.name)
    nested = [name for name, dtype in schema.items() if dtype.is_nested() or dtype in (pl.Binary, pl.Object)]
    if nested:
        raise UnreadableFile(
            f"{path.name}: the column {nested[0]!r} is {schema[nested[0]]}.",
            fix="export it as text, number, date or boolean.",
        )

    def batches() -> Iterator[TextBatch]:
        rows = 0
        lazy = pl.scan_parquet(path, glob=False).select(
            as_text(name, dtype=dtype).alias(title)
            for title, (name, dtype) in zip(header, schema.items(), strict=True)
        )
        try:
            for frame in lazy.collect_batches(chunk_size=BATCH_ROWS):
                yield TextBatch(
                    frame.with_row_index(ROW, offset=rows + 1).with_columns(pl.col(ROW).cast(pl.Int64))
                )
                rows += frame.height
        except DAMAGED as error:
            raise UnreadableFile(
                f"{path.name}: is damaged ({error}).", fix="export it again; it may be cut off."
            ) from error

    return TextFile(header=header, batches=batches, is_typed=True)
