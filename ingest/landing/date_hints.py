"""What to declare when the dates of a delivery are in no format of its profile.

Belongs here: reading an order of day and month out of texts that were refused. Must not: parsing dates for landing; an
order is never guessed, only told to the person who can declare it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_PARTED = re.compile(r"^([0-9]{1,4})([/.\-年 ])([0-9]{1,2})([/.\-月 ])([0-9]{1,4})(日?)(?:[ T].*)?$")
_COMPACT = re.compile(r"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$")
LAST_MONTH, LAST_DAY = 12, 31


@dataclass(frozen=True)
class _Shape:
    """How a date is written, but for the order: separators, and whether the year has four digits and comes first."""

    first: str
    second: str
    end: str
    year: str
    is_year_first: bool

    def declared(self, order: tuple[str, str], *, has_zeros: bool) -> str:
        """The format to declare. Without leading zeros `%-m` is needed, and takes those that have one too."""
        parts = [code if has_zeros else code.replace("%", "%-") for code in order]
        parts = [self.year, *parts] if self.is_year_first else [*parts, self.year]
        return f"{parts[0]}{self.first}{parts[1]}{self.second}{parts[2]}{self.end}"


def date_order_hint(texts: Iterable[str | None]) -> str | None:
    """A sentence that says which `date_formats` fit most of the texts and what in them proves it; None where most of
    them are no dates in any order.

    Args:
        texts: what was refused as bad_date.
    """
    shapes: dict[_Shape, list[tuple[str, str]]] = {}
    compact = count = 0
    for text in texts:
        count += 1
        read = _read(text or "")
        if read is not None:
            shapes.setdefault(read[0], []).append(read[1])
        elif _COMPACT.match(text or ""):
            compact += 1
    shape = max(shapes, key=lambda found: len(shapes[found]), default=None)
    if compact * 2 > count:
        return 'They look like year, month and day: declare `date_formats: ["%Y%m%d"]` in the profile.'
    if shape is None or len(shapes[shape]) * 2 <= count:
        return None
    return _told(shape, shapes[shape])


def _read(text: str) -> tuple[_Shape, tuple[str, str]] | None:
    match = _PARTED.match(text)
    if match is None:
        return None
    first, separator, middle, second, last, end = match.groups()
    if len(first) == 4 and len(last) <= 2:
        return _Shape(separator, second, end, "%Y", is_year_first=True), (middle, last)
    if len(first) <= 2 and len(last) in (2, 4):
        return _Shape(separator, second, end, "%Y" if len(last) == 4 else "%y", False), (first, middle)
    return None


def _told(shape: _Shape, pairs: list[tuple[str, str]]) -> str | None:
    numbers = Counter((int(one), int(other)) for one, other in pairs)
    has_zeros = all(len(part) == 2 for pair in pairs for part in pair)
    month_first = shape.declared(("%m", "%d"), has_zeros=has_zeros)
    day_first = shape.declared(("%d", "%m"), has_zeros=has_zeros)
    # a number above 12 is no month, so it is the day
    days_second = sum(n for (one, other), n in numbers.items() if one <= LAST_MONTH < other <= LAST_DAY)
    days_first = sum(n for (one, other), n in numbers.items() if other <= LAST_MONTH < one <= LAST_DAY)
    if shape.is_year_first and not days_first:
        return (
            f'They look like year, month and day: declare `date_formats: ["{month_first}"]` in the profile.'
        )
    declare_month = f'`date_formats: ["{month_first}"]`'
    declare_day = f'`date_formats: ["{day_first}"]`'
    if days_second and days_first:
        return (
            f"They are in two orders: {days_second} can only be month and day, {days_first} only day and month. Export"
            f" them in one, and declare {declare_month} or {declare_day} in the profile."
        )
    if days_second or days_first:
        order, declared = ("month, day", declare_month) if days_second else ("day, month", declare_day)
        proof = "second" if days_second else "first"
        return (
            f"They are {order} and year: in {days_second or days_first} of them the {proof} number is above 12. Declare"
            f" {declared} in the profile."
        )
    return (
        f"They look like {declare_month} (month first) or {declare_day} (day first); nothing in the file proves which,"
        " since no number in them is above 12. Ask whoever exports it, and declare the one in the profile."
    )
