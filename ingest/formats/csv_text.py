"""CSV as text: a fast path for sound files, a record-aware one that sets offenders apart.

Belongs here: splitting CSV into records and cells. Must not: types, names of entities.

Polars reads 10 million rows in seconds but refuses a whole file for one record, and pads short records with nothing.
So the fast path also counts delimiters: those outside cells must be records x (columns - 1). Anything else, and the
record-aware reader takes over.
"""

import csv
import io
import mmap
from collections.abc import Iterator
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
from ingest.profiles import Profile

BATCH_ROWS = 250_000
# up to this size one read is cheaper than starting the streaming engine
SMALL_FILE_BYTES = 8_000_000
# a quoted cell longer than this many lines is taken for a quote that was never closed
LONGEST_RECORD_LINES = 500

BOMS_OF_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
UTF8_BOM = b"\xef\xbb\xbf"

RAGGED_ROW = "ragged_row"
BAD_ENCODING = "bad_encoding"
OPEN_QUOTE = "open_quote"


def open_csv(path: Path, *, profile: Profile) -> TextFile:
    """Open a CSV file in the encoding and with the delimiter of its profile.

    Raises:
        UnreadableFile: empty, in another encoding, or without a usable header.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(BOMS_OF_OTHER_ENCODINGS):
        raise UnreadableFile(f"{path.name}: is UTF-16.", fix="save it as UTF-8 (CSV UTF-8 in Excel).")
    header = _read_header(path, profile=profile)

    def batches() -> Iterator[TextBatch]:
        return _fast(path, header=header, profile=profile)

    def salvaged() -> Iterator[TextBatch]:
        return _record_by_record(path, header=header, profile=profile)

    return TextFile(header=header, batches=batches, salvaged=salvaged)


def _read_header(path: Path, *, profile: Profile) -> tuple[str, ...]:
    try:
        with path.open(encoding=_with_bom(profile.encoding), newline="") as file:
            first = next(csv.reader(file, delimiter=profile.delimiter), None)
    except UnicodeDecodeError:
        with path.open(encoding=_with_bom(profile.encoding), errors="replace", newline="") as file:
            first = next(csv.reader(file, delimiter=profile.delimiter), None)
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


def _with_bom(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _fast(path: Path, *, header: tuple[str, ...], profile: Profile) -> Iterator[TextBatch]:
    source: Path | bytes = path
    if profile.encoding != "utf-8":
        try:
            source = path.read_bytes().decode(profile.encoding).encode("utf-8")
        except UnicodeDecodeError as error:
            raise StructureError(str(error)) from error
    size = len(source) if isinstance(source, bytes) else path.stat().st_size
    rows = embedded = 0
    try:
        lazy = pl.scan_csv(
            source,
            separator=profile.delimiter,
            empty_string_is_null=False,
            infer_schema=False,
            with_column_names=lambda _: list(header),
            glob=False,
        )
        frames = (
            iter([lazy.collect()])
            if size <= SMALL_FILE_BYTES
            else lazy.collect_batches(chunk_size=BATCH_ROWS)
        )
        for frame in frames:
            embedded += _delimiters_in(frame, delimiter=profile.delimiter)
            yield TextBatch(
                frame.with_row_index(ROW, offset=rows + 1).with_columns(pl.col(ROW).cast(pl.Int64))
            )
            rows += frame.height
    except pl.exceptions.PolarsError as error:
        raise StructureError(str(error)) from error
    outside = _count_delimiters(source, delimiter=profile.delimiter)
    outside -= embedded + sum(name.count(profile.delimiter) for name in header)
    if outside != (rows + 1) * (len(header) - 1):
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


def _record_by_record(path: Path, *, header: tuple[str, ...], profile: Profile) -> Iterator[TextBatch]:
    data = path.read_bytes().removeprefix(UTF8_BOM)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    lines = data.split(b"\n")
    records = _split_records(lines, width=len(header), profile=profile)
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
            yield _batch(cells, numbers, bad, header=header)
            cells, numbers, bad = [], [], []
    yield _batch(cells, numbers, bad, header=header)


def _batch(
    cells: list[list[str]], numbers: list[int], bad: list[BadRecord], *, header: tuple[str, ...]
) -> TextBatch:
    frame = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String()), orient="row")
    return TextBatch(frame.insert_column(0, pl.Series(ROW, numbers, dtype=pl.Int64)), tuple(bad))


def _split_records(lines: list[bytes], *, width: int, profile: Profile) -> Iterator[list[str] | BadRecord]:
    """Every record as its cells, or as an offender; blank lines are no records."""
    position = 0
    while position < len(lines):
        taken, record = _take_record(lines, position, width=width, profile=profile)
        position += taken
        if record is not None:
            yield record


def _take_record(
    lines: list[bytes], start: int, *, width: int, profile: Profile
) -> tuple[int, list[str] | BadRecord | None]:
    line = lines[start].removesuffix(b"\r")
    if not line.strip():
        return 1, None
    text, is_sound = _decode(line, encoding=profile.encoding)
    if not is_sound:
        return 1, BadRecord(0, BAD_ENCODING, text)
    cells = _cells(text, profile=profile)
    if cells is not None:
        return 1, cells if len(cells) == width else BadRecord(0, RAGGED_ROW, text)
    # the line ends inside quotes, or a quote stands where none may
    if _is_open(text, profile=profile):
        joined = text
        for extra in range(1, min(LONGEST_RECORD_LINES, len(lines) - start)):
            more, is_sound = _decode(lines[start + extra].removesuffix(b"\r"), encoding=profile.encoding)
            joined += "\n" + more
            if not is_sound:
                break
            if '"' in more:
                cells = _cells(joined, profile=profile)
                if cells is not None:
                    if len(cells) == width:
                        return extra + 1, cells
                    break
                if not _is_open(joined, profile=profile):
                    break
    return 1, BadRecord(0, OPEN_QUOTE, text)


def _decode(line: bytes, *, encoding: str) -> tuple[str, bool]:
    try:
        return line.decode(encoding), True
    except UnicodeDecodeError:
        return line.decode(encoding, errors="replace"), False


def _cells(text: str, *, profile: Profile) -> list[str] | None:
    """The cells of one whole record, or None where its quotes are not sound."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=profile.delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _is_open(text: str, *, profile: Profile) -> bool:
    """Whether the text ends inside a quoted cell: closing it there makes it sound."""
    return _cells(text + '"', profile=profile) is not None
