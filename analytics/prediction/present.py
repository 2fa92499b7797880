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

CHUNK = 100_000


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
        opened: item, moment, remaining.
    """
    explained = _explained_by_trees(
        lives, opened, fitted, champions.by_horizon["late"], settings.explained_rows
    )

    def predicted(part: slice) -> tuple[pl.DataFrame, cash.WeeklySums]:
        own = opened[part].sort("item")
        rows = facts.rows(own)
        view = View.of(rows, learnt.payments, learnt.calendar)
        curves = {name: view.curves(fitted[name]) for name in champions.needed(rows)}
        said = _said(rows, own["remaining"], curves, champions).join(
            _reasons(rows, learnt, fitted, explained), on="item", maintain_order="left"
        )
        return said, cash.WeeklySums.of(lives, own, curves[champions.of_cash])

    # items of a customer stand together: what is known of it is then looked up once
    customer = lives.of_items(opened["item"].to_numpy(), ["customer"])["customer"].to_numpy()
    opened = opened[np.argsort(customer, kind="stable")]
    parts = list(chunks(opened.height, CHUNK)) if opened.height else [slice(0, 0)]
    found = in_parallel(predicted, parts, settings.threads)
    items = pl.concat([said for said, _ in found]).sort("item").drop("item")
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
    lives: Lives, opened: pl.DataFrame, fitted: dict[str, Candidate], late: dict[str, str], most: int
) -> pl.Series:
    """The largest items whose lateness the trees predict: contributions are dear, and most wanted there."""
    if "boosting" not in fitted:
        return pl.Series(dtype=pl.Int64)
    companies = [company for company, name in late.items() if name == "boosting"]
    company = lives.of_items(opened["item"].to_numpy(), ["company_code"])["company_code"]
    by_trees = opened.select("item", "remaining").filter(company.is_in(companies))
    return by_trees.sort("remaining", "item", descending=[True, False])["item"].head(most)


def _reasons(
    rows: pl.DataFrame, learnt: Lessons, fitted: dict[str, Candidate], explained: pl.Series
) -> pl.DataFrame:
    is_explained = rows["item"].is_in(explained.implode())
    by_trees = rows.filter(is_explained)
    found = [reasons.from_history(rows.filter(~is_explained)).with_columns(explained_by=pl.lit("history"))]
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
