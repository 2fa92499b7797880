"""Payment curves: when an item is paid, as a chance per stretch of days around its due date.

Belongs here: the stretches, from chances to probabilities, dates and cash per week. Must not: where the chances come
from. Everything follows from one curve per item, so probabilities and dates can not contradict each other.

The chance of a stretch (the hazard) is that of payment within it for an item still open when it begins. An item open at
a moment has no stretches before the next day: nothing is predicted for the past.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.prediction.calendar import Calendar

Floats = NDArray[np.float64]
Days = NDArray[np.int64]

STARTS: Days = np.array(
    [
        -9999,
        -21,
        -14,
        -10,
        -7,
        -5,
        -4,
        -3,
        -2,
        -1,
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        8,
        11,
        15,
        22,
        31,
        46,
        61,
        91,
        121,
        181,
        366,
    ],
    dtype=np.int64,
)
"""First day late of each stretch: days around the due date, weeks and months away from it."""
STRETCHES = len(STARTS)
LAST_LENGTH = 365
"""Days of the last stretch, and of an item already older than its start."""
LATE_AFTER = {"late": 0, "late_30": 30, "late_90": 90}
QUANTILES = (0.1, 0.5, 0.9)


def stretch_of(days_late: Days) -> Days:
    """The stretch in which an item paid so many days late is paid."""
    return np.asarray(np.searchsorted(STARTS, days_late, side="right") - 1, dtype=np.int64)


@dataclass(frozen=True)
class Ahead:
    """The stretches ahead of each item at its moment, as arrays (item, stretch): first and last day late, open part."""

    first: Days
    last: Days
    is_ahead: NDArray[np.bool_]
    part: Floats

    @classmethod
    def of(cls, due: Days, moment: Days) -> "Ahead":
        """From the day after `moment` on."""
        next_day = moment + 1 - due
        start = STARTS[None, :]
        end = np.append(STARTS[1:] - 1, 0)[None, :]
        first = np.maximum(start, next_day[:, None])
        last = np.broadcast_to(end, first.shape).copy()
        last[:, -1] = first[:, -1] + LAST_LENGTH - 1
        is_ahead = first <= last
        whole = np.where(start < -9000, 1, last - start + 1)
        part = np.where(is_ahead, (last - first + 1) / np.maximum(whole, 1), 0.0)
        part[:, 0] = 1.0
        part[:, -1] = 1.0
        return cls(first=first, last=last, is_ahead=is_ahead, part=np.clip(part, 0.0, 1.0))


@dataclass(frozen=True)
class Curves:
    """Payment curves of items: `unpaid` is the share still open at the end of each stretch."""

    due: Days
    moment: Days
    ahead: Ahead
    unpaid: Floats
    calendar: Calendar | None = None
    company: Days | None = None

    @classmethod
    def of(cls, due: Days, moment: Days, hazards: Floats, *, ahead: Ahead | None = None) -> "Curves":
        """From the chance of each whole stretch; of one begun already the part that is left counts."""
        ahead = Ahead.of(due, moment) if ahead is None else ahead
        left = 1.0 - np.power(1.0 - np.clip(hazards, 0.0, 1.0), ahead.part)
        return cls.of_parts(due, moment, left, ahead=ahead)

    @classmethod
    def of_parts(cls, due: Days, moment: Days, hazards: Floats, *, ahead: Ahead) -> "Curves":
        """From the chance of what is left of each stretch."""
        unpaid: Floats = np.cumprod(1.0 - np.where(ahead.is_ahead, hazards, 0.0), axis=1, dtype=np.float64)
        return cls(due=due, moment=moment, ahead=ahead, unpaid=unpaid)

    def paid_by(self, day: Days) -> Floats:
        """The chance that each item is paid by the evening of `day`; payments spread evenly over a stretch.

        What falls on a closed day is paid on the next open one: by a closed day no more is paid than by the last open.
        """
        if self.calendar is not None and self.company is not None:
            day = self.calendar.last_open(self.company, day)
        late = np.minimum(day - self.due, self.ahead.last[:, -1])
        stretch = stretch_of(late)
        rows = np.arange(len(late))
        before = np.where(stretch > 0, self.unpaid[rows, np.maximum(stretch - 1, 0)], 1.0)
        after = self.unpaid[rows, stretch]
        first, last = self.ahead.first[rows, stretch], self.ahead.last[rows, stretch]
        share = np.clip((late - first + 1) / np.maximum(last - first + 1, 1), 0.0, 1.0)
        return np.asarray(np.where(day <= self.moment, 0.0, 1.0 - (before + (after - before) * share)))

    def late(self, days: int) -> Floats:
        """The chance of more than `days` days late; 1 for an item that is so already."""
        return np.asarray(1.0 - self.paid_by(self.due + days))

    def day_at(self, quantile: float | Floats) -> Days:
        """The day by which an item is paid with the chance `quantile`; the last day of the curve if it never
        reaches it."""
        wanted = 1.0 - np.broadcast_to(np.asarray(quantile, dtype=np.float64), (len(self.due),))
        reached = self.unpaid <= wanted[:, None] + 1e-12
        stretch = np.where(reached.any(axis=1), reached.argmax(axis=1), STRETCHES - 1)
        rows = np.arange(len(stretch))
        before = np.where(stretch > 0, self.unpaid[rows, np.maximum(stretch - 1, 0)], 1.0)
        after = self.unpaid[rows, stretch]
        share = np.clip((before - wanted) / np.maximum(before - after, 1e-12), 0.0, 1.0)
        first, last = self.ahead.first[rows, stretch], self.ahead.last[rows, stretch]
        days = np.ceil(share * (last - first + 1) - 1e-9).astype(np.int64)
        found = np.asarray(self.due + first + np.maximum(days, 1) - 1, dtype=np.int64)
        if self.calendar is not None and self.company is not None:
            found = self.calendar.next_open(self.company, found)
        return found
