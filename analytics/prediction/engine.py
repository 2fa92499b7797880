"""Engine: payment prediction as of one day, from two frames.

Belongs here: the order of the steps. Must not: any step's own work.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np
import polars as pl

from analytics.prediction import backtest, cash, guard, reasons
from analytics.prediction.boosting import Boosting, why_unavailable
from analytics.prediction.candidates import Candidate, View
from analytics.prediction.contract import (
    HORIZONS,
    Attribute,
    PaymentPrediction,
    Settings,
    check,
    check_moment,
)
from analytics.prediction.curve import LATE_AFTER, Curves
from analytics.prediction.features import Facts
from analytics.prediction.habits import chunks
from analytics.prediction.lives import Lives, encode, known_lives
from analytics.prediction.running import NEVER
from analytics.prediction.schedule import Schedule
from analytics.prediction.training import Lessons, fit, lessons

CHUNK = 100_000


def predict_payments(
    items: pl.DataFrame,
    settlements: pl.DataFrame,
    *,
    as_of: date,
    knowledge: datetime,
    settings: Settings | None = None,
) -> PaymentPrediction:
    """Predict every item open on the evening of `as_of`, as known at `knowledge`.

    Args:
        items: `contract.ITEMS` and the attributes that the settings name.
        settlements: `contract.SETTLEMENTS`.

    Raises:
        PredictionInputError: a frame does not keep its contract; nothing is computed.
    """
    settings = settings or Settings()
    check(items, settlements, settings)
    check_moment(as_of, knowledge)
    lives = known_lives(
        encode(items), settlements, as_of=as_of, knowledge=knowledge, attributes=settings.attributes
    )
    schedule = Schedule.of(lives, settings)
    facts = Facts.of(lives, schedule.moments(), attributes=settings.attributes)
    learnt = lessons(lives, facts, schedule, settings)
    creations = learnt.rows.filter(pl.col("moment") <= pl.col("created"))
    attributes, verdicts = guard.judge(lives, creations, settings.attributes)
    names, unavailable = available(settings.candidates)
    origins = backtest.past_origins(lives, learnt, schedule, settings, names, attributes)
    said = backtest.scored_rows(lives, learnt, origins, facts, schedule)
    scored = backtest.scores(said)
    chosen = backtest.champions(scored, settled_by_company(lives), settings)
    calibration = cash.calibrate(lives, learnt, origins, facts, schedule)
    needed = {*chosen["champion"], calibration.champion, "due_date", "history"} & {
        *names,
        "due_date",
        "history",
    }
    fitted = fit_today(lives, learnt, settings, sorted(needed), attributes)
    sums = cash.WeeklySums(lives)
    levels = backtest.band_levels(said)
    predicted = predicted_items(
        facts,
        schedule.opened,
        learnt,
        fitted,
        chosen,
        levels,
        settings,
        also=(calibration.champion, sums.add),
    )
    return PaymentPrediction(
        items=predicted,
        scores=scored,
        champions=chosen,
        reliability=backtest.reliability(said, chosen),
        cash=cash.forecast(lives, sums.by_week(), calibration),
        cash_errors=calibration.past,
        features=verdicts,
        exclusions=lives.exclusions,
        unavailable=unavailable,
    )


def fit_today(
    lives: Lives,
    learnt: Lessons,
    settings: Settings,
    names: Sequence[str],
    attributes: Sequence[Attribute],
) -> dict[str, Candidate]:
    """The candidates that predict, having learnt all that is known."""
    known = learnt.until(lives, settings.training_rows, settings.seed)
    return fit(lives, known, settings, names, attributes, most=settings.training_stretches)


def available(wanted: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The candidates that can run here, and why the others can not."""
    missing = why_unavailable() if "boosting" in wanted else None
    if missing is None:
        return list(wanted), {}
    return [name for name in wanted if name != "boosting"], {"boosting": missing}


def settled_by_company(lives: Lives) -> dict[str, int]:
    """Items settled by a payment, per company; companies without any are there too."""
    paid = lives.spans.filter("is_payment", pl.col("reopened") == NEVER).select("item", paid=pl.lit(1))
    counted = (
        lives.items.select("item", "company_code")
        .join(paid, on="item", how="left")
        .group_by("company_code")
        .agg(pl.col("paid").sum())
    )
    return {str(company): int(count) for company, count in counted.iter_rows()}


def predicted_items(
    facts: Facts,
    opened: pl.DataFrame,
    learnt: Lessons,
    fitted: dict[str, Candidate],
    chosen: pl.DataFrame,
    levels: dict[str, float],
    settings: Settings,
    also: tuple[str, Callable[[pl.DataFrame, Curves], None]] | None = None,
) -> pl.DataFrame:
    """Probabilities and dates of each open item by the champion of its company and horizon, part by part.

    Args:
        opened: item, moment, remaining.
        also: a candidate, and who is handed its curves of every part of the rows: curves are dear, and made once.
    """
    by_horizon = {
        horizon: dict(chosen.filter(horizon=horizon).select("company_code", "champion").iter_rows())
        for horizon in HORIZONS
    }
    # items of a customer stand together: what is known of it is then looked up once
    named = opened.join(facts.items.select("item", "company_code", "customer"), on="item").sort(
        "customer", "item"
    )
    explained = _explained_by_trees(named, fitted, by_horizon["late"], settings)
    opened = named.select(opened.columns)
    parts = []
    for part in chunks(opened.height, CHUNK) if opened.height else [slice(0, 0)]:
        rows = facts.rows(opened[part]).join(opened[part], on=["item", "moment"], maintain_order="left")
        parts.append(_predicted(rows, learnt, fitted, by_horizon, levels, explained, also))
    return pl.concat(parts).sort("company_code", "open_item_id")


def _predicted(
    rows: pl.DataFrame,
    learnt: Lessons,
    fitted: dict[str, Candidate],
    by_horizon: dict[str, dict[str, str]],
    levels: dict[str, float],
    explained: pl.Series,
    also: tuple[str, Callable[[pl.DataFrame, Curves], None]] | None,
) -> pl.DataFrame:
    view = View.of(rows, learnt.payments, learnt.calendar)
    companies = rows["company_code"].to_list()
    used = {
        horizon: np.array([champions[c] for c in companies], dtype=object)
        for horizon, champions in by_horizon.items()
    }
    curves: dict[str, Curves] = {
        name: view.curves(fitted[name])
        for name in sorted(
            {str(n) for names in used.values() for n in names} | ({also[0]} if also else set())
        )
    }
    if also is not None:
        also[1](rows, curves[also[0]])
    chances = {}
    for horizon, days in LATE_AFTER.items():
        chances[horizon] = np.zeros(rows.height)
        for name, curve in curves.items():
            where = used[horizon] == name
            chances[horizon][where] = curve.late(days)[where]
    # champions of two horizons may be two curves: later is never likelier
    chances["late_30"] = np.minimum(chances["late_30"], chances["late"])
    chances["late_90"] = np.minimum(chances["late_90"], chances["late_30"])
    dates = {name: np.zeros(rows.height, dtype=np.int64) for name in ("low", "middle", "high")}
    for name, curve in curves.items():
        where = used["days"] == name
        left_out = levels.get(name, 0.1)
        for quantile, at in (("low", left_out), ("middle", 0.5), ("high", 1 - left_out)):
            dates[quantile][where] = curve.day_at(at)[where]
    said = rows.select(
        "company_code",
        "open_item_id",
        "item",
        remaining="remaining",
        due_date=_date("due"),
        **{f"{horizon}_probability": pl.Series(values) for horizon, values in chances.items()},
        **{
            f"pay_date_{name}": pl.Series(dates[at]).cast(pl.Int32).cast(pl.Date)
            for name, at in (("p10", "low"), ("p50", "middle"), ("p90", "high"))
        },
        **{f"{horizon}_champion": pl.Series(used[horizon].tolist(), dtype=pl.String) for horizon in HORIZONS},
    )
    return said.join(_reasons(rows, learnt, fitted, explained), on="item", maintain_order="left").drop("item")


def _explained_by_trees(
    opened: pl.DataFrame, fitted: dict[str, Candidate], late: dict[str, str], settings: Settings
) -> pl.Series:
    """The largest items whose lateness the trees predict: contributions are dear, and most wanted there."""
    if "boosting" not in fitted:
        return pl.Series(dtype=pl.Int64)
    companies = [company for company, name in late.items() if name == "boosting"]
    largest = opened.filter(pl.col("company_code").is_in(companies)).sort(
        "remaining", "item", descending=[True, False]
    )
    return largest["item"].head(settings.explained_rows)


def _reasons(
    rows: pl.DataFrame, learnt: Lessons, fitted: dict[str, Candidate], explained: pl.Series
) -> pl.DataFrame:
    by_trees = rows.filter(pl.col("item").is_in(explained.implode()))
    others = rows.filter(~pl.col("item").is_in(explained.implode()))
    found = [reasons.from_history(others).with_columns(explained_by=pl.lit("history"))]
    trees = fitted.get("boosting")
    if by_trees.height and isinstance(trees, Boosting):
        names, contributions = trees.contributions(View.of(by_trees, learnt.payments))
        found.append(
            reasons.from_contributions(by_trees, names, contributions).with_columns(
                explained_by=pl.lit("boosting")
            )
        )
    return pl.concat(found)


def _date(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).cast(pl.Date)
