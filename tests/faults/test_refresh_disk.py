"""The whole `arrears refresh` on a full disk: dbt, the front door's reports and Dagster's own storage meet it too."""

import shutil
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.publish import current_release_id
from tests.faults.command import Refresh, refresh_to_its_end
from tests.faults.comparison import assert_as_if_undisturbed
from tests.faults.conftest import Report
from tests.faults.reader import Figures, Reader
from tests.faults.small_disk import KIBIBYTE, fill, on_disk, small_disk
from tests.faults.worlds import Installation

pytestmark = pytest.mark.faults

DISK = 64 * 1024 * KIBIBYTE
# KiB left, and what meets the end of the disk: the manifest, Dagster's storage, landing, reports, the build
ROOMS = (0, 128, 1024, 4096, 8192)


def test_a_whole_refresh_on_a_full_disk_ends_with_one_message_and_the_release_stands(
    real_base: Installation, real_undisturbed: Home, real_figures: Figures, tmp_path: Path, report: Report
) -> None:
    with small_disk(tmp_path / "disk", size=DISK) as disk:
        here = on_disk(real_base, folder=tmp_path / "installation", disk=disk)
        with Reader(here.home.published, figures=real_figures, folder=tmp_path) as reader:
            # one after another in the same home: what the first ones leave must not trouble the next ones
            for room in ROOMS:
                filler = fill(disk, leaving=room * KIBIBYTE)
                with Refresh(here) as refresh:
                    assert refresh.wait() == 1, refresh.said
                assert f"arrears: the disk of {here.home.root} is full" in refresh.said, refresh.said
                assert "fix: make room there" in refresh.said
                assert "Traceback" not in refresh.said
                assert current_release_id(here.home) == "r0001"
                filler.unlink()
            refresh_to_its_end(here)
            seen = reader.stop()
        assert seen.wrong == []
        assert_as_if_undisturbed(here.home, other=real_undisturbed)
        shutil.rmtree(disk / "home")
    report(
        "disk full, whole refresh",
        target="manifest to build",
        number=len(ROOMS),
        previous=f"readable, {seen.reads} reads",
        next_run="equal",
        lost_or_twice=0,
        seen="exit 1, one message",
    )
