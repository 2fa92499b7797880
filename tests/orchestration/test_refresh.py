"""A refresh from landing to release, on a warehouse of a few rows."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.settings import load_settings
from orchestration.dbt_build import run_dbt
from orchestration.errors import DbtFailed, LockHeld, OrchestrationError
from orchestration.lock import exclusive_lock
from orchestration.publish import current_release_id, rollback
from orchestration.records import Records
from orchestration.refresh import RefreshOutcome, run_refresh
from orchestration.session import RefreshSession, RequiredDeliveryRefused, refresh_session
from tests.orchestration import fakes

GOOD = [("D1", "CN01", "100.00"), ("D2", "CN02", "5.00")]
pytestmark = pytest.mark.usefixtures("fixed_code")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A folder with arrears.yml, documents and a dbt project."""
    fakes.write_dbt_project(tmp_path / "dbt")
    fakes.write_config(tmp_path)
    fakes.write_documents(tmp_path, GOOD)
    return tmp_path


def _home(world: Path) -> Home:
    return Home(world / "home")


def _refresh(
    world: Path, *, landing: fakes.FakeLanding | None = None, said: list[str] | None = None
) -> RefreshOutcome:
    return run_refresh(
        world / "arrears.yml",
        progress=(said if said is not None else []).append,
        steps=(landing or fakes.FakeLanding()).steps,
        dbt_project=world / "dbt",
    )


@contextmanager
def _session(
    world: Path, *, said: list[str] | None = None, landing: fakes.FakeLanding | None = None
) -> Iterator[RefreshSession]:
    with refresh_session(
        load_settings(world / "arrears.yml"),
        progress=(said if said is not None else []).append,
        steps=(landing or fakes.FakeLanding()).steps,
        dbt_project=world / "dbt",
    ) as session:
        yield session


def _drive(session: RefreshSession) -> None:
    """What the Dagster assets do, without Dagster."""
    session.land()
    if session.prepare(as_of=None, known_at=None):
        exit_code, lines = run_dbt(session.invocation())
        session.judge(exit_code=exit_code, last_lines=lines)
        session.publish()


def _pretend_to_build(session: RefreshSession) -> None:
    """What a passed build leaves behind, without dbt."""
    elsewhere = session.home.root / "pretended.duckdb"
    fakes.write_build(elsewhere, session.candidate_file)
    elsewhere.replace(session.build_file)
    session._outcomes = fakes.passed_gates()


def _refresh_without_dbt(world: Path) -> RefreshOutcome:
    with _session(world) as session:
        session.land()
        if session.prepare(as_of=None, known_at=None):
            _pretend_to_build(session)
            session.publish()
    assert session.outcome is not None
    return session.outcome


def _refresh_without_dagster(world: Path, *, said: list[str] | None = None) -> RefreshOutcome:
    with _session(world, said=said) as session:
        _drive(session)
    assert session.outcome is not None
    return session.outcome


def test_a_refresh_publishes_and_a_failed_gate_leaves_that_release(world: Path) -> None:
    said: list[str] = []
    first = _refresh(world, said=said)
    assert (first.exit_code, first.status, first.release_id) == (0, "published", "r0001")
    assert first.release_path == _home(world).release_file("r0001")
    assert any("mart_aging" in line for line in said)
    statuses = {gate.gate: gate.status for gate in first.gates if gate.status != "not_run"}
    assert statuses == {
        "front_door": "passed",
        "unique_key": "passed",
        "bucket_sum": "passed",
        "control_total": "passed",
    }
    with duckdb.connect(str(first.release_path), read_only=True) as connection:
        assert connection.execute("select distinct as_of_date from marts.mart_aging").fetchall() == [
            (date(2026, 3, 31),)
        ]

    before = first.release_path.stat().st_mtime_ns
    fakes.write_documents(world, [*GOOD, ("D3", "CN01", "-3.00")])
    second = _refresh(world)
    assert (second.exit_code, second.status, second.release_id) == (2, "gate_failed", "r0001")
    assert "bucket_sum: 1 failing rows" in second.message
    assert "fix:" in second.message
    assert first.release_path.stat().st_mtime_ns == before
    # the failing rows can be looked at
    (build_file,) = _home(world).builds.glob("*.duckdb")
    with duckdb.connect(str(build_file), read_only=True) as connection:
        assert connection.execute("select * from audit.no_negative_amount").fetchall() == [("D3",)]
    runs = Records(_home(world).manifest).runs()
    assert [run.status for run in runs] == ["gate_failed", "published"]


def test_nothing_new_touches_nothing_and_is_recorded(world: Path) -> None:
    first = _refresh_without_dbt(world)
    assert first.release_path is not None
    before = (first.release_path.stat().st_mtime_ns, _home(world).published.lstat().st_mtime_ns)
    second = _refresh(world)
    assert (second.exit_code, second.status, second.release_id) == (0, "nothing_new", "r0001")
    assert (first.release_path.stat().st_mtime_ns, _home(world).published.lstat().st_mtime_ns) == before
    assert list(_home(world).builds.iterdir()) == []
    assert [run.status for run in Records(_home(world).manifest).runs()] == ["nothing_new", "published"]


def test_a_lowered_gate_publishes_with_a_warning(world: Path) -> None:
    fakes.write_config(world, extra="gates: {bucket_sum: warn}\n")
    fakes.write_documents(world, [*GOOD, ("D3", "CN01", "-3.00")])
    said: list[str] = []
    outcome = _refresh_without_dagster(world, said=said)
    assert outcome.status == "published"
    (gate,) = [gate for gate in outcome.gates if gate.gate == "bucket_sum"]
    assert (gate.status, gate.is_lowered, gate.failing_row_count) == ("warned", True, 1)
    assert "  warning bucket_sum: 1 rows (lowered in arrears.yml)" in said


@pytest.mark.parametrize("change", ["documents", "as_of", "configuration", "policy", "code"])
def test_any_changed_input_is_something_new(
    world: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refresh_without_dbt(world)
    as_of = None
    if change == "documents":
        fakes.write_documents(world, [*GOOD, ("D9", "CN01", "1.00")])
    elif change == "as_of":
        as_of = date(2026, 2, 28)
    elif change == "configuration":
        fakes.write_config(world, extra="gates: {bucket_sum: warn}\n")
    elif change == "policy":
        (world / "dbt" / "seeds").mkdir()
        (world / "dbt" / "seeds" / "policy_rule.csv").write_text("rule\n1\n")
    else:
        monkeypatch.setattr("orchestration.session.code_version", lambda: "other")
    with _session(world) as session:
        session.land()
        assert session.prepare(as_of=as_of, known_at=None)


def test_after_a_rollback_nothing_new_does_not_undo_it(world: Path) -> None:
    _refresh_without_dbt(world)
    fakes.write_documents(world, [*GOOD, ("D3", "CN01", "1.00")])
    _refresh_without_dbt(world)
    rollback(_home(world))
    outcome = _refresh_without_dbt(world)
    assert (outcome.status, outcome.release_id) == ("nothing_new", "r0001")
    assert "rollback --to r0002" in outcome.message


def test_a_lowered_number_of_kept_releases_makes_room_before_anything_is_built(world: Path) -> None:
    for amount in ("1.00", "2.00", "3.00"):
        fakes.write_documents(world, [("D1", "CN01", amount)])
        _refresh_without_dbt(world)
    home, said = _home(world), list[str]()
    rollback(home, "r0001")
    fakes.write_config(world, extra="keep_releases: 1\n")
    with duckdb.connect(str(home.release_file("r0002").resolve()), read_only=True) as reader:
        with _session(world, said=said):
            assert not home.release_file("r0002").exists()
            # the newest, and the one that readers see
            assert home.release_file("r0003").is_file() and current_release_id(home) == "r0001"
        assert reader.execute("select count(*) from marts.mart_aging").fetchall() == [(1,)]
    assert "removed r0002: keep_releases is 1" in said


def test_a_refused_delivery_of_a_required_source_publishes_nothing(world: Path) -> None:
    landing = fakes.FakeLanding(fakes.FakeReport(refused=(fakes.FakeRefusal(),)))
    with pytest.raises(RequiredDeliveryRefused), _session(world, landing=landing) as session:
        session.land()
    assert session.outcome is not None
    assert (session.outcome.exit_code, session.outcome.status) == (2, "refused")
    assert "erp document: the dump is empty" in session.outcome.message
    assert current_release_id(_home(world)) is None


def test_a_refused_delivery_of_an_optional_source_does_not_stop_the_refresh(world: Path) -> None:
    landing = fakes.FakeLanding(fakes.FakeReport(refused=(fakes.FakeRefusal(required=False),)))
    with _session(world, landing=landing) as session:
        session.land()
        assert session.prepare(as_of=None, known_at=None)


def test_a_model_that_cannot_be_built_is_an_error_and_not_a_gate(world: Path) -> None:
    fakes.write_documents(world, [("D1", "CN01", "twelve")])
    with pytest.raises(DbtFailed, match="Could not convert string"), _session(world) as session:
        _drive(session)
    assert session.outcome is not None
    assert (session.outcome.exit_code, session.outcome.status) == (1, "failed")
    assert "dbt.log" in session.outcome.message


def test_a_second_refresh_is_told_who_holds_the_lock(world: Path) -> None:
    home = _home(world).ensure()
    with exclusive_lock(home.lock), pytest.raises(LockHeld, match=str(os.getpid())):
        _refresh(world)


def test_publishing_without_landing_says_how_to_do_it(world: Path) -> None:
    with pytest.raises(OrchestrationError, match="arrears refresh"), _session(world) as session:
        session.publish()


_KILLED = """
import sys
from pathlib import Path
from tests.orchestration import test_refresh
test_refresh._refresh_without_dagster(Path(sys.argv[1]))
"""


def _dbt_child(pid: int) -> int | None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in map(int, children):
        if b"dbt" in Path(f"/proc/{child}/cmdline").read_bytes():
            return child
    return None


def _until(condition: Callable[[], object], *, seconds: float = 60.0) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def test_a_killed_refresh_leaves_the_release_whole_and_the_next_one_reports_it(world: Path) -> None:
    _refresh_without_dbt(world)
    home = _home(world)
    fakes.write_documents(world, [*GOOD, ("D3", "CN01", "1.00")])
    slow = world / "dbt" / "models" / "marts" / "slow.sql"
    slow.write_text("select sum(a.range * b.range) as n from range(10000000) as a, range(10000000) as b")
    victim = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(world)],
        cwd=fakes.REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(fakes.REPOSITORY)},
        start_new_session=True,
    )
    try:
        child = _until(lambda: _dbt_child(victim.pid))
        _until(lambda: list(home.releases.glob(".candidate-*")))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        # dbt must not go on writing into a home that the next refresh owns
        _until(lambda: not Path(f"/proc/{child}").exists(), seconds=20)
    finally:
        victim.kill()
        victim.wait()

    assert current_release_id(home) == "r0001"
    with duckdb.connect(str(home.published.resolve()), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.mart_aging").fetchall() == [(1,)]

    slow.unlink()
    said: list[str] = []
    outcome = _refresh_without_dagster(world, said=said)
    assert (outcome.status, outcome.release_id) == ("published", "r0002")
    assert any(f"(process {victim.pid}) died" in line for line in said)
    assert [run.status for run in Records(home.manifest).runs()] == ["published", "failed", "published"]
    assert not list(home.releases.glob(".candidate-*"))
    assert not list(home.builds.iterdir())


def test_a_programming_error_in_a_step_is_told_with_its_cause(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("seven by nought")

    # a property, read outside what a session records itself: only Dagster's events know of it
    monkeypatch.setattr(RefreshSession, "progress", property(broken))
    outcome = _refresh(world)
    assert outcome.exit_code == 1
    assert "seven by nought" in outcome.message
    logs = sorted((world / "home" / "logs").glob("*.log"))
    assert "ZeroDivisionError" in logs[-1].read_text()


def test_a_run_records_where_its_seconds_went_also_when_nothing_was_new(world: Path) -> None:
    _refresh(world)
    _refresh(world)
    records = Records(_home(world).manifest)
    again, first = records.runs(limit=2)
    assert [phase.name for phase in records.phases(first.run_id)] == [
        "landing",
        "prepare",
        "dbt_overhead",
        "models",
        "tests",
        "publish",
    ]
    assert [phase.name for phase in records.phases(again.run_id)] == ["landing", "prepare"]
    assert first.finished_at is not None
    seconds = sum(phase.seconds for phase in records.phases(first.run_id))
    assert 0 < seconds <= (first.finished_at - first.started_at).total_seconds() + 0.1
