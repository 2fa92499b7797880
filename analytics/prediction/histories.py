"""Histories: what was known of customers, companies, weekdays and terms at a set of moments.

Belongs here: from facts as known to counts, sums and last payments, each found once for all items that share it. Must
not: features of an item, shares, averages over companies (features).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER, Codes, Counts, Days, Floats, Sums, Values, place, placed

EARLIEST, LATEST = -45, 90
"""Days late are cut here before they are averaged: one forgotten item is no habit."""
MEDIAN_OF = 15
"""Payments of which the median is taken."""
WINDOWS = (30, 90)
"""What fell due in so many days is counted apart."""

CUSTOMER, COMPANY, WEEKDAY, TERMS = "customer", "company", "weekday", "terms"


@dataclass(frozen=True)
class History:
    """What was known by one key: a row of `table` for each of `places` (code, moment), which stand in order."""

    places: Codes
    table: pl.DataFrame

    def at(self, code: Codes, moment: Days) -> pl.DataFrame:
        """The row of each (code, moment).

        Raises:
            LookupError: one was not among the moments that the history was made for.
        """
        wanted = place(code, moment)
        rows = self.places.searchsorted(wanted)
        if not (np.append(self.places, -1)[rows] == wanted).all():
            raise LookupError(
                "a history is read at a moment that it was not made for: name it in the schedule."
            )
        return self.table[rows]


def keys_of(items: pl.DataFrame) -> dict[str, Codes]:
    """Per key a whole number for each of `items` (`Lives.items` with due_weekday)."""
    customer, company, terms = (items[name].to_numpy() for name in ("customer", "company", "terms"))
    return {
        CUSTOMER: customer,
        COMPANY: company,
        WEEKDAY: customer * 8 + items["due_weekday"].to_numpy(),
        TERMS: company * (terms.max(initial=0) + 1) + terms,
    }


def histories(
    items: pl.DataFrame, lives: Lives, keys: dict[str, Codes], moments: pl.DataFrame
) -> dict[str, History]:
    """Everything that is kept, by each key.

    Args:
        items: `Lives.items` with due_weekday and amount_log, one for each item of `lives`.
        moments: item, moment.
    """
    item, moment = moments["item"].to_numpy(), moments["moment"].to_numpy()
    paid, due = _Paid.of(items, lives), _Due.of(items, lives)
    found = {}
    for by, codes in keys.items():
        places = np.unique(place(codes[item], moment))
        code, evening = placed(places)
        columns: dict[str, Floats | pl.Series] = {**due.until(by, codes, code, evening)}
        columns |= paid.until(by, codes, code, evening)
        if by == CUSTOMER:
            columns |= _open(items, lives, codes, code, evening)
        table = pl.DataFrame(columns)
        if by == CUSTOMER:
            table = table.hstack(paid.last(codes, code, evening))
        found[by] = History(places, table)
    return found


def _standing(code: Codes, begins: Days, ends: Days, values: Values) -> Sums:
    """Sums of events that count from the day on which they begin until that on which they end."""
    ended = ends < NEVER
    return Sums(
        np.concatenate([code, code[ended]]),
        np.concatenate([begins, ends[ended]]),
        {name: np.concatenate([value, -value[ended]]) for name, value in values.items()},
    )


@dataclass(frozen=True)
class _Paid:
    """Settled items, from the evening on which each settlement was learnt until it was undone."""

    rows: pl.DataFrame
    item: Codes

    @classmethod
    def of(cls, items: pl.DataFrame, lives: Lives) -> "_Paid":
        paid = lives.spans.filter("is_payment")
        item = paid["item"].to_numpy()
        rows = paid.hstack(items.select("due", "amount_log")[item]).with_columns(
            days_late=(pl.col("paid_on") - pl.col("due")).clip(EARLIEST, LATEST)
        )
        return cls(rows, item)

    @cached_property
    def values(self) -> Values:
        late = self.rows["days_late"].to_numpy()
        # paid in the last days of a month or the first three of the next
        day_of_month = self.rows["paid_on"].cast(pl.Int32).cast(pl.Date).dt.day().to_numpy()
        return {
            "count": np.ones(len(late), dtype=np.int8),
            "days_late": late,
            "squares": late**2,
            "is_late_30": (late > 30).astype(np.int8),
            "at_month_end": ((day_of_month < 4) | (day_of_month > 25)).astype(np.int8),
        }

    def until(self, by: str, codes: Codes, code: Codes, evening: Days) -> dict[str, Floats]:
        """Sums of what had been learnt by each evening, of the values that are kept by this key."""
        if by == TERMS:
            return {}
        names = ("count", "days_late") if by == WEEKDAY else tuple(self.values)
        begins, ends = self.rows["closed"].to_numpy(), self.rows["reopened"].to_numpy()
        sums = _standing(codes[self.item], begins, ends, {name: self.values[name] for name in names})
        return {f"{_PREFIX[by]}paid_{name}": found for name, found in sums.at(code, evening).items()}

    def last(self, codes: Codes, code: Codes, evening: Days) -> pl.DataFrame:
        """Habits of the last settlements of a customer, in the order in which they were learnt; one undone later was
        a habit until then."""
        places = place(codes[self.item], self.rows["closed"].to_numpy())
        # of one evening by the day of payment, then by item
        order = np.lexsort((self.rows["paid_on"].to_numpy(), places))
        ordered = self.rows[order].with_columns(
            pl.Series("customer", codes[self.item[order]]).set_sorted(),
            pl.col("days_late").cast(pl.Float64),
            is_late=(pl.col("days_late") > 0).cast(pl.Float64),
        )
        places = places[order]
        at = places.searchsorted(place(code, evening), side="right") - 1
        is_known = at >= places.searchsorted(place(code, -NEVER))
        rows = pl.Series(at).set(pl.Series(~is_known), None)
        return ordered.select(**_last_payments()).select(pl.all().gather(rows))


def _last_payments() -> dict[str, pl.Expr]:
    """Per settlement what the last ones of its customer were like, itself included."""

    def rolling(expression: pl.Expr) -> pl.Expr:
        return expression.over("customer")

    late, is_late = pl.col("days_late"), pl.col("is_late")
    return {
        "last_days_late": late,
        "last_3_days_late": rolling(late.rolling_mean(3, min_samples=1)),
        "last_5_days_late": rolling(late.rolling_mean(5, min_samples=1)),
        "last_10_days_late": rolling(late.rolling_mean(10, min_samples=1)),
        "median_days_late": rolling(late.rolling_median(MEDIAN_OF, min_samples=1)),
        "longest_days_late": rolling(late.rolling_max(10, min_samples=1)),
        "last_10_late_share": rolling(is_late.rolling_mean(10, min_samples=1)),
        "recent_days_late": rolling(late.ewm_mean(half_life=8)),
        "recent_late_share": rolling(is_late.ewm_mean(half_life=15)),
        "usual_amount_log": rolling(pl.col("amount_log").rolling_mean(30, min_samples=1)),
        "last_payment": pl.col("closed"),
        "tenth_last_payment": rolling(pl.col("paid_on").shift(9)),
    }


_PREFIX = {CUSTOMER: "", COMPANY: "company_", WEEKDAY: "weekday_", TERMS: "terms_"}
"""What the columns of a key begin with."""


@dataclass(frozen=True)
class _Due:
    """Who paid by the due date: judged on its evening, so items still unpaid count at once.

    Habits of settled items alone flatter a customer who stops paying: what is not paid is not in them (accounting G2).

    judged: per item the evening on which it counts, and as late at first.
    item, punctual, undone: items paid by the due date, which are not late from the evening `punctual` on, on which that
        was known, until the payment was undone.
    """

    judged: Days
    item: Codes
    punctual: Days
    undone: Days

    @classmethod
    def of(cls, items: pl.DataFrame, lives: Lives) -> "_Due":
        due = items["due"].to_numpy()
        judged = np.maximum(due, items["created"].to_numpy())
        item, undone = lives.spans["item"].to_numpy(), lives.spans["reopened"].to_numpy()
        in_time = (lives.spans["paid_on"].to_numpy() <= due[item]) & (undone > judged[item])
        item = item[in_time]
        punctual = np.maximum(lives.spans["closed"].to_numpy()[in_time], judged[item])
        return cls(judged, item, punctual, undone[in_time])

    def until(self, by: str, codes: Codes, code: Codes, evening: Days) -> dict[str, Floats]:
        """How many items had fallen due by each evening, and how many of them were late as then known."""
        of_item = codes[self.item]
        judged = Counts(codes, self.judged)
        punctual, undone = Counts(of_item, self.punctual), Counts(of_item, self.undone)
        in_all = judged.at(code, evening)
        in_time = punctual.at(code, evening) - undone.at(code, evening)
        found = {f"{_PREFIX[by]}due_count": in_all, f"{_PREFIX[by]}due_late": in_all - in_time}
        if by != CUSTOMER:
            return found
        for days in WINDOWS:
            # an item leaves the window with all that was learnt of it, and what is learnt later is not in it
            leaves = self.judged[self.item] + days
            left = Counts(of_item, np.maximum(self.punctual, leaves)).at(code, evening)
            left -= Counts(of_item, np.maximum(self.undone, leaves)).at(code, evening)
            within = in_all - judged.at(code, evening - days)
            found |= {f"due_{days}_count": within, f"due_{days}_late": within - (in_time - left)}
        return found


def _open(
    items: pl.DataFrame, lives: Lives, codes: Codes, code: Codes, evening: Days
) -> dict[str, Floats | pl.Series]:
    """What customers had open and overdue on each evening, and since when the oldest overdue item was."""
    stretches = lives.open_stretches
    item, ends = stretches["item"].to_numpy(), stretches["ends"].to_numpy()
    due, cents = items["due"].to_numpy(), np.rint(items["amount"].to_numpy() * 100)
    found: dict[str, Floats | pl.Series] = {}
    for prefix, late_by in (("open_", None), ("overdue_", 1), ("overdue_30_", 31)):
        since = stretches["begins"].to_numpy()
        if late_by is not None:
            since = np.maximum(since, due[item] + late_by)
        seen = since < ends
        own, begins, until = item[seen], since[seen], ends[seen]
        values = {"count": np.ones(len(own), dtype=np.int8)}
        if prefix != "overdue_30_":
            values["cents"] = cents[own]
        if prefix == "overdue_":
            values["due"] = due[own]
            found["overdue_since"] = _oldest(codes[own], begins, until, code, evening)
        sums = _standing(codes[own], begins, until, values)
        found |= {prefix + name: summed for name, summed in sums.at(code, evening).items()}
    return found


def _oldest(of: Codes, since: Days, ends: Days, code: Codes, evening: Days) -> pl.Series:
    """Since when the oldest overdue item of each code is so on each evening; null when nothing is.

    In order of the day from which they are overdue, the first item still open at a moment is the first whose
    highest end so far lies after the moment; highest ends only rise, so that it is found by bisection.
    """
    order = np.argsort(place(of, since))
    highest = np.maximum.accumulate(place(of[order], ends[order]))
    first = highest.searchsorted(place(code, evening + 1))
    is_own = np.append(of[order], -1)[first] == code
    return pl.Series(np.append(since[order], NEVER)[first]).set(pl.Series(~is_own), None)
