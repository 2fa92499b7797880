"""Publishing, rolling back, and what readers see meanwhile."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.home import Home
from orchestration.candidate import Contents, finish_candidate
from orchestration.errors import LockHeld, ManifestBehind, NoRelease, PublishRefused
from orchestration.gates import GateOutcome
from orchestration.lock import exclusive_lock, is_held
from orchestration.publish import (
    GatesFailed,
    current_release_file,
    current_release_id,
    prune,
    recover,
    rollback,
    switch_to,
)
from orchestration.records import Records
from tests.orchestration import fakes
from tests.orchestration.conftest import Publisher


def _amount(file: Path) -> Decimal:
    with duckdb.connect(str(file.resolve()), read_only=True) as connection:
        return connection.execute("select amount_document from marts.dim_release_total").fetchall()[0][0]


def test_a_release_is_read_through_the_symlink(home: Home, publisher: Publisher) -> None:
    release = publisher("100.00")
    assert release.release_id == "r0001"
    assert home.published.readlink() == Path("releases/receivables-r0001.duckdb")
    assert _amount(home.published) == Decimal("100.00")


def test_t45_readers_survive_publishing_and_see_the_new_release_when_they_look_again(
    home: Home, publisher: Publisher
) -> None:
    publisher("100.00", keep=1)
    with duckdb.connect(str(home.published.resolve()), read_only=True) as reader:
        publisher("200.00", keep=1)
        # the file this reader holds has been pruned by now, and it still reads it whole
        assert not home.release_file("r0001").exists()
        assert reader.execute("select amount_document from marts.dim_release_total").fetchall() == [
            (Decimal("100.00"),)
        ]
    assert _amount(home.published) == Decimal("200.00")


def test_t45_a_reader_in_another_process_never_finds_the_link_missing(
    home: Home, publisher: Publisher
) -> None:
    publisher("100.00")
    publisher("200.00")
    program = (
        "import os, sys\n"
        "seen = set()\n"
        "print('ready', flush=True)\n"
        "while not os.path.exists(sys.argv[2]):\n"
        "    seen.add(os.path.basename(os.path.realpath(sys.argv[1], strict=True)))\n"
        "print(sorted(seen))\n"
    )
    stop = home.root / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", program, str(home.published), str(stop)], stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    for _ in range(300):
        switch_to(home.release_file("r0001"), home=home)
        switch_to(home.release_file("r0002"), home=home)
    stop.touch()
    seen, _ = reader.communicate(timeout=30)
    assert reader.returncode == 0
    assert "receivables-r0002.duckdb" in seen


def test_only_the_newest_releases_keep_their_file(home: Home, publisher: Publisher, records: Records) -> None:
    for number in range(1, 5):
        publisher(f"{number}.00", keep=2)
    assert sorted(file.name for file in home.releases.glob("*.duckdb")) == [
        "receivables-r0003.duckdb",
        "receivables-r0004.duckdb",
    ]
    # identity and totals of a pruned release stay
    assert [release.release_id for release in records.releases()] == ["r0004", "r0003", "r0002", "r0001"]
    assert records.totals("r0001")[0].amount_document == Decimal("1.00")


def test_the_current_release_is_kept_even_when_it_is_an_old_one(home: Home, publisher: Publisher) -> None:
    publisher("1.00")
    publisher("2.00")
    rollback(home)
    # a release published after a rollback becomes current itself; the one rolled back to may then go
    publisher("3.00", keep=1)
    assert current_release_id(home) == "r0003"
    assert current_release_file(home) == home.release_file("r0003")


def test_pruning_spares_the_current_release_however_old_it_is(
    home: Home, publisher: Publisher, records: Records
) -> None:
    for amount in ("1.00", "2.00", "3.00"):
        publisher(amount)
    rollback(home, to="r0001")
    assert prune(home, records=records, keep=1) == ["r0002"]
    assert _amount(home.published) == Decimal("1.00")


def test_the_link_is_switched_only_to_a_file_that_stands_under_its_name(
    home: Home, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[bool] = []

    def look_and_switch(release_file: Path, *, home: Home) -> None:
        stood.append(release_file.is_file())
        switch_to(release_file, home=home)

    monkeypatch.setattr("orchestration.publish.switch_to", look_and_switch)
    publisher("1.00")
    assert stood == [True]


def test_rollback_goes_to_the_release_before_and_forward_again(home: Home, publisher: Publisher) -> None:
    publisher("1.00")
    publisher("2.00")
    assert rollback(home) == "r0001"
    assert _amount(home.published) == Decimal("1.00")
    assert rollback(home, to="r0002") == "r0002"
    assert _amount(home.published) == Decimal("2.00")


def test_rollback_to_a_release_without_a_file_names_the_choices(home: Home, publisher: Publisher) -> None:
    for amount in ("1.00", "2.00", "3.00"):
        publisher(amount, keep=2)
    with pytest.raises(NoRelease, match="r0003, r0002"):
        rollback(home, to="r0001")
    assert current_release_id(home) == "r0003"


def test_rollback_refuses_while_a_refresh_holds_the_lock(home: Home, publisher: Publisher) -> None:
    publisher("1.00")
    publisher("2.00")
    with exclusive_lock(home.lock), pytest.raises(LockHeld, match=str(os.getpid())):
        rollback(home)
    assert current_release_id(home) == "r0002"
    assert not is_held(home.lock)


def test_unequal_control_totals_leave_the_last_release_in_place(
    home: Home, publisher: Publisher, records: Records
) -> None:
    publisher("100.00")
    with pytest.raises(GatesFailed, match=r"release 99\.99 .* build 100\.00"):
        publisher("100.00", published="99.99")
    assert current_release_id(home) == "r0001"
    assert [release.release_id for release in records.releases()] == ["r0001"]


def test_a_lowered_control_total_publishes_and_says_so(home: Home, publisher: Publisher) -> None:
    release = publisher("100.00", published="99.99", severities={"control_total": "warn"})
    control = next(gate for gate in release.gates if gate.gate == "control_total")
    assert (control.status, control.is_lowered, control.failing_row_count) == ("warned", True, 1)
    with duckdb.connect(str(home.published.resolve()), read_only=True) as connection:
        rows = connection.execute(
            "select severity, default_severity, is_lowered, status, failing_row_count from marts.dim_release_gate"
            " where gate = 'control_total'"
        ).fetchall()
    assert rows == [("warn", "error", True, "warned", 1)]


def test_a_failed_gate_is_never_published(home: Home, publisher: Publisher) -> None:
    publisher("100.00")
    failed = GateOutcome("bucket_sum", "error", "error", "failed", 3, ("audit.bucket_sum",))
    with pytest.raises(GatesFailed, match="bucket_sum: 3 failing rows"):
        publisher("200.00", outcomes=(failed,))
    assert _amount(home.published) == Decimal("100.00")


def test_a_candidate_without_totals_is_refused(home: Home, publisher: Publisher) -> None:
    with pytest.raises(PublishRefused, match="dim_release_total"):
        publisher("100.00", build_file=home.root / "nothing.duckdb")


def test_a_finished_file_that_holds_something_else_is_not_switched_to(
    home: Home, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher("100.00")

    def finish_and_lose_a_row(candidate: Path, **options: Any) -> Contents:
        contents = finish_candidate(candidate, **options)
        with duckdb.connect(str(candidate)) as connection:
            connection.execute("delete from marts.mart_aging")
        return contents

    monkeypatch.setattr("orchestration.publish.finish_candidate", finish_and_lose_a_row)
    with pytest.raises(PublishRefused, match="does not hold what was written"):
        publisher("200.00")
    assert _amount(home.published) == Decimal("100.00")


def test_macros_may_use_each_other_and_resolve_through_the_symlink(
    home: Home, macros: Path, publisher: Publisher, tmp_path: Path
) -> None:
    candidate = tmp_path / "candidate.duckdb"
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.mart_aging as select 'CN01' as company_code, cast(7 as decimal(18, 2)) as amount"
        )
        connection.execute(
            "create table marts.dim_release_total as select 'CN01' as company_code, 'trade' as receivable_class,"
            " 'CNY' as currency, 'not_due' as bucket, cast(7 as decimal(18, 2)) as amount_document,"
            " cast(7 as decimal(18, 2)) as amount_functional"
        )
    contents = finish_candidate(candidate, release_id="r0001", macros=macros, outcomes=fakes.passed_gates())
    assert contents.totals[0].bucket == "not_due"
    assert contents.row_counts == {"dim_release_gate": 1, "dim_release_total": 1, "mart_aging": 1}
    candidate.rename(home.release_file("r0001"))
    switch_to(home.release_file("r0001"), home=home)
    with duckdb.connect(str(home.published), read_only=True) as connection:
        assert connection.execute("select * from marts.aging_total('CN01')").fetchall() == [
            (Decimal("7.00"),)
        ]


def test_a_macro_that_cannot_be_created_refuses_the_release(macros: Path, tmp_path: Path) -> None:
    candidate = tmp_path / "candidate.duckdb"
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("create schema marts")
    with pytest.raises(PublishRefused, match=r"documents_of\.sql|aging_total\.sql"):
        finish_candidate(candidate, release_id="r0001", macros=macros, outcomes=())


def test_a_publisher_killed_before_the_switch_is_undone(
    home: Home, publisher: Publisher, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher("1.00")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("orchestration.publish.switch_to", die)
        with pytest.raises(KeyboardInterrupt):
            publisher("2.00")
    assert [release.release_id for release in records.unconfirmed_releases()] == ["r0002"]
    assert recover(home, records=records) == ["release r0002 had not been switched to; removed"]
    assert not home.release_file("r0002").exists()
    assert _amount(home.published) == Decimal("1.00")
    assert records.totals("r0002") == []
    assert publisher("3.00").release_id == "r0002"


def test_a_publisher_killed_after_the_switch_is_completed(
    home: Home, publisher: Publisher, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher("1.00")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Records, "confirm_release", die)
        with pytest.raises(KeyboardInterrupt):
            publisher("2.00")
    assert _amount(home.published) == Decimal("2.00")
    recover(home, records=records)
    assert [release.release_id for release in records.releases()] == ["r0002", "r0001"]


def test_an_old_manifest_that_was_about_to_publish_deletes_nothing(
    home: Home, publisher: Publisher, records: Records, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publisher("1.00")
    backup = tmp_path / "manifest-backup.sqlite"

    def take_a_backup(release_file: Path, *, home: Home) -> None:
        # between announcing r0002 and confirming it
        with sqlite3.connect(home.manifest) as manifest, sqlite3.connect(backup) as copy:
            manifest.backup(copy)
        switch_to(release_file, home=home)

    with monkeypatch.context() as patched:
        patched.setattr("orchestration.publish.switch_to", take_a_backup)
        publisher("2.00")
    publisher("3.00")
    for beside in home.root.glob("manifest.sqlite*"):
        beside.unlink()
    shutil.copy(backup, home.manifest)
    assert [release.release_id for release in records.unconfirmed_releases()] == ["r0002"]
    for command in (lambda: recover(home, records=records), lambda: rollback(home)):
        with pytest.raises(ManifestBehind, match="r0003 is current"):
            command()
        assert home.release_file("r0002").is_file()
        assert [release.release_id for release in records.unconfirmed_releases()] == ["r0002"]


def test_only_one_of_two_threads_gets_the_lock(home: Home) -> None:
    refused = []

    def second() -> None:
        try:
            with exclusive_lock(home.lock):
                pass
        except LockHeld as error:
            refused.append(str(error))

    with exclusive_lock(home.lock):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert "fix:" in refused[0]
