"""Two refreshes at once: one works, the other is told so, and nothing of theirs is mixed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.lock import is_held
from orchestration.publish import current_release_id
from orchestration.records import Records
from tests.faults import harness, processes
from tests.faults.comparison import assert_as_if_undisturbed
from tests.faults.conftest import Report, Undisturbed, run_to_its_end
from tests.faults.reader import REPOSITORY
from tests.faults.worlds import Installation

RIVALS = 6


def test_the_second_refresh_is_refused_with_who_is_at_work_and_the_first_one_is_not_disturbed(
    disturbed: Installation, undisturbed: Undisturbed, slow_project: Path, report: Report
) -> None:
    said = disturbed.folder / "first.txt"
    with harness.started(disturbed.config, project=slow_project, said=said) as first:
        processes.until(lambda: processes.child_of(first.pid, named=b"stand_in"))
        second = subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "refresh", "--config", str(disturbed.config)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 1
        assert f"another refresh, replay or rollback is running (process {first.pid})" in second.stderr
        assert "fix: wait until it has ended, then run the command again" in second.stderr
        assert "Traceback" not in second.stderr
        assert current_release_id(disturbed.home) == "r0001"
        (slow_project / "go").touch()
    assert first.exitcode == 0
    assert_as_if_undisturbed(disturbed.home, other=undisturbed.installation.home)
    assert [run.status for run in Records(disturbed.home.manifest).runs()] == ["published", "published"]
    report(
        "two refreshes at once",
        target="second one",
        previous="stands",
        next_run="first one equal",
        lost_or_twice=0,
        seen="exit 1, names the process and the fix",
    )


@pytest.mark.faults
def test_of_many_refreshes_started_together_one_publishes_and_nothing_is_mixed(
    disturbed: Installation, undisturbed: Undisturbed, project: Path, report: Report
) -> None:
    said = [disturbed.folder / f"rival{number}.txt" for number in range(RIVALS)]
    rivals = [harness.start(disturbed.config, project=project, said=file) for file in said]
    for rival in rivals:
        rival.join()
    words = [file.read_text() for file in said]
    for rival, text in zip(rivals, words, strict=True):
        # who comes when the first has ended finds nothing new
        assert rival.exitcode == 0 or "another refresh, replay or rollback is running" in text, text
    assert sum("phase publish" in text for text in words) == 1
    assert_as_if_undisturbed(disturbed.home, other=undisturbed.installation.home)
    refused = sum("is running" in text for text in words)
    report(
        "refreshes started together",
        target="all",
        number=RIVALS,
        previous="stands",
        next_run="equal",
        lost_or_twice=0,
        seen=f"1 published, {refused} refused",
    )


def test_a_child_that_outlives_its_parent_for_a_moment_does_not_hold_the_lock(
    disturbed: Installation, undisturbed: Undisturbed, project: Path, slow_project: Path
) -> None:
    said = disturbed.folder / "first.txt"
    with harness.started(disturbed.config, project=slow_project, said=said) as first:
        child = processes.until(lambda: processes.child_of(first.pid, named=b"stand_in"))
        # the files that a child has open, as the system sees them
        held = {os.path.realpath(entry) for entry in Path(f"/proc/{child}/fd").iterdir()}
        assert str(disturbed.home.lock.resolve()) not in held
        processes.kill(first.pid, target="parent")
        first.join()
        assert not is_held(disturbed.home.lock)
    words = run_to_its_end(disturbed, project=project)
    assert re.search(rf"process {first.pid}\) died before it ended; recorded as failed", words)
    assert_as_if_undisturbed(disturbed.home, other=undisturbed.installation.home)
