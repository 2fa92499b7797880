"""Where the table stands in a file: its header, what is above, and the rows below that are no records.

Belongs here: judging records of cells by their shape. Must not: what a column means, reading files.

A header is the record whose cells are many, distinct, short and without figures, above records of about its width in
which figures stand. Names that some shipped profile knows speak for it, yet none is needed.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.inspection.delimited import Record
from ingest.inspection.findings import Doubt, Note
from ingest.profiles import plain_header

MOST_ABOVE = 200
LONGEST_NAME = 60
LEAST_SCORE = 0.75
_FIGURE = re.compile(r"^[^\w]*(?:[A-Z]{3}|[^\W\d_]{0,2})?[^\w]*\d[\d\s.,:;/'’年月日时分秒()+%*-]*[^\d]{0,4}$")
# what stands at the start of the text beside a total, or in notes below a table
TOTAL = re.compile(
    r"^[*\s]*(?:合\s*计|总\s*计|小\s*计|共\s*\d|共计|grand total|sub-?total|totals?\b|sum\b|summen?\b|gesamt|zwischen"
    r"summe|total général|totale\b|result\b|balance (?:at|brought|carried)|opening balance|closing balance|anfangssaldo"
    r"|endsaldo|期初余额|期末余额|以上|说明|备注[:：]|注[:：])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Area:
    """The table among the records. `header` None: the file has none. `has_ends`: some records have empty cells beyond
    the header. `rows` are padded to `width`; `ignored` are rows
    that are no records, as position in `rows`, with the column of the text that tells, or -1 for an empty key."""

    header: tuple[str, ...] | None
    header_position: int
    above: tuple[Record, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int
    short_records: int
    long_records: int
    has_ends: bool
    note: Note
    doubts: tuple[Doubt, ...]
    ignored: dict[int, int]


def is_figure(cell: str) -> bool:
    """Whether a cell looks like a number, an amount or a date."""
    return bool(_FIGURE.match(cell))


def find_table(records: Sequence[Record], *, knows: Callable[[str], bool]) -> Area:
    """Find the header and the rows.

    Args:
        knows: whether a name of a column is known from somewhere.
    """
    width = _width(records)
    scored = [
        (_header_score(record, position=n, records=records, width=width, knows=knows), n)
        for n, record in enumerate(records[:MOST_ABOVE])
    ]
    score, at = max(scored, key=lambda pair: (round(pair[0], 2), -pair[1]), default=(0.0, 0))
    if score < LEAST_SCORE:
        return _headerless(records, width=width)
    header = _trimmed(records[at].cells, records[at + 1 :])
    below = records[at + 1 :]
    known = sum(knows(name) for name in header if name)
    named = sum(bool(name) for name in header)
    note = Note(
        "likely" if score >= 1 else "guess",
        f"record {at + 1} has {named} distinct names, {known} of them known from shipped profiles or the contract",
    )
    doubts = []
    if score < 1:
        doubts.append(
            Doubt("header", f"is record {at + 1} the header, or the first row? No figures tell them apart.")
        )
    return _area(header, at, tuple(records[:at]), below, width=len(header), note=note, doubts=doubts)


def _width(records: Sequence[Record]) -> int:
    widths = Counter(len(r.cells) for r in records if len(r.cells) > 1)
    return max(widths, key=lambda w: (widths[w] * min(w, 8), w)) if widths else 1


def _header_score(
    record: Record, *, position: int, records: Sequence[Record], width: int, knows: Callable[[str], bool]
) -> float:
    cells = [cell for cell in record.cells if cell]
    if not cells or len(record.cells) > 2 * width or (width > 1 and len(cells) < 2):
        return 0
    names = [plain_header(cell) for cell in cells]
    distinct = len(set(names)) / len(names)
    texts = sum(not is_figure(cell) for cell in cells) / len(cells)
    short = sum(len(cell) <= LONGEST_NAME for cell in cells) / len(cells)
    with_values = sum(bool(re.search(r"[:：]\s*\S|\d{4,}", cell)) for cell in cells) / len(cells)
    filled = min(len(cells) / width, 1)
    known = sum(knows(cell) for cell in cells) / len(cells)
    below = [r for r in records[position + 1 : position + 30] if r.filled > 1 or width == 1]
    figures = sum(any(is_figure(cell) for cell in r.cells if cell) for r in below)
    contrast = figures / len(below) if below else 0.5
    shape = distinct**2 * texts**3 * short * (1 - with_values) * filled
    return shape * (0.75 + 0.3 * contrast + 0.4 * known)


def _trimmed(cells: tuple[str, ...], below: Sequence[Record]) -> tuple[str, ...]:
    """The header without empty cells at its end, beyond which no record has anything."""
    used = max((_last_filled(r.cells) for r in below), default=0)
    last = max(_last_filled(cells), min(used, len(cells)))
    return cells if last == len(cells) else cells[: max(last, 1)] if used <= last else cells


def _last_filled(cells: Sequence[str]) -> int:
    return max((n for n, cell in enumerate(cells, start=1) if cell), default=0)


def _headerless(records: Sequence[Record], *, width: int) -> Area:
    at = next((n for n, record in enumerate(records) if len(record.cells) == width), 0)
    note = Note("likely", "no record holds names alone: the columns are numbered")
    doubts = [
        Doubt("header", "the file names no columns; what each of them is was guessed from its values alone")
    ]
    return _area(None, at, tuple(records[:at]), records[at:], width=width, note=note, doubts=doubts)


def _area(
    header: tuple[str, ...] | None,
    at: int,
    above: tuple[Record, ...],
    below: Sequence[Record],
    *,
    width: int,
    note: Note,
    doubts: list[Doubt],
) -> Area:
    rows = []
    short = long = 0
    has_ends = False
    for record in below:
        if not record.filled:
            short += 1
            continue
        cells = record.cells
        has_ends |= len(cells) > width and not cells[-1]
        while len(cells) > width and not cells[-1]:
            cells = cells[:-1]
        short += len(record.cells) < width
        long += len(cells) > width
        rows.append((*cells[:width], *("",) * (width - len(cells))))
    return Area(
        header,
        at,
        above,
        tuple(rows),
        width,
        short,
        long,
        has_ends,
        note,
        tuple(doubts),
        _no_records(rows, width=width),
    )


def _no_records(rows: Sequence[tuple[str, ...]], *, width: int) -> dict[int, int]:
    """Rows that are totals or remarks, by the column whose text tells."""
    usual = Counter(sum(bool(cell) for cell in row) for row in rows)
    most = max(usual, key=lambda n: (usual[n], n), default=0)
    found: dict[int, int] = {}
    for position, row in enumerate(rows):
        filled = [n for n, cell in enumerate(row) if cell]
        if not filled:
            continue
        text = next((n for n in filled if TOTAL.match(row[n])), None)
        if text is not None and (len(filled) <= most / 2 or text == filled[0]) and len(filled) < max(most, 2):
            found[position] = text
        elif (len(filled) == 1 and most > 2 and not is_figure(row[filled[0]])) or row[filled[0]].startswith(
            "---"
        ):
            found[position] = filled[0]
    last = len(rows) - 1
    if last > 1 and last not in found and _is_sum(rows, width=width):
        found[last] = -1
    return found


def _is_sum(rows: Sequence[tuple[str, ...]], *, width: int) -> bool:
    """Whether the last row, with most cells empty and nothing but figures, adds up the rows above it."""
    last = rows[-1]
    filled = [n for n in range(width) if last[n]]
    others = [sum(bool(cell) for cell in row) for row in rows[:-1]]
    if not filled or len(filled) > min(others) / 2 or not all(is_figure(last[n]) for n in filled):
        return False
    digits = re.compile(r"[^\d]")
    return any(
        sum(int(digits.sub("", row[n]) or 0) for row in rows[:-1]) == int(digits.sub("", last[n]) or 0)
        for n in filled
    )
