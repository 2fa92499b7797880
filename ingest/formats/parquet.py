"""Parquet as text: typed columns become the exact text of their values.

Belongs here: rendering Parquet types. Must not: deciding whether a value fits the contract.

Decoded by pyarrow: the reader of Polars asks for as much memory as a damaged page says that it needs, which ends the
process. What pyarrow hands on may hold texts that are none, so every batch is validated before Polars sees it.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa

from ingest.formats.frames import ROW, TextBatch, TextFile, UnreadableFile, check_header
from ingest.formats.parquet_guards import DAMAGED, check_parquet, damaged, opened
from ingest.formats.rendering import as_text

BATCH_ROWS = 250_000


def open_parquet(path: Path) -> TextFile:
    """Open a Parquet file.

    Raises:
        UnreadableFile: it is not Parquet, holds more than is allowed, or a column is nested.
    """
    check_parquet(path)
    try:
        with opened(path) as file:
            header = check_header(file.schema_arrow.names, file_name=path.name)
            schema = _frame(file.schema_arrow.empty_table(), names=header).schema
    except DAMAGED as error:
        raise damaged(path, error) from error
    nested = [name for name, dtype in schema.items() if dtype.is_nested() or dtype in (pl.Binary, pl.Object)]
    if nested:
        raise UnreadableFile(
            f"{path.name}: the column {nested[0]!r} is {schema[nested[0]]}.",
            fix="export it as text, number, date or boolean.",
        )

    def batches() -> Iterator[TextBatch]:
        rows = 0
        try:
            with opened(path) as file:
                for batch in file.iter_batches(batch_size=BATCH_ROWS):
                    batch.validate(full=True)
                    frame = _frame(pa.Table.from_batches([batch]), names=header)
                    text = frame.select(as_text(name, dtype=dtype) for name, dtype in schema.items())
                    yield TextBatch(
                        text.with_row_index(ROW, offset=rows + 1).with_columns(pl.col(ROW).cast(pl.Int64))
                    )
                    rows += text.height
        except DAMAGED as error:
            raise damaged(path, error) from error

    return TextFile(header=header, batches=batches, is_typed=True)


def _frame(table: pa.Table, *, names: tuple[str, ...]) -> pl.DataFrame:
    # by position: a file may say a name twice, with blanks around it
    return pl.DataFrame(table.rename_columns(list(names)))
