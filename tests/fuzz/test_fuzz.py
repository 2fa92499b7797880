"""A small share of `make fuzz` in every run of the tests."""

from pathlib import Path

import pytest

from tests.fuzz.check import fuzz
from tests.fuzz.seeds import SEEDS

INPUTS = 150


@pytest.mark.parametrize("format_name", SEEDS)
def test_damaged_files_are_read_or_refused_and_never_break_a_promise(
    format_name: str, tmp_path: Path
) -> None:
    found = fuzz(format_name, inputs=INPUTS, seed=2, folder=tmp_path)
    assert found.broken == []
    assert sum(found.counts.values()) == INPUTS
