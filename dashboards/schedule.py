"""When a cron line was due last.

Belongs here: reading the five fields that `ingest.settings` has already checked. Must not: what was run, or what to
say of it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# a line such as "0 0 29 2 *" is due once in four years, and in eight around a century
LONGEST_DAYS = 366 * 8 + 1


def last_due(cron: str, *, before: datetime, zone: ZoneInfo) -> datetime | None:
    """The newest moment at or before `before` (aware) at which the line was due; None where it never is."""
    minutes, hours, days, months, weekdays = (frozenset(field) for field in _fields(cron))
    # cron: where both day fields are restricted, either of them is enough
    is_either = not any(field.startswith("*") for field in (cron.split()[2], cron.split()[4]))
    local = before.astimezone(zone)
    for back in range(LONGEST_DAYS):
        day = local.date() - timedelta(days=back)
        by_day, by_weekday = day.day in days, day.isoweekday() % 7 in weekdays
        if day.month not in months or not (by_day or by_weekday if is_either else by_day and by_weekday):
            continue
        found = _newest_of_day(day, hours=hours, minutes=minutes, before=before, zone=zone)
        if found is not None:
            return found
    return None


def _newest_of_day(
    day: date, *, hours: frozenset[int], minutes: frozenset[int], before: datetime, zone: ZoneInfo
) -> datetime | None:
    for hour in sorted(hours, reverse=True):
        for minute in sorted(minutes, reverse=True):
            due = datetime.combine(day, time(hour, minute), zone)
            if due <= before:
                return due
    return None


@cache
def _fields(cron: str) -> tuple[tuple[int, ...], ...]:
    minute, hour, day, month, weekday = cron.lower().split()
    return (
        _numbers(minute, low=0, high=59),
        _numbers(hour, low=0, high=23),
        _numbers(day, low=1, high=31),
        _numbers(month, low=1, high=12, names=MONTHS),
        # 7 is Sunday too
        tuple(number % 7 for number in _numbers(weekday, low=0, high=7, names=WEEKDAYS)),
    )


def _numbers(field: str, *, low: int, high: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    found: list[int] = []
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        else:
            ends = [names.index(end) + low if end in names else int(end) for end in span.split("-")]
            # "5/10" is "from 5 on, every 10"
            first, last = ends[0], (high if step and len(ends) == 1 else ends[-1])
        found += range(first, last + 1, int(step or 1))
    return tuple(found)
