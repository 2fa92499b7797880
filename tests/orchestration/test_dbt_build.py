"""The dbt child: its arguments, its environment, its progress, its manifest."""

import json
import sys
from pathlib import Path

import pytest

from orchestration.dbt_build import (
    DbtInvocation,
    dbt_arguments,
    dbt_environment,
    dbt_executable,
    progress_line,
)
from orchestration.dbt_manifest import attach_tests, load_manifest, manifest_path
from orchestration.errors import DbtFailed
from tests.orchestration import fakes


def _invocation(folder: Path) -> DbtInvocation:
    return DbtInvocation(
        project_dir=folder / "dbt",
        target_path=folder / "target",
        build_db=folder / "build.duckdb",
        candidate_db=folder / "candidate.duckdb",
        temp_dir=folder / "tmp",
        threads=3,
        memory_limit="5GB",
    )


def test_vars_are_json_in_a_stable_order() -> None:
    one = dbt_arguments(
        ("build",), variables={"gates": {"b": "warn", "a": "error"}, "as_of_date": "2026-03-31"}
    )
    other = dbt_arguments(
        ("build",), variables={"as_of_date": "2026-03-31", "gates": {"a": "error", "b": "warn"}}
    )
    assert one == other
    assert one[:2] == ["build", "--vars"]
    assert json.loads(one[2])["gates"] == {"a": "error", "b": "warn"}


def test_the_child_gets_the_files_and_limits_of_this_run(tmp_path: Path) -> None:
    environment = dbt_environment(_invocation(tmp_path), base={"PATH": "/bin", "ARREARS_BUILD_DB": "another"})
    assert environment["ARREARS_BUILD_DB"] == str(tmp_path / "build.duckdb")
    assert environment["ARREARS_CANDIDATE_DB"] == str(tmp_path / "candidate.duckdb")
    assert (environment["ARREARS_THREADS"], environment["ARREARS_MEMORY_LIMIT"]) == ("3", "5GB")
    assert environment["DBT_TARGET_PATH"] == environment["DBT_LOG_PATH"] == str(tmp_path / "target")
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert environment["PATH"] == "/bin"


def test_dbt_is_the_one_of_this_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dbt_executable().parent == Path(sys.executable).parent
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(DbtFailed, match="make setup"):
        dbt_executable()


def _event(name: str, **data: object) -> dict[str, object]:
    return {
        "info": {"name": name},
        "data": {"node_info": {"node_name": "mart_aging"}, "index": 3, "total": 9, **data},
    }


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (_event("LogModelResult", status="success", execution_time=1.24), "  [3/9] mart_aging  1.2s"),
        (_event("LogModelResult", status="error", execution_time=1.24), "  [3/9] mart_aging  1.2s  error"),
        (_event("LogTestResult", status="pass"), None),
        (_event("LogTestResult", status="fail", num_failures=7), "  [3/9] mart_aging  fail, 7 rows"),
        (_event("MainReportVersion"), None),
    ],
)
def test_progress_names_models_and_tests_that_found_something(
    event: dict[str, object], line: str | None
) -> None:
    assert progress_line(event) == line


def test_the_manifest_is_parsed_once_per_content(tmp_path: Path) -> None:
    project, cache = fakes.write_dbt_project(tmp_path / "dbt"), tmp_path / "cache"
    first = manifest_path(project, cache=cache)
    parsed_at = first.stat().st_mtime_ns
    assert manifest_path(project, cache=cache) == first
    assert first.stat().st_mtime_ns == parsed_at
    singular = load_manifest(first)["nodes"]["test.arrears.no_negative_amount"]
    assert singular["attached_node"] == "model.arrears.mart_aging"


def test_a_project_that_does_not_parse_names_the_file(tmp_path: Path) -> None:
    project = fakes.write_dbt_project(tmp_path / "dbt")
    (project / "models" / "marts" / "broken.sql").write_text("select {{ ref('nowhere') }}")
    with pytest.raises(DbtFailed, match="nowhere"):
        manifest_path(project, cache=tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_a_singular_test_is_attached_to_the_published_model_it_reads() -> None:
    nodes = {
        "model.a.stg": {"schema": "staging"},
        "model.a.mart": {"schema": "marts"},
        "model.a.int": {"schema": "intermediate"},
        "test.a.both": {"depends_on": {"nodes": ["model.a.stg", "model.a.mart", "model.a.int"]}},
        "test.a.inner": {"depends_on": {"nodes": ["model.a.stg", "model.a.int"]}},
        "test.a.generic": {"attached_node": "model.a.stg", "depends_on": {"nodes": ["model.a.stg"]}},
    }
    attached = attach_tests({"nodes": nodes})["nodes"]
    assert attached["test.a.both"]["attached_node"] == "model.a.mart"
    assert attached["test.a.inner"]["attached_node"] == "model.a.int"
    assert attached["test.a.generic"]["attached_node"] == "model.a.stg"
    assert "attached_node" not in nodes["test.a.both"]
