"""Habits: in which stretch around the due date, and on which weekday, a customer pays.

Belongs here: counts of past payments per customer, company and all, as known at a moment, and the shares made of them.
Must not: learning from outcomes after the moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from analytics.prediction.curve import STARTS, STRETCHES, Days, Floats, stretch_of
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER

COMPANY_WEIGHT = 30.0
"""Payments of all companies that stand beside a company's own."""
CUSTOMER_WEIGHT = 6.0
"""Payments of its company that stand beside a customer's own."""
PRIOR_PAYMENTS = 0.5


@dataclass(frozen=True)
class Habits:
    """Shares of the payments by stretch and by weekday from Monday, each adding up to 1: a row per customer and moment.

    `of_row` says which of them is that of each row: many items of a customer are looked at on one evening.
    """

    stretches: Floats
    weekdays: Floats
    of_row: Days

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
        paid = lives.spans.filter("is_payment").join(
            lives.items.select("item", "customer", "company", "due"), on="item", maintain_order="left"
        )
        days_late = (paid["paid_on"] - paid["due"]).to_numpy()
        weekday = paid["paid_on"].cast(pl.Int32).cast(pl.Date).dt.weekday().to_numpy()
        counted = paid.select("customer", "company", "closed", "reopened", everyone=pl.lit(0, dtype=pl.Int64))
        self._counts = {
            level: (
                _Counts(counted, level, stretch_of(days_late), STRETCHES),
                _Counts(counted, level, weekday - 1, 7),
            )
            for level in ("customer", "company", "everyone")
        }

    def habits(self, rows: pl.DataFrame) -> Habits:
        """Shares as known at the moment of each row, in the order of `rows`."""
        keyed = rows.select("customer", "company", "moment", everyone=pl.lit(0, dtype=pl.Int64))
        unique = keyed.unique().sort("customer", "moment", "company").with_row_index("at")
        of_row = keyed.join(
            unique, on=["customer", "company", "moment", "everyone"], how="left", maintain_order="left"
        )["at"].to_numpy()
        parts = [
            shrunken_shares(
                *(
                    self._counts[level][kind].until(unique, level)
                    for level in ("customer", "company", "everyone")
                )
            )
            for kind in (0, 1)
        ]
        return Habits(stretches=parts[0], weekdays=parts[1], of_row=of_row.astype(np.int64))


class _Counts:
    """How many payments of each column (stretch, weekday) a code had by a day.

    Events of a column stand in one sorted array of (code, day) beside their running sum: a count is the difference of
    two places in it. A table with a column per stretch would be 28 times as large.
    """

    def __init__(self, events: pl.DataFrame, level: str, column: Days, columns: int) -> None:
        named = events.select(code=level, begins="closed", ends="reopened", column=pl.Series(column))
        signed = pl.concat(
            [
                named.select("code", "column", day="begins", weight=pl.lit(1, dtype=pl.Int64)),
                named.filter(pl.col("ends") < NEVER).select(
                    "code", "column", day="ends", weight=pl.lit(-1, dtype=pl.Int64)
                ),
            ]
        )
        summed = (
            signed.select("column", "weight", place=pl.col("code") * NEVER + pl.col("day"))
            .group_by("column", "place")
            .agg(pl.col("weight").sum())
            .sort("column", "place")
        )
        at = np.searchsorted(summed["column"].to_numpy(), np.arange(columns + 1))
        places, weights = summed["place"].to_numpy(), summed["weight"].to_numpy()
        self._places = [places[first:last] for first, last in pairwise(at)]
        self._sums = [np.concatenate([[0], np.cumsum(weights[first:last])]) for first, last in pairwise(at)]

    def until(self, rows: pl.DataFrame, level: str) -> Floats:
        """Counts (row, column) of what was known at the moment of each row."""
        code, moment = rows[level].to_numpy() * NEVER, rows["moment"].to_numpy()
        counts = np.empty((len(code), len(self._places)))
        for column, (places, sums) in enumerate(zip(self._places, self._sums, strict=True)):
            counts[:, column] = sums[places.searchsorted(code + moment, side="right")]
            counts[:, column] -= sums[places.searchsorted(code)]
        return counts


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
