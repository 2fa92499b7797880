"""Training: what is known of the end of rows, and the candidates that learn from it.

Belongs here: outcomes beside rows, fitting of every candidate as of one day. Must not: which items are looked at
(schedule), judging the candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.prediction.boosting import Boosting
from analytics.prediction.calendar import Calendar
from analytics.prediction.candidates import Candidate, DueDate, History, RollRate, View
from analytics.prediction.contract import Attribute, Settings
from analytics.prediction.features import Facts
from analytics.prediction.habits import Payments
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER
from analytics.prediction.schedule import Schedule, sampled


@dataclass(frozen=True)
class Lessons:
    """Rows (item, moment) with features, and what is known of their end today."""

    rows: pl.DataFrame
    payments: Payments
    calendar: Calendar

    def until(self, lives: Lives, most: int, seed: int) -> "Lessons":
        """Rows whose moment lies before the day of `lives`, at most so many, evenly sampled."""
        rows = self.rows.filter(pl.col("moment") < lives.today, pl.col("created") <= lives.today)
        return Lessons(sampled(rows, most, lives, seed), self.payments, self.calendar)


def lessons(lives: Lives, facts: Facts, schedule: Schedule, settings: Settings) -> Lessons:
    """Every row that may be learnt from up to today."""
    return Lessons(
        rows=facts.rows(schedule.lessons),
        payments=Payments(lives),
        calendar=Calendar(settings.closed_days, lives.items),
    )


def ends(rows: pl.DataFrame, lives: Lives) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Per row the day of the payment, and of an end without one; NEVER where there was none."""
    known = lives.outcomes_of(rows["item"].to_numpy())
    is_paid = known["is_payment"].to_numpy()
    return (
        np.where(is_paid, known["paid_on"].to_numpy(), NEVER),
        np.where(is_paid, NEVER, known["closed"].to_numpy()),
    )


def fit(
    lives: Lives,
    lessons: Lessons,
    settings: Settings,
    names: Sequence[str],
    attributes: Sequence[Attribute],
    *,
    most: int,
) -> dict[str, Candidate]:
    """The named candidates, having learnt what was known on the day of `lives`; trees from `most` stretches."""
    fitted: dict[str, Candidate] = {}
    for name in names:
        if name == "due_date":
            fitted[name] = DueDate()
        elif name == "history":
            fitted[name] = History()
        elif name == "roll_rate":
            fitted[name] = RollRate(lives)
        else:
            view = View.of(lessons.rows, lessons.payments)
            paid_on, ended = ends(lessons.rows, lives)
            fitted[name] = Boosting.learn(
                view,
                paid_on,
                ended,
                today=lives.today,
                attributes=[attribute.column for attribute in attributes],
                most=most,
                trees=settings.trees,
                seed=settings.seed,
            )
    return fitted
