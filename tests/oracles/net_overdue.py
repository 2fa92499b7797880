"""Net overdue of one debtor on one day, by going through the items: the slow way.

Belongs here: what is known on a day, what is open then, credits that absorb the oldest. Does not: SQL, anything
imported from the project, speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Told:
    """When a fact was told: from which delivery on, and until which it was (None: still)."""

    since: date
    until: date | None = None

    def is_believed(self, knowledge: date) -> bool:
        return self.since <= knowledge and (self.until is None or knowledge < self.until)


@dataclass(frozen=True)
class Item:
    """A debit or, with a negative amount, a credit; receipts have no due date."""

    name: str
    amount: Decimal
    dated: date
    due: date
    told: Told


@dataclass(frozen=True)
class Application:
    """So much of one item used on another."""

    used: str
    settled: str
    amount: Decimal
    dated: date
    told: Told


@dataclass(frozen=True)
class Dispute:
    """So much of an item contested, all of it where no amount is given."""

    item: str
    amount: Decimal | None
    opened: date
    closed: date | None
    told: Told


@dataclass
class Debtor:
    """Everything that was ever told of one customer."""

    items: list[Item] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)

    def open_items(self, day: date, knowledge: date) -> list[tuple[Item, Decimal]]:
        known = [item for item in self.items if item.told.is_believed(knowledge) and item.dated <= day]
        names = {item.name for item in known}
        applied: dict[str, Decimal] = {}
        for one in self.applications:
            if one.told.is_believed(knowledge) and one.dated <= day and {one.used, one.settled} <= names:
                applied[one.settled] = applied.get(one.settled, ZERO) - one.amount
                applied[one.used] = applied.get(one.used, ZERO) + one.amount
        return [(item, left) for item in known if (left := item.amount + applied.get(item.name, ZERO))]

    def undisputed(self, day: date, knowledge: date) -> list[tuple[date, Decimal]]:
        """Due date and undisputed amount of every debit item."""
        found = []
        for item, left in self.open_items(day, knowledge):
            contested = sum(
                (
                    left if dispute.amount is None else dispute.amount
                    for dispute in self.disputes
                    if dispute.item == item.name
                    and dispute.told.is_believed(knowledge)
                    and dispute.opened <= day
                    and (dispute.closed is None or day < dispute.closed)
                ),
                ZERO,
            )
            if left > 0 and left > contested:
                found.append((item.due, left - contested))
        return found

    def net_overdue(self, day: date, knowledge: date, ages: Sequence[int]) -> list[Decimal]:
        """What is left, more than each age past due, once credits have absorbed the oldest."""
        credit = -sum((left for _, left in self.open_items(day, knowledge) if left < 0), ZERO)
        remaining = []
        for due, amount in sorted(self.undisputed(day, knowledge)):
            absorbed = min(amount, credit)
            credit -= absorbed
            remaining.append((due, amount - absorbed))
        return [sum((left for due, left in remaining if (day - due).days > age), ZERO) for age in ages]

    def oldest_due(self, day: date, knowledge: date) -> date | None:
        return min((due for due, _ in self.undisputed(day, knowledge) if due < day), default=None)


def knowledge_of(day: date, deliveries: Iterable[date]) -> date:
    """The last delivery of a business date up to the day; before the first one, the first."""
    known = sorted(deliveries)
    return max((delivery for delivery in known if delivery <= day), default=known[0])
