"""Gates as dbt sees them: the severity of arrears.yml reaches every test of a gate.

Belongs here: what the parsed project says of its tests. Must not: the verdict over them (tests/orchestration).
"""

import json
from pathlib import Path

from ingest.home import Home
from ingest.settings import DEFAULT_GATES
from orchestration.dbt_manifest import manifest_cache, manifest_path
from orchestration.fingerprints import DBT_PROJECT


def test_a_gate_lowered_in_the_settings_lowers_each_of_its_tests_and_no_other(tmp_path: Path) -> None:
    gates = {**dict.fromkeys(DEFAULT_GATES, "error"), "ledger_identity": "warn", "unique_key": "warn"}
    cache = manifest_cache(Home(tmp_path))
    path = manifest_path(DBT_PROJECT, cache=cache, variables={"gates": gates})
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
    severities: dict[str, set[str]] = {}
    for node in nodes:
        gate = node["config"].get("meta", {}).get("gate")
        if node["resource_type"] == "test" and gate is not None:
            severities.setdefault(gate, set()).add(node["config"]["severity"].lower())
    assert severities == {gate: {gates[gate]} for gate in severities}
    assert {"ledger_identity", "unique_key", "roll_forward"} <= severities.keys()
