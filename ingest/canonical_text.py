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
from ingest.formats.frames import LONGEST_SHOWN
from ingest.profiles import Layout
from ingest.reasons import (
    BAD_BOOLEAN,
    BAD_CHARACTERS,
    BAD_CODE,
    BAD_CURRENCY,
    BAD_DATE,
    BAD_INTEGER,
    BAD_TIMESTAMP,
    DATE_WITHOUT_YEAR,
    NOT_EXACT,
    OUT_OF_RANGE,
    SPREADSHEET_ERROR,
    TEXT_TOO_LONG,
    THREE_DECIMAL_CURRENCY,
)
from ingest.settings_values import THREE_DECIMAL_CURRENCIES

# a text of the longest kind fits sixteen times into the longest record; no system has longer identifiers than that
LONGEST_TEXT_BYTES = 64 * 2**10
LONGEST_KEY_BYTES = 512

# control characters but tab and line ends, which texts of several lines hold
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
# What nobody sees: control characters, the soft hyphen, blanks without width, marks that turn the direction, byte order
# marks. A text keeps them: joiners belong to Persian and Hindi names, and turning marks to Arabic ones. A key that
# differs from another by one of them would split a customer in two that look alike, and no one would find out why the
# money is open. So inside a key they are refused. Around one they are taken away, as blanks are: a byte order mark in
# front of the first cell, or a blank without width pasted behind a number, is no part of it by any reading.
_UNSEEN = "\\x00-\\x1f\\x7f-\\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_UNSEEN_INSIDE = f"[{_UNSEEN}]"
_UNSEEN_AROUND = rf"^[\s{_UNSEEN}]+|[\s{_UNSEEN}]+$"
_SPREADSHEET_ERRORS = (
    *("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!"),
    "#GETTING_DATA",
)

OTHER_SEPARATORS = " (not with the separators of this source)"

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
    "%H": "[0-9]{2}",
    "%-H": "[0-9]{1,2}",
    "%M": "[0-9]{2}",
    "%S": "[0-9]{2}",
}
# 12/29, 29.12., 12月29日: whoever guesses the year is wrong each January
_DAY_OF_ANY_YEAR = r"^([0-9]{1,2}[-/.][0-9]{1,2}\.?|[0-9]{1,2}月[0-9]{1,2}日)$"
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


def clean(cell: pl.Expr, *, layout: Layout) -> pl.Expr:
    """The cell without blanks around it; NULL where nothing is left or the layout calls it missing."""
    # `when(text != "").then(text)` would work out the text twice: Polars shares few expressions
    return cell.str.strip_chars().replace(["", *layout.null_texts], None)


def shortened(text: pl.Expr) -> pl.Expr:
    """A text as it is kept among the rejected rows: a cell may hold megabytes, and be in a million rows."""
    told = pl.concat_str(
        text.str.slice(0, LONGEST_SHOWN),
        pl.lit("… ("),
        text.str.len_chars().cast(pl.String),
        pl.lit(" characters)"),
    )
    return pl.when(text.str.len_bytes() > LONGEST_SHOWN).then(told).otherwise(text)


def plain_number(cell: pl.Expr, *, layout: Layout) -> pl.Expr:
    """A number as the layout writes it, with a point and a leading minus; what is none stays as it is.

    A separator is taken away only where thousands end: 1,25 is not 125.
    """
    if not _has_own_numbers(layout):
        return cell
    separator, thousands = re.escape(layout.decimal_separator), re.escape(layout.thousands_separator)
    body = f"(?:[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|[0-9]+)" if thousands else "[0-9]+"
    prefix = "".join(f"(?:{re.escape(text)})?" for text in layout.number_prefixes)
    suffix = "".join(rf"(?:\s*{re.escape(text)})?" for text in layout.number_suffixes)
    forms = [(rf"^{prefix}(-?){prefix}\s*({body})(?:{separator}([0-9]+))?{suffix}$", "$1")]
    if layout.trailing_minus:
        forms.append((rf"^{prefix}\s*({body})(?:{separator}([0-9]+))?-$", "-"))
    if layout.parentheses:
        forms.append((rf"^\({prefix}\s*({body})(?:{separator}([0-9]+))?\)$", "-"))
    # what reads as a number only with the separators of another layout must not pass for one
    looks_plain = cell.str.contains(r"^-?[0-9]+(\.[0-9]+)?$")
    text = pl.when(looks_plain).then(cell + OTHER_SEPARATORS).otherwise(cell)
    for pattern, sign in forms:
        first = 2 if sign == "$1" else 1
        whole = cell.str.extract(pattern, first)
        if layout.thousands_separator:
            whole = whole.str.replace_all(layout.thousands_separator, "", literal=True)
        decimals = cell.str.extract(pattern, first + 1)
        minus = cell.str.extract(pattern, 1) if sign == "$1" else pl.lit(sign)
        number = pl.concat_str(minus, whole, pl.lit(".") + decimals.fill_null("0"))
        number = pl.when(decimals.is_null()).then(pl.concat_str(minus, whole)).otherwise(number)
        text = pl.when(cell.str.contains(pattern)).then(number).otherwise(text)
    return text


def _has_own_numbers(layout: Layout) -> bool:
    return bool(
        layout.decimal_separator != "."
        or layout.thousands_separator
        or layout.number_prefixes
        or layout.number_suffixes
        or layout.trailing_minus
        or layout.parentheses
    )


def typed(cell: pl.Expr, *, column: Column, layout: Layout, is_plain: bool = False) -> Typed:
    """Parse a cleaned cell by the rules of its column type.

    Args:
        is_plain: it holds no control character and nothing invisible, which need not be looked for then.
    """
    if column.type in ("key", "text"):
        return _words(cell, is_key=column.type == "key", is_plain=is_plain)
    return _PARSERS[column.type](cell, column, layout)


def _words(cell: pl.Expr, *, is_key: bool, is_plain: bool) -> Typed:
    """A text or a key, character for character: a formula stays the text that it is."""
    text = cell
    if is_key and not is_plain:
        text = cell.str.replace_all(_UNSEEN_AROUND, "")
    is_long = text.str.len_bytes() > (LONGEST_KEY_BYTES if is_key else LONGEST_TEXT_BYTES)
    is_error = text.is_in(list(_SPREADSHEET_ERRORS))
    is_unseen = pl.lit(False)
    if not is_plain:
        is_unseen = text.str.contains(_UNSEEN_INSIDE if is_key else _CONTROLS) | (text == "")
    reason = (
        pl.when(is_long)
        .then(pl.lit(TEXT_TOO_LONG))
        .when(is_unseen)
        .then(pl.lit(BAD_CHARACTERS))
        .when(is_error)
        .then(pl.lit(SPREADSHEET_ERROR))
    )
    bad = (is_long | is_unseen | is_error).fill_null(False)
    # a key is missing where it is unreadable; a text at fault goes with its row
    return Typed(pl.when(~bad).then(text) if is_key else text, bad, reason)


def _unless(matches: pl.Expr, *, value: pl.Expr, cell: pl.Expr, reason: str) -> Typed:
    bad = cell.is_not_null() & (~matches.fill_null(False) | value.is_null())
    return Typed(value, bad, pl.when(bad).then(pl.lit(reason)))


def _decimal(digits: int, scale: int) -> Callable[[pl.Expr, Column, Layout], Typed]:
    def parse(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
        text = plain_number(cell, layout=layout)
        matches = text.str.contains(rf"^-?[0-9]{{1,{digits}}}(\.[0-9]{{1,{scale}}})?$")
        value = pl.when(matches).then(text).str.to_decimal(scale=scale).cast(column.polars_type)
        return _unless(matches, value=value, cell=cell, reason=NOT_EXACT)

    return parse


def _share(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
    parsed = _decimal(3, 6)(cell, column, layout)
    outside = (~parsed.value.is_between(0, 1)).fill_null(False)
    reason = pl.when(outside).then(pl.lit(OUT_OF_RANGE)).otherwise(parsed.reason)
    return Typed(parsed.value, parsed.is_bad | outside, reason)


def parsed_date(cell: pl.Expr, *, layout: Layout) -> pl.Expr:
    """The date that a cell means in the first format of the layout that fits; NULL where none does."""
    values = []
    for date_format in layout.date_formats:
        parts = re.split("(%-?[YymdHMS])", date_format)
        pattern = "".join(_DATE_CODES.get(part) or re.escape(part) for part in parts)
        text = pl.when(cell.str.contains(f"^{pattern}$")).then(cell)
        plain_format = date_format.replace("%-", "%")
        # the time of day is read, so that 25:61 is no date, and left out
        values.append(
            text.str.to_datetime(plain_format, strict=False).dt.date()
            if "%H" in plain_format
            else text.str.to_date(plain_format, strict=False)
        )
    return values[0] if len(values) == 1 else pl.coalesce(values)


def _date(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
    value = parsed_date(cell, layout=layout)
    in_range = value.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    value = pl.when(in_range).then(value)
    judged = _unless(in_range, value=value, cell=cell, reason=BAD_DATE)
    lacks_year = cell.str.contains(_DAY_OF_ANY_YEAR)
    reason = pl.when(judged.is_bad & lacks_year).then(pl.lit(DATE_WITHOUT_YEAR)).otherwise(judged.reason)
    return Typed(judged.value, judged.is_bad, reason)


def _timestamp(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
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


def _code(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
    matches = cell.is_in(list(column.codes or ()))
    return _unless(matches, value=pl.when(matches).then(cell), cell=cell, reason=BAD_CODE)


def _currency(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
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


def _integer(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
    matches = cell.str.contains("^-?[0-9]{1,9}$")
    value = pl.when(matches).then(cell).cast(pl.Int32)
    return _unless(matches, value=value, cell=cell, reason=BAD_INTEGER)


def _boolean(cell: pl.Expr, column: Column, layout: Layout) -> Typed:
    text = cell.str.to_lowercase()
    is_true, is_false = text.is_in(list(TRUE_TEXTS)), text.is_in(list(FALSE_TEXTS))
    value = pl.when(is_true).then(True).when(is_false).then(False)
    return _unless(is_true | is_false, value=value, cell=cell, reason=BAD_BOOLEAN)


_PARSERS: dict[str, Callable[[pl.Expr, Column, Layout], Typed]] = {
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
