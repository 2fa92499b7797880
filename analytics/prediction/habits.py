"""Habits: in which stretch around the due date, and on which weekday, a customer pays.

Belongs here: counts of past payments per customer, company and all, as known at a moment, and the shares made of them.
Must not: learning from outcomes after the moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.prediction.curve import STARTS, STRETCHES, Days, Floats, stretch_of
from analytics.prediction.lives import Lives
from analytics.prediction.running import as_of, running_sums

COMPANY_WEIGHT = 30.0
"""Payments of all companies that stand beside a company's own."""
CUSTOMER_WEIGHT = 6.0
"""Payments of its company that stand beside a customer's own."""
PRIOR_PAYMENTS = 0.5

_STRETCH = [f"stretch_{number}" for number in range(STRETCHES)]
_WEEKDAY = [f"weekday_{number}" for number in range(1, 8)]


@dataclass(frozen=True)
class Habits:
    """Arrays (row, stretch) and (row, weekday from Monday): shares of the payments, each row adding up to 1."""

    stretches: Floats
    weekdays: Floats

    def hazards(self) -> Floats:
        """The chance of each stretch for what was still open when it began."""
        still_open = np.cumsum(self.stretches[:, ::-1], axis=1)[:, ::-1]
        return np.clip(self.stretches / np.maximum(still_open, 1e-9), 1e-4, 1 - 1e-4)


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
    """Running counts of payments, read for rows (customer, company, moment)."""

    def __init__(self, lives: Lives) -> None:
        paid = lives.spans.filter("is_payment").join(
            lives.items.select("item", "customer", "company", "due"), on="item", maintain_order="left"
        )
        stretch = stretch_of((paid["paid_on"] - paid["due"]).to_numpy())
        weekday = paid["paid_on"].cast(pl.Int32).cast(pl.Date).dt.weekday().to_numpy()
        values = [*_STRETCH, *_WEEKDAY]
        counted = paid.select(
            "customer",
            "company",
            "closed",
            "reopened",
            *(
                pl.Series(name, (stretch == number).astype(np.float64))
                for number, name in enumerate(_STRETCH)
            ),
            *(
                pl.Series(name, (weekday == number).astype(np.float64))
                for number, name in enumerate(_WEEKDAY, 1)
            ),
        )
        undone = counted.with_columns(day="reopened").with_columns(-pl.col(value) for value in values)
        signed = pl.concat([counted.with_columns(day="closed"), undone])
        self._sums = {
            level: running_sums(signed, by=by, values=values)
            for level, by in (("customer", ["customer"]), ("company", ["company"]), ("everyone", []))
        }

    def habits(self, rows: pl.DataFrame) -> Habits:
        """Shares as known at the moment of each row, in the order of `rows`."""
        ordered = rows.select("customer", "company", "moment").with_row_index("row").sort("moment", "row")
        order = np.argsort(ordered["row"].to_numpy(), kind="stable")
        counts: dict[str, Floats] = {}
        for level, sums in self._sums.items():
            by = [level] if level != "everyone" else []
            read = as_of(ordered, sums, by=by, prefix="")
            counts[level] = read.select(*_STRETCH, *_WEEKDAY).to_numpy()[order]
        parts = [
            shrunken_shares(*(counts[level][:, where] for level in ("customer", "company", "everyone")))
            for where in (slice(0, STRETCHES), slice(STRETCHES, None))
        ]
        return Habits(stretches=parts[0], weekdays=parts[1])


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
