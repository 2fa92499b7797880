"""Seconds of a run, shared out over its phases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.phases import NodeTime, dbt_phases, read_node_times

START = datetime(2026, 1, 1, tzinfo=UTC)


def _at(seconds: float) -> float:
    return START.timestamp() + seconds


def test_a_second_in_which_a_model_and_a_test_work_is_half_of_each() -> None:
    nodes = [
        NodeTime("model.arrears.a", _at(2), _at(6)),
        NodeTime("test.arrears.t", _at(4), _at(8)),
    ]
    phases = dbt_phases(nodes, started_at=START, ended_at=START + timedelta(seconds=10))
    # dbt 10 s, 2 before and 2 after; a alone 2, both 2, t alone 2
    assert {phase.name: phase.seconds for phase in phases} == {
        "dbt_overhead": 4.0,
        "models": 3.0,
        "tests": 3.0,
    }


def test_a_dbt_that_ran_nothing_is_all_overhead(tmp_path: Path) -> None:
    phases = dbt_phases(read_node_times(tmp_path), started_at=START, ended_at=START + timedelta(seconds=3))
    assert {phase.name: phase.seconds for phase in phases} == {
        "dbt_overhead": 3.0,
        "models": 0.0,
        "tests": 0.0,
    }
