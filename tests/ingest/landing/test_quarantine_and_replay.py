"""Rejected rows can be found again, and a mended delivery lands without changing what was known."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ingest.landing import staging
from tests.ingest.landing.world import CUSTOMER, DOCUMENT, World, document, documents, table


def test_a_rejected_row_can_be_followed_to_file_record_column_and_text(world: World) -> None:
    world.source["reject_threshold"] = 0.5
    world.deliver(
        "2026-01-31",
        table(
            DOCUMENT, document(1), document(2), document(3, amount="1,000.00").replace("1,0", '"1,0') + '"'
        ),
    )
    world.land()
    (row,) = world.rejected()
    assert (row.file, row.row, row.reason_code) == ("in/2026-01-31/document.csv", 3, "not_exact")
    assert (row.column_name, row.original_text) == ("amount", "1,000.00")
    assert row.record is not None and '"document_id":"3"' in row.record
    assert (row.company_code, row.currency, row.load_id) == ("CN01", "CNY", 1)


def test_records_that_cannot_be_split_are_set_aside_and_the_rest_lands(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    lines = [
        document(1),
        "CN01,2,invoice",
        document(3),
        document(4).replace("CNY", "\xff"),
        document(5) + ',"open',
    ]
    content = table(DOCUMENT, *lines, document(6)).encode("latin-1")
    world.deliver("2026-01-31", content)
    load = world.land().loads[0]
    assert world.live() == {"1", "3", "6"}
    assert {(row.row, row.reason_code) for row in world.rejected()} == {
        (2, "ragged_row"),
        (4, "bad_encoding"),
        (5, "open_quote"),
    }
    assert load.rows_read == load.rows_landed + load.rows_rejected == 6


def test_rejected_rows_and_their_amount_are_part_of_the_build(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver(
        "2026-01-31",
        table(DOCUMENT, document(1), document(2, kind="bill"), document(3, kind="bill", amount="5.5")),
    )
    load = world.land().loads[0]
    assert load.amount_rejected == Decimal("105.50")
    world.build()
    rows = world.query(
        'select reason_code, "row", original_text, amount, company_code from landing.rejected_row order by 2'
    )
    assert rows[1] == {
        "reason_code": "bad_code",
        "row": 3,
        "original_text": "bill",
        "amount": Decimal("5.50"),
        "company_code": "CN01",
    }
    assert world.query("select amount_rejected from landing.load")[0]["amount_rejected"] == Decimal("105.50")


def test_rows_of_a_refused_delivery_are_listed_until_it_is_mended(world: World) -> None:
    path = world.deliver("2026-01-31", table(DOCUMENT, document(1, amount="x")))
    world.land()
    assert [row.load_id for row in world.rejected()] == [None]
    path.write_text(documents(1))
    world.land()
    assert world.rejected() == []


def test_a_mended_file_of_a_refused_delivery_lands_by_itself(world: World) -> None:
    path = world.deliver("2026-01-31", "company_code\nCN01\n")
    assert world.land().has_required_refusal
    path.write_text(documents(1))
    report = world.land()
    assert not report.refused and len(report.loads) == 1


def test_a_threshold_raised_in_the_settings_lets_the_refused_delivery_land(world: World) -> None:
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(2, amount="x")))
    assert world.land().refused
    world.source["reject_threshold"] = 0.5
    assert [load.rows_landed for load in world.land().loads] == [1]


def test_replay_accepts_the_lost_keys_of_a_dump_that_really_shrank(world: World) -> None:
    world.deliver("2026-01-31", documents(*range(30)))
    world.deliver("2026-02-01", documents(1, 2))
    assert world.land().refused
    assert world.replay().refused, "nothing was mended and nothing accepted"
    report = world.replay(accept_lost_keys=True)
    assert [load.rows_tombstoned for load in report.loads] == [28]
    assert world.live() == {"1", "2"}
    assert world.land().is_nothing_new and not world.land().refused


def test_replay_accepts_a_large_share_of_rejected_rows(world: World) -> None:
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(2, amount="x")))
    world.land()
    assert [load.rows_landed for load in world.replay(accept_rejected_share=True).loads] == [1]


def test_replay_of_a_published_delivery_adds_what_is_readable_now_as_new_knowledge(world: World) -> None:
    world.source |= {"reject_threshold": 0.9}
    world.deliver("2026-01-31", table(CUSTOMER, "CN01,C1,One", "*,C2,Two"), name="customer.csv")
    world.more_sources = [
        {"name": "other", "path": "other/"} | {"extracted_at": "file_mtime", "required": False}
    ]
    first = world.land().loads[0]
    assert first.rows_rejected == 1, "no company is known yet"
    world.publish(first.known_at)
    world.more_sources = []
    world.top["companies"] = [{"company_code": "CN01", "functional_currency": "CNY"}]
    (second,) = world.replay().loads
    assert (second.rows_landed, second.rows_unchanged, second.rows_rejected) == (1, 1, 0)
    assert second.known_at > first.known_at
    assert [row["customer_id"] for row in world.rows("customer", known_at=first.known_at)] == ["C1"]


def test_replay_of_an_unpublished_delivery_replaces_its_load(world: World) -> None:
    world.source |= {"reject_threshold": 0.9}
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(2, amount="x")))
    first = world.land().loads[0]
    (second,) = world.replay().loads
    assert second.load_id != first.load_id and second.known_at == first.known_at
    assert {row["_load_id"] for row in world.rows()} == {second.load_id}
    assert len(world.rejected()) == 1


def test_replay_can_be_narrowed(world: World) -> None:
    world.deliver("2026-01-31", "x\n1\n")
    world.deliver("2026-01-31", "x\n1\n", name="customer.csv")
    world.land()
    assert {r.entity for r in world.replay(entity="customer").refused} == {"customer"}
    assert not world.replay(source="nowhere").refused
    moment = datetime(2026, 1, 31, 15, 59, 59, 999999, tzinfo=UTC)
    assert len(world.replay(extracted_at=moment).refused) == 2


def test_a_quarantined_dump_that_was_overtaken_is_not_read_again(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(2, amount="x")))
    world.deliver("2026-02-01", documents(1, 2))
    world.land()
    report = world.replay()
    assert report.is_nothing_new and not report.refused
    assert "a newer one landed" in report.warnings[-1]


def test_a_delivery_that_is_wrong_from_end_to_end_is_given_up_before_all_of_it_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MOST_REJECTED_ROWS", 5)
    world.source["reject_threshold"] = 1.0
    world.deliver("2026-01-31", table(DOCUMENT, *(document(n, amount="x") for n in range(6))))
    (refusal,) = world.land().refused
    assert refusal.reason_code == "rejected_share" and "not_exact 6" in refusal.reason and refusal.fix
    assert not world.parquet_files()
