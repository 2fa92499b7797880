"""Features: what was known about an item and its customer at one moment.

Belongs here: every feature, declared with what makes it known, computed for (item, moment) rows. Must not: outcomes, or
any fact learnt after the moment.

Averages are shrunken: a customer's sum is joined by that of `SHRINKAGE` items of the company's average, so that
two items do not make a habit (the posterior mean of a normal or beta prior worth that many observations).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.prediction.contract import Attribute
from analytics.prediction.histories import History, histories, keys_of
from analytics.prediction.lives import Lives, known_column
from analytics.prediction.running import Codes, place, placed

SHRINKAGE = 8.0
"""Items of the company's average that stand beside a customer's own."""
FINE_SHRINKAGE = 4.0
"""The same for a customer's own weekday, beside the customer's own average."""
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


@dataclass(frozen=True)
class Facts:
    """What was known at a set of moments, per customer, company and so on: read for any rows of that set.

    Many items of a customer are looked at on one evening, so what is known of the customer is found once.
    """

    items: pl.DataFrame
    columns: list[str]
    keys: dict[str, Codes]
    histories: dict[str, History]
    attributes: Sequence[Attribute]

    @classmethod
    def of(cls, lives: Lives, moments: pl.DataFrame, *, attributes: Sequence[Attribute] = ()) -> "Facts":
        """From the facts of `lives`, for `moments` (item, moment)."""
        items = lives.items.with_columns(due_weekday=_weekday("due"), amount_log=pl.col("amount").log1p())
        keys = keys_of(items)
        return cls(items, lives.items.columns, keys, histories(items, lives, keys, moments), attributes)

    def rows(self, moments: pl.DataFrame) -> pl.DataFrame:
        """`moments` (item, moment) with the columns of `Lives.items` and `FEATURES`, sorted by item and moment."""
        item, moment = placed(np.sort(place(moments["item"].to_numpy(), moments["moment"].to_numpy())))
        rows = self.items[item].with_columns(moment=pl.Series(moment))
        for by, history in self.histories.items():
            rows.hstack(history.at(self.keys[by][item], moment), in_place=True)
        rows = _derived(rows).with_columns(_as_known(attribute) for attribute in self.attributes)
        kept = [column for column in self.columns if column not in {"item", *FEATURES}]
        return rows.select("item", "moment", *kept, *FEATURES)


def features(lives: Lives, moments: pl.DataFrame, *, attributes: Sequence[Attribute] = ()) -> pl.DataFrame:
    """`moments` (item, moment) with the columns of `lives.items` and `FEATURES`, sorted by item and moment.

    Every item is seen as it was on the evening of its moment. The evening before its creation stands for the creation:
    the item is then known, and no other fact of its first day is.
    """
    return Facts.of(lives, moments, attributes=attributes).rows(moments)


def _as_known(attribute: Attribute) -> pl.Expr:
    """The attribute's value where it was known at the moment, or with the item's creation; null where it was not."""
    known = pl.col(known_column(attribute)).fill_null(pl.col("created"))
    return (
        pl.when(known <= pl.max_horizontal("moment", "created"))
        .then(attribute.column)
        .alias(attribute.column)
    )


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
