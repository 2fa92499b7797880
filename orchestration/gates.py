"""Gate outcomes: what dbt, the front door and the control totals said, and whether that lets a build through.

Belongs here: reading dbt's artifacts into outcomes, the verdict over them, and its wording. Must not: run a check.

A dbt test names its gate in `config.meta.gate`; several tests may share one. A test without a gate blocks
like an error gate of its own name when dbt calls it failed. Severities reach dbt through the var `gates`, so a
gate lowered in `arrears.yml` comes back as a warning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ingest.gates import DEFAULT_GATES, GATE_DESCRIPTIONS

Status = Literal["passed", "warned", "failed", "not_run"]
_WORST_FIRST: tuple[Status, ...] = ("failed", "warned", "passed", "not_run")
_TEST_STATUS: Mapping[str, Status] = {
    "pass": "passed",
    "warn": "warned",
    "fail": "failed",
    "skipped": "not_run",
}
FRONT_DOOR = "front_door"
CONTROL_TOTAL = "control_total"


@dataclass(frozen=True)
class GateOutcome:
    """What one gate (or one ungated test) found.

    Args:
        gate: name of the gate, or of the test where it names none.
        severity: in force for this build.
        failing_row_count: rows that break the rule, summed over the gate's tests.
        where: audit relations that hold the failing rows, or tests that failed.
    """

    gate: str
    severity: str
    default_severity: str
    status: Status
    failing_row_count: int = 0
    where: tuple[str, ...] = ()

    @property
    def is_lowered(self) -> bool:
        """An error gate that was told only to warn."""
        return self.default_severity == "error" and self.severity == "warn"

    @property
    def is_blocking(self) -> bool:
        return self.status == "failed" and self.severity == "error"


@dataclass(frozen=True)
class DbtNodeResult:
    """One line of run_results.json, joined with what the manifest knows about the node."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    failures: int
    message: str
    gate: str | None
    relation: str | None

    @property
    def is_test(self) -> bool:
        return self.resource_type == "test"


@dataclass(frozen=True)
class DbtResult:
    """Outcome of one dbt invocation."""

    exit_code: int
    nodes: tuple[DbtNodeResult, ...]

    @property
    def errors(self) -> tuple[DbtNodeResult, ...]:
        """Nodes that could not be run at all, as opposed to tests that found something."""
        return tuple(
            node for node in self.nodes if node.status in ("error", "runtime error", "partial success")
        )


def read_dbt_result(target_path: Path, *, exit_code: int) -> DbtResult:
    """Read run_results.json and manifest.json; no nodes where dbt wrote neither."""
    results_file, manifest_file = target_path / "run_results.json", target_path / "manifest.json"
    if not results_file.is_file() or not manifest_file.is_file():
        return DbtResult(exit_code=exit_code, nodes=())
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    results = json.loads(results_file.read_text(encoding="utf-8"))["results"]
    return DbtResult(exit_code=exit_code, nodes=tuple(_node_result(entry, manifest) for entry in results))


def _node_result(entry: Mapping[str, Any], manifest: Mapping[str, Any]) -> DbtNodeResult:
    unique_id = str(entry["unique_id"])
    node = manifest.get("nodes", {}).get(unique_id) or manifest.get("unit_tests", {}).get(unique_id) or {}
    config = node.get("config", {})
    meta = {**node.get("meta", {}), **config.get("meta", {})}
    return DbtNodeResult(
        unique_id=unique_id,
        name=str(node.get("name", unique_id)),
        resource_type=unique_id.split(".", 1)[0],
        status=str(entry["status"]),
        failures=int(entry.get("failures") or 0),
        message=str(entry.get("message") or "").strip(),
        gate=meta.get("gate"),
        relation=f"{node['schema']}.{node['alias']}" if node.get("alias") else None,
    )


def gate_outcomes(
    nodes: Iterable[DbtNodeResult], *, severities: Mapping[str, str]
) -> tuple[GateOutcome, ...]:
    """One outcome per gate of `severities` in that order, then one per failing test without a gate."""
    by_gate: dict[str, GateOutcome] = {gate: not_run(gate, severities=severities) for gate in severities}
    ungated: list[GateOutcome] = []
    for node in nodes:
        status = _TEST_STATUS.get(node.status)
        if not node.is_test or status is None:
            continue
        found = status in ("failed", "warned")
        outcome = GateOutcome(
            gate=node.gate or node.name,
            severity=severities.get(node.gate or "", "warn" if status == "warned" else "error"),
            default_severity=DEFAULT_GATES.get(node.gate or "", "warn" if status == "warned" else "error"),
            status=status,
            failing_row_count=node.failures if found else 0,
            where=(node.relation or node.name,) if found else (),
        )
        if node.gate is None:
            ungated.extend([outcome] if found else [])
        else:
            by_gate[node.gate] = _merge(by_gate.get(node.gate, outcome), outcome)
    return (*by_gate.values(), *ungated)


def _merge(known: GateOutcome, new: GateOutcome) -> GateOutcome:
    if known is new:
        return new
    return replace(
        new,
        status=min(known.status, new.status, key=_WORST_FIRST.index),
        failing_row_count=known.failing_row_count + new.failing_row_count,
        where=(*known.where, *new.where),
    )


def not_run(gate: str, *, severities: Mapping[str, str]) -> GateOutcome:
    """A gate that nothing has answered yet."""
    severity = severities[gate]
    return GateOutcome(gate, severity, str(DEFAULT_GATES.get(gate, severity)), "not_run")


def judged(
    gate: str, *, severities: Mapping[str, str], failing: int, where: Sequence[str] = ()
) -> GateOutcome:
    """Outcome of a gate that is checked outside dbt."""
    base = not_run(gate, severities=severities)
    found: Status = "failed" if base.severity == "error" else "warned"
    return replace(base, status=found if failing else "passed", failing_row_count=failing, where=tuple(where))


def replaced(outcomes: Iterable[GateOutcome], new: GateOutcome) -> tuple[GateOutcome, ...]:
    """`outcomes` with the one of the same gate replaced, or `new` at the end."""
    kept = tuple(outcomes)
    if any(known.gate == new.gate for known in kept):
        return tuple(new if known.gate == new.gate else known for known in kept)
    return (*kept, new)


def describe_failures(outcomes: Iterable[GateOutcome], *, build_file: Path | None = None) -> str:
    """The failed gates, one line each, and what a person does next."""
    failed = [outcome for outcome in outcomes if outcome.is_blocking]
    lines = [f"{len(failed)} gate{'s' if len(failed) != 1 else ''} failed; nothing was published."]
    for outcome in failed:
        lines.append(
            f"  {outcome.gate}: {outcome.failing_row_count} failing rows"
            f" (rule: {GATE_DESCRIPTIONS.get(outcome.gate, 'dbt test ' + outcome.gate)})"
        )
        lines.extend(f"    in {place}" for place in outcome.where)
    if build_file is not None:
        lines.append(
            f"  failing rows: open {build_file} with any DuckDB client (kept until the next refresh)"
        )
    lines.append(
        "  fix: correct the extract and deliver it again, or lower a gate to `warn` under `gates` in arrears.yml;"
        " the release then says so"
    )
    return "\n".join(lines)
