"""Delimited text: which character parts the cells, how they are quoted, and the records that come of it.

Belongs here: splitting lines into records without a layout that is known. Must not: which record is the header.

The delimiter is the one by which the most records have one and the same width, and whose cells are clean: a comma
also parts 1.234,56, but then the cells hold the semicolons that part the others.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.inspection.findings import Note

DELIMITERS = (",", ";", "\t", "|", "^", "~")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", "^": "caret", "~": "tilde"}
MOST_JUDGED = 2_000
LONGEST_RECORD_LINES = 50
RULE = re.compile(r"^[-|+=\s]*$")


@dataclass(frozen=True)
class Record:
    """The stripped cells of one record, and the number of its first line from 0."""

    cells: tuple[str, ...]
    line: int

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(bool(cell) for cell in self.cells)


@dataclass(frozen=True)
class Delimited:
    """Records of a text file, blank lines and rules left out."""

    records: tuple[Record, ...]
    delimiter: str
    note: Note
    has_blanks_behind_quotes: bool
    has_rules: bool
    has_blank_lines: bool


def split(lines: Sequence[str]) -> Delimited:
    """Find the delimiter and split by it."""
    head = [line for line in lines[:MOST_JUDGED] if line.strip()]
    scores = {delimiter: _score(head, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: scores[one].value)
    best = scores[delimiter]
    if best.value == 0:
        delimiter, note = ",", Note("guess", "nothing parts cells: one column")
    else:
        note = Note(
            "proven" if best.same == best.all > 1 else "likely",
            f"{NAMES[delimiter]} gives {best.same:,} of {best.all:,} records {best.width} cells",
        )
    rules = [line for line in head if RULE.match(line) and len(set(line.strip())) <= 3 and delimiter == "|"]
    blank = " " if delimiter == "\t" else "[ \t]"
    blanks = re.compile(rf'"{blank}+(?={re.escape(delimiter)}|$)')
    return Delimited(
        records=tuple(_records(lines, delimiter, skips_rules=bool(rules))),
        delimiter=delimiter,
        note=note,
        has_blanks_behind_quotes=any(blanks.search(line) for line in head),
        has_rules=bool(rules),
        has_blank_lines=any(not line.strip() for line in lines[:-1]),
    )


@dataclass(frozen=True)
class _Score:
    value: float
    same: int
    all: int
    width: int


def _score(lines: Sequence[str], delimiter: str) -> _Score:
    cells = [record.cells for record in _records(lines, delimiter, skips_rules=delimiter == "|")]
    widths = Counter(len(record) for record in cells if len(record) > 1)
    if not widths:
        return _Score(0, 0, len(cells), 0)
    # of widths that are as common, the wider: a title may have one comma too
    width, same = max(widths.items(), key=lambda item: (item[1] * min(item[0], 8), item[0]))
    table = [record for record in cells if len(record) == width]
    others = "".join(other for other in DELIMITERS if other not in (delimiter, ","))
    # a comma inside is that of an amount or a sentence; one at an end parts cells
    dirty = re.compile(f"[{re.escape(others)}]" if delimiter == "," else f"[{re.escape(others)}]|^,|,$")
    parts = [cell for record in table for cell in record]
    clean = sum(not dirty.search(cell) for cell in parts) / len(parts)
    support = same / len(cells)
    unanimity = same / sum(widths.values())
    # two cells may be one that holds the character once
    breadth = min(width, 5) / 5
    filled = sum(bool(cell) for cell in parts) / len(parts)
    return _Score(
        clean**4 * (0.3 + 0.7 * support) * unanimity**0.5 * (0.4 + 0.6 * breadth) * (0.3 + 0.7 * filled),
        same,
        len(cells),
        width,
    )


def _records(lines: Sequence[str], delimiter: str, *, skips_rules: bool) -> list[Record]:
    records: list[Record] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.strip() or (skips_rules and RULE.match(line)):
            position += 1
            continue
        taken, cells = _record(lines, position, delimiter)
        records.append(Record(tuple(cell.strip() for cell in cells), position))
        position += taken
    return records


def _record(lines: Sequence[str], start: int, delimiter: str) -> tuple[int, list[str]]:
    text = lines[start]
    if text.count('"') % 2:
        joined = text
        for extra in range(1, min(LONGEST_RECORD_LINES, len(lines) - start)):
            joined += "\n" + lines[start + extra]
            if joined.count('"') % 2 == 0:
                return extra + 1, _cells(joined, delimiter)
        return 1, text.split(delimiter)
    return 1, _cells(text, delimiter)


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        rows = list(csv.reader([text], delimiter=delimiter))
    except csv.Error:
        return text.split(delimiter)
    return rows[0] if len(rows) == 1 else text.split(delimiter)
