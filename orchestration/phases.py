"""Where the seconds of a run went.

Belongs here: timing a step, and reading dbt's own timings into models and tests. Must not: decide anything from them.

Models and tests run side by side, so each second in which dbt worked is shared out over the nodes at work in it: the
phases of a run never add up to more than it took.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

LANDING, PREPARE, MODELS, TESTS, DBT_OVERHEAD, PUBLISH = (
    "landing",
    "prepare",
    "models",
    "tests",
    "dbt_overhead",
    "publish",
)
_TEST_TYPES = frozenset({"test", "unit_test"})


@dataclass(frozen=True)
class Phase:
    """A part of a run: when it began, and the seconds that are its own."""

    name: str
    started_at: datetime
    seconds: float


@dataclass(frozen=True)
class NodeTime:
    """A dbt node at work, in seconds since the epoch."""

    unique_id: str
    started: float
    ended: float

    @property
    def is_test(self) -> bool:
        return self.unique_id.split(".", 1)[0] in _TEST_TYPES


@contextmanager
def timed(name: str, *, into: list[Phase]) -> Iterator[None]:
    """Add the seconds of a block to `into`, also when it fails."""
    started_at, started = datetime.now(UTC), time.perf_counter()
    try:
        yield
    finally:
        into.append(Phase(name, started_at, time.perf_counter() - started))


def dbt_phases(nodes: Sequence[NodeTime], *, started_at: datetime, ended_at: datetime) -> tuple[Phase, ...]:
    """Models, tests, and what dbt took beside them (its start, parsing, writing artifacts)."""
    models = [node for node in nodes if not node.is_test]
    tests = [node for node in nodes if node.is_test]
    shares = _shares(nodes)
    of_models = sum(shares[node.unique_id] for node in models)
    of_tests = sum(shares[node.unique_id] for node in tests)
    whole = (ended_at - started_at).total_seconds()
    return (
        Phase(DBT_OVERHEAD, started_at, max(whole - of_models - of_tests, 0.0)),
        Phase(MODELS, _first(models, otherwise=started_at), of_models),
        Phase(TESTS, _first(tests, otherwise=started_at), of_tests),
    )


def read_node_times(target_path: Path) -> tuple[NodeTime, ...]:
    """When each node of run_results.json worked; empty where dbt wrote none."""
    results_file = target_path / "run_results.json"
    if not results_file.is_file():
        return ()
    results = json.loads(results_file.read_text(encoding="utf-8"))["results"]
    return tuple(_node_times(results))


def _node_times(results: Iterable[dict[str, Any]]) -> Iterator[NodeTime]:
    for result in results:
        moments = [
            datetime.fromisoformat(step[end]).timestamp()
            for step in result.get("timing", ())
            for end in ("started_at", "completed_at")
            if step.get(end)
        ]
        if moments:
            yield NodeTime(str(result["unique_id"]), min(moments), max(moments))


def _shares(nodes: Sequence[NodeTime]) -> dict[str, float]:
    """Seconds of each node, every moment divided by the number of nodes at work."""
    shares = dict.fromkeys((node.unique_id for node in nodes), 0.0)
    moments = sorted({moment for node in nodes for moment in (node.started, node.ended)})
    for start, end in pairwise(moments):
        active = [node for node in nodes if node.started <= start and node.ended >= end]
        for node in active:
            shares[node.unique_id] += (end - start) / len(active)
    return shares


def _first(nodes: Sequence[NodeTime], *, otherwise: datetime) -> datetime:
    first = min((node.started for node in nodes), default=None)
    return otherwise if first is None else datetime.fromtimestamp(first, UTC)
