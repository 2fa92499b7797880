"""Closed days: what falls on a bank holiday is paid on the next open day.

Belongs here: worked figures. Must not: any country's holidays.
"""

from datetime import date

import numpy as np
import polars as pl
import pytest

from analytics.prediction.calendar import Calendar
from analytics.prediction.curve import STARTS, STRETCHES, Curves

# National Day: 1 to 3 October 2026
HOLIDAYS = frozenset({date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)})
FIRST = (date(2026, 10, 1) - date(1970, 1, 1)).days


def due_on_the_first(calendar: Calendar, company: int) -> Curves:
    """Half is paid the day before the due date, half of the rest on it, the rest the day after."""
    hazards = np.zeros((1, STRETCHES))
    for day_late, chance in ((-1, 0.5), (0, 0.5), (1, 1.0)):
        hazards[0, int(np.searchsorted(STARTS, day_late))] = chance
    curve = Curves.of(np.array([FIRST]), np.array([FIRST - 20]), hazards)
    return Curves(curve.due, curve.moment, curve.ahead, curve.unpaid, calendar, np.array([company]))


def test_what_falls_on_closed_days_is_paid_on_the_next_open_one() -> None:
    companies = pl.DataFrame({"company_code": ["CN", "US"], "company": [1, 2]})
    calendar = Calendar({"CN": HOLIDAYS}, companies)
    closed, open_ = due_on_the_first(calendar, 1), due_on_the_first(calendar, 2)
    days = [np.array([FIRST + offset]) for offset in (-1, 0, 2, 3)]
    assert [closed.paid_by(day)[0] for day in days] == pytest.approx([0.5, 0.5, 0.5, 1.0])
    assert [open_.paid_by(day)[0] for day in days] == pytest.approx([0.5, 0.75, 1.0, 1.0])
    assert closed.day_at(0.9).tolist() == [FIRST + 3]
    assert open_.day_at(0.9).tolist() == [FIRST + 1]
    # due on a holiday: what is not paid before it is late
    assert (closed.late(0)[0], open_.late(0)[0]) == pytest.approx((0.5, 0.25))
