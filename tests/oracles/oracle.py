"""The receivables ledger of one company, recomputed from its rules for every day and every knowledge.

Belongs here: items, legs, balances, functional amounts and restatement, straight from the definition
ledger(D, K) = derive(V(K)) at D. Does not: intervals, SQL, anything imported from the project, speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracles.bill_items import bill_rows
from tests.oracles.due_dates import Agreement, agreed_at, policy_due, version_agreements
from tests.oracles.items import Books, Leg, Part, Row, Thing, receivable_class
from tests.oracles.knowledge import (
    SINKS,
    Delivery,
    Event,
    Key,
    TextRow,
    Version,
    allocation_events,
    day,
    flag,
    live,
    money,
    named_allocation,
    required_money,
    text,
    versions,
)
from tests.oracles.money import ZERO, round_half_away
from tests.oracles.settlement import derive, derived_history, residual_events

TICK = timedelta(microseconds=1)


class Oracle:
    """All deliveries that concern one company, the shared rates among them."""

    def __init__(
        self,
        company_code: str,
        *,
        functional_currency: str,
        deliveries: Sequence[Delivery],
        settlement: str = "allocations",
        vanished: str = "deleted",
    ) -> None:
        self.company_code = company_code
        self.functional_currency = functional_currency
        self.deliveries = sorted(deliveries, key=lambda delivery: delivery.known_at)
        self.settlement = settlement
        self.vanished = vanished
        told = [delivery.known_at for delivery in self.deliveries if delivery.rows.get("allocation")]
        # from its first allocation on nothing is derived for a company, and nothing ever was
        self.derives_until = min(told, default=datetime.max)
        self._states: dict[datetime, Known] = {}

    def at(self, known_at: datetime) -> Known:
        """What was known at K; one object per K, because a test asks for many days of it."""
        if known_at not in self._states:
            self._states[known_at] = Known(self, known_at)
        return self._states[known_at]

    def ledger(self, as_of: date, known_at: datetime) -> dict[str, Row]:
        """Every open item opened by D, as known at K, also where nothing is open any more."""
        return self.at(known_at).ledger(as_of)

    def restatement(self, as_of: date, known_at: datetime) -> dict[str, tuple[Decimal, Decimal | None]]:
        """as_known(D, K) - as_known(D, just before K) per item; functional None where a side lacks a rate."""
        after, before = self.ledger(as_of, known_at), self.ledger(as_of, known_at - TICK)
        changes = {}
        for item_id in sorted({*after, *before}):
            new, old = after.get(item_id), before.get(item_id)
            new_functional = new.open_functional if new else ZERO
            old_functional = old.open_functional if old else ZERO
            document = (new.open_document if new else ZERO) - (old.open_document if old else ZERO)
            functional = (
                None if new_functional is None or old_functional is None else new_functional - old_functional
            )
            if document or functional or functional is None:
                changes[item_id] = (document, functional)
        return changes


class Known:
    """V(K) of one company and everything that follows from it."""

    def __init__(self, oracle: Oracle, known_at: datetime) -> None:
        self.oracle = oracle
        self.company_code = oracle.company_code
        self.known_at = known_at
        self.history: dict[str, dict[Key, list[Version]]] = {
            entity: versions(
                oracle.deliveries,
                entity,
                known_at,
                stays_when_gone=entity == "document" and oracle.vanished == "settled",
            )
            for entity in (
                "customer",
                "document",
                "instalment",
                "receipt",
                "allocation",
                "promise",
                "bill_event",
                "fx_rate",
            )
        }
        self.rows = {entity: live(history) for entity, history in self.history.items()}
        self.books = Books(
            oracle.company_code, functional_currency=oracle.functional_currency, rows=self.rows
        )
        self.things = self.books.things()
        is_derived = known_at < oracle.derives_until
        self.derived = derive(
            oracle.settlement if is_derived else "allocations",
            self.things,
            self.rows,
            oracle.functional_currency,
        )
        for thing_id in self.derived.balancing:
            del self.things[thing_id]
        self.orphans: set[str] = set()
        self.missing_from_amount: set[str] = set()
        self.legs = self._legs([*self._stated_events(), *(self._derived_events() if is_derived else ())])
        self._dues: dict[tuple[str, int], tuple[date, list[Agreement]]] = {}
        self.plans_set_aside = {
            thing.thing_id[1] for thing in self.things.values() if thing.has_plan_set_aside
        }

    # -- allocations ---------------------------------------------------------------------------------------

    def _stated_events(self) -> list[Event]:
        history = self.history["allocation"]
        for (allocation_id,), row in self.rows["allocation"].items():
            named, items = named_allocation(row), self._items(row)
            if items is None or (named is not None and (named,) not in history):
                self.orphans.add(allocation_id or "")
            if items is not None and lacks_from_amount(row, *items):
                self.missing_from_amount.add(allocation_id or "")
        return [event for (allocation_id,) in history for event in self._events(history, allocation_id or "")]

    def _events(self, history: dict[Key, list[Version]], allocation_id: str) -> list[Event]:
        return allocation_events(history, allocation_id, self.known_at, seen=frozenset())

    def _derived_events(self) -> list[Event]:
        """What follows from each knowledge so far, as versions of allocations; what a residual told stays told."""
        if self.oracle.settlement == "residual":
            return list(residual_events(self.history["document"]))
        if self.oracle.settlement == "allocations":
            return []
        history = derived_history(
            (
                delivery,
                (self if delivery.known_at == self.known_at else self.oracle.at(delivery.known_at)).derived,
            )
            for delivery in self.oracle.deliveries
            if delivery.known_at <= self.known_at
        )
        return [event for (allocation_id,) in history for event in self._events(history, allocation_id or "")]

    def _legs(self, events: Sequence[Event]) -> list[Leg]:
        legs = [leg for event in events for leg in self._legs_of(event)]
        return sorted(legs, key=lambda leg: (leg.effective_from, leg.event.allocation_id, leg.event.number))

    def _items(self, row: TextRow) -> tuple[Thing, Thing | None] | None:
        """The settled item and the used one (None for a sink); None where one of them does not exist."""
        to_id, from_id = text(row, "to_id") or "", text(row, "from_id") or ""
        settled = self.things.get(("R" if text(row, "to_kind") in ("receipt", "refund") else "D", to_id))
        if settled is None or text(row, "from_kind") in SINKS:
            return None if settled is None else (settled, None)
        used = self.things.get(("R" if text(row, "from_kind") == "receipt" else "D", from_id))
        return None if used is None else (settled, used)

    def _legs_of(self, event: Event) -> list[Leg]:
        row, items = event.row, self._items(event.row)
        if items is None:
            return []
        settled, used = items
        amount, from_amount = required_money(row, "amount"), money(row, "from_amount")
        if used is not None and used.currency == settled.currency:
            from_amount = amount
        if lacks_from_amount(row, settled, used):
            return []
        touched = [settled] if used is None else [settled, used]
        effective_from = max(event.event_date, *(thing.opened_on for thing in touched))
        effective_to = min(
            (thing.voided_on for thing in touched if thing.voided_on is not None), default=None
        )
        if effective_to is not None and effective_to <= effective_from:
            return []
        sign = event.sign * (-1 if flag(row, "is_reversal") else 1)
        number = text(row, "to_instalment_no")
        is_exchange = text(row, "from_kind") == "fx_difference"
        direction = 1 if used is None else settled.nature
        legs = [
            Leg(
                event,
                settled.thing_id,
                effective_from,
                effective_to,
                -sign * direction * amount,
                int(number) if number else None,
                -sign * (money(row, "functional_amount") or ZERO) if is_exchange else ZERO,
            )
        ]
        if used is not None and from_amount is not None:
            legs.append(
                Leg(
                    event,
                    used.thing_id,
                    effective_from,
                    effective_to,
                    sign * direction * from_amount,
                    None,
                    ZERO,
                )
            )
        return legs

    def counterpart_of(self, leg: Leg) -> Thing | None:
        """The item on the other side of a leg, None for a sink."""
        items = self._items(leg.event.row)
        if items is None or items[1] is None:
            return None
        settled, used = items
        return used if leg.thing_id == settled.thing_id else settled

    # -- balances ------------------------------------------------------------------------------------------

    def ledger(self, as_of: date) -> dict[str, Row]:
        """Every open item opened by D."""
        legs = [
            leg
            for leg in self.legs
            if leg.effective_from <= as_of and (leg.effective_to is None or as_of < leg.effective_to)
        ]
        rows = {}
        for thing in self.things.values():
            if thing.opened_on > as_of:
                continue
            opens = self.open_amounts(thing, [leg for leg in legs if leg.thing_id == thing.thing_id], as_of)
            for part, (document, functional) in opens.items():
                rows[part.open_item_id] = self._row(thing, part, document, functional, as_of)
            for row in bill_rows(self, thing, legs, as_of=as_of):
                rows[row.open_item_id] = row
        return rows

    def open_amounts(
        self, thing: Thing, legs: Sequence[Leg], as_of: date
    ) -> dict[Part, tuple[Decimal, Decimal | None]]:
        """Open document and functional amount of every part, given the legs in force on D."""
        named = dict.fromkeys((part.number for part in thing.parts), ZERO)
        unnamed = ZERO
        for leg in legs:
            reduction = -thing.nature * leg.amount
            if leg.number in named:
                named[leg.number] += reduction
            else:
                unnamed += reduction
        left = {part.number: part.size - named[part.number] for part in thing.parts}
        filled, rest = {}, unnamed
        for part in thing.parts:
            room = max(left[part.number], ZERO)
            filled[part.number] = min(max(rest, ZERO), room)
            rest -= filled[part.number]
        filled[thing.parts[-1].number] += rest

        is_standing = thing.voided_on is None or as_of < thing.voided_on
        if thing.billed_from is not None and thing.billed_from <= as_of:
            is_standing = is_standing and thing.billed_until is not None and as_of >= thing.billed_until
        opens: dict[Part, tuple[Decimal, Decimal | None]] = {}
        for part in thing.parts:
            reduced = named[part.number] + filled[part.number]
            document = thing.nature * ((part.size if is_standing else ZERO) - reduced)
            functional: Decimal | None
            if part.functional is None:
                functional = None
            elif part.size == 0:
                explicit = [
                    leg.functional for leg in legs if len(thing.parts) == 1 or leg.number == part.number
                ]
                functional = (part.functional if is_standing else ZERO) + sum(explicit, ZERO)
            else:
                original = thing.nature * part.size
                functional = round_half_away(
                    Fraction(part.functional) * Fraction(document) / Fraction(original)
                )
            opens[part] = (document, functional)
        return opens

    def row_of(self, thing: Thing, part: Part, *, on: date) -> Row:
        """The attributes of an item on a day, whatever is open on it."""
        return self._row(thing, part, ZERO, ZERO, on)

    def _row(
        self, thing: Thing, part: Part, document: Decimal, functional: Decimal | None, as_of: date
    ) -> Row:
        original, agreed, policy = part.derived_due, None, part.derived_due
        if thing.thing_id[0] == "D":
            key = (thing.thing_id[1], part.number)
            if key not in self._dues:  # the same on every day, and asked for on many
                history = self._due_history(*key)
                self._dues[key] = (
                    self.original_due(*key),
                    [*self._reissue_agreement(*key), *version_agreements(history)],
                )
            original, agreements = self._dues[key]
            extensions = [
                row
                for row in self.rows["promise"].values()
                if text(row, "document_id") == thing.thing_id[1]
                and text(row, "instalment_no") in (None, str(part.number))
            ]
            agreed = agreed_at(as_of, agreements, extensions)
            policy = policy_due(as_of, original, agreements, extensions)
        return Row(
            open_item_id=part.open_item_id,
            customer_id=thing.customer_id,
            item_kind=thing.item_kind,
            document_id=thing.thing_id[1],
            instalment_no=part.number,
            currency=thing.currency,
            receivable_class=receivable_class(thing, part, as_of),
            open_document=document,
            open_functional=functional,
            due_date=policy,
            original_due_date=original,
            agreed_due_date=agreed,
            age_anchor_date=thing.dated_on,
        )

    # -- due dates need the knowledge before K ---------------------------------------------------------------

    def _due_history(self, document_id: str, number: int) -> list[tuple[date, date]]:
        """(business date of the delivery, derived due date) of one item in every knowledge up to K."""
        found = []
        for delivery in self.oracle.deliveries:
            if delivery.known_at > self.known_at:
                break
            then = self.oracle.at(delivery.known_at).things.get(("D", document_id))
            for part in then.parts if then else ():
                if part.number == number:
                    found.append((delivery.business_date, part.derived_due))
        return found

    def original_due(self, document_id: str, number: int) -> date:
        """The first due date ever known; a re-issued document keeps that of the one it replaces."""
        seen: set[str] = set()
        current, result = document_id, None
        while current not in seen:
            seen.add(current)
            first = self._first_dues(current)
            if not first:
                break
            result = first.get(number) or min(first.values())
            replaced = self._replaced(current)
            if replaced is None:
                break
            current = replaced
        if result is None:
            raise ValueError(f"{document_id} was never known")
        return result

    def _reissue_agreement(self, document_id: str, number: int) -> list[Agreement]:
        """A re-issue agrees its own first due date on the day it was posted, once the replaced one is known."""
        replaced = self._replaced(document_id)
        if replaced is None or replaced == document_id or not self._first_dues(replaced):
            return []
        for delivery in self.oracle.deliveries:
            then = self.oracle.at(delivery.known_at).things.get(("D", document_id))
            for part in then.parts if then and delivery.known_at <= self.known_at else ():
                if then and part.number == number:
                    return [Agreement(then.opened_on, 0, "", part.derived_due)]
        return []

    def _first_dues(self, document_id: str) -> dict[int, date]:
        first: dict[int, date] = {}
        for delivery in self.oracle.deliveries:
            if delivery.known_at <= self.known_at:
                then = self.oracle.at(delivery.known_at).things.get(("D", document_id))
                for part in then.parts if then else ():
                    first.setdefault(part.number, part.derived_due)
        return first

    def _replaced(self, document_id: str) -> str | None:
        rows = [v.row for v in self.history["document"].get((document_id,), ()) if v.row is not None]
        return text(rows[-1], "replaces_document_id") if rows else None

    # -- lists ---------------------------------------------------------------------------------------------

    def over_allocated(self, as_of: date) -> set[str]:
        """Items whose balance has the sign opposite to their nature on D."""
        natures = {part.open_item_id: thing.nature for thing in self.things.values() for part in thing.parts}
        return {
            row_id
            for row_id, row in self.ledger(as_of).items()
            if row.open_document * natures.get(row_id, 1) < 0
        }

    def effective_dates(self) -> set[date]:
        """Every day on which something in this knowledge happens or falls due."""
        days: set[date | None] = set()
        for thing in self.things.values():
            days |= {thing.opened_on, thing.voided_on, thing.billed_from, thing.billed_until}
            for part in thing.parts:
                days |= {part.derived_due, part.unconditional_on}
            days |= thing.bill.days() if thing.bill else set()
        for leg in self.legs:
            days |= {leg.effective_from, leg.effective_to}
        for row in self.rows["promise"].values():
            days |= {day(row, "approved_on"), day(row, "promised_date"), day(row, "cancelled_on")}
        return {found for found in days if found is not None}


def lacks_from_amount(row: TextRow, settled: Thing, used: Thing | None) -> bool:
    """Two currencies and only one amount: not applied."""
    return used is not None and used.currency != settled.currency and money(row, "from_amount") is None
