"""Present: every open item predicted, explained and counted as cash by the champions.

Belongs here: who predicts which item, dates and probabilities off the curves, part by part. Must not: choosing
champions (backtest), learning (training).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.prediction import cash, reasons
from analytics.prediction.boosting import Boosting
from analytics.prediction.candidates import Candidate, View
from analytics.prediction.contract import HORIZONS, Settings
from analytics.prediction.curve import LATE_AFTER, Curves
from analytics.prediction.features import Facts
from analytics.prediction.habits import chunks
from analytics.prediction.lives import Lives
from analytics.prediction.training import Lessons
from analytics.prediction.workers import in_parallel

CHUNK = 50_000
"""Items predicted at a time, by each thread."""


@dataclass(frozen=True)
class Champions:
    """Who predicts what.

    by_horizon: the candidate of each company.
    of_cash: who forecasts cash.
    levels: per candidate the share that its bands leave out on each side.
    """

    by_horizon: dict[str, dict[str, str]]
    of_cash: str
    levels: dict[str, float]

    @classmethod
    def of(cls, chosen: pl.DataFrame, of_cash: str, levels: dict[str, float]) -> "Champions":
        """From `backtest.champions`."""
        by_horizon = {
            horizon: dict(chosen.filter(horizon=horizon).select("company_code", "champion").iter_rows())
            for horizon in HORIZONS
        }
        return cls(by_horizon, of_cash, levels)

    def needed(self, rows: pl.DataFrame) -> list[str]:
        """Everybody who predicts anything of `rows`."""
        companies = rows["company_code"].unique()
        chosen = {of[company] for of in self.by_horizon.values() for company in companies}
        return sorted(chosen | {self.of_cash})

    def names(self, rows: pl.DataFrame, horizon: str) -> pl.Series:
        """The candidate of each row."""
        return rows["company_code"].replace_strict(self.by_horizon[horizon], return_dtype=pl.String)


def predicted_items(
    lives: Lives,
    facts: Facts,
    opened: pl.DataFrame,
    learnt: Lessons,
    fitted: dict[str, Candidate],
    champions: Champions,
    settings: Settings,
) -> tuple[pl.DataFrame, cash.WeeklySums]:
    """Probabilities and dates of each open item by the champion of its company and horizon, and what they bring in.

    Part by part, several at a time; what they bring is added up in one order.

    Args:
        opened: item, moment, remaining, in the order of items.
    """
    explained = _explained_by_trees(lives, facts, opened, learnt, fitted, champions, settings)

    def predicted(part: slice) -> tuple[pl.DataFrame, cash.WeeklySums]:
        rows = facts.rows(opened[part])
        view = View.of(rows, learnt.payments, learnt.calendar)
        curves = {name: view.curves(fitted[name]) for name in champions.needed(rows)}
        others = reasons.from_history(rows.join(explained, on="item", how="anti", maintain_order="left"))
        told = pl.concat([explained, others.with_columns(explained_by=pl.lit("history"))])
        said = _said(rows, opened[part]["remaining"], curves, champions)
        sums = cash.WeeklySums.of(lives, opened[part], curves[champions.of_cash])
        return said.join(told, on="item", how="left", maintain_order="left").drop("item"), sums

    parts = list(chunks(opened.height, CHUNK)) if opened.height else [slice(0, 0)]
    found = in_parallel(predicted, parts, settings.threads)
    # not put into one piece: for as long as that takes it would be there twice
    items = pl.concat([said for said, _ in found], rechunk=False)
    return items, cash.WeeklySums.total([sums for _, sums in found])


def _said(
    rows: pl.DataFrame, remaining: pl.Series, curves: dict[str, Curves], champions: Champions
) -> pl.DataFrame:
    used = {horizon: champions.names(rows, horizon) for horizon in HORIZONS}
    chances = {}
    for horizon, days in LATE_AFTER.items():
        chances[horizon] = np.zeros(rows.height)
        for name in used[horizon].unique():
            where = (used[horizon] == name).to_numpy()
            chances[horizon][where] = curves[name].late(days)[where]
    # champions of two horizons may be two curves: later is never likelier
    chances["late_30"] = np.minimum(chances["late_30"], chances["late"])
    chances["late_90"] = np.minimum(chances["late_90"], chances["late_30"])
    dates = {name: np.zeros(rows.height, dtype=np.int64) for name in ("low", "middle", "high")}
    for name in used["days"].unique():
        where = (used["days"] == name).to_numpy()
        left_out = champions.levels.get(name, 0.1)
        for quantile, at in (("low", left_out), ("middle", 0.5), ("high", 1 - left_out)):
            dates[quantile][where] = curves[name].day_at(at)[where]
    return rows.select(
        "company_code",
        "open_item_id",
        "item",
        remaining=remaining,
        due_date=_date("due"),
        **{f"{horizon}_probability": pl.Series(values) for horizon, values in chances.items()},
        **{
            f"pay_date_{name}": pl.Series(dates[at]).cast(pl.Int32).cast(pl.Date)
            for name, at in (("p10", "low"), ("p50", "middle"), ("p90", "high"))
        },
        **{f"{horizon}_champion": used[horizon] for horizon in HORIZONS},
    )


def _explained_by_trees(
    lives: Lives,
    facts: Facts,
    opened: pl.DataFrame,
    learnt: Lessons,
    fitted: dict[str, Candidate],
    champions: Champions,
    settings: Settings,
) -> pl.DataFrame:
    """item, reasons, explained_by of the largest items whose lateness the trees predict.

    Contributions are dear, and most wanted there.
    """
    late = champions.by_horizon["late"]
    companies = [company for company, name in late.items() if name == "boosting"]
    company = lives.of_items(opened["item"].to_numpy(), ["company_code"])["company_code"]
    by_trees = opened.filter(company.is_in(companies)).sort("remaining", "item", descending=[True, False])
    rows = facts.rows(by_trees.head(settings.explained_rows))
    trees = fitted.get("boosting")
    if not isinstance(trees, Boosting) or not rows.height:
        return reasons.from_history(rows.clear()).with_columns(explained_by=pl.lit("boosting"))
    names, contributions = trees.contributions(View.of(rows, learnt.payments), settings.threads)
    told = reasons.from_contributions(rows, names, contributions)
    return told.with_columns(explained_by=pl.lit("boosting"))


def _date(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).cast(pl.Date)
