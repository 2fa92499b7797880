"""The whole `arrears refresh`, with Dagster and dbt, killed in each of its phases."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from ingest.home import Home
from orchestration.publish import current_release_id
from orchestration.records import Records
from tests.faults import processes
from tests.faults.comparison import (
    check_files_are_what_the_manifest_says,
    differences,
    leftovers,
    lost_or_twice,
)
from tests.faults.conftest import Report
from tests.faults.processes import Target
from tests.faults.reader import REPOSITORY, Figures, Reader, figures_of
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
    (PARSE, "parent"),
    (LANDING, "parent"),
    (LANDING, "group"),
    (BUILD, "child"),
    (BUILD, "parent"),
    (BUILD, "group"),
    (TESTS, "child"),
    (TESTS, "parent"),
    (PUBLISH, "parent"),
    (PUBLISH, "group"),
)


class Refresh:
    """`arrears refresh` in a session of its own, and what it has said so far."""

    def __init__(self, installation: Installation) -> None:
        self.said = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", "refresh", "--config", str(installation.config)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said += line

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> int:
        code = self._process.wait(timeout=600)
        self._listener.join()
        return code

    def child(self) -> int | None:
        return processes.child_of(self.pid, named=b"/dbt")


def refresh_to_its_end(installation: Installation) -> str:
    refresh = Refresh(installation)
    assert refresh.wait() == 0, refresh.said
    return refresh.said


@pytest.fixture(scope="module", autouse=True)
def _own_manifests() -> Iterator[None]:
    """Each home keeps its own parsed project, as it does for a user."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("ARREARS_MANIFEST_CACHE", raising=False)
        yield


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One release of the first day, made by the command."""
    installation = install(tmp_path_factory.mktemp("real-base") / "installation")
    refresh_to_its_end(installation)
    return installation


@pytest.fixture(scope="module")
def undisturbed_home(base: Installation, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The two other days, by a refresh that nothing disturbed."""
    installation = base.copy(tmp_path_factory.mktemp("real-undisturbed") / "installation")
    install(installation.folder, through=THIRD)
    refresh_to_its_end(installation)
    return installation.home


@pytest.fixture(scope="module")
def figures(undisturbed_home: Home) -> Figures:
    records = Records(undisturbed_home.manifest)
    return {release.release_id: figures_of(records, release.release_id) for release in records.releases()}


def disturb(refresh: Refresh, moment: Moment, *, target: Target, share: float) -> None:
    """Wait for the phase, then for the moment in it, and kill."""
    processes.until(
        lambda: (
            (re.search(moment.begins, refresh.said) and (not moment.needs_child or refresh.child()))
            or refresh.has_ended
        ),
        seconds=300,
    )
    time.sleep(share * moment.seconds)
    processes.kill(refresh.pid, target=target, child=refresh.child())


@pytest.mark.parametrize(
    ("moment", "target"), KILLS, ids=[f"{moment.phase} {target}" for moment, target in KILLS]
)
def test_a_whole_refresh_killed_in_any_phase_leaves_the_release_and_the_next_one_is_as_if_it_had_never_been(
    base: Installation,
    undisturbed_home: Home,
    figures: Figures,
    tmp_path: Path,
    moment: Moment,
    target: Target,
    report: Report,
) -> None:
    here = base.copy(tmp_path / "installation")
    install(here.folder, through=THIRD)
    if moment is PARSE:
        for kept in (here.home.dagster / "dbt-manifest").glob("*/manifest.json"):
            kept.unlink()
    share = Random(f"{SEED} {moment.phase} {target}").random()
    with Reader(here.home.published, figures=figures, folder=tmp_path) as reader:
        refresh = Refresh(here)
        disturb(refresh, moment, target=target, share=share)
        code = refresh.wait()
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
    assert differences(here.home.published, other=undisturbed_home.published) == []
    assert lost_or_twice(here.home, other=undisturbed_home) == 0
    check_files_are_what_the_manifest_says(here.home)
    assert leftovers(here.home) == []
    if target != "child" and moment is not START:
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
