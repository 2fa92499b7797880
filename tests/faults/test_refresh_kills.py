"""The whole `arrears refresh`, with Dagster and dbt, killed in each of its phases."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from ingest.home import Home
from orchestration.publish import current_release_id
from tests.faults import processes
from tests.faults.command import Refresh, refresh_to_its_end
from tests.faults.comparison import assert_as_if_undisturbed
from tests.faults.conftest import Report
from tests.faults.processes import Target
from tests.faults.reader import Figures, Reader
from tests.faults.worlds import THIRD, Installation, install

pytestmark = pytest.mark.faults

SEED = int(os.environ.get("ARREARS_FAULT_SEED", "1"))


@dataclass(frozen=True)
class Moment:
    """A phase: what is said when it begins, and within how many seconds of that the kill falls."""

    phase: str
    begins: str
    seconds: float
    needs_child: bool = False


START = Moment("start", "", 3.0)
PARSE = Moment("parse", "", 2.0, needs_child=True)
LANDING = Moment("landing", r"landing: looking", 3.0)
BUILD = Moment("build", r"\[\d+/\d+\]", 3.0, needs_child=True)
# dbt runs tests as soon as their models are there; by then little but tests is left
TESTS = Moment("tests", r"mart_aging ", 2.0, needs_child=True)
PUBLISH = Moment("publish", r"gates: ", 0.6)

KILLS: tuple[tuple[Moment, Target], ...] = (
    (START, "parent"),
    (START, "group"),
    (PARSE, "child"),
    (LANDING, "parent"),
    (LANDING, "group"),
    (BUILD, "child"),
    (BUILD, "group"),
    (TESTS, "parent"),
    (PUBLISH, "parent"),
    (PUBLISH, "group"),
)


def disturb(refresh: Refresh, moment: Moment, *, target: Target, share: float) -> None:
    """Wait for the phase, then for the moment in it, and kill."""
    processes.until(
        lambda: (
            (re.search(moment.begins, refresh.said) and (not moment.needs_child or refresh.child()))
            or refresh.has_ended
        ),
        seconds=600,
    )
    time.sleep(share * moment.seconds)
    processes.kill(refresh.pid, target=target, child=refresh.child())


@pytest.mark.parametrize(
    ("moment", "target"), KILLS, ids=[f"{moment.phase} {target}" for moment, target in KILLS]
)
def test_a_whole_refresh_killed_in_any_phase_leaves_the_release_and_the_next_one_is_as_if_it_had_never_been(
    real_base: Installation,
    real_undisturbed: Home,
    real_figures: Figures,
    tmp_path: Path,
    moment: Moment,
    target: Target,
    report: Report,
) -> None:
    here = real_base.copy(tmp_path / "installation")
    install(here.folder, through=THIRD)
    if moment is PARSE:
        for kept in (here.home.dagster / "dbt-manifest").glob("*/manifest.json"):
            kept.unlink()
    share = Random(f"{SEED} {moment.phase} {target}").random()
    with Reader(here.home.published, figures=real_figures, folder=tmp_path) as reader:
        with Refresh(here) as refresh:
            disturb(refresh, moment, target=target, share=share)
            code = refresh.wait()
            # before the block ends, which kills whoever is left
            processes.wait_until_nobody_is_left(refresh.pid)
        if target == "child":
            assert code == 1 and "dbt was killed by signal 9" in refresh.said, refresh.said
            assert "fix: most often the system does that when memory runs out" in refresh.said
        else:
            assert code == -9, refresh.said
        assert current_release_id(here.home) in ("r0001", "r0002")
        said = refresh_to_its_end(here)
        seen = reader.stop()
    assert seen.wrong == []
    assert_as_if_undisturbed(here.home, other=real_undisturbed)
    # one killed after its last record has published whole: the next one finds nothing new and nobody dead
    if target != "child" and moment is not START and "nothing new" not in said:
        assert "died before it ended; recorded as failed" in said
    report(
        "SIGKILL, whole refresh",
        target=f"{target} in {moment.phase}",
        previous=f"readable, {seen.reads} reads",
        next_run="equal",
        lost_or_twice=0,
        seen=f"{share * moment.seconds:.1f} s into it",
    )
    here.remove()
