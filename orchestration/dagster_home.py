"""`DAGSTER_HOME`: Dagster's instance under `$ARREARS_HOME/dagster`.

Belongs here: its configuration file, and putting right what a killed run left in it. Must not: the graph.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from ingest.home import Home

JOB = "refresh"

_YAML = """\
# Written by arrears; edit freely, it is not written again.
telemetry: {enabled: false}
# No queue: a killed run would keep its slot and block every later one. The flock on refresh.lock keeps runs apart.
run_coordinator: {module: dagster._core.run_coordinator, class: DefaultRunCoordinator}
# Steps write nothing of use to stdout (what a run says is in its log); capturing it costs two processes a step.
compute_logs: {module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}
# Dagster's own, with connections that stay open: a refresh stores thousands of events.
event_log_storage: {module: orchestration.event_log, class: EventLog, config: {dagster_home: {env: DAGSTER_HOME}}}
"""


def write_dagster_yaml(home: Home) -> Path:
    """Make `DAGSTER_HOME` and its dagster.yaml where there is none yet."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    file = home.dagster / "dagster.yaml"
    # an empty one is what a full disk left; Dagster would take it for its own defaults, queue and telemetry included
    if not file.exists() or not file.stat().st_size:
        whole = file.with_name(file.name + ".tmp")
        whole.write_text(_YAML, encoding="utf-8")
        whole.replace(file)
    return file


@contextmanager
def dagster_instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance of this home, opened as its dagster.yaml says."""
    folder = str(write_dagster_yaml(home).parent)
    # what the file names by the variable is of this home, whatever the caller's environment says
    os.environ["DAGSTER_HOME"] = folder
    with dg.DagsterInstance.from_config(folder) as instance:
        yield instance


def fail_dead_dagster_runs(instance: dg.DagsterInstance, *, own_run_id: str | None = None) -> list[str]:
    """Report runs that Dagster still believes to be running as failed; returns their ids.

    Only the holder of the lock may call this: no other refresh can be alive then.
    """
    alive = dg.RunsFilter(job_name=JOB, statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    dead = [run for run in instance.get_runs(filters=alive) if run.run_id != own_run_id]
    for run in dead:
        instance.report_run_failed(run, "The process died before the run ended; found by the next refresh.")
    return [run.run_id for run in dead]
