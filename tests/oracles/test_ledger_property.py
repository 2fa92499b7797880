"""Random worlds through the real pipeline: published balances equal the oracle, for every day and knowledge.

Belongs here: one refresh of all worlds and the comparison with the oracle. Does not: the rules (oracle.py).
ARREARS_WORLDS and ARREARS_WORLD_SEED choose how many worlds are told and which.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from random import Random

import pytest

from tests.kit.trend import trend_differences
from tests.oracles.comparison import (
    BALANCE_SQL,
    FINDING_SQL,
    MOVEMENT_SQL,
    RESTATEMENT_SQL,
    Published,
    by_company,
    compare_balances,
    compare_movements,
    compare_restatements,
    expected_findings,
    interesting_days,
    knowledges,
    known_then,
    open_then,
)
from tests.oracles.features import FEATURES
from tests.oracles.metrics import METRIC_SQL, compare_metrics
from tests.oracles.overdue import OVERDUE_SQL, compare_overdue
from tests.oracles.released import Released, release_of
from tests.oracles.roll_rates import ROLL_RATE_SQL, compare_roll_rates
from tests.oracles.worlds import Universe, tell_universe

pytestmark = pytest.mark.large

WORLDS = int(os.environ.get("ARREARS_WORLDS", "240"))
SEED = int(os.environ.get("ARREARS_WORLD_SEED", "1"))
# what 240 worlds have to hold of every story; fewer worlds hold proportionally less
LEAST_WORLDS_PER_STORY = 20 * WORLDS // 240
MACRO_SAMPLES = 60
MACRO_COLUMNS = ("customer_id", "due_date", "currency", "open_amount_document", "open_amount_functional")


@pytest.fixture(scope="module")
def universe() -> Universe:
    return tell_universe(WORLDS, SEED)


@pytest.fixture(scope="module")
def released(universe: Universe, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    with release_of(universe, tmp_path_factory.mktemp("worlds")) as released:
        yield released


@pytest.fixture(scope="module")
def balances(released: Released) -> dict[str, list[Published]]:
    return by_company(released.query(BALANCE_SQL))


def test_every_story_is_told_in_enough_worlds(universe: Universe) -> None:
    told = Counter(story for world in universe.worlds for story in world.features)
    print("\n" + "\n".join(f"{story:<36} {told[story]:>4}" for story in sorted(FEATURES)))
    assert {story: told[story] for story in FEATURES if told[story] < LEAST_WORLDS_PER_STORY} == {}


def test_what_the_stories_are_about_happens_in_enough_worlds(universe: Universe) -> None:
    seen: Counter[str] = Counter()
    for world in universe.worlds:
        oracle = universe.oracle(world)
        found = set()
        for known_at in knowledges(universe, world):
            known = oracle.at(known_at)
            ledger = known.ledger(max(known.effective_dates(), default=date(2025, 6, 30)))
            found |= {"orphan"} if known.orphans else set()
            found |= {"plan set aside"} if known.plans_set_aside else set()
            found |= {"no from_amount"} if known.missing_from_amount else set()
            found |= {"no rate"} if any(row.open_functional is None for row in ledger.values()) else set()
            found |= {"over-allocation"} if known.over_allocated(date(2026, 1, 1)) else set()
            found |= {"agreed date"} if any(row.agreed_due_date for row in ledger.values()) else set()
            found |= {row.receivable_class for row in ledger.values()}
            found |= {
                f"{row.receivable_class} of a bill"
                for as_of in interesting_days(known, Random(world.seed))
                for row in known.ledger(as_of).values()
                if row.item_kind == "bill" and row.open_document
            }
            found |= {"undone event"} if any(leg.event.sign < 0 for leg in known.legs) else set()
            if any(row.due_date != row.original_due_date for row in ledger.values()):
                found.add("policy date moved")
        seen.update(found)
    print("\n" + "\n".join(f"{what:<36} {count:>4}" for what, count in sorted(seen.items())))
    rare = ("no from_amount",)
    assert {what: n for what, n in seen.items() if n < LEAST_WORLDS_PER_STORY and what not in rare} == {}


def test_every_row_of_the_worlds_was_accepted(released: Released) -> None:
    rejected = released.query("select * from marts.dim_release_load where rows_rejected > 0")
    assert rejected == []


def test_deliveries_are_known_when_the_oracle_says(released: Released) -> None:
    universe = released.universe
    published = {
        (row["source"], row["known_at"], row["business_date"])
        for row in released.query("select source, known_at, business_date from marts.dim_release_load")
    }
    expected = {
        (world.group.source, delivery.known_at, delivery.business_date)
        for world in universe.worlds
        for delivery in universe.deliveries(world)
    } | {("rates", delivery.known_at, delivery.business_date) for delivery in universe.rates}
    assert published == expected


def test_published_balances_equal_the_oracle_for_every_day_and_knowledge(released: Released) -> None:
    released.compare(BALANCE_SQL, compare_balances)


def test_running_sums_of_movements_equal_the_oracle(released: Released) -> None:
    released.compare(MOVEMENT_SQL, compare_movements)


def test_restatements_are_the_difference_between_two_knowledges(released: Released) -> None:
    released.compare(RESTATEMENT_SQL, compare_restatements)


def test_metrics_of_every_month_equal_the_oracle(released: Released) -> None:
    released.compare(METRIC_SQL, compare_metrics)


def test_what_is_overdue_on_any_day_is_the_sum_of_its_changes(released: Released) -> None:
    released.compare(OVERDUE_SQL, compare_overdue)


def test_what_became_of_every_amount_equals_the_oracle(released: Released) -> None:
    released.compare(ROLL_RATE_SQL, compare_roll_rates)


def test_what_could_not_be_applied_is_listed(released: Released) -> None:
    published = by_company(released.query(FINDING_SQL))
    wrong = {}
    for world in released.universe.worlds:
        found = {(row["rule"], row["record_id"]) for row in published.get(world.company_code, [])}
        if found != (expected := expected_findings(released.universe, world)):
            wrong[world.company_code] = {"not expected": found - expected, "not found": expected - found}
    assert wrong == {}


def test_the_trend_of_any_day_is_the_aging_of_that_day(released: Released) -> None:
    days = [
        row["day"] for row in released.query("select distinct day from marts.mart_overdue_trend order by day")
    ]
    schemes = [row["scheme"] for row in released.query("select distinct scheme from marts.dim_aging_bucket")]
    for day in [*Random(SEED).sample(days, 25), days[-1]]:
        for scheme in schemes:
            assert trend_differences(released.query, day, scheme=scheme) == [], (day, scheme)


def test_the_attributes_of_an_item_are_those_of_its_balance_on_the_as_of_date(released: Released) -> None:
    columns = (
        "customer_id",
        "receivable_class",
        "due_date",
        "original_due_date",
        "agreed_due_date",
        "currency",
    )
    differing = released.query(f"""
        select item.open_item_id
        from marts.fct_open_item_balance as balance
        inner join marts.fct_open_item as item on balance.open_item_id = item.open_item_id
        cross join marts.dim_release as release
        where balance.known_to = timestamp '9999-12-31 00:00:00'
            and balance.effective_from <= release.as_of_date and release.as_of_date < balance.effective_to
            and ({" or ".join(f"item.{name} is distinct from balance.{name}" for name in columns)})
        """)
    assert differing == []


def test_macros_return_what_the_balance_table_holds(
    released: Released, balances: dict[str, list[Published]]
) -> None:
    random = Random(SEED)
    universe = released.universe
    end = max(moment for world in universe.worlds for moment in knowledges(universe, world))
    for _ in range(MACRO_SAMPLES):
        world = random.choice(universe.worlds)
        known_at = random.choice(knowledges(universe, world))
        as_of = random.choice(interesting_days(universe.oracle(world).at(end), random))
        assert macro_rows(released, "open_items_as_known(?, ?)", [as_of, known_at]) == table_rows(
            balances, as_of, known_at
        )
        assert macro_rows(released, "open_items_as_of(?)", [as_of]) == table_rows(balances, as_of, end)


def macro_rows(released: Released, call: str, parameters: list[object]) -> set[tuple[object, ...]]:
    """What a macro returns with something open on it."""
    columns = ", ".join(("open_item_id", *MACRO_COLUMNS))
    return {
        tuple(row.values())
        for row in released.query(f"select {columns} from marts.{call}", parameters)
        if row["open_amount_document"] or row["open_amount_functional"]
    }


def table_rows(
    balances: dict[str, list[Published]], as_of: date, known_at: datetime
) -> set[tuple[object, ...]]:
    """The same from the table, filtered here."""
    return {
        (item_id, *(attributes[name] for name in MACRO_COLUMNS))
        for rows in balances.values()
        for item_id, attributes in open_then(known_then(rows, known_at), as_of).items()
    }
