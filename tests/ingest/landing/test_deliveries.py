"""A delivery is all files of one source, entity and extraction time, however they are cut, named or repeated."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.ingest.landing.world import CUSTOMER, DOCUMENT, World, document, documents, table

NUMBERS = tuple(range(8))


@given(data=st.data())
@settings(
    max_examples=4,
    # every example lands for real: shrinking would take minutes
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_splitting_renaming_repeating_and_reordering_files_changes_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    days = {"2026-01-31": NUMBERS, "2026-02-01": NUMBERS[1:6], "2026-02-02": NUMBERS[2:]}
    plain, cut = World(tmp_path_factory.mktemp("plain")), World(tmp_path_factory.mktemp("cut"))
    for day, numbers in days.items():
        plain.deliver(day, documents(*numbers))
        shuffled = data.draw(st.permutations(numbers))
        at = data.draw(st.integers(0, len(shuffled)))
        parts = [documents(*shuffled[:at]), documents(*shuffled[at:])]
        if data.draw(st.booleans()):
            parts.append(parts[0])
        for position, part in enumerate(data.draw(st.permutations(parts))):
            separator = data.draw(st.sampled_from("._-"))
            cut.deliver(day, part, name=f"document{separator}{position}.csv")
            # part of a delivery may land before the rest arrives
            if data.draw(st.booleans()):
                cut.source = {"lost_key_share": 1.0}
                cut.land()
    plain.land()
    cut.land()
    assert not cut.land().loads
    assert cut.live() == plain.live()
    assert cut.content() == plain.content()


def test_landing_again_finds_nothing_new(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    before = world.build().fingerprint
    report = world.land()
    assert report.is_nothing_new and not report.refused
    assert world.build().fingerprint == before


def test_a_renamed_file_is_nothing_new(world: World) -> None:
    path = world.deliver("2026-01-31", documents(1))
    world.land()
    path.rename(path.with_name("document-final.csv"))
    assert world.land().is_nothing_new


def test_a_second_part_that_arrives_before_publishing_completes_the_delivery(world: World) -> None:
    world.deliver("2026-01-31", documents(1), name="document_1.csv")
    world.land()
    world.deliver("2026-01-31", documents(2), name="document_2.csv")
    report = world.land()
    assert [load.rows_landed for load in report.loads] == [2]
    assert {row["_load_id"] for row in world.rows()} == {report.loads[0].load_id}
    assert {row["_known_at"] for row in world.rows()} == {datetime(2026, 1, 31, 15, 59, 59, 999999)}


def test_a_second_part_that_arrives_after_publishing_is_new_knowledge(world: World) -> None:
    world.deliver("2026-01-31", documents(1), name="document_1.csv")
    first = world.land().loads[0]
    world.publish(first.known_at)
    world.deliver("2026-01-31", documents(2), name="document_2.csv")
    second = world.land().loads[0]
    assert second.known_at > first.known_at
    assert second.business_date == first.business_date
    assert [row["document_id"] for row in world.rows(known_at=first.known_at)] == ["1"]
    assert world.live() == {"1", "2"}


def test_equal_rows_under_one_key_collapse_and_are_counted(world: World) -> None:
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(1, amount="100"), document(2)))
    load = world.land().loads[0]
    assert (load.rows_read, load.rows_landed, load.rows_collapsed, load.rows_rejected) == (3, 2, 1, 0)


def test_different_rows_under_one_key_are_all_quarantined(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document(1, amount="90.00"), document(2)))
    load = world.land().loads[-1]
    assert (load.rows_rejected, load.rows_tombstoned) == (2, 0)
    assert {(r.reason_code, r.row, str(r.amount)) for r in world.rejected()} == {
        ("conflicting_key", 1, "100.00"),
        ("conflicting_key", 2, "90.00"),
    }
    assert world.versions("1") == ["upsert"], "nobody can tell which one is right, so nothing changes"


@pytest.mark.parametrize("limit, is_refused", [(0.5, False), (0.49, True)])
def test_too_large_a_share_of_rejected_rows_refuses_the_delivery(
    world: World, limit: float, is_refused: bool
) -> None:
    world.source["reject_threshold"] = limit
    world.deliver("2026-01-31", table(DOCUMENT, document(1), document(2, amount="1e5")))
    report = world.land()
    assert report.is_nothing_new == is_refused
    assert [r.reason_code for r in report.refused] == ["rejected_share"] * is_refused
    assert [(row.reason_code, row.original_text) for row in world.rejected()] == [("not_exact", "1e5")]


def test_a_missing_required_column_refuses_the_delivery_and_says_how_to_mend_it(world: World) -> None:
    world.deliver("2026-01-31", "company_code;document_id\nCN01;1\n")
    refusal = world.land().refused[0]
    assert refusal.reason_code == "missing_column"
    assert "document_type" in refusal.reason and "delimiter ','" in refusal.fix


def test_a_constant_fills_a_missing_column(world: World) -> None:
    world.source["constants"] = {"company_code": "CN09"}
    world.deliver(
        "2026-01-31", "document_id,document_type,document_date,currency,amount\n1,invoice,2026-01-31,CNY,1\n"
    )
    assert not world.land().refused
    assert world.rows()[0]["company_code"] == "CN09"


def test_unknown_columns_and_files_are_reported_and_harmless(world: World) -> None:
    world.deliver("2026-01-31", table(f"{DOCUMENT},colour", f"{document(1)},red"))
    world.deliver("2026-01-31", "hello", name="readme.csv")
    world.deliver("2026-01-31", "half", name="document.csv.part")
    world.put("in/2026-02-30/document.csv", documents(2))
    report = world.land()
    told = " ".join(report.warnings)
    assert "colour" in told and "readme.csv" in told and "2026-02-30" in told and ".part" not in told
    assert world.live() == {"1"}


def test_a_refused_delivery_of_an_optional_source_does_not_stop_a_release(world: World) -> None:
    world.source["required"] = False
    world.deliver("2026-01-31", "nonsense\n1\n")
    report = world.land()
    assert report.refused and not report.has_required_refusal


def test_a_missing_entity_is_told_and_deletes_nothing(world: World) -> None:
    for day in ("2026-01-31", "2026-02-01"):
        world.deliver(day, documents(1))
    world.deliver("2026-01-31", table(CUSTOMER, "CN01,C1,One"), name="customer.csv")
    report = world.land()
    assert any("no customer file" in warning for warning in report.warnings)
    assert world.live(entity="customer", column="customer_id") == {"C1"}


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        ("document,2,200.00", None),
        ("document,2,", None),
        ("document,3,300.00", "broken_control_total"),
        ("document,2,200.01", "broken_control_total"),
        ("document,many,200.00", "broken_control_total"),
        ("document,2,200.00\nreceipt,5,1.00", "missing_file"),
        ("document,2,200.00\nreceipt,0,0", None),
    ],
)
def test_control_totals_must_be_met(world: World, control: str, reason: str | None) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.deliver("2026-01-31", f"entity,rows,amount\n{control}\n", name="_control.csv")
    assert [refusal.reason_code for refusal in world.land().refused] == ([reason] if reason else [])


def test_control_totals_count_what_was_sent_and_not_what_was_accepted(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    lines = (document(1, amount="-40.00"), document(2, kind="bill"), document("", amount="7.00"))
    world.deliver("2026-01-31", table(DOCUMENT, *lines))
    world.deliver("2026-01-31", "entity,rows,amount\ndocument,3,67.00\n", name="_control.csv")
    assert not world.land().refused


def test_a_file_that_is_not_what_it_says_is_refused(world: World) -> None:
    world.deliver("2026-01-31", b"PK not a workbook", name="document.xlsx")
    world.deliver("2026-01-31", b"PAR1 not parquet", name="customer.parquet")
    refused = world.land().refused
    assert {(r.entity, r.reason_code) for r in refused} == {
        ("document", "unreadable_file"),
        ("customer", "unreadable_file"),
    }
    assert all(refusal.fix for refusal in refused)


@pytest.mark.parametrize(
    ("pattern", "file", "moment"),
    [
        (
            "in/{extracted_at:%Y-%m-%d}/",
            "in/2026-01-31/document.csv",
            datetime(2026, 1, 31, 15, 59, 59, 999999, UTC),
        ),
        (
            "in/{extracted_at:%Y%m%dT%H%M%S}/a",
            "in/20260131T180000/a/document.csv",
            datetime(2026, 1, 31, 10, tzinfo=UTC),
        ),
        (
            "in/document_{extracted_at:%Y-%m-%d}*.csv",
            "in/document_2026-01-31_a.csv",
            datetime(2026, 1, 31, 15, 59, 59, 999999, UTC),
        ),
        (
            "in/*/{extracted_at:%Y-%m-%d}/",
            "in/x/2026-01-31/document.csv",
            datetime(2026, 1, 31, 15, 59, 59, 999999, UTC),
        ),
    ],
)
def test_a_path_says_when_its_files_were_extracted(
    world: World, pattern: str, file: str, moment: datetime
) -> None:
    world.source["path"] = pattern
    world.put(file, documents(1))
    assert [load.extracted_at for load in world.land().loads] == [moment]


@pytest.mark.parametrize(
    ("folder", "cutoff", "business_date"),
    [
        ("20260201T013000", "06:00", date(2026, 1, 31)),
        ("20260201T060000", "06:00", date(2026, 2, 1)),
        ("20260201T013000", "00:00", date(2026, 2, 1)),
    ],
)
def test_a_dump_made_at_night_covers_the_day_before(
    world: World, folder: str, cutoff: str, business_date: date
) -> None:
    world.source["path"] = "in/{extracted_at:%Y%m%dT%H%M%S}/"
    world.top["companies"] = [{"company_code": "CN01", "functional_currency": "CNY", "day_cutoff": cutoff}]
    world.put(f"in/{folder}/document.csv", documents(1))
    assert world.land().loads[0].business_date == business_date


def test_a_date_only_extraction_time_covers_that_day(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    assert world.land().loads[0].business_date == date(2026, 1, 31)


def test_the_longest_entity_name_wins() -> None:
    from ingest.landing.discovery import entity_of

    assert entity_of("bank_statement_2026.csv") == "bank_statement"
    assert entity_of("document.v2.csv") == "document"
    assert entity_of("Document-1.XLSX") == "document"
    assert entity_of("documents.csv") is None
    assert entity_of("document.txt") is None


def test_parts_in_different_formats_make_one_delivery(world: World, tmp_path: Path) -> None:
    import polars as pl

    world.deliver("2026-01-31", documents(1))
    frame = pl.DataFrame(
        {
            "company_code": ["CN01"],
            "document_id": ["2"],
            "document_type": ["invoice"],
            "document_date": [date(2026, 1, 31)],
            "currency": ["CNY"],
            "amount": ["100.00"],
        }
    ).with_columns(pl.col("amount").str.to_decimal(scale=4))
    frame.write_parquet(world.root / "in/2026-01-31/document-2.parquet")
    world.land()
    assert world.live() == {"1", "2"}


def test_a_correction_of_a_dump_may_be_taken_back(world: World) -> None:
    for amount in ("1.00", "2.00", "1.00"):
        world.deliver("2026-01-31", documents(1, amount=amount))
        load = world.land().loads[0]
        world.publish(load.known_at)
    assert [str(row["amount"]) for row in world.rows()] == ["1.00", "2.00", "1.00"]
    assert len({row["_known_at"] for row in world.rows()}) == 3
