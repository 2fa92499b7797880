"""The Dagster graph of the real project, against a golden file.

Write the golden file anew with `ARREARS_WRITE_GOLDEN=1 pytest tests/orchestration/test_definitions.py`, and read the
difference: a vanished check is a gate that nobody asks any more.
"""

import os
from pathlib import Path

import dagster as dg
import pytest

from ingest.home import Home
from ingest.settings import load_settings
from orchestration.build import SCHEDULE, build_definitions, session_resource
from orchestration.dagster_home import JOB, dagster_instance, fail_dead_dagster_runs
from orchestration.lock import is_held
from orchestration.records import Records
from tests.orchestration import fakes

GOLDEN = Path(__file__).parent / "golden" / "graph.txt"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    folder = tmp_path_factory.mktemp("definitions")
    config = fakes.write_config(folder, extra='schedule: "15 5 * * *"\n')
    return build_definitions(settings=load_settings(config))


def _graph(definitions: dg.Definitions) -> str:
    graph = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        parents = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"asset {key.to_user_string()}" + (f" <- {parents}" if parents else ""))
    for check in sorted(graph.asset_check_keys, key=lambda check: (check.asset_key, check.name)):
        lines.append(f"check {check.asset_key.to_user_string()} {check.name}")
    return "\n".join(lines) + "\n"


def test_definitions_load(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_the_graph_is_the_golden_one(definitions: dg.Definitions) -> None:
    graph = _graph(definitions)
    if os.environ.get("ARREARS_WRITE_GOLDEN"):
        GOLDEN.write_text(graph, encoding="utf-8")
    assert graph == GOLDEN.read_text(encoding="utf-8")


def test_nothing_in_the_graph_comes_from_outside(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    # a company's own policy, and what dbt has made of its own models while it runs (orchestration/prediction_source.py)
    inside = {"policy_override", "analytics"}
    assert not [key for key in graph.external_asset_keys if key.path[0] not in inside]


def test_the_release_waits_for_every_mart(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    assert marts
    assert graph.get(dg.AssetKey(["release"])).parent_keys == marts


def test_one_schedule_runs_the_one_job_in_the_companys_zone(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def(SCHEDULE)
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("15 5 * * *", "Asia/Shanghai")
    assert schedule.job_name == JOB
    assert definitions.resolve_job_def(JOB).executor_def.name == "in_process"


def test_no_step_sits_in_a_concurrency_pool(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def(JOB)
    assert not [node.name for node in job.graph.node_dict.values() if node.definition.pools]


def test_a_run_that_dagster_believes_alive_is_failed_by_the_next_refresh(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    with dagster_instance(home) as instance:
        dead = instance.create_run_for_job(_nothing, status=dg.DagsterRunStatus.STARTED)
        own = instance.create_run_for_job(_nothing, status=dg.DagsterRunStatus.STARTED)
        assert fail_dead_dagster_runs(instance, own_run_id=own.run_id) == [dead.run_id]
        found = instance.get_run_by_id(dead.run_id)
        assert found is not None
        assert found.status == dg.DagsterRunStatus.FAILURE


def test_a_resource_that_no_step_used_leaves_no_trace(tmp_path: Path) -> None:
    settings = load_settings(fakes.write_config(tmp_path))
    with dg.build_resources({"refresh": session_resource(settings)}) as resources:
        assert callable(resources.refresh)
    assert not settings.home.root.exists()


def test_the_resource_opens_one_session_and_closes_it_with_the_run(tmp_path: Path) -> None:
    settings = load_settings(fakes.write_config(tmp_path))
    with dg.build_resources({"refresh": session_resource(settings)}) as resources:
        session = resources.refresh()
        assert resources.refresh() is session
        assert is_held(settings.home.lock)
    assert not is_held(settings.home.lock)
    (run,) = Records(settings.home.manifest).runs()
    assert (run.command, run.status) == ("schedule", "failed")


@dg.job(name=JOB)
def _nothing() -> None:
    pass
