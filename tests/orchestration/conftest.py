"""Fixtures of orchestration's tests: a home, its records, one fake warehouse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration import session
from orchestration.publish import Candidate, candidate_file, publish
from orchestration.records import Records, Release
from tests.orchestration import fakes

Publisher = Callable[..., Release]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def records(home: Home) -> Records:
    return Records(home.manifest)


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    return fakes.write_dbt_project(tmp_path / "dbt") / "published_macros"


@pytest.fixture
def publisher(home: Home, records: Records, tmp_path: Path) -> Publisher:
    """Publishes a release of one amount."""
    no_macros = tmp_path / "no_macros"

    def make(
        amount: str = "100.00", *, keep: int = 7, published: str | None = None, **changes: object
    ) -> Release:
        run_id = records.start_run("test")
        build_file, file = home.build_file(run_id), candidate_file(home, run_id)
        fakes.write_build(build_file, file, amount=amount, published=published)
        values: dict[str, Any] = {
            "run_id": run_id,
            "release_id": records.next_release_id(),
            "file": file,
            "build_file": build_file,
            "inputs": fakes.INPUTS,
            "known_at": fakes.FakeBuildInput("").known_at,
            "outcomes": fakes.passed_gates(),
            "severities": {"bucket_sum": "error", "control_total": "error"},
            **changes,
        }
        release = publish(Candidate(**values), home=home, records=records, macros=no_macros, keep=keep)
        records.end_run(run_id, status="published", message="", release_id=release.release_id)
        return release

    return make


@pytest.fixture
def fixed_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two refreshes of one test see the same code, whatever is edited meanwhile."""
    monkeypatch.setattr(session, "code_version", lambda: "fixed")
