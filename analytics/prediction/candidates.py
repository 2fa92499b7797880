"""Candidates without trees: the due date, the customer's habits, and the roll rate by due week.

Belongs here: what each makes of the facts. Must not: choosing among them. All give payment curves, so they are scored
alike, and fall back on each other.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.prediction.calendar import Calendar
from analytics.prediction.curve import (
    LAST_LENGTH,
    STARTS,
    STRETCHES,
    Ahead,
    Curves,
    Days,
    Floats,
    stretch_of,
)
from analytics.prediction.habits import Habits, Payments, weeks_around_due
from analytics.prediction.lives import Lives

ROLL_WEIGHT = 15.0
"""Items of the company at risk in a due week that stand beside a customer's own."""
DAY_WEIGHT = 8.0
"""The same for a single stretch, beside the rate of its week."""
ROLL_DAYS = 365
"""Only what was open in the last year tells of today's rates."""


@dataclass(frozen=True)
class View:
    """Rows (item, moment) with their features, habits and stretches ahead: what every candidate predicts from."""

    rows: pl.DataFrame
    habits: Habits
    ahead: Ahead
    due: Days
    moment: Days
    calendar: Calendar | None

    @classmethod
    def of(cls, rows: pl.DataFrame, payments: Payments, calendar: Calendar | None = None) -> "View":
        due, moment = rows["due"].to_numpy(), rows["moment"].to_numpy()
        return cls(rows, payments.habits(rows), Ahead.of(due, moment), due, moment, calendar)

    def curves(self, candidate: "Candidate") -> Curves:
        """What `candidate` says, with closed days."""
        company = self.rows["company"].to_numpy()
        return replace(candidate.curves(self), calendar=self.calendar, company=company)


class Candidate(Protocol):
    """Anything that turns a view into payment curves."""

    name: str

    def curves(self, view: View) -> Curves: ...


class DueDate:
    """Everybody pays on the due date; what is overdue, tomorrow."""

    name = "due_date"

    def curves(self, view: View) -> Curves:
        """One step from open to paid."""
        ahead = view.ahead
        step = np.maximum(0, ahead.first.min(axis=1, where=ahead.is_ahead, initial=10**9))
        hazards = (ahead.is_ahead & (ahead.last >= step[:, None])).astype(np.float64)
        return Curves.of_parts(view.due, view.moment, hazards, ahead=ahead)


class History:
    """The customer's own past payments, shrunken towards its company's: those later than today's age, scaled to 1."""

    name = "history"

    def curves(self, view: View) -> Curves:
        return Curves.of(view.due, view.moment, view.habits.hazards, ahead=view.ahead)


class RollRate:
    """The share of what was open at the beginning of a due week that was paid within it, per customer and company.

    Items still open count as open for as long as they were seen (Kaplan and Meier's estimate of a curve under right
    censoring), so young items bias nothing: they add to the stretches that they have lived through, and to no other.
    """

    name = "roll_rate"

    def __init__(self, lives: Lives) -> None:
        self._weeks = weeks_around_due()
        self._week_ids, self._week_of = np.unique(self._weeks, return_inverse=True)
        exposures = _Exposures.of(lives)
        paid, at_risk = exposures.by(exposures.company)
        everyone = _rates(paid.sum(axis=0), at_risk.sum(axis=0), np.full(STRETCHES, 0.05), 20.0)
        own = _rates(paid, at_risk, everyone[None, :], 20.0)
        # companies without any item yet pay like everyone
        self._company = np.concatenate([own, everyone[None, :]])
        self._customer_paid, self._customer_risk = exposures.by(exposures.customer)

    def curves(self, view: View) -> Curves:
        company = self._company[np.minimum(view.rows["company"].to_numpy(), len(self._company) - 1)]
        customer = view.rows["customer"].to_numpy()
        paid, at_risk = _read(self._customer_paid, customer), _read(self._customer_risk, customer)
        # within a week the company's pattern of days holds; the customer scales it as a whole: its payments of the week
        # against those that the company's rates would have given (a Poisson rate with a gamma prior)
        expected = -np.log1p(-company) * at_risk
        hazards = np.empty_like(company)
        for week in range(len(self._week_ids)):
            inside = self._week_of == week
            seen = paid[:, inside].sum(axis=1)
            due = expected[:, inside].sum(axis=1)
            weight = ROLL_WEIGHT * -np.log1p(-company[:, inside]).mean(axis=1)
            pace = (seen + weight) / (due + weight)
            hazards[:, inside] = 1.0 - np.power(1.0 - company[:, inside], pace[:, None])
        # and with enough items at risk the customer's own days show through
        hazards = _rates(paid, at_risk, hazards, DAY_WEIGHT)
        return Curves.of(view.due, view.moment, hazards, ahead=view.ahead)


@dataclass(frozen=True)
class _Exposures:
    """Items by the stretches in which they were seen open: from `begins` to `ends`, and whether paid in the last.

    ahead: the part of the first stretch that lay ahead. seen: the part of the last that was seen; of the one in which
        it was paid, the whole.
    """

    company: Days
    customer: Days
    begins: Days
    ends: Days
    is_paid: NDArray[np.bool_]
    ahead: Floats
    seen: Floats

    @classmethod
    def of(cls, lives: Lives) -> "_Exposures":
        since = lives.today - ROLL_DAYS
        known = lives.outcomes()
        created, due = lives.items["created"].to_numpy(), lives.items["due"].to_numpy()
        closed, paid_on, is_paid = (known[name].to_numpy() for name in ("closed", "paid_on", "is_payment"))
        end = np.where(is_paid, paid_on, np.minimum(closed, lives.today))
        # in days late: the first that is ahead, and the last that is known
        first, last = np.maximum(created, since + 1) - due, end - due
        # paid before it was known: nothing was ever open; closed otherwise: seen open until then
        lived = (closed > since) & (~is_paid | (paid_on >= created)) & (last >= first)
        company, customer = (lives.items[name].to_numpy()[lived] for name in ("company", "customer"))
        first, last, is_paid = first[lived], last[lived], is_paid[lived]
        begins, ends = stretch_of(first), stretch_of(last)
        # the last stretch has an end too, and what was paid after it is not told apart
        is_after = (ends == STRETCHES - 1) & (last - np.maximum(first, STARTS[-1]) >= LAST_LENGTH)
        is_paid = is_paid & ~is_after
        seen = np.where(is_paid, 1.0, _share_seen(np.maximum(first, STARTS[ends]), last, ends))
        return cls(company, customer, begins, ends, is_paid, _share_ahead(first, begins), seen)

    def by(self, code: Days) -> tuple[Floats, Floats]:
        """(code, stretch): payments, and items at risk: in the part of their first stretch that lay ahead, in all
        between, and in the part of their last that was seen."""
        count = int(code.max(initial=0)) + 1
        paid = _counted(code, self.ends, self.is_paid.astype(np.float64), count)
        is_one = self.begins == self.ends
        at_risk = _between(code, self.begins, self.ends, count)
        at_risk += _counted(code, self.begins, np.where(is_one, self.ahead * self.seen, self.ahead), count)
        at_risk += _counted(code[~is_one], self.ends[~is_one], self.seen[~is_one], count)
        return paid, at_risk


def _share_ahead(first: Days, stretch: Days) -> Floats:
    """The part of a stretch from the day `first` on; stretches without an end count whole."""
    length = np.append(STARTS[1:] - STARTS[:-1], 1)[stretch]
    is_whole = (stretch == 0) | (stretch == STRETCHES - 1)
    return np.asarray(np.where(is_whole, 1.0, 1.0 - (first - STARTS[stretch]) / length))


def _share_seen(first: Days, last: Days, stretch: Days) -> Floats:
    """The part of a stretch, from `first` to its end, that lies up to the day `last`."""
    end = np.where(stretch == STRETCHES - 1, first + LAST_LENGTH - 1, np.append(STARTS[1:] - 1, 0)[stretch])
    return np.asarray(np.clip((last - first + 1) / (end - first + 1), 0.0, 1.0))


def _counted(key: Days, stretch: Days, weight: Floats, keys: int) -> Floats:
    """Sums of `weight` by key and stretch."""
    summed = np.bincount(key * STRETCHES + stretch, weight, keys * STRETCHES)
    return np.asarray(summed.reshape(keys, STRETCHES))


def _between(key: Days, begins: Days, ends: Days, keys: int) -> Floats:
    """Items by key and stretch, of those strictly between the first and the last of each item."""
    one = np.ones(len(key))
    inside = ends > begins + 1
    turns = _counted(key[inside], begins[inside] + 1, one[inside], keys)
    turns -= _counted(key[inside], ends[inside], one[inside], keys)
    return np.asarray(np.cumsum(turns, axis=1))


def _rates(paid: Floats, at_risk: Floats, prior: Floats, weight: float) -> Floats:
    return np.asarray(np.clip((paid + weight * prior) / (at_risk + weight), 1e-4, 1 - 1e-4))


def _read(values: Floats, codes: Days) -> Floats:
    """Rows of `values`; a code never seen reads as nothing: zeros."""
    inside = codes < len(values)
    return np.asarray(np.where(inside[:, None], values[np.minimum(codes, len(values) - 1)], 0.0))
