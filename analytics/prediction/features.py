"""Features: what was known about an item and its customer at one moment.

Belongs here: every feature, declared with what makes it known, computed for (item, moment) rows. Must not: outcomes, or
any fact learnt after the moment.

Averages are shrunken: a customer's sum is joined by that of `SHRINKAGE` items of the company's average, so that
two items do not make a habit (the posterior mean of a normal or beta prior worth that many observations).
"""

from collections.abc import Sequence

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


def features(lives: Lives, moments: pl.DataFrame, *, attributes: Sequence[Attribute] = ()) -> pl.DataFrame:
    """`moments` (item, moment) with the columns of `lives.items` and `FEATURES`, sorted by item and moment.

    Every item is seen as it was on the evening of its moment. The evening before its creation stands for the creation:
    the item is then known, and no other fact of its first day is.
    """
    items = lives.items.with_columns(due_weekday=_weekday("due"), amount_log=pl.col("amount").log1p())
    rows = moments.join(items, on="item").sort("moment", "item")
    rows = _paid(rows, items, lives)
    rows = _due(rows, items, lives)
    rows = _open(rows, items, lives)
    rows = _derived(rows).with_columns(_as_known(attribute) for attribute in attributes)
    kept = [column for column in lives.items.columns if column not in {"item", *FEATURES}]
    return rows.select("item", "moment", *kept, *FEATURES).sort("item", "moment")


def _as_known(attribute: Attribute) -> pl.Expr:
    """The attribute's value where it was known at the moment, or with the item's creation; null where it was not."""
    known = pl.col(known_column(attribute)).fill_null(pl.col("created"))
    return (
        pl.when(known <= pl.max_horizontal("moment", "created"))
        .then(attribute.column)
        .alias(attribute.column)
    )


def _paid(rows: pl.DataFrame, items: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """Habits of settled items, from the evening on which each settlement was learnt until it was undone."""
    learnt = (
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
    values = ["count", "days_late", "squares", "is_late_30", "at_month_end"]
    signed = pl.concat(
        [
            learnt.with_columns(day="closed"),
            learnt.with_columns(day="reopened").with_columns(-pl.col(value) for value in values),
        ]
    )
    for by, prefix in ((["customer"], "paid_"), (["company"], "company_paid_")):
        rows = as_of(rows, running_sums(signed, by=by, values=values), by=by, prefix=prefix)
    weekday = ["customer", "due_weekday"]
    rows = as_of(
        rows, running_sums(signed, by=weekday, values=values[:2]), by=weekday, prefix="weekday_paid_"
    )
    return _last_payments(rows, learnt)


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
        "median_days_late": rolling(late.rolling_median(15, min_samples=1)),
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


def _due(rows: pl.DataFrame, items: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """Who paid by the due date: judged on its evening, so items still unpaid count at once.

    Habits of settled items alone flatter a customer who stops paying: what is not paid is not in them (accounting G2).
    """
    judged = items.select(
        "item",
        "customer",
        "company",
        "terms",
        "due_weekday",
        day=pl.max_horizontal("due", "created"),
        count=pl.lit(1.0),
        late=pl.lit(1.0),
    )
    # paid by the due date: not late from the day on which that was learnt, until it was undone
    in_time = (
        lives.spans.join(judged.rename({"day": "judged"}), on="item")
        .join(items.select("item", "due"), on="item")
        .filter(pl.col("paid_on") <= pl.col("due"), pl.col("reopened") > pl.col("judged"))
        .with_columns(count=pl.lit(0.0), late=pl.lit(-1.0))
    )
    columns = ["customer", "company", "terms", "due_weekday", "day", "count", "late"]
    events = pl.concat(
        [
            judged.select(columns),
            in_time.with_columns(day=pl.max_horizontal("closed", "judged")).select(columns),
            in_time.with_columns(day="reopened", late=pl.lit(1.0)).select(columns),
        ]
    )
    values = ["count", "late"]
    for by, prefix in (
        (["customer"], "due_"),
        (["company"], "company_due_"),
        (["company", "terms"], "terms_due_"),
        (["customer", "due_weekday"], "weekday_due_"),
    ):
        rows = as_of(rows, running_sums(events, by=by, values=values), by=by, prefix=prefix)
    for days in (30, 90):
        left = events.with_columns(pl.col("day") + days, *(-pl.col(value) for value in values))
        window = pl.concat([events, left.filter(pl.col("day") < NEVER)])
        rows = as_of(
            rows, running_sums(window, by=["customer"], values=values), by=["customer"], prefix=f"due_{days}_"
        )
    return rows


def _open(rows: pl.DataFrame, items: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """What the customer had open and overdue."""
    stretches = lives.open_stretches().join(items.select("item", "customer", "due", "amount"), on="item")
    for prefix, late_by in (("open_", None), ("overdue_", 1), ("overdue_30_", 31)):
        begins = pl.col("begins") if late_by is None else pl.max_horizontal("begins", pl.col("due") + late_by)
        stretch = stretches.with_columns(since=begins).filter(pl.col("since") < pl.col("ends"))
        entry = stretch.select(
            "customer",
            "ends",
            day="since",
            count=pl.lit(1.0),
            cents=(pl.col("amount") * 100).round(),
            due=pl.col("due").cast(pl.Float64),
        )
        values = ["count", "cents", "due"]
        leave = entry.with_columns(day="ends").with_columns(-pl.col(value) for value in values)
        sums = running_sums(pl.concat([entry, leave]), by=["customer"], values=values)
        rows = as_of(rows, sums, by=["customer"], prefix=prefix)
    return _oldest(rows, stretches)


def _oldest(rows: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """Since when the oldest overdue item is: `overdue_since`, null when nothing is.

    In order of the day from which they are overdue, the first item still open at a moment is the first whose
    highest end so far lies after the moment; highest ends only rise, so one as-of join finds it.
    """
    ordered = (
        stretches.with_columns(overdue_since=pl.max_horizontal("begins", pl.col("due") + 1))
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
