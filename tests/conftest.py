"""Settings of the whole test run.

Belongs here: what every folder of tests shares. Must not: fixtures of one room.

The run is spread over two processes (`make test`). A group stays in one process: the tests that share the worlds of
tests/integration, else those of one module, so that no session or module fixture is built twice.
"""

import os
from pathlib import Path

import pytest

SHARED_WORLDS = {"world", "history", "two_steps"}

# every test home has the same dbt project: parse it once, not once per home
os.environ.setdefault("ARREARS_MANIFEST_CACHE", str(Path(__file__).parents[1] / "build" / "test-manifests"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        module = getattr(item, "module", None)
        shares = SHARED_WORLDS & set(getattr(item, "fixturenames", ()))
        group = "worlds" if shares else module.__name__ if module else item.nodeid
        item.add_marker(pytest.mark.xdist_group(group))
