"""The Dagster graph: extracts -> landing -> staging -> marts -> release, one job, one schedule.

Belongs here: putting the pieces together. Must not: do work. No concurrency pools: a killed run would keep its slot
for ever; the session's flock is what keeps two refreshes apart, so the job runs in one process.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.settings import Settings, load_settings
from orchestration.assets_landing import REFRESH_RESOURCE, landing_assets
from orchestration.assets_release import release_asset
from orchestration.assets_warehouse import warehouse_assets
from orchestration.configuration import configuration_path
from orchestration.dagster_home import JOB, fail_dead_dagster_runs
from orchestration.dbt_manifest import load_manifest, manifest_cache, manifest_path
from orchestration.fingerprints import DBT_PROJECT
from orchestration.session import RefreshSession, refresh_session

SCHEDULE = "daily_refresh"


def build_definitions(
    *,
    settings: Settings | None = None,
    resource_overrides: Mapping[str, Any] | None = None,
    dbt_project: Path = DBT_PROJECT,
) -> dg.Definitions:
    """Everything Dagster needs.

    Args:
        settings: default: the file that $ARREARS_CONFIG names, else ./arrears.yml.
        resource_overrides: replaces resources by name (`refresh`: a function that returns an open session).

    Raises:
        OrchestrationError: there is no configuration, or the dbt project does not parse.
    """
    settings = settings or load_settings(configuration_path(environment_first=True))
    manifest = load_manifest(
        manifest_path(
            dbt_project,
            cache=manifest_cache(settings.home),
            variables={"gates": dict(settings.gates)},
        )
    )
    warehouse = warehouse_assets(manifest)
    marts = [key for key in warehouse.keys if key.path[0] == "marts"]
    assets = [landing_assets(), warehouse, release_asset(marts)]
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.assets(*assets),
        description="land, build, check, publish",
        executor_def=dg.in_process_executor,
    )
    schedule = dg.ScheduleDefinition(
        name=SCHEDULE,
        job=job,
        cron_schedule=settings.schedule,
        execution_timezone=settings.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(
        assets=assets,
        jobs=[job],
        schedules=[schedule],
        executor=dg.in_process_executor,
        resources={
            REFRESH_RESOURCE: session_resource(settings, dbt_project=dbt_project),
            **(resource_overrides or {}),
        },
    )


def session_resource(settings: Settings, *, dbt_project: Path = DBT_PROJECT) -> dg.ResourceDefinition:
    """A session opened by the first step that asks for it, and closed with the run.

    Not by initialising the resource: Dagster does that again after some runs, only to look at their outputs.
    """

    @dg.resource(description="one refresh: holds the lock and the run record")
    def refresh(context: dg.InitResourceContext) -> Iterator[Callable[[], RefreshSession]]:
        log = context.log.info if context.log else print
        opened: list[RefreshSession] = []
        with ExitStack() as stack:

            def session() -> RefreshSession:
                if not opened:
                    entered = refresh_session(
                        settings, command="schedule", progress=log, dbt_project=dbt_project
                    )
                    opened.append(stack.enter_context(entered))
                    if context.instance is not None:
                        fail_dead_dagster_runs(
                            context.instance, own_run_id=context.run.run_id if context.run else None
                        )
                return opened[0]

            yield session

    return refresh
