"""Broken deliveries of the test kit: landing refuses exactly those, and takes the correction that comes later.

Belongs here: the kit with mishaps, landed. Must not: rules of refusal (tests/ingest/landing).
"""

import shutil
from pathlib import Path

import pytest

from ingest.landing import land_sources
from ingest.landing.records import LandingReport
from ingest.settings import load_settings
from ingest.simulator import Sizing, simulate
from ingest.simulator.mishaps import COLLAPSED, CORRECTED, take_step
from tests.ingest.simulator.plain_ledger import read_rows

TINY = Sizing(customers=30, invoices=240)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mishaps")
    simulate(out, seed=9, sizing=TINY, mishaps=True)
    # enough days for a broken dump between two good ones
    for source in (out / "in").iterdir():
        for folder in source.iterdir():
            if folder.name < "2026-06-16":
                shutil.rmtree(folder)
    return out


@pytest.fixture(scope="module")
def first(kit: Path) -> LandingReport:
    return land(kit)


def land(kit: Path) -> LandingReport:
    return land_sources(load_settings(kit / "arrears.yml"))


def test_collapsed_dumps_are_refused_and_nothing_required_is_missing(first: LandingReport) -> None:
    found = [(r.source, r.entity, r.reason_code, r.required) for r in first.refused]
    assert sorted(found) == [
        ("bureau", "credit_event", "empty_dump", False),
        ("bureau", "financial_statement", "lost_keys", False),
    ]
    assert not first.has_required_refusal
    assert first.rejected_row_count == 0


def test_a_correction_under_another_name_lands_and_a_collapsed_dump_does_not(
    kit: Path, first: LandingReport
) -> None:
    take_step(kit, CORRECTED)
    corrected = land(kit)
    assert [(load.source, load.entity) for load in corrected.loads] == [("erp_cn", "document")]
    assert not corrected.refused
    take_step(kit, COLLAPSED)
    collapsed = land(kit)
    assert [(r.source, r.entity, r.reason_code) for r in collapsed.refused] == [
        ("erp_cn", "receipt", "lost_keys")
    ]
    assert collapsed.has_required_refusal
    assert first.loads


def test_what_to_expect_is_written_down(kit: Path) -> None:
    rows = read_rows(kit / "truth" / "mishap.csv")
    assert [(row["kind"], row["reason_code"], row["exit_code"]) for row in rows] == [
        ("truncated_dump", "lost_keys", "0"),
        ("empty_dump", "empty_dump", "0"),
        ("corrected_dump", "", "0"),
        ("collapsed_dump", "lost_keys", "2"),
    ]


def test_a_step_of_a_kit_without_mishaps_names_the_fix(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="simulate with mishaps"):
        take_step(tmp_path, CORRECTED)
