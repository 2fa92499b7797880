"""The machinery of these tests: it ends, it kills nobody else, and it counts what it says it counts."""

import multiprocessing
import os
import sys
import types
from collections import Counter
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.faults import harness, processes
from tests.faults.comparison import landed_rows, lost_or_twice
from tests.faults.conftest import Undisturbed
from tests.faults.reader import Reader
from tests.faults.test_kills import Campaign, child_or_end
from tests.faults.worlds import Installation


def test_a_reader_whose_first_release_is_wrong_says_so(base: Installation, tmp_path: Path) -> None:
    with Reader(base.home.published, figures={"r0001": []}, folder=tmp_path) as reader:
        seen = reader.stop()
    assert seen.wrong and all(line.startswith("r0001: ") for line in seen.wrong)
    assert seen.reads == 0


def test_what_a_failed_test_has_started_does_not_outlive_it(
    disturbed: Installation, slow_project: Path
) -> None:
    said = disturbed.folder / "said.txt"
    with (
        pytest.raises(AssertionError, match="found by the test"),
        harness.started(disturbed.config, project=slow_project, said=said) as process,
    ):
        processes.until(lambda: processes.child_of(process.pid, named=b"stand_in"))
        raise AssertionError("found by the test")
    assert not process.is_alive()
    processes.wait_until_nobody_is_left(process.pid)


def test_the_program_starts_whatever_the_main_module_of_the_tests_is(
    disturbed: Installation, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = types.ModuleType("__main__")
    script.__file__ = str(tmp_path / "page.py")
    Path(script.__file__).write_text("raise RuntimeError('a page that was tested before')")
    monkeypatch.setitem(sys.modules, "__main__", script)
    with harness.started(disturbed.config, project=project, said=tmp_path / "said.txt") as process:
        pass
    assert process.exitcode == 0
    assert sys.modules["__main__"] is script


def test_a_program_that_ended_before_its_child_was_seen_gives_nobody_to_kill() -> None:
    ended = multiprocessing.get_context("forkserver").Process(target=os.getpid)
    ended.start()
    ended.join()
    assert child_or_end(ended) is None


def test_a_campaign_whose_kills_never_hit_comes_to_an_end(
    base: Installation,
    undisturbed: Undisturbed,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Campaign, "once", lambda campaign, *, by_operation: None)
    campaign = Campaign(base, undisturbed, {}, project, tmp_path, "parent", Random(1))
    with pytest.raises(AssertionError, match="0 of 6 refreshes were killed"):
        campaign.run(2)


@pytest.mark.parametrize(
    "said", ["", "landing: looking for deliveries\n", "Traceback: the word phase is not it"]
)
def test_a_program_that_has_not_said_its_phase_was_starting(said: str) -> None:
    assert harness.last_phase(said) == "start"
    assert harness.last_phase(f"phase start 0\nphase landing 7\n{said}") == "landing"


def test_a_tombstone_of_another_key_is_a_row_lost_and_one_too_many(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    other = undisturbed.installation
    here = other.copy(tmp_path / "installation")
    assert lost_or_twice(here.home, other=other.home) == 0
    with duckdb.connect() as connection:
        for file in sorted(here.home.landing.rglob("document/*.parquet")):
            changed = file.with_suffix(".changed")
            key = "if(_op = 'delete', document_id || '-', document_id) as document_id"
            connection.execute(
                f"copy (select * replace ({key}) from '{file}') to '{changed}' (format parquet)"
            )
            changed.replace(file)
    gone = Counter({row: n for row, n in landed_rows(other.home).items() if "delete" in row}).total()
    assert gone > 0
    assert lost_or_twice(here.home, other=other.home) == 2 * gone
