"""Candidates without trees: the due date, the customer's habits, and the roll rate by due week.

Belongs here: what each makes of the facts. Must not: choosing among them. All give payment curves, so they are scored
alike, and fall back on each other.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import polars as pl

from analytics.prediction.calendar import Calendar
from analytics.prediction.curve import STRETCHES, Ahead, Curves, Days, Floats
from analytics.prediction.habits import Habits, Payments, chunks, weeks_around_due
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER

ROLL_WEIGHT = 15.0
"""Items of the company at risk in a due week that stand beside a customer's own."""
DAY_WEIGHT = 8.0
"""The same for a single stretch, beside the rate of its week."""
ROLL_DAYS = 365
"""Only what was open in the last year tells of today's rates."""
CHUNK = 100_000


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
        return Curves.of(view.due, view.moment, view.habits.hazards(), ahead=view.ahead)


class RollRate:
    """The share of what was open at the beginning of a due week that was paid within it, per customer and company.

    Items still open count as open for as long as they were seen (Kaplan and Meier's estimate of a curve under right
    censoring), so young items bias nothing: they add to the stretches that they have lived through, and to no other.
    """

    name = "roll_rate"

    def __init__(self, lives: Lives) -> None:
        self._weeks = weeks_around_due()
        self._week_ids, self._week_of = np.unique(self._weeks, return_inverse=True)
        paid, at_risk, customers, companies = _exposures(lives)
        everyone = _rates(paid.sum(axis=0), at_risk.sum(axis=0), np.full(STRETCHES, 0.05), 20.0)
        company_paid, company_risk = _grouped(paid, companies), _grouped(at_risk, companies)
        self._company = _rates(company_paid, company_risk, everyone[None, :], 20.0)
        self._customer_paid, self._customer_risk = _grouped(paid, customers), _grouped(at_risk, customers)

    def curves(self, view: View) -> Curves:
        company = _read(self._company, view.rows["company"].to_numpy())
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


def _exposures(lives: Lives) -> tuple[Floats, Floats, Days, Days]:
    """Per (company, customer): payments and item-stretches at risk, with the codes of both."""
    since = lives.today - ROLL_DAYS
    lived = lives.items.select("item", "customer", "company", "created", "due").join(
        lives.outcomes(), on="item", maintain_order="left"
    )
    # paid before it was known: nothing was ever open; closed otherwise: seen open until then
    lived = lived.filter(
        pl.col("closed") > since, ~pl.col("is_payment") | (pl.col("paid_on") >= pl.col("created"))
    )
    keys = lived.select("company", "customer").unique().sort("company", "customer").with_row_index("key")
    lived = lived.join(keys, on=["company", "customer"], maintain_order="left")
    paid = np.zeros((keys.height, STRETCHES))
    at_risk = np.zeros((keys.height, STRETCHES))
    for part in chunks(lived.height, CHUNK):
        chunk = lived[part]
        due, key = chunk["due"].to_numpy(), chunk["key"].to_numpy()
        entry = np.maximum(chunk["created"].to_numpy() - 1, since)
        ahead = Ahead.of(due, entry)
        is_paid = chunk["is_payment"].to_numpy() & (chunk["closed"].to_numpy() < NEVER)
        end = np.where(
            is_paid, chunk["paid_on"].to_numpy(), np.minimum(chunk["closed"].to_numpy(), lives.today)
        )
        last_late = (end - due)[:, None]
        hit = ahead.is_ahead & is_paid[:, None] & (ahead.first <= last_late) & (last_late <= ahead.last)
        seen = np.clip((last_late - ahead.first + 1) / np.maximum(ahead.last - ahead.first + 1, 1), 0.0, 1.0)
        seen = np.where(hit, 1.0, seen) * ahead.part * ahead.is_ahead
        np.add.at(paid, key, hit.astype(np.float64))
        np.add.at(at_risk, key, seen)
    return paid, at_risk, keys["customer"].to_numpy(), keys["company"].to_numpy()


def _rates(paid: Floats, at_risk: Floats, prior: Floats, weight: float) -> Floats:
    return np.asarray(np.clip((paid + weight * prior) / (at_risk + weight), 1e-4, 1 - 1e-4))


def _grouped(values: Floats, codes: Days) -> Floats:
    grouped = np.zeros((int(codes.max()) + 1 if len(codes) else 1, values.shape[1]))
    np.add.at(grouped, codes, values)
    return grouped


def _read(values: Floats, codes: Days) -> Floats:
    """Rows of `values`; a code never seen reads as the mean (company) or as nothing (customer: zeros)."""
    inside = codes < len(values)
    return np.asarray(np.where(inside[:, None], values[np.minimum(codes, len(values) - 1)], 0.0))
