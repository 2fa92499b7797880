"""Business calendar: on which days is a country at work?

Belongs here: public holidays, and the weekend days that are worked instead (调休). Must not: dates of receivables;
aging counts calendar days, only deadlines of reminders, promises and late interest are moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

FIRST_YEAR = 2000
# deadlines of what is owed today lie in these years; beyond what is decreed the library says what is usual
YEARS_AHEAD = 3
_SATURDAY = 5
_UNNAMED = {True: "weekend day at work", False: "weekend"}


@dataclass(frozen=True, slots=True)
class CalendarException:
    """A day that is not what its day of the week says."""

    country: str
    day: date
    is_business_day: bool
    name: str


def calendar_exceptions(countries: Iterable[str], *, newest_year: int) -> list[CalendarException]:
    """Weekdays off and weekend days at work, from `FIRST_YEAR` to `YEARS_AHEAD` years after `newest_year`.

    Args:
        countries: ISO 3166 alpha-2; one whose holidays are not known has none.
        newest_year: year of the newest delivery.
    Returns:
        One row per country and day, in order. National holidays only: those of a region are none here.
    """
    supported = holidays.list_supported_countries()
    first, last = date(FIRST_YEAR, 1, 1), date(newest_year + YEARS_AHEAD, 12, 31)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    rows = []
    for country in sorted(set(countries) & set(supported)):
        calendar = holidays.country_holidays(country, years=range(first.year, last.year + 1))
        rows += [
            CalendarException(
                country, day, is_business_day, calendar.get(day, "") or _UNNAMED[is_business_day]
            )
            for day in days
            if (is_business_day := calendar.is_working_day(day)) != (day.weekday() < _SATURDAY)
        ]
    return rows
