"""dbt models as Dagster assets, dbt tests as their checks.

Belongs here: the translator and the step that runs dbt. Must not: judge gates (`gates`), start dbt by other means
than `dbt_build`. dagster-dbt's own runner is left aside on purpose: it opens the warehouse in this process and
its child outlives a killed parent. Its event translation is used.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.assets_landing import REFRESH_RESOURCE
from orchestration.dbt_build import DbtProcess, progress_line
from orchestration.errors import OrchestrationError
from orchestration.session import RefreshSession

# seeds and models only; unit tests are no assets
_STEP = "warehouse"


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset key = schema and table, as in the database; group = schema."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        return spec.replace_attributes(
            key=dg.AssetKey([_schema_of(props), _table_of(props)]), group_name=_schema_of(props)
        )


def _schema_of(props: Mapping[str, Any]) -> str:
    return str(props["schema"])


def _table_of(props: Mapping[str, Any]) -> str:
    return str(props.get("identifier") or props.get("alias") or props["name"])


def warehouse_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Every model and seed of the project, built by one dbt run."""
    translator = WarehouseTranslator()

    @dbt_assets(
        manifest=manifest,
        name=_STEP,
        dagster_dbt_translator=translator,
        required_resource_keys={REFRESH_RESOURCE},
    )
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
        if context.is_subset:
            raise OrchestrationError(
                "the warehouse is always rebuilt whole, and only a part was selected",
                fix="materialise all assets together: run the job `refresh`, or `arrears refresh`",
            )
        yield from build_events(context, manifest=manifest, translator=translator)

    return warehouse


def build_events(
    context: dg.AssetExecutionContext, *, manifest: Mapping[str, Any], translator: DagsterDbtTranslator
) -> Iterator[Any]:
    """Run dbt, report every model and test as it ends, then let the session judge.

    Raises:
        OrchestrationError: a gate failed or dbt could not build; publishing is not reached.
    """
    session: RefreshSession = context.resources.refresh()
    invocation = session.invocation()
    process = DbtProcess(invocation)
    # closed here: whatever ends the loop, dbt has ended before anybody tidies up behind it
    with closing(process.events()) as events:
        for event in events:
            if (line := progress_line(event)) is not None:
                session.progress(line)
            yield from _dagster_events(
                event, context, manifest, translator, target_path=invocation.target_path
            )
    session.judge(exit_code=process.exit_code, last_lines=process.last_lines)


def _dagster_events(
    event: Mapping[str, Any],
    context: dg.AssetExecutionContext,
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
    *,
    target_path: Path,
) -> Iterator[Any]:
    message = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
    status = str(event["data"].get("node_info", {}).get("node_status", ""))
    # a skipped test has no verdict; reporting it as failed would blame it for what its parent did
    if event["info"].get("name") == "LogTestResult" and status == "skipped":
        return
    yield from message.to_default_asset_events(
        manifest=manifest, dagster_dbt_translator=translator, context=context, target_path=target_path
    )
