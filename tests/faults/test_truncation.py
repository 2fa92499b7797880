"""Files cut short, as a failing disk or a copy that broke off leaves them: never fewer rows, always a way out."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.landing.manifest import Manifest
from orchestration.publish import current_release_id, release_id_of
from orchestration.records import Records
from tests.faults import harness
from tests.faults.comparison import assert_as_if_undisturbed, lost_or_twice
from tests.faults.conftest import Report, Undisturbed, run_to_its_end
from tests.faults.reader import REPOSITORY
from tests.faults.worlds import THIRD, Installation, install
from tests.kit.releases import LOAD_NUMBERS, differences

LONG = pytest.mark.faults


def cut(path: Path, *, share: float = 0.5) -> bytes:
    """Cut a file short; returns what it held."""
    whole = path.read_bytes()
    os.truncate(path, int(len(whole) * share))
    return whole


def refused(here: Installation, *, project: Path) -> str:
    """A refresh that must end in an error; returns its words."""
    said = here.folder / "refused.txt"
    process = harness.start(here.config, project=project, said=said)
    process.join()
    words = said.read_text()
    assert process.exitcode == 1, words
    return words


def arrears(here: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, as a person runs it."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "orchestration.cli",
            arguments[0],
            "--config",
            str(here.config),
            *arguments[1:],
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
    )


def newest_landing_file(here: Installation) -> Path:
    with Manifest(here.home.manifest) as manifest:
        path = [load for load in manifest.loads() if load.path][-1].path
    assert path is not None
    return here.home.root / path


def deliver(here: Installation) -> None:
    install(here.folder, through=THIRD)


@pytest.mark.parametrize(
    "share",
    [pytest.param(0.0, marks=LONG), 0.5, pytest.param(0.999, marks=LONG)],
    ids=["empty", "half", "last bytes"],
)
@pytest.mark.parametrize("prepare", [lambda here: None, deliver], ids=["nothing new", "new deliveries"])
def test_a_landing_file_cut_short_is_an_error_that_names_it_and_never_fewer_rows(
    base: Installation,
    undisturbed: Undisturbed,
    project: Path,
    tmp_path: Path,
    prepare: Callable[[Installation], None],
    share: float,
    report: Report,
) -> None:
    here = base.copy(tmp_path / "installation")
    prepare(here)
    file = newest_landing_file(here)
    whole = cut(file, share=share)
    words = refused(here, project=project)
    assert f"{file.relative_to(here.home.root)} cannot be read" in words
    assert f"fix: bring {file} back from a backup" in words
    assert Records(here.home.manifest).runs()[0].status == "failed"
    assert current_release_id(here.home) == "r0001"
    # the way out, with a backup
    file.write_bytes(whole)
    deliver(here)
    run_to_its_end(here, project=project)
    assert_as_if_undisturbed(here.home, other=undisturbed.installation.home)
    report(
        "cut short",
        target=f"landing file to {share:.1%}",
        previous="stands",
        next_run="equal once brought back",
        lost_or_twice=0,
        seen="error names the file",
    )


@pytest.mark.faults
def test_without_a_backup_of_a_landing_file_the_deliveries_make_the_same_home_again(
    base: Installation, undisturbed: Undisturbed, project: Path, tmp_path: Path, report: Report
) -> None:
    here = base.copy(tmp_path / "installation")
    deliver(here)
    cut(newest_landing_file(here))
    words = refused(here, project=project)
    assert f"move {here.home.root} away and refresh" in words
    here.home.root.rename(here.folder / "home-damaged")
    run_to_its_end(here, project=project)
    other = undisturbed.installation.home
    # loads are numbered as they land: all days at once, or one after the other
    assert differences(here.home.published, other=other.published, leaving_out=LOAD_NUMBERS) == []
    lost = lost_or_twice(here.home, other=other)
    assert lost == 0
    report(
        "cut short",
        target="landing file, no backup",
        previous="stands",
        next_run="equal",
        lost_or_twice=lost,
        seen="home moved away, all lands again",
    )


@pytest.mark.faults
def test_a_landing_file_that_is_gone_is_an_error_that_names_it(
    base: Installation, project: Path, tmp_path: Path
) -> None:
    here = base.copy(tmp_path / "installation")
    file = newest_landing_file(here)
    file.unlink()
    assert f"{file.relative_to(here.home.root)} is missing" in refused(here, project=project)


def test_a_landing_file_with_other_rows_is_an_error_that_names_it(
    base: Installation, project: Path, tmp_path: Path
) -> None:
    here = base.copy(tmp_path / "installation")
    document, customer = (
        here.home.load_file("erp", entity=name, load_id=number) for name, number in _loads(here)
    )
    shutil.copy(customer, document)
    words = refused(here, project=project)
    assert re.search(r"erp/document/\d+\.parquet holds 18 rows; 120 rows had landed in it", words)


def _loads(here: Installation) -> list[tuple[str, int]]:
    with Manifest(here.home.manifest) as manifest:
        found = {load.entity: load.load_id for load in manifest.loads()}
    return [(name, found[name]) for name in ("document", "customer")]


@pytest.mark.faults
def test_contact_data_cut_short_is_an_error_that_names_it(
    base: Installation, undisturbed: Undisturbed, project: Path, tmp_path: Path
) -> None:
    here = base.copy(tmp_path / "installation")
    deliver(here)
    whole = cut(here.home.contacts)
    words = refused(here, project=project)
    assert f"{here.home.contacts} cannot be read" in words and "fix: bring it back" in words
    here.home.contacts.write_bytes(whole)
    run_to_its_end(here, project=project)
    assert_as_if_undisturbed(here.home, other=undisturbed.installation.home)


def killed_after_landing(here: Installation, *, undisturbed: Undisturbed, project: Path) -> Path:
    """The write-ahead log of a landing that was killed when most of its loads had committed."""
    first, last = next((first, last) for name, first, last in undisturbed.operations if name == "landing")
    # the manifest is closed, and its log written back, only when all of landing is done
    late = harness.Death(first + (last - first) * 9 // 10, "parent")
    said = here.folder / "killed.txt"
    with harness.started(here.config, project=project, said=said, death=late) as process:
        process.join()
    assert process.exitcode == -9
    log = here.home.manifest.with_name(here.home.manifest.name + "-wal")
    assert log.stat().st_size > 0
    return log


@pytest.mark.parametrize("way_out", [pytest.param("backup", marks=LONG), "deliveries"])
def test_a_write_ahead_log_cut_short_never_makes_the_sweep_delete_what_had_landed(
    disturbed: Installation, undisturbed: Undisturbed, project: Path, way_out: str, report: Report
) -> None:
    here = disturbed
    log = killed_after_landing(here, undisturbed=undisturbed, project=project)
    files = {file: file.read_bytes() for file in here.home.landing.rglob("*.parquet")}
    whole = cut(log, share=0)
    words = refused(here, project=project)
    assert f"have no row in {here.home.manifest}, which has lost rows" in words
    assert "fix: bring manifest.sqlite back" in words
    assert {file: file.read_bytes() for file in here.home.landing.rglob("*.parquet")} == files
    assert current_release_id(here.home) == "r0001"
    if way_out == "backup":
        log.write_bytes(whole)
        # written while the log was short: the index of the log, and pages beyond what it had
        log.with_name(log.name.replace("-wal", "-shm")).unlink(missing_ok=True)
    else:
        for name in re.findall(r"^    (landing/\S+\.parquet)$", words, re.MULTILINE):
            (here.home.root / name).unlink()
        assert "more" not in words
    run_to_its_end(here, project=project)
    assert_as_if_undisturbed(here.home, other=undisturbed.installation.home)
    report(
        "cut short",
        target=f"manifest-wal, by {way_out}",
        previous="stands",
        next_run="equal",
        lost_or_twice=0,
        seen="error, nothing swept",
    )


@pytest.mark.faults
@pytest.mark.parametrize("share", [0.5, 0.99], ids=["half", "last page"])
def test_a_write_ahead_log_that_lost_its_end_loses_nothing_that_lies_at_the_source(
    disturbed: Installation, undisturbed: Undisturbed, project: Path, share: float, report: Report
) -> None:
    here = disturbed
    log = killed_after_landing(here, undisturbed=undisturbed, project=project)
    cut(log, share=share)
    said = here.folder / "said.txt"
    process = harness.start(here.config, project=project, said=said)
    process.join()
    if process.exitcode:
        words = said.read_text()
        assert "which has lost rows" in words
        for name in re.findall(r"^    (landing/\S+\.parquet)$", words, re.MULTILINE):
            (here.home.root / name).unlink()
        run_to_its_end(here, project=project)
    assert_as_if_undisturbed(here.home, other=undisturbed.installation.home)
    report(
        "cut short",
        target=f"manifest-wal to {share:.0%}",
        previous="stands",
        next_run="equal",
        lost_or_twice=0,
        seen="error, nothing swept" if process.exitcode else "landed again",
    )


@pytest.mark.parametrize("share", [0.0, pytest.param(0.5, marks=LONG)], ids=["empty", "half"])
def test_a_manifest_cut_short_is_an_error_and_nothing_is_touched(
    disturbed: Installation, undisturbed: Undisturbed, project: Path, share: float, report: Report
) -> None:
    here = disturbed
    before = {file: file.read_bytes() for file in here.home.landing.rglob("*.parquet")}
    whole = cut(here.home.manifest, share=share)
    done = arrears(here, "refresh")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert re.search(r"fix: bring \S*manifest\.sqlite back|fix: bring it back from a backup", done.stderr), (
        done.stderr
    )
    assert {file: file.read_bytes() for file in here.home.landing.rglob("*.parquet")} == before
    assert current_release_id(here.home) == "r0001"
    here.home.manifest.write_bytes(whole)
    run_to_its_end(here, project=project)
    assert_as_if_undisturbed(here.home, other=undisturbed.installation.home)
    report(
        "cut short",
        target=f"manifest to {share:.0%}",
        previous="stands",
        next_run="equal once brought back",
        lost_or_twice=0,
        seen="error, nothing swept",
    )


@pytest.mark.parametrize(
    "share",
    [pytest.param(0.0, marks=LONG), pytest.param(0.5, marks=LONG), 0.9999],
    ids=["empty", "half", "last bytes"],
)
def test_a_release_cut_short_is_not_left_current_by_a_refresh_with_nothing_new(
    base: Installation, project: Path, tmp_path: Path, share: float, report: Report
) -> None:
    here = base.copy(tmp_path / "installation")
    damaged = here.home.release_file("r0001")
    cut(damaged, share=share)
    words = run_to_its_end(here, project=project)
    assert re.search(r"release r0001 (has been cut short|cannot be read).*it is built again", words)
    assert current_release_id(here.home) == "r0002"
    assert differences(here.home.published, other=base.home.published) == []
    assert lost_or_twice(here.home, other=base.home) == 0
    # and nobody is sent back to the damaged one
    done = arrears(here, "rollback")
    assert (
        done.returncode == 1 and "release r0001" in done.stderr and "fix: choose another one" in done.stderr
    )
    assert current_release_id(here.home) == "r0002"
    report(
        "cut short",
        target=f"release to {share:.2%}",
        previous="damaged",
        next_run="equal",
        lost_or_twice=0,
        seen="built again, no way back to it",
    )


@pytest.mark.parametrize(
    "command", [("query", "select count(*) from mart_aging"), ("status",)], ids=["query", "status"]
)
def test_a_command_that_reads_a_release_cut_short_says_so_and_how_to_go_on(
    base: Installation, tmp_path: Path, command: tuple[str, ...]
) -> None:
    here = base.copy(tmp_path / "installation")
    cut(here.home.release_file("r0001"), share=0.9999)
    done = arrears(here, *command)
    assert done.returncode == 1
    assert "has been cut short" in done.stderr and "fix: `arrears refresh` builds it again" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.faults
def test_a_link_that_leads_nowhere_is_mended_by_the_next_refresh(
    base: Installation, project: Path, tmp_path: Path, report: Report
) -> None:
    here = base.copy(tmp_path / "installation")
    here.home.release_file("r0001").unlink()
    run_to_its_end(here, project=project)
    assert release_id_of(here.home.published.resolve()) == "r0002"
    assert differences(here.home.published, other=base.home.published) == []
    lost = lost_or_twice(here.home, other=base.home)
    assert lost == 0
    report(
        "gone",
        target="release file",
        previous="gone",
        next_run="equal",
        lost_or_twice=lost,
        seen="built again",
    )


@pytest.mark.faults
def test_the_first_refresh_after_a_damaged_release_takes_new_deliveries_too(
    disturbed: Installation, undisturbed: Undisturbed, project: Path
) -> None:
    cut(disturbed.home.release_file("r0001"))
    run_to_its_end(disturbed, project=project)
    assert_as_if_undisturbed(disturbed.home, other=undisturbed.installation.home)


def test_a_manifest_from_before_the_current_release_is_refused(
    base: Installation, undisturbed: Undisturbed, project: Path, tmp_path: Path
) -> None:
    here = undisturbed.installation.copy(tmp_path / "installation")
    shutil.copy(base.home.manifest, here.home.manifest)
    words = refused(here, project=project)
    assert (
        "release r0002 is current" in words and "does not know it" in words and "fix: bring it back" in words
    )
