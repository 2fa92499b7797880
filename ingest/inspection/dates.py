"""Dates: every format in which each value of a column is a date, and what proves the order of day and month.

Belongs here: reading formats off the values. Must not: parsing by a known layout (ingest/canonical_text.py).

The runs of digits and what stands between them give the shape; each order of year, month and day that every value
allows gives a format. 03/04/2026 allows two, and only a value such as 31/01/2026 settles it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.canonical_text import FIRST_YEAR, LAST_YEAR

MOST_FORMATS_TOLD = 3
# a share of other texts that a column of dates may hold, each of which is then a text for a missing date or set aside
LEAST_SHARE = 0.9
_ORDERS = ("Ymd", "dmY", "mdY", "ymd", "dmy", "mdy")
_TIMES = ("%H", "%M", "%S")
_MONTH_NAMES = re.compile(
    r"^\d{1,4}[\s./-]*[A-Za-zéûä]{3,9}\.?[\s./,-]*\d{2,4}\b|^[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
)
_NO_YEAR = re.compile(r"^(\d{1,2}[-/.]\d{1,2}\.?|\d{1,2}月\d{1,2}日)$")
_OTHER_TIMES = re.compile(
    r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ].*(?:[AaPp]\.?[Mm]\.?|[+-]\d\d:?\d\d|\.\d+Z?)$"
)
_TYPED_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$")


@dataclass(frozen=True)
class Shape:
    """Values of one shape: `formats` that fit all of them, by order, and for orders that do not, a value that rules
    each out."""

    formats: dict[str, str]
    ruled_out: dict[str, str]
    count: int
    example: str


@dataclass(frozen=True)
class DateColumn:
    """A column of dates. `others` are texts in it that are no dates. `is_typed`: moments with their type."""

    shapes: tuple[Shape, ...]
    others: tuple[str, ...]
    is_typed: bool = False


def read_day(text: str, *, formats: Iterable[str]) -> datetime | None:
    """The moment that a text means in the first format that fits, None where none does."""
    for one in formats:
        found = _read(text, one)
        if found is not None:
            return found
    return None


def guess_dates(values: Sequence[str]) -> DateColumn | None:
    """The formats of a column, from its distinct values; None where these are no dates."""
    by_shape: dict[str, list[str]] = {}
    others: list[str] = []
    for value in values:
        if re.search(r"\d", value) and not _TYPED_MOMENT.match(value):
            by_shape.setdefault(re.sub(r"\d+", "0", value), []).append(value)
        elif not _TYPED_MOMENT.match(value):
            others.append(value)
    typed = sum(bool(_TYPED_MOMENT.match(value)) for value in values)
    shapes = []
    for shape, of_shape in by_shape.items():
        found = _shape(shape, of_shape)
        if found is None:
            others += of_shape
        else:
            shapes.append(found)
    fitting = sum(shape.count for shape in shapes) + typed
    if not fitting or (fitting < LEAST_SHARE * (fitting + len(others)) and len(others) > 2):
        return None
    if fitting <= len(others):
        return None
    return DateColumn(tuple(shapes), tuple(others), is_typed=bool(typed))


def unreadable_dates(values: Sequence[str]) -> str | None:
    """What kind of date these values are that no layout reads, with an example; None where they are none."""
    for pattern, told in (
        (_MONTH_NAMES, "dates with the name of the month"),
        (_NO_YEAR, "days without a year"),
        (_OTHER_TIMES, "moments with a zone, parts of seconds, or a.m. and p.m."),
    ):
        if values and sum(bool(pattern.match(value)) for value in values) > 0.8 * len(values):
            return f"{told} ({values[0]})"
    return None


def _shape(shape: str, values: Sequence[str]) -> Shape | None:
    literals = shape.split("0")
    runs = len(literals) - 1
    if runs == 1:
        return _compact(literals, values)
    # 0/0/0, with or without a time of two or three parts
    if runs not in (3, 5, 6) or not literals[1] or re.search(r"[A-SU-Za-z]", "".join(literals)):
        return None
    if literals[1] in (",", "'", " ") or (literals[1] != literals[2] and "年" not in shape):
        return None
    if runs > 3 and any(one not in (":", ".", "：", "时", "分") for one in literals[4:runs]):
        return None
    parts = [[int(text) for text in re.findall(r"\d+", value)] for value in values]
    texts = [re.findall(r"\d+", value) for value in values]
    formats: dict[str, str] = {}
    ruled_out: dict[str, str] = {}
    for order in _ORDERS:
        if not _is_order(order, texts):
            continue
        small = [text[n] for text in texts for n in range(3) if order[n] in "md"]
        # %m where all have two digits and one shows that a zero is written, else %-m, which takes both
        is_padded = all(len(one) == 2 for one in small) and any(one.startswith("0") for one in small)
        codes = [f"%{part}" if part in "Yy" or is_padded else f"%-{part}" for part in order]
        hour = ["%-H" if any(len(text[3]) == 1 for text in texts) else "%H"] if runs > 3 else []
        all_codes = codes + hour + list(_TIMES[1 : runs - 3])
        written = "".join(f"{a}{b}" for a, b in zip(literals, all_codes, strict=False)) + literals[-1]
        bad = next((v for v, _ in zip(values, parts, strict=True) if _read(v, written) is None), None)
        if bad is None:
            formats[order] = written
        else:
            ruled_out[order] = bad
    return Shape(formats, ruled_out, len(values), values[0]) if formats else None


def _is_order(order: str, texts: Sequence[Sequence[str]]) -> bool:
    lengths = {"Y": {4}, "y": {2}, "m": {1, 2}, "d": {1, 2}}
    return all(len(text[n]) in lengths[order[n]] for text in texts for n in range(3))


def _compact(literals: Sequence[str], values: Sequence[str]) -> Shape | None:
    if literals != ["", ""] or {len(value) for value in values} not in ({8}, {14}):
        return None
    time = "%H%M%S" if len(values[0]) == 14 else ""
    formats: dict[str, str] = {}
    ruled_out: dict[str, str] = {}
    for order, written in (("Ymd", "%Y%m%d"), ("dmY", "%d%m%Y"), ("mdY", "%m%d%Y")):
        bad = next((value for value in values if _read(value, written + time) is None), None)
        if bad is None:
            formats[order] = written + time
        else:
            ruled_out[order] = bad
    return Shape(formats, ruled_out, len(values), values[0]) if formats else None


def _read(text: str, written: str) -> datetime | None:
    has_short = any(re.search(r"(?<!\d)\d(?!\d)", part) for part in [text])
    if has_short and "%-" not in written:
        return None
    try:
        found = datetime.strptime(text, written.replace("%-", "%"))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


@dataclass(frozen=True)
class Order:
    """The order of day and month in a whole file. `proof` None: nothing proves it, so that it is a doubt."""

    order: str
    proof: str | None


def order_of(shape: Shape, *, column: Callable[[str], str]) -> Order | None:
    """What the values of one shape prove; None where day and month are told apart by the format itself.

    Args:
        column: the name of the column that holds a value.
    """
    left = set(shape.formats)
    day_first, month_first = left & {"dmY", "dmy"}, left & {"mdY", "mdy"}
    if not day_first and not month_first:
        return None
    if left & {"Ymd", "ymd"} or (day_first and month_first):
        return Order("day" if day_first else "month", None)
    if day_first:
        bad = shape.ruled_out.get("mdY") or shape.ruled_out.get("mdy") or shape.example
        return Order("day", f"{bad} in {column(bad)} can only be read so")
    bad = shape.ruled_out.get("dmY") or shape.ruled_out.get("dmy") or shape.example
    return Order("month", f"{bad} in {column(bad)} can only be read so")
