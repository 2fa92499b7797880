"""Bills by definition: what is left of a receipt that is a bill on a day, given what is told of it.

Belongs here: how much is held, passed on with recourse, come back; when the receipt is void. Does not: dates of the
receivable that a bill replaced (oracle.py asks its legs), anything imported from the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracles.knowledge import Key, TextRow, day, required_day, required_money, text
from tests.oracles.money import ZERO, round_half_away

METHODS = ("bank_acceptance", "commercial_acceptance", "receivable_certificate")
PASSED = ("endorsed", "discounted")
BACK = ("dishonoured", "returned")


@dataclass(frozen=True)
class Told:
    """One event of a bill, as far as it concerns one receipt."""

    on: date
    kind: str
    for_good: bool
    amount: Decimal


@dataclass
class Pots:
    """Where the amount of a bill is; what is in none of them has left."""

    held: Decimal
    passed: Decimal = ZERO
    back: Decimal = ZERO

    def take(self, amount: Decimal) -> Decimal:
        """Take what there is of `amount`, first of what is held."""
        of_held = min(amount, self.held)
        of_passed = min(amount - of_held, self.passed)
        self.held -= of_held
        self.passed -= of_passed
        return of_held + of_passed


@dataclass(frozen=True)
class Bill:
    """A receipt that is a bill, as known."""

    amount: Decimal
    opened_on: date
    maturity: date | None
    cleared_on: date | None
    status_void: date | None
    told: tuple[Told, ...]

    @property
    def voided_on(self) -> date | None:
        """The day on which all of it has come back, or on which the receipt says that it is void."""
        days = [self.status_void] if self.status_void else []
        days += [told.on for told in self.told if self._pots(told.on).back == self.amount]
        return min(days, default=None)

    def parts(
        self, as_of: date, receipt_functional: Decimal | None
    ) -> list[tuple[int, str, Decimal, Decimal | None]]:
        """Number, class, amount and carrying amount of each part on D."""
        is_void = self.voided_on is not None and self.voided_on <= as_of
        pots = Pots(ZERO) if is_void or as_of < self.opened_on else self._pots(as_of)
        upto, carried = ZERO, ZERO
        found: list[tuple[int, str, Decimal, Decimal | None]] = []
        # parts share what the bill carries in the order of this list, by cumulative rounding
        for number, name, amount in (
            (2, "bill_transferred", pots.passed),
            (1, "bill", pots.held),
            (3, "trade", pots.back),
        ):
            upto += amount
            if receipt_functional is None:
                found.append((number, name, amount, None))
                continue
            whole = round_half_away(Fraction(-receipt_functional) * Fraction(upto) / Fraction(self.amount))
            found.append((number, name, amount, whole - carried))
            carried = whole
        return found

    def days(self) -> set[date | None]:
        """Every day on which something may happen to it."""
        return {
            self.maturity,
            self.cleared_on,
            self.status_void,
            self.opened_on,
            *(told.on for told in self.told),
        }

    def _pots(self, as_of: date) -> Pots:
        told = [event for event in self.told if event.on <= as_of]

        def sum_of(kinds: tuple[str, ...], for_good: bool | None = None) -> Decimal:
            return sum((t.amount for t in told if t.kind in kinds and for_good in (None, t.for_good)), ZERO)

        pots = Pots(self.amount)
        pots.held -= min(sum_of(PASSED, for_good=True), pots.held)
        passed = min(sum_of(PASSED, for_good=False), pots.held)
        pots.held, pots.passed = pots.held - passed, passed
        pots.back = pots.take(sum_of(BACK))
        pots.take(sum_of(("honoured",)))
        is_end_told = any(event.kind in (*BACK, "honoured") for event in self.told)
        if (
            self.cleared_on
            and not is_end_told
            and as_of >= max(self.cleared_on, self.maturity or self.cleared_on)
        ):
            pots.take(self.amount)
        if self.told and self.maturity and as_of >= max(self.maturity, *(event.on for event in self.told)):
            pots.passed = ZERO
        return pots


def is_bill(receipt: TextRow) -> bool:
    """Whether a receipt is a promise and no money."""
    return text(receipt, "method") in METHODS and required_money(receipt, "amount") > 0


def bills_of(rows: Mapping[str, Mapping[Key, TextRow]], opened_on: Mapping[str, date]) -> dict[str, Bill]:
    """The bill of every receipt that is one and stands, by receipt.

    Args:
        rows: V(K).
        opened_on: the receipts that stand, and from when.
    """
    receipts = {
        receipt_id: row
        for (receipt_id,), row in rows["receipt"].items()
        if receipt_id in opened_on and is_bill(row)
    }
    return {
        receipt_id: _bill(receipt_id, receipts, rows["bill_event"].values(), opened_on[receipt_id])
        for receipt_id in receipts
    }


def _bill(
    receipt_id: str, receipts: Mapping[str, TextRow], events: Iterable[TextRow], opened_on: date
) -> Bill:
    row = receipts[receipt_id]
    number, status = text(row, "bill_id"), text(row, "status")
    sharers = sorted(other for other, its in receipts.items() if number and text(its, "bill_id") == number)
    amounts = [required_money(receipts[other], "amount") for other in sharers]
    told = []
    for event in events:
        kind = text(event, "kind") or ""
        if not number or text(event, "bill_id") != number or kind not in (*PASSED, *BACK, "honoured"):
            continue
        place = sharers.index(receipt_id)
        whole = sum(amounts)
        share = [
            round_half_away(
                Fraction(required_money(event, "amount")) * Fraction(sum(amounts[:count])) / Fraction(whole)
            )
            for count in (place, place + 1)
        ]
        on = max(required_day(event, "event_date"), opened_on)
        told.append(
            Told(on, kind, kind in PASSED and text(event, "with_recourse") == "false", share[1] - share[0])
        )
    return Bill(
        amount=required_money(row, "amount"),
        opened_on=opened_on,
        maturity=day(row, "maturity_date"),
        cleared_on=(day(row, "cleared_on") or day(row, "status_date")) if status == "cleared" else None,
        status_void=day(row, "status_date") if status in ("bounced", "cancelled") else None,
        told=tuple(told),
    )
