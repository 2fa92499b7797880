"""Back-test: what each candidate would have said at past origins, against what is known today.

Belongs here: origins, scored rows, scores, the champion of every company and horizon, reliability, the width of bands.
Must not: predicting the present, cash.

At each origin the candidates learn what was known then. Scored are the items open that evening and those created in the
28 days after it, at their creation. An outcome counts once its day has come, paid or not: the calendar decides,
so items that are still open are scored too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.prediction.candidates import Candidate, View
from analytics.prediction.contract import CANDIDATES, HORIZONS, Attribute, Settings
from analytics.prediction.curve import LATE_AFTER, QUANTILES, Days
from analytics.prediction.features import Facts
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER
from analytics.prediction.schedule import Schedule
from analytics.prediction.training import Lessons, ends, fit
from analytics.prediction.workers import in_parallel

SIMPLER_WITHIN = 0.01
"""A simpler candidate is kept while its loss is within this share of the best."""
DAYS_SCORED_AFTER_DUE = 30
"""Dates are scored for items due so many days ago or more; what is open still counts as paid today."""
BAND = 0.8
BAND_LEVELS = np.round(np.arange(0.02, 0.301, 0.005), 3)
"""Shares left out on each side among which the band's width is chosen."""
RELIABILITY_BINS = 10


@dataclass(frozen=True)
class Origin:
    """One past day: what was known then, and the candidates that learnt from it."""

    day: int
    fitted: dict[str, Candidate]


def past_origins(
    lives: Lives,
    lessons: Lessons,
    schedule: Schedule,
    settings: Settings,
    names: Sequence[str],
    attributes: Sequence[Attribute],
) -> list[Origin]:
    """The origins of the schedule, earliest first, where there was anything to learn from."""

    def learnt(day: int) -> Origin | None:
        past = lives.at(day)
        known = lessons.until(past, settings.backtest_training_rows, settings.seed)
        if not known.rows.height:
            return None
        most = settings.backtest_training_stretches
        return Origin(day, fit(past, known, settings, names, attributes, most=most))

    found = in_parallel(learnt, schedule.scored, settings.threads)
    return [origin for origin in found if origin is not None]


def scored_rows(
    lives: Lives,
    lessons: Lessons,
    origins: Sequence[Origin],
    facts: Facts,
    schedule: Schedule,
    threads: int = 1,
) -> pl.DataFrame:
    """One row per origin, item and candidate: what was said, and the outcome where its day has come (else null).

    A probability is scored when the day it speaks of lies after the moment and up to today.
    """

    def scored(origin: Origin) -> pl.DataFrame:
        rows = facts.rows(schedule.scored[origin.day])
        view = View.of(rows, lessons.payments, lessons.calendar)
        paid_on, ended = ends(view.rows, lives)
        return pl.concat(
            _said(name, candidate, view, origin.day, paid_on, ended, lives.today)
            for name, candidate in origin.fitted.items()
        )

    said = in_parallel(scored, origins, threads)
    return _with_bands(pl.concat(said) if said else pl.DataFrame(schema=_SAID))


def _with_bands(said: pl.DataFrame) -> pl.DataFrame:
    """`said` with is_held: whether the band of the date, as wide as the other origins make it, held the outcome."""
    judged = [said.clear().with_columns(is_held=pl.lit(None, dtype=pl.Boolean))]
    for (candidate, origin), own in said.group_by("candidate", "origin", maintain_order=True):
        others = said.filter(pl.col("candidate") == candidate, pl.col("origin") != origin)
        level = band_levels(others).get(str(candidate), QUANTILES[0])
        held = (pl.col("paid_by_day") >= level) & (pl.col("paid_before_day") < 1 - level)
        judged.append(own.with_columns(is_held=held))
    return pl.concat(judged)


_SAID: dict[str, pl.DataType] = {
    "origin": pl.Int64(),
    "candidate": pl.String(),
    "company_code": pl.String(),
    "item": pl.Int64(),
    **{f"p_{horizon}": pl.Float64() for horizon in LATE_AFTER},
    **{f"is_{horizon}": pl.Boolean() for horizon in LATE_AFTER},
    **{f"error_{int(quantile * 100)}": pl.Float64() for quantile in QUANTILES},
    "paid_by_day": pl.Float64(),
    "paid_before_day": pl.Float64(),
}


def _said(
    name: str,
    candidate: Candidate,
    view: View,
    origin: int,
    paid_on: Days,
    ended: Days,
    today: int,
) -> pl.DataFrame:
    curves = view.curves(candidate)
    # what was booked late had been paid before the moment: seen from it, that is the next day
    outcome = np.where(paid_on < NEVER, np.maximum(paid_on, view.moment + 1), np.minimum(today, ended))
    is_dated = (view.due + DAYS_SCORED_AFTER_DUE <= today) & (ended == NEVER)
    columns: dict[str, object] = {
        "origin": np.full(len(outcome), origin, dtype=np.int64),
        "candidate": [name] * len(outcome),
        "company_code": view.rows["company_code"],
        "item": view.rows["item"],
    }
    for horizon, days in LATE_AFTER.items():
        last = view.due + days
        is_decided = (last > view.moment) & (last <= today) & (ended > last)
        columns[f"p_{horizon}"] = curves.late(days)
        columns[f"is_{horizon}"] = pl.Series(paid_on > last).set(pl.Series(~is_decided), None)
    for quantile in QUANTILES:
        error = (outcome - curves.day_at(quantile)).astype(np.float64)
        columns[f"error_{int(quantile * 100)}"] = pl.Series(error).set(pl.Series(~is_dated), None)
    columns["paid_by_day"] = pl.Series(curves.paid_by(outcome)).set(pl.Series(~is_dated), None)
    columns["paid_before_day"] = pl.Series(curves.paid_by(outcome - 1)).set(pl.Series(~is_dated), None)
    return pl.DataFrame(columns, schema=_SAID)


def scores(said: pl.DataFrame) -> pl.DataFrame:
    """Every candidate's score per company (null: all), horizon and origin (null: all)."""
    found = []
    for horizon in HORIZONS:
        for by in ((), ("company_code",), ("origin",), ("company_code", "origin")):
            keys = [*by, "candidate"]
            found.append(
                _scored(said, horizon, keys).with_columns(
                    horizon=pl.lit(horizon),
                    **({} if "company_code" in by else {"company_code": pl.lit(None, dtype=pl.String)}),
                    **({} if "origin" in by else {"origin": pl.lit(None, dtype=pl.Int64)}),
                )
            )
    columns = [
        "company_code",
        "horizon",
        "candidate",
        "origin",
        "scored_count",
        "loss",
        "late_share",
        "auc",
        "mean_absolute_days",
        "band_coverage",
    ]
    return (
        pl.concat([frame.select(columns) for frame in found])
        .with_columns(pl.col(pl.Float64).round(9))
        .with_columns(origin=pl.col("origin").cast(pl.Int32).cast(pl.Date))
        .sort("company_code", "horizon", "origin", "candidate", nulls_last=False)
    )


def _scored(said: pl.DataFrame, horizon: str, keys: list[str]) -> pl.DataFrame:
    """Brier score and area under the curve of a probability; pinball loss over the three quantiles of the date."""
    nothing = pl.lit(None, dtype=pl.Float64)
    if horizon == "days":
        rows = said.filter(pl.col("error_50").is_not_null())
        pinball = pl.sum_horizontal(
            pl.max_horizontal(
                quantile * pl.col(f"error_{int(quantile * 100)}"),
                (quantile - 1) * pl.col(f"error_{int(quantile * 100)}"),
            )
            for quantile in QUANTILES
        )
        return rows.group_by(keys, maintain_order=True).agg(
            scored_count=pl.len().cast(pl.Int64),
            loss=(pinball / len(QUANTILES)).mean(),
            late_share=nothing,
            auc=nothing,
            mean_absolute_days=pl.col("error_50").abs().mean(),
            band_coverage=pl.col("is_held").mean(),
        )
    late, chance = pl.col(f"is_{horizon}").cast(pl.Float64), pl.col(f"p_{horizon}")
    rows = said.filter(pl.col(f"is_{horizon}").is_not_null())
    positives, count = late.sum(), pl.len()
    ranks = (chance.rank() * late).sum()
    pairs = positives * (count - positives)
    return rows.group_by(keys, maintain_order=True).agg(
        scored_count=pl.len().cast(pl.Int64),
        loss=((chance - late) ** 2).mean(),
        late_share=late.mean(),
        auc=pl.when(pairs > 0).then((ranks - positives * (positives + 1) / 2) / pairs),
        mean_absolute_days=nothing,
        band_coverage=nothing,
    )


def champions(scored: pl.DataFrame, settled: dict[str, int], settings: Settings) -> pl.DataFrame:
    """Which candidate predicts for each company and horizon, why, and its best rival.

    Args:
        settled: settled items per company, as known today.
    """
    over_all = scored.filter(pl.col("origin").is_null())
    rows = []
    for horizon in HORIZONS:
        pooled = _best(over_all.filter(pl.col("company_code").is_null(), horizon=horizon), settings)
        for company, count in sorted(settled.items()):
            own = _best(over_all.filter(company_code=company, horizon=horizon), settings)
            if count >= settings.fewest_settled and own:
                chosen, reason = own, "own back-test"
            elif pooled:
                chosen = pooled
                reason = (
                    "too few settled items" if count < settings.fewest_settled else "too few scored items"
                )
            else:
                chosen, reason = {"champion": "due_date"}, "no back-test possible"
            rows.append({"company_code": company, "horizon": horizon, "reason": reason, **chosen})
    return pl.DataFrame(rows, schema=_CHAMPIONS)


_CHAMPIONS: dict[str, pl.DataType] = {
    "company_code": pl.String(),
    "horizon": pl.String(),
    "champion": pl.String(),
    "reason": pl.String(),
    "scored_count": pl.Int64(),
    "loss": pl.Float64(),
    "rival": pl.String(),
    "rival_loss": pl.Float64(),
}


def _best(scored: pl.DataFrame, settings: Settings) -> dict[str, object] | None:
    """The simplest candidate whose loss is nearly the lowest, and the best of the others."""
    rows = [row for row in scored.to_dicts() if row["scored_count"] >= settings.fewest_scored]
    # "certainly not late" is no probability, even where nobody was late: the due date competes for dates only
    if scored["horizon"].to_list()[:1] != ["days"]:
        rows = [row for row in rows if row["candidate"] != "due_date"] or rows
    if not rows:
        return None
    rows.sort(key=lambda row: CANDIDATES.index(row["candidate"]))
    lowest = min(row["loss"] for row in rows)
    chosen = next(row for row in rows if row["loss"] <= lowest * (1 + SIMPLER_WITHIN))
    rivals = sorted((row for row in rows if row is not chosen), key=lambda row: row["loss"])
    return {
        "champion": chosen["candidate"],
        "scored_count": chosen["scored_count"],
        "loss": chosen["loss"],
        "rival": rivals[0]["candidate"] if rivals else None,
        "rival_loss": rivals[0]["loss"] if rivals else None,
    }


def band_levels(said: pl.DataFrame) -> dict[str, float]:
    """Per candidate the share to leave out on each side so that past bands held 80 % of the outcomes.

    Dates are whole days and curves are estimates: the tenth and ninetieth percentile of a curve hold more or less than
    80 % of what comes. With a share s left out an outcome lies in the band when the curve reaches s by its day and had
    not passed 1 - s the day before.
    """
    levels = {}
    rows = said.filter(pl.col("paid_by_day").is_not_null())
    for (name,), group in rows.group_by("candidate"):
        by, before = group["paid_by_day"].to_numpy(), group["paid_before_day"].to_numpy()
        held = [float(((by >= level) & (before < 1 - level)).mean()) for level in BAND_LEVELS]
        nearest = int(np.argmin(np.abs(np.array(held) - BAND)))
        levels[str(name)] = float(BAND_LEVELS[nearest]) if group.height >= RELIABILITY_BINS else QUANTILES[0]
    return levels


def reliability(said: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Of the champions' probabilities, in ten bins per horizon: what was said, what came, how many."""
    found = []
    for horizon in LATE_AFTER:
        champion = chosen.filter(horizon=horizon).select("company_code", candidate="champion")
        rows = said.filter(pl.col(f"is_{horizon}").is_not_null()).join(
            champion, on=["company_code", "candidate"], how="semi"
        )
        number = (
            (pl.col(f"p_{horizon}") * RELIABILITY_BINS).floor().clip(0, RELIABILITY_BINS - 1).cast(pl.Int64)
        )
        found.append(
            rows.group_by(bin=number, maintain_order=True)
            .agg(
                predicted=pl.col(f"p_{horizon}").mean(),
                observed=pl.col(f"is_{horizon}").cast(pl.Float64).mean(),
                scored_count=pl.len().cast(pl.Int64),
            )
            .select(pl.lit(horizon).alias("horizon"), "bin", "predicted", "observed", "scored_count")
        )
    return pl.concat(found).sort("horizon", "bin")
