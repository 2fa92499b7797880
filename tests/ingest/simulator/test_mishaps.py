"""Broken deliveries of the test kit: landing refuses exactly those, and takes the correction that comes later.

Belongs here: the kit with mishaps, landed, and refreshed step by step. Must not: rules of refusal
(tests/ingest/landing).
"""

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.landing import land_sources
from ingest.landing.records import LandingReport
from ingest.settings import load_settings
from ingest.simulator import Sizing, simulate
from ingest.simulator.mishaps import COLLAPSED, CORRECTED, take_step
from orchestration.refresh import run_refresh
from tests.ingest.simulator.plain_ledger import read_rows

TINY = Sizing(customers=30, invoices=240)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mishaps")
    simulate(out, seed=9, sizing=TINY, mishaps=True)
    leave_out_old_deliveries(out, "erp_cn", "erp_eu", "bank", "bureau")
    return out


def leave_out_old_deliveries(out: Path, *sources: str) -> None:
    """Enough days stay for a broken dump between two good ones."""
    for source in sources:
        for folder in (out / "in" / source).iterdir():
            if folder.name < "2026-06-16":
                shutil.rmtree(folder)


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


@pytest.mark.large
def test_a_refresh_ends_at_every_step_as_is_written_down(tmp_path: Path) -> None:
    """Deltas need their past, so the European company keeps all deliveries."""
    simulate(tmp_path, seed=9, sizing=Sizing(customers=24, invoices=240), mishaps=True)
    leave_out_old_deliveries(tmp_path, "erp_cn", "bank", "bureau")
    config = tmp_path / "arrears.yml"
    expected: dict[str, set[int]] = {}
    for row in read_rows(tmp_path / "truth" / "mishap.csv"):
        expected.setdefault(row["step"], set()).add(int(row["exit_code"]))
    assert list(expected) == ["", CORRECTED, COLLAPSED]

    first = run_refresh(config)
    billed = billed_in(first.release_path)
    take_step(tmp_path, CORRECTED)
    corrected = run_refresh(config)
    # three invoices are 100.00 larger than they were
    assert billed_in(corrected.release_path) - billed == Decimal("300.00")
    take_step(tmp_path, COLLAPSED)
    collapsed = run_refresh(config)
    assert collapsed.release_id == corrected.release_id != first.release_id
    assert [{outcome.exit_code} for outcome in (first, corrected, collapsed)] == list(expected.values())


def billed_in(release: Path | None) -> Decimal:
    """Sum of all Chinese documents of a release."""
    assert release is not None
    with duckdb.connect(str(release.resolve()), read_only=True) as connection:
        found = connection.execute(
            "select sum(amount_document) from marts.fct_document where company_code = 'CN01'"
        ).fetchone()
    assert found is not None
    return Decimal(found[0])


def test_a_step_of_a_kit_without_mishaps_names_the_fix(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="simulate with mishaps"):
        take_step(tmp_path, CORRECTED)
