"""Reasons: why an item is predicted as it is, as codes with values.

Belongs here: which facts make a reason, their weight, the sentences of each code. Must not: layout, or
formatting of values beyond rounding.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.prediction.boosting import STRETCH_FEATURES
from analytics.prediction.curve import Floats
from analytics.prediction.features import SHRINKAGE
from analytics.prediction.histories import MEDIAN_OF

MOST_REASONS = 3
NEW_UNTIL = 10
"""Payments up to which a customer is told to be new."""

TEXTS: dict[str, tuple[str, str]] = {
    "late_share": ("该客户{items}笔中有{share}逾期付款。", "Paid late: {share} of {items} items."),
    "days_late": (
        "最近{items}笔付款的中位数为晚付{days}天。",
        "Median of its last {items} payments: {days} days late.",
    ),
    "recent": ("最近5笔平均晚付{days}天。", "Its last 5 payments were {days} days late on average."),
    "weekday": (
        "周{weekday}到期的款项估计有{share}逾期。",
        "Of items due on a {weekday} an estimated {share} are late.",
    ),
    "overdue": (
        "该客户现有{items}笔逾期,最长{days}天。",
        "The customer has {items} items overdue, oldest {days} days.",
    ),
    "age": ("本笔已逾期{days}天。", "The item itself is {days} days overdue."),
    "amount": (
        "金额为该客户惯常的{factor}倍。",
        "The amount is {factor} times what is usual for the customer.",
    ),
    "terms": (
        "同一付款条件下估计有{share}逾期。",
        "Under the same terms an estimated {share} of items are late.",
    ),
    "company": ("公司整体有{share}逾期。", "Of all items of the company {share} are late."),
    "silence": ("已{days}天未付款。", "No payment for {days} days."),
    "calendar": (
        "到期日为当月{day}日,账期{term}天。",
        "Due on day {day} of the month, {term} days of terms.",
    ),
    "open": ("该客户未清{items}笔。", "The customer has {items} items open."),
    "new_customer": ("新客户,仅有{items}笔付款记录。", "New customer: {items} payments so far."),
}
"""Code to its sentence, Chinese and English; the braces are the names of the values."""

EARLY_TEXTS: dict[str, tuple[str, str]] = {
    "days_late": (
        "最近{items}笔付款的中位数为提前{days}天。",
        "Median of its last {items} payments: {days} days early.",
    ),
    "recent": ("最近5笔平均提前{days}天付款。", "Its last 5 payments were {days} days early on average."),
}
"""What is said instead where `days` is negative; the days are then counted forwards."""

PUNCTUAL_TEXTS: dict[str, tuple[str, str]] = {
    "days_late": (
        "最近{items}笔付款的中位数为到期日当天。",
        "Median of its last {items} payments: on the due date.",
    ),
    "recent": ("最近5笔平均在到期日当天付款。", "Its last 5 payments were on the due date on average."),
}
"""What is said instead where `days` is none."""

OF_FEATURE: dict[str, str] = {
    "paid_count": "new_customer",
    "due_count": "new_customer",
    "due_count_30_days": "open",
    "late_share": "late_share",
    "late_share_30_days": "late_share",
    "late_share_90_days": "late_share",
    "late_30_share": "late_share",
    "last_10_late_share": "late_share",
    "recent_late_share": "late_share",
    "mean_days_late": "days_late",
    "median_days_late": "days_late",
    "spread_days_late": "days_late",
    "longest_days_late": "days_late",
    "habit": "days_late",
    "day_late_to_mean": "days_late",
    "day_late_to_median": "days_late",
    "last_days_late": "recent",
    "last_3_days_late": "recent",
    "last_5_days_late": "recent",
    "last_10_days_late": "recent",
    "recent_days_late": "recent",
    "trend_days_late": "recent",
    "weekday_late_share": "weekday",
    "weekday_days_late": "weekday",
    "due_weekday": "weekday",
    "overdue_count": "overdue",
    "overdue_share": "overdue",
    "overdue_mean_days": "overdue",
    "overdue_30_count": "overdue",
    "overdue_oldest_days": "overdue",
    "days_to_due": "age",
    "age_days": "age",
    "amount_log": "amount",
    "amount_to_usual": "amount",
    "open_to_amount": "amount",
    "terms": "terms",
    "terms_late_share": "terms",
    "company": "company",
    "company_late_share": "company",
    "days_since_payment": "silence",
    "payment_concentration": "silence",
    "open_count": "open",
    "term_days": "calendar",
    "due_day_of_month": "calendar",
    "document_weekday": "calendar",
    "document_day_of_month": "calendar",
    "month_end_share": "calendar",
}
"""Which reason a feature's contribution is added to; an attribute is its own reason, coded attribute:name. Where a
stretch lies is no reason of an item: those features are in none."""


def from_contributions(rows: pl.DataFrame, names: Sequence[str], contributions: Floats) -> pl.DataFrame:
    """`reasons` per row from what a model's features contributed, positive towards paying late."""
    own = [name for name in names if name in OF_FEATURE or name not in STRETCH_FEATURES]
    codes = {name: OF_FEATURE.get(name, f"attribute:{name}") for name in own}
    weights = {
        code: contributions[:, [names.index(name) for name in own if codes[name] == code]].sum(axis=1)
        for code in dict.fromkeys(codes.values())
    }
    # an item's own age is a reason once it is overdue
    weights["age"] = np.where(rows["days_to_due"].to_numpy() < 0, weights["age"], 0.0)
    # who has never paid has no days of payments, and who has paid often is not new
    paid = rows["paid_count"].to_numpy()
    for code in ("days_late", "recent", "silence"):
        weights[code] = np.where(paid > 0, weights[code], 0.0)
    # nothing is usual of who has no documents to compare with
    weights["amount"] = np.where(rows["amount_to_usual"].is_not_null().to_numpy(), weights["amount"], 0.0)
    weights["late_share"] = np.where(rows["due_count"].to_numpy() > 0, weights["late_share"], 0.0)
    weights["new_customer"] = np.where(paid <= NEW_UNTIL, weights["new_customer"], 0.0)
    return _strongest(rows, weights)


def from_history(rows: pl.DataFrame) -> pl.DataFrame:
    """`reasons` per row from the terms of the history: differences of log-odds, and days against the spread."""
    column = {name: rows[name].fill_null(0.0).to_numpy().astype(np.float64) for name in _READ}
    base = _log_odds(column["company_late_share"])
    own = _log_odds(column["late_share"])
    spread = np.maximum(column["spread_days_late"], 3.0)
    weights = {
        "late_share": np.where(column["due_count"] > 0, own - base, 0.0),
        "weekday": _log_odds(column["weekday_late_share"]) - own,
        "terms": 0.5 * (_log_odds(column["terms_late_share"]) - base),
        "recent": np.where(column["paid_count"] >= 5, column["trend_days_late"] / spread, 0.0),
        "overdue": np.log1p(column["overdue_oldest_days"]) / 3,
        "age": np.log1p(np.maximum(-column["days_to_due"], 0.0)) / 2,
        "amount": np.abs(column["amount_to_usual"]) / 4,
        # always there, and said when nothing else is to be said
        "company": np.full(rows.height, 0.01),
    }
    return _strongest(rows, weights)


_READ = (
    "company_late_share",
    "late_share",
    "spread_days_late",
    "weekday_late_share",
    "terms_late_share",
    "paid_count",
    "due_count",
    "trend_days_late",
    "overdue_oldest_days",
    "days_to_due",
    "amount_to_usual",
)


def _log_odds(share: Floats) -> Floats:
    inside = np.clip(share, 0.01, 0.99)
    return np.asarray(np.log(inside / (1.0 - inside)))


def _strongest(rows: pl.DataFrame, weights: dict[str, Floats]) -> pl.DataFrame:
    """The strongest reasons of each row, in order: item, reasons (list of code, direction, values)."""
    codes = list(weights)
    table = np.stack([weights[code] for code in codes], axis=1)
    order = np.argsort(-np.abs(table), axis=1, kind="stable")[:, :MOST_REASONS]
    weight = np.take_along_axis(table, order, axis=1)
    told, places = [], []
    for at, code in enumerate(codes):
        # values are put into words for the few rows that name the code
        row, rank = np.nonzero((order == at) & (np.abs(weight) > 1e-9))
        values = _values(code)
        told.append(
            rows.select(sorted(set(values.meta.root_names())))[row].select(
                pl.lit(code).alias("code"),
                pl.Series("is_towards_late", weight[row, rank] > 0),
                values.alias("values"),
            )
        )
        places.append(row * MOST_REASONS + rank)
    placed = np.concatenate(places)
    in_order = np.argsort(placed)
    reasons = (
        pl.concat(told)[in_order]
        .select(
            pl.Series("row", placed[in_order] // MOST_REASONS).set_sorted(),
            reasons=pl.struct("code", "is_towards_late", "values"),
        )
        .group_by("row", maintain_order=True)
        .agg("reasons")
    )
    named = rows.select("item").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return named.join(reasons, on="row", how="left", maintain_order="left").drop("row")


def _values(code: str) -> pl.Expr:
    """The values of a reason as text, name=value, separated by semicolons."""

    def share(column: str) -> pl.Expr:
        return pl.col(column).round(3).cast(pl.String)

    def whole(expression: pl.Expr) -> pl.Expr:
        return expression.round(0).cast(pl.Int64).cast(pl.String)

    # a reader will count: the share of the customer's own items, without the company's that stand beside them
    count = pl.col("due_count")
    own_share = (
        pl.col("late_share") * (count + SHRINKAGE) - SHRINKAGE * pl.col("company_late_share")
    ) / count
    none = pl.lit("")
    known: dict[str, list[tuple[str, pl.Expr]]] = {
        "late_share": [("share", own_share.round(3).cast(pl.String)), ("items", whole(pl.col("due_count")))],
        "days_late": [
            ("days", pl.col("median_days_late").round(1).cast(pl.String)),
            ("items", whole(pl.min_horizontal("paid_count", pl.lit(MEDIAN_OF)))),
        ],
        "recent": [("days", pl.col("last_5_days_late").round(1).cast(pl.String))],
        "weekday": [("weekday", whole(pl.col("due_weekday"))), ("share", share("weekday_late_share"))],
        "overdue": [
            ("items", whole(pl.col("overdue_count"))),
            ("days", whole(pl.col("overdue_oldest_days"))),
        ],
        "age": [("days", whole(-pl.col("days_to_due").clip(upper_bound=0)))],
        "amount": [("factor", pl.col("amount_to_usual").exp().round(2).cast(pl.String))],
        "terms": [("share", share("terms_late_share"))],
        "company": [("share", share("company_late_share"))],
        "silence": [("days", whole(pl.col("days_since_payment")))],
        "calendar": [("day", whole(pl.col("due_day_of_month"))), ("term", whole(pl.col("term_days")))],
        "open": [("items", whole(pl.col("open_count")))],
        "new_customer": [("items", whole(pl.col("paid_count")))],
    }
    if code.startswith("attribute:"):
        pairs = [("value", pl.col(code.removeprefix("attribute:")).cast(pl.String))]
    else:
        pairs = known[code]
    return pl.concat_str(
        [pl.concat_str([pl.lit(f"{name}="), value.fill_null(none)]) for name, value in pairs], separator=";"
    )
