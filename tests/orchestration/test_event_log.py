"""The event log of a refresh: what Dagster's own storage would hold, without a connection for every event.

Belongs here: that both read the same, and how often a file is opened. Must not: the job (test_definitions.py).
"""

import sqlite3
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from ingest.home import Home
from orchestration.dagster_home import dagster_instance
from orchestration.event_log import EventLog

ASSETS = 20


@dg.multi_asset(specs=[dg.AssetSpec(f"asset_{number}") for number in range(ASSETS)])
def _many(context: dg.AssetExecutionContext) -> Any:
    for spec in context.assets_def.specs:
        yield dg.MaterializeResult(asset_key=spec.key)


def _run(home: Home) -> str:
    with dagster_instance(home) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        result = dg.materialize([_many], instance=instance)
        assert result.success
        return result.run_id


def test_a_run_opens_its_files_a_few_times_and_not_for_every_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    connect = sqlite3.connect

    def counted(file: str, *args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(file)
        return connect(file, *args, **options)

    monkeypatch.setattr(sqlite3.dbapi2, "connect", counted)
    home = Home(tmp_path / "home").ensure()
    run_id = _run(home)
    events = home.dagster / "history" / "runs"
    # to make the file, to look what is in it, to use it
    assert 1 <= opened.count(str(events / f"{run_id}.db")) <= 3
    assert 1 <= opened.count(str(events / "index.db")) <= 6


def test_dagsters_own_storage_reads_what_was_written_and_both_see_a_materialization_of_each_asset(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home").ensure()
    first, second = _run(home), _run(home)
    stock = SqliteEventLogStorage(str(home.dagster / "history" / "runs"))
    with dagster_instance(home) as instance:
        for run_id in (first, second):
            own = instance.event_log_storage.get_logs_for_run(run_id)
            assert len(own) > 2 * ASSETS
            assert own == stock.get_logs_for_run(run_id)
        keys = sorted(instance.event_log_storage.all_asset_keys())
        assert len(keys) == ASSETS
        assert keys == sorted(stock.all_asset_keys())
    assert not list((home.dagster / "history" / "runs").glob("*.db-wal"))


def test_history_that_was_wiped_is_empty_and_can_be_written_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    first = _run(home)
    with dagster_instance(home) as instance:
        instance.event_log_storage.wipe()
        assert not instance.event_log_storage.get_logs_for_run(first)
    second = _run(home)
    with dagster_instance(home) as instance:
        assert instance.event_log_storage.get_logs_for_run(second)
