"""The slow, obvious reading of when a warning opens, rises, falls and closes: a machine that looks at every day.

Belongs here: the oracle of dbt/macros/warning_steps.sql. Must not: SQL, rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Day:
    """What the rule says of one day; never both open and closing. Level 1 to 3."""

    is_open: bool
    is_closing: bool
    level: int


@dataclass(frozen=True)
class Patience:
    """The numbers of days of a rule."""

    enter: int
    close: int
    fall: int
    reopen: int


@dataclass(frozen=True)
class Step:
    """A change of an episode on a day; level 0 is closed."""

    episode: int
    stretch: int
    day: int
    level: int


def steps_of(days: Sequence[Day], *, patience: Patience) -> list[Step]:
    """Every change, in the order of days, numbered from 0."""
    steps: list[Step] = []
    levels_of_stretch: list[int] = []
    open_days = closing_days = episode = stretch = level = 0
    is_active = False
    closed_on: int | None = None
    for number, day in enumerate(days):
        open_days = open_days + 1 if day.is_open else 0
        closing_days = closing_days + 1 if day.is_closing else 0
        if not is_active and open_days >= patience.enter:
            is_active, levels_of_stretch, level, stretch = True, [], 0, stretch + 1
            if closed_on is None or number - closed_on > patience.reopen:
                episode += 1
        elif is_active and closing_days >= patience.close:
            is_active, closed_on = False, number
            steps.append(Step(episode, stretch, number, 0))
        if is_active:
            levels_of_stretch.append(day.level)
            highest = max(levels_of_stretch[-patience.fall :])
            if highest != level:
                level = highest
                steps.append(Step(episode, stretch, number, level))
    return steps
