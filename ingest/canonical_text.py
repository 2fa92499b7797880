"""Strict text rules: one cell of text becomes one typed value, or the reason why not.

Belongs here: what text is allowed for each column type of the contract. Must not: rules between columns.

The libraries' own parsers round 12.345, take 1e5 and read 24-02-03 as the year 24; so every text is matched first and
parsed only if it matches.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ingest.contract import Column
from ingest.profiles import Profile
from ingest.settings_values import THREE_DECIMAL_CURRENCIES

NOT_EXACT = "not_exact"
BAD_DATE = "bad_date"
BAD_TIMESTAMP = "bad_timestamp"
BAD_CODE = "bad_code"
BAD_CURRENCY = "bad_currency"
THREE_DECIMAL_CURRENCY = "three_decimal_currency"
BAD_BOOLEAN = "bad_boolean"
BAD_INTEGER = "bad_integer"
OUT_OF_RANGE = "out_of_range"

FIRST_YEAR, LAST_YEAR = 1990, 2100

TRUE_TEXTS = ("true", "t", "yes", "y", "1", "是")
FALSE_TEXTS = ("false", "f", "no", "n", "0", "否")

_DATE_CODES = {
    "%Y": "[0-9]{4}",
    "%y": "[0-9]{2}",
    "%m": "[0-9]{2}",
    "%d": "[0-9]{2}",
    "%-m": "[0-9]{1,2}",
    "%-d": "[0-9]{1,2}",
}
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)


@dataclass(frozen=True)
class Typed:
    """The value of a cell (NULL where unusable), whether the cell is at fault (never NULL), and the reason code
    (NULL where it is not)."""

    value: pl.Expr
    is_bad: pl.Expr
    reason: pl.Expr


def clean(cell: pl.Expr, *, profile: Profile) -> pl.Expr:
    """The cell without blanks around it; NULL where nothing is left or the profile calls it missing."""
    text = cell.str.strip_chars()
    if not profile.null_texts:
        return pl.when(text != "").then(text)
    return pl.when(text.is_in(["", *profile.null_texts])).then(None).otherwise(text)


def typed(cell: pl.Expr, *, column: Column, profile: Profile) -> Typed:
    """Parse a cleaned cell by the rules of its column type."""
    return _PARSERS[column.type](cell, column, profile)


def _text(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    return Typed(cell, pl.lit(False), pl.lit(None, pl.String))


def _unless(matches: pl.Expr, *, value: pl.Expr, cell: pl.Expr, reason: str) -> Typed:
    bad = cell.is_not_null() & (~matches.fill_null(False) | value.is_null())
    return Typed(value, bad, pl.when(bad).then(pl.lit(reason)))


def _decimal(digits: int, scale: int) -> Callable[[pl.Expr, Column, Profile], Typed]:
    def parse(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
        text = cell
        if profile.thousands_separator:
            text = text.str.replace_all(profile.thousands_separator, "", literal=True)
        separator = re.escape(profile.decimal_separator)
        matches = text.str.contains(rf"^-?[0-9]{{1,{digits}}}({separator}[0-9]{{1,{scale}}})?$")
        if profile.decimal_separator != ".":
            text = text.str.replace(profile.decimal_separator, ".", literal=True)
        value = pl.when(matches).then(text).str.to_decimal(scale=scale).cast(column.polars_type)
        return _unless(matches, value=value, cell=cell, reason=NOT_EXACT)

    return parse


def _share(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    parsed = _decimal(3, 6)(cell, column, profile)
    outside = (~parsed.value.is_between(0, 1)).fill_null(False)
    reason = pl.when(outside).then(pl.lit(OUT_OF_RANGE)).otherwise(parsed.reason)
    return Typed(parsed.value, parsed.is_bad | outside, reason)


def _date(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    values = []
    for date_format in profile.date_formats:
        parts = re.split("(%-?[Yymd])", date_format)
        pattern = "".join(_DATE_CODES.get(part) or re.escape(part) for part in parts)
        text = pl.when(cell.str.contains(f"^{pattern}$")).then(cell)
        values.append(text.str.to_date(date_format.replace("%-", "%"), strict=False))
    value = values[0] if len(values) == 1 else pl.coalesce(values)
    in_range = value.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    value = pl.when(in_range).then(value)
    return _unless(in_range, value=value, cell=cell, reason=BAD_DATE)


def _timestamp(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    matches = cell.str.contains(_TIMESTAMP)
    text = (
        pl.when(matches)
        .then(cell)
        .str.replace(" ", "T", literal=True)
        .str.replace(r"^([0-9-]{10})$", "${1}T00:00:00")
        .str.replace(r"Z$", "+00:00")
        .str.replace(r"([+-][0-9]{2})([0-9]{2})$", "$1:$2")
        .str.replace(r"(T[0-9:.]+)$", "${1}+00:00")
    )
    moment = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", strict=False, time_zone="UTC", time_unit="us")
    value = moment.dt.replace_time_zone(None)
    in_range = value.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    return _unless(in_range, value=pl.when(in_range).then(value), cell=cell, reason=BAD_TIMESTAMP)


def _code(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    matches = cell.is_in(list(column.codes or ()))
    return _unless(matches, value=pl.when(matches).then(cell), cell=cell, reason=BAD_CODE)


def _currency(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    matches = cell.str.contains("^[A-Z]{3}$")
    has_three_decimals = cell.is_in(list(THREE_DECIMAL_CURRENCIES)).fill_null(False)
    is_other = cell.is_not_null() & ~matches.fill_null(False)
    reason = (
        pl.when(has_three_decimals)
        .then(pl.lit(THREE_DECIMAL_CURRENCY))
        .when(is_other)
        .then(pl.lit(BAD_CURRENCY))
    )
    return Typed(pl.when(matches).then(cell), has_three_decimals | is_other, reason)


def _integer(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    matches = cell.str.contains("^-?[0-9]{1,9}$")
    value = pl.when(matches).then(cell).cast(pl.Int32)
    return _unless(matches, value=value, cell=cell, reason=BAD_INTEGER)


def _boolean(cell: pl.Expr, column: Column, profile: Profile) -> Typed:
    text = cell.str.to_lowercase()
    is_true, is_false = text.is_in(list(TRUE_TEXTS)), text.is_in(list(FALSE_TEXTS))
    value = pl.when(is_true).then(True).when(is_false).then(False)
    return _unless(is_true | is_false, value=value, cell=cell, reason=BAD_BOOLEAN)


_PARSERS: dict[str, Callable[[pl.Expr, Column, Profile], Typed]] = {
    "key": _text,
    "text": _text,
    "code": _code,
    "currency": _currency,
    "money": _decimal(16, 2),
    "rate": _decimal(16, 12),
    "share": _share,
    "date": _date,
    "timestamp": _timestamp,
    "integer": _integer,
    "boolean": _boolean,
}
