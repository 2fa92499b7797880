"""Ledger: what every item is worth on every day, as the company knew it on a given day.

Belongs here: items, their legs and their carrying amounts (rules L1-L8 of the ledger), derived from plain rows.
Does not: accounts, balances of accounts (journal.py), making rows.

Written without the warehouse's code on purpose: general ledger balances are made from it, and the warehouse has
to tie to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.simulator.book import History, Key, Row, Table
from ingest.simulator.money import divide_half_away
from ingest.simulator.rates import Rates
from ingest.simulator.settlement import SOLD

_SINKS = frozenset({"discount", "write_off", "fx_difference", "offset"})
_CREDIT_TYPES = frozenset({"credit_note"})


@dataclass(frozen=True, slots=True)
class Item:
    """A document or receipt as known: nature +1 owes us, -1 we owe; amounts are magnitudes in minor units.

    A revaluation has no document amount; its functional amount keeps the sign.
    """

    opened_on: date
    voided_on: date | None
    nature: int
    amount: int
    functional: int
    kind: str


@dataclass(frozen=True, slots=True)
class Leg:
    """A reduction of an item's open magnitude on a day; `part` None fills the earliest due part first."""

    on: date
    order: tuple[str, int]
    voucher: str
    part: int | None
    reduction: int
    contra: str


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part of a document as known; parts stand in the order in which they are filled."""

    number: int
    amount: int
    functional: int
    conditional_until: date | None


# Change of the value of a class of receivables: day, voucher, class, functional amount, contra account.
Posting = tuple[date, str, str, int, str]

_EVER = date(9999, 12, 31)


class Ledger:
    """Item values of one company and cell, from its versioned rows."""

    def __init__(self, tables: dict[str, Table], *, functional: str, rates: Rates) -> None:
        self._functional = functional
        self._rates = rates
        self._documents = tables.get("document", {})
        self._receipts = tables.get("receipt", {})
        self._company = next(iter(self._documents))[0]
        self._allocations = tables.get("allocation", {})
        self._parts: dict[str, list[History]] = {}
        for key, history in tables.get("instalment", {}).items():
            self._parts.setdefault(key[1], []).append(history)
        self._touching: dict[tuple[str, str], list[tuple[Key, History]]] = {}
        for key, history in self._allocations.items():
            for side in _sides(_first(history)):
                self._touching.setdefault(side, []).append((key, history))

    def items(self) -> Iterator[tuple[str, str]]:
        """Every item as (table, number)."""
        for key in self._documents:
            yield "document", key[1]
        for key in self._receipts:
            yield "receipt", key[1]

    def knowledge_days(self, item: tuple[str, str]) -> list[date]:
        """Days on which something about the item or its counterparts became known, ascending."""
        days = set(self._history(item).known_on)
        if item[0] == "document":
            for part in self._parts.get(item[1], []):
                days.update(part.known_on)
            invoice = _first(self._history(item)).get("billed_by_document_id") or self._billing_invoice(item)
            if invoice:
                days.update(self._documents[(self._company, str(invoice))].known_on)
        for _, allocation in self._touching.get(item, []):
            days.update(allocation.known_on)
            for side in _sides(_first(allocation)):
                if side != item:
                    days.update(self._history(side).known_on)
        return sorted(days)

    def postings(self, item: tuple[str, str], known_on: date) -> list[Posting]:
        """Changes of the item's value per class, in order of date, as known at the end of that day."""
        facts = self._item(item, known_on)
        if facts is None:
            return []
        parts = self._plan(item, facts, known_on)
        closed_on = self._closed_on(item, facts, known_on)
        legs = sorted(self._legs(item, facts, known_on), key=lambda leg: (leg.on, leg.order))
        turns = [
            (part.conditional_until, ("", 0), "class_transfer")
            for part in parts
            if part.conditional_until is not None and facts.opened_on < part.conditional_until < _EVER
        ]
        result: list[Posting] = []
        values: dict[str, int] = {}
        named: dict[int, int] = {}
        unnamed = 0

        def move(on: date, voucher: str, contra: str) -> None:
            now = _values(facts, parts, named=named, unnamed=unnamed, on=on)
            for kind in sorted(set(values) | set(now)):
                difference = now.get(kind, 0) - values.get(kind, 0)
                if difference:
                    result.append((on, voucher, kind, difference, contra))
            values.clear()
            values.update(now)

        move(facts.opened_on, item[1], facts.kind)
        steps: list[tuple[date, tuple[str, int], Leg | None]] = [(leg.on, leg.order, leg) for leg in legs]
        steps += [(on, order, None) for on, order, _ in turns if on is not None]
        for on, _, leg in sorted(steps, key=lambda step: (step[0], step[1])):
            # what was settled with an item that becomes void is undone on that day, before the item itself
            if closed_on is not None and on > closed_on:
                break
            if leg is None:
                move(on, item[1], "class_transfer")
                continue
            if leg.part is not None and any(part.number == leg.part for part in parts):
                named[leg.part] = named.get(leg.part, 0) + leg.reduction
            else:
                unnamed += leg.reduction
            move(on, leg.voucher, leg.contra)
        if closed_on is not None:
            result += [
                (closed_on, item[1], kind, -value, facts.kind)
                for kind, value in sorted(values.items())
                if value
            ]
        return result

    def open_amount(self, item: tuple[str, str], *, on: date, known_on: date) -> int:
        """What is open of an item in its own currency, debit positive."""
        facts = self._item(item, known_on)
        if facts is None or facts.opened_on > on:
            return 0
        closed_on = self._closed_on(item, facts, known_on)
        if closed_on is not None and closed_on <= on:
            return 0
        reduced = sum(leg.reduction for leg in self._legs(item, facts, known_on) if leg.on <= on)
        return facts.nature * (facts.amount - reduced)

    def row(self, item: tuple[str, str], known_on: date) -> Row | None:
        """The item's row as known."""
        return self._history(item).at(known_on)

    def method(self, item: tuple[str, str]) -> str:
        """How a receipt was paid; a document has no method."""
        return str(_first(self._history(item)).get("method") or "")

    def tax_share(self, item: tuple[str, str]) -> tuple[int, int]:
        """Tax and gross amount of a document; receipts bear none."""
        row = _first(self._history(item))
        tax = row.get("tax_amount")
        return (tax if isinstance(tax, int) else 0), abs(_money(row, "amount"))

    def _history(self, item: tuple[str, str]) -> History:
        table = self._documents if item[0] == "document" else self._receipts
        return table[(self._company, item[1])]

    def _billing_invoice(self, item: tuple[str, str]) -> object:
        rows = self._history(item).rows
        return next(
            (row["billed_by_document_id"] for row in rows if row and row.get("billed_by_document_id")), None
        )

    def _item(self, item: tuple[str, str], known_on: date) -> Item | None:
        row = self._history(item).at(known_on)
        if row is None:
            return None
        facts = self._document(row) if item[0] == "document" else self._receipt(row)
        if facts is not None and facts.voided_on is not None and facts.voided_on <= facts.opened_on:
            return None
        return facts

    def _document(self, row: Row) -> Item | None:
        if row.get("is_cancelled") and row.get("cancelled_on") is None:
            return None
        kind = str(row["document_type"])
        amount = _money(row, "amount")
        opened = _day(row.get("posting_date") or row["document_date"])
        nature = -1 if kind in _CREDIT_TYPES or amount < 0 else 1
        functional = self._functional_amount(row, opened)
        voided = _day(row["cancelled_on"]) if row.get("is_cancelled") else None
        if not amount:
            return Item(opened, voided, nature, 0, _money(row, "functional_amount"), "revaluation")
        return Item(opened, voided, nature, abs(amount), abs(functional), kind)

    def _receipt(self, row: Row) -> Item | None:
        status = row.get("status") or "cleared"
        if status == "pending" or (status == "cancelled" and row.get("status_date") is None):
            return None
        amount = _money(row, "amount")
        posted = _day(row.get("posting_date") or row["receipt_date"])
        cleared = row.get("cleared_on")
        opened = max(posted, cleared) if isinstance(cleared, date) else posted
        functional = self._functional_amount(row, posted)
        voided = _day(row["status_date"]) if status in ("bounced", "cancelled") else None
        return Item(opened, voided, -1 if amount > 0 else 1, abs(amount), abs(functional), "receipt")

    def _functional_amount(self, row: Row, day: date) -> int:
        amount, currency = _money(row, "amount"), str(row["currency"])
        if currency == self._functional:
            return amount
        if row.get("functional_amount") is not None:
            return _money(row, "functional_amount")
        return self._rates.to_functional(amount, currency, self._functional, day)

    def _closed_on(self, item: tuple[str, str], facts: Item, known_on: date) -> date | None:
        """Day on which nothing of the item is left, whatever happened to it: voided, or billed."""
        if facts.kind != "unbilled":
            return facts.voided_on
        row = self._history(item).at(known_on)
        invoice = row.get("billed_by_document_id") if row else None
        billed = self._item(("document", str(invoice)), known_on) if invoice else None
        return max(facts.opened_on, billed.opened_on) if billed else facts.voided_on

    def _plan(self, item: tuple[str, str], facts: Item, known_on: date) -> list[PlanPart]:
        rows = [row for part in self._parts.get(item[1], []) if (row := part.at(known_on)) is not None]
        if item[0] != "document" or not rows or sum(_money(row, "amount") for row in rows) != facts.amount:
            return [PlanPart(1, facts.amount, facts.functional, None)]
        rows.sort(key=lambda row: (_day(row["due_date"]), _money(row, "instalment_no")))
        parts: list[PlanPart] = []
        reached, booked = 0, 0
        for row in rows:
            reached += _money(row, "amount")
            until = divide_half_away(facts.functional * reached, facts.amount)
            is_retention = row.get("kind") == "retention"
            turns = row.get("unconditional_on")
            conditional = (turns if isinstance(turns, date) else _EVER) if is_retention else None
            amount = _money(row, "amount")
            parts.append(PlanPart(_money(row, "instalment_no"), amount, until - booked, conditional))
            booked = until
        return parts

    def _legs(self, item: tuple[str, str], facts: Item, known_on: date) -> Iterator[Leg]:
        for key, history in self._touching.get(item, []):
            row = _first(history)
            sides = _sides(row)
            others = [self._item(side, known_on) for side in sides if side != item]
            if history.known_on[0] > known_on or any(other is None for other in others):
                continue
            items = [facts, *(other for other in others if other is not None)]
            opened = max(each.opened_on for each in items)
            voids = [each.voided_on for each in items if each.voided_on is not None]
            reduction, part = self._reduction(item, facts, row, items)
            for number, (on, sign) in enumerate(self._events(key, known_on)):
                start = max(on, opened)
                end = max(min(voids), start) if voids else None
                if end == start:
                    continue
                contra = str(row["from_kind"]) if row["from_kind"] in _SINKS else "settlement"
                if row.get("reason") == SOLD:
                    contra = "sold"
                yield Leg(start, (key[1], number), key[1], part, sign * reduction, contra)
                if end is not None:
                    yield Leg(end, (key[1], number), key[1], part, -sign * reduction, contra)

    def _events(self, key: Key, known_on: date) -> list[tuple[date, int]]:
        """Days and signs of an allocation: a row that vanished undoes itself, a reversal row is negative."""
        history = self._allocations[key]
        row = _first(history)
        on, sign = _day(row["allocated_on"]), 1
        if row.get("is_reversal"):
            named = self._allocations[(self._company, str(row["reverses_allocation_id"]))]
            on, sign = max(on, _day(_first(named)["allocated_on"])), -1
        events = [(on, sign)]
        if history.rows[-1] is None and history.known_on[-1] <= known_on:
            events.append((max(history.known_on[-1], on), -sign))
        return events

    @staticmethod
    def _reduction(item: tuple[str, str], facts: Item, row: Row, items: list[Item]) -> tuple[int, int | None]:
        amount = _money(row, "amount")
        part = row.get("to_instalment_no")
        if row["from_kind"] in _SINKS:
            return amount * facts.nature, part if isinstance(part, int) else None
        is_target = _sides(row)[0] == item
        if is_target:
            return amount, part if isinstance(part, int) else None
        target = items[1]
        from_amount = row.get("from_amount")
        used = from_amount if isinstance(from_amount, int) else amount
        return -target.nature * used * facts.nature, None


def _values(
    facts: Item, parts: list[PlanPart], *, named: dict[int, int], unnamed: int, on: date
) -> dict[str, int]:
    """Signed functional value per class after named and unnamed reductions (rules L4 and L6)."""
    if not facts.amount:
        return {"trade": facts.nature * facts.functional}
    left = [part.amount - named.get(part.number, 0) for part in parts]
    opened: list[int] = []
    rest = unnamed
    for open_amount in left:
        used = min(max(rest, 0), max(open_amount, 0))
        rest -= used
        opened.append(open_amount - used)
    opened[-1] -= rest
    values: dict[str, int] = {}
    for part, open_amount in zip(parts, opened, strict=True):
        value = divide_half_away(part.functional * open_amount, part.amount) if part.amount else 0
        kind = _receivable_class(facts, part, on)
        values[kind] = values.get(kind, 0) + facts.nature * value
    return values


def _receivable_class(facts: Item, part: PlanPart, on: date) -> str:
    if facts.kind in ("unbilled", "interest"):
        return facts.kind
    if part.conditional_until is not None and on < part.conditional_until:
        return "contract_asset"
    return "trade"


def _sides(row: Row) -> list[tuple[str, str]]:
    """Items that an allocation touches, the settled one first."""
    sides = [(_table(row["to_kind"]), str(row["to_id"]))]
    if row["from_kind"] not in _SINKS:
        sides.append((_table(row["from_kind"]), str(row["from_id"])))
    return sides


def _table(kind: object) -> str:
    return "document" if kind in ("document", "credit_note") else "receipt"


def _first(history: History) -> Row:
    row = history.rows[0]
    assert row is not None
    return row


def _money(row: Row, column: str) -> int:
    value = row[column]
    assert isinstance(value, int)
    return value


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
