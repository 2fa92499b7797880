"""Excel as text: the first sheet, with numbers, dates and booleans as the text they mean.

Belongs here: rendering Excel cells. Must not: deciding whether a value fits the contract.
"""

from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from ingest.formats.frames import ROW, TextBatch, TextFile, UnreadableFile, check_header
from ingest.formats.rendering import as_text

# Excel keeps and shows 15 significant digits; what stands behind them is binary noise (0.30000000000000004)
SIGNIFICANT_DIGITS = 15


def open_workbook(path: Path) -> TextFile:
    """Open the first sheet of a workbook; its first record holds the column names.

    Raises:
        UnreadableFile: it is not a workbook, is protected, or its sheet is empty.
    """
    try:
        workbook = fastexcel.read_excel(path)
        # every row decides about a column's type: a text far down must not turn into nothing
        sheet = workbook.load_sheet(0, schema_sample_rows=None, header_row=None, skip_rows=0, n_rows=1)
        names = [str(value or "") for value in sheet.to_polars().row(0)] if sheet.height else []
        header = check_header(names, file_name=path.name)
        body = workbook.load_sheet(0, schema_sample_rows=None, dtype_coercion="coerce").to_polars()
    except fastexcel.FastExcelError as error:
        raise UnreadableFile(
            f"{path.name}: is not a readable workbook ({error}).",
            fix="save it again as .xlsx, without a password, with the data on the first sheet.",
        ) from error

    def batches() -> Iterator[TextBatch]:
        columns = zip(header, body.get_columns(), strict=True)
        frame = pl.DataFrame([_text(cells.alias(name)) for name, cells in columns])
        frame = frame.with_row_index(ROW, offset=1)
        is_blank = pl.all_horizontal(pl.col(name).is_null() for name in header)
        yield TextBatch(frame.filter(~is_blank).with_columns(pl.col(ROW).cast(pl.Int64)))

    return TextFile(header=header, batches=batches, is_typed=True)


def _text(cells: pl.Series) -> pl.Series:
    if cells.dtype.is_float():
        return pl.Series(cells.name, [_number(value) for value in cells], dtype=pl.String)
    if cells.dtype == pl.String:
        # a date in a column of mixed cells arrives as the text of its midnight
        return cells.str.replace(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$", "$1")
    return cells.to_frame().select(as_text(cells.name, dtype=cells.dtype)).to_series()


def _number(value: float | None) -> str | None:
    """12.0 is 12, 0.1 + 0.2 is 0.3; what has more than 15 digits keeps an exponent and is refused as not exact."""
    if value is None:
        return None
    text = f"{value:.{SIGNIFICANT_DIGITS}g}"
    if "e-" in text:
        return f"{value:.20f}".rstrip("0") if abs(value) < 1 else text
    return text
