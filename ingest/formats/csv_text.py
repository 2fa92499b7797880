"""CSV as text: a fast path for sound files, a record-aware one that sets offenders apart.

Belongs here: splitting CSV into records and cells. Must not: types, names of entities.

Polars reads 10 million rows in seconds but refuses a whole file for one record, and pads short records with nothing.
So the fast path also counts delimiters: those outside cells must be records x (columns - 1). Anything else, and the
record-aware reader takes over. A file with something above its header, or that is not UTF-8, is first made into what
it would be without that, in memory.
"""

import codecs
import csv
import io
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingest.formats.frames import (
    ROW,
    BadRecord,
    StructureError,
    TextBatch,
    TextFile,
    UnreadableFile,
    check_header,
)
from ingest.formats.preamble import LONGEST_PREAMBLE, Sought, find_header, named_columns
from ingest.profiles import Layout

BATCH_ROWS = 250_000
# up to this size one read is cheaper than starting the streaming engine
SMALL_FILE_BYTES = 8_000_000
# a quoted cell longer than this many lines is taken for a quote that was never closed
LONGEST_RECORD_LINES = 500
# what is decoded or cut is held in memory as a whole
LARGEST_REWRITTEN_BYTES = 2**30

BOMS_OF_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
UTF8_BOM = b"\xef\xbb\xbf"

RAGGED_ROW = "ragged_row"
BAD_ENCODING = "bad_encoding"
OPEN_QUOTE = "open_quote"


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
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(BOMS_OF_OTHER_ENCODINGS):
        raise UnreadableFile(f"{path.name}: is UTF-16.", fix="save it as UTF-8 (CSV UTF-8 in Excel).")
    encoding = _encoding_of(path, layout=layout)
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


def _encoding_of(path: Path, *, layout: Layout) -> str:
    """The first encoding of the layout in which the whole file can be read, else the first of all: then single
    records are at fault."""
    if layout.fallback_encoding is None:
        return layout.encoding
    for encoding in layout.encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(2**20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return layout.encoding


def _read_header(path: Path, *, encoding: str, layout: Layout) -> tuple[str, ...]:
    try:
        with path.open(encoding=_with_bom(encoding), newline="") as file:
            first = next(csv.reader(file, delimiter=layout.delimiter), None)
    except UnicodeDecodeError:
        with path.open(encoding=_with_bom(encoding), errors="replace", newline="") as file:
            first = next(csv.reader(file, delimiter=layout.delimiter), None)
    except csv.Error as error:
        raise UnreadableFile(
            f"{path.name}: the first record is not CSV ({error}).",
            fix="export it again as CSV, with the column names in the first record.",
        ) from error
    if first is None:
        raise UnreadableFile(
            f"{path.name}: is empty, without even a header.",
            fix="deliver the header also when there are no rows, or leave the file out.",
        )
    return check_header(first, file_name=path.name)


def _cut(path: Path, *, encoding: str, layout: Layout, sought: Sought | None) -> tuple[_Content, str]:
    """The table without what stands above it and without lines that belong to no record."""
    if path.stat().st_size > LARGEST_REWRITTEN_BYTES:
        raise UnreadableFile(
            f"{path.name}: has more than {LARGEST_REWRITTEN_BYTES // 2**20} MB, too much for a file whose table has to"
            " be cut out.",
            fix="split the extract, or export it without anything above the header.",
        )
    lines = _lines(path.read_bytes())
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
        try:
            source = content.data.decode(content.encoding).encode("utf-8")
        except UnicodeDecodeError as error:
            raise StructureError(str(error)) from error
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
            embedded += _delimiters_in(frame, delimiter=layout.delimiter)
            yield TextBatch(
                frame.with_row_index(ROW, offset=rows + 1).with_columns(pl.col(ROW).cast(pl.Int64))
            )
            rows += frame.height
    except pl.exceptions.PolarsError as error:
        raise StructureError(str(error)) from error
    outside = _count_delimiters(source, delimiter=layout.delimiter) - embedded
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


def _count_delimiters(source: Path | bytes, *, delimiter: str) -> int:
    wanted = delimiter.encode()
    if isinstance(source, bytes):
        return source.count(wanted)
    count = 0
    with source.open("rb") as file:
        while block := file.read(mmap.ALLOCATIONGRANULARITY * 1024):
            count += block.count(wanted)
    return count


def _record_by_record(content: _Content) -> Iterator[TextBatch]:
    records = _split_records(_lines(content.data), content=content)
    if content.has_header:
        next(records, None)
    cells: list[list[str]] = []
    numbers: list[int] = []
    bad: list[BadRecord] = []
    for number, record in enumerate(records, start=1):
        if isinstance(record, BadRecord):
            bad.append(BadRecord(row=number, reason_code=record.reason_code, text=record.text))
        else:
            cells.append(record)
            numbers.append(number)
        if len(cells) >= BATCH_ROWS:
            yield _batch(cells, numbers, bad, header=content.header)
            cells, numbers, bad = [], [], []
    yield _batch(cells, numbers, bad, header=content.header)


def _lines(data: bytes) -> list[bytes]:
    """Lines without a byte order mark; old Macintosh files end theirs with a carriage return alone."""
    data = data.removeprefix(UTF8_BOM)
    return (data if b"\n" in data else data.replace(b"\r", b"\n")).split(b"\n")


def _batch(
    cells: list[list[str]], numbers: list[int], bad: list[BadRecord], *, header: tuple[str, ...]
) -> TextBatch:
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String()), orient="row")
    return TextBatch(frame.insert_column(0, pl.Series(ROW, numbers, dtype=pl.Int64)), tuple(bad))


def _split_records(lines: list[bytes], *, content: _Content) -> Iterator[list[str] | BadRecord]:
    """Every record as its cells, or as an offender; blank lines are no records."""
    position = 0
    while position < len(lines):
        taken, record = _take_record(lines, position, content=content)
        position += taken
        if record is not None:
            yield record


def _take_record(
    lines: list[bytes], start: int, *, content: _Content
) -> tuple[int, list[str] | BadRecord | None]:
    layout = content.layout
    line = lines[start].removesuffix(b"\r")
    if not line.strip():
        return 1, None
    text, is_sound = _decode(line, encoding=content.encoding)
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
        joined = text
        for extra in range(1, min(LONGEST_RECORD_LINES, len(lines) - start)):
            more, is_sound = _decode(lines[start + extra].removesuffix(b"\r"), encoding=content.encoding)
            joined += "\n" + more
            if not is_sound:
                break
            if '"' in more:
                cells = _cells(joined, layout=layout)
                if cells is not None:
                    fitted = _fitted(cells, text=joined, content=content)
                    if not isinstance(fitted, BadRecord):
                        return extra + 1, fitted
                    break
                if not _is_open(joined, layout=layout):
                    break
    return 1, BadRecord(0, OPEN_QUOTE, text)


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
