"""The bytes of a CSV file, a piece at a time: what they are, their lines, and what a fast reader must know of them.

Belongs here: other things under the name of a CSV file, encodings, lengths of records, counting. Must not: cells.

Nothing here holds more than a record of the longest kind and a block of the file, however large either is: a file
without a line end, or with a quote that is never closed, is one record to a reader that trusts it.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ingest.formats.frames import StructureError, UnreadableFile
from ingest.profiles import Layout
from ingest.reasons import EMPTY_FILE, NOT_TEXT, WRONG_ENCODING, fix_of

# sixteen texts of the longest kind
LONGEST_RECORD_BYTES = 2**20
BLOCK = 2**24
LINES_BLOCK = 2**20
UTF8_BOM = b"\xef\xbb\xbf"

_HEAD_BYTES = 4_096
_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_KINDS = {
    b"PK\x03\x04": "a workbook or zip archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office file",
    b"PAR1": "Parquet",
    b"%PDF-": "PDF",
    b"\x1f\x8b": "packed with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"7z\xbc\xaf": "packed with 7-Zip",
    b"Rar!": "packed with RAR",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    b"SQLite format 3\x00": "a database",
}
# a stray control character spoils a record; where there are more of them than this the file is no text
_MOST_CONTROL_SHARE = 0.05
_LOW = bytes(set(range(32)) - {9, 10, 13, 26})
# invisible in UTF-8: C1 controls and the soft hyphen, zero-width and turning marks, a byte order mark
_UNSEEN = re.compile(rb"\xc2[\x80-\x9f\xad]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf")
# what one of these begins with: a search for one byte is ten times as fast
_UNSEEN_STARTS = (b"\xc2", b"\xe2", b"\xef")
_BLANKS = (b"\n", b"\r", b"\t")


@dataclass(frozen=True)
class Scan:
    """`delimiters` in the whole file, whether there are quotes, and whether no character in it is a control character
    or invisible."""

    delimiters: int
    has_quotes: bool
    is_plain: bool


def refuse_what_is_no_text(path: Path) -> None:
    """By the first bytes.

    Raises:
        UnreadableFile: empty, UTF-16 or UTF-32, or something binary.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.removeprefix(UTF8_BOM):
        raise _refused(path, "is empty, without even a header.", EMPTY_FILE)
    for bom, name in _BOMS.items():
        if head.startswith(bom):
            raise _refused(path, f"is {name}.", WRONG_ENCODING)
    kind = next((name for magic, name in _KINDS.items() if head.startswith(magic)), None)
    if kind is not None:
        raise _refused(path, f"is {kind}, not CSV.", NOT_TEXT)
    if _is_wide(head):
        raise _refused(path, "is UTF-16 or UTF-32 without a byte order mark.", WRONG_ENCODING)
    if len(head) - len(head.translate(None, _LOW)) > _MOST_CONTROL_SHARE * len(head):
        raise _refused(path, "is binary, not CSV.", NOT_TEXT)


def _is_wide(head: bytes) -> bool:
    """Whether every second byte, or three of four, are 0: Latin letters of two or four bytes each."""
    share = len(head) // 4 or 1
    lanes = [head[start::4].count(0) / share for start in range(4)]
    empty = [lane > 0.6 for lane in lanes]
    return sum(empty) >= 2 and not all(empty) and (empty[:2] == empty[2:] or sum(empty) == 3)


def _refused(path: Path, what: str, reason_code: str) -> UnreadableFile:
    return UnreadableFile(f"{path.name}: {what}", fix=f"{fix_of(reason_code)}.", reason_code=reason_code)


def encoding_of(path: Path, *, layout: Layout) -> str:
    """The first encoding of the layout in which the whole file can be read, else the first of all: then single
    records are at fault.

    A file of UTF-8 with a few records in another encoding can be read in GB 18030 too, as nonsense: nearly every pair
    of bytes is a character there. So where most lines that are not ASCII are UTF-8, it is that.
    """
    first, *others = layout.encodings
    if not others or _can_be_read(path, first):
        return first
    found = next((encoding for encoding in others if _can_be_read(path, encoding)), None)
    return first if found is None or (first == "utf-8" and _is_mostly_utf8(path)) else found


def _can_be_read(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(path: Path) -> bool:
    sound = unsound = 0
    for line in lines_of(path):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            sound += 1
        except UnicodeDecodeError:
            unsound += 1
    return sound > unsound


def lines_of(source: Path | bytes) -> Iterator[bytes]:
    """Lines without a byte order mark; old Macintosh files end theirs with a carriage return alone. Of a line that is
    longer than any record only the first LONGEST_RECORD_BYTES + 1 bytes are given."""
    end = b"\n" if any(b"\n" in block for block in _blocks(source, size=LINES_BLOCK)) else b"\r"
    held = b""
    is_first = True
    for block in _blocks(source, size=LINES_BLOCK):
        if is_first:
            block = block.removeprefix(UTF8_BOM)
            is_first = False
        *whole, rest = block.split(end)
        for line in whole:
            yield (held + line)[: LONGEST_RECORD_BYTES + 1] if held else line
            held = b""
        held = (held + rest)[: LONGEST_RECORD_BYTES + 1]
    yield held


def scan(source: Path | bytes, *, delimiter: str) -> Scan:
    """One pass over what a fast reader is about to take whole, record by record.

    Raises:
        StructureError: a record is longer than any may be, or a quote stays open for so long.
    """
    wanted = delimiter.encode()
    delimiters = 0
    has_quotes = False
    is_plain = True
    held = b""
    is_first = True
    for block in _blocks(source, size=BLOCK):
        delimiters += _count(block, wanted)
        has_quotes = has_quotes or b'"' in block
        data = held + block
        if is_plain:
            # of what was held only an unfinished character matters; looking at all of it again is as cheap
            is_plain = _is_plain(data.removeprefix(UTF8_BOM) if is_first else data)
        is_first = False
        start = 0
        while len(data) - start > LONGEST_RECORD_BYTES:
            start = _record_end(data, start)
        held = data[start:]
    return Scan(delimiters, has_quotes, is_plain)


def _record_end(data: bytes, start: int) -> int:
    """The end of the last record that ends soon enough: a line end behind an even number of quotes."""
    stop = start + LONGEST_RECORD_BYTES
    quotes = _count(data[start:stop], b'"')
    end = stop
    while (line_end := data.rfind(b"\n", start, end)) >= 0:
        quotes -= data.count(b'"', line_end, end)
        if quotes % 2 == 0:
            return line_end + 1
        end = line_end
    raise StructureError("a record is longer than any may be")


def _is_plain(data: bytes) -> bool:
    low = np.count_nonzero(np.frombuffer(data, dtype=np.uint8) < 32)
    if low != sum(_count(data, blank) for blank in _BLANKS) or b"\x7f" in data:
        return False
    return not (any(start in data for start in _UNSEEN_STARTS) and _UNSEEN.search(data))


def _count(data: bytes, wanted: bytes) -> int:
    """How often a byte is there; comparing all of them at once is four times as fast as `bytes.count`."""
    if len(wanted) > 1:
        return data.count(wanted)
    return int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) == wanted[0]))


def _blocks(source: Path | bytes, *, size: int) -> Iterator[bytes]:
    opened: AbstractContextManager[BinaryIO] = (
        nullcontext(BytesIO(source)) if isinstance(source, bytes) else source.open("rb")
    )
    with opened as file:
        while block := file.read(size):
            yield block
