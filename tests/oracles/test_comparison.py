"""The comparison itself: it is silent about a right table and speaks up about a wrong one.

Belongs here: a balance table built from the oracle, and the same with one fault. Does not: the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.oracles.comparison import compare_balances, compare_movements, expected_row, knowledges
from tests.oracles.worlds import Universe, World, tell_universe

FIRST_DAY, LAST_DAY = date(2024, 9, 1), date(2025, 9, 1)
FOREVER = datetime(9999, 12, 31)
Table = list[dict[str, Any]]


@pytest.fixture(scope="module")
def universe() -> Universe:
    return tell_universe(4, 3)


def perfect_table(universe: Universe, world: World) -> Table:
    """One row per item, day and knowledge: no intervals to get wrong."""
    oracle, rows = universe.oracle(world), []
    moments = knowledges(universe, world)
    days = [FIRST_DAY + timedelta(days=step) for step in range((LAST_DAY - FIRST_DAY).days)]
    for known_from, known_to in zip(moments, [*moments[1:], FOREVER], strict=True):
        for day in days:
            until = day + timedelta(days=1) if day != days[-1] else date(9999, 12, 31)
            for item_id, row in oracle.at(known_from).ledger(day).items():
                interval = {
                    "effective_from": day,
                    "effective_to": until,
                    "known_from": known_from,
                    "known_to": known_to,
                }
                rows.append({"open_item_id": item_id, **expected_row(row), **interval})
    return rows


def last_open(table: Table) -> str:
    return next(row["open_item_id"] for row in reversed(table) if row["open_amount_document"])


def drop_a_cent(table: Table) -> None:
    item_id = last_open(table)
    for row in table:
        row["open_amount_document"] -= Decimal("0.01") if row["open_item_id"] == item_id else 0


def forget_an_item(table: Table) -> None:
    item_id = last_open(table)
    table[:] = [row for row in table if row["open_item_id"] != item_id]


def double_an_item(table: Table) -> None:
    item_id = last_open(table)
    table += [row for row in table if row["open_item_id"] == item_id]


def misdate_an_item(table: Table) -> None:
    for row in table:
        row["due_date"] += timedelta(days=1)


def test_a_right_table_has_no_differences(universe: Universe) -> None:
    world = universe.worlds[1]
    results = list(compare_balances(universe, world, perfect_table(universe, world)))
    assert sum(count for count, _ in results) > 1000
    assert [found for _, found in results if found] == []


@pytest.mark.parametrize("spoil", [drop_a_cent, forget_an_item, double_an_item, misdate_an_item])
def test_a_wrong_table_is_noticed(universe: Universe, spoil: Callable[[Table], None]) -> None:
    world = universe.worlds[2]
    table = perfect_table(universe, world)
    spoil(table)
    assert any(found for _, found in compare_balances(universe, world, table))


def test_missing_movements_are_noticed(universe: Universe) -> None:
    assert any(found for _, found in compare_movements(universe, universe.worlds[0], []))


def test_the_same_seed_tells_the_same_worlds() -> None:
    first, second = tell_universe(8, 5), tell_universe(8, 5)
    assert [world.states for world in first.worlds] == [world.states for world in second.worlds]
    assert first.rates == second.rates
