"""What one company's deliveries say at a moment of knowledge, by definition and without the product.

Belongs here: deliveries, the versions of a key, V(K), allocations as events, the parsing of contract text.
Does not: balances and due dates (oracle.py), anything imported from the project, anything clever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Text = str | None
TextRow = Mapping[str, Text]
Key = tuple[Text, ...]

KEYS: dict[str, tuple[str, ...]] = {
    "customer": ("customer_id",),
    "document": ("document_id",),
    "instalment": ("document_id", "instalment_no"),
    "receipt": ("receipt_id",),
    "allocation": ("allocation_id",),
    "promise": ("promise_id",),
    "bill_event": ("bill_id", "event_date", "kind"),
    "fx_rate": ("rate_date", "from_currency", "to_currency", "rate_type"),
}
SINKS = ("discount", "write_off", "fx_difference", "offset", "settlement")
VANISHED = "_vanished"  # marks the last row of a document that an open-item list leaves out


@dataclass(frozen=True)
class Delivery:
    """Everything one source said at one extraction time about one company.

    `rows` names the entities that were delivered; in a full delivery an entity that is named lists every
    live key, one that is not named says nothing. `deletes` are the explicit tombstones of a delta.
    """

    mode: str
    known_at: datetime
    business_date: date
    rows: Mapping[str, Sequence[TextRow]]
    deletes: Mapping[str, Sequence[TextRow]] = field(default_factory=dict)
    _keyed: dict[str, dict[Key, TextRow]] = field(default_factory=dict, repr=False, compare=False)

    def keyed(self, entity: str) -> dict[Key, TextRow]:
        """The rows of one entity by key; read once, because every knowledge asks for them."""
        if entity not in self._keyed:
            self._keyed[entity] = {key_of(entity, row): row for row in self.rows.get(entity, ())}
        return self._keyed[entity]


@dataclass(frozen=True)
class Version:
    """One state of a key from `known_at` on; `row` None is a tombstone."""

    known_at: datetime
    business_date: date
    row: TextRow | None


@dataclass(frozen=True)
class Event:
    """An allocation (sign +1) or the undoing of one (sign -1), with the row that it repeats."""

    allocation_id: str
    number: int
    sign: int
    row: TextRow
    event_date: date
    known_from: datetime


def text(row: TextRow, name: str) -> Text:
    """The value of a column, None where it is absent or empty."""
    return row.get(name) or None


def day(row: TextRow, name: str) -> date | None:
    """A date column."""
    value = text(row, name)
    return date.fromisoformat(value) if value else None


def money(row: TextRow, name: str) -> Decimal | None:
    """A decimal column."""
    value = text(row, name)
    return Decimal(value) if value else None


def flag(row: TextRow, name: str) -> bool:
    """A boolean column; missing is false."""
    return (text(row, name) or "false") == "true"


def required_day(row: TextRow, name: str) -> date:
    """A date column that the contract requires."""
    value = day(row, name)
    if value is None:
        raise ValueError(f"{name} is required: {dict(row)}")
    return value


def required_money(row: TextRow, name: str) -> Decimal:
    """A decimal column that the contract requires."""
    value = money(row, name)
    if value is None:
        raise ValueError(f"{name} is required: {dict(row)}")
    return value


def versions(
    deliveries: Sequence[Delivery], entity: str, known_at: datetime, *, stays_when_gone: bool = False
) -> dict[Key, list[Version]]:
    """Every state of every key of `entity` that was delivered up to `known_at`, oldest first.

    With `stays_when_gone` a key that a full delivery leaves out keeps its last row, marked VANISHED.
    """
    history: dict[Key, list[Version]] = {}
    for delivery in sorted(deliveries, key=lambda delivery: delivery.known_at):
        if delivery.known_at > known_at or entity not in {**delivery.rows, **delivery.deletes}:
            continue
        said = delivery.keyed(entity)
        gone = {key_of(entity, row) for row in delivery.deletes.get(entity, ())}
        if delivery.mode == "full":
            gone |= {key for key in history if key not in said}
        for key, row in said.items():
            version = Version(delivery.known_at, delivery.business_date, row)
            history.setdefault(key, []).append(version)
        for key in gone:
            last = history[key][-1].row if key in history else None
            if last is None or VANISHED in last:
                continue
            stays = stays_when_gone and delivery.mode == "full"
            row = {**last, VANISHED: "true"} if stays else None
            history[key].append(Version(delivery.known_at, delivery.business_date, row))
    return history


def key_of(entity: str, row: TextRow) -> Key:
    """The key of a row within its company; a rate without a type is a closing rate."""
    key = tuple(text(row, name) for name in KEYS[entity])
    if entity == "fx_rate" and key[-1] is None:
        return (*key[:-1], "closing")
    return key


def live(history: Mapping[Key, Sequence[Version]]) -> dict[Key, TextRow]:
    """V(K) of one entity: the newest version of every key that is not a tombstone."""
    newest = {key: states[-1].row for key, states in history.items()}
    return {key: row for key, row in newest.items() if row is not None}


def money_columns(row: TextRow) -> tuple[object, ...]:
    """What makes two versions of an allocation the same event."""
    return (
        text(row, "from_kind"),
        text(row, "from_id"),
        text(row, "to_kind"),
        text(row, "to_id"),
        text(row, "to_instalment_no"),
        day(row, "allocated_on"),
        money(row, "amount"),
        money(row, "from_amount"),
        money(row, "functional_amount"),
        flag(row, "is_reversal"),
        text(row, "reverses_allocation_id"),
    )


def named_allocation(row: TextRow) -> Text:
    """The allocation that a reversal undoes, None where it names none."""
    return text(row, "reverses_allocation_id") if flag(row, "is_reversal") else None


def allocation_events(
    history: Mapping[Key, Sequence[Version]], allocation_id: str, known_at: datetime, *, seen: frozenset[str]
) -> list[Event]:
    """The events of one allocation known at `known_at`.

    A version that appears is an event, one that goes or changes is undone on the business date of the
    delivery that no longer had it. A reversal is known no earlier than what it names, and acts no earlier.
    """
    events: list[Event] = []
    number = 0
    standing: Event | None = None  # the event now in force
    held: TextRow | None = None  # the row now in force, also where its event is not yet known
    was_live = False
    for version in history.get((allocation_id,), ()):
        if version.known_at > known_at:
            break
        same = (
            held is not None and version.row is not None and money_columns(held) == money_columns(version.row)
        )
        if same:
            continue
        earliest = date.min
        if held is not None:
            number += 1
            if standing is not None:
                earliest = max(version.business_date, standing.event_date)
                events.append(
                    Event(
                        allocation_id,
                        number,
                        -1,
                        standing.row,
                        earliest,
                        max(version.known_at, standing.known_from),
                    )
                )
            else:
                earliest = version.business_date
        elif was_live:
            earliest = version.business_date
        held, standing = version.row, None
        if version.row is None:
            continue
        was_live = True
        number += 1
        starts = max(required_day(version.row, "allocated_on"), earliest)
        known_from = version.known_at
        named = named_allocation(version.row)
        if named is not None:
            start = _named_start(history, named, version.known_at, known_at, seen | {allocation_id})
            if start is None:
                continue
            starts, known_from = max(starts, start[0]), start[1]
        standing = Event(allocation_id, number, 1, version.row, starts, known_from)
        events.append(standing)
    return events


def _named_start(
    history: Mapping[Key, Sequence[Version]],
    named: str,
    own_known_from: datetime,
    known_at: datetime,
    seen: frozenset[str],
) -> tuple[date, datetime] | None:
    """The day and the knowledge from which a reversal of `named` can act; None while `named` is unknown."""
    if named in seen:
        return None
    states = [version for version in history.get((named,), ()) if version.known_at <= known_at]
    if not states:
        return None
    known_from = max(own_known_from, states[0].known_at)
    events = allocation_events(history, named, known_from, seen=seen)
    made = [event for event in events if event.sign > 0]
    if not made:
        return None
    state_then = [version for version in states if version.known_at <= known_from][-1]
    event = made[0] if state_then.row is None else made[-1]
    return event.event_date, max(known_from, event.known_from)
