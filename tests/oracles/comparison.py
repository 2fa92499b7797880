"""The published balance table against the oracle, day by day and knowledge by knowledge.

Belongs here: reading the table once, filtering it in plain Python, listing differences. Does not:
expectations (oracle.py), running the pipeline (released.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracles.knowledge import Delivery, TextRow
from tests.oracles.money import ZERO
from tests.oracles.oracle import TICK, Known, Row
from tests.oracles.worlds import Universe, World

ATTRIBUTES = (
    "customer_id",
    "currency",
    "receivable_class",
    "due_date",
    "original_due_date",
    "agreed_due_date",
    "age_anchor_date",
    "open_amount_document",
    "open_amount_functional",
)
BALANCE_SQL = f"""
    select
        open_item_id, company_code, {", ".join(ATTRIBUTES)},
        effective_from, effective_to, known_from, known_to
    from marts.fct_open_item_balance
"""
MOVEMENT_SQL = """
    select
        open_item_id, company_code, effective_date, amount_document, amount_functional, known_from, known_to
    from marts.fct_receivable_movement
"""
RESTATEMENT_SQL = """
    select open_item_id, company_code, restated_at, effective_date, amount_document, amount_functional
    from marts.mart_restatement
"""
FINDING_SQL = """
    select company_code, rule, record_id
    from marts.mart_data_quality
    where rule in ('orphan_allocation', 'missing_from_amount', 'instalment_sum')
"""
MOST_DAYS = 36

Published = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One figure or attribute on which the release and the oracle disagree."""

    company_code: str
    seed: str
    as_of: date
    known_at: datetime
    open_item_id: str
    what: str
    expected: object
    published: object

    def __str__(self) -> str:
        return (
            f"{self.company_code} ({self.seed}) D={self.as_of} K={self.known_at} {self.open_item_id} "
            f"{self.what}: expected {self.expected}, published {self.published}"
        )


def by_company(rows: Iterable[Published]) -> dict[str, list[Published]]:
    """Published rows of every company."""
    found: dict[str, list[Published]] = defaultdict(list)
    for row in rows:
        found[row["company_code"]].append(row)
    return found


def known_then(rows: Iterable[Published], known_at: datetime) -> list[Published]:
    """The rows believed at K."""
    return [row for row in rows if row["known_from"] <= known_at < row["known_to"]]


def open_then(rows: Iterable[Published], as_of: date) -> dict[str, dict[str, object]]:
    """The attributes of every item with something open on D; one that is found twice says so."""
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        if row["effective_from"] <= as_of < row["effective_to"] and is_open(row):
            attributes = {name: row[name] for name in ATTRIBUTES}
            if row["open_item_id"] in found:
                attributes = {"twice": (found[row["open_item_id"]], attributes)}
            found[row["open_item_id"]] = attributes
    return found


def is_open(row: Published) -> bool:
    return bool(row["open_amount_document"]) or bool(row["open_amount_functional"])


def expected_row(row: Row) -> dict[str, object]:
    """A row of the oracle under the published names."""
    return {
        "customer_id": row.customer_id,
        "currency": row.currency,
        "receivable_class": row.receivable_class,
        "due_date": row.due_date,
        "original_due_date": row.original_due_date,
        "agreed_due_date": row.agreed_due_date,
        "age_anchor_date": row.age_anchor_date,
        "open_amount_document": row.open_document,
        "open_amount_functional": row.open_functional,
    }


def knowledges(universe: Universe, world: World) -> list[datetime]:
    """Every moment at which something became known, just before the first one, and the end."""
    own = [delivery.known_at for delivery in universe.deliveries(world)]
    rates = [delivery.known_at for delivery in universe.rates]
    end = max(*own, *rates)
    return sorted({own[0] - TICK, *own, *(moment for moment in rates if moment > own[0]), end})


def interesting_days(known: Known, random: Random) -> list[date]:
    """The days on which something happens and their neighbours; a sample of them where there are many."""
    days = {day + timedelta(days=step) for day in known.effective_dates() for step in (-1, 0, 1)}
    if len(days) <= MOST_DAYS:
        return sorted(days)
    return sorted({min(days), max(days), *random.sample(sorted(days), MOST_DAYS - 2)})


def compare_balances(
    universe: Universe, world: World, published: Sequence[Published]
) -> Iterator[tuple[int, list[Difference]]]:
    """(figures compared, differences) for every (D, K) of one world."""
    oracle, random = universe.oracle(world), Random(world.seed)
    for known_at in knowledges(universe, world):
        known = oracle.at(known_at)
        rows = known_then(published, known_at)
        days = interesting_days(known, random) or [date(2025, 6, 30)]
        for as_of in days:
            expected = {
                item_id: attributes
                for item_id, attributes in ((i, expected_row(row)) for i, row in known.ledger(as_of).items())
                if is_open(attributes)
            }
            found = open_then(rows, as_of)
            differences = [
                Difference(
                    world.company_code,
                    world.seed,
                    as_of,
                    known_at,
                    item_id,
                    name,
                    expected.get(item_id, {}).get(name),
                    found.get(item_id, {}).get(name),
                )
                for item_id in sorted({*expected, *found})
                for name in (*ATTRIBUTES, "twice")
                if expected.get(item_id, {}).get(name) != found.get(item_id, {}).get(name)
            ]
            yield len(expected) * len(ATTRIBUTES) + 1, differences


def compare_movements(
    universe: Universe, world: World, published: Sequence[Published]
) -> Iterator[tuple[int, list[Difference]]]:
    """The running sums of the published movements against the oracle, on a few days of every knowledge."""
    oracle, random = universe.oracle(world), Random(world.seed)
    for known_at in knowledges(universe, world):
        known = oracle.at(known_at)
        rows = known_then(published, known_at)
        for as_of in random.sample(days := interesting_days(known, random), min(6, len(days))):
            sums = running_sums(rows, as_of)
            ledger = known.ledger(as_of)
            expected = {item_id: (row.open_document, row.open_functional) for item_id, row in ledger.items()}
            nothing = (ZERO, ZERO)
            differences = [
                Difference(
                    world.company_code,
                    world.seed,
                    as_of,
                    known_at,
                    item_id,
                    "sum of movements",
                    expected.get(item_id, nothing),
                    sums.get(item_id, nothing),
                )
                for item_id in sorted({*expected, *sums})
                if _worth(expected.get(item_id, nothing)) != _worth(sums.get(item_id, nothing))
            ]
            yield len(expected) * 2, differences


def compare_restatements(
    universe: Universe, world: World, published: Sequence[Published]
) -> Iterator[tuple[int, list[Difference]]]:
    """What each knowledge changed on days that an earlier delivery had closed."""
    oracle, random = universe.oracle(world), Random(world.seed)
    deliveries = universe.deliveries(world)
    for known_at in knowledges(universe, world):
        closed = [d.business_date for d in deliveries if d.known_at < known_at and _closes_days(d)]
        rows = [row for row in published if row["restated_at"] == known_at]
        if not closed:
            yield 1, _restated(world, date.min, known_at, {}, running_sums(rows, date.max))
            continue
        # what is dated after the closed days is no restatement, so nothing more may be summed
        days = [day for day in interesting_days(oracle.at(known_at), random) if day < max(closed)]
        for as_of in [*random.sample(days, min(5, len(days))), max(closed)]:
            expected = oracle.restatement(as_of, known_at)
            yield len(expected) + 1, _restated(world, as_of, known_at, expected, running_sums(rows, as_of))
        yield (
            1,
            _restated(
                world, date.max, known_at, running_sums(rows, max(closed)), running_sums(rows, date.max)
            ),
        )


def _closes_days(delivery: Delivery) -> bool:
    """Whether a delivery reported anything of the ledger: one of customers alone leaves every day open."""
    ledger = ("document", "instalment", "receipt", "bill_event", "allocation")
    return any(delivery.rows.get(entity) or delivery.deletes.get(entity) for entity in ledger)


def running_sums(rows: Iterable[Published], as_of: date) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Document and functional amount per item of rows effective by D; one missing rate leaves no functional sum."""
    sums: dict[str, tuple[Decimal, Decimal | None]] = {}
    for row in rows:
        if row["effective_date"] <= as_of:
            document, functional = sums.get(row["open_item_id"], (ZERO, ZERO))
            added = row["amount_functional"]
            sums[row["open_item_id"]] = (
                document + row["amount_document"],
                None if functional is None or added is None else functional + added,
            )
    return sums


def _restated(
    world: World,
    as_of: date,
    known_at: datetime,
    expected: Mapping[str, tuple[Decimal, Decimal | None]],
    found: Mapping[str, tuple[Decimal, Decimal | None]],
) -> list[Difference]:
    nothing = (ZERO, ZERO)
    differences = []
    for item_id in sorted({*expected, *found}):
        left, right = expected.get(item_id, nothing), found.get(item_id, nothing)
        # a rate that came or went has no functional difference to compare
        is_comparable = left[1] is not None and right[1] is not None
        if left[0] != right[0] or (is_comparable and left[1] != right[1]):
            differences.append(
                Difference(
                    world.company_code, world.seed, as_of, known_at, item_id, "restatement", left, right
                )
            )
    return differences


def expected_findings(universe: Universe, world: World) -> set[tuple[str, str]]:
    """(rule, record) of what the newest knowledge of a world could not apply."""
    known = universe.oracle(world).at(knowledges(universe, world)[-1])
    return {
        *(("orphan_allocation", found) for found in known.orphans),
        *(("missing_from_amount", found) for found in known.missing_from_amount),
        *(("instalment_sum", found) for found in known.plans_set_aside),
    }


def _worth(pair: tuple[Decimal, Decimal | None]) -> tuple[Decimal, Decimal | None]:
    """Nothing open and no rate is nothing open."""
    return (ZERO, ZERO) if pair[0] == 0 and not pair[1] else pair


def readable(universe: Universe, world: World) -> str:
    """Every delivery of one world, for a person who looks for the cause of a difference."""
    source = f"{world.group.source} ({world.group.mode}, {world.group.time_zone})"
    lines = [
        f"world {world.company_code} seed {world.seed} functional {world.functional_currency} source {source}",
        f"stories: {', '.join(sorted(world.features))}",
    ]
    for number, delivery in enumerate(universe.deliveries(world)):
        lines.append(
            f"-- delivery {number} business date {delivery.business_date} known at {delivery.known_at}"
        )
        for entity, rows in delivery.rows.items():
            before = _rows_before(universe, world, entity, number)
            lines += [f"   {entity:<10} {_short(row)}" for row in rows if row not in before]
            if delivery.mode == "full":
                lines += [f"   {entity:<10} GONE {_short(row)}" for row in before if row not in rows]
        for entity, rows in delivery.deletes.items():
            lines += [f"   {entity:<10} DELETED {_short(row)}" for row in rows]
    return "\n".join(lines)


def _rows_before(universe: Universe, world: World, entity: str, number: int) -> Sequence[TextRow]:
    if number == 0 or world.group.mode != "full":
        return []
    return universe.deliveries(world)[number - 1].rows.get(entity, ())


def _short(row: TextRow) -> str:
    hidden = ("company_code", "name")
    return " ".join(
        f"{name}={value}" for name, value in row.items() if value is not None and name not in hidden
    )
