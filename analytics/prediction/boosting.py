"""Boosting: trees that correct the customer's habits, stretch by stretch (a discrete-time hazard by LightGBM).

Belongs here: what trees learn from, learning, their curves and contributions, and whether they can run at all.
Must not: any fact beyond a view.

Each row of learning is a stretch ahead of an item at a moment: was it paid within, being open when it began? A row
counts once its whole stretch lies before the knowledge, whether or not the item was paid: the rule looks at the
calendar alone, so neither long payers nor young items are favoured. The trees start from the habits' chance
(init_score): with little data they add little to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.prediction.candidates import View
from analytics.prediction.curve import STARTS, STRETCHES, Ahead, Curves, Days, Floats
from analytics.prediction.features import FEATURES
from analytics.prediction.habits import MONDAY, chunks
from analytics.prediction.running import NEVER
from analytics.prediction.schedule import drawn

STRETCH_FEATURES = (
    "day_late",
    "stretch",
    "days_in_stretch",
    "weekday_of_stretch",
    "weekday_habit",
    "day_of_month_of_stretch",
    "habit",
    "day_late_to_median",
    "day_late_to_mean",
)
"""What is known of a stretch: where it lies, and the customer's habits in it."""
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.1,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
}
ROWS_PER_LEAF = 5_000
FEWEST_LEAVES, MOST_LEAVES = 7, 31
VERY_LATE, FAR_AHEAD = 46, 60
"""Stretches that begin so many days late or later, and further ahead than so many days: few items teach anything of
them, and a third of the cost would go there."""
BINS = 63
"""Values of a feature that are told apart: more cost twice the time and tell no more."""
FEWEST_KEPT = 0.05
"""Of the stretches in which nothing was paid at least such a share is learnt from."""
CHUNK = 5_000
MISSING = (
    "LightGBM cannot be loaded ({error}). On Debian: apt-get install libgomp1. "
    "Until then the other candidates compete without it."
)


def why_unavailable() -> str | None:
    """Why trees cannot run here, with the fix; None when they can. The wheel needs the system's OpenMP library."""
    try:
        import_module("lightgbm")
    except (ImportError, OSError) as error:
        return MISSING.format(error=error)
    return None


@dataclass(frozen=True)
class Expanded:
    """Rows (item, stretch) ahead: features, the habits' log-odds, and where each row stands."""

    values: NDArray[np.float32]
    start: Floats
    row: NDArray[np.int64]
    stretch: NDArray[np.int64]


def expand(
    view: View, columns: Sequence[str], part: slice, keep: NDArray[np.bool_] | None = None
) -> Expanded:
    """The stretches ahead of the rows of `part`, those of `keep` (row, stretch) only."""
    ahead = view.ahead
    is_ahead = within_reach(ahead, part) if keep is None else ahead.is_ahead[part] & keep[part]
    at = np.flatnonzero(is_ahead)
    row, stretch = np.divmod(at, STRETCHES)
    frame = view.rows[part]
    first, last = ahead.first[part].ravel()[at], ahead.last[part].ravel()[at]
    length = last - first + 1
    day = view.due[part][row] + first
    weekday = (day + MONDAY) % 7
    # share of the customer's payments on the weekdays that the stretch covers
    week = np.concatenate([view.habits.weekdays[view.habits.of_row[part]]] * 2, axis=1)
    summed = np.concatenate([np.zeros((len(week), 1)), np.cumsum(week, axis=1)], axis=1)
    of_week = row * summed.shape[1] + weekday
    covered = summed.ravel()[of_week + np.minimum(length, 7)] - summed.ravel()[of_week]
    whole = view.habits.hazards[part].ravel()[at]
    chance = np.clip(1.0 - np.power(1.0 - whole, ahead.part[part].ravel()[at]), 1e-4, 1 - 1e-4)
    start = np.log(chance / (1.0 - chance))
    median = frame["median_days_late"].fill_null(0.0).to_numpy()[row]
    mean = frame["mean_days_late"].to_numpy()[row]
    of_stretch = [
        first,
        stretch,
        length,
        weekday,
        covered,
        _day_of_month(day),
        start,
        first - median,
        first - mean,
    ]
    own = np.zeros((frame.height, len(columns) + len(of_stretch)), dtype=np.float32)
    own[:, : len(columns)] = frame.select(pl.col(columns).cast(pl.Float32)).to_numpy(order="c")
    values = own.take(row, axis=0)
    # beside each other first: written straight into so wide a table, each column costs as much as all of them
    beside = np.empty((len(at), len(of_stretch)), dtype=np.float32)
    for number, column in enumerate(of_stretch):
        beside[:, number] = column
    values[:, len(columns) :] = beside
    return Expanded(values, start, row, stretch)


def _day_of_month(day: Days) -> Days:
    """Looked up: few days are looked at many times."""
    first = day.min(initial=NEVER)
    date = np.arange(first, day.max(initial=first) + 1).astype("datetime64[D]")
    days = (date - date.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(days[day - first])


def learnable(
    view: View, paid_on: NDArray[np.int64], ended: NDArray[np.int64], today: int
) -> tuple[Any, Any]:
    """Which stretches (row, stretch) may be learnt from, and whether the item was paid in them.

    `paid_on` is NEVER without a payment; `ended` is the day on which an item was closed otherwise (NEVER: it was not):
    from then on it says nothing.
    """
    ahead: Ahead = view.ahead
    # booked late: paid, by its own date, before the moment at which it was still thought open
    late = (np.maximum(paid_on, view.moment + 1) - view.due)[:, None]
    arrived = view.due[:, None] + ahead.last <= np.minimum(today, ended - 1)[:, None]
    return within_reach(ahead) & arrived & (late >= ahead.first), late <= ahead.last


def within_reach(ahead: Ahead, part: slice = slice(None)) -> NDArray[np.bool_]:
    """The stretches ahead that trees speak of; what is very late and far away is left to the habits."""
    first, is_ahead = ahead.first[part], ahead.is_ahead[part]
    soonest = first.min(axis=1, where=is_ahead, initial=NEVER)[:, None]
    is_far = (STARTS >= VERY_LATE) & (first - soonest > FAR_AHEAD)
    return np.asarray(is_ahead & ~is_far)


def _share_kept(keep: NDArray[np.bool_], paid: NDArray[np.bool_], most: int) -> float:
    """The share of the stretches without payment that is learnt from, each weighing so much more.

    Payments are the rare and telling ones; all of them are kept.
    """
    payments = int((keep & paid).sum())
    others = int(keep.sum()) - payments
    return float(np.clip((most - payments) / max(others, 1), FEWEST_KEPT, 1.0))


def _evenly(view: View, seed: int) -> Floats:
    """A number from 0 to 1 per row and stretch, the same ones every day."""
    draw, moment = view.rows["draw"].to_numpy(), view.moment
    numbers = np.stack([drawn(draw, moment, seed + stretch) for stretch in range(STRETCHES)], axis=1)
    return np.asarray(numbers / 2.0**64)


class Boosting:
    """Trees over the stretches ahead."""

    name = "boosting"

    def __init__(self, columns: Sequence[str], booster: Any) -> None:
        self.columns = list(columns)
        self._booster = booster

    @classmethod
    def learn(
        cls,
        view: View,
        paid_on: NDArray[np.int64],
        ended: NDArray[np.int64],
        *,
        today: int,
        attributes: Sequence[str] = (),
        most: int,
        trees: int,
        seed: int,
    ) -> "Boosting":
        """Learn from rows whose outcome is known at `today`, from about `most` stretches of them."""
        import lightgbm

        columns = [*FEATURES, *attributes]
        keep, paid = learnable(view, paid_on, ended, today)
        # a tree may ask as many questions as the data can answer
        leaves = int(np.clip(keep.sum() // ROWS_PER_LEAF, FEWEST_LEAVES, MOST_LEAVES))
        share = _share_kept(keep, paid, most)
        keep &= paid | (_evenly(view, seed) < share)
        whole = expand(view, columns, slice(0, view.rows.height), keep)
        labels = paid[whole.row, whole.stretch].astype(np.float64)
        # one thread: with two, waiting for each other after every leaf costs more than it saves (workers)
        parameters = {**PARAMETERS, "seed": seed, "num_leaves": leaves, "num_threads": 1}
        data = lightgbm.Dataset(
            whole.values,
            labels,
            weight=np.where(labels > 0, 1.0, 1.0 / share),
            init_score=whole.start,
            feature_name=[*columns, *STRETCH_FEATURES],
            params={"verbose": -1, "max_bin": BINS, "num_threads": 1},
        )
        return cls(columns, lightgbm.train(parameters, data, num_boost_round=trees))

    def curves(self, view: View) -> Curves:
        hazards = 1.0 - np.power(1.0 - view.habits.hazards, view.ahead.part)
        for part in chunks(view.rows.height, CHUNK):
            rows = expand(view, self.columns, part)
            raw = self._booster.predict(rows.values, raw_score=True, num_threads=1) + rows.start
            hazards[part][rows.row, rows.stretch] = 1.0 / (1.0 + np.exp(-raw))
        return Curves.of_parts(view.due, view.moment, hazards, ahead=view.ahead)

    def contributions(self, view: View, threads: int) -> tuple[list[str], Floats]:
        """How much each feature speaks for paying late: minus its contribution to the chance of paying at the due date.

        Looked at in the stretch of the due date, or the first ahead of an item already overdue. The start from the
        habits counts as one feature, against an even chance of the average habit.
        """
        first = np.where(view.ahead.is_ahead, np.arange(STRETCHES)[None, :], STRETCHES).min(axis=1)
        at = np.maximum(first, int(np.searchsorted(STARTS, 0)))
        keep = np.zeros((view.rows.height, STRETCHES), dtype=bool)
        keep[np.arange(view.rows.height), at] = True
        rows = expand(view, self.columns, slice(0, view.rows.height), keep)
        said = self._booster.predict(rows.values, pred_contrib=True, num_threads=threads)
        names = [*self.columns, *STRETCH_FEATURES]
        values = -np.asarray(said)[:, : len(names)]
        values[:, names.index("habit")] -= rows.start - rows.start.mean()
        return names, values
