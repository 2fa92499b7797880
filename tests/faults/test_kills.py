"""Killed at any moment: landing and publishing, hundreds of times."""

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from orchestration.publish import current_release_id
from tests.faults import harness, processes
from tests.faults.comparison import assert_as_if_undisturbed
from tests.faults.conftest import Report, Undisturbed, run_to_its_end
from tests.faults.processes import Target
from tests.faults.reader import Figures, Reader
from tests.faults.worlds import THIRD, Installation, install

SEED = int(os.environ.get("ARREARS_FAULT_SEED", "1"))
TARGETS: tuple[Target, ...] = ("parent", "child", "group")
# per kill; a refresh may end before its moment, but not every time
MOST_ATTEMPTS = 3


@dataclass
class Campaign:
    """Kills of one kind, and what came of them."""

    base: Installation
    undisturbed: Undisturbed
    figures: Figures
    project: Path
    folder: Path
    target: Target
    random: Random
    phases: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)

    def run(self, kills: int) -> None:
        attempts = 0
        while self.phases.total() < kills:
            assert attempts < MOST_ATTEMPTS * kills, (
                f"{self.phases.total()} of {attempts} refreshes were killed"
            )
            attempts += 1
            self.once(by_operation=self.target != "child" and self.phases.total() % 2 == 0)

    def once(self, *, by_operation: bool) -> None:
        """Kill one refresh, look, refresh again, compare. A refresh that ended before its moment counts for nothing."""
        here = self.base.copy(self.folder / "installation")
        install(here.folder, through=THIRD)
        with Reader(here.home.published, figures=self.figures, folder=self.folder) as reader:
            if self._disturb(here, by_operation=by_operation):
                assert current_release_id(here.home) in ("r0001", "r0002")
                run_to_its_end(here, project=self.project)
                assert_as_if_undisturbed(here.home, other=self.undisturbed.installation.home)
            seen = reader.stop()
        assert not seen.wrong
        self.reads.update(seen.by_content)
        here.remove()

    def _disturb(self, here: Installation, *, by_operation: bool) -> bool:
        said = here.folder / "killed.txt"
        death = None
        if by_operation:
            # landing does most of the work: each phase gets its share of deaths all the same
            phases = self.undisturbed.operations
            _, first, last = phases[self.phases.total() // 2 % len(phases)]
            death = harness.Death(
                self.random.randint(first, last), "group" if self.target == "group" else "parent"
            )
        moment = self.random.random()
        with harness.started(here.config, project=self.project, said=said, death=death) as process:
            if not by_operation:
                self._kill_by_the_clock(process, moment)
        words = said.read_text() if said.exists() else ""
        if process.exitcode == 0:
            return False
        if self.target == "child":
            assert process.exitcode == 1 and "dbt was killed" in words, words
        else:
            assert process.exitcode == -9, words
        self.phases[harness.last_phase(words)] += 1
        return True

    def _kill_by_the_clock(self, process: harness.Process, moment: float) -> None:
        child = None
        if self.target == "child":
            child = child_or_end(process)
            # the stand-in lives for about this long
            time.sleep(moment * 0.3)
        else:
            time.sleep(moment * self.undisturbed.seconds)
        processes.kill(process.pid, target=self.target, child=child)


def child_or_end(process: harness.Process) -> int | None:
    """The stand-in as soon as it is there, None where the program ended without one."""

    def look() -> tuple[int | None] | None:
        child = processes.child_of(process.pid, named=b"stand_in")
        return (child,) if child is not None or not process.is_alive() else None

    return processes.until(look)[0]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kills", [7, pytest.param(70, marks=pytest.mark.faults)])
def test_a_refresh_killed_at_any_moment_leaves_the_release_and_the_next_one_is_as_if_it_had_never_been(
    base: Installation,
    undisturbed: Undisturbed,
    figures: Figures,
    project: Path,
    tmp_path: Path,
    target: Target,
    kills: int,
    report: Report,
) -> None:
    campaign = Campaign(
        base, undisturbed, figures, project, tmp_path, target, Random(f"{SEED} {target} {kills}")
    )
    campaign.run(kills)
    report(
        "SIGKILL, landing and publish",
        target=target,
        number=kills,
        previous=f"readable, {campaign.reads.total()} reads",
        next_run="equal",
        lost_or_twice=0,
        seen=", ".join(f"{phase} {number}" for phase, number in campaign.phases.most_common()),
    )
