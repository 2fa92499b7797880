"""Engine: payment prediction as of one day, from two frames.

Belongs here: the order of the steps. Must not: any step's own work.
"""

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from analytics.prediction import backtest, cash, guard
from analytics.prediction.boosting import why_unavailable
from analytics.prediction.candidates import Candidate
from analytics.prediction.contract import Attribute, PaymentPrediction, Settings, check, check_moment
from analytics.prediction.features import Facts
from analytics.prediction.lives import Lives, encode, known_lives
from analytics.prediction.present import Champions, predicted_items
from analytics.prediction.schedule import Schedule
from analytics.prediction.training import Lessons, fit, lessons


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
    said = backtest.scored_rows(lives, learnt, origins, facts, schedule, settings.threads)
    scored = backtest.scores(said)
    chosen = backtest.champions(scored, settled_by_company(lives), settings)
    calibration = cash.calibrate(lives, learnt, origins, facts, schedule, settings.threads)
    needed = {*chosen["champion"], calibration.champion, "due_date", "history"} & {
        *names,
        "due_date",
        "history",
    }
    fitted = fit_today(lives, learnt, settings, sorted(needed), attributes)
    predicted, sums = predicted_items(
        lives,
        facts,
        schedule.opened,
        learnt,
        fitted,
        Champions.of(chosen, calibration.champion, backtest.band_levels(said)),
        settings,
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
    counted = (
        lives.items.select("company_code", paid=lives.outcomes()["is_payment"])
        .group_by("company_code")
        .agg(pl.col("paid").sum())
    )
    return {str(company): int(count) for company, count in counted.iter_rows()}
