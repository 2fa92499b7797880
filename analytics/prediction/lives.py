"""Lives: what was known of each item, and when: created, closed, opened again.

Belongs here: the cut by knowledge, the days on which an item was learnt to be closed and by what, what is left out and
counted. Must not: features, labels of a horizon.

Two days tell of a payment: its own (`paid_on`), which says how late it was, and the day on which it was learnt
(`closed`), from which on it may be used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import polars as pl

from analytics.prediction.contract import PAYMENT_KINDS, Attribute
from analytics.prediction.running import NEVER

EPSILON = 0.005
"""Half a cent: an item is closed when less than this is left."""


@dataclass(frozen=True)
class Lives:
    """Facts as known, in whole days.

    items: item, open_item_id, company, customer, terms, company_code, currency, created, document, due, amount, and the
        attributes. `created` is the day on which the item was learnt of, `draw` a hash of its id (schedule.sampled).
    spans: item, closed, reopened, paid_on, is_payment: from the evening of `closed` until that of `reopened` (NEVER: to
        this day) the item was known to be settled, by a payment of `paid_on` or otherwise.
    balances: item, day, settled: what had been settled in all by the evening of each day.
    payments: item, settled_on, amount, paid, learnt, undone: each settlement; `paid` tells payments from other kinds.
    """

    items: pl.DataFrame
    spans: pl.DataFrame
    balances: pl.DataFrame
    payments: pl.DataFrame
    exclusions: pl.DataFrame
    today: int

    def at(self, day: int) -> "Lives":
        """The same, as it was known on the evening of `day`."""
        held = pl.when(pl.col("reopened") <= day).then("reopened").otherwise(NEVER)
        return Lives(
            items=self.items.filter(pl.col("created") <= day),
            spans=self.spans.filter(pl.col("closed") <= day).with_columns(reopened=held),
            balances=self.balances.filter(pl.col("day") <= day),
            payments=self.payments.filter(pl.col("learnt") <= day),
            exclusions=self.exclusions,
            today=day,
        )

    def open_on(self, days: Sequence[int]) -> pl.DataFrame:
        """item, moment: what was known as open on the evening of each of `days`.

        One pass over the items per day: for the few days of a back-test, never for every one.
        """
        stretches = self.open_stretches
        found = [
            stretches.filter(pl.col("begins") <= day, pl.col("ends") > day).select(
                "item", moment=pl.lit(day, dtype=pl.Int64)
            )
            for day in days
        ]
        return pl.concat(found) if found else pl.DataFrame(schema={"item": pl.Int64, "moment": pl.Int64})

    def outcomes(self) -> pl.DataFrame:
        """item, closed, paid_on, is_payment as known today; NEVER where the item is open."""
        held = self.spans.filter(pl.col("reopened") == NEVER).drop("reopened")
        return (
            self.items.select("item")
            .join(held, on="item", how="left", maintain_order="left")
            .with_columns(pl.col("closed", "paid_on").fill_null(NEVER), pl.col("is_payment").fill_null(False))
        )

    @cached_property
    def open_stretches(self) -> pl.DataFrame:
        """item, begins, ends: the item was known as open from the evening of `begins` until that of `ends`."""
        first = self.items.select("item", begins="created")
        again = self.spans.filter(pl.col("reopened") < NEVER).select("item", begins="reopened")
        stretches = pl.concat([first, again]).sort("begins", "item")
        closings = self.spans.select("item", ends="closed").sort("ends", "item")
        return (
            stretches.join_asof(
                closings.with_columns(met="ends"),
                left_on="begins",
                right_on="met",
                by="item",
                strategy="forward",
                check_sortedness=False,
            )
            .drop("met", strict=False)
            .with_columns(pl.col("ends").fill_null(NEVER))
            .sort("item", "begins")
        )


def known_lives(
    items: pl.DataFrame,
    settlements: pl.DataFrame,
    *,
    as_of: date,
    knowledge: datetime,
    attributes: tuple[Attribute, ...] = (),
) -> Lives:
    """Everything known at `knowledge` of what happened up to `as_of`; `items` as `encode` returns them.

    What happened by `as_of` but was learnt only between `as_of` and `knowledge` counts as learnt on `as_of`.
    """
    today = _as_day(as_of)
    held = items.filter(pl.col("known_from") <= knowledge, pl.col("document_date") <= as_of)
    known = (
        held.sort("company_code", "open_item_id")
        .with_row_index("item")
        .select(
            pl.col("item").cast(pl.Int64),
            "open_item_id",
            "company_code",
            "currency",
            "company",
            "customer",
            "terms",
            "draw",
            created=_learnt("known_from", today),
            document=_day("document_date"),
            due=_day("due_date"),
            amount=pl.col("amount").cast(pl.Float64),
            **{attribute.column: pl.col(attribute.column).cast(pl.Float64) for attribute in attributes},
            **{
                known_column(attribute): pl.lit(None, dtype=pl.Int64)
                if attribute.known_from is None
                else _day(attribute.known_from).fill_null(NEVER)
                for attribute in attributes
            },
        )
    )
    payments = (
        settlements.filter(pl.col("known_from") <= knowledge, pl.col("settled_on") <= as_of)
        .join(known.select("open_item_id", "item", "created"), on="open_item_id")
        .select(
            "item",
            settled_on=_day("settled_on"),
            amount=pl.col("amount").cast(pl.Float64),
            paid=pl.col("settled_kind").is_in(PAYMENT_KINDS),
            # nothing is known of an item before the item is
            learnt=pl.max_horizontal(_learnt("known_from", today), "created"),
            undone=pl.when(pl.col("known_to") <= knowledge)
            .then(_learnt("known_to", today))
            .otherwise(None)
            .fill_null(NEVER),
        )
        .filter(pl.col("undone") > pl.col("learnt"))
    )
    undated = known.filter(pl.col("due").is_null())
    known = known.filter(pl.col("due").is_not_null())
    payments = payments.join(known.select("item"), on="item", how="semi")
    spans, balances = _spans(known, payments)
    dated = spans.join(known.select("item", "document"), on="item", how="left", maintain_order="left")
    is_prepaid = pl.col("is_payment") & (pl.col("paid_on") < pl.col("document"))
    exclusions = pl.DataFrame(
        {
            "reason": ["no due date", "paid before it was issued", "settled otherwise than by payment"],
            "items": [
                undated.height,
                dated.filter(is_prepaid)["item"].n_unique(),
                dated.filter(~pl.col("is_payment"))["item"].n_unique(),
            ],
        },
        schema={"reason": pl.String, "items": pl.Int64},
    )
    spans = dated.with_columns(is_payment=pl.col("is_payment") & ~is_prepaid).drop("document")
    return Lives(
        items=known, spans=spans, balances=balances, payments=payments, exclusions=exclusions, today=today
    )


def with_remaining(rows: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """`rows` (item, moment) with `remaining`: the amount still open that evening, as then known."""
    amounts = rows.join(lives.items.select("item", "amount"), on="item").sort("moment", "item")
    joined = amounts.join_asof(
        lives.balances.join(rows.select("item").unique(), on="item", how="semi").sort("day", "item"),
        left_on="moment",
        right_on="day",
        by="item",
        strategy="backward",
        check_sortedness=False,
    )
    return (
        joined.with_columns(remaining=(pl.col("amount") - pl.col("settled").fill_null(0.0)).clip(0.0))
        .select(*rows.columns, "remaining")
        .sort("item", "moment")
    )


def known_column(attribute: Attribute) -> str:
    """Where `Lives.items` keeps the day on which the attribute of an item was learnt; null: with the item."""
    return f"{attribute.column}__known"


def encode(items: pl.DataFrame) -> pl.DataFrame:
    """`items` with whole numbers for company, customer, terms and id, the same in every cut by knowledge."""
    return items.with_columns(
        company=_code("company_code"),
        customer=_code("customer_id"),
        terms=pl.col("payment_terms").fill_null("").rank("dense").cast(pl.Int64),
        draw=pl.col("open_item_id").hash(seed=0),
    )


def _spans(items: pl.DataFrame, payments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """When each item was known to be settled in full, and the running sum of what was settled."""
    moves = pl.concat(
        [
            payments.select("item", day="learnt", amount="amount"),
            payments.filter(pl.col("undone") < NEVER).select("item", day="undone", amount=-pl.col("amount")),
        ]
    )
    balances = (
        moves.group_by("item", "day")
        .agg(cents=(pl.col("amount") * 100).round().sum())
        .sort("item", "day")
        .select("item", "day", settled=pl.col("cents").cum_sum().over("item") / 100)
    )
    turns = (
        balances.join(items.select("item", "amount"), on="item", maintain_order="left")
        .with_columns(is_closed=pl.col("settled") > pl.col("amount") - EPSILON)
        .filter(pl.col("is_closed") != pl.col("is_closed").shift(1).over("item").fill_null(False))
        .with_columns(reopened=pl.col("day").shift(-1).over("item").fill_null(NEVER))
        .filter("is_closed")
        .select("item", closed="day", reopened="reopened")
    )
    holding = (
        turns.join(payments, on="item")
        .filter(pl.col("learnt") <= pl.col("closed"), pl.col("undone") > pl.col("closed"))
        .group_by("item", "closed")
        .agg(
            paid_on=pl.col("settled_on").max(),
            is_payment=pl.col("amount").filter("paid").sum() * 2 >= pl.col("amount").sum(),
        )
    )
    spans = turns.join(holding, on=["item", "closed"]).sort("item", "closed")
    return spans, balances


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date).cast(pl.Int32).cast(pl.Int64)


def _learnt(column: str, today: int) -> pl.Expr:
    return _day(column).clip(upper_bound=today)


def _code(column: str) -> pl.Expr:
    return pl.col(column).rank("dense").cast(pl.Int64)


def _as_day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
