"""A disk that is full: at every stage of a refresh, on a real file system of a few megabytes."""

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestration.publish import current_release_id
from orchestration.records import Records
from tests.faults import harness
from tests.faults.comparison import assert_as_if_undisturbed
from tests.faults.conftest import Report, Undisturbed, run_to_its_end
from tests.faults.reader import Figures, Reader
from tests.faults.small_disk import BLOCK, KIBIBYTE, fill, on_disk, small_disk
from tests.faults.worlds import Installation

DISK = 24 * 1024 * KIBIBYTE
# KiB left: every stage meets its own end of the disk; the last one but publishing
ROOMS = (0, 16, 48, 160, 512, 1024, 2048, 4096, 5120)
ENOUGH = 8192


@dataclass
class Trial:
    """Refreshes on a small disk, each with a given room."""

    base: Installation
    undisturbed: Undisturbed
    figures: Figures
    project: Path
    folder: Path
    disk: Path
    stages: Counter[str] = field(default_factory=Counter)
    reads: int = 0

    def run(self, room: int) -> str:
        """Refresh with so much room, look, make room, refresh again, compare; returns the stage that it reached."""
        here = on_disk(self.base, folder=self.folder / f"installation{room}", disk=self.disk)
        filler = fill(self.disk, leaving=room)
        said = here.folder / "full.txt"
        with Reader(here.home.published, figures=self.figures, folder=self.folder) as reader:
            process = harness.start(here.config, project=self.project, said=said)
            process.join()
            words = said.read_text()
            stage = harness.last_phase(words)
            if process.exitcode != 0:
                self.stages[stage] += 1
                self._check_refused(here, words=words)
            filler.unlink()
            run_to_its_end(here, project=self.project)
            seen = reader.stop()
        assert not seen.wrong
        self.reads += seen.reads
        assert_as_if_undisturbed(here.home, other=self.undisturbed.installation.home)
        shutil.rmtree(self.disk / "home")
        return stage

    def _check_refused(self, here: Installation, *, words: str) -> None:
        assert f"the disk of {here.home.root} is full" in words, words
        assert "fix: make room there" in words
        assert current_release_id(here.home) == "r0001"
        # what fills the disk is given back at once
        assert not [*here.home.builds.glob("*.duckdb*"), *here.home.releases.glob(".candidate*")]

    def run_until_publishing_fails(self, *, too_little: int, enough: int) -> None:
        """Halve the distance between room in which the build fails and room in which everything succeeds."""
        while "publish" not in self.stages and enough - too_little > BLOCK:
            middle = (too_little + enough) // 2 // BLOCK * BLOCK
            if self.run(middle) == "end":
                enough = middle
            else:
                too_little = middle


@pytest.mark.parametrize(
    "rooms", [ROOMS[1:4:2], pytest.param(ROOMS, marks=pytest.mark.faults)], ids=["two", "all"]
)
def test_a_full_disk_ends_every_stage_with_its_name_and_the_way_out_and_the_release_stands(
    base: Installation,
    undisturbed: Undisturbed,
    figures: Figures,
    project: Path,
    tmp_path: Path,
    rooms: Sequence[int],
    report: Report,
) -> None:
    with small_disk(tmp_path / "disk", size=DISK) as disk:
        trial = Trial(base, undisturbed, figures, project, tmp_path, disk)
        for room in rooms:
            trial.run(room * KIBIBYTE)
        if rooms == ROOMS:
            trial.run_until_publishing_fails(too_little=rooms[-1] * KIBIBYTE, enough=ENOUGH * KIBIBYTE)
            assert {"start", "landing", "build", "publish"} <= set(trial.stages)
    assert trial.stages.total() >= len(rooms)
    report(
        "disk full",
        target="any stage",
        number=trial.stages.total(),
        previous=f"readable, {trial.reads} reads",
        next_run="equal",
        lost_or_twice=0,
        seen=", ".join(f"{stage} {number}" for stage, number in trial.stages.most_common()),
    )


def test_a_lowered_number_of_kept_releases_makes_the_room_that_a_refresh_lacked(
    undisturbed: Undisturbed, project: Path, tmp_path: Path, report: Report
) -> None:
    with small_disk(tmp_path / "disk", size=DISK) as disk:
        here = on_disk(undisturbed.installation, folder=tmp_path / "installation", disk=disk)
        plain = here.config.read_text()

        def configure(gate: str, *, keep: int) -> None:
            # another severity is a reason to build again
            here.config.write_text(f"{plain}gates: {{gl_tie_out: {gate}}}\nkeep_releases: {keep}\n")

        configure("warn", keep=7)
        run_to_its_end(here, project=project)
        # less than one release, whose build needs more than two
        fill(disk, leaving=here.home.release_file("r0003").stat().st_size // 2)
        configure("error", keep=7)
        process = harness.start(here.config, project=project, said=here.folder / "full.txt")
        process.join()
        assert process.exitcode == 1
        assert "lower keep_releases in arrears.yml" in (here.folder / "full.txt").read_text()
        configure("error", keep=1)
        assert "removed r0002, r0001: keep_releases is 1" in run_to_its_end(here, project=project)
        assert current_release_id(here.home) == "r0004"
        assert not here.home.release_file("r0003").exists()
    report("disk full", target="keep_releases lowered", previous="stands", next_run="publishes")


def test_a_disk_that_a_killed_build_has_filled_does_not_keep_the_next_refresh_from_starting(
    base: Installation, undisturbed: Undisturbed, project: Path, tmp_path: Path, report: Report
) -> None:
    with small_disk(tmp_path / "disk", size=DISK) as disk:
        here = on_disk(base, folder=tmp_path / "installation", disk=disk)
        # what a killed dbt leaves: what it had spilled, and its database
        (here.home.temporary / "duckdb_temp_block-1.block").write_bytes(bytes(BLOCK))
        fill(disk, leaving=0).rename(here.home.build_file("20260101T000000000000"))
        assert os.statvfs(disk).f_bavail == 0
        run_to_its_end(here, project=project)
        assert_as_if_undisturbed(here.home, other=undisturbed.installation.home)
        assert Records(here.home.manifest).runs()[0].status == "published"
    report(
        "disk full",
        target="left by a killed build",
        next_run="equal",
        lost_or_twice=0,
        seen="swept before all else",
    )
