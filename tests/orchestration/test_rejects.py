"""`arrears rejects`: what was turned away, where it stands and what to do, for a person and for a program."""

import csv
import io
import json
import os
from pathlib import Path

import pytest

from orchestration.commands.landing import list_rejects
from orchestration.commands.output import Format
from tests.ingest.landing.world import CUSTOMER, World, document, documents, table
from tests.ingest.landing.world import DOCUMENT as HEADER


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A delivery with bad records, one with a pipe, and one with too many bad records."""
    world = World(tmp_path, source={"reject_threshold": 0.9})
    bad = [document(2, amount="=1+1"), document("3\u200bx"), document(4).replace("2026-01-31", "2026-02-30")]
    world.deliver("2026-01-31", table(HEADER, document(1), *bad))
    os.mkfifo(world.root / "in/2026-01-31/contract.csv")
    world.deliver("2026-01-31", table(CUSTOMER, "CN01,C1,\x1b[31mred"), name="customer.csv")
    world.land()
    return world


def said(world: World, capsys: pytest.CaptureFixture[str], output: Format, **only: str) -> str:
    code = list_rejects(world.settings, source=only.get("source"), entity=only.get("entity"), output=output)
    assert code == 0
    return capsys.readouterr().out


def test_the_page_tells_deliveries_files_records_and_what_to_do(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    page = said(world, capsys, "table")
    assert "refused: erp contract of 2026-01-31 15:59 UTC, nothing of it landed" in page
    assert "not_a_file: in/2026-01-31/contract.csv: is a pipe" in page
    line = next(line for line in page.splitlines() if "bad_date" in line)
    told = line.split()
    assert told[:3] == ["erp", "document", "in/2026-01-31/document.csv"]
    assert told[3:] == ["4", "bad_date", "document_date", "2026-02-30", "100.00", "CNY"]
    assert "bad_date (1): no day of the calendar" in page and "fix: correct the day" in page
    assert "3<U+200B>x" in page, "what nobody sees is made visible"
    assert "\x1b" not in page, "and what a terminal obeys is not sent to it"


def test_a_program_gets_every_refusal_and_record_once_with_its_fix(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = json.loads(said(world, capsys, "json"))
    told = sorted((row["level"], row["reason_code"], row["file"] or "") for row in rows)
    here = "in/2026-01-31"
    assert told == [
        ("delivery", "rejected_share", ""),
        ("file", "not_a_file", f"{here}/contract.csv"),
        ("record", "bad_characters", f"{here}/customer.csv"),
        ("record", "bad_characters", f"{here}/document.csv"),
        ("record", "bad_date", f"{here}/document.csv"),
        ("record", "not_exact", f"{here}/document.csv"),
    ]
    assert all(row["fix"] for row in rows)
    assert {row["original_text"] for row in rows if row["reason_code"] == "not_exact"} == {"=1+1"}


def test_a_list_for_a_spreadsheet_runs_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(said(world, capsys, "csv"))))
    assert next(row for row in rows if row["reason_code"] == "not_exact")["original_text"] == "'=1+1"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r")]


def test_it_can_be_narrowed_to_a_source_and_an_entity(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {row["entity"] for row in json.loads(said(world, capsys, "json", entity="contract"))} == {
        "contract"
    }
    assert said(world, capsys, "table", source="nowhere") == "nothing was turned away\n"


def test_a_long_list_is_cut_on_the_page_and_whole_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path, source={"reject_threshold": 1.0})
    world.deliver("2026-01-31", documents(*range(250), amount="x" * 500))
    world.land()
    page = said(world, capsys, "table")
    assert page.count("not_exact") == 201 and "and 50 more" in page and "250 records" in page
    assert max(map(len, page.splitlines())) < 250
    assert len(json.loads(said(world, capsys, "json"))) == 250
