"""The reminder ladder: which step an overdue amount has reached, and when the next one is.

Belongs here: the days of the default policy (policy section 5) and the arithmetic on them. Must not: channels and
effects, words. No release says which steps were taken, so a step counts as reached once its day is there. Days are
calendar days: a release has no business calendar, and a step that falls on a holiday moves to the next business day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

STANDARD = (-7, 0, 7, 15, 30, 60, 90, 120)
# days after the policy due date, step 1 first, where the grade in force asks for others
BY_GRADE = {
    "D": (-14, -3, 1, 7, 15, 30, 60, 90),
    "E": (-14, -3, 1, 5, 10, 20, 45, 60),
    "U": (-14, -3, 1, 5, 10, 20, 45, 60),
}
# good grades are not reminded before they are late
FIRST_STEP = {"A": 3}


@dataclass(frozen=True)
class Step:
    """A step of the ladder, from 1, and its day."""

    number: int
    day: date


@dataclass(frozen=True)
class Position:
    """Where an amount stands on the ladder: the step reached (None before the first) and the next (None after the
    last)."""

    reached: Step | None
    following: Step | None


def position(due_date: date, *, grade: str | None, as_of: date) -> Position:
    """Steps around a day for the oldest amount that may be asked for.

    Args:
        due_date: policy due date of that amount.
        grade: in force; without one the standard days hold.
    """
    first = FIRST_STEP.get(grade or "", 1)
    steps = [
        Step(number, due_date + timedelta(days=offset))
        for number, offset in enumerate(BY_GRADE.get(grade or "", STANDARD), start=1)
        if number >= first
    ]
    reached = [step for step in steps if step.day <= as_of]
    coming = [step for step in steps if step.day > as_of]
    return Position(reached[-1] if reached else None, coming[0] if coming else None)
