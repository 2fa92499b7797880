"""Random worlds: companies whose deliveries hold every story that the ledger rules speak of, in small.

Belongs here: groups of worlds that share a source, the shared rates, what each delivery says of each company.
Does not: the stories themselves (features), files (extract_files.py), expectations (oracle.py).
Everything follows from one seed, so that a world can be told again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from tests.oracles.builder import CURRENCIES, TERMS, Builder, Columns, Slot
from tests.oracles.features import FEATURES
from tests.oracles.knowledge import KEYS, Delivery
from tests.oracles.oracle import Oracle

ENTITIES = ("customer", "document", "instalment", "receipt", "bill_event", "allocation", "promise")
FORCED, DRAWN, TRIES = 7, 5, 3
RATES_SOURCE = "rates"
RATES_ZONE = "Asia/Shanghai"
RATE_DAYS = tuple(date(2025, 1, 3) + timedelta(days=14 * number) for number in range(9))
# no rate is published in these spans, which are longer than a rate may be old
RATE_GAPS = {
    ("USD", "CNY"): (date(2025, 3, 5), date(2025, 3, 19)),
    ("EUR", "CNY"): (date(2025, 1, 20), date(2025, 2, 2)),
    ("EUR", "USD"): (date(2025, 2, 1), date(2025, 2, 20)),
    ("GBP", "CNY"): (date(2025, 4, 1), date(2025, 4, 12)),
}
START_RATE = {
    ("USD", "CNY"): "7.1234",
    ("EUR", "CNY"): "7.7321",
    ("EUR", "USD"): "1.0837",
    ("GBP", "CNY"): "9.0512",
}


@dataclass(frozen=True)
class Group:
    """A source that serves a quarter of the worlds."""

    source: str
    mode: str
    time_zone: str
    days: tuple[date, ...]
    settlement: str = "allocations"
    vanished: str = "deleted"


def _days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"2025-{text}") for text in texts)


GROUPS = (
    Group("full_few", "full", "UTC", _days("01-10", "01-31", "03-01", "04-15")),
    Group(
        "full_many",
        "full",
        "Asia/Shanghai",
        _days("01-08", "01-17", "01-31", "02-14", "02-28", "03-14", "03-31", "04-22"),
    ),
    Group("delta_few", "delta", "UTC", _days("01-15", "02-05", "02-26", "03-20", "04-18")),
    Group(
        "delta_many",
        "delta",
        "America/New_York",
        _days("01-07", "01-22", "02-10", "02-27", "03-09", "03-28", "04-17"),
    ),
)


def end_of_day(day: date, time_zone: str) -> datetime:
    """The naive UTC moment at which a date-only extraction is known."""
    local = datetime.combine(day, time.max, tzinfo=ZoneInfo(time_zone))
    return local.astimezone(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class World:
    """One company: its rows per entity and delivery, and the stories that made them."""

    company_code: str
    seed: str
    functional_currency: str
    group: Group
    states: dict[Slot, list[tuple[int, Columns | None]]]
    features: frozenset[str]
    resent: frozenset[tuple[Slot, int]]

    def rows(self, entity: str, number: int) -> list[Columns]:
        """The rows that delivery `number` holds: all live ones of a dump, the changed ones of a delta."""
        found = []
        for slot, states in self.states.items():
            past = [state for state in states if state[0] <= number]
            if slot[0] != entity or not past or past[-1][1] is None:
                continue
            is_new = past[-1][0] == number
            if self.group.mode == "full" or is_new or (slot, number) in self.resent:
                found.append({"company_code": self.company_code, **past[-1][1]})
        return found

    def deletes(self, entity: str, number: int) -> list[Columns]:
        """The explicit tombstones of a delta delivery."""
        if self.group.mode == "full":
            return []
        return [
            {"company_code": self.company_code, **dict(zip(KEYS[entity], slot[1], strict=True))}
            for slot, states in self.states.items()
            if slot[0] == entity and (number, None) in states
        ]


@dataclass(frozen=True)
class Universe:
    """All worlds of one refresh and the rates that they share."""

    seed: int
    worlds: tuple[World, ...]
    rates: tuple[Delivery, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The sources that serve them."""
        return tuple(dict.fromkeys(world.group for world in self.worlds))

    @cached_property
    def delivered(self) -> set[tuple[str, str, int]]:
        """(source, entity, delivery number) for which the source has a file."""
        return {
            (world.group.source, entity, number)
            for world in self.worlds
            for entity in ENTITIES
            for number in range(len(world.group.days))
            if world.rows(entity, number) or world.deletes(entity, number)
        }

    def deliveries(self, world: World) -> list[Delivery]:
        """What the sources say about one world, without the rates."""
        found = []
        for number, day in enumerate(world.group.days):
            named = [e for e in ENTITIES if (world.group.source, e, number) in self.delivered]
            found.append(
                Delivery(
                    mode=world.group.mode,
                    known_at=end_of_day(day, world.group.time_zone),
                    business_date=day,
                    rows={entity: world.rows(entity, number) for entity in named},
                    deletes={entity: world.deletes(entity, number) for entity in named},
                )
            )
        return found

    def oracle(self, world: World) -> Oracle:
        """The slow opinion on one world."""
        return Oracle(
            world.company_code,
            functional_currency=world.functional_currency,
            deliveries=[*self.deliveries(world), *self.rates],
            settlement=world.group.settlement,
            vanished=world.group.vanished,
        )


def tell_universe(count: int, seed: int) -> Universe:
    """`count` worlds; each is forced to tell a few stories in turn and draws some more."""
    rates, corrected = tell_rates(Random(f"{seed}:rates"))
    order = sorted(FEATURES)
    Random(f"{seed}:order").shuffle(order)
    worlds = tuple(
        tell_world(
            number,
            seed=f"{seed}:{number}",
            forced=[order[(number * FORCED + step) % len(order)] for step in range(FORCED)],
            corrected=corrected,
        )
        for number in range(count)
    )
    return Universe(seed, worlds, rates)


def tell_world(
    number: int, *, seed: str, forced: Iterable[str], corrected: tuple[tuple[str, str, date], ...]
) -> World:
    """One company with a few ordinary rows and its stories."""
    random = Random(seed)
    group = GROUPS[number % len(GROUPS)]
    functional_currency = random.choice(CURRENCIES)
    builder = Builder(random, functional_currency, group.days, corrected, random.choice((0.0, 0.15, 0.5)))
    for _ in range(random.randint(2, 6)):
        customer_id = f"C{builder.new_id('customer')}"
        builder.put(
            "customer",
            0,
            {
                "customer_id": customer_id,
                "name": f"Customer {customer_id}",
                "payment_terms": random.choice((*TERMS, None, None, None)),
            },
        )
    documents = [builder.document() for _ in range(random.randint(3, 6))]
    receipts = [builder.receipt() for _ in range(random.randint(2, 5))]
    for _ in range(random.randint(3, 7)):
        builder.allocation(random.choice(receipts), random.choice(documents))
    told = set()
    drawn = [random.choice(sorted(FEATURES)) for _ in range(DRAWN)]
    for name in (*forced, *drawn):
        # a story that found nothing to change may find something else
        if any(FEATURES[name](builder) for _ in range(TRIES)):
            told.add(name)
    return finished(builder, f"W{number + 1:04}", seed, group=group, features=told, random=random)


def finished(
    builder: Builder, company_code: str, seed: int, *, group: Group, features: Iterable[str], random: Random
) -> World:
    """The world that a builder has told, with rows that a delta delivery holds again although nothing changed."""
    resent = frozenset(
        (slot, later) for slot in builder.states for later in range(len(group.days)) if random.random() < 0.1
    )
    return World(
        company_code,
        seed,
        builder.functional_currency,
        group,
        builder.states,
        frozenset(features),
        resent,
    )


def tell_rates(random: Random) -> tuple[tuple[Delivery, ...], tuple[tuple[str, str, date], ...]]:
    """Deliveries of the rates source, and which rates were corrected in a later one."""
    rows: dict[int, list[Columns]] = {number: [] for number in range(len(RATE_DAYS))}
    deletes: dict[int, list[Columns]] = {number: [] for number in range(len(RATE_DAYS))}
    corrected = []
    for (source, target), start in START_RATE.items():
        rate = Decimal(start)
        for offset in range(160):
            rate_day = date(2024, 12, 1) + timedelta(days=offset)
            rate += Decimal(random.randint(-90, 90)) / 10000
            first, last = RATE_GAPS[source, target]
            due = next((n for n, day in enumerate(RATE_DAYS) if day >= rate_day), None)
            if rate_day.weekday() >= 5 or first <= rate_day <= last or due is None:
                continue
            number = min(due + random.choice((0,) * 9 + (1, 2)), len(RATE_DAYS) - 1)
            columns: Columns = {
                "rate_date": rate_day.isoformat(),
                "from_currency": source,
                "to_currency": target,
                "rate": str(rate if random.random() < 0.9 else rate + Decimal("0.000012345678")),
                "rate_type": "booked" if random.random() < 0.05 else "closing",
            }
            rows[number].append(columns)
            fate = random.random()
            if number < len(RATE_DAYS) - 1 and fate < 0.15:
                changed = random.randint(number + 1, len(RATE_DAYS) - 1)
                if fate < 0.12:
                    rows[changed].append({**columns, "rate": str(rate * Decimal("1.05"))})
                    corrected.append((source, target, rate_day))
                else:
                    del columns["rate"]
                    rows[number][-1] = {**columns, "rate": str(rate)}
                    deletes[changed].append(columns)
    deliveries = tuple(
        Delivery("delta", end_of_day(day, RATES_ZONE), day, {"fx_rate": rows[n]}, {"fx_rate": deletes[n]})
        for n, day in enumerate(RATE_DAYS)
    )
    return deliveries, tuple(corrected)
