"""One file as a grid of text: its table, and what has been found out about how it is written.

Belongs here: opening delimited text, workbooks and Parquet for a look, and choosing the sheet. Must not: what columns
mean.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ingest.formats import TABLE_SUFFIXES, UnreadableFile
from ingest.formats.parquet import open_parquet
from ingest.formats.workbook import Sheet, peek_sheets, typed_columns
from ingest.inspection.delimited import Delimited, Record, split
from ingest.inspection.findings import CannotInspect, Doubt, Note
from ingest.inspection.sample import MOST_ROWS, PARQUET, SPREADSHEETS, read_head, read_text
from ingest.inspection.table_area import Area, find_table
from ingest.profiles import plain_header

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Grid:
    """The table of a file. `header` as the reader names it; `typed` columns came with their type.

    `layout`: keys of a profile that differ from what a profile says without them; `notes`: what speaks for each.
    `ignored`: rows that are no records, with the column that tells.
    """

    kind: str
    header: tuple[str, ...]
    has_header: bool
    above: str
    rows: tuple[tuple[str, ...], ...]
    typed: frozenset[int]
    layout: dict[str, object]
    notes: dict[str, Note]
    doubts: tuple[Doubt, ...]
    ignored: dict[int, int]
    read: str
    is_cut: bool
    sheet: str | None = None

    def column(self, position: int) -> list[str]:
        """The cells of a column in the rows that are records."""
        return [row[position] for n, row in enumerate(self.rows) if n not in self.ignored]


Knows = Callable[[str], bool]


def open_grid(path: Path, *, knows: Knows) -> Grid:
    """Look into a file.

    Args:
        knows: whether a name of a column is known from somewhere.
    Raises:
        CannotInspect: it is empty, no text, no workbook, or of a kind that is not read.
    """
    head = read_head(path)
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise CannotInspect(
            f"{path.name}: files of type {suffix or 'none'} are not read.",
            fix=f"deliver one of {', '.join(TABLE_SUFFIXES)}; bank formats (MT940, camt, OFX, BAI2, QIF) need no"
            " profile of their own: docs/configuration.md names theirs.",
        )
    is_workbook, is_parquet = head.startswith(SPREADSHEETS), head.startswith(PARQUET)
    if is_workbook != (suffix in WORKBOOKS) or is_parquet != (suffix == ".parquet"):
        told = (
            "a workbook or archive"
            if is_workbook
            else "Parquet"
            if is_parquet
            else "neither workbook nor Parquet"
        )
        raise CannotInspect(
            f"{path.name} is {told}, whatever its suffix says.", fix="give it the suffix of what it is."
        )
    try:
        if is_workbook:
            return _workbook(path, knows=knows)
        if is_parquet:
            return _parquet(path)
    except UnreadableFile as error:
        raise CannotInspect(str(error), fix=error.fix) from error
    return _delimited(path, knows=knows)


def _delimited(path: Path, *, knows: Knows) -> Grid:
    text = read_text(path)
    parts = split(text.lines)
    area = find_table(parts.records, knows=knows)
    layout: dict[str, object] = {}
    notes: dict[str, Note] = {"encoding": text.note, "delimiter": parts.note, "header": area.note}
    if text.encoding == "gb18030":
        layout |= {"encoding": "utf-8", "fallback_encoding": "gb18030"}
    else:
        layout["encoding"] = text.encoding
    layout["delimiter"] = parts.delimiter
    if parts.has_blanks_behind_quotes:
        layout["quotes"] = "lenient"
        notes["quotes"] = Note("proven", "blanks stand between a closing quote and the delimiter")
    if area.short_records or area.long_records or area.has_ends:
        layout["short_records"] = "pad"
        notes["short_records"] = Note("proven", _widths_told(area))
    if parts.has_rules:
        layout["ignore_lines"] = r"^[-|+=\s]*$"
        notes["ignore_lines"] = Note("proven", "rules of a list that was saved as text")
    header, more_doubts = _named(area)
    if not area.header or len(set(map(plain_header, area.header))) < len([n for n in area.header if n]):
        layout["header"] = header
    first_line = next((n for n, line in enumerate(text.lines) if line.strip()), 0)
    starts_low = area.header is not None and (bool(area.above) or first_line > 0)
    if area.header is not None and "header" not in layout and (starts_low or parts.has_rules):
        layout["header"] = "found"
    if "header" in layout and layout["header"] == header:
        _leave_out_above(layout, notes, area, lines=text.lines, parts=parts)
    return Grid(
        "delimited",
        header,
        area.header is not None,
        _above(area, text.lines),
        area.rows,
        frozenset(),
        layout,
        notes,
        (*text.doubts, *area.doubts, *more_doubts),
        area.ignored,
        text.read,
        text.is_cut,
    )


def _above(area: Area, lines: tuple[str, ...]) -> str:
    return "\n".join(lines[area.above[0].line : area.above[-1].line + 1]) if area.above else ""


def _widths_told(area: Area) -> str:
    told = []
    if area.short_records:
        told.append(f"{area.short_records:,} records are shorter than the header, or of delimiters alone")
    if area.long_records:
        told.append(f"{area.long_records:,} are longer, and stay set aside")
    if area.has_ends:
        told.append("some records have empty cells beyond the header")
    return "; ".join(told)


def _leave_out_above(
    layout: dict[str, object], notes: dict[str, Note], area: Area, *, lines: tuple[str, ...], parts: Delimited
) -> None:
    """Where the columns are named by the profile, lines above the rows would be records: they are told by pattern."""
    above = [lines[record.line] for record in area.above]
    if area.header is not None:
        above.append(lines[parts.records[area.header_position].line])
    # the words before the first figure: what stands there may name a person
    starts = [re.split(r"[\d:：@]", line.strip(), maxsplit=1)[0].strip() for line in above]
    patterns = [rf"^\s*{re.escape(start[:40])}" for start in starts if len(start) > 2]
    if not patterns:
        return
    known = layout.get("ignore_lines")
    layout["ignore_lines"] = "|".join([*([str(known)] if known else []), *dict.fromkeys(patterns)])
    notes["ignore_lines"] = Note("likely", "what stands above the rows")


def _named(area: Area) -> tuple[tuple[str, ...], list[Doubt]]:
    """Names for all columns: those of the header, else numbers; one that is there twice gets a number too."""
    if area.header is None:
        return tuple(f"column_{n}" for n in range(1, area.width + 1)), []
    names: list[str] = []
    twice: list[str] = []
    for position, name in enumerate(area.header, start=1):
        plain = [plain_header(one) for one in names]
        if name and plain_header(name) in plain:
            twice.append(name)
            name = f"{name} {position}"
        names.append(name or f"_unnamed_{position}")
    doubts = []
    if twice:
        told = ", ".join(dict.fromkeys(twice))
        doubts.append(
            Doubt(
                "header",
                f"the file names {told} twice, so the columns are named here by position: export it without",
            )
        )
    return tuple(names), doubts


def _workbook(path: Path, *, knows: Knows) -> Grid:
    sheets = peek_sheets(path, most_rows=MOST_ROWS)
    areas = [(sheet, _sheet_area(sheet, knows=knows)) for sheet in sheets]
    areas = [(sheet, area) for sheet, area in areas if area is not None]
    if not areas:
        raise CannotInspect(f"{path.name}: no sheet holds anything.", fix="export it again with some rows.")
    best = max(range(len(areas)), key=lambda n: (_worth(areas[n][1]), -n))
    sheet, area = areas[best]
    assert area is not None
    header, more_doubts = _named(area)
    layout: dict[str, object] = {}
    notes = {"header": area.note}
    start = _line_of(area, sheet)
    typed = typed_columns(
        path, sheet=sheet.name, skip_rows=start + (area.header is not None), most_rows=MOST_ROWS
    )
    if area.header is None or len(set(map(plain_header, area.header))) < len([n for n in area.header if n]):
        layout["header"] = header
    elif start > 0:
        layout["header"] = "found"
    doubts = [*area.doubts, *more_doubts]
    others = [one.name for one, _ in areas if one is not sheet]
    if others:
        told = f"{len(area.rows):,} rows here; other sheets with something on them: {', '.join(others)}"
        notes["sheet"] = Note("likely", told)
        doubts.append(Doubt("sheet", f"only the sheet {sheet.name!r} is read; {told}"))
    is_cut = sheet.height > MOST_ROWS
    return Grid(
        "workbook",
        header,
        area.header is not None,
        "\n".join(" ".join(cell for cell in record.cells if cell) for record in area.above),
        area.rows,
        typed,
        layout,
        notes,
        tuple(doubts),
        area.ignored,
        f"the first {MOST_ROWS:,} rows" if is_cut else "all rows",
        is_cut,
        sheet=sheet.name if sheet is not sheets[0] else None,
    )


def _sheet_area(sheet: Sheet, *, knows: Knows) -> Area | None:
    records = [Record(row, n) for n, row in enumerate(sheet.rows) if any(row)]
    if not records:
        return None
    # a sheet is as wide as its widest row: what is empty in every record is no column
    width = max(max(n for n, cell in enumerate(r.cells, start=1) if cell) for r in records)
    return find_table([replace(r, cells=r.cells[:width]) for r in records], knows=knows)


def _line_of(area: Area, sheet: Sheet) -> int:
    """Number of the row of the header, or of the first row."""
    filled = [n for n, row in enumerate(sheet.rows) if any(row)]
    return filled[area.header_position] if area.header_position < len(filled) else 0


def _worth(area: Area | None) -> tuple[bool, int]:
    assert area is not None
    return area.header is not None and area.width > 1, len(area.rows) * area.width


def _parquet(path: Path) -> Grid:
    opened = open_parquet(path)
    schema = pl.read_parquet_schema(path)
    rows: list[tuple[str, ...]] = []
    for batch in opened.batches():
        frame = batch.frame.select(opened.header).head(MOST_ROWS - len(rows))
        rows += [tuple((cell or "").strip() for cell in row) for row in frame.rows()]
        if len(rows) >= MOST_ROWS:
            break
    is_cut = len(rows) >= MOST_ROWS
    return Grid(
        "parquet",
        opened.header,
        True,
        "",
        tuple(rows),
        frozenset(n for n, dtype in enumerate(schema.values()) if dtype != pl.String),
        {},
        {},
        (),
        {},
        f"the first {MOST_ROWS:,} rows" if is_cut else "all rows",
        is_cut,
    )
