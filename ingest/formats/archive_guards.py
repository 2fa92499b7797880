"""Workbooks as archives: what is in the zip file, before any reader opens it.

Belongs here: sizes, ratios, names, encryption, nested archives, declarations in XML, and the extent of sheets. Must
not: the meaning of a cell.

Readers trust an archive: calamine takes room for every cell between the first and the last one, so that two cells in
opposite corners of a sheet end the process, and inflates what an entry holds rather than what it says. So every entry
is inflated here once, in pieces, counted, and thrown away. Sizes are those of the whole archive, and the archive is
read by its central directory alone, as the readers do.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ingest.formats.frames import MOST_COLUMNS, UnreadableFile
from ingest.reasons import (
    ARCHIVE_TOO_LARGE,
    ENCRYPTED_FILE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    UNREADABLE_FILE,
    UNSAFE_ARCHIVE,
    fix_of,
)

# a million rows of thirty columns, as Excel writes them, are 1.2 GB of XML
LARGEST_UNPACKED_BYTES = 2 * 2**30
# sheets of equal rows pack 1:60; up to this size no ratio is a danger
LARGEST_RATIO = 200
UNSUSPICIOUS_BYTES = 100 * 2**20
MOST_ENTRIES = 10_000
LARGEST_DIRECTORY_BYTES = 4 * 2**20
# Excel's own limits, and what a reader can hold: about 30 bytes a cell
MOST_SHEET_ROWS = 1_048_576
MOST_CELLS = 50_000_000
# the reader tells each error of a sheet as an object of its own
MOST_ERROR_CELLS = 100_000

BLOCK = 2**20
_LONGEST_TAG = 2**16
_LOCAL_HEADER_BYTES = 30
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,64})([0-9]{1,64})["']""")
# longer than a number is worked out for, and than any sheet is
_ENDLESS_COLUMN = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{65}""")
_ENDLESS_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*[0-9]{65}""")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\sr\s*=\s*["']([0-9]{1,64})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")


@dataclass
class Extent:
    """How far a sheet reaches, as far as its parts have been fed."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: int = 0
    _cells_in_row: int = 0
    _row_tags: int = 0

    def feed(self, data: bytes) -> None:
        """Take up a piece of XML that ends between two tags."""
        for number in _ROW_NUMBER.findall(data):
            self.rows = max(self.rows, int(number))
        found = _REFERENCE.findall(data)
        letters = {letters for letters, _ in found}
        self.columns = max([self.columns, *(_column_number(text) for text in letters)])
        self.rows = max([self.rows, *(int(number) for _, number in found)])
        if _ENDLESS_COLUMN.search(data):
            self.columns = max(self.columns, MOST_COLUMNS + 1)
        if _ENDLESS_ROW.search(data):
            self.rows = max(self.rows, MOST_SHEET_ROWS + 1)
        # cells need not say where they are: then they follow each other
        first, *others = _ROW.split(data)
        self._count(first)
        for row in others:
            self._cells_in_row = 0
            self._count(row)
        self._row_tags += len(others)
        self.rows = max(self.rows, self._row_tags)
        self.errors += len(_ERROR.findall(data))

    def _count(self, data: bytes) -> None:
        count = len(_CELL.findall(data))
        self.cells += count
        self._cells_in_row += count
        self.columns = max(self.columns, self._cells_in_row)


def check_archive(path: Path) -> None:
    """Inflate every entry once and look at it.

    Raises:
        UnreadableFile: it is no zip file, is encrypted, unpacks to too much, or no honest program has made it.
    """
    try:
        with path.open("rb") as file:
            _refuse_directory(file, path=path)
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                _refuse_entries(entries, path=path)
                for entry in entries:
                    _refuse_content(file, entry, path=path)
    # zipfile has its own word for a compression or version it cannot read: NotImplementedError
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(
            f"{path.name}: is not a readable workbook ({error}).",
            fix="save it again as .xlsx, without a password, with the data on the first sheet.",
        ) from error


def refused(path: Path, what: str, *, reason_code: str) -> UnreadableFile:
    """The error for one reason."""
    return UnreadableFile(f"{path.name}: {what}", fix=f"{fix_of(reason_code)}.", reason_code=reason_code)


def _refuse_directory(file: BinaryIO, *, path: Path) -> None:
    """Before the directory is read: its size, which the end of the file tells, twice in a large archive."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 2**16 - 22))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise zipfile.BadZipFile("it does not end as a zip file does")
    sizes = [struct.unpack_from("<L", tail, end + 12)[0]]
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        _seek(file, struct.unpack_from("<Q", tail, end - 12)[0])
        sizes = [struct.unpack_from("<Q", file.read(56), 40)[0]]
    if max(sizes) > LARGEST_DIRECTORY_BYTES:
        raise refused(path, f"has more than {MOST_ENTRIES:,} entries.", reason_code=ARCHIVE_TOO_LARGE)


def _refuse_entries(entries: list[zipfile.ZipInfo], *, path: Path) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refused(path, "is protected by a password.", reason_code=ENCRYPTED_FILE)
    if len(entries) > MOST_ENTRIES:
        raise refused(path, f"has more than {MOST_ENTRIES:,} entries.", reason_code=ARCHIVE_TOO_LARGE)
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    _refuse_size(unpacked, packed=packed, path=path)
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) < len(names):
        raise refused(path, "holds two entries of one name.", reason_code=UNSAFE_ARCHIVE)
    for entry in entries:
        # zipfile turns backslashes around; a reader of another language need not
        name = PurePosixPath(entry.orig_filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or set(entry.orig_filename) & {":", "\0"}:
            raise refused(path, f"its entry {entry.orig_filename!r} leaves it.", reason_code=UNSAFE_ARCHIVE)
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, following in pairwise(ordered):
        end = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
        if end > following.header_offset:
            raise refused(path, "its entries overlap.", reason_code=UNSAFE_ARCHIVE)


def _refuse_size(unpacked: int, *, packed: int, path: Path) -> None:
    if unpacked > LARGEST_UNPACKED_BYTES:
        what = f"unpacks to more than {LARGEST_UNPACKED_BYTES // 2**20:,} MB."
        raise refused(path, what, reason_code=ARCHIVE_TOO_LARGE)
    if unpacked > UNSUSPICIOUS_BYTES and unpacked > LARGEST_RATIO * max(packed, 1):
        what = f"unpacks to more than {LARGEST_RATIO} times its size."
        raise refused(path, what, reason_code=ARCHIVE_TOO_LARGE)


def _refuse_content(file: BinaryIO, entry: zipfile.ZipInfo, *, path: Path) -> None:
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    # texts of cells may read like a reference
    is_sheet = is_xml and not entry.filename.lower().endswith("sharedstrings.xml")
    extent = Extent()
    held = b""
    size = 0
    for number, block in enumerate(_inflated(file, entry)):
        size += len(block)
        if size > entry.file_size:
            break
        if number == 0 and block.startswith(_ARCHIVES) and "embeddings/" not in entry.filename:
            raise refused(path, f"{entry.filename!r} in it is an archive.", reason_code=UNSAFE_ARCHIVE)
        if not is_xml:
            continue
        data = held + block
        if _DECLARATION.search(data):
            what = f"{entry.filename!r} in it declares a document type or entities."
            raise refused(path, what, reason_code=UNSAFE_ARCHIVE)
        cut = data.rfind(b">") + 1
        if not cut and len(data) > _LONGEST_TAG:
            # text may be as long; in two pieces a tag would be looked at as none
            if "worksheets/" in entry.filename and b"<" in data:
                raise refused(
                    path, f"{entry.filename!r} in it has an endless tag.", reason_code=UNSAFE_ARCHIVE
                )
            cut = len(data) - _LONGEST_TAG
        data, held = data[:cut], data[cut:]
        if is_sheet:
            extent.feed(data)
            _refuse_extent(extent, path=path)
    if size != entry.file_size:
        what = f"{entry.filename!r} in it does not have the size that it says."
        raise refused(path, what, reason_code=UNSAFE_ARCHIVE)


def _refuse_extent(extent: Extent, *, path: Path) -> None:
    if extent.columns > MOST_COLUMNS:
        what = f"a sheet has more than {MOST_COLUMNS:,} columns."
        raise refused(path, what, reason_code=TOO_MANY_COLUMNS)
    if extent.rows > MOST_SHEET_ROWS or max(extent.cells, extent.rows * extent.columns) > MOST_CELLS:
        what = f"a sheet reaches to row {extent.rows:,} and column {extent.columns:,}, too many cells."
        raise refused(path, what, reason_code=TOO_MANY_ROWS)
    if extent.errors > MOST_ERROR_CELLS:
        what = f"a sheet holds more than {MOST_ERROR_CELLS:,} errors (#REF! and the like)."
        raise refused(path, what, reason_code=UNREADABLE_FILE)


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What the bytes of an entry inflate to, whatever its header says of the size."""
    _seek(file, entry.header_offset)
    header = file.read(_LOCAL_HEADER_BYTES)
    if not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(f"{entry.filename!r} is not where the directory says")
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, 26)
    file.seek(name_bytes + extra_bytes, 1)
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(f"{entry.filename!r} is packed in a way that workbooks are not")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and not inflater.eof:
        packed = file.read(min(BLOCK, left))
        if not packed:
            raise EOFError(f"{entry.filename!r} is cut off")
        left -= len(packed)
        while packed and not inflater.eof:
            block = inflater.decompress(packed, BLOCK)
            packed = inflater.unconsumed_tail
            if block:
                yield block
    while block := inflater.decompress(b"", BLOCK):
        yield block
    if not inflater.eof:
        raise EOFError(f"{entry.filename!r} is cut off")


def _seek(file: BinaryIO, offset: int) -> None:
    if not 0 <= offset < 2**62:
        raise zipfile.BadZipFile("an entry lies outside the file")
    file.seek(offset)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
