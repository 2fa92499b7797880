"""One random company under construction: rows of every entity, each with its states per delivery.

Belongs here: ids, amounts, dates, the change of a key from one delivery to the next. Does not: which stories
are told (features), how many worlds there are (worlds.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.oracles.knowledge import KEYS, Text

Columns = dict[str, Text]
Slot = tuple[str, tuple[Text, ...]]  # entity and key

AMOUNTS = (
    "100.01",
    "33.33",
    "0.05",
    "1000.00",
    "250.50",
    "99.99",
    "7.77",
    "123.45",
    "10.00",
    "0.03",
    "666.67",
    "50.00",
)
CURRENCIES = ("CNY", "EUR", "USD")
ROUGH_RATE = {
    "CNY": Decimal("0.1403"),
    "EUR": Decimal("1.0837"),
    "USD": Decimal("1"),
    "HKD": Decimal("0.128"),
    "GBP": Decimal("1.27"),
}
TERMS = ("NET30", "30天", "EOM+30", "月结15天", "票到20天", "10 days")


@dataclass
class Builder:
    """Mutable while a world is told; `states` holds (delivery number, row or None for gone), oldest first."""

    random: Random
    functional_currency: str
    days: tuple[date, ...]  # business dates of the deliveries
    corrected_rates: tuple[tuple[str, str, date], ...]
    foreign_share: float
    states: dict[Slot, list[tuple[int, Columns | None]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    # -- time ----------------------------------------------------------------------------------------------

    @property
    def last(self) -> int:
        """The number of the last delivery."""
        return len(self.days) - 1

    def early(self) -> int:
        """A delivery that leaves room for later ones."""
        return self.random.randint(0, max(0, self.last // 2))

    def later(self, *slots: Slot) -> int | None:
        """A delivery after the newest state of every slot, None where there is none left."""
        newest = max(self.states[slot][-1][0] for slot in slots)
        return self.random.randint(newest + 1, self.last) if newest < self.last else None

    def day_in(self, delivery: int) -> date:
        """A day that an extract of this delivery would be the first to show."""
        until = self.days[delivery]
        since = self.days[delivery - 1] if delivery else until - timedelta(days=20)
        return since + timedelta(days=self.random.randint(1, max(1, (until - since).days)))

    def shift(self, day: date, low: int, high: int) -> date:
        return day + timedelta(days=self.random.randint(low, high))

    # -- rows ----------------------------------------------------------------------------------------------

    def put(self, entity: str, delivery: int, columns: Columns) -> Slot:
        """A new state of a key, from this delivery on."""
        slot = (entity, tuple(columns[name] for name in KEYS[entity]))
        states = self.states.setdefault(slot, [])
        if states and states[-1][0] >= delivery:
            raise ValueError(f"{slot} already has a state in delivery {states[-1][0]}")
        states.append((delivery, columns))
        return slot

    def change(self, slot: Slot, delivery: int, **columns: Text) -> None:
        """The newest row of a key with other values, from this delivery on."""
        self.put(slot[0], delivery, {**self.row(slot), **columns})

    def drop(self, slot: Slot, delivery: int) -> None:
        self.states[slot].append((delivery, None))

    def row(self, slot: Slot) -> Columns:
        """The newest row of a key that is not a tombstone."""
        return next(row for _, row in reversed(self.states[slot]) if row is not None)

    def known(self, slot: Slot) -> int:
        """The delivery that first had the key."""
        return self.states[slot][0][0]

    def new_id(self, entity: str) -> str:
        """Short ids that other companies and other entities use as well."""
        self.counts[entity] = self.counts.get(entity, 0) + 1
        return str(self.counts[entity])

    def pick(self, entity: str, accepts: Callable[[Columns], bool] = lambda row: True) -> Slot | None:
        """A key that is live in its newest state and can still change."""
        found = [
            slot
            for slot, states in self.states.items()
            if slot[0] == entity
            and states[-1][1] is not None
            and states[-1][0] < self.last
            and accepts(states[-1][1])
        ]
        return self.random.choice(found) if found else None

    # -- values --------------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def amount(self) -> Decimal:
        return Decimal(self.random.choice(AMOUNTS))

    def part_of(self, amount: Decimal) -> Decimal:
        """A part of an amount that rounding has to care about, never zero."""
        share = self.random.choice((1, 1, 2, 3, 3, 7))
        return max(Decimal("0.01"), (abs(amount) / share).quantize(Decimal("0.01"), ROUND_HALF_UP))

    def foreign(self) -> str:
        return self.random.choice([code for code in CURRENCIES if code != self.functional_currency])

    def booked(self, amount: Decimal, currency: str) -> str:
        """A functional amount as a source might have booked it."""
        rate = (
            ROUGH_RATE[currency]
            / ROUGH_RATE[self.functional_currency]
            * Decimal(self.random.randint(9500, 10500))
            / 10000
        )
        return str((amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP))

    def customer(self) -> str:
        return f"C{self.random.randint(1, self.counts['customer'])}"

    # -- defaults of the main entities -----------------------------------------------------------------------

    def document(self, kind: str = "invoice", /, *, delivery: int | None = None, **columns: Text) -> Slot:
        """A document with plausible values; `columns` win."""
        number = self.random.randint(0, self.last) if delivery is None else delivery
        dated = self.day_in(number)
        currency = columns.get("currency") or (
            self.foreign() if self.chance(self.foreign_share) else self.functional_currency
        )
        amount = Decimal(columns.get("amount") or self.amount())
        row: Columns = {
            "document_id": self.new_id("document"),
            "document_type": kind,
            "customer_id": self.customer(),
            "document_date": dated.isoformat(),
            "posting_date": self.shift(dated, 0, 3).isoformat() if self.chance(0.3) else None,
            "due_date": (dated + timedelta(days=self.random.choice((0, 10, 30, 45, 60)))).isoformat(),
            "currency": currency,
            "amount": str(amount),
            "functional_amount": self._given(amount, currency),
        }
        return self.put("document", number, {**row, **columns})

    def receipt(self, *, delivery: int | None = None, **columns: Text) -> Slot:
        number = self.random.randint(0, self.last) if delivery is None else delivery
        dated = self.day_in(number)
        currency = columns.get("currency") or (
            self.foreign() if self.chance(self.foreign_share) else self.functional_currency
        )
        amount = Decimal(columns.get("amount") or self.amount())
        row: Columns = {
            "receipt_id": self.new_id("receipt"),
            "customer_id": self.customer(),
            "receipt_date": dated.isoformat(),
            "posting_date": self.shift(dated, 0, 3).isoformat() if self.chance(0.3) else None,
            "currency": currency,
            "amount": str(amount),
            "functional_amount": self._given(amount, currency),
            "status": "cleared" if self.chance(0.5) else None,
        }
        return self.put("receipt", number, {**row, **columns})

    def _given(self, amount: Decimal, currency: str) -> Text:
        is_given = self.chance(0.4) if currency != self.functional_currency else self.chance(0.2)
        return self.booked(amount, currency) if is_given else None

    def allocation(
        self, used: Slot | str, settled: Slot, /, *, delivery: int | None = None, **columns: Text
    ) -> Slot:
        """An application of a receipt or document (a slot) or of a sink (its name) to an item."""
        target = self.row(settled)
        is_document = settled[0] == "document"
        to_kind = "credit_note" if target.get("document_type") == "credit_note" else "document"
        if not is_document:
            to_kind = "refund" if (target["amount"] or "").startswith("-") else "receipt"
        row: Columns = {
            "allocation_id": f"A{self.new_id('allocation')}",
            "from_kind": used if isinstance(used, str) else None,
            "from_id": None,
            "to_kind": to_kind,
            "to_id": settled[1][0],
            "amount": str(self.part_of(Decimal(target["amount"] or "0"))),
        }
        first = self.known(settled)
        if not isinstance(used, str):
            source = self.row(used)
            first = max(first, self.known(used))
            row["from_kind"] = "credit_note" if source.get("document_type") == "credit_note" else used[0]
            row["from_id"] = used[1][0]
            sizes = [abs(Decimal(item["amount"] or "0")) for item in (source, target)]
            if source["currency"] == target["currency"] and self.chance(0.8):
                row["amount"] = str(self.part_of(min(sizes)))
            if source["currency"] != target["currency"]:
                row["from_amount"] = str(self.part_of(Decimal(source["amount"] or "0")))
        number = self.random.randint(first, self.last) if delivery is None else delivery
        row["allocated_on"] = self.day_in(number).isoformat()
        return self.put("allocation", number, {**row, **columns})

    def plan(
        self, document: Slot, /, *, delivery: int | None = None, off_by: str = "0.00", retention: bool = False
    ) -> list[Slot]:
        """An instalment plan in thirds or halves, whose parts sum to the document plus `off_by`."""
        row = self.row(document)
        total = Decimal(row["amount"] or "0") + Decimal(off_by)
        count = self.random.randint(2, 4)
        each = (total / count).quantize(Decimal("0.01"), ROUND_HALF_UP)
        amounts = [each] * (count - 1) + [total - each * (count - 1)]
        number = self.known(document) if delivery is None else delivery
        due = date.fromisoformat(row["document_date"] or "")
        slots = []
        for position, amount in enumerate(amounts, start=1):
            due = self.shift(due, 0, 30)
            is_last = retention and position == count
            columns: Columns = {
                "document_id": row["document_id"],
                "instalment_no": str(position),
                "due_date": due.isoformat(),
                "amount": str(amount),
                "kind": "retention" if is_last else self.random.choice(("normal", None)),
                "unconditional_on": None,
            }
            slots.append(self.put("instalment", number, columns))
        return slots

    def plan_of(self, document: Slot) -> list[Slot]:
        return [slot for slot in self.states if slot[0] == "instalment" and slot[1][0] == document[1][0]]
