"""Landing as Dagster assets: one per entity, plus the tables that a build derives from the manifest.

Belongs here: asset specs, front-door checks, calling the session. Must not: land anything itself. Asset keys
equal the keys of the dbt sources, so the lineage is one graph from the extract to the release.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg

from ingest.contract import load_contract
from orchestration.landing_steps import LandingReport
from orchestration.moments import parse_day, parse_moment
from orchestration.session import RefreshSession, RequiredDeliveryRefused

GROUP = "landing"
FRONT_DOOR_CHECK = "front_door"
REFRESH_RESOURCE = "refresh"
BUILD_TABLES = {
    "load": "every landed delivery this build may know of",
    "load_company": "companies that each load serves",
    "rejected_row": "quarantined rows, with reason, file and record",
    "terms_reading": "every distinct text of payment terms, read by the grammar",
    "company_setting": "companies as configured, completed by the newest company extract",
    "control_account": "control accounts per company and role",
    "calendar_exception": "holidays and worked weekends of the companies' countries",
    "source_setting": "how each source says what settled what",
    "customer_crosswalk": "customers that are confirmed to be another one",
}


class RefreshConfig(dg.Config):
    """What a person may choose for one refresh; empty means the default."""

    as_of: str | None = None
    known_at: str | None = None


def entity_key(entity: str) -> dg.AssetKey:
    """Asset key of a landed entity, the same as its dbt source."""
    return dg.AssetKey([GROUP, entity])


def landing_assets() -> dg.AssetsDefinition:
    """All landed entities, materialised by one step."""
    contract = load_contract()
    # skippable: with nothing new no asset is materialised, and everything downstream is left alone
    specs = [
        dg.AssetSpec(
            entity_key(name), description=entity.grain, group_name=GROUP, kinds={"parquet"}, skippable=True
        )
        for name, entity in contract.entities.items()
    ]
    specs += [
        dg.AssetSpec(entity_key(name), description=text, group_name=GROUP, kinds={"duckdb"}, skippable=True)
        for name, text in BUILD_TABLES.items()
    ]
    checks = [
        dg.AssetCheckSpec(
            FRONT_DOOR_CHECK,
            asset=entity_key(name),
            description="the verdict that landing stored when it accepted or refused the newest deliveries",
        )
        for name in contract.entities
    ]

    @dg.multi_asset(
        name=GROUP,
        specs=specs,
        check_specs=checks,
        required_resource_keys={REFRESH_RESOURCE},
        can_subset=False,
    )
    def landing(context: dg.AssetExecutionContext, config: RefreshConfig) -> Iterator[Any]:
        session: RefreshSession = context.resources.refresh()
        as_of, known_at = parse_day(config.as_of), parse_moment(config.known_at)
        try:
            report = session.land()
        except RequiredDeliveryRefused:
            if session.report is not None:
                yield from front_door_results(session.report, entities=contract.entities)
            raise
        yield from front_door_results(report, entities=contract.entities)
        if not session.prepare(as_of=as_of, known_at=known_at):
            context.log.info(session.outcome.message if session.outcome else "nothing new")
            return
        yield from _materialisations(report, specs)

    return landing


def _materialisations(report: LandingReport, specs: list[dg.AssetSpec]) -> Iterator[Any]:
    rows: dict[str, int] = {}
    loads: dict[str, int] = {}
    for load in report.loads:
        rows[load.entity] = rows.get(load.entity, 0) + load.rows_landed
        loads[load.entity] = loads.get(load.entity, 0) + 1
    for spec in specs:
        entity = spec.key.path[-1]
        yield dg.MaterializeResult(
            asset_key=spec.key, metadata={"loads": loads.get(entity, 0), "rows_landed": rows.get(entity, 0)}
        )


def front_door_results(report: LandingReport, *, entities: Iterable[str]) -> Iterator[dg.AssetCheckResult]:
    """One result per entity: refused deliveries fail, as errors where the source is required."""
    for entity in entities:
        refused = [item for item in report.refused if item.entity == entity]
        required = any(item.required for item in refused)
        yield dg.AssetCheckResult(
            check_name=FRONT_DOOR_CHECK,
            asset_key=entity_key(entity),
            passed=not refused,
            severity=dg.AssetCheckSeverity.ERROR if required else dg.AssetCheckSeverity.WARN,
            metadata={
                "refused": len(refused),
                **(
                    {"reasons": "\n".join(f"{i.source}: {i.reason} ({i.fix})" for i in refused)}
                    if refused
                    else {}
                ),
            },
        )
