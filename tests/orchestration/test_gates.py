"""From dbt's artifacts to a verdict."""

import json
from pathlib import Path

from orchestration.gates import describe_failures, gate_outcomes, read_dbt_result


def _artifacts(folder: Path, tests: dict[str, tuple[str, int, str | None]]) -> Path:
    nodes = {
        f"test.arrears.{name}": {
            "name": name,
            "schema": "audit",
            "alias": name,
            "config": {"store_failures": True, "meta": {"gate": gate} if gate else {}},
        }
        for name, (_, _, gate) in tests.items()
    }
    results = [
        {
            "unique_id": f"test.arrears.{name}",
            "status": status,
            "failures": failures,
            "message": "Got results",
        }
        for name, (status, failures, _) in tests.items()
    ]
    (folder / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    (folder / "run_results.json").write_text(json.dumps({"results": results}))
    return folder


def _outcomes(
    folder: Path, severities: dict[str, str], **tests: tuple[str, int, str | None]
) -> dict[str, object]:
    result = read_dbt_result(_artifacts(folder, tests), exit_code=0)
    return {outcome.gate: outcome for outcome in gate_outcomes(result.nodes, severities=severities)}


def test_tests_of_one_gate_are_one_outcome_the_worst_with_rows_summed(tmp_path: Path) -> None:
    found = _outcomes(
        tmp_path,
        {"unique_key": "error"},
        a=("pass", 0, "unique_key"),
        b=("fail", 3, "unique_key"),
        c=("fail", 4, "unique_key"),
    )
    outcome = found["unique_key"]
    assert (outcome.status, outcome.failing_row_count) == ("failed", 7)
    assert outcome.where == ("audit.b", "audit.c")
    assert outcome.is_blocking


def test_a_lowered_gate_warns_and_does_not_block(tmp_path: Path) -> None:
    outcome = _outcomes(tmp_path, {"gl_tie_out": "warn"}, a=("warn", 2, "gl_tie_out"))["gl_tie_out"]
    assert outcome.is_lowered
    assert not outcome.is_blocking
    assert outcome.failing_row_count == 2


def test_a_gate_that_warns_by_default_is_not_called_lowered(tmp_path: Path) -> None:
    outcome = _outcomes(tmp_path, {"missing_rate": "warn"}, a=("warn", 2, "missing_rate"))["missing_rate"]
    assert not outcome.is_lowered


def test_a_gate_without_a_test_and_one_whose_tests_were_skipped_have_not_run(tmp_path: Path) -> None:
    found = _outcomes(
        tmp_path, {"roll_forward": "error", "bucket_sum": "error"}, a=("skipped", 0, "bucket_sum")
    )
    assert {outcome.status for outcome in found.values()} == {"not_run"}


def test_a_failing_test_without_a_gate_blocks_under_its_own_name(tmp_path: Path) -> None:
    found = _outcomes(tmp_path, {}, not_null_customer=("fail", 1, None), fine=("pass", 0, None))
    assert list(found) == ["not_null_customer"]
    assert found["not_null_customer"].is_blocking


def test_the_list_of_failures_names_rule_rows_and_what_to_do(tmp_path: Path) -> None:
    found = _outcomes(tmp_path, {"bucket_sum": "error"}, a=("fail", 5, "bucket_sum"))
    text = describe_failures(found.values(), build_file=tmp_path / "run.duckdb")
    assert "1 gate failed; nothing was published." in text
    assert "bucket_sum: 5 failing rows" in text
    assert "audit.a" in text
    assert "run.duckdb" in text
    assert "fix:" in text


def test_a_run_that_wrote_no_artifacts_has_no_nodes(tmp_path: Path) -> None:
    assert read_dbt_result(tmp_path, exit_code=2).nodes == ()
