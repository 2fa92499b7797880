"""How a debtor pays, by going through its payments one by one.

Belongs here: payments known on a day, windows, weighted and ranked days late, the rank test by counting pairs. Does
not: SQL, anything imported from the project, speed.
"""

from __future__ import annotations

import calendar
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracles.net_overdue import ZERO, Debtor


@dataclass(frozen=True)
class Payment:
    """What one receipt paid of one item, on the receipt's own day."""

    item: str
    amount: Decimal
    paid_on: date
    days_to_pay: int
    days_late: int


def payments(debtor: Debtor, day: date, knowledge: date) -> list[Payment]:
    """Applications that stand on the day and were known then."""
    items = {
        item.name: item for item in debtor.items if item.told.is_believed(knowledge) and item.dated <= day
    }
    amounts: Counter[tuple[str, str]] = Counter()
    for one in debtor.applications:
        known = one.told.is_believed(knowledge) and one.dated <= day
        if known and one.used in items and one.settled in items:
            amounts[one.used, one.settled] += one.amount  # type: ignore[assignment]
    return [
        Payment(
            item=settled,
            amount=Decimal(amount),
            paid_on=items[used].dated,
            days_to_pay=(items[used].dated - items[settled].dated).days,
            days_late=(items[used].dated - items[settled].due).days,
        )
        for (used, settled), amount in amounts.items()
    ]


def window_starts(day: date) -> dict[str, date]:
    """First day of each window; 12 months are calendar months with the running one."""
    year, month = divmod(day.year * 12 + day.month - 1 - 11, 12)
    return {
        "90_days": day - timedelta(days=89),
        "12_months": date(year, month + 1, 1),
        "all": date.min,
    }


def weighted(values: Sequence[tuple[Decimal, int]]) -> Fraction | None:
    total = sum((amount for amount, _ in values), ZERO)
    return (
        Fraction(sum((amount * days for amount, days in values), ZERO)) / Fraction(total) if total else None
    )


def quantile(values: Sequence[int], part: Fraction) -> int | None:
    """The smallest value that so large a part of them does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(part * len(ordered)) - 1] if ordered else None


def overdue(debtor: Debtor, day: date, knowledge: date) -> list[tuple[Decimal, int]]:
    """What is overdue, undisputed and not covered by credits, with its age."""
    credit = -sum((left for _, left in debtor.open_items(day, knowledge) if left < 0), ZERO)
    found = []
    for due, amount in sorted(debtor.undisputed(day, knowledge)):
        absorbed = min(amount, credit)
        credit -= absorbed
        if amount > absorbed and due < day:
            found.append((amount - absorbed, (day - due).days))
    return found


def rank_test(recent: Sequence[int], before: Sequence[int]) -> float | None:
    """One-sided: how likely such a lead of the recent ones is if both are alike; every pair is looked at."""
    u = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in recent for b in before)
    m, n = len(recent), len(before)
    ties = sum(t**3 - t for t in Counter([*recent, *before]).values())
    variance = m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1))) if m and n else 0.0
    if variance <= 0:
        return None
    return 0.5 * math.erfc((u - m * n / 2 - 0.5) / math.sqrt(2 * variance))


def month_ends(first: date, last: date) -> list[date]:
    """Last days of months from one day to another."""
    days = []
    year, month = first.year, first.month
    while (end := date(year, month, calendar.monthrange(year, month)[1])) <= last:
        days.append(end)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return days
