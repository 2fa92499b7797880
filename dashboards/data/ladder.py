"""The reminder ladder: where an overdue amount stands on it, and when which step is next.

Belongs here: the days of the default policy (policy section 5) and the arithmetic on them. Must not: channels and
effects, words, which steps were taken (collection.py).

Where contacts are delivered, an amount stands where it was last taken to; where none are, a step counts as reached once
its day is there (DECISIONS 51). Days are calendar days: a release has no business calendar, and a step that falls on a
holiday moves to the next business day.
"""

from __future__ import annotations

from collections.abc import Sequence
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
# steps up to this one speak of a due date to come: nobody is told so after it
LAST_BEFORE_DUE = 2
DAYS_APART = 5


@dataclass(frozen=True)
class Step:
    """A step of the ladder, from 1, and its day."""

    number: int
    day: date


@dataclass(frozen=True)
class Taken:
    """A step that was taken, on its newest day; `is_named` where the contact named a document of the amount."""

    number: int
    day: date
    is_named: bool = False


@dataclass(frozen=True)
class Position:
    """Where an amount stands on the ladder: the step reached (None before the first) and the next (None after the
    last). `is_recorded` says that the step reached is one that was taken, and its day the day of that."""

    reached: Step | None
    following: Step | None
    is_recorded: bool = False


def position(
    due_date: date, *, grade: str | None, as_of: date, taken: Sequence[Taken] | None = None
) -> Position:
    """Where the oldest amount that may be asked for stands.

    Args:
        due_date: policy due date of that amount.
        grade: in force; without one the standard days hold.
        taken: steps taken until the day, of the customer or of documents of the amount; None where no contact of the
            company is delivered.
    """
    first = FIRST_STEP.get(grade or "", 1)
    steps = [
        Step(number, due_date + timedelta(days=offset))
        for number, offset in enumerate(BY_GRADE.get(grade or "", STANDARD), start=1)
        if number >= first
    ]
    if taken is None:
        reached = [step for step in steps if step.day <= as_of]
        coming = [step for step in steps if step.day > as_of]
        return Position(reached[-1] if reached else None, coming[0] if coming else None)
    # before its first step nobody asked for this amount: what names no document was about an older one
    counted = [step for step in taken if step.is_named or step.day >= steps[0].day]
    return _after(steps, counted, due_date=due_date, as_of=as_of)


def _after(steps: Sequence[Step], counted: Sequence[Taken], *, due_date: date, as_of: date) -> Position:
    """One step at a time, and days apart from the newest one, whichever that was."""
    furthest = max(counted, key=lambda step: (step.number, step.day), default=None)
    reached = None if furthest is None else Step(furthest.number, furthest.day)
    following = next(
        (
            step
            for step in steps
            if (reached is None or step.number > reached.number)
            and not _has_lapsed(step, steps, due_date=due_date, as_of=as_of)
        ),
        None,
    )
    if following is not None and counted:
        earliest = max(step.day for step in counted) + timedelta(days=DAYS_APART)
        following = Step(following.number, max(following.day, earliest))
    return Position(reached, following, is_recorded=True)


def _has_lapsed(step: Step, steps: Sequence[Step], *, due_date: date, as_of: date) -> bool:
    """A reminder of a due date to come that would come too late, or beside the next one."""
    if step.number > LAST_BEFORE_DUE:
        return False
    is_overtaken = any(other.number == LAST_BEFORE_DUE and other.day <= as_of for other in steps)
    return as_of > due_date or (step.number < LAST_BEFORE_DUE and is_overtaken)
