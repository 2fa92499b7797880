"""A small share of `make fuzz` in every run of the tests."""

from pathlib import Path

import pytest

from tests.fuzz.check import FORMATS, fuzz
from tests.fuzz.tables import DamagedTables

INPUTS = 150


@pytest.mark.parametrize("format_name", FORMATS)
def test_damaged_files_are_read_or_refused_and_never_break_a_promise(
    format_name: str, tmp_path: Path
) -> None:
    found = fuzz(format_name, inputs=INPUTS, seed=2, folder=tmp_path)
    assert found.broken == []
    assert sum(found.counts.values()) == INPUTS


def test_without_damage_every_system_delivers_what_its_profile_reads(tmp_path: Path) -> None:
    counts = DamagedTables(tmp_path).read_sound()
    systems = {system for system, _, _ in counts}
    assert systems >= {"kingdee", "sap", "yonyou", "erpnext", "dynamics365", "quickbooks", "xero", "bank"}
    for system in systems - {"bank"}:
        assert any(
            rows for (name, _, entity), rows in counts.items() if (name, entity) == (system, "document")
        )
