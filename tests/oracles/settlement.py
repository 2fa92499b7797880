"""What a source without allocations says of settlements, as allocation rows: slow, and one cent-true step at a time.

Belongs here: the rows that follow from one V(K), per settlement style, and what a residual told over time. Does not:
allocations as events (knowledge.py), legs and balances (oracle.py), anything imported from the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracles.due_dates import derived_due
from tests.oracles.items import Thing, ThingId, accounting_date
from tests.oracles.knowledge import (
    VANISHED,
    Delivery,
    Event,
    Key,
    TextRow,
    Version,
    day,
    money,
    required_day,
    required_money,
    text,
)
from tests.oracles.money import ZERO, round_half_away

SETTLEMENT = "settlement"


@dataclass(frozen=True)
class Posting:
    """A member of a clearing: an item, or a posting that only balances it."""

    thing: Thing
    row: TextRow
    amount: Decimal  # debits positive
    accounted_on: date
    kind: str | None  # difference_kind where the posting balances the group
    due_date: date  # of the document itself, whatever its instalments say
    is_foreign: bool

    @property
    def name(self) -> str:
        return ":".join(self.thing.thing_id)

    @property
    def order(self) -> tuple[object, ...]:
        """Debits are settled by due date, credits settle by accounting date; what only balances comes last."""
        dated = self.due_date if self.amount > 0 else self.accounted_on
        return (self.kind is not None, dated, *self.thing.thing_id)


@dataclass
class Derived:
    """What follows from one V(K)."""

    rows: dict[str, TextRow]
    balancing: set[ThingId]
    not_netting: set[str]


def derive(
    style: str,
    things: Mapping[ThingId, Thing],
    rows: Mapping[str, Mapping[Key, TextRow]],
    functional_currency: str,
) -> Derived:
    """The allocation rows of a source with this settlement style."""
    if style == "clearing_date":
        return Derived(dict(_dated(things, rows["document"])), set(), set())
    if style != "clearing_group":
        return Derived({}, set(), set())
    found = Derived({}, set(), set())
    groups: dict[str, list[tuple[Thing, TextRow, date]]] = {}
    for thing in things.values():
        row = rows["document" if thing.thing_id[0] == "D" else "receipt"][(thing.thing_id[1],)]
        clearing_id = text(row, "clearing_id")
        if clearing_id is not None:
            customer = rows["customer"].get((text(row, "customer_id"),), {})
            due_date = (
                derived_due(row, text(customer, "payment_terms"))
                if thing.thing_id[0] == "D"
                else required_day(row, "receipt_date")
            )
            groups.setdefault(clearing_id, []).append((thing, row, due_date))
    for clearing_id, members in groups.items():
        group = _Group(clearing_id, members, functional_currency)
        found.rows.update(group.rows)
        found.balancing |= {p.thing.thing_id for p in group.postings if p.kind is not None}
        if group.is_left:
            found.not_netting.add(clearing_id)
    return found


def derived_history(states: Iterable[tuple[Delivery, Derived]]) -> dict[Key, list[Version]]:
    """What followed from one knowledge after the other, as versions of allocations."""
    history: dict[Key, list[Version]] = {}
    for delivery, derived in states:
        for allocation_id in {*derived.rows, *(key[0] or "" for key in history)}:
            row = derived.rows.get(allocation_id)
            version = Version(delivery.known_at, delivery.business_date, row)
            history.setdefault((allocation_id,), []).append(version)
    return history


def _dated(
    things: Mapping[ThingId, Thing], documents: Mapping[Key, TextRow]
) -> Iterable[tuple[str, TextRow]]:
    for (document_id,), row in documents.items():
        settled_on = day(row, "settled_on")
        amount = money(row, "settled_amount")
        if amount is None:
            amount = required_money(row, "amount")
        if ("D", document_id) in things and settled_on is not None and amount:
            yield (
                f"{SETTLEMENT}~{document_id}",
                _settlement(document_id or "", settled_on, side(row) * amount),
            )


def _settlement(document_id: str, settled_on: date, amount: Decimal) -> TextRow:
    return {
        "from_kind": SETTLEMENT,
        "to_kind": "document",
        "to_id": document_id,
        "allocated_on": settled_on.isoformat(),
        "amount": str(amount),
    }


def side(row: TextRow) -> int:
    """The sign that turns an amount of a document into debits positive."""
    return -1 if text(row, "document_type") == "credit_note" else 1


def residual_events(history: Mapping[Key, Sequence[Version]]) -> Iterable[Event]:
    """Every change of what a document's versions say is settled, dated as they say it."""
    for (document_id,), versions in history.items():
        before, number = ZERO, 0
        for version in versions:
            if version.row is None:
                continue
            is_vanished = VANISHED in version.row
            settled = settled_so_far(version.row)
            if settled is None:
                continue
            settled *= side(version.row)
            change, before = settled - before, settled
            if change == 0:
                continue
            number += 1
            grows = change * side(version.row) * required_money(version.row, "amount") > 0
            told_on = day(version.row, "settled_on") if grows and not is_vanished else None
            row = _settlement(document_id or "", told_on or version.business_date, change)
            yield Event(
                f"{SETTLEMENT}~{document_id}~{number}",
                1,
                1,
                row,
                told_on or version.business_date,
                version.known_at,
            )


def settled_so_far(row: TextRow) -> Decimal | None:
    """What a document row says was settled of it, None where it says nothing."""
    if VANISHED in row:
        return required_money(row, "amount")
    residual = money(row, "residual_amount")
    settled = money(row, "settled_amount")
    if settled is not None:
        return settled
    return None if residual is None else required_money(row, "amount") - residual


class _Group:
    """One clearing in one V(K)."""

    def __init__(
        self,
        clearing_id: str,
        members: Sequence[tuple[Thing, TextRow, date]],
        functional_currency: str,
    ) -> None:
        self.clearing_id = clearing_id
        self.functional_currency = functional_currency
        plain = [_amount(thing, row) for thing, row, _ in members if not text(row, "difference_kind")]
        self.postings = [self._posting(*member, plain) for member in members]
        dates = [found for _, row, _ in members if (found := day(row, "settled_on")) is not None]
        self.cleared_on = max(dates) if dates else max(p.accounted_on for p in self.postings)
        self.rows: dict[str, TextRow] = {}
        self.left = {p.name: abs(p.amount) for p in self.postings}
        self.is_left = False
        self.reached: set[str] = set()
        for currency in sorted({p.thing.currency for p in self.postings}):
            self._settle_in_currency(currency)
        self._settle_across_currencies()
        self._carry_exchange_differences()
        self.is_left = self.is_left or any(self.left[p.name] for p in self._items())

    def _posting(
        self, thing: Thing, row: TextRow, due_date: date, plain: Sequence[tuple[str, Decimal]]
    ) -> Posting:
        kind = text(row, "difference_kind")
        _, amount = _amount(thing, row)
        opposite = [other for code, other in plain if code == thing.currency and other * amount < 0]
        if kind == "fx_difference":
            foreign = [code for code, other in plain if other > 0 and code != self.functional_currency]
            is_balancing = bool(foreign) and bool(self._booked(thing, row))
        else:
            is_balancing = bool(opposite)
        if thing.voided_on is not None:
            is_balancing = False
        own_date = "document_date" if thing.thing_id[0] == "D" else "receipt_date"
        return Posting(
            thing,
            row,
            amount,
            accounting_date(row, own_date),
            kind if kind and is_balancing else None,
            due_date,
            thing.currency != self.functional_currency,
        )

    def _booked(self, thing: Thing, row: TextRow) -> Decimal:
        """The functional amount as booked, debits positive; 0 where none is."""
        given = money(row, "functional_amount")
        if given is None and thing.currency == self.functional_currency:
            given = money(row, "amount")
        return (given or ZERO) * side(row)

    def _items(self) -> list[Posting]:
        return [p for p in self.postings if p.kind is None]

    def _side(self, currency: str, sign: int) -> list[Posting]:
        """The postings of one side of a currency in the order in which they settle or are settled."""
        found = [
            p
            for p in self.postings
            if p.thing.currency == currency and p.amount * sign > 0 and p.kind != "fx_difference"
        ]
        return sorted(found, key=lambda p: p.order)

    # -- one currency --------------------------------------------------------------------------------------

    def _settle_in_currency(self, currency: str) -> None:
        debits, credits = self._side(currency, 1), self._side(currency, -1)
        for credit in credits:
            for debit in debits:
                amount = min(self.left[credit.name], self.left[debit.name])
                if amount:
                    self.left[credit.name] -= amount
                    self.left[debit.name] -= amount
                    self._settle(credit, debit, amount)
        for over in (*credits, *debits):
            if over.kind is not None and self.left[over.name]:
                # what a balancing posting has over stands on the last item of the other side
                others = [p for p in (debits if over.amount < 0 else credits) if p.kind is None]
                amount, self.left[over.name] = self.left[over.name], ZERO
                self.is_left = True
                self._sink(over, others[-1], amount)

    def _settle(self, credit: Posting, debit: Posting, amount: Decimal) -> None:
        if credit.kind is None and debit.kind is None:
            self._pair(credit, debit, amount, None)
        elif debit.kind is None:
            self._sink(credit, debit, amount)
        elif credit.kind is None:
            self._sink(debit, credit, amount)

    def _pair(self, credit: Posting, debit: Posting, amount: Decimal, from_amount: Decimal | None) -> None:
        self.reached.add(debit.name)
        item_kind = credit.thing.item_kind
        self.rows[f"{self.clearing_id}~{credit.name}~{debit.name}"] = {
            "from_kind": item_kind if item_kind in ("receipt", "credit_note") else "document",
            "from_id": credit.thing.thing_id[1],
            "to_kind": _to_kind(debit.thing),
            "to_id": debit.thing.thing_id[1],
            "allocated_on": self.cleared_on.isoformat(),
            "amount": str(amount),
            "from_amount": None if from_amount is None else str(from_amount),
        }

    def _sink(
        self, posting: Posting, item: Posting, amount: Decimal, functional: Decimal | None = None
    ) -> None:
        sink_id = f"{self.clearing_id}~{posting.kind}:{posting.thing.thing_id[1]}~{item.name}"
        signed = amount if item.amount > 0 else -amount
        before = Decimal(self.rows[sink_id]["amount"] or "0") if sink_id in self.rows else ZERO
        self.rows[sink_id] = {
            "from_kind": posting.kind,
            "from_id": posting.thing.thing_id[1],
            "to_kind": _to_kind(item.thing),
            "to_id": item.thing.thing_id[1],
            "allocated_on": max(self.cleared_on, posting.accounted_on).isoformat(),
            "amount": str(before + signed),
            "functional_amount": None if functional is None else str(functional),
        }

    # -- several currencies --------------------------------------------------------------------------------

    def _settle_across_currencies(self) -> None:
        """Both sides are laid out from 0 to 1, and what lies side by side settles each other."""
        open_items = [p for p in self._items() if self.left[p.name]]
        debits = sorted((p for p in open_items if p.amount > 0), key=lambda p: p.order)
        credits = sorted((p for p in open_items if p.amount < 0), key=lambda p: p.order)
        currencies = [{p.thing.currency for p in found} for found in (debits, credits)]
        if any(len(found) != 1 for found in currencies):
            return
        left = dict(self.left)
        totals = [sum((left[p.name] for p in found), ZERO) for found in (debits, credits)]
        debit_start = Fraction(0)
        for debit in debits:
            debit_end = debit_start + Fraction(left[debit.name]) / Fraction(totals[0])
            credit_start = Fraction(0)
            for credit in credits:
                credit_end = credit_start + Fraction(left[credit.name]) / Fraction(totals[1])
                start, end = max(debit_start, credit_start), min(debit_end, credit_end)
                if start < end:
                    amount, from_amount = (
                        round_half_away(end * Fraction(total)) - round_half_away(start * Fraction(total))
                        for total in totals
                    )
                    if amount or from_amount:
                        self._pair(credit, debit, amount, from_amount)
                    self.left[debit.name] -= amount
                    self.left[credit.name] -= from_amount
                credit_start = credit_end
            debit_start = debit_end

    def _carry_exchange_differences(self) -> None:
        debits = [p for p in self._items() if p.amount > 0 and p.is_foreign]
        debits.sort(key=lambda p: p.order)
        settled = [p for p in debits if p.name in self.reached]
        for posting in self.postings:
            if posting.kind == "fx_difference":
                carrier = (settled or debits)[-1]
                self._sink(posting, carrier, ZERO, -self._booked(posting.thing, posting.row))


def _amount(thing: Thing, row: TextRow) -> tuple[str, Decimal]:
    amount = required_money(row, "amount")
    return thing.currency, -amount if thing.thing_id[0] == "R" else side(row) * amount


def _to_kind(thing: Thing) -> str:
    return thing.item_kind if thing.item_kind in ("receipt", "refund", "credit_note") else "document"
