"""The part of a file that is looked at: the first megabytes, as lines of text.

Belongs here: how much is read, whether it is text at all, and in which encoding. Must not: records and cells.

Chinese and western single-byte text can often be decoded as each other, so both are tried and judged by what comes
out: GB 2312 puts both bytes of a common character above 0xA0, and western text has its high bytes one at a time.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from ingest.inspection.findings import CannotInspect, Doubt, Note

MOST_BYTES = 8_000_000
MOST_ROWS = 50_000
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PARQUET = b"PAR1"
# bytes that no text has, apart from tab, line ends, form feed and the end-of-file mark of DOS
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
MOST_CONTROL_SHARE = 0.001
# below this the better of two readings is only the better of two readings
CLEAR_LEAD = 0.3


@dataclass(frozen=True)
class TextSample:
    """The first lines of a text file. `read`: how much of it, in words."""

    lines: tuple[str, ...]
    encoding: str
    note: Note
    doubts: tuple[Doubt, ...]
    is_cut: bool
    read: str


def read_head(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        CannotInspect: it does not exist, or is empty.
    """
    if not path.is_file():
        raise CannotInspect(f"there is no file {path}", fix="name a CSV, text, Excel or Parquet file.")
    with path.open("rb") as file:
        head = file.read(MOST_BYTES + 1)
    if not head.strip():
        raise CannotInspect(
            f"{path.name} is empty.",
            fix="export it again with its header and some rows, best of a whole month.",
        )
    return head


def read_text(path: Path) -> TextSample:
    """The lines of a text file, decoded.

    Raises:
        CannotInspect: it is no text, or UTF-16.
    """
    head = read_head(path)
    if head.startswith(UTF16_BOMS):
        raise CannotInspect(f"{path.name} is UTF-16.", fix="save it as UTF-8 (CSV UTF-8 in Excel).")
    if len(_CONTROL.findall(head)) > MOST_CONTROL_SHARE * len(head):
        raise CannotInspect(
            f"{path.name} is not text: it holds control characters.",
            fix="deliver CSV, delimited text, Excel or Parquet, each under its own suffix; unpack archives first.",
        )
    is_cut = len(head) > MOST_BYTES
    if is_cut:
        head = head[: head.rfind(b"\n", 0, MOST_BYTES) + 1] or head[:MOST_BYTES]
    encoding, note, doubts = guess_encoding(head)
    text = head.removeprefix(UTF8_BOM).decode(encoding, errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_ROWS:
        lines, is_cut = lines[:MOST_ROWS], True
    size = path.stat().st_size
    read = f"the first {len(lines):,} lines" if is_cut else "all"
    return TextSample(tuple(lines), encoding, note, doubts, is_cut, f"{read} of {size / 1_000_000:,.1f} MB")


def guess_encoding(data: bytes) -> tuple[str, Note, tuple[Doubt, ...]]:
    """Encoding, why, and what stays open."""
    if data.startswith(UTF8_BOM):
        return "utf-8", Note("proven", "byte order mark"), ()
    high = re.findall(rb"[\x80-\xff]+", data)
    if not high:
        return (
            "utf-8",
            Note("likely", "ASCII alone so far; letters beyond it in a later file may tell otherwise"),
            (),
        )
    if _decodes(data, "utf-8"):
        count = sum(len(run) for run in high)
        return "utf-8", Note("proven", f"{count:,} bytes beyond ASCII, all of them sound UTF-8"), ()
    chinese, western = _chinese_share(data), _western_share(high)
    if _decodes(data, "gb18030") and chinese >= western:
        note = f"no UTF-8; {chinese:.0%} of what decodes as GB 18030 are common Chinese characters"
        return _judged("gb18030", note, lead=chinese - western)
    encoding = _western_encoding(data)
    letters = "".join(sorted(set(re.findall(r"[^\x00-\x7f]", data.decode(encoding, errors="replace")))))[:40]
    note = f"no UTF-8; read so, the letters beyond ASCII are {letters}"
    doubt = Doubt(
        "encoding",
        f"any western code page can be decoded as {encoding}: are these letters right: {letters} ?",
    )
    name, told, doubts = _judged(encoding, note, lead=western - chinese)
    return name, told, (*doubts, doubt)


def _judged(encoding: str, evidence: str, *, lead: float) -> tuple[str, Note, tuple[Doubt, ...]]:
    if lead >= CLEAR_LEAD:
        return encoding, Note("likely", evidence), ()
    doubt = Doubt("encoding", "too little text to tell Chinese from western letters; look at the names")
    return encoding, Note("guess", evidence), (doubt,)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _chinese_share(data: bytes) -> float:
    """Characters of GB 2312, its first level and its signs above all, among all characters beyond ASCII."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return 0.0
    beyond = [character for character in text if ord(character) > 0x7F]
    common = 0
    for character in beyond:
        code = character.encode("gb18030")
        common += len(code) == 2 and code[1] >= 0xA1 and (0xB0 <= code[0] <= 0xD7 or code[0] <= 0xA3)
    return common / len(beyond) if beyond else 0.0


def _western_share(runs: list[bytes]) -> float:
    """High bytes that are letters or signs of western text and stand alone or in pairs, among all high bytes."""
    total = sum(len(run) for run in runs)
    sound = sum(
        len(run) for run in runs if len(run) <= 2 and all(b >= 0xC0 or b in _WESTERN_SIGNS for b in run)
    )
    return sound / total if total else 0.0


# € ‚ ‘ ’ “ ” – — of Windows; £ § ° ´ · º » and the blank that does not break
_WESTERN_SIGNS = frozenset(b"\x80\x82\x91\x92\x93\x94\x96\x97\xa0\xa3\xa7\xab\xb0\xb4\xb7\xba\xbb")


def _western_encoding(data: bytes) -> str:
    """Windows-1252 where it can be, since it is ISO 8859-1 with more signs; five bytes it does not have."""
    return "cp1252" if _decodes(data, "cp1252") else "iso-8859-1"
