"""Exposure against limits, day by day, from what was delivered: a slow and obvious second opinion.

Belongs here: exposure of a customer on a day, who belongs to whom, limits in force, the age of a breach (DECISIONS 32).
Does not: open items (applying cash moves nothing between customers), SQL, anything imported from the project.

Amounts are in the reporting currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal("0.00")
DAY = timedelta(days=1)
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Change:
    """What a document or receipt adds to the exposure of its customer from a day on."""

    customer: str
    day: date
    amount: Decimal


@dataclass(frozen=True)
class Limit:
    """A limit with its last day."""

    customer: str
    kind: str
    currency: str
    amount: Decimal
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class State:
    """Exposure and limit of a subject on one day."""

    exposure: Decimal
    limit: Decimal | None

    @property
    def is_breached(self) -> bool:
        return self.limit is not None and self.exposure > self.limit


@dataclass
class Company:
    """The customers of one company, their parents, and all that happened."""

    parents: dict[str, str | None]
    changes: list[Change] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)

    def head_of(self, customer: str) -> str:
        """The end of the chain of parents; of a circle the lowest of its members."""
        walked = [customer]
        while (parent := self.parents.get(walked[-1])) and parent != walked[-1]:
            if parent in walked:
                return min(walked[walked.index(parent) :])
            walked.append(parent)
        return walked[-1]

    def members(self, head: str) -> list[str]:
        return [customer for customer in self.parents if self.head_of(customer) == head]

    def is_limit_of_group(self, customer: str) -> bool:
        """The limit of a head that has no business of its own, and somebody under it."""
        is_head = self.head_of(customer) == customer and len(self.members(customer)) > 1
        return is_head and not any(change.customer == customer for change in self.changes)

    def subjects(self) -> set[tuple[str, str]]:
        """(scope, customer or head) of all that ever had a limit."""
        return {
            ("group" if self.is_limit_of_group(limit.customer) else "customer", limit.customer)
            for limit in self.limits
        }

    def exposure(self, customer: str, day: date) -> Decimal:
        changes = [c.amount for c in self.changes if c.customer == customer and c.day <= day]
        return max(sum(changes, ZERO), ZERO)

    def limit_in_force(self, customer: str, day: date) -> Decimal | None:
        """Per kind and currency the valid one that began last; kinds and currencies add up."""
        newest: dict[tuple[str, str], Limit] = {}
        for limit in sorted(self.limits, key=lambda limit: limit.valid_from):
            is_valid = limit.valid_from <= day <= (limit.valid_to or FOREVER)
            if limit.customer == customer and is_valid:
                newest[limit.kind, limit.currency] = limit
        return sum((limit.amount for limit in newest.values()), ZERO) if newest else None

    def state(self, scope: str, subject: str, day: date) -> State:
        customers: Iterable[str] = self.members(subject) if scope == "group" else [subject]
        exposure = sum((self.exposure(customer, day) for customer in customers), ZERO)
        return State(exposure, self.limit_in_force(subject, day))


def breaches(states: Mapping[date, State]) -> dict[date, date | None]:
    """First day of the breach that each day belongs to; days are without gaps."""
    since: dict[date, date | None] = {}
    for day in sorted(states):
        before = since.get(day - DAY)
        since[day] = (before or day) if states[day].is_breached else None
    return since
