"""Excel as text: one sheet, with numbers, dates and booleans as the text they mean.

Belongs here: rendering Excel cells. Must not: deciding whether a value fits the contract.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import fastexcel
import polars as pl

from ingest.formats.frames import ROW, TextBatch, TextFile, UnreadableFile, check_header
from ingest.formats.preamble import LONGEST_PREAMBLE, Sought, find_header, named_columns
from ingest.formats.rendering import as_text
from ingest.formats.workbook_guards import check_workbook
from ingest.profiles import Layout

# Excel keeps and shows 15 significant digits; what stands behind them is binary noise (0.30000000000000004)
SIGNIFICANT_DIGITS = 15

# what the reader calls the errors of a cell, and what the sheet shows
_ERROR = re.compile(r"Error\((\w+)\)")
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


# it warns of every column without a cell, dozens in an ordinary export
logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)


def open_workbook(
    path: Path,
    *,
    layout: Layout | None = None,
    sheet: str | None = None,
    sought: Sought | None = None,
    decimal_separator: str = ".",
) -> TextFile:
    """Open a sheet of a workbook; its first record holds the column names unless the layout says otherwise.

    Args:
        sheet: pattern for the name of the sheet, in any case; the first one unless given.
        sought: what the header holds, where it has to be found.
        decimal_separator: how numbers are written, so that they read like the numbers in cells of text.
    Raises:
        UnreadableFile: it is not a workbook, may not be opened, or has no such sheet, or the sheet is empty.
    """
    layout = layout or Layout()
    check_workbook(path)
    try:
        workbook = fastexcel.read_excel(path)
        index = _sheet_index(workbook, pattern=sheet, file_name=path.name)
        header, start, preamble = _header(workbook, index, layout=layout, sought=sought, file_name=path.name)
        loaded = _loaded(workbook, index, start=start)
        body = loaded.to_polars()
        # the reader makes an empty cell of an error, and the number 1 of a true among numbers
        lost = [_Found(*e.offset_position, _shown_error(e.detail)) for e in _errors(loaded)]
        lost += _truths(workbook, index, body, start=start)
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, error) from error
    if isinstance(layout.header, tuple):
        header = check_header(named_columns(layout.header, width=body.width), file_name=path.name)

    def batches() -> Iterator[TextBatch]:
        if not body.width:
            return
        columns = zip(header, body.get_columns(), strict=True)
        texts = [_text(cells.alias(name), decimal_separator=decimal_separator) for name, cells in columns]
        texts = _put_back(texts, lost)
        frame = pl.DataFrame(texts)
        frame = frame.with_row_index(ROW, offset=1)
        is_blank = pl.all_horizontal(pl.col(name).is_null() for name in header)
        yield TextBatch(frame.filter(~is_blank).with_columns(pl.col(ROW).cast(pl.Int64)))

    return TextFile(header=header, batches=batches, is_typed=True, preamble=preamble)


def _loaded(workbook: fastexcel.ExcelReader, index: int, *, start: int) -> fastexcel.ExcelSheet:
    # every row decides about a column's type: a text far down must not turn into nothing
    try:
        return workbook.load_sheet(
            index, header_row=None, skip_rows=start, schema_sample_rows=None, dtype_coercion="coerce"
        )
    except fastexcel.CalamineCellError:
        # some errors of a cell (#NAME?) keep the reader from telling the type of their column
        return workbook.load_sheet(
            index, header_row=None, skip_rows=start, schema_sample_rows=None, dtypes="string"
        )


class _Found(NamedTuple):
    """A cell that the reader did not hand over as what it is."""

    row: int
    column: int
    text: str


def _errors(loaded: fastexcel.ExcelSheet) -> list[fastexcel.CellError]:
    _, errors = loaded.to_arrow_with_errors()
    return [] if errors is None else errors.errors


def _shown_error(detail: str) -> str:
    match = _ERROR.search(detail)
    return _ERRORS.get(match[1], detail) if match else detail


def _truths(workbook: fastexcel.ExcelReader, index: int, body: pl.DataFrame, *, start: int) -> list[_Found]:
    """True and false among numbers, which only show when the same columns are read as text."""
    numbers = [position for position, dtype in enumerate(body.dtypes) if dtype.is_numeric()]
    if not numbers:
        return []
    texts = workbook.load_sheet(
        index, header_row=None, skip_rows=start, schema_sample_rows=None, dtypes="string", use_columns=numbers
    ).to_polars()
    return [
        _Found(row, position, str(cells[row]))
        for position, cells in zip(numbers, texts.get_columns(), strict=True)
        for row in cells.is_in(["true", "false"]).fill_null(False).arg_true()
    ]


def _put_back(texts: list[pl.Series], found: Sequence[_Found]) -> list[pl.Series]:
    by_column: dict[int, list[_Found]] = {}
    for cell in found:
        by_column.setdefault(cell.column, []).append(cell)
    return [
        cells.scatter([c.row for c in by_column[position]], [c.text for c in by_column[position]])
        if position in by_column
        else cells
        for position, cells in enumerate(texts)
    ]


@dataclass(frozen=True)
class Sheet:
    """The first rows of a sheet as they stand, header and all, and how many rows there are."""

    name: str
    rows: list[tuple[str, ...]]
    height: int


def peek_sheets(path: Path, *, most_rows: int) -> list[Sheet]:
    """The first rows of every sheet of a workbook, each cell as text.

    Raises:
        UnreadableFile: it is not a workbook, or is protected.
    """
    check_workbook(path)
    try:
        workbook = fastexcel.read_excel(path)
        return [_peeked(workbook, index, most_rows=most_rows) for index in range(len(workbook.sheet_names))]
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, error) from error


def _peeked(workbook: fastexcel.ExcelReader, index: int, *, most_rows: int) -> Sheet:
    sheet = workbook.load_sheet(
        index, header_row=None, skip_rows=0, n_rows=most_rows, schema_sample_rows=None, dtypes="string"
    )
    frame = sheet.to_polars()
    texts = pl.DataFrame([_text(cells, decimal_separator=".") for cells in frame.get_columns()])
    rows = [tuple((cell or "").strip() for cell in row) for row in texts.rows()]
    return Sheet(workbook.sheet_names[index], rows, sheet.total_height)


def typed_columns(path: Path, *, sheet: str, skip_rows: int, most_rows: int) -> frozenset[int]:
    """Columns of a sheet that hold nothing but numbers, dates or booleans below some rows.

    Raises:
        UnreadableFile: it is not a workbook.
    """
    try:
        frame = (
            fastexcel.read_excel(path)
            .load_sheet(
                sheet, header_row=None, skip_rows=skip_rows, n_rows=most_rows, schema_sample_rows=None
            )
            .to_polars()
        )
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, error) from error
    return frozenset(n for n, dtype in enumerate(frame.dtypes) if dtype not in (pl.String, pl.Null))


def _unreadable(path: Path, error: fastexcel.FastExcelError) -> UnreadableFile:
    return UnreadableFile(
        f"{path.name}: is not a readable workbook ({str(error).partition(chr(10))[0]}).",
        fix="open it in Excel and save it again as .xlsx, without a password, with the data on the first sheet."
        " Some systems give a web page or plain text the name of a workbook.",
    )


def _sheet_index(workbook: fastexcel.ExcelReader, *, pattern: str | None, file_name: str) -> int:
    if pattern is None:
        return 0
    for index, name in enumerate(workbook.sheet_names):
        if fnmatchcase(name.strip().casefold(), pattern.casefold()):
            return index
    raise UnreadableFile(
        f"{file_name}: has no sheet {pattern!r}; it has {', '.join(workbook.sheet_names)}.",
        fix="name the sheet like that, or change `sheet` in the profile.",
    )


def _header(
    workbook: fastexcel.ExcelReader, index: int, *, layout: Layout, sought: Sought | None, file_name: str
) -> tuple[tuple[str, ...], int, str]:
    """The header, the number of the first record below it, and what stands above it."""
    if isinstance(layout.header, tuple):
        return (), 0, ""
    is_found = layout.header == "found" and sought is not None
    top = workbook.load_sheet(
        index,
        header_row=None,
        skip_rows=0,
        n_rows=LONGEST_PREAMBLE if is_found else 1,
        schema_sample_rows=None,
        dtypes="string" if is_found else None,
    ).to_polars()
    records = [[str(value or "") for value in row] for row in top.rows()]
    if not is_found or sought is None:
        return check_header(records[0] if records else [], file_name=file_name), 1, ""
    number, names = find_header(records, sought=sought, file_name=file_name)
    preamble = "\n".join(" ".join(cell for cell in record if cell) for record in records[:number])
    return check_header(names, file_name=file_name), number + 1, preamble


def _text(cells: pl.Series, *, decimal_separator: str) -> pl.Series:
    if cells.dtype.is_float():
        numbers = pl.Series(cells.name, [_number(value) for value in cells], dtype=pl.String)
        return (
            numbers if decimal_separator == "." else numbers.str.replace(".", decimal_separator, literal=True)
        )
    if cells.dtype == pl.String:
        # in a column of mixed cells a date arrives as the text of its midnight, a number with its binary noise
        dated = cells.str.replace(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$", "$1")
        noisy = dated.str.contains(r"^-?[0-9]+\.[0-9]{12,}$").fill_null(False)
        if not noisy.any():
            return dated
        texts = [
            _number(float(text)) if is_noisy else text for text, is_noisy in zip(dated, noisy, strict=True)
        ]
        return pl.Series(cells.name, texts, dtype=pl.String)
    return cells.to_frame().select(as_text(cells.name, dtype=cells.dtype)).to_series()


def _number(value: float | None) -> str | None:
    """12.0 is 12, 0.1 + 0.2 is 0.3; what has more than 15 digits keeps an exponent and is refused as not exact."""
    if value is None:
        return None
    text = f"{value:.{SIGNIFICANT_DIGITS}g}"
    if "e-" in text:
        return f"{value:.20f}".rstrip("0") if abs(value) < 1 else text
    return text
