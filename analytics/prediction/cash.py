"""Cash forecast: what comes in over the next 13 weeks, per company and currency of the document.

Belongs here: expected cash of open items with its band, expected cash of items not billed yet, errors of past origins
against naive rivals. Must not: anything about a single item beyond its curve.

All amounts are in the reporting currency. Week 1 is the seven days after the as-of date. Bands: the variance of items
being paid or not, joined by that of the estimate (`ESTIMATE_ERROR` of the mean), times a factor chosen so that
the bands of past origins would have held 80 % of what came.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.prediction.backtest import Origin
from analytics.prediction.candidates import Candidate, DueDate, View
from analytics.prediction.contract import CANDIDATES, Attribute, Settings
from analytics.prediction.curve import Curves
from analytics.prediction.features import features
from analytics.prediction.habits import chunks
from analytics.prediction.lives import Lives
from analytics.prediction.running import total
from analytics.prediction.training import Lessons, sampled

WEEKS = 13
BAND = 0.8
NORMAL_BAND = 1.2816
"""Standard deviations around a normal mean that hold 80 %."""
ESTIMATE_ERROR = 0.05
FEWEST_BANDS = 20
"""With fewer past weeks of forecasts the normal factor is taken."""
BILLING_WEEKS = 13
"""The rhythm of billing is the mean of so many weeks."""
PAYING_WEEKS = 26
"""Items billed in so many weeks tell when billing is paid."""
LAST_WEEKS = 4
"""The naive rival's: next week brings the mean of the last four."""
CHUNK = 100_000
KEYS = ["company_code", "currency"]


@dataclass(frozen=True)
class Calibration:
    """The forecaster of cash, the factor of its bands, and the errors that chose both."""

    champion: str
    factor: float
    errors: pl.DataFrame


class WeeklySums:
    """Cash per company, currency and week, added up over curves of open items: mean and variance over items.

    Rows are added in their order, so that the same rows give the same sums to the last bit.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self._keys = rows.select(KEYS).unique().sort(KEYS).with_row_index("key")
        self._expected = np.zeros((self._keys.height, WEEKS))
        self._variance = np.zeros((self._keys.height, WEEKS))

    def add(self, rows: pl.DataFrame, curves: Curves) -> None:
        """Add open items (with `remaining`), each paid as its curve says."""
        key = rows.join(self._keys, on=KEYS, how="left", maintain_order="left")["key"].to_numpy()
        amount = rows["remaining"].to_numpy()
        before = np.zeros(rows.height)
        for week in range(WEEKS):
            by = curves.paid_by(curves.moment + 7 * (week + 1))
            chance = np.clip(by - before, 0.0, 1.0)
            before = by
            self._expected[:, week] += np.bincount(key, amount * chance, self._keys.height)
            self._variance[:, week] += np.bincount(key, amount**2 * chance * (1 - chance), self._keys.height)

    def by_week(self) -> pl.DataFrame:
        """company_code, currency, week_ahead, expected, variance."""
        weeks = [
            self._keys.select(
                *KEYS,
                week_ahead=pl.lit(week + 1, dtype=pl.Int64),
                expected=pl.Series(self._expected[:, week], dtype=pl.Float64),
                variance=pl.Series(self._variance[:, week], dtype=pl.Float64),
            )
            for week in range(WEEKS)
        ]
        return pl.concat(weeks).sort(*KEYS, "week_ahead")


def expected_by_week(rows: pl.DataFrame, lessons: Lessons, candidate: Candidate) -> pl.DataFrame:
    """Cash per company, currency and week from open items, by one candidate.

    Args:
        rows: features of open items, with `remaining`.
    """
    sums = WeeklySums(rows)
    for part in chunks(rows.height, CHUNK):
        sums.add(rows[part], View.of(rows[part], lessons.payments, lessons.calendar).curves(candidate))
    return sums.by_week()


_EXPECTED: dict[str, pl.DataType] = {
    "company_code": pl.String(),
    "currency": pl.String(),
    "week_ahead": pl.Int64(),
    "expected": pl.Float64(),
    "variance": pl.Float64(),
}


def new_billing_by_week(lives: Lives) -> pl.DataFrame:
    """Cash per company, currency and week from items not billed yet: company_code, currency, week_ahead, expected_new.

    What is billed in a week is taken as the mean of the last 13 weeks, and paid as what was billed in the last
    half year
    was: the share paid in the week of billing, in the next, and so on, each over the weeks old enough to show it.
    """
    today = lives.today
    billed = lives.items.select("item", *KEYS, "amount", week=_week_of("created", today)).filter(
        pl.col("week") > -PAYING_WEEKS
    )
    rhythm = (
        billed.filter(pl.col("week") > -BILLING_WEEKS)
        .group_by(KEYS)
        .agg(weekly=total("amount") / BILLING_WEEKS)
        .sort(KEYS)
    )
    paid = _cash(lives).join(billed.select("item", "week", *KEYS), on="item")
    lagged = (
        paid.with_columns(lag=_week_of("settled_on", today) - pl.col("week"))
        .group_by(*KEYS, "lag")
        .agg(paid=total("amount"))
    )
    by_week = billed.group_by(*KEYS, "week").agg(billed=total("amount"))
    lags = pl.DataFrame({"lag": range(WEEKS)}, schema={"lag": pl.Int64})
    # 13 lags x 26 weeks of a company and currency: a small table, whatever the number of items
    seen = (
        by_week.join(lags, how="cross")
        .filter(pl.col("week") + pl.col("lag") <= 0)
        .group_by(*KEYS, "lag")
        .agg(billed=total("billed"))
    )
    share = seen.join(lagged, on=[*KEYS, "lag"], how="left").select(
        *KEYS, "lag", share=(pl.col("paid").fill_null(0.0) / pl.col("billed")).clip(0.0, 1.0)
    )
    # week w is paid from what is billed in weeks 1 to w: the shares of lags 0 to w - 1
    return (
        share.sort(*KEYS, "lag")
        .with_columns(paid_share=pl.col("share").cum_sum().over(KEYS), week_ahead=pl.col("lag") + 1)
        .join(rhythm, on=KEYS)
        .select(*KEYS, "week_ahead", expected_new=pl.col("weekly") * pl.col("paid_share").clip(0.0, 1.0))
        .sort(*KEYS, "week_ahead")
    )


def _week_of(column: str, today: int) -> pl.Expr:
    """Weeks of seven days counted from the as-of date: its own last day is in week 0, the next seven in week 1."""
    return -((-(pl.col(column) - today)).floordiv(7))


def _cash(lives: Lives) -> pl.DataFrame:
    """Payments that hold as known: item, settled_on, amount."""
    return lives.payments.filter("paid", pl.col("undone") > lives.today).select(
        "item", "settled_on", "amount", "learnt"
    )


def _actual_by_week(lives: Lives, origin: int, items: pl.DataFrame | None) -> pl.DataFrame:
    """What came in per week after `origin`, of `items` or of all; booked late counts in the first week."""
    cash = _cash(lives).filter(pl.col("learnt") > origin)
    if items is not None:
        cash = cash.join(items.select("item"), on="item", how="semi")
    else:
        cash = cash.filter(pl.col("settled_on") > origin)
    return (
        cash.with_columns(week_ahead=_week_of("settled_on", origin).clip(lower_bound=1))
        .filter(pl.col("week_ahead") <= WEEKS)
        .join(lives.items.select("item", *KEYS), on="item")
        .group_by(*KEYS, "week_ahead")
        .agg(actual=total("amount"))
    )


def calibrate(
    lives: Lives,
    lessons: Lessons,
    origins: Sequence[Origin],
    settings: Settings,
    attributes: Sequence[Attribute],
) -> Calibration:
    """Forecast at past days with what each origin had learnt, and compare with what came.

    Every origin forecasts on its own day and 14 days later. Where items are too many, a sample is forecast and
    compared with what the same sample paid.
    """
    found = []
    for origin in origins:
        for day in (origin.day, origin.day + settings.days_between_origins // 2):
            found.append(_past_forecasts(lives, lessons, origin, day, settings, attributes))
    if not found:
        return Calibration("due_date", NORMAL_BAND, _errors(pl.DataFrame(schema=_PAST)))
    past = pl.concat(found)
    errors = _errors(past)
    totals = (
        past.filter(pl.col("target") == "open_items", pl.col("forecaster").is_in(CANDIDATES))
        .group_by("forecaster")
        .agg(error=(pl.col("expected") - pl.col("actual")).abs().sum())
        .to_dicts()
    )
    totals.sort(key=lambda row: CANDIDATES.index(row["forecaster"]))
    lowest = min(row["error"] for row in totals)
    champion = next(row["forecaster"] for row in totals if row["error"] <= lowest * 1.01)
    own = past.filter(pl.col("target") == "open_items", pl.col("forecaster") == champion)
    ratio = (own["actual"] - own["expected"]).abs() / _spread(own["expected"], own["variance"])
    ratio = ratio.filter(own["expected"] > 0)
    quantile = ratio.quantile(BAND, interpolation="linear") if ratio.len() >= FEWEST_BANDS else None
    return Calibration(str(champion), float(quantile) if quantile else NORMAL_BAND, errors)


_PAST: dict[str, pl.DataType] = {
    "origin": pl.Int64(),
    "target": pl.String(),
    "forecaster": pl.String(),
    **_EXPECTED,
    "actual": pl.Float64(),
}


def _past_forecasts(
    lives: Lives,
    lessons: Lessons,
    origin: Origin,
    day: int,
    settings: Settings,
    attributes: Sequence[Attribute],
) -> pl.DataFrame:
    weeks_known = min(WEEKS, (lives.today - day) // 7)
    past = lives.at(day)
    opened = lives.open_at(pl.DataFrame({"moment": [day]}))
    rows = sampled(opened, settings.scored_rows, settings.seed)
    is_whole = rows.height == opened.height
    view = features(lives, rows.select("item", "moment"), attributes=attributes).join(
        rows, on=["item", "moment"], maintain_order="left"
    )
    keys = (
        past.items.select(*KEYS)
        .unique()
        .join(
            pl.DataFrame({"week_ahead": range(1, weeks_known + 1)}, schema={"week_ahead": pl.Int64}),
            how="cross",
        )
    )
    of_open, of_all = _actual_by_week(lives, day, rows), _actual_by_week(lives, day, None)
    new = new_billing_by_week(past)
    found = []

    def compare(target: str, forecaster: str, forecast: pl.DataFrame, actual: pl.DataFrame) -> None:
        found.append(
            keys.join(forecast, on=[*KEYS, "week_ahead"], how="left")
            .join(actual, on=[*KEYS, "week_ahead"], how="left")
            .select(
                pl.lit(day, dtype=pl.Int64).alias("origin"),
                pl.lit(target).alias("target"),
                pl.lit(forecaster).alias("forecaster"),
                *KEYS,
                "week_ahead",
                *(pl.col(name).fill_null(0.0) for name in ("expected", "variance", "actual")),
            )
        )

    for name, candidate in {"due_date": DueDate(), **origin.fitted}.items():
        forecast = expected_by_week(view, lessons, candidate)
        compare("open_items", name, forecast, of_open)
        if is_whole:
            whole = (
                keys.join(forecast, on=[*KEYS, "week_ahead"], how="left")
                .join(new, on=[*KEYS, "week_ahead"], how="left")
                .with_columns(expected=pl.col("expected").fill_null(0) + pl.col("expected_new").fill_null(0))
            )
            compare("total", name, whole.drop("expected_new"), of_all)
    if is_whole:
        recent = _cash(past).filter(pl.col("settled_on") > day - 7 * LAST_WEEKS)
        mean = (
            recent.join(past.items.select("item", *KEYS), on="item")
            .group_by(KEYS)
            .agg(expected=total("amount") / LAST_WEEKS, variance=pl.lit(0.0))
        )
        compare("total", "last_4_weeks", keys.join(mean, on=KEYS), of_all)
    return pl.concat(found)


def _errors(past: pl.DataFrame) -> pl.DataFrame:
    """Per target, forecaster and week ahead: origins, actual, mean error and absolute error as a share of the
    actual."""
    error = pl.col("expected") - pl.col("actual")
    return (
        past.sort("target", "forecaster", "week_ahead", "origin", *KEYS)
        .group_by("target", "forecaster", "week_ahead", maintain_order=True)
        .agg(
            origin_count=pl.col("origin").n_unique().cast(pl.Int64),
            actual=pl.col("actual").sum(),
            mean_error_rate=pl.when(pl.col("actual").sum() > 0).then(error.sum() / pl.col("actual").sum()),
            absolute_error_rate=pl.when(pl.col("actual").sum() > 0).then(
                error.abs().sum() / pl.col("actual").sum()
            ),
        )
    )


def _spread(expected: pl.Series, variance: pl.Series) -> pl.Series:
    return (variance + (ESTIMATE_ERROR * expected) ** 2).sqrt()


def forecast(lives: Lives, expected: pl.DataFrame, calibration: Calibration) -> pl.DataFrame:
    """The next 13 weeks.

    Args:
        expected: of the items open today, by the forecaster of `calibration` (`WeeklySums.by_week`).

    Returns:
        company_code, currency, week_ahead, week_begins, expected, low, high (80 % band), expected_new, forecaster.
    """
    keys = (
        lives.items.select(*KEYS)
        .unique()
        .join(pl.DataFrame({"week_ahead": range(1, WEEKS + 1)}, schema={"week_ahead": pl.Int64}), how="cross")
    )
    joined = (
        keys.join(expected, on=[*KEYS, "week_ahead"], how="left")
        .join(new_billing_by_week(lives), on=[*KEYS, "week_ahead"], how="left")
        .with_columns(pl.col("expected", "variance", "expected_new").fill_null(0.0))
        .sort(*KEYS, "week_ahead")
    )
    width = calibration.factor * _spread(joined["expected"], joined["variance"])
    return joined.select(
        *KEYS,
        "week_ahead",
        week_begins=(lives.today + 7 * (pl.col("week_ahead") - 1) + 1).cast(pl.Int32).cast(pl.Date),
        expected="expected",
        low=(pl.col("expected") - width).clip(0.0),
        high=pl.col("expected") + width,
        expected_new="expected_new",
        forecaster=pl.lit(calibration.champion),
    )
