"""Training sets: which items are seen at which moments, and the candidates that learn from them.

Belongs here: the grid of moments, sampling, outcomes beside rows, fitting of every candidate as of one day. Must not:
judging them.

An item is seen at its creation and, while it is open, every 28 days of a fixed calendar. The calendar does not
depend on the item: a moment chosen within an item's own life would tell how long that life is.
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
from analytics.prediction.features import features
from analytics.prediction.habits import Payments
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER

SNAPSHOTS = 13
"""A year of snapshots; older items teach by their creation alone."""


@dataclass(frozen=True)
class Lessons:
    """Rows (item, moment) with features, and what is known of their end today."""

    rows: pl.DataFrame
    payments: Payments
    calendar: Calendar

    def until(self, lives: Lives, most: int, seed: int) -> "Lessons":
        """Rows whose moment lies before the day of `lives`, at most so many, evenly sampled."""
        rows = self.rows.filter(pl.col("moment") < lives.today, pl.col("created") <= lives.today)
        return Lessons(sampled(rows, most, seed), self.payments, self.calendar)


def sampled(rows: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """At most so many rows, in their order, each as likely as any other."""
    if rows.height <= most:
        return rows
    chosen = np.random.default_rng(seed).choice(rows.height, size=most, replace=False)
    return rows[np.sort(chosen)]


def lessons(lives: Lives, settings: Settings, attributes: Sequence[Attribute]) -> Lessons:
    """Every row that may be learnt from up to today."""
    creations = lives.items.select("item", moment=pl.col("created") - 1)
    grid = [lives.today - settings.days_between_origins * number for number in range(1, SNAPSHOTS + 1)]
    snapshots = lives.open_at(pl.DataFrame({"moment": grid}, schema={"moment": pl.Int64})).select(
        "item", "moment"
    )
    moments = pl.concat([creations, snapshots]).sort("moment", "item")
    # the back-test cuts the newest away: twice the rows leave enough for its earliest origin
    moments = sampled(moments, 2 * settings.training_rows, settings.seed)
    return Lessons(
        rows=features(lives, moments, attributes=attributes),
        payments=Payments(lives),
        calendar=Calendar(settings.closed_days, lives.items),
    )


def ends(rows: pl.DataFrame, lives: Lives) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Per row the day of the payment, and of an end without one; NEVER where there was none."""
    known = rows.select("item").join(lives.outcomes(), on="item", how="left", maintain_order="left")
    paid, other = pl.col("is_payment"), ~pl.col("is_payment")
    days = known.select(
        paid_on=pl.when(paid).then("paid_on").otherwise(NEVER).fill_null(NEVER),
        ended=pl.when(other).then("closed").otherwise(NEVER).fill_null(NEVER),
    )
    return days["paid_on"].to_numpy(), days["ended"].to_numpy()


def fit(
    lives: Lives, lessons: Lessons, settings: Settings, names: Sequence[str], attributes: Sequence[Attribute]
) -> dict[str, Candidate]:
    """The named candidates, having learnt what was known on the day of `lives`."""
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
                trees=settings.trees,
                seed=settings.seed,
                threads=settings.threads,
            )
    return fitted
