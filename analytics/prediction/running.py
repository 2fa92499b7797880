"""Running counts and sums of dated events, read as of any moment.

Belongs here: how events stand in order (by a code, then by day), sorted once, and how many of them, or what sum of
them, a code had by an evening. Must not: what an event means. Days are integers (days since 1970-01-01); a fact of a
day counts from its evening, and a moment is an evening.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

NEVER = 10**6
"""A day that never comes: what is open is closed then."""
_SPAN = 2 * NEVER + 1
"""Places of a code, from the day -NEVER, before which no calendar has one, to NEVER."""

Codes = NDArray[np.int64]
Days = NDArray[np.int64]
Floats = NDArray[np.float64]
Values = Mapping[str, NDArray[Any]]
"""Values of events by name, whole numbers."""


def total(column: str) -> pl.Expr:
    """The sum of amounts in whole cents: exact, so that the order in which threads add does not show in the
    last bit."""
    return (pl.col(column) * 100).round().sum() / 100


def place(code: Codes, day: Days | int) -> Codes:
    """One number that sorts by code, then by day."""
    return np.asarray(code * _SPAN + (day + NEVER))


def placed(places: Codes) -> tuple[Codes, Days]:
    """The codes and days of `places`."""
    code, rest = np.divmod(places, _SPAN)
    return code, rest - NEVER


def firsts(values: Codes) -> NDArray[np.bool_]:
    """Where a value in order differs from the one before it."""
    return np.concatenate([np.ones(min(len(values), 1), dtype=bool), values[1:] != values[:-1]])


def lasts(values: Codes) -> NDArray[np.bool_]:
    """Where a value in order differs from the one after it."""
    return np.concatenate([values[1:] != values[:-1], np.ones(min(len(values), 1), dtype=bool)])


class Counts:
    """How many events a code had by a moment: the difference of two places among all of them in order."""

    def __init__(self, code: Codes, day: Days) -> None:
        is_real = day < NEVER
        self._places = np.sort(place(code[is_real], day[is_real]))

    def at(self, code: Codes, moment: Days) -> Floats:
        """Per row the events up to the evening of its moment; quickest when rows are sorted by code and moment."""
        if not len(self._places):
            return np.zeros(len(code))
        until = self._places.searchsorted(place(code, moment), side="right")
        return np.asarray(until - self._places.searchsorted(place(code, -NEVER)), dtype=np.float64)


class Sums:
    """Sums of values of events by a code, up to a moment.

    Values are whole numbers: their sums are exact below 2^53, so the order of adding does not matter, and a sum of one
    code is the difference of two sums over everything.
    """

    def __init__(self, code: Codes, day: Days, values: Values) -> None:
        is_real = day < NEVER
        if not is_real.all():
            code, day = code[is_real], day[is_real]
            values = {name: value[is_real] for name, value in values.items()}
        places = place(code, day)
        order = np.argsort(places)
        self._places = places[order]
        self._sums = {
            name: np.concatenate([[0.0], np.cumsum(value[order], dtype=np.float64)])
            for name, value in values.items()
        }

    def at(self, code: Codes, moment: Days) -> dict[str, Floats]:
        """Per row the sum of each value up to the evening of its moment."""
        until = self._places.searchsorted(place(code, moment), side="right")
        before = self._places.searchsorted(place(code, -NEVER))
        return {name: sums[until] - sums[before] for name, sums in self._sums.items()}
