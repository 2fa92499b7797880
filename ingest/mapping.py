"""Mapping: the cells of a table become the columns of an entity, as text.

Belongs here: working out what a profile says about a column (ingest/profiles/cells.py), and which rows feed what. Must
not: typing (canonical_text.py), opening files.

What cannot be worked out stays as it was written, so that typing refuses it with the text that somebody can look for.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import polars as pl

from ingest.canonical_text import clean, parsed_date, plain_number
from ingest.contract import Column, Entity
from ingest.profiles import Feed, Layout, Table, plain_header
from ingest.profiles.cells import (
    Cell,
    DebitCredit,
    Field,
    First,
    Join,
    Later,
    Magnitude,
    Mapped,
    Negated,
    Pattern,
    Percent,
    Signed,
    Sum,
    Value,
    fields_of,
    needed_fields,
)

NUMBER_TYPES = ("money", "rate", "share")
ISO_DATE = "%Y-%m-%d"


@dataclass(frozen=True)
class Columns:
    """The columns of one file: for each field of its table the header it has there, or the text above the header."""

    table: Table
    layout: Layout
    headers: Mapping[str, str]
    constants: Mapping[str, str]

    def cell(self, field: str) -> pl.Expr | None:
        """The cleaned cell of a field, or None where the file has no such column."""
        if field in self.constants:
            return pl.lit(self.constants[field])
        header = self.headers.get(field)
        return None if header is None else clean(pl.col(header), layout=self.layout)

    def has(self, group: Collection[str]) -> bool:
        """Whether the file has one of some fields."""
        return any(name in self.constants or name in self.headers for name in group)


def match_columns(header: Sequence[str], *, table: Table, layout: Layout, preamble: str) -> Columns:
    """Find the fields of a table in the header of a file; of several names for one field the first that is there."""
    there: dict[str, str] = {}
    for name in header:
        there.setdefault(plain_header(name), name)
    named = _fields_used(table)
    headers = {
        field: there[alias]
        for field in named
        for alias in reversed(table.headers_of(field))
        if alias in there
    }
    constants = {
        field: match.group(1).strip()
        for field, pattern in table.from_preamble.items()
        if (match := re.search(pattern, preamble)) and (match.group(1) or "").strip()
    }
    return Columns(table, layout, headers, constants)


def _fields_used(table: Table) -> tuple[str, ...]:
    from_feeds = [name for feed in table.feeds for cell in feed.columns.values() for name in fields_of(cell)]
    others = [*table.fields, *table.ignore, *(n for f in table.feeds for n in (*f.where, *f.unless))]
    balance = [table.running_balance] if table.running_balance else []
    return tuple(dict.fromkeys([*from_feeds, *others, *balance]))


def missing_fields(
    feed: Feed, *, entity: Entity, columns: Columns, given: Collection[str]
) -> tuple[str, ...]:
    """Headers that a feed needs for a required column and that the file does not have, each with its other names.

    Args:
        given: columns that the source fills with a constant.
    """
    missing: dict[str, None] = {}
    if not all(columns.has({name}) for name in feed.filled):
        return ()
    for column in entity.required_columns:
        if column.name in given:
            continue
        cell = feed.columns.get(column.name)
        if cell is None:
            missing[column.name] = None
            continue
        for group in needed_fields(cell):
            if not columns.has(group):
                names = [n for field in sorted(group) for n in columns.table.fields.get(field, (field,))]
                missing[" or ".join(names)] = None
    return tuple(missing)


def value_of(cell: Cell, *, column: Column, columns: Columns) -> pl.Expr | None:
    """The text of a canonical column in every row; None where the file can never fill it."""
    expression = _text(cell, columns)
    if expression is None or column.type not in NUMBER_TYPES or _is_number_already(cell):
        return expression
    return plain_number(expression, layout=columns.layout)


def _is_number_already(cell: Cell) -> bool:
    return isinstance(cell, (DebitCredit, Signed, Sum, Negated, Magnitude, Percent))


def is_fed(feed: Feed, *, columns: Columns) -> pl.Expr:
    """Whether a row feeds the entity."""
    takes = [_matches(columns.cell(field), patterns) for field, patterns in feed.where.items()]
    takes += [~_matches(columns.cell(field), patterns) for field, patterns in feed.unless.items()]
    return pl.all_horizontal(takes) if takes else pl.lit(True)


def is_ignored(columns: Columns) -> pl.Expr:
    """Whether a row is no record but, say, a total."""
    ignored = [_matches(columns.cell(field), patterns) for field, patterns in columns.table.ignore.items()]
    return pl.any_horizontal(ignored) if ignored else pl.lit(False)


def is_unclaimed(columns: Columns) -> pl.Expr:
    """Whether no feed takes the row although it is a record: the profile does not know such rows."""
    claimed = [is_fed(feed, columns=columns) for feed in columns.table.feeds]
    return ~pl.any_horizontal(claimed) & ~is_ignored(columns)


def _matches(cell: pl.Expr | None, patterns: Sequence[str]) -> pl.Expr:
    """Whether the text of a cell is one of some texts, which may hold * and ?; the empty text is the empty cell."""
    if cell is None:
        return pl.lit("" in patterns)
    parts = ["".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern) for pattern in patterns]
    return cell.fill_null("").str.contains(f"^(?s:{'|'.join(parts)})$")


def _text(cell: Cell, columns: Columns) -> pl.Expr | None:
    return _FORMS[type(cell)](cell, columns)


def _field(cell: Field, columns: Columns) -> pl.Expr | None:
    return columns.cell(cell.name)


def _value(cell: Value, columns: Columns) -> pl.Expr | None:
    return pl.lit(cell.text)


def _there(parts: Iterable[Cell], columns: Columns) -> list[pl.Expr]:
    return [found for part in parts if (found := _text(part, columns)) is not None]


def _first(cell: First, columns: Columns) -> pl.Expr | None:
    found = _there(cell.parts, columns)
    return pl.coalesce(found) if found else None


def _join(cell: Join, columns: Columns) -> pl.Expr | None:
    found = _there(cell.parts, columns)
    if not found or (len(found) < len(cell.parts) and not cell.skips_empty):
        return None
    joined = pl.concat_str(found, separator=cell.separator, ignore_nulls=cell.skips_empty)
    return pl.when(joined != "").then(joined)


def _mapped(cell: Mapped, columns: Columns) -> pl.Expr | None:
    text = _text(cell.part, columns)
    if text is None:
        return None if cell.empty is None else pl.lit(cell.empty)
    theirs = [key for key, _ in cell.values]
    ours = [value for _, value in cell.values]
    mapped = text.replace(theirs, ours) if theirs else text
    if cell.otherwise is not None:
        is_known = text.is_null() | (text.is_in(theirs) if theirs else pl.lit(False))
        mapped = pl.when(is_known).then(mapped).otherwise(pl.lit(cell.otherwise))
    if cell.empty is not None:
        mapped = mapped.fill_null(cell.empty)
    # an empty text of the profile means that there is no value
    return pl.when(mapped != "").then(mapped)


def _pattern(cell: Pattern, columns: Columns) -> pl.Expr | None:
    text = _text(cell.part, columns)
    if text is None:
        return None
    found = text.str.extract(cell.pattern, 1)
    return pl.when(found != "").then(found)


def _number(cell: Cell, columns: Columns) -> pl.Expr | None:
    text = _text(cell, columns)
    if text is None or _is_number_already(cell):
        return text
    return plain_number(text, layout=columns.layout)


def _negative(number: pl.Expr) -> pl.Expr:
    """A number with the other sign; text that is no number stays."""
    turned = pl.when(number.str.starts_with("-")).then(number.str.slice(1)).otherwise(pl.lit("-") + number)
    return pl.when(number.str.contains(r"^-?[0-9]")).then(turned).otherwise(number)


def _negated(cell: Negated, columns: Columns) -> pl.Expr | None:
    number = _number(cell.part, columns)
    return None if number is None else _negative(number)


def _magnitude(cell: Magnitude, columns: Columns) -> pl.Expr | None:
    number = _number(cell.part, columns)
    return None if number is None else number.str.strip_prefix("-")


def _percent(cell: Percent, columns: Columns) -> pl.Expr | None:
    number = _number(cell.part, columns)
    if number is None:
        return None
    # ten decimals of the percentage are twelve of the share
    is_exact = number.str.contains(r"^-?[0-9]{1,16}(\.[0-9]{1,10})?$").fill_null(False)
    share = pl.when(is_exact).then(number).str.to_decimal(scale=12) / pl.lit(100, pl.Decimal(38, 0))
    text = share.cast(pl.Decimal(38, 12)).cast(pl.String).str.replace(r"\.?0+$", "")
    return pl.when(is_exact).then(text).otherwise(number)


def _debit_credit(cell: DebitCredit, columns: Columns) -> pl.Expr | None:
    debit, credit = _number(cell.debit, columns), _number(cell.credit, columns)
    if debit is None or credit is None:
        return None
    has_debit, has_credit = _is_amount(debit), _is_amount(credit)
    return (
        pl.when(has_debit & has_credit)
        .then(pl.concat_str(debit, credit, separator=" and "))
        .when(has_credit)
        .then(_negative(credit))
        .otherwise(pl.coalesce(debit, credit))
    )


def _is_amount(number: pl.Expr) -> pl.Expr:
    return number.is_not_null() & ~number.str.contains(r"^-?0+(\.0+)?$").fill_null(False)


def _sum(cell: Sum, columns: Columns) -> pl.Expr | None:
    numbers = [found for part in cell.parts if (found := _number(part, columns)) is not None]
    if not numbers:
        return None
    total: pl.Expr = pl.lit(Decimal(0), pl.Decimal(38, 12))
    for number in numbers:
        total = total + pl.when(_is_plain(number)).then(number).str.to_decimal(scale=12).fill_null(0)
    # zeros behind the decimals that the parts had are left out, as exact text has them or not
    text = total.cast(pl.String).str.replace(r"\.?0+$", "")
    is_sound = pl.all_horizontal([number.is_null() | _is_plain(number) for number in numbers])
    told = pl.concat_str(numbers, separator=" and ", ignore_nulls=True)
    is_there = pl.any_horizontal([number.is_not_null() for number in numbers])
    return pl.when(is_there & is_sound).then(text).when(is_there).then(told)


def _is_plain(number: pl.Expr) -> pl.Expr:
    return number.str.contains(r"^-?[0-9]{1,16}(\.[0-9]{1,12})?$").fill_null(False)


def _signed(cell: Signed, columns: Columns) -> pl.Expr | None:
    number, sign = _number(cell.amount, columns), _text(cell.sign, columns)
    if number is None or sign is None:
        return None
    is_negative, is_positive = _matches(sign, cell.negative), _matches(sign, cell.positive)
    if not cell.positive:
        is_positive = ~is_negative
    unknown = pl.concat_str(number, pl.lit(" "), sign.fill_null("without sign"))
    return pl.when(is_negative).then(_negative(number)).when(is_positive).then(number).otherwise(unknown)


def _later(cell: Later, columns: Columns) -> pl.Expr | None:
    text = _text(cell.date, columns)
    if text is None:
        return None
    day = parsed_date(text, layout=columns.layout)
    found = _there(cell.days, columns)
    if not found:
        return text
    days = pl.coalesce([pl.when(~part.str.contains(r"^0+(\.0+)?$")).then(part) for part in found])
    is_count = days.str.contains(r"^[0-9]{1,4}(\.0+)?$")
    count = pl.when(is_count).then(days.str.extract(r"^([0-9]+)", 1)).cast(pl.Int64)
    moved = (day + count * timedelta(days=1)).dt.strftime(ISO_DATE)
    told = pl.concat_str(text, pl.lit(" and "), days, pl.lit(" days"))
    return pl.when(days.is_null()).then(text).otherwise(pl.coalesce(moved, told))


_FORMS: dict[type, Callable[..., pl.Expr | None]] = {
    Field: _field,
    Value: _value,
    First: _first,
    Join: _join,
    Mapped: _mapped,
    Pattern: _pattern,
    Negated: _negated,
    Magnitude: _magnitude,
    Percent: _percent,
    DebitCredit: _debit_credit,
    Signed: _signed,
    Sum: _sum,
    Later: _later,
}
