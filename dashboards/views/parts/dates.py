"""Days a figure is compared with. Must not: read the wall clock."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def month_end_before(day: date) -> date:
    """Last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def same_day_last_year(day: date) -> date:
    """The same day a year before; 29 February becomes the 28th."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def months_before(day: date, *, months: int) -> date:
    """First day of the month that many months before."""
    position = day.year * 12 + day.month - 1 - months
    return date(position // 12, position % 12 + 1, 1)
