"""Calendar of the bulk simulator: delivery days, and the days of the demo group as arrays.

Belongs here: dates without money and without chance, for whole columns. Does not: payment terms, habits.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ingest.simulator.bulk.columns import Ints
from ingest.simulator.days import (
    FIRST_DAILY,
    HISTORY_END,
    HISTORY_START,
    DeliveryPlan,
    add_months,
    days_between,
    is_business_day,
    month_end,
)

OPENING = date(2025, 6, 30)
# Each delivery costs a constant time, so there are only as many daily ones as show what they are.
_DAILY = 10
BANK_START = date(2026, 4, 1)
_EPOCH = date(1970, 1, 1).toordinal()
# habits reach beyond the end of the history
_MARGIN = timedelta(days=1200)


def bulk_plan() -> DeliveryPlan:
    """One opening delivery with two years, eleven month ends, then the last ten business days."""
    days = [OPENING]
    while (day := month_end(add_months(days[-1], 1))) < FIRST_DAILY:
        days.append(day)
    daily = [day for day in days_between(FIRST_DAILY, HISTORY_END) if is_business_day(day)]
    return DeliveryPlan((*days, *daily[-_DAILY:]))


def day_number(day: date) -> int:
    """Days since 1970-01-01, as Polars and NumPy count them."""
    return day.toordinal() - _EPOCH


def date_of(number: int) -> date:
    """The day with a number."""
    return date.fromordinal(int(number) + _EPOCH)


FIRST = day_number(HISTORY_START)
LAST = day_number(HISTORY_END)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Lookups by day for whole columns."""

    delivery_days: Ints
    business: Ints
    next_business: Ints
    last_business: Ints

    @property
    def deliveries(self) -> int:
        """Number of deliveries; as a position it means: not known before the history ends."""
        return len(self.delivery_days)

    def delivery_of(self, booked_on: Ints) -> Ints:
        """Position of the first delivery that knows what was booked on a day."""
        return np.searchsorted(self.delivery_days, booked_on, side="left").astype(np.int64)

    def on_or_after(self, days: Ints) -> Ints:
        """The day itself, else the first business day after it."""
        return self.next_business[days - FIRST]

    def on_or_before(self, days: Ints) -> Ints:
        """The day itself, else the last business day before it."""
        return self.last_business[days - FIRST]


def make_calendar(plan: DeliveryPlan) -> Calendar:
    """Lookups for the history and the years behind it."""
    days = days_between(HISTORY_START, HISTORY_END + _MARGIN)
    numbers = np.array([day_number(day) for day in days], dtype=np.int64)
    is_business = np.array([is_business_day(day) for day in days])
    following = np.where(is_business, numbers, np.iinfo(np.int64).max)
    preceding = np.where(is_business, numbers, 0)
    return Calendar(
        delivery_days=np.array([day_number(day) for day in plan.days], dtype=np.int64),
        business=numbers[is_business & (numbers <= LAST)],
        next_business=np.minimum.accumulate(following[::-1])[::-1],
        last_business=np.maximum.accumulate(preceding),
    )


def month_ends(days: Ints) -> Ints:
    """Last day of the month of each day."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return ((months + 1).astype("datetime64[D]").astype(np.int64) - 1).astype(np.int64)


def weekdays(days: Ints) -> Ints:
    """0 for Monday to 6 for Sunday."""
    return (days + 3) % 7


def months(days: Ints) -> Ints:
    """1 for January to 12 for December."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1


def years(days: Ints) -> Ints:
    """The last two digits of the year."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970 - 2000
