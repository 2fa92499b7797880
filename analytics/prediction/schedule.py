"""Schedule: which items are looked at, on which evenings: to learn, to be judged, to forecast past cash, and today.

Belongs here: the grid of moments, and the samples that keep the cost of learning and judging the same however long the
history is. Must not: what is seen at a moment (features), outcomes.

Samples are drawn by a hash of the item's id and the moment, so an item drawn today is drawn tomorrow, whatever else
has landed, and a prediction does not change because others were drawn.

A past evening is one on which somebody could have predicted: the facts were up to date. Where a ledger is told once a
month, the 15th knows no payment of the month, and what seems open then has partly been paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.prediction.contract import Settings
from analytics.prediction.lives import Lives, with_remaining
from analytics.prediction.running import firsts

FRESH_WITHIN = 35
"""An evening that is not up to date is replaced by one of so many days before it."""
SNAPSHOTS = 13
"""A year of snapshots; older items teach by their creation alone."""
_ODD = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Schedule:
    """Moments (item, moment), as `Lives` knows them.

    lessons: what is learnt from.
    scored: past origin to what is predicted there to be judged: items open that evening, and those created in the 28
        days after it, at their creation.
    cash: past day to the items open then whose cash is forecast, with `remaining`, and `weight`: for how many each of
        them stands.
    opened: what is open today, with `remaining`.

    Items open on a day stand in the order of their numbers, like the rows of `Facts` made for them.
    """

    lessons: pl.DataFrame
    scored: Mapping[int, pl.DataFrame]
    cash: Mapping[int, pl.DataFrame]
    opened: pl.DataFrame

    @classmethod
    def of(cls, lives: Lives, settings: Settings) -> "Schedule":
        """Everything that a prediction as of today looks at."""
        stale = _stale(lives, settings)
        creations = _creations(lives, stale)
        scored, cash = {}, {}
        for origin in _origins(lives, settings, stale):
            until = origin + settings.days_between_origins
            new = creations.filter(pl.col("created").is_between(origin, until, closed="right"))
            moments = pl.concat([lives.open_on([origin]), new.select("item", "moment")])
            moments = sampled(moments, settings.scored_rows, lives, settings.seed)
            if not moments.height:
                continue
            scored[origin] = moments
            half_way = origin + settings.days_between_origins // 2
            for day in sorted({origin, max(origin, _fresh(half_way, stale))}):
                cash[day] = with_remaining(_weighted(lives, day, settings), lives)
        # the back-test cuts the newest away: twice the rows leave enough for its earliest origin
        most = 2 * settings.training_rows
        return cls(
            lessons=sampled(_lessons(lives, settings, creations, stale), most, lives, settings.seed).sort(
                "moment", "item"
            ),
            scored=scored,
            cash=cash,
            opened=with_remaining(lives.open_on([lives.today]), lives),
        )

    def moments(self) -> pl.DataFrame:
        """All of them."""
        found = [self.lessons, *self.scored.values(), *self.cash.values(), self.opened]
        return pl.concat([rows.select("item", "moment") for rows in found])


def _lessons(lives: Lives, settings: Settings, creations: pl.DataFrame, stale: pl.DataFrame) -> pl.DataFrame:
    """Every item at its creation and, while it is open, every 28 days of a fixed calendar.

    The calendar does not depend on the item: a moment chosen within an item's own life would tell how long it is.
    """
    grid = {
        _fresh(lives.today - settings.days_between_origins * number, stale)
        for number in range(1, SNAPSHOTS + 1)
    }
    moments = pl.concat([creations.select("item", "moment"), lives.open_on(sorted(grid))])
    # on an evening that replaces another an item may be seen at its creation and as open
    return moments.unique() if stale.height else moments


def _creations(lives: Lives, stale: pl.DataFrame) -> pl.DataFrame:
    """item, created, moment of items at their creation: the evening before it or, where that was stale, its own.

    Items that were known as settled from the first evening on never waited for a prediction.
    """
    waited = lives.open_stretches.filter(pl.col("ends") > pl.col("begins"))
    created = waited.hstack(lives.of_items(waited["item"].to_numpy(), ["company", "created"])).filter(
        pl.col("begins") == pl.col("created")
    )
    if not stale.height:
        return created.select("item", "created", moment=pl.col("created") - 1)
    codes = lives.items.select("company_code", "company").unique()
    known = stale.join(codes, on="company_code").select("company", day="day", is_stale=True)
    return (
        created.with_columns(day=pl.col("created") - 1)
        .join(known, on=["company", "day"], how="left", maintain_order="left")
        .select("item", "created", moment=pl.col("day") + pl.col("is_stale").fill_null(False).cast(pl.Int64))
    )


def _stale(lives: Lives, settings: Settings) -> pl.DataFrame:
    """company_code, day of the evenings that were not up to date, of companies that have items."""
    companies = set(lives.items["company_code"].unique())
    days = [
        (company, (day - date(1970, 1, 1)).days)
        for company in sorted(settings.stale_days)
        if company in companies
        for day in sorted(settings.stale_days[company])
    ]
    return pl.DataFrame(days, schema={"company_code": pl.String, "day": pl.Int64}, orient="row")


def _fresh(day: int, stale: pl.DataFrame) -> int:
    """The last evening up to `day` on which the fewest companies were not up to date."""
    near = stale.filter(pl.col("day").is_between(day - FRESH_WITHIN, day))
    counts = dict(near.group_by("day").len().iter_rows())
    return min(range(day, day - FRESH_WITHIN, -1), key=lambda each: counts.get(each, 0))


def _origins(lives: Lives, settings: Settings, stale: pl.DataFrame) -> list[int]:
    """Days that already knew enough, earliest first; the newest is two steps ago, for outcomes must have come."""
    days = sorted(
        {
            _fresh(lives.today - settings.days_between_origins * number, stale)
            for number in range(settings.origins + 1, 1, -1)
        }
    )
    paid = lives.spans.filter("is_payment").select("closed", "reopened")
    return [
        day
        for day in days
        if paid.filter(pl.col("closed") <= day, pl.col("reopened") > day).height >= settings.fewest_settled
    ]


def _weighted(lives: Lives, day: int, settings: Settings) -> pl.DataFrame:
    """item, moment, weight of what was open: all of it or, of too many, per company and currency the largest items and
    some of the others, which then stand for all the others."""
    opened = lives.open_on([day])
    if opened.height <= settings.scored_rows:
        return opened.with_columns(weight=pl.lit(1.0))
    named = lives.of_items(opened["item"].to_numpy(), ["line", "amount", "draw"])
    amount, draw = named["amount"].to_numpy(), named["draw"].to_numpy()
    order = drawn(draw, opened["moment"].to_numpy(), settings.seed)
    by_line = np.argsort(named["line"].to_numpy(), kind="stable")
    begins = np.flatnonzero(firsts(named["line"].to_numpy()[by_line]))
    most = max(settings.scored_rows // (2 * len(begins)), 1)
    chosen, weights = [], []
    for own in np.split(by_line, begins[1:]):
        # of two of one amount the first
        ranked = own[np.argsort(-amount[own], kind="stable")]
        others = ranked[most:]
        drawn_of = others[np.argsort(order[others])[:most]]
        chosen += [ranked[:most], drawn_of]
        weights += [np.ones(min(most, len(own))), np.full(len(drawn_of), len(others) / max(len(drawn_of), 1))]
    return opened[np.concatenate(chosen)].with_columns(weight=pl.Series(np.concatenate(weights)))


def sampled(rows: pl.DataFrame, most: int, lives: Lives, seed: int) -> pl.DataFrame:
    """At most so many rows (item, moment), each as likely as any other; which ones does not depend on their order."""
    if rows.height <= most:
        return rows
    named = rows if "draw" in rows.columns else lives.of_items(rows["item"].to_numpy(), ["draw"])
    order = drawn(named["draw"].to_numpy(), rows["moment"].to_numpy(), seed)
    return rows[np.sort(np.argpartition(order, most)[:most])]


def drawn(draw: NDArray[np.uint64], moment: NDArray[np.int64], number: int) -> NDArray[np.uint64]:
    """A hash of the item, the moment and a number, spread evenly over 64 bits (the finaliser of splitmix64)."""
    mixed = (
        draw ^ (moment.astype(np.uint64) * np.uint64(_ODD)) ^ np.uint64(number * 0xD1B54A32D192ED03 % 2**64)
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
