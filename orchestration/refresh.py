"""`arrears refresh`: the Dagster job, in this process.

Belongs here: running the job and handing back its outcome. Must not: a second way to refresh.
The run is recorded in Dagster's storage, so the web page shows it beside the scheduled ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ingest.settings import load_settings
from orchestration.errors import OrchestrationError
from orchestration.fingerprints import DBT_PROJECT
from orchestration.landing_steps import LandingSteps
from orchestration.session import RefreshOutcome, RefreshSession, refresh_session

__all__ = ["RefreshOutcome", "run_refresh"]


def run_refresh(
    config: Path,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    progress: Callable[[str], None] = print,
    steps: LandingSteps | None = None,
    dbt_project: Path = DBT_PROJECT,
) -> RefreshOutcome:
    """Land, build, check, publish.

    Args:
        as_of: business date to strike the marts on; default: what every required source covers.
        known_at: build from what was known then (naive UTC); default: everything landed.

    Raises:
        SettingsError: the configuration cannot be used.
        LockHeld: another refresh is running.
    """
    settings = load_settings(config)
    with refresh_session(settings, progress=progress, steps=steps, dbt_project=dbt_project) as session:
        try:
            _run_job(session, as_of=as_of, known_at=known_at)
        except OrchestrationError as error:
            # the graph could not be drawn; errors inside the job are recorded by its steps
            session.fail(error)
        except _storage_errors() as error:
            if session.outcome is None:
                raise
            # what has been decided stands, published or not, whether Dagster could write it down or not
            progress(f"the run is missing from Dagster's own history: {error}")
    assert session.outcome is not None
    return session.outcome


def _storage_errors() -> tuple[type[Exception], ...]:
    """What Dagster's storage raises when its disk or its database fails."""
    # asked for only when something was raised, for the same reason as below
    from dagster import DagsterError
    from sqlalchemy.exc import SQLAlchemyError

    return (OSError, SQLAlchemyError, DagsterError)


def _run_job(session: RefreshSession, *, as_of: date | None, known_at: datetime | None) -> None:
    # Dagster takes seconds to import; a held lock or a wrong setting is reported before that
    import dagster as dg

    from orchestration.assets_landing import REFRESH_RESOURCE
    from orchestration.build import build_definitions
    from orchestration.dagster_home import JOB, dagster_instance, fail_dead_dagster_runs

    definitions = build_definitions(
        settings=session.settings,
        resource_overrides={REFRESH_RESOURCE: dg.ResourceDefinition.hardcoded_resource(lambda: session)},
        dbt_project=session.dbt_project,
    )
    with dagster_instance(session.home) as instance:
        fail_dead_dagster_runs(instance)
        result = definitions.resolve_job_def(JOB).execute_in_process(
            instance=instance, run_config=_run_config(as_of=as_of, known_at=known_at), raise_on_error=False
        )
    if not result.success and session.outcome is None:
        # Dagster keeps the tracebacks in its events and raises only that a step failed
        errors = [
            event.step_failure_data.error
            for event in result.all_events
            if event.is_step_failure and event.step_failure_data.error
        ]
        for error in errors:
            session.log.note(error.to_string())
        session.fail(RuntimeError("; ".join(_cause(error) for error in errors) or "the Dagster job failed"))


def _cause(error: Any) -> str:
    """The first line of what went wrong at the bottom of a chain of errors."""
    while error.cause:
        error = error.cause
    return str(error.message).strip().splitlines()[0]


def _run_config(*, as_of: date | None, known_at: datetime | None) -> dict[str, Any]:
    chosen = {
        "as_of": as_of and as_of.isoformat(),
        "known_at": known_at and known_at.isoformat(timespec="microseconds"),
    }
    return {
        "ops": {"landing": {"config": {name: value for name, value in chosen.items() if value}}},
        # progress is printed by the session; Dagster's own log stays in its storage
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
