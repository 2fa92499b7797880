"""`_known_at`: what a release knew never changes, and history comes from dated deliveries alone."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.landing import NothingLanded, latest_known_at
from tests.ingest.landing.world import DOCUMENT, World, document, documents, table

COMPANY = "company_code,name,functional_currency,time_zone"
FIRST = datetime(2026, 1, 31, 15, 59, 59, 999999, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
TICK = timedelta(microseconds=1)


def test_a_delivery_is_known_since_it_was_extracted(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    assert [load.known_at for load in world.land().loads] == [FIRST]
    assert world.rows()[0]["_known_at"] == FIRST.replace(tzinfo=None)
    assert latest_known_at(world.settings) == FIRST


def test_what_lands_late_is_known_only_after_the_newest_release(world: World) -> None:
    world.source["mode"] = "delta"
    world.deliver("2026-02-01", documents(1))
    world.land()
    world.publish(SECOND)
    world.deliver("2026-01-30", documents(2))
    world.deliver("2026-01-31", documents(3))
    assert [load.known_at for load in world.land().loads] == [SECOND + TICK, SECOND + 2 * TICK]
    assert [row["document_id"] for row in world.rows(known_at=SECOND)] == ["1"]


def test_t36_history_is_rebuilt_from_old_extracts_with_their_own_dates(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rebuilt = World(tmp_path_factory.mktemp("rebuilt"))
    for day, amount in (("2026-01-31", "1.00"), ("2026-02-01", "2.00")):
        world.deliver(day, documents(1, amount=amount))
        world.land()
        world.publish(datetime.fromisoformat(f"{day} 15:59:59.999999"))
        rebuilt.deliver(day, documents(1, amount=amount))
    rebuilt.land()
    assert world.content() == rebuilt.content()


def test_a_build_reads_only_what_was_known_by_the_moment_asked_for(world: World) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-02-01", documents(1))
    world.land()
    then, now = world.build(known_at=FIRST), world.build()
    assert then.load_ids == (1,) and now.load_ids == (1, 2)
    assert then.fingerprint != now.fingerprint
    assert (then.as_of.isoformat(), now.as_of.isoformat()) == ("2026-01-31", "2026-02-01")
    assert now.known_at == SECOND.replace(tzinfo=None)
    assert [row["_op"] for row in world.rows(known_at=FIRST)] == ["upsert", "upsert"]
    world.build(known_at=FIRST)
    assert [row["load_id"] for row in world.query("select load_id from landing.load")] == [1]


def test_the_moment_asked_for_may_carry_a_zone(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    assert world.build(known_at=FIRST).known_at == FIRST.replace(tzinfo=None)


def test_companies_are_configuration_and_always_known(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.deliver("2026-02-01", documents(1))
    world.deliver("2026-02-01", table(COMPANY, "CN01,One,CNY,Asia/Shanghai"), name="company.csv")
    world.land()
    assert [row["name"] for row in world.rows("company", known_at=FIRST)] == ["One"]


def test_before_the_first_knowledge_there_is_nothing_to_build(world: World) -> None:
    with pytest.raises(NothingLanded, match="No delivery has landed"):
        world.build()
    world.deliver("2026-01-31", documents(1))
    world.land()
    with pytest.raises(NothingLanded, match="give a later --known-at"):
        world.build(known_at=FIRST - TICK)


def test_as_of_is_the_last_day_that_every_required_source_has_covered(world: World) -> None:
    world.more_sources = [
        {"name": "us", "path": "us/{extracted_at:%Y-%m-%d}/"},
        {"name": "extra", "path": "extra/{extracted_at:%Y-%m-%d}/", "required": False},
    ]
    for folder, day, company in (
        ("in", "2026-02-02", "CN01"),
        ("us", "2026-02-01", "US01"),
        ("extra", "2026-01-15", "X"),
    ):
        world.put(f"{folder}/{day}/document.csv", table(DOCUMENT, document(1, company=company)))
    world.land()
    assert world.build().as_of.isoformat() == "2026-02-01"


def test_two_deliveries_of_one_source_never_share_a_known_time(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    world.publish(SECOND + timedelta(days=9))
    for day, amount in (("2026-02-01", "1.00"), ("2026-02-02", "2.00"), ("2026-02-03", "3.00")):
        world.deliver(day, documents(1, amount=amount))
    moments = [load.known_at for load in world.land().loads]
    assert len(set(moments)) == 3 and moments == sorted(moments)
    assert [str(row["amount"]) for row in world.rows()] == ["100.00", "1.00", "2.00", "3.00"]
