"""Closed days: on a bank holiday nothing is paid, and what would have been comes on the next open day.

Belongs here: the last open day before and the next one after a day, per company. Must not: knowing any
country's holidays; the caller hands the days over. Weekends are learnt from the payments themselves and need
not be in them.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.prediction.running import NEVER

LONGEST = 20
"""More closed days in a row than any calendar has."""


class Calendar:
    """Closed days per company, by the codes of `Lives.items`."""

    def __init__(self, closed_days: Mapping[str, frozenset[date]], companies: pl.DataFrame) -> None:
        codes = dict(companies.select("company_code", "company").unique().iter_rows())
        self._closed = np.array(
            sorted(
                codes[company] * NEVER + (day - date(1970, 1, 1)).days
                for company, days in closed_days.items()
                if company in codes
                for day in days
            ),
            dtype=np.int64,
        )

    def last_open(self, company: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
        """`day`, or the last open day before it."""
        return self._moved(company, day, -1)

    def next_open(self, company: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
        """`day`, or the first open day after it."""
        return self._moved(company, day, 1)

    def _moved(self, company: NDArray[np.int64], day: NDArray[np.int64], step: int) -> NDArray[np.int64]:
        if not len(self._closed):
            return day
        for _ in range(LONGEST):
            is_closed = np.isin(company * NEVER + day, self._closed)
            if not is_closed.any():
                break
            day = day + step * is_closed
        return day
