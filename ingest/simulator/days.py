"""Calendar of the demo company: its history, its delivery days, its business days.

Belongs here: dates without money and without chance. Does not: payment terms, rates, events.
"""

from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

HISTORY_START = date(2023, 6, 1)
OPENING_DELIVERY = date(2024, 5, 31)
FIRST_DAILY = date(2026, 6, 1)
HISTORY_END = date(2026, 6, 30)

# Never more than three in a row beside a week-end: a rate may be at most seven days old.
_HOLIDAYS = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (12, 25)})


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months, clamped to the end of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_business_day(day: date) -> bool:
    """Monday to Friday without the few fixed holidays of the demo."""
    return day.weekday() < 5 and (day.month, day.day) not in _HOLIDAYS


def next_business_day(day: date) -> date:
    """`day` itself, else the first business day after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def last_business_day(day: date) -> date:
    """`day` itself, else the last business day before it."""
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """The days on which every source delivers, ascending."""

    days: tuple[date, ...]

    def index_of(self, booked_on: date) -> int:
        """Position of the first delivery that knows what was booked on that day.

        A day after the last delivery has the position one past the end: nobody knows it yet.
        """
        return bisect_left(self.days, booked_on)

    def following(self, booked_on: date) -> date | None:
        """Day of the delivery after the first one that knows what was booked on that day."""
        index = self.index_of(booked_on) + 1
        return self.days[index] if index < len(self.days) else None


def delivery_plan() -> DeliveryPlan:
    """One opening delivery, 24 month ends, then every day of the last month."""
    days = [OPENING_DELIVERY]
    day = month_end(add_months(OPENING_DELIVERY, 1))
    while day < FIRST_DAILY:
        days.append(day)
        day = month_end(add_months(day, 1))
    return DeliveryPlan(tuple(days + days_between(FIRST_DAILY, HISTORY_END)))


def balance_days(until: date) -> list[date]:
    """Days for which the general ledger states balances: month ends, and each day of the last month."""
    days = []
    day = month_end(HISTORY_START)
    while day < FIRST_DAILY:
        days.append(day)
        day = month_end(add_months(day, 1))
    days += days_between(FIRST_DAILY, HISTORY_END)
    return [day for day in days if day <= until]
