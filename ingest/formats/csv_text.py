"""CSV as text: a fast path for sound files, a record-aware one that sets offenders apart.

Belongs here: splitting CSV into records and cells. Must not: types, names of entities.

Polars reads 10 million rows in seconds but refuses a whole file for one record, and pads short records with nothing.
So the fast path also counts delimiters: those outside cells must be records x (columns - 1). Anything else, and the
record-aware reader takes over, which holds no more than a batch at a time. A file with something above its header, or
that is not UTF-8, is first made into what it would be without that, in memory.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from ingest.formats.csv_bytes import (
    LONGEST_RECORD_BYTES,
    encoding_of,
    lines_of,
    refuse_what_is_no_text,
    scan,
)
from ingest.formats.frames import (
    ROW,
    BadRecord,
    StructureError,
    TextBatch,
    TextFile,
    UnreadableFile,
    check_header,
    shortened,
)
from ingest.formats.preamble import LONGEST_PREAMBLE, Sought, find_header, named_columns
from ingest.profiles import Layout
from ingest.reasons import BAD_ENCODING, OPEN_QUOTE, RAGGED_ROW, RECORD_TOO_LONG, TOO_MANY_ROWS, fix_of

BATCH_ROWS = 250_000
BATCH_BYTES = 2**26
# up to this size one read is cheaper than starting the streaming engine
SMALL_FILE_BYTES = 8_000_000
# a quoted cell longer than this many lines is taken for a quote that was never closed
LONGEST_RECORD_LINES = 500
# what is decoded or cut is held in memory as a whole
LARGEST_REWRITTEN_BYTES = 2**29
MOST_REWRITTEN_LINES = 5_000_000


@dataclass(frozen=True)
class _Content:
    """The table of a file: where it is read from, in which encoding, and the cells of its header.

    `has_header`: the first record of `source` is the header, else all are data.
    """

    source: Path | bytes
    encoding: str
    header: tuple[str, ...]
    has_header: bool
    layout: Layout

    @property
    def data(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()

    @property
    def size(self) -> int:
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size


def open_csv(path: Path, *, layout: Layout, sought: Sought | None = None) -> TextFile:
    """Open a CSV file in the encoding and with the delimiter of its layout.

    Args:
        sought: what its header holds, where the layout says that it has to be found.
    Raises:
        UnreadableFile: empty, in another encoding, or without a usable header.
    """
    refuse_what_is_no_text(path)
    encoding = encoding_of(path, layout=layout)
    if layout.header == "first" and layout.ignore_lines is None:
        header = _read_header(path, encoding=encoding, layout=layout)
        content, preamble = _Content(path, encoding, header, True, layout), ""
    else:
        content, preamble = _cut(path, encoding=encoding, layout=layout, sought=sought)

    def batches() -> Iterator[TextBatch]:
        if layout.quotes == "lenient" or layout.short_records == "pad":
            return _record_by_record(content)
        return _fast(content)

    def salvaged() -> Iterator[TextBatch]:
        return _record_by_record(content)

    return TextFile(header=content.header, batches=batches, salvaged=salvaged, preamble=preamble)


def _read_header(path: Path, *, encoding: str, layout: Layout) -> tuple[str, ...]:
    with path.open("rb") as file:
        head = file.read(LONGEST_RECORD_BYTES + 1)
    if len(head) > LONGEST_RECORD_BYTES and not set(head) & set(b"\r\n"):
        raise UnreadableFile(
            f"{path.name}: its first line has more than {LONGEST_RECORD_BYTES // 2**20} MiB.",
            fix=f"{fix_of(RECORD_TOO_LONG)}.",
            reason_code=RECORD_TOO_LONG,
        )
    text = io.StringIO(head.decode(_with_bom(encoding), errors="replace"), newline="")
    try:
        first = next(csv.reader(text, delimiter=layout.delimiter))
    except csv.Error as error:
        raise UnreadableFile(
            f"{path.name}: the first record is not CSV ({error}).",
            fix="export it again as CSV, with the column names in the first record.",
        ) from error
    return check_header(first, file_name=path.name)


def _cut(path: Path, *, encoding: str, layout: Layout, sought: Sought | None) -> tuple[_Content, str]:
    """The table without what stands above it and without lines that belong to no record."""
    if path.stat().st_size > LARGEST_REWRITTEN_BYTES:
        raise UnreadableFile(
            f"{path.name}: has more than {LARGEST_REWRITTEN_BYTES // 2**20} MB, too much for a file whose table has to"
            " be cut out.",
            fix="split the extract, or export it without anything above the header.",
        )
    lines = list(islice(lines_of(path), MOST_REWRITTEN_LINES + 1))
    if len(lines) > MOST_REWRITTEN_LINES:
        raise UnreadableFile(
            f"{path.name}: has more than {MOST_REWRITTEN_LINES:,} lines, too many for a file whose table has to be cut"
            " out.",
            fix="split the extract, or export it without anything above the header.",
            reason_code=TOO_MANY_ROWS,
        )
    if layout.ignore_lines is not None:
        ignored = re.compile(layout.ignore_lines)
        lines = [
            line for line in lines if not ignored.search(line.decode(encoding, errors="replace").rstrip("\r"))
        ]
    if isinstance(layout.header, tuple):
        width = len(next(iter(_cells_of(lines[:1], encoding=encoding, layout=layout)), []))
        header = check_header(named_columns(layout.header, width=width), file_name=path.name)
        return _Content(b"\n".join(lines), encoding, header, False, layout), ""
    if layout.header == "first" or sought is None:
        first = next((n for n, line in enumerate(lines) if line.strip()), 0)
        names = next(iter(_cells_of(lines[first : first + 1], encoding=encoding, layout=layout)), [])
        header = check_header(names, file_name=path.name)
        return _Content(b"\n".join(lines[first:]), encoding, header, True, layout), ""
    records = _cells_of(lines[:LONGEST_PREAMBLE], encoding=encoding, layout=layout)
    number, names = find_header(records, sought=sought, file_name=path.name)
    preamble = b"\n".join(lines[:number]).decode(encoding, errors="replace")
    header = check_header(names, file_name=path.name)
    return _Content(b"\n".join(lines[number:]), encoding, header, True, layout), preamble


def _cells_of(lines: list[bytes], *, encoding: str, layout: Layout) -> Iterator[list[str]]:
    """The cells of every line taken by itself: nothing above a table is quoted over several lines."""
    for line in lines:
        text = line.decode(encoding, errors="replace").rstrip("\r")
        try:
            yield next(csv.reader([text], delimiter=layout.delimiter), [])
        except csv.Error:
            yield []


def _with_bom(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _fast(content: _Content) -> Iterator[TextBatch]:
    source, layout, header = content.source, content.layout, content.header
    if content.encoding != "utf-8":
        if content.size > LARGEST_REWRITTEN_BYTES:
            raise StructureError("too large to be decoded as a whole")
        try:
            source = content.data.decode(content.encoding).encode("utf-8")
        except UnicodeDecodeError as error:
            raise StructureError(str(error)) from error
    scanned = scan(source, delimiter=layout.delimiter)
    rows = embedded = 0
    try:
        lazy = pl.scan_csv(
            source,
            separator=layout.delimiter,
            has_header=content.has_header,
            empty_string_is_null=False,
            infer_schema=False,
            with_column_names=lambda _: list(header),
            glob=False,
        )
        frames = (
            iter([lazy.collect()])
            if content.size <= SMALL_FILE_BYTES
            else lazy.collect_batches(chunk_size=BATCH_ROWS)
        )
        for frame in frames:
            # without a quote every delimiter ends a cell
            if scanned.has_quotes:
                embedded += _delimiters_in(frame, delimiter=layout.delimiter)
            yield TextBatch(
                frame.with_row_index(ROW, offset=rows + 1).with_columns(pl.col(ROW).cast(pl.Int64)),
                is_plain=scanned.is_plain,
            )
            rows += frame.height
    except pl.exceptions.PolarsError as error:
        raise StructureError(str(error)) from error
    outside = scanned.delimiters - embedded
    if content.has_header:
        outside -= sum(name.count(layout.delimiter) for name in header)
        rows += 1
    if outside != rows * (len(header) - 1):
        raise StructureError("a record has fewer cells than the header")


def _delimiters_in(frame: pl.DataFrame, *, delimiter: str) -> int:
    if frame.is_empty():
        return 0
    counts = frame.select(pl.all().str.count_matches(delimiter, literal=True).sum())
    return sum(int(count or 0) for count in counts.row(0))


class _Lines:
    """Lines that may be looked at before they are taken."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._held: deque[bytes] = deque()

    def at(self, position: int) -> bytes | None:
        """The line so many lines ahead; None behind the last one."""
        while len(self._held) <= position:
            line = next(self._lines, None)
            if line is None:
                return None
            self._held.append(line.removesuffix(b"\r"))
        return self._held[position]

    def take(self, count: int) -> None:
        """Go past some lines that have been looked at."""
        for _ in range(count):
            self._held.popleft()


def _record_by_record(content: _Content) -> Iterator[TextBatch]:
    records = _split_records(_Lines(lines_of(content.source)), content=content)
    if content.has_header:
        next(records, None)
    cells: list[list[str]] = []
    numbers: list[int] = []
    bad: list[BadRecord] = []
    size = 0
    for number, record in enumerate(records, start=1):
        if isinstance(record, BadRecord):
            bad.append(BadRecord(number, record.reason_code, shortened(record.text)))
        else:
            cells.append(record)
            numbers.append(number)
            size += sum(map(len, record))
        if len(cells) + len(bad) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield _batch(cells, numbers, bad, header=content.header)
            cells, numbers, bad, size = [], [], [], 0
    yield _batch(cells, numbers, bad, header=content.header)


def _batch(
    cells: list[list[str]], numbers: list[int], bad: list[BadRecord], *, header: tuple[str, ...]
) -> TextBatch:
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String()), orient="row")
    return TextBatch(frame.insert_column(0, pl.Series(ROW, numbers, dtype=pl.Int64)), tuple(bad))


def _split_records(lines: _Lines, *, content: _Content) -> Iterator[list[str] | BadRecord]:
    """Every record as its cells, or as an offender; blank lines are no records."""
    while (line := lines.at(0)) is not None:
        taken, record = _take_record(lines, line, content=content)
        lines.take(taken)
        if record is not None:
            yield record


def _take_record(
    lines: _Lines, line: bytes, *, content: _Content
) -> tuple[int, list[str] | BadRecord | None]:
    layout = content.layout
    if not line.strip():
        return 1, None
    text, is_sound = _decode(line, encoding=content.encoding)
    if len(line) > LONGEST_RECORD_BYTES:
        return 1, BadRecord(0, RECORD_TOO_LONG, text)
    if not is_sound:
        return 1, BadRecord(0, BAD_ENCODING, text)
    cells = _cells(text, layout=layout)
    if cells is not None:
        # spreadsheets write such records below a table, as the blank rows of the sheet that they are
        if layout.short_records == "pad" and not any(cell.strip() for cell in cells):
            return 1, None
        return 1, _fitted(cells, text=text, content=content)
    # the line ends inside quotes, or a quote stands where none may
    if _is_open(text, layout=layout):
        taken, record = _continued(lines, text, content=content)
        if record is not None:
            return taken, record
    elif len(text) > csv.field_size_limit():
        return 1, BadRecord(0, RECORD_TOO_LONG, text)
    return 1, BadRecord(0, OPEN_QUOTE, text)


def _continued(lines: _Lines, text: str, *, content: _Content) -> tuple[int, list[str] | None]:
    """The lines and cells of a record that goes on behind its first line; None where it never ends soundly.

    Only the line that is added is looked at, as if it began inside quotes; what it makes of the whole is parsed once.
    """
    layout = content.layout
    joined = [text]
    size = len(text)
    for extra in range(1, LONGEST_RECORD_LINES):
        line = lines.at(extra)
        if line is None:
            break
        more, is_sound = _decode(line, encoding=content.encoding)
        joined.append(more)
        size += len(more)
        if not is_sound or size > LONGEST_RECORD_BYTES:
            break
        if '"' not in more:
            continue
        if _cells('"' + more, layout=layout) is not None:
            whole = "\n".join(joined)
            cells = _cells(whole, layout=layout)
            fitted = None if cells is None else _fitted(cells, text=whole, content=content)
            return extra + 1, None if isinstance(fitted, BadRecord) else fitted
        if not _is_open('"' + more, layout=layout):
            break
    return 1, None


def _fitted(cells: list[str], *, text: str, content: _Content) -> list[str] | BadRecord:
    """The cells in the width of the header. Where the layout says so, a record may leave out empty cells at its end,
    or write more of them than there are columns."""
    width = len(content.header)
    if content.layout.short_records == "pad":
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        cells += [""] * (width - len(cells))
    return cells if len(cells) == width else BadRecord(0, RAGGED_ROW, text)


def _decode(line: bytes, *, encoding: str) -> tuple[str, bool]:
    try:
        return line.decode(encoding), True
    except UnicodeDecodeError:
        return line.decode(encoding, errors="replace"), False


def _cells(text: str, *, layout: Layout) -> list[str] | None:
    """The cells of one whole record, or None where its quotes are not sound."""
    if layout.quotes == "lenient":
        # blanks between a closing quote and the delimiter
        text = re.sub(rf'"[ \t]+(?={re.escape(layout.delimiter)}|$)', '"', text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _is_open(text: str, *, layout: Layout) -> bool:
    """Whether the text ends inside a quoted cell: closing it there makes it sound."""
    return _cells(text + '"', layout=layout) is not None
