"""Sources that send only what is new: bank lines without identifiers, and deltas."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.ingest.landing.world import BANK, DOCUMENT, World, document, documents, table

TWIN = "CN01,A1,2026-01-30,CNY,50.00,rent"
OTHER = "CN01,A1,2026-01-31,CNY,70.00,fee"


@pytest.fixture
def bank(world: World) -> World:
    world.source["mode"] = "append"
    return world


def lines(world: World) -> list[tuple[Decimal, int]]:
    return sorted((row["amount"], row["occurrence_no"]) for row in world.rows("bank_transaction"))


def test_t37_two_true_twins_in_one_statement_both_load(bank: World) -> None:
    bank.deliver("2026-01-31", table(BANK, TWIN, OTHER, TWIN), name="bank_transaction.csv")
    bank.land()
    assert lines(bank) == [(Decimal("50.00"), 1), (Decimal("50.00"), 2), (Decimal("70.00"), 1)]


def test_t37_the_same_file_again_adds_nothing(bank: World) -> None:
    content = table(BANK, TWIN, TWIN)
    bank.deliver("2026-01-31", content, name="bank_transaction.csv")
    bank.land()
    bank.deliver("2026-01-31", content, name="bank_transaction-copy.csv")
    assert bank.land().is_nothing_new
    bank.deliver("2026-02-01", content, name="bank_transaction.csv")
    assert [load.rows_landed for load in bank.land().loads] == [0]
    assert len(lines(bank)) == 2


def test_t37_an_overlapping_file_adds_only_its_new_lines(bank: World) -> None:
    bank.deliver("2026-01-31", table(BANK, TWIN, TWIN), name="bank_transaction.csv")
    bank.deliver("2026-02-01", table(BANK, TWIN, TWIN, OTHER), name="bank_transaction.csv")
    report = bank.land()
    assert [load.rows_landed for load in report.loads] == [2, 1]
    assert len(lines(bank)) == 3


def test_t37_overlapping_downloads_in_one_folder_count_a_line_once(bank: World) -> None:
    bank.deliver("2026-01-31", table(BANK, TWIN, OTHER), name="bank_transaction_1.csv")
    bank.deliver("2026-01-31", table(BANK, TWIN, TWIN), name="bank_transaction_2.csv")
    bank.land()
    assert lines(bank) == [(Decimal("50.00"), 1), (Decimal("50.00"), 2), (Decimal("70.00"), 1)]


def test_twins_of_one_statement_split_over_two_files_both_load(bank: World) -> None:
    header = f"{BANK},statement_id"
    bank.deliver("2026-01-31", table(header, f"{TWIN},S1"), name="bank_transaction_1.csv")
    bank.deliver("2026-01-31", table(header, f"{TWIN},S1", f"{OTHER},S1"), name="bank_transaction_2.csv")
    bank.land()
    assert lines(bank) == [(Decimal("50.00"), 1), (Decimal("50.00"), 2), (Decimal("70.00"), 1)]


def test_lines_that_stop_coming_are_not_deleted(bank: World) -> None:
    bank.deliver("2026-01-31", table(BANK, TWIN), name="bank_transaction.csv")
    bank.deliver("2026-02-01", table(BANK), name="bank_transaction.csv")
    assert not bank.land().refused
    assert lines(bank) == [(Decimal("50.00"), 1)]


def test_a_bank_transaction_is_appended_even_in_a_source_of_full_dumps(world: World) -> None:
    world.deliver("2026-01-31", table(BANK, TWIN), name="bank_transaction.csv")
    world.deliver("2026-02-01", table(BANK, OTHER), name="bank_transaction.csv")
    assert {load.mode for load in world.land().loads} == {"append"}
    assert len(lines(world)) == 2


def test_a_touched_file_of_a_source_by_file_time_adds_nothing(bank: World) -> None:
    bank.source |= {"path": "bank/", "extracted_at": "file_mtime"}
    path = bank.put("bank/bank_transaction.csv", table(BANK, TWIN))
    bank.land()
    path.touch()
    assert bank.land().is_nothing_new


def test_files_of_a_source_by_file_time_are_deliveries_of_their_own(bank: World) -> None:
    import os

    bank.source |= {"path": "bank/", "extracted_at": "file_mtime"}
    for day, line in ((30, TWIN), (31, OTHER)):
        path = bank.put(f"bank/bank_transaction_{day}.csv", table(BANK, line))
        moment = datetime(2026, 1, day, 12, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    loads = bank.land().loads
    assert [load.extracted_at for load in loads] == [
        datetime(2026, 1, day, 12, tzinfo=UTC) for day in (30, 31)
    ]
    assert len(lines(bank)) == 2


@pytest.fixture
def delta(world: World) -> World:
    world.source["mode"] = "delta"
    return world


def test_a_delta_deletes_nothing_that_it_leaves_out(delta: World) -> None:
    delta.deliver("2026-01-31", documents(1, 2))
    delta.deliver("2026-02-01", documents(3))
    delta.land()
    assert delta.live() == {"1", "2", "3"}


def test_a_delta_delivered_again_under_another_name_lands_once(delta: World) -> None:
    delta.deliver("2026-01-31", documents(1, 2))
    delta.land()
    delta.deliver("2026-01-31", documents(1, 2), name="document-again.csv")
    assert delta.land().is_nothing_new
    assert delta.versions("1") == ["upsert"]


def test_a_delta_deletes_what_it_marks_deleted(delta: World) -> None:
    header = f"{DOCUMENT},_deleted"
    delta.deliver("2026-01-31", documents(1, 2))
    delta.deliver("2026-02-01", table(header, "CN01,2,,,,,true", f"{document(1, amount='5.00')},false"))
    delta.land()
    assert delta.versions("2") == ["upsert", "delete"]
    assert delta.versions("1") == ["upsert", "upsert"]


def test_deltas_may_arrive_in_any_order(delta: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    days = {
        "2026-01-31": documents(1, amount="1.00"),
        "2026-02-01": documents(1, amount="2.00"),
        "2026-02-02": documents(1, amount="1.00"),
    }
    backwards = World(tmp_path_factory.mktemp("backwards"), source={"mode": "delta"})
    for day in days:
        delta.deliver(day, days[day])
        delta.land()
    for day in reversed(days):
        backwards.deliver(day, days[day])
        backwards.land()
    assert delta.content() == backwards.content()
    assert [str(row["amount"]) for row in backwards.rows()] == ["1.00", "2.00", "1.00"]


def test_a_part_of_a_delta_that_comes_after_a_later_delivery_completes_its_own(delta: World) -> None:
    delta.deliver("2026-01-31", documents(1), name="document.1.csv")
    delta.land()
    delta.deliver("2026-02-28", documents(3))
    delta.land()
    delta.deliver("2026-01-31", documents(2), name="document.2.csv")
    delta.land()
    known = sorted((row["_known_at"].date().isoformat(), row["document_id"]) for row in delta.rows())
    assert known == [("2026-01-31", "1"), ("2026-01-31", "2"), ("2026-02-28", "3")]


def test_a_delta_that_comes_after_a_release_does_not_overwrite_what_a_newer_one_said(delta: World) -> None:
    delta.deliver("2026-02-01", documents(1, amount="2.00"))
    report = delta.land()
    delta.publish(report.loads[-1].known_at)
    delta.deliver("2026-01-31", table(DOCUMENT, document(1, amount="1.00"), document(2)))
    report = delta.land()
    assert (report.loads[0].rows_landed, report.loads[0].rows_unchanged) == (1, 1)
    assert [str(row["amount"]) for row in delta.rows() if row["document_id"] == "1"] == ["2.00"]
    assert delta.live() == {"1", "2"}
