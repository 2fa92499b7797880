"""What a dead process, a full disk or a power cut leaves, one thing at a time."""

import errno
import os
import shutil
import signal
import sqlite3
import threading
import time
from pathlib import Path

import duckdb
import pytest

from ingest import durable
from ingest.home import Home
from orchestration import machine_faults
from orchestration.dagster_home import write_dagster_yaml
from orchestration.dbt_build import dies_with
from orchestration.dbt_manifest import load_manifest, manifest_path
from orchestration.lock import exclusive_lock, is_held
from orchestration.machine_faults import DiskFull, explained, is_full_text
from orchestration.publish import sweep_working_files
from orchestration.refresh import run_refresh
from orchestration.session import RefreshSession
from tests.faults import harness
from tests.faults.worlds import install
from tests.orchestration import fakes


def test_a_child_whose_parent_died_while_it_was_being_made_dies_too() -> None:
    child = os.fork()
    if child == 0:
        # no process has this id, as if the parent had been killed between the fork and this line
        dies_with(2**22 + 1)()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def test_a_child_whose_parent_lives_goes_on() -> None:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        dies_with(parent)()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def test_only_faults_of_the_machine_are_explained_as_such(tmp_path: Path) -> None:
    home = Home(tmp_path)
    wrong_sql = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as raised:
        wrong_sql.execute("select * from nowhere")
    wrong_sql.close()
    assert explained(raised.value, home=home) is None
    assert explained(PermissionError(errno.EACCES, "not allowed"), home=home) is None
    # e.g. what a library makes of an error of the system
    wrapped = RuntimeError("could not write")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "build" / "spilled"))
    assert isinstance(explained(wrapped, home=home), DiskFull)


ELSEWHERE = Path("/proc/elsewhere")  # a file system that home is never on


@pytest.mark.parametrize("free", [0.0, 250_000.0])
def test_a_disk_that_is_full_is_told_as_home_s_only_where_it_is_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float
) -> None:
    home = Home(tmp_path)
    monkeypatch.setattr(machine_faults, "_free", lambda _: free)
    said, spilled = "No space left on device", tmp_path / "tmp" / "spilled"

    def is_told(error: Exception) -> bool:
        return isinstance(explained(error, home=home), DiskFull)

    # where the error names a file, the file says which disk it is
    assert is_told(OSError(errno.ENOSPC, said, str(spilled)))
    assert not is_told(OSError(errno.ENOSPC, said, str(ELSEWHERE)))
    assert is_told(duckdb.IOException(f'IO Error: Could not write file "{spilled}": {said}'))
    # where it does not (standard output, a library's own buffer), the room that home has does
    assert is_told(OSError(errno.ENOSPC, said)) == (free == 0)
    assert is_full_text(f"Could not write: {said}", home=home) == (free == 0)
    assert is_full_text(f'Could not write "{ELSEWHERE}": {said}', home=home) == (free == 0)


def test_asking_whether_a_refresh_runs_never_refuses_one(tmp_path: Path) -> None:
    lock, stop = tmp_path / "refresh.lock", threading.Event()

    def ask() -> None:
        while not stop.is_set():
            is_held(lock)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(500):
            with exclusive_lock(lock):
                pass
    finally:
        stop.set()
        for asker in askers:
            asker.join()


def test_a_release_stands_although_dagster_could_not_write_down_that_it_was_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.write_dbt_project(tmp_path / "dbt")
    fakes.write_documents(tmp_path, [("D1", "CN01", "100.00")])
    said: list[str] = []

    def full(session: RefreshSession, **_: object) -> None:
        session.land()
        assert session.prepare(as_of=None, known_at=None)
        elsewhere = session.home.root / "pretended.duckdb"
        fakes.write_build(elsewhere, session.candidate_file)
        elsewhere.replace(session.build_file)
        session.publish()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("orchestration.refresh._run_job", full)
    outcome = run_refresh(
        fakes.write_config(tmp_path),
        progress=said.append,
        steps=fakes.FakeLanding().steps,
        dbt_project=tmp_path / "dbt",
    )
    assert (outcome.exit_code, outcome.status, outcome.release_id) == (0, "published", "r0001")
    assert any("missing from Dagster's own history" in line for line in said)


def test_a_dagster_configuration_that_a_full_disk_left_empty_is_written_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    file = write_dagster_yaml(home)
    whole = file.read_text()
    os.truncate(file, 0)
    assert write_dagster_yaml(home).read_text() == whole
    file.write_text("edited: by hand\n")
    assert write_dagster_yaml(home).read_text() == "edited: by hand\n"
    assert list(home.dagster.iterdir()) == [file]


def test_a_parsed_project_cut_short_is_parsed_again_and_a_dead_parse_is_swept(tmp_path: Path) -> None:
    project, cache = fakes.write_dbt_project(tmp_path / "dbt"), tmp_path / "cache"
    file = manifest_path(project, cache=cache)
    os.truncate(file, file.stat().st_size // 2)
    dead, alive = cache / ".parsing-dead", cache / ".parsing-alive"
    for folder, age in ((dead, 2 * 3600), (alive, 60)):
        (folder / "target").mkdir(parents=True)
        os.utime(folder, (time.time() - age, time.time() - age))
    assert load_manifest(manifest_path(project, cache=cache))["nodes"]
    assert alive.exists() and not dead.exists()


def test_what_a_killed_build_has_spilled_is_swept(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    (home.temporary / "landing").mkdir()
    for name in ("duckdb_temp_storage_DEFAULT-0.tmp", "landing/00000.parquet"):
        (home.temporary / name).write_bytes(b"spilled")
    sweep_working_files(home)
    assert list(home.temporary.iterdir()) == []


def test_every_new_folder_on_the_way_to_a_landing_file_is_flushed_to_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[Path] = set()
    monkeypatch.setattr(durable, "sync", flushed.add)
    durable.make_folder(tmp_path / "landing" / "erp" / "document")
    assert flushed == {tmp_path, tmp_path / "landing", tmp_path / "landing" / "erp"}
    flushed.clear()
    durable.make_folder(tmp_path / "landing" / "erp" / "customer")
    assert flushed == {tmp_path / "landing" / "erp"}


def test_a_damaged_landing_file_is_told_on_one_page_without_a_traceback(
    project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from orchestration.cli import main

    here = install(tmp_path / "installation")
    process = harness.start(here.config, project=project, said=tmp_path / "said.txt")
    process.join()
    file = next(here.home.landing.rglob("document/*.parquet"))
    os.truncate(file, 100)
    assert main(["replay", "--config", str(here.config)]) == 1
    said = capfd.readouterr().err
    assert f"{file.relative_to(here.home.root)} cannot be read" in said and "fix: bring" in said
    shutil.rmtree(here.folder)
