"""What the values of each column show, whatever the column is called.

Belongs here: facts about single columns and about how one follows from another. Must not: names of columns, the
contract.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from ingest.inspection.dates import DateColumn, guess_dates, read_day, unreadable_dates
from ingest.inspection.dictionary import currencies
from ingest.inspection.grid import Grid
from ingest.inspection.numbers import Marks, read_marks
from ingest.profiles.cells import Mapped, read_cell

# texts that systems write for a missing value
NULL_TEXTS = (
    "-", "--", "---", "/", "无", "n/a", "N/A", "NA", "null", "NULL", "None", "none", "nan", "NaN", "#N/A", "(null)",
    "00000000", "0000-00-00", "00.00.0000", "00/00/0000", "0000-00-00 00:00:00", "1900-01-00",
)  # fmt: skip
MOST_CODES = 30
MOST_DISTINCT = 5_000
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(
    r"^(?:\+|00)\d[\d\s()/-]{6,}$|^1[3-9]\d{9}$|^0\d{2,4}[-/ ]\d{5,}$|^\(\d{3}\) ?\d{3}-\d{4}$"
)


@dataclass(frozen=True)
class Facts:
    """Facts about a column.

    `kind`: empty, date, number, currency, code, id, or text. `codes`: its distinct values with their counts, where they
    are few. `amount_pattern`: finds the amount in texts with a remark behind it. `is_contact`: its values look like
    telephones or addresses of mail.
    """

    name: str
    position: int
    kind: str
    filled: int
    empty: int
    distinct: int
    codes: dict[str, int]
    dates: DateColumn | None
    marks: Marks | None
    null_texts: tuple[str, ...]
    is_unique: bool
    is_contact: bool
    is_typed: bool
    unreadable: str | None
    amount_pattern: str | None
    values: tuple[str, ...]

    @property
    def empty_share(self) -> float:
        """Share of rows without a value."""
        rows = self.filled + self.empty
        return self.empty / rows if rows else 0.0


def facts_of(grid: Grid) -> tuple[Facts, ...]:
    """Facts about every column."""
    return tuple(_facts(grid, n) for n in range(len(grid.header)))


def _facts(grid: Grid, position: int) -> Facts:
    cells = grid.column(position)
    counted = Counter(cell for cell in cells if cell)
    nulls = [text for text in NULL_TEXTS if text in counted]
    # a dash may be a value in a text, but is none among figures
    values = [value for value in counted if value not in nulls][:MOST_DISTINCT]
    dates = guess_dates(values) if values else None
    marks = read_marks(values) if values and not (dates and _is_date(dates, values)) else None
    filled = sum(counted.values())
    is_typed = position in grid.typed
    kind = _kind(values, dates, marks, counted)
    if kind not in ("date", "number", "currency"):
        nulls = [text for text in nulls if set(text) <= set("0-./: ")] if kind != "text" else []
    filled -= sum(counted[text] for text in nulls)
    return Facts(
        name=grid.header[position],
        position=position,
        kind=kind,
        filled=filled,
        empty=len(cells) - filled,
        distinct=len(counted) - len(nulls),
        codes=dict(counted.most_common()) if len(counted) <= MOST_CODES else {},
        dates=dates if kind == "date" else None,
        marks=marks if marks is not None and marks.is_number else None,
        null_texts=tuple(nulls),
        is_unique=filled > 0 and filled == len(counted) - len(nulls) and filled == len(cells),
        is_contact=_is_contact(values),
        is_typed=is_typed,
        unreadable=None if kind in ("date", "number") else unreadable_dates(values),
        amount_pattern=_amount_pattern(values) if kind in ("text", "code", "id") else None,
        values=tuple(values),
    )


def _amount_pattern(values: Sequence[str]) -> str | None:
    """A pattern for the number at the start of texts that have a remark behind it, as in 12.50(refunded)."""
    remarked = re.compile(r"^[-+]?[0-9][0-9.,]*\s*[(（\[].*$")
    count = sum(bool(remarked.match(value)) for value in values)
    if not count or not all(remarked.match(v) or re.match(r"^[-+]?[0-9][0-9.,]*$", v) for v in values):
        return None
    return r"^([-+]?[0-9][0-9.,]*)"


def _is_date(dates: DateColumn, values: Sequence[str]) -> bool:
    """Whether eight digits are days: of a few years, not numbers that happen to be some day."""
    compact = [shape for shape in dates.shapes if shape.example.isdigit()]
    if not compact or len(values) < 2:
        return True
    formats = [one for shape in compact for one in shape.formats.values()]
    days = [day for value in values[:500] if (day := read_day(value, formats=formats))]
    return not days or (max(days) - min(days)).days < 40 * 366


def _kind(values: Sequence[str], dates: DateColumn | None, marks: Marks | None, counted: Counter[str]) -> str:
    if not values:
        return "empty"
    if dates is not None and _is_date(dates, values):
        return "date"
    if all(value in currencies() or value in currency_names() for value in values):
        return "currency"
    if marks is not None and marks.is_number:
        return "id" if marks.is_identifier else "number"
    rows = sum(counted.values())
    if len(values) <= MOST_CODES and (len(values) <= max(3, rows / 5)) and max(map(len, values)) <= 40:
        return "code"
    has_digits = sum(bool(re.search(r"\d", value)) for value in values) > 0.8 * len(values)
    if has_digits and not any(re.search(r"\s\S+\s", value) for value in values[:200]):
        return "id"
    return "text"


@cache
def currency_names() -> dict[str, str]:
    """Names of currencies that a profile may use, with their codes."""
    cell = read_cell({"of": "a", "values": "currency"})
    assert isinstance(cell, Mapped)
    return dict(cell.values)


def _is_contact(values: Sequence[str]) -> bool:
    told = sum(bool(_EMAIL.match(v) or _PHONE.match(v)) for v in values)
    return bool(values) and told > 0.6 * len(values)


def looks_like_contact(text: str) -> bool:
    """Whether a text is an address of mail or a telephone."""
    return bool(_EMAIL.match(text) or _PHONE.match(text))


def days_of(grid: Grid, position: int, *, formats: Sequence[str]) -> list[datetime | None]:
    """The days of a column, row by row."""
    return [read_day(cell, formats=formats) if cell else None for cell in grid.column(position)]
