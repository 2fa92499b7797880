"""Features: what was known about an item and its customer at one moment.

Belongs here: every feature, declared with what makes it known, computed for (item, moment) rows. Must not: outcomes, or
any fact learnt after the moment.

Averages are shrunken: a customer's sum is joined by that of `SHRINKAGE` items of the company's average, so that
two items do not make a habit (the posterior mean of a normal or beta prior worth that many observations).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.prediction.contract import Attribute
from analytics.prediction.lives import Lives, known_column
from analytics.prediction.running import NEVER, as_of, running_sums

SHRINKAGE = 8.0
"""Items of the company's average that stand beside a customer's own."""
FINE_SHRINKAGE = 4.0
"""The same for a customer's own weekday, beside the customer's own average."""
EARLIEST, LATEST = -45, 90
"""Days late are cut here before they are averaged: one forgotten item is no habit."""
MEDIAN_OF = 15
"""Payments of which the median is taken."""
PRIOR_ITEMS, PRIOR_LATE_SHARE = 5.0, 0.4
"""What stands in for a company's average before it has one."""

PAID, DUE, OPEN, ITEM = "settlement learnt", "due date passed", "item open", "item created"

FEATURES: dict[str, str] = {
    "paid_count": PAID,
    "mean_days_late": PAID,
    "spread_days_late": PAID,
    "late_30_share": PAID,
    "median_days_late": PAID,
    "last_days_late": PAID,
    "last_3_days_late": PAID,
    "last_5_days_late": PAID,
    "last_10_days_late": PAID,
    "recent_days_late": PAID,
    "longest_days_late": PAID,
    "trend_days_late": PAID,
    "last_10_late_share": PAID,
    "recent_late_share": PAID,
    "weekday_days_late": PAID,
    "month_end_share": PAID,
    "days_since_payment": PAID,
    "payment_concentration": PAID,
    "amount_to_usual": PAID,
    "due_count": DUE,
    "late_share": DUE,
    "late_share_30_days": DUE,
    "late_share_90_days": DUE,
    "due_count_30_days": DUE,
    "weekday_late_share": DUE,
    "terms_late_share": DUE,
    "company_late_share": DUE,
    "open_count": OPEN,
    "open_to_amount": OPEN,
    "overdue_count": OPEN,
    "overdue_share": OPEN,
    "overdue_mean_days": OPEN,
    "overdue_30_count": OPEN,
    "overdue_oldest_days": OPEN,
    "amount_log": ITEM,
    "term_days": ITEM,
    "terms": ITEM,
    "company": ITEM,
    "due_weekday": ITEM,
    "due_day_of_month": ITEM,
    "document_weekday": ITEM,
    "document_day_of_month": ITEM,
    "age_days": ITEM,
    "days_to_due": ITEM,
}
"""Each feature and what makes its value known; a value is used from the evening of that day on."""

PAID_VALUES = ("count", "days_late", "squares", "is_late_30", "at_month_end")
DUE_VALUES = ("count", "late")
OPEN_VALUES = ("count", "cents", "due")


@dataclass(frozen=True)
class Facts:
    """What was known at a set of moments, per customer, company and so on: read for any rows of that set.

    Many items of a customer are looked at on one evening, so what is known of the customer is found once.
    """

    items: pl.DataFrame
    columns: list[str]
    tables: dict[tuple[str, ...], pl.DataFrame]
    attributes: Sequence[Attribute]

    @classmethod
    def of(cls, lives: Lives, moments: pl.DataFrame, *, attributes: Sequence[Attribute] = ()) -> "Facts":
        """From the facts of `lives`, for `moments` (item, moment)."""
        items = lives.items.with_columns(due_weekday=_weekday("due"), amount_log=pl.col("amount").log1p())
        keyed = moments.select("item", "moment").join(
            items.select("item", "customer", "company", "terms", "due_weekday"), on="item"
        )
        learnt, judged, opened = _learnt(items, lives), _judged(items, lives), _opened(items, lives)
        tables: dict[tuple[str, ...], pl.DataFrame] = {}
        for by in (CUSTOMER, WEEKDAY, COMPANY, TERMS):
            rows = keyed.select("moment", *by).unique().sort("moment", *by)
            tables[by] = _known(rows, by, learnt, judged, opened)
        return cls(items, lives.items.columns, tables, attributes)

    def rows(self, moments: pl.DataFrame) -> pl.DataFrame:
        """`moments` (item, moment) with the columns of `Lives.items` and `FEATURES`, sorted by item and moment."""
        rows = moments.select("item", "moment").join(self.items, on="item")
        for by, table in self.tables.items():
            rows = rows.join(table, on=["moment", *by], how="left")
        rows = _derived(rows).with_columns(_as_known(attribute) for attribute in self.attributes)
        kept = [column for column in self.columns if column not in {"item", *FEATURES}]
        return rows.select("item", "moment", *kept, *FEATURES).sort("item", "moment")


CUSTOMER, COMPANY = ("customer",), ("company",)
WEEKDAY, TERMS = ("customer", "due_weekday"), ("company", "terms")


def features(lives: Lives, moments: pl.DataFrame, *, attributes: Sequence[Attribute] = ()) -> pl.DataFrame:
    """`moments` (item, moment) with the columns of `lives.items` and `FEATURES`, sorted by item and moment.

    Every item is seen as it was on the evening of its moment. The evening before its creation stands for the creation:
    the item is then known, and no other fact of its first day is.
    """
    return Facts.of(lives, moments, attributes=attributes).rows(moments)


def _known(
    rows: pl.DataFrame,
    by: tuple[str, ...],
    learnt: pl.DataFrame,
    judged: pl.DataFrame,
    opened: dict[str, pl.DataFrame],
) -> pl.DataFrame:
    """`rows` (moment and `by`) with every sum that is kept by it."""

    def read(rows: pl.DataFrame, events: pl.DataFrame, prefix: str, values: Sequence[str]) -> pl.DataFrame:
        return as_of(rows, running_sums(events, by=by, values=values), by=by, prefix=prefix)

    if by == CUSTOMER:
        rows = read(rows, _signed(learnt, PAID_VALUES), "paid_", PAID_VALUES)
        rows = _last_payments(rows, learnt)
        rows = read(rows, judged, "due_", DUE_VALUES)
        for days in (30, 90):
            # an item leaves the window with all that was learnt of it, and what is learnt later is not in it
            leaves = pl.col("judged") + days
            within = judged.filter(pl.col("day") < leaves)
            window = _signed(within.with_columns(leaves=leaves), DUE_VALUES, begins="day", ends="leaves")
            rows = read(rows, window, f"due_{days}_", DUE_VALUES)
        for prefix, stretch in opened.items():
            rows = read(rows, _signed(stretch, OPEN_VALUES, begins="since", ends="ends"), prefix, OPEN_VALUES)
        return _oldest(rows, opened["overdue_"])
    if by == COMPANY:
        rows = read(rows, _signed(learnt, PAID_VALUES), "company_paid_", PAID_VALUES)
        return read(rows, judged, "company_due_", DUE_VALUES)
    if by == WEEKDAY:
        rows = read(rows, _signed(learnt, PAID_VALUES[:2]), "weekday_paid_", PAID_VALUES[:2])
        return read(rows, judged, "weekday_due_", DUE_VALUES)
    return read(rows, judged, "terms_due_", DUE_VALUES)


def _signed(
    events: pl.DataFrame, values: Sequence[str], *, begins: str = "closed", ends: str = "reopened"
) -> pl.DataFrame:
    """Each event on the day on which it begins, and taken back on that on which it ends."""
    return pl.concat(
        [
            events.with_columns(day=begins),
            events.filter(pl.col(ends) < NEVER)
            .with_columns(day=ends)
            .with_columns(-pl.col(value) for value in values),
        ]
    )


def _as_known(attribute: Attribute) -> pl.Expr:
    """The attribute's value where it was known at the moment, or with the item's creation; null where it was not."""
    known = pl.col(known_column(attribute)).fill_null(pl.col("created"))
    return (
        pl.when(known <= pl.max_horizontal("moment", "created"))
        .then(attribute.column)
        .alias(attribute.column)
    )


def _learnt(items: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """Settled items, from the evening on which each settlement was learnt until it was undone."""
    return (
        lives.spans.filter("is_payment")
        .join(items.select("item", "customer", "company", "due", "due_weekday", "amount_log"), on="item")
        .with_columns(days_late=(pl.col("paid_on") - pl.col("due")).clip(EARLIEST, LATEST).cast(pl.Float64))
        .with_columns(
            count=pl.lit(1.0),
            squares=pl.col("days_late") ** 2,
            is_late=(pl.col("days_late") > 0).cast(pl.Float64),
            is_late_30=(pl.col("days_late") > 30).cast(pl.Float64),
            # paid in the last days of a month or the first three of the next
            at_month_end=(_day_of_month("paid_on").is_between(4, 25).not_()).cast(pl.Float64),
        )
    )


def _last_payments(rows: pl.DataFrame, learnt: pl.DataFrame) -> pl.DataFrame:
    """Habits of the last settlements, in the order in which they were learnt; one undone later was a habit
    until then."""
    ordered = learnt.sort("closed", "paid_on", "item")

    def rolling(expression: pl.Expr, half_life: int | None = None) -> pl.Expr:
        return (expression if half_life is None else expression.ewm_mean(half_life=half_life)).over(
            "customer"
        )

    late, is_late = pl.col("days_late"), pl.col("is_late")
    last = {
        "last_days_late": late,
        "last_3_days_late": rolling(late.rolling_mean(3, min_samples=1)),
        "last_5_days_late": rolling(late.rolling_mean(5, min_samples=1)),
        "last_10_days_late": rolling(late.rolling_mean(10, min_samples=1)),
        "median_days_late": rolling(late.rolling_median(MEDIAN_OF, min_samples=1)),
        "longest_days_late": rolling(late.rolling_max(10, min_samples=1)),
        "last_10_late_share": rolling(is_late.rolling_mean(10, min_samples=1)),
        "recent_days_late": rolling(late, half_life=8),
        "recent_late_share": rolling(is_late, half_life=15),
        "usual_amount_log": rolling(pl.col("amount_log").rolling_mean(30, min_samples=1)),
        "last_payment": pl.col("closed"),
        "tenth_last_payment": rolling(pl.col("paid_on").shift(9)),
    }
    each_day = (
        ordered.with_columns(**last)
        .group_by("customer", "closed", maintain_order=True)
        .agg(pl.col(name).last() for name in last)
        .sort("closed")
    )
    return rows.join_asof(
        each_day,
        left_on="moment",
        right_on="closed",
        by="customer",
        strategy="backward",
        check_sortedness=False,
    ).drop("closed", strict=False)


def _judged(items: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """Who paid by the due date: judged on its evening, so items still unpaid count at once.

    Habits of settled items alone flatter a customer who stops paying: what is not paid is not in them (accounting G2).
    """
    judged = items.select(
        "item",
        "customer",
        "company",
        "terms",
        "due_weekday",
        judged=pl.max_horizontal("due", "created"),
        count=pl.lit(1.0),
        late=pl.lit(1.0),
    )
    # paid by the due date: not late from the day on which that was learnt, until it was undone
    in_time = (
        lives.spans.join(judged, on="item")
        .join(items.select("item", "due"), on="item")
        .filter(pl.col("paid_on") <= pl.col("due"), pl.col("reopened") > pl.col("judged"))
        .with_columns(count=pl.lit(0.0), late=pl.lit(-1.0))
    )
    columns = ["customer", "company", "terms", "due_weekday", "judged", "day", "count", "late"]
    return pl.concat(
        [
            judged.with_columns(day="judged").select(columns),
            in_time.with_columns(day=pl.max_horizontal("closed", "judged")).select(columns),
            in_time.with_columns(day="reopened", late=pl.lit(1.0)).select(columns),
        ]
    )


def _opened(items: pl.DataFrame, lives: Lives) -> dict[str, pl.DataFrame]:
    """What customers had open and overdue, and since when until when."""
    stretches = lives.open_stretches.join(items.select("item", "customer", "due", "amount"), on="item")
    found = {}
    for prefix, late_by in (("open_", None), ("overdue_", 1), ("overdue_30_", 31)):
        begins = pl.col("begins") if late_by is None else pl.max_horizontal("begins", pl.col("due") + late_by)
        found[prefix] = (
            stretches.with_columns(since=begins)
            .filter(pl.col("since") < pl.col("ends"))
            .select(
                "item",
                "customer",
                "since",
                "ends",
                count=pl.lit(1.0),
                cents=(pl.col("amount") * 100).round(),
                due=pl.col("due").cast(pl.Float64),
            )
        )
    return found


def _oldest(rows: pl.DataFrame, overdue: pl.DataFrame) -> pl.DataFrame:
    """Since when the oldest overdue item is: `overdue_since`, null when nothing is.

    In order of the day from which they are overdue, the first item still open at a moment is the first whose
    highest end so far lies after the moment; highest ends only rise, so one as-of join finds it.
    """
    ordered = (
        overdue.rename({"since": "overdue_since"})
        .sort("overdue_since", "item")
        .with_columns(end=pl.col("ends").cum_max().over("customer"))
        .group_by("customer", "end", maintain_order=True)
        .agg(pl.col("overdue_since").first())
        .sort("end")
    )
    found = rows.with_columns(after=pl.col("moment") + 1).join_asof(
        ordered, left_on="after", right_on="end", by="customer", strategy="forward", check_sortedness=False
    )
    return found.drop("after", "end", strict=False)


def _derived(rows: pl.DataFrame) -> pl.DataFrame:
    """Shares, means and calendar from the sums."""
    count = pl.col("paid_count")
    rows = rows.with_columns(
        company_mean=pl.col("company_paid_days_late") / (pl.col("company_paid_count") + 1),
        company_late_share=(pl.col("company_due_late") + PRIOR_ITEMS * PRIOR_LATE_SHARE)
        / (pl.col("company_due_count") + PRIOR_ITEMS),
        company_spread=pl.col("company_paid_squares") / (pl.col("company_paid_count") + 1),
        company_30=pl.col("company_paid_is_late_30") / (pl.col("company_paid_count") + 1),
        company_month_end=(pl.col("company_paid_at_month_end") + PRIOR_ITEMS * 0.27)
        / (pl.col("company_paid_count") + PRIOR_ITEMS),
    )
    rows = rows.with_columns(
        mean_days_late=_shrunken("paid_days_late", count, "company_mean", SHRINKAGE),
        late_share=_shrunken("due_late", pl.col("due_count"), "company_late_share", SHRINKAGE),
        late_30_share=_shrunken("paid_is_late_30", count, "company_30", SHRINKAGE),
        month_end_share=_shrunken("paid_at_month_end", count, "company_month_end", SHRINKAGE),
        mean_square=_shrunken("paid_squares", count, "company_spread", SHRINKAGE),
    )
    overdue = pl.col("overdue_count")
    amount = pl.col("amount")
    return rows.with_columns(
        spread_days_late=(pl.col("mean_square") - pl.col("mean_days_late") ** 2).clip(0).sqrt(),
        late_share_30_days=_shrunken("due_30_late", pl.col("due_30_count"), "late_share", FINE_SHRINKAGE),
        late_share_90_days=_shrunken("due_90_late", pl.col("due_90_count"), "late_share", FINE_SHRINKAGE),
        due_count_30_days=pl.col("due_30_count"),
        weekday_late_share=_shrunken(
            "weekday_due_late", pl.col("weekday_due_count"), "late_share", FINE_SHRINKAGE
        ),
        weekday_days_late=_shrunken(
            "weekday_paid_days_late", pl.col("weekday_paid_count"), "mean_days_late", FINE_SHRINKAGE
        ),
        terms_late_share=_shrunken(
            "terms_due_late", pl.col("terms_due_count"), "company_late_share", 2 * SHRINKAGE
        ),
        trend_days_late=pl.col("last_5_days_late") - pl.col("mean_days_late"),
        days_since_payment=(pl.col("moment") - pl.col("last_payment")).cast(pl.Float64),
        payment_concentration=(pl.col("moment") - pl.col("tenth_last_payment")).cast(pl.Float64),
        amount_to_usual=pl.col("amount_log") - pl.col("usual_amount_log"),
        open_to_amount=pl.col("open_cents") / 100 / amount,
        overdue_share=pl.when(pl.col("open_cents") > 0.5).then(
            pl.col("overdue_cents") / pl.col("open_cents")
        ),
        overdue_mean_days=pl.when(overdue > 0.5).then(pl.col("moment") - pl.col("overdue_due") / overdue),
        overdue_oldest_days=pl.when(pl.col("overdue_since") <= pl.col("moment"))
        .then(pl.col("moment") - pl.col("overdue_since") + 1)
        .otherwise(0),
        term_days=pl.col("due") - pl.col("document"),
        due_day_of_month=_day_of_month("due"),
        document_weekday=_weekday("document"),
        document_day_of_month=_day_of_month("document"),
        age_days=pl.col("moment") + 1 - pl.col("document"),
        days_to_due=pl.col("due") - pl.col("moment"),
    )


def _shrunken(total: str, count: pl.Expr, towards: str, weight: float) -> pl.Expr:
    """(sum + weight x prior) / (count + weight)."""
    return (pl.col(total) + weight * pl.col(towards)) / (count + weight)


def _weekday(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).cast(pl.Date).dt.weekday().cast(pl.Int64)


def _day_of_month(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).cast(pl.Date).dt.day().cast(pl.Int64)
