"""Random worlds without allocations through the real pipeline: what is published equals the oracle.

Belongs here: one refresh of all worlds of settlement_worlds.py and the comparison. Does not: the rules (settlement.py).
ARREARS_SETTLEMENT_WORLDS and ARREARS_WORLD_SEED choose how many worlds are told and which.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.kit import ledger
from tests.oracles.comparison import (
    BALANCE_SQL,
    MOVEMENT_SQL,
    RESTATEMENT_SQL,
    compare_balances,
    compare_movements,
    compare_restatements,
    knowledges,
)
from tests.oracles.released import Released, release_of
from tests.oracles.settlement import SETTLEMENT
from tests.oracles.settlement_worlds import GROUPS, tell_settlement_universe
from tests.oracles.worlds import Universe

pytestmark = pytest.mark.large

WORLDS = int(os.environ.get("ARREARS_SETTLEMENT_WORLDS", "120"))
SEED = int(os.environ.get("ARREARS_WORLD_SEED", "1"))
LEAST_WORLDS_PER_STORY = 5 * WORLDS // 120


@pytest.fixture(scope="module")
def universe() -> Universe:
    return tell_settlement_universe(WORLDS, SEED)


@pytest.fixture(scope="module")
def released(universe: Universe, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    with release_of(universe, tmp_path_factory.mktemp("settlement_worlds"), make=ledger) as released:
        yield released


def test_what_the_styles_are_about_happens_in_enough_worlds(universe: Universe) -> None:
    seen: Counter[str] = Counter()
    for world in universe.worlds:
        oracle = universe.oracle(world)
        found = set(world.features)
        for known_at in knowledges(universe, world):
            known = oracle.at(known_at)
            rows = known.derived.rows.values()
            found |= {f"derived {row['from_kind']}" for row in rows}
            found |= {"across currencies"} if any(row.get("from_amount") for row in rows) else set()
            found |= {"does not net"} if known.derived.not_netting else set()
            found |= {"no item"} if known.derived.balancing else set()
            for leg in known.legs:
                if leg.event.sign < 0:
                    found.add("undone event")
                if leg.event.row["from_kind"] == SETTLEMENT:
                    found.add(
                        "settled" if leg.amount * known.things[leg.thing_id].nature < 0 else "open again"
                    )
        seen.update(found)
    print("\n" + "\n".join(f"{what:<36} {count:>4}" for what, count in sorted(seen.items())))
    assert {group.source for group in universe.groups} == {group.source for group in GROUPS}
    expected = {
        *(
            "derived receipt",
            "derived credit_note",
            "derived document",
            "derived discount",
            "derived write_off",
        ),
        *("derived fx_difference", "derived settlement", "across currencies", "does not net", "no item"),
        *("undone event", "settled", "open again", "switch", "clearing_reset", "member_moves", "deleted"),
        "told_of_a_bill",
    }
    assert {what: seen[what] for what in expected if seen[what] < LEAST_WORLDS_PER_STORY} == {}


def test_published_balances_equal_the_oracle_for_every_day_and_knowledge(released: Released) -> None:
    released.compare(BALANCE_SQL, compare_balances)


def test_running_sums_of_movements_equal_the_oracle(released: Released) -> None:
    released.compare(MOVEMENT_SQL, compare_movements)


def test_restatements_are_the_difference_between_two_knowledges(released: Released) -> None:
    released.compare(RESTATEMENT_SQL, compare_restatements)


def test_clearings_that_do_not_net_are_listed(released: Released) -> None:
    rows = released.query(
        "select company_code, record_id from marts.mart_data_quality where rule = 'clearing_does_not_net'"
    )
    universe = released.universe
    expected = {
        (world.company_code, clearing_id)
        for world in universe.worlds
        for clearing_id in universe.oracle(world).at(knowledges(universe, world)[-1]).derived.not_netting
    }
    assert {(row["company_code"], row["record_id"]) for row in rows} == expected


def test_allocations_shown_are_those_that_follow_from_what_is_known_now(released: Released) -> None:
    """Those of a residual are its history, compared with the balances."""
    rows = released.query(
        """
        select allocation.company_code, allocation.allocation_id, allocation.amount_document
        from marts.fct_allocation as allocation
        where allocation.is_inferred and not regexp_matches(allocation.allocation_id, '^settlement~.*~[0-9]+$')
        """
    )
    universe = released.universe
    expected = {
        (world.company_code, allocation_id, row["amount"])
        for world in universe.worlds
        for allocation_id, row in universe.oracle(world)
        .at(knowledges(universe, world)[-1])
        .derived.rows.items()
    }
    assert {(*list(row.values())[:2], str(row["amount_document"])) for row in rows} == expected
