"""The layout of a file: how its dates and numbers are written, for all columns together, with proofs and doubts.

Belongs here: one layout from the facts of all columns. Must not: what columns mean, YAML.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.inspection.columns import Facts, looks_like_contact
from ingest.inspection.dates import Order, Shape, guess_dates, order_of, read_day
from ingest.inspection.dictionary import currencies
from ingest.inspection.findings import Doubt, Note
from ingest.inspection.grid import Grid
from ingest.inspection.numbers import SYMBOLS, NumberLayout, common_layout

DEFAULT_DATE = "%Y-%m-%d"
TYPED_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Written:
    """How values are written. `keys`: layout keys of a profile, with a note each in `notes`."""

    keys: dict[str, object]
    notes: dict[str, Note]
    doubts: tuple[Doubt, ...]
    date_formats: tuple[str, ...]
    numbers: NumberLayout

    def number(self, text: str) -> Decimal | None:
        """The number that a cell means; None where it is none."""
        return _number(text, self.numbers)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies that stand beside numbers, as codes."""
        marks = (*self.numbers.prefixes, *self.numbers.suffixes)
        found = [SYMBOLS.get(m.strip(), m.strip() if m.strip() in currencies() else "") for m in marks]
        return tuple(dict.fromkeys(code for code in found if code))


def written(grid: Grid, facts: Sequence[Facts]) -> Written:
    """The one layout that reads all columns."""
    keys: dict[str, object] = dict(grid.layout)
    notes = dict(grid.notes)
    doubts = list(grid.doubts)
    formats = _dates(facts, notes, doubts)
    if formats:
        keys["date_formats"] = formats
    columns = [(f.name, f.marks) for f in facts if f.kind == "number" and f.marks and not f.is_typed]
    numbers = common_layout(columns)
    _numbers(numbers, keys, notes, doubts)
    nulls = tuple(dict.fromkeys(text for f in facts for text in f.null_texts))
    if nulls:
        keys["null_texts"] = nulls
        where = ", ".join(f.name for f in facts if f.null_texts)
        notes["null_texts"] = Note("likely", f"among dates or numbers in {where}")
    return Written(keys, notes, tuple(doubts), formats or (DEFAULT_DATE,), numbers)


def _dates(facts: Sequence[Facts], notes: dict[str, Note], doubts: list[Doubt]) -> tuple[str, ...]:
    columns = [f for f in facts if f.dates is not None]
    by_shape: dict[str, list[Facts]] = {}
    for f in columns:
        assert f.dates is not None
        for shape in f.dates.shapes:
            by_shape.setdefault(
                re.sub(r"\d+", "0", shape.example) + str(len(shape.example) * shape.example.isdigit()), []
            ).append(f)
    formats: list[str] = []
    proofs: list[str] = []
    proven = True
    for of_shape in by_shape.values():
        found, order, doubt = _one_shape(of_shape)
        formats += found
        if order is not None:
            proven &= order.proof is not None
            proofs.append(f"{order.order} first: {order.proof or 'nothing proves it'}")
        if doubt is not None:
            doubts.append(Doubt("date_formats", doubt))
    if any(f.dates is not None and f.dates.is_typed for f in columns):
        formats.append(TYPED_MOMENT)
        proofs.append("moments came with their type")
    for f in facts:
        if f.unreadable:
            doubts.append(
                Doubt(
                    "date_formats",
                    f"{f.name} holds {f.unreadable}, which no layout reads: export numbers and a year",
                )
            )
        if (
            f.dates is not None
            and f.dates.others
            and (rest := [o for o in f.dates.others if o not in f.null_texts])
        ):
            doubts.append(Doubt("date_formats", f"{f.name} also holds {_some(rest)}, which is no date"))
    if formats:
        told = "; ".join(proofs) or f"every value of {', '.join(f.name for f in columns)} fits"
        notes["date_formats"] = Note("proven" if proven else "guess", told)
    return tuple(dict.fromkeys(formats))


def _one_shape(columns: Sequence[Facts]) -> tuple[list[str], Order | None, str | None]:
    """Formats of one shape of dates, from all columns that have it."""
    example = _shapes(columns[0])[0].example
    pattern = re.sub(r"\d+", "0", example)
    values = [v for f in columns for v in f.values if re.sub(r"\d+", "0", v) == pattern]
    together = guess_dates(list(dict.fromkeys(values)))
    names = ", ".join(f.name for f in columns)
    if together is None or len(together.shapes) != 1 or together.others:
        return _each_alone(columns, pattern)
    (shape,) = together.shapes
    order = order_of(shape, column=lambda value: next(f.name for f in columns if value in f.values))
    if order is None:
        return [next(iter(shape.formats.values()))], None, None
    if order.proof is not None:
        chosen = next(
            v
            for k, v in shape.formats.items()
            if k.lower().startswith("dm" if order.order == "day" else "md")
        )
        return [chosen], order, None
    best = _most_likely(shape, values)
    name = {"d": "day", "m": "month", "y": "year"}[best.lower()[0]]
    others = ", ".join(text for key, text in shape.formats.items() if key != best)
    doubt = (
        f"{example} in {names}: {shape.formats[best]} or {others}? All {shape.count:,} values fit each of them, so"
        f" nothing proves whether day or month stands first; {shape.formats[best]} is taken"
        " because the days then lie closest together"
    )
    return [shape.formats[best]], Order(name, None), doubt


def _shapes(f: Facts) -> tuple[Shape, ...]:
    assert f.dates is not None
    return f.dates.shapes


def _each_alone(columns: Sequence[Facts], pattern: str) -> tuple[list[str], Order | None, str | None]:
    formats: list[str] = []
    told: list[str] = []
    for f in columns:
        for shape in _shapes(f):
            if re.sub(r"\d+", "0", shape.example) == pattern:
                best = _most_likely(shape, f.values)
                formats.append(shape.formats[best])
                told.append(f"{f.name} {shape.formats[best]}")
    doubt = (
        f"columns write dates in different orders ({'; '.join(told)}), and a file has one list of formats for all, of"
        " which the first that fits is taken: 03/04 is then read wrongly in one of them. Export them alike"
    )
    return list(dict.fromkeys(formats)), None, doubt if len(dict.fromkeys(formats)) > 1 else None


def _most_likely(shape: Shape, values: Sequence[str]) -> str:
    """Of the orders that all values fit, that in which the days lie closest together; day first where none does."""

    def span(order: str) -> tuple[int, int]:
        days = [d for v in values if (d := read_day(v, formats=[shape.formats[order]]))]
        return (max(days) - min(days)).days if days else 0, list("Yymd").index(order[0]) if order[
            0
        ] != "d" else 0

    return min(shape.formats, key=span)


def _numbers(
    numbers: NumberLayout, keys: dict[str, object], notes: dict[str, Note], doubts: list[Doubt]
) -> None:
    sure = Note("proven" if numbers.is_proven else "guess", numbers.proof)
    if numbers.decimal != ".":
        keys["decimal_separator"] = numbers.decimal
        notes["decimal_separator"] = sure
    if numbers.thousands:
        keys["thousands_separator"] = numbers.thousands
        notes["thousands_separator"] = sure
    if numbers.prefixes:
        keys["number_prefixes"] = numbers.prefixes
        notes["number_prefixes"] = Note("proven", "they stand before numbers")
    if numbers.suffixes:
        keys["number_suffixes"] = numbers.suffixes
        notes["number_suffixes"] = Note("proven", "they stand behind numbers")
    if numbers.trailing_minus:
        keys["trailing_minus"] = "true"
        notes["trailing_minus"] = Note("proven", "some numbers have their minus behind them")
    if numbers.parentheses:
        keys["parentheses"] = "true"
        notes["parentheses"] = Note("likely", "some numbers stand in parentheses: taken for negative ones")
    doubts += [
        Doubt("thousands_separator" if numbers.thousands else "decimal_separator", text)
        for text in numbers.doubts
    ]


def _number(text: str, layout: NumberLayout) -> Decimal | None:
    plain = text.strip()
    is_negative = False
    if layout.parentheses and plain.startswith("(") and plain.endswith(")"):
        plain, is_negative = plain[1:-1], True
    if layout.trailing_minus and plain.endswith("-"):
        plain, is_negative = plain[:-1], True
    for mark in sorted((*layout.prefixes, *layout.suffixes), key=len, reverse=True):
        plain = plain.replace(mark.strip(), "", 1)
    plain = plain.strip()
    if plain.startswith("-"):
        plain, is_negative = plain[1:].strip(), True
    if layout.thousands:
        plain = plain.replace(layout.thousands, "")
    if layout.decimal != ".":
        if "." in plain:
            # typed cells of a workbook have a point, whatever the texts beside them
            return None if layout.thousands == "." else _decimal(plain, is_negative)
        plain = plain.replace(layout.decimal, ".")
    return _decimal(plain, is_negative)


def _decimal(plain: str, is_negative: bool) -> Decimal | None:
    if not re.fullmatch(r"\d+(\.\d+)?", plain):
        return None
    return -Decimal(plain) if is_negative else Decimal(plain)


def _some(texts: Sequence[str]) -> str:
    texts = ["(contact data)" if looks_like_contact(text) else text for text in texts]
    more = f" and {len(texts) - 3:,} others" if len(texts) > 3 else ""
    return ", ".join(repr(text) for text in texts[:3]) + more
