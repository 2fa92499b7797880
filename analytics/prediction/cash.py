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
from analytics.prediction.contract import CANDIDATES
from analytics.prediction.curve import Curves, Floats
from analytics.prediction.features import Facts
from analytics.prediction.lives import Lives
from analytics.prediction.running import total
from analytics.prediction.schedule import Schedule
from analytics.prediction.training import Lessons
from analytics.prediction.workers import in_parallel

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
KEYS = ["company_code", "currency"]


@dataclass(frozen=True)
class Calibration:
    """The forecaster of cash, the factor of its bands, and the past forecasts that chose both.

    past: one row per past day, target, forecaster, company, currency and week ahead: what was expected, its band, and
        what came. The band of a day has the factor that the other days give: it is not judged by what it was made of.
    """

    champion: str
    factor: float
    past: pl.DataFrame


@dataclass(frozen=True)
class WeeklySums:
    """Cash per line (`Lives.lines`) and week, added up over curves of open items: mean and variance over items.

    Rows are added in their order, so that the same rows give the same sums to the last bit.
    """

    lines: pl.DataFrame
    expected: Floats
    variance: Floats

    @classmethod
    def of(cls, lives: Lives, opened: pl.DataFrame, curves: Curves) -> "WeeklySums":
        """Of open items, each paid as its curve says.

        Args:
            opened: item, remaining, and `weight` where they stand for others; a row per curve.
        """
        line = lives.of_items(opened["item"].to_numpy(), ["line"])["line"].to_numpy()
        count = lives.lines["line"].to_numpy().max(initial=-1) + 1
        amount = opened["remaining"].to_numpy()
        weight = opened["weight"].to_numpy() if "weight" in opened.columns else 1.0
        expected, variance = np.zeros((count, WEEKS)), np.zeros((count, WEEKS))
        before = np.zeros(opened.height)
        for week in range(WEEKS):
            by = curves.paid_by(curves.moment + 7 * (week + 1))
            chance = np.clip(by - before, 0.0, 1.0)
            before = by
            expected[:, week] = np.bincount(line, weight * amount * chance, count)
            variance[:, week] = np.bincount(line, weight * amount**2 * chance * (1 - chance), count)
        return cls(lives.lines, expected, variance)

    @classmethod
    def total(cls, parts: Sequence["WeeklySums"]) -> "WeeklySums":
        """All parts together, one after the other."""
        expected, variance = (np.zeros_like(array) for array in (parts[0].expected, parts[0].variance))
        for part in parts:
            expected, variance = expected + part.expected, variance + part.variance
        return cls(parts[0].lines, expected, variance)

    def by_week(self) -> pl.DataFrame:
        """company_code, currency, week_ahead, expected, variance."""
        line = self.lines["line"].to_numpy()
        weeks = [
            self.lines.select(
                *KEYS,
                week_ahead=pl.lit(week + 1, dtype=pl.Int64),
                expected=pl.Series(self.expected[line, week], dtype=pl.Float64),
                variance=pl.Series(self.variance[line, week], dtype=pl.Float64),
            )
            for week in range(WEEKS)
        ]
        return pl.concat(weeks).sort(*KEYS, "week_ahead")


def expected_by_week(lives: Lives, opened: pl.DataFrame, view: View, candidate: Candidate) -> pl.DataFrame:
    """Cash per company, currency and week from open items, by one candidate.

    Args:
        opened: the items of `view`, as `WeeklySums.of` takes them.
    """
    return WeeklySums.of(lives, opened, view.curves(candidate)).by_week()


def new_billing_by_week(lives: Lives) -> pl.DataFrame:
    """Cash per company, currency and week from items not billed yet: company_code, currency, week_ahead, expected_new.

    What is billed in a week is taken as the mean of the last 13 weeks, and paid as what was billed in the last
    half year
    was: the share paid in the week of billing, in the next, and so on, each over the weeks old enough to show it.
    """
    today = lives.today
    since = today - 7 * PAYING_WEEKS
    billed = lives.items.filter(pl.col("document") > since).select(
        "item", "line", "amount", week=_week_of("document", today)
    )
    rhythm = (
        billed.filter(pl.col("week") > -BILLING_WEEKS)
        .group_by("line")
        .agg(weekly=total("amount") / BILLING_WEEKS)
    )
    # what was billed in these weeks is paid in them, or before it was billed, and then in no week that counts
    recent = lives.cash.filter(pl.col("settled_on") > since)
    paid = recent.hstack(lives.of_items(recent["item"].to_numpy(), ["line", "document"]))
    lagged = (
        paid.filter(pl.col("document") > since)
        .group_by("line", lag=_week_of("settled_on", today) - _week_of("document", today))
        .agg(paid=total("amount"))
    )
    by_week = billed.group_by("line", "week").agg(billed=total("amount"))
    lags = pl.DataFrame({"lag": range(WEEKS)}, schema={"lag": pl.Int64})
    # 13 lags x 26 weeks of a company and currency: a small table, whatever the number of items
    seen = (
        by_week.join(lags, how="cross")
        .filter(pl.col("week") + pl.col("lag") <= 0)
        .group_by("line", "lag")
        .agg(billed=total("billed"))
    )
    share = seen.join(lagged, on=["line", "lag"], how="left").select(
        "line", "lag", share=(pl.col("paid").fill_null(0.0) / pl.col("billed")).clip(0.0, 1.0)
    )
    # week w is paid from what is billed in weeks 1 to w: the shares of lags 0 to w - 1
    return (
        share.sort("line", "lag")
        .with_columns(paid_share=pl.col("share").cum_sum().over("line"), week_ahead=pl.col("lag") + 1)
        .join(rhythm, on="line")
        .join(lives.lines, on="line")
        .select(*KEYS, "week_ahead", expected_new=pl.col("weekly") * pl.col("paid_share").clip(0.0, 1.0))
        .sort(*KEYS, "week_ahead")
    )


def _week_of(column: str, today: int) -> pl.Expr:
    """Weeks of seven days counted from the as-of date: its own last day is in week 0, the next seven in week 1."""
    return -((-(pl.col(column) - today)).floordiv(7))


def _actual_by_week(lives: Lives, origin: int, items: pl.DataFrame | None) -> pl.DataFrame:
    """What came in per week after `origin`, of `items` or of all; booked late counts in the first week."""
    cash = lives.cash.filter(pl.col("learnt") > origin, pl.col("settled_on") <= origin + 7 * WEEKS)
    if items is not None:
        cash = cash.join(items.select("item"), on="item", how="semi")
    else:
        cash = cash.filter(pl.col("settled_on") > origin)
    return (
        cash.hstack(lives.of_items(cash["item"].to_numpy(), ["line"]))
        .group_by("line", week_ahead=_week_of("settled_on", origin).clip(lower_bound=1))
        .agg(actual=total("amount"))
        .join(lives.lines, on="line")
        .drop("line")
    )


def calibrate(
    lives: Lives,
    lessons: Lessons,
    origins: Sequence[Origin],
    facts: Facts,
    schedule: Schedule,
    threads: int = 1,
) -> Calibration:
    """Forecast at past days with what each origin had learnt, and compare with what came.

    Every origin forecasts on its own day and half way to the next. Where items are too many, a sample stands for all of
    them (`Schedule.cash`), and is compared with what all of them paid.
    """
    days = []
    for origin in origins:
        until = min((other.day for other in origins if other.day > origin.day), default=lives.today)
        days += [(origin, day) for day in schedule.cash if origin.day <= day < until]

    def forecasts(at: tuple[Origin, int]) -> pl.DataFrame:
        origin, day = at
        return _past_forecasts(lives, lessons, origin, day, facts, schedule)

    found = in_parallel(forecasts, days, threads)
    past = pl.concat(found) if found else pl.DataFrame(schema=_PAST)
    return calibrated(past)


def calibrated(past: pl.DataFrame) -> Calibration:
    """The forecaster with the lowest absolute error of open items, its factor, and every past forecast with a band."""
    of_open = past.filter(pl.col("target") == "open_items", pl.col("forecaster").is_in(CANDIDATES))
    totals = (
        of_open.group_by("forecaster")
        .agg(error=(pl.col("expected") - pl.col("actual")).abs().sum())
        .to_dicts()
    )
    totals.sort(key=lambda row: CANDIDATES.index(row["forecaster"]))
    lowest = min((row["error"] for row in totals), default=0.0)
    champion = next((row["forecaster"] for row in totals if row["error"] <= lowest * 1.01), "due_date")
    banded = []
    for _, own in of_open.group_by("forecaster", maintain_order=True):
        for day in own["origin"].unique(maintain_order=True):
            others = own.filter(pl.col("origin") != day)
            width = _factor(others) * _spread(pl.col("expected"), pl.col("variance"))
            banded.append(
                own.filter(pl.col("origin") == day).select(
                    *_ROW,
                    low=(pl.col("expected") - width).clip(0.0),
                    high=pl.col("expected") + width,
                )
            )
    bands = (
        pl.concat(banded) if banded else pl.DataFrame(schema={**_KEY, "low": pl.Float64, "high": pl.Float64})
    )
    factor = _factor(of_open.filter(pl.col("forecaster") == champion))
    return Calibration(
        str(champion),
        factor,
        past.join(bands, on=_ROW, how="left", maintain_order="left")
        .with_columns(
            origin=pl.col("origin").cast(pl.Int32).cast(pl.Date),
            is_champion=pl.col("forecaster") == champion,
        )
        .drop("variance")
        .sort(_ROW),
    )


_KEY: dict[str, pl.DataType] = {
    "origin": pl.Int64(),
    "target": pl.String(),
    "forecaster": pl.String(),
    "company_code": pl.String(),
    "currency": pl.String(),
    "week_ahead": pl.Int64(),
}
_ROW = list(_KEY)
_PAST: dict[str, pl.DataType] = {
    **_KEY,
    "expected": pl.Float64(),
    "variance": pl.Float64(),
    "actual": pl.Float64(),
}


def _factor(past: pl.DataFrame) -> float:
    """Standard deviations around the mean that would have held 80 % of what came."""
    told = past.filter(pl.col("expected") > 0)
    ratio = told.select(
        (pl.col("actual") - pl.col("expected")).abs() / _spread(pl.col("expected"), pl.col("variance"))
    ).to_series()
    quantile = ratio.quantile(BAND, interpolation="linear") if ratio.len() >= FEWEST_BANDS else None
    return float(quantile) if quantile else NORMAL_BAND


def _past_forecasts(
    lives: Lives, lessons: Lessons, origin: Origin, day: int, facts: Facts, schedule: Schedule
) -> pl.DataFrame:
    weeks_known = min(WEEKS, (lives.today - day) // 7)
    past = lives.at(day)
    opened = schedule.cash[day]
    view = View.of(facts.rows(opened), lessons.payments, lessons.calendar)
    keys = past.lines.select(KEYS).join(
        pl.DataFrame({"week_ahead": range(1, weeks_known + 1)}, schema={"week_ahead": pl.Int64}),
        how="cross",
    )
    of_open, of_all = _actual_by_week(lives, day, lives.open_on([day])), _actual_by_week(lives, day, None)
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
        forecast = expected_by_week(lives, opened, view, candidate)
        compare("open_items", name, forecast, of_open)
        whole = (
            keys.join(forecast, on=[*KEYS, "week_ahead"], how="left")
            .join(new, on=[*KEYS, "week_ahead"], how="left")
            .with_columns(expected=pl.col("expected").fill_null(0) + pl.col("expected_new").fill_null(0))
        )
        compare("total", name, whole.drop("expected_new"), of_all)
    recent = past.cash.filter(pl.col("settled_on") > day - 7 * LAST_WEEKS)
    mean = (
        recent.hstack(past.of_items(recent["item"].to_numpy(), ["line"]))
        .group_by("line")
        .agg(expected=total("amount") / LAST_WEEKS, variance=pl.lit(0.0))
        .join(past.lines, on="line")
    )
    compare("total", "last_4_weeks", keys.join(mean, on=KEYS), of_all)
    return pl.concat(found)


def _spread(expected: pl.Expr, variance: pl.Expr) -> pl.Expr:
    return (variance + (ESTIMATE_ERROR * expected) ** 2).sqrt()


def forecast(lives: Lives, expected: pl.DataFrame, calibration: Calibration) -> pl.DataFrame:
    """The next 13 weeks.

    Args:
        expected: of the items open today, by the forecaster of `calibration` (`WeeklySums.by_week`).

    Returns:
        company_code, currency, week_ahead, week_begins, expected, low, high (80 % band), expected_new, forecaster.
    """
    keys = lives.lines.select(KEYS).join(
        pl.DataFrame({"week_ahead": range(1, WEEKS + 1)}, schema={"week_ahead": pl.Int64}), how="cross"
    )
    joined = (
        keys.join(expected, on=[*KEYS, "week_ahead"], how="left")
        .join(new_billing_by_week(lives), on=[*KEYS, "week_ahead"], how="left")
        .with_columns(pl.col("expected", "variance", "expected_new").fill_null(0.0))
        .sort(*KEYS, "week_ahead")
    )
    width = calibration.factor * _spread(pl.col("expected"), pl.col("variance"))
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
