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

import numpy as np
import polars as pl

from analytics.prediction.contract import PAYMENT_KINDS, Attribute
from analytics.prediction.running import NEVER, Codes, Floats, firsts, lasts, place

EPSILON = 0.005
"""Half a cent: an item is closed when less than this is left."""
OF_A_PAST_DAY = ("item", "company", "customer", "line", "created", "document", "due", "amount")
"""What is asked of items as known on a past day; of millions every further column would be there twice."""


@dataclass(frozen=True)
class Lives:
    """Facts as known, in whole days.

    items: item, open_item_id, company, customer, terms, line, company_code, currency, created, document, due, amount,
        and the attributes, in the order of `item`, which is that of company and id. `created` is the day on which the
        item was learnt of, `line` its line of the cash forecast, `draw` a hash of its id (schedule.sampled).
    spans: item, closed, reopened, paid_on, is_payment, in the order of the first two: from the evening of `closed`
        until that of `reopened` (NEVER: to this day) the item was known to be settled, by a payment of `paid_on` or
        otherwise.
    balances: item, day, settled, in that order: what had been settled in all by the evening of each day.
    payments: item, settled_on, amount, paid, learnt, undone: each settlement; `paid` tells payments from other kinds.
    lines: line, company_code, currency: what has a cash forecast.
    """

    items: pl.DataFrame
    spans: pl.DataFrame
    balances: pl.DataFrame
    payments: pl.DataFrame
    lines: pl.DataFrame
    exclusions: pl.DataFrame
    today: int

    def at(self, day: int) -> "Lives":
        """The same, as it was known on the evening of `day`; of `items` the columns `OF_A_PAST_DAY`."""
        held = pl.when(pl.col("reopened") <= day).then("reopened").otherwise(NEVER)
        items = self.items.select(OF_A_PAST_DAY).filter(pl.col("created") <= day)
        return Lives(
            items=items,
            spans=self.spans.filter(pl.col("closed") <= day).with_columns(reopened=held),
            balances=self.balances.filter(pl.col("day") <= day),
            payments=self.payments.filter(pl.col("learnt") <= day),
            lines=self.lines.filter(pl.col("line").is_in(items["line"].unique().implode())),
            exclusions=self.exclusions,
            today=day,
        )

    def of_items(self, item: Codes, columns: Sequence[str]) -> pl.DataFrame:
        """`columns` of `items`, one row for each of `item`, all of which must be known."""
        own = self.items["item"].to_numpy()
        # where none is left out an item is its own row
        is_whole = len(own) > 0 and own[-1] == len(own) - 1
        return self.items.select(columns)[item if is_whole else own.searchsorted(item)]

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
        """item, closed, paid_on, is_payment of every item as known today; NEVER where it is open."""
        return self.outcomes_of(self.items["item"].to_numpy())

    def outcomes_of(self, item: Codes) -> pl.DataFrame:
        """The same, a row for each of `item`."""
        held = self._held
        own = held["item"].to_numpy()
        at = own.searchsorted(item)
        is_closed = np.append(own, -1)[at] == item
        found = held[np.where(is_closed, at, 0)] if held.height else held.clear(len(item))
        return found.select(
            pl.Series("item", item),
            *(
                pl.when(pl.Series(is_closed)).then(name).otherwise(otherwise).alias(name)
                for name, otherwise in (("closed", NEVER), ("paid_on", NEVER), ("is_payment", False))
            ),
        )

    @cached_property
    def _held(self) -> pl.DataFrame:
        """Spans that hold to this day: one per item at most."""
        return self.spans.filter(pl.col("reopened") == NEVER)

    @cached_property
    def cash(self) -> pl.DataFrame:
        """Payments that hold as known: item, settled_on, amount, learnt."""
        return self.payments.filter("paid", pl.col("undone") > self.today).select(
            "item", "settled_on", "amount", "learnt"
        )

    @cached_property
    def open_stretches(self) -> pl.DataFrame:
        """item, begins, ends: the item was known as open from the evening of `begins` until that of `ends`."""
        again = self.spans.filter(pl.col("reopened") < NEVER)
        item = np.concatenate([self.items["item"].to_numpy(), again["item"].to_numpy()])
        begins = np.concatenate([self.items["created"].to_numpy(), again["reopened"].to_numpy()])
        if again.height:
            order = np.argsort(place(item, begins))
            item, begins = item[order], begins[order]
        closing, closed = self.spans["item"].to_numpy(), self.spans["closed"].to_numpy()
        at = place(closing, closed).searchsorted(place(item, begins))
        is_closed = np.append(closing, -1)[at] == item
        ends = np.where(is_closed, np.append(closed, NEVER)[at], NEVER)
        return pl.DataFrame({"item": item, "begins": begins, "ends": ends})


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
    undated = held["due_date"].null_count()
    if undated:
        held = held.filter(pl.col("due_date").is_not_null())
    known = held[_order(held)].select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("item"),
        "open_item_id",
        "company_code",
        "currency",
        "company",
        "customer",
        "terms",
        "line",
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
    balances = _balances(payments)
    spans = _spans(known["amount"].to_numpy(), balances, payments)
    is_prepaid = pl.col("is_payment") & (pl.col("paid_on") < known["document"][spans["item"]])
    spans = spans.with_columns(is_prepaid=is_prepaid)
    exclusions = pl.DataFrame(
        {
            "reason": ["no due date", "paid before it was issued", "settled otherwise than by payment"],
            "items": [
                undated,
                spans.filter("is_prepaid")["item"].n_unique(),
                spans.filter(~pl.col("is_payment"))["item"].n_unique(),
            ],
        },
        schema={"reason": pl.String, "items": pl.Int64},
    )
    spans = spans.with_columns(is_payment=pl.col("is_payment") & ~pl.col("is_prepaid")).drop("is_prepaid")
    lines = known.select("line", "company_code", "currency").unique("line", keep="any").sort("line")
    return Lives(known, spans, balances, payments, lines, exclusions, today)


def with_remaining(rows: pl.DataFrame, lives: Lives) -> pl.DataFrame:
    """`rows` (item, moment) with `remaining`: the amount still open that evening, as then known."""
    item, moment = rows["item"].to_numpy(), rows["moment"].to_numpy()
    own, day = lives.balances["item"].to_numpy(), lives.balances["day"].to_numpy()
    at = place(own, day).searchsorted(place(item, moment), side="right") - 1
    is_begun = np.append(own, -1)[at] == item
    settled = np.where(is_begun, np.append(lives.balances["settled"].to_numpy(), 0.0)[at], 0.0)
    amount = lives.of_items(item, ["amount"])["amount"].to_numpy()
    remaining = np.maximum(amount - settled, 0.0)
    return rows.with_columns(remaining=pl.Series(remaining))[np.argsort(place(item, moment))]


def known_column(attribute: Attribute) -> str:
    """Where `Lives.items` keeps the day on which the attribute of an item was learnt; null: with the item."""
    return f"{attribute.column}__known"


def encode(items: pl.DataFrame) -> pl.DataFrame:
    """`items` with whole numbers for company, customer, terms, line of cash and id, the same in every cut by
    knowledge."""
    coded = items.with_columns(
        company=_code(items["company_code"]),
        customer=_code(items["customer_id"]),
        terms=_code(items["payment_terms"].fill_null("")),
        draw=pl.col("open_item_id").hash(seed=0),
    )
    currency = _code(items["currency"].fill_null("")).to_numpy()
    line = coded["company"].to_numpy() * (currency.max(initial=0) + 1) + currency
    known = pl.Series(line).unique().sort().to_numpy()
    return coded.with_columns(line=pl.Series(known.searchsorted(line), dtype=pl.Int64))


def _code(texts: pl.Series) -> pl.Series:
    """Whole numbers from 1 in the order of the texts, the same for the same text."""
    known = texts.unique().sort()
    return texts.cast(pl.Enum(known)).to_physical().cast(pl.Int64) + 1


def _order(items: pl.DataFrame) -> Codes:
    """The rows of `items` by company and id."""
    by_id = items["open_item_id"].arg_sort().to_numpy()
    return np.asarray(by_id[np.argsort(items["company"].to_numpy()[by_id], kind="stable")], dtype=np.int64)


def _balances(payments: pl.DataFrame) -> pl.DataFrame:
    """The running sum of what was settled of each item: item, day, settled."""
    undone = payments.filter(pl.col("undone") < NEVER)
    item = np.concatenate([payments["item"].to_numpy(), undone["item"].to_numpy()])
    day = np.concatenate([payments["learnt"].to_numpy(), undone["undone"].to_numpy()])
    amount = np.concatenate([payments["amount"].to_numpy(), -undone["amount"].to_numpy()])
    places = place(item, day)
    order = np.argsort(places)
    item, day = item[order], day[order]
    # in whole cents: the order of what was learnt on one day does not matter then
    cents = np.cumsum(np.rint(amount[order] * 100))
    begins = np.flatnonzero(firsts(item))
    before = np.repeat(np.append(0.0, cents)[begins], np.diff(np.append(begins, len(item))))
    is_evening = lasts(places[order])
    return pl.DataFrame(
        {"item": item, "day": day, "settled": (cents - before) / 100},
        schema={"item": pl.Int64, "day": pl.Int64, "settled": pl.Float64},
    ).filter(pl.Series(is_evening))


def _spans(amount: Floats, balances: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """When each item was known to be settled in full, and by what.

    Args:
        amount: of each item, by its number.
    """
    item, day = balances["item"].to_numpy(), balances["day"].to_numpy()
    is_closed = balances["settled"].to_numpy() > amount[item] - EPSILON
    was_closed = np.append(False, is_closed[:-1]) & ~firsts(item)
    turns = is_closed != was_closed
    item, day, is_closed = item[turns], day[turns], is_closed[turns]
    # the turns of an item alternate: what follows a closing is that it is open again
    reopened = np.where(np.append(item[1:], -1) == item, np.append(day[1:], NEVER), NEVER)
    item, closed, reopened = item[is_closed], day[is_closed], reopened[is_closed]
    # every settlement of the item beside each of its spans, of which those count that held when it closed
    order = np.argsort(payments["item"].to_numpy(), kind="stable")
    ordered = payments["item"].to_numpy()[order]
    begins = ordered.searchsorted(item)
    count = ordered.searchsorted(item, side="right") - begins
    span = np.repeat(np.arange(len(item)), count)
    within = np.arange(len(span)) - np.repeat(np.cumsum(count) - count, count)
    beside = payments[order[begins[span] + within]]
    holds = (beside["learnt"].to_numpy() <= closed[span]) & (beside["undone"].to_numpy() > closed[span])
    beside, span = beside.filter(pl.Series(holds)), span[holds]
    groups = np.flatnonzero(firsts(span))
    cents = np.rint(beside["amount"].to_numpy() * 100)
    paid = np.where(beside["paid"].to_numpy(), cents, 0.0)
    told = span[groups]
    return pl.DataFrame(
        {
            "item": item[told],
            "closed": closed[told],
            "reopened": reopened[told],
            "paid_on": np.maximum.reduceat(beside["settled_on"].to_numpy(), groups),
            "is_payment": np.add.reduceat(paid, groups) * 2 >= np.add.reduceat(cents, groups),
        },
        schema=_SPANS,
    )


_SPANS = {**dict.fromkeys(("item", "closed", "reopened", "paid_on"), pl.Int64), "is_payment": pl.Boolean}


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date).cast(pl.Int32).cast(pl.Int64)


def _learnt(column: str, today: int) -> pl.Expr:
    return _day(column).clip(upper_bound=today)


def _as_day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
