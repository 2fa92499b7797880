"""A ladder of grades, climbed month by month.

Belongs here: the rule of policy.md section 4 as a machine that looks at one after the other.
Must not: scores, caps.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Month:
    """What one evaluation says: rungs, 1 the best; None where it says nothing."""

    own: int | None = None
    reach: int | None = None
    decided: int | None = None


def stand(months: Sequence[Month]) -> list[int | None]:
    """The rung after each month; None before anything was said."""
    stood: list[int | None] = []
    rung: int | None = None
    for month in months:
        if month.decided is not None:
            rung = month.decided
        elif month.own is not None:
            if rung is None or month.own >= rung:
                rung = month.own
            elif month.reach is not None and month.reach <= rung - 1:
                rung -= 1
        stood.append(rung)
    return stood
