"""Full dumps: what is left out is gone, what comes back is back, and a broken dump closes nothing."""

import pytest

from tests.ingest.landing.world import CUSTOMER, DOCUMENT, World, document, documents, table


def test_an_unchanged_row_lands_once(world: World) -> None:
    for day in ("2026-01-31", "2026-02-01", "2026-02-02"):
        world.deliver(day, documents(1, 2))
    report = world.land()
    assert [load.rows_landed for load in report.loads] == [2, 0, 0]
    assert [load.rows_unchanged for load in report.loads] == [0, 2, 2]
    assert len(world.rows()) == 2


def test_a_changed_row_lands_as_a_new_version(world: World) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document(2, amount="90.00")))
    world.land()
    assert [str(row["amount"]) for row in world.rows() if row["document_id"] == "2"] == ["100.00", "90.00"]
    assert world.versions("1") == ["upsert"]


@pytest.mark.parametrize(("first", "second"), [("12.3", "12.30"), ("5", "5.00"), ("-0", "0.00")])
def test_an_amount_written_otherwise_is_the_same_amount(world: World, first: str, second: str) -> None:
    world.deliver("2026-01-31", documents(1, amount=first))
    world.deliver("2026-02-01", documents(1, amount=second))
    world.land()
    assert world.versions("1") == ["upsert"]


def test_t35_a_row_deleted_in_the_source_gets_a_tombstone_and_stays_in_history(world: World) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-02-01", documents(1))
    assert world.land().loads[-1].rows_tombstoned == 1
    assert world.versions("2") == ["upsert", "delete"]
    tombstone = world.rows()[-1]
    assert (tombstone["company_code"], tombstone["document_id"]) == ("CN01", "2")
    assert tombstone["amount"] is None and tombstone["_row_hash"] is None


def test_a_first_dump_lands_without_what_it_marks_deleted(world: World) -> None:
    world.deliver("2026-01-31", table(f"{DOCUMENT},_deleted", f"{document(1)},", f"{document(2)},true"))
    world.deliver("2026-02-01", documents(1, 2))
    report = world.land()
    assert [(load.rows_landed, load.rows_unchanged) for load in report.loads] == [(1, 1), (1, 1)]
    assert world.versions("2") == ["upsert"]


def test_t35_a_restored_row_comes_back(world: World) -> None:
    for day, numbers in (("2026-01-31", (1, 2)), ("2026-02-01", (1,)), ("2026-02-02", (1, 2))):
        world.deliver(day, documents(*numbers))
        world.land()
    assert world.versions("2") == ["upsert", "delete", "upsert"]
    assert world.live() == {"1", "2"}


def test_a_row_gone_stays_gone_without_further_tombstones(world: World) -> None:
    for day, numbers in (("2026-01-31", (1, 2)), ("2026-02-01", (1,)), ("2026-02-02", (1, 3))):
        world.deliver(day, documents(*numbers))
        world.land()
    assert world.versions("2") == ["upsert", "delete"]


def test_t34_landing_day_by_day_equals_landing_all_at_once(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    days = {
        "2026-01-31": documents(1, 2, 3),
        "2026-02-01": table(DOCUMENT, document(1), document(3, amount="7.00")),
        "2026-02-02": documents(1, 2, 4),
    }
    at_once = World(tmp_path_factory.mktemp("at_once"))
    for day, content in days.items():
        world.deliver(day, content)
        world.land()
        at_once.deliver(day, content)
    at_once.land()
    assert world.content() == at_once.content()


@pytest.mark.parametrize("content", [table(DOCUMENT), documents(*range(10))], ids=["empty", "truncated"])
def test_t35_an_empty_or_truncated_dump_is_refused_and_closes_nothing(world: World, content: str) -> None:
    world.deliver("2026-01-31", documents(*range(30)))
    world.land()
    world.deliver("2026-02-01", content)
    report = world.land()
    assert report.has_required_refusal and report.is_nothing_new
    assert report.refused[0].reason_code in {"empty_dump", "lost_keys"}
    assert "replay" in report.refused[0].fix
    assert len(world.live()) == 30


def test_an_empty_dump_is_refused_however_few_keys_there_were(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.deliver("2026-02-01", table(DOCUMENT))
    assert [refusal.reason_code for refusal in world.land().refused] == ["empty_dump"]


def test_a_dump_may_be_empty_while_nothing_has_landed(world: World) -> None:
    world.deliver("2026-01-31", table(DOCUMENT))
    report = world.land()
    assert not report.refused
    assert [load.rows_read for load in report.loads] == [0]


def test_fewer_than_twenty_keys_may_shrink_by_any_share(world: World) -> None:
    world.deliver("2026-01-31", documents(*range(19)))
    world.deliver("2026-02-01", documents(1))
    assert not world.land().refused
    assert world.live() == {"1"}


def test_the_share_that_may_be_lost_is_configured(world: World) -> None:
    world.source["lost_key_share"] = 0.9
    world.deliver("2026-01-31", documents(*range(30)))
    world.deliver("2026-02-01", documents(*range(5)))
    assert not world.land().refused
    assert len(world.live()) == 5


def test_a_good_dump_after_a_refused_one_settles_the_refusal(world: World) -> None:
    world.deliver("2026-01-31", documents(*range(30)))
    world.deliver("2026-02-01", documents(1))
    assert world.land().has_required_refusal
    assert world.land().has_required_refusal, "it stays refused until something is mended"
    world.deliver("2026-02-02", documents(*range(31)))
    world.land()
    report = world.land()
    assert not report.refused
    assert len(world.live()) == 31


def test_a_dump_older_than_the_newest_landed_one_is_refused_with_the_fix(world: World) -> None:
    world.deliver("2026-02-01", documents(1, 2))
    world.land()
    late = world.deliver("2026-01-31", documents(1))
    for _ in range(2):
        report = world.land()
        assert [refusal.reason_code for refusal in report.refused] == ["older_than_landed"]
        assert "move its files" in report.refused[0].fix
    late.unlink()
    assert not world.land().refused
    assert world.live() == {"1", "2"}


def test_a_quarantined_row_is_not_taken_for_deleted(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document(2, amount="12.345")))
    report = world.land()
    assert report.rejected_row_count == 1
    assert world.versions("2") == ["upsert"]


def test_while_a_record_cannot_be_split_no_key_is_taken_for_deleted(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver("2026-01-31", documents(1, 2, 3))
    world.deliver("2026-02-01", table(DOCUMENT, document(1), "CN01,2,invoice"))
    report = world.land()
    assert world.live() == {"1", "2", "3"}
    assert "could not be read" in " ".join(report.warnings)
    world.deliver("2026-02-02", documents(1))
    world.land()
    assert world.live() == {"1"}


def test_t40_a_subtotal_row_without_a_key_is_quarantined_and_not_added(world: World) -> None:
    world.source["reject_threshold"] = 0.5
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(2), document("", amount="200.00")))
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document("", amount="100.00")))
    world.land()
    assert world.live() == {"1"}, "a row without a key hides no key"
    assert {(row.reason_code, row.column_name) for row in world.rejected()} == {
        ("missing_required", "document_id")
    }
    assert sum(row["amount"] for row in world.rows() if row["_op"] == "upsert") == 200


def test_t20_cancelled_documents_land_with_their_flags(world: World) -> None:
    line = f"{document(1)},true,2026-02-03"
    world.deliver("2026-01-31", table(f"{DOCUMENT},is_cancelled,cancelled_on", line, f"{document(2)},,"))
    world.land()
    flags = {row["document_id"]: (row["is_cancelled"], str(row["cancelled_on"])) for row in world.rows()}
    assert flags == {"1": (True, "2026-02-03"), "2": (None, "None")}


def test_a_row_marked_deleted_in_a_dump_is_gone(world: World) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-02-01", table(f"{DOCUMENT},_deleted", f"{document(1)},", f"{document(2)},true"))
    world.land()
    assert world.versions("2") == ["upsert", "delete"]


def test_rows_of_two_sources_do_not_delete_each_other(world: World) -> None:
    world.more_sources = [{"name": "other", "path": "other/{extracted_at:%Y-%m-%d}/"}]
    world.deliver("2026-01-31", documents(1))
    world.put("other/2026-01-31/document.csv", table(DOCUMENT, document(9, company="US01")))
    world.deliver("2026-02-01", documents(1, 2))
    world.land()
    assert world.live() == {"1", "2", "9"}


def test_a_star_customer_is_landed_for_every_company_of_the_source(world: World) -> None:
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(1, company="CN02")))
    world.deliver("2026-01-31", table(CUSTOMER, "*,C1,Shared", "CN02,C2,Own"), name="customer.csv")
    world.land()
    assert sorted((row["company_code"], row["customer_id"]) for row in world.rows("customer")) == [
        ("CN01", "C1"),
        ("CN02", "C1"),
        ("CN02", "C2"),
    ]


def test_a_star_customer_reaches_a_company_that_appears_later(world: World) -> None:
    customers = table(CUSTOMER, "*,C1,Shared")
    world.deliver("2026-01-31", documents(1))
    world.deliver("2026-01-31", customers, name="customer.csv")
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document(1, company="CN02")))
    world.deliver("2026-02-01", customers, name="customer.csv")
    world.land()
    assert {row["company_code"] for row in world.rows("customer")} == {"CN01", "CN02"}


@pytest.mark.parametrize("content", [table(DOCUMENT), documents(*range(10))], ids=["empty", "truncated"])
def test_a_dump_overwritten_by_a_broken_one_keeps_what_landed(world: World, content: str) -> None:
    world.deliver("2026-01-31", documents(*range(30)))
    world.land()
    world.deliver("2026-01-31", content)
    world.deliver("2026-02-01", documents(*range(31)))
    report = world.land()
    assert [refusal.reason_code for refusal in report.refused] in (["empty_dump"], ["lost_keys"])
    assert [load.rows_landed for load in report.loads] == [1], "what follows is compared with what landed"
    assert len(world.live()) == 31
