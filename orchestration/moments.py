"""Dates and times as a person writes them.

Belongs here: parsing what comes from the command line or a Dagster launchpad. Must not: read the clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from orchestration.errors import OrchestrationError

_LENGTH_OF_A_DATE = len("2026-03-31")


def parse_day(text: str | None) -> date | None:
    """`2026-03-31`.

    Raises:
        OrchestrationError: it is not a date.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OrchestrationError(f"{text!r} is not a date", fix="write it as 2026-03-31") from None


def required_day(text: str) -> date:
    """`2026-03-31`; nothing is no day.

    Raises:
        OrchestrationError: it is not a date.
    """
    day = parse_day(text)
    if day is None:
        raise OrchestrationError("a day is empty", fix="write it as 2026-03-31")
    return day


def parse_moment(text: str | None) -> datetime | None:
    """An ISO time as naive UTC; a date alone is the end of that day.

    Raises:
        OrchestrationError: it is not a time.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        is_day = len(text) <= _LENGTH_OF_A_DATE
    except ValueError:
        raise OrchestrationError(
            f"{text!r} is not a time",
            fix="write it as 2026-03-31T18:00:00+08:00, or 2026-03-31T10:00:00 in UTC",
        ) from None
    if is_day:
        return datetime.combine(moment.date(), time.max)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
