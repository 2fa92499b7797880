"""Habits: in which stretch around the due date, and on which weekday, a customer pays.

Belongs here: counts of past payments per customer, company and all, as known at a moment, and the shares made of them.
Must not: learning from outcomes after the moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from analytics.prediction.curve import STARTS, STRETCHES, Days, Floats, stretch_of
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER, Codes, Counts, place, placed

COMPANY_WEIGHT = 30.0
"""Payments of all companies that stand beside a company's own."""
CUSTOMER_WEIGHT = 6.0
"""Payments of its company that stand beside a customer's own."""
PRIOR_PAYMENTS = 0.5
MONDAY = 3
"""Added to a day, whole weeks from a Monday on: 1 January 1970 was a Thursday."""


@dataclass(frozen=True)
class Habits:
    """Shares of the payments by stretch and by weekday from Monday, each adding up to 1: a row per customer and moment.

    `of_row` says which of them is that of each row: many items of a customer are looked at on one evening.
    """

    stretches: Floats
    weekdays: Floats
    of_row: Days

    @cached_property
    def hazards(self) -> Floats:
        """The chance of each stretch, (row, stretch), for what was still open when it began."""
        still_open = np.cumsum(self.stretches[:, ::-1], axis=1)[:, ::-1]
        chances = np.clip(self.stretches / np.maximum(still_open, 1e-9), 1e-4, 1 - 1e-4)
        return np.asarray(chances[self.of_row])


def shrunken_shares(
    customer: Floats, company: Floats, everyone: Floats, *, customer_weight: float = CUSTOMER_WEIGHT
) -> Floats:
    """Counts to shares: the customer's towards its company's, the company's towards everyone's."""
    prior = everyone + PRIOR_PAYMENTS
    prior = prior / prior.sum(axis=1, keepdims=True)
    middle = (company + COMPANY_WEIGHT * prior) / (company.sum(axis=1, keepdims=True) + COMPANY_WEIGHT)
    return np.asarray(
        (customer + customer_weight * middle) / (customer.sum(axis=1, keepdims=True) + customer_weight)
    )


class Payments:
    """Counts of payments as known at any moment, read for rows (customer, company, moment)."""

    def __init__(self, lives: Lives) -> None:
        paid = lives.spans.filter("is_payment")
        items = lives.of_items(paid["item"].to_numpy(), ["customer", "company", "due"])
        stretch = stretch_of((paid["paid_on"] - items["due"]).to_numpy())
        weekday = (paid["paid_on"].to_numpy() + MONDAY) % 7
        closed, reopened = paid["closed"].to_numpy(), paid["reopened"].to_numpy()
        codes = {level: items[level].to_numpy() for level in ("customer", "company")}
        codes["everyone"] = np.zeros(paid.height, dtype=np.int64)
        self._counts = {
            level: (
                _Counts(code, stretch, closed, reopened, STRETCHES),
                _Counts(code, weekday, closed, reopened, 7),
            )
            for level, code in codes.items()
        }

    def habits(self, rows: pl.DataFrame) -> Habits:
        """Shares as known at the moment of each row, in the order of `rows`."""
        customer, company, moment = (rows[name].to_numpy() for name in ("customer", "company", "moment"))
        both = customer * (company.max(initial=0) + 1) + company
        _, at, of_row = np.unique(place(both, moment), return_index=True, return_inverse=True)
        codes = {"customer": customer[at], "company": company[at], "everyone": np.zeros_like(at)}
        parts = []
        for kind in (0, 1):
            counts = (self._until(level, kind, code, moment[at]) for level, code in codes.items())
            parts.append(shrunken_shares(*counts))
        return Habits(stretches=parts[0], weekdays=parts[1], of_row=of_row.astype(np.int64))

    def _until(self, level: str, kind: int, code: Codes, moment: Days) -> Floats:
        """Counts of a level at the moment of each row, each looked up once: a company has many customers."""
        places, of_row = np.unique(place(code, moment), return_inverse=True)
        return self._counts[level][kind].until(*placed(places))[of_row]


class _Counts:
    """How many payments of each column (stretch, weekday) a code had by a day.

    A table with a column per stretch would be 28 times as large.
    """

    def __init__(self, code: Codes, column: Codes, closed: Days, reopened: Days, columns: int) -> None:
        self._learnt = [Counts(code[own], closed[own]) for own in _rows_of(column, columns)]
        undone = reopened < NEVER
        code, column, reopened = code[undone], column[undone], reopened[undone]
        self._undone = [Counts(code[own], reopened[own]) for own in _rows_of(column, columns)]

    def until(self, code: Codes, moment: Days) -> Floats:
        """Counts (row, column) of what was known at the moment of each row."""
        counts = np.empty((len(code), len(self._learnt)))
        for column, (learnt, undone) in enumerate(zip(self._learnt, self._undone, strict=True)):
            counts[:, column] = learnt.at(code, moment) - undone.at(code, moment)
        return counts


def _rows_of(column: Codes, columns: int) -> list[Codes]:
    """The rows of each column."""
    order = np.argsort(column, kind="stable")
    return np.split(order, column[order].searchsorted(np.arange(1, columns)))


def weeks_around_due() -> Days:
    """The due week of each stretch: 0 begins on the day after the due date; stretches beyond four weeks stand alone."""
    weeks = np.floor_divide(STARTS - 1, 7)
    return np.asarray(
        np.where(STARTS < -21, -4, np.where(STARTS > 28, 4 + np.arange(STRETCHES), weeks)), dtype=np.int64
    )


def chunks(length: int, size: int) -> Iterator[slice]:
    """Slices of `size`, so that arrays (row, stretch) stay small."""
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))
