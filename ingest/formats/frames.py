"""What every format hands over.

Belongs here: the frame of text, the offending record and the errors of structure. Must not: reading a file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from ingest.reasons import BAD_HEADER, TOO_MANY_COLUMNS, UNREADABLE_FILE, fix_of

ROW = "_row"

# Excel's own: no table of a person or a program is wider
MOST_COLUMNS = 16_384

# what is kept of a text for the person who looks for it
LONGEST_SHOWN = 1_000


class UnreadableFile(ValueError):
    """The file as a whole cannot be read, so its delivery is refused; `fix` says what to do."""

    def __init__(self, message: str, *, fix: str, reason_code: str = UNREADABLE_FILE) -> None:
        super().__init__(message)
        self.fix = fix
        self.reason_code = reason_code


class StructureError(ValueError):
    """The fast reader met a record it cannot split. What it has given so far must be dropped: read `salvaged`."""


@dataclass(frozen=True)
class BadRecord:
    """A record that could not be split into the columns of the header. `text` is the record as it stands."""

    row: int
    reason_code: str
    text: str


@dataclass(frozen=True)
class TextBatch:
    """Some records of a file, in order: text columns named by the header, and `_row`. `is_plain`: no character is a
    control character or invisible, so that nobody has to look for one."""

    frame: pl.DataFrame
    bad: tuple[BadRecord, ...] = ()
    is_plain: bool = False


def _nothing() -> Iterator[TextBatch]:
    return iter(())


@dataclass(frozen=True)
class TextFile:
    """An opened file: its header, and readers of its records.

    `batches` may raise StructureError part way; `salvaged` then reads the file again, record by record, and sets the
    offenders apart. `is_typed`: numbers and dates came with their type, so their text has `.` and ISO dates.
    """

    header: tuple[str, ...]
    batches: Callable[[], Iterator[TextBatch]]
    salvaged: Callable[[], Iterator[TextBatch]] = field(default=_nothing)
    is_typed: bool = False
    preamble: str = ""


def shortened(text: str) -> str:
    """A text as it is shown and kept among the rejected rows."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}… ({len(text):,} characters)"


def check_header(names: list[str], *, file_name: str) -> tuple[str, ...]:
    """The stripped header.

    Raises:
        UnreadableFile: it is empty, names a column twice, or has more columns than any table.
    """
    if len(names) > MOST_COLUMNS:
        raise UnreadableFile(
            f"{file_name}: has {len(names):,} columns, more than {MOST_COLUMNS:,}.",
            fix=f"{fix_of(TOO_MANY_COLUMNS)}.",
            reason_code=TOO_MANY_COLUMNS,
        )
    header = tuple(name.strip().removeprefix("\ufeff").strip() for name in names)
    if not any(header):
        raise UnreadableFile(
            f"{file_name}: the first record holds no column names.",
            fix="write the column names into the first record.",
            reason_code=BAD_HEADER,
        )
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise UnreadableFile(
            f"{file_name}: the column {twice[0]!r} is there twice.",
            fix="remove or rename one of the two.",
            reason_code=BAD_HEADER,
        )
    return tuple(name or f"_unnamed_{position}" for position, name in enumerate(header, start=1))
