"""The release as a Dagster asset: downstream of every mart, with its control-total check.

Belongs here: the asset and its check. Must not: the switch itself (`publish`).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg

from orchestration.assets_landing import REFRESH_RESOURCE
from orchestration.gates import CONTROL_TOTAL
from orchestration.session import RefreshSession

RELEASE_KEY = dg.AssetKey(["release"])


def release_asset(marts: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """Published when, and only when, everything before it passed."""

    @dg.multi_asset(
        name="release",
        specs=[
            dg.AssetSpec(
                RELEASE_KEY,
                deps=sorted(marts),
                description="the published warehouse file, switched to atomically",
                group_name="release",
                kinds={"duckdb"},
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                CONTROL_TOTAL,
                asset=RELEASE_KEY,
                description="row counts and totals of the release equal those of its build",
            )
        ],
        required_resource_keys={REFRESH_RESOURCE},
    )
    def release(context: dg.AssetExecutionContext) -> Iterator[Any]:
        session: RefreshSession = context.resources.refresh()
        published = session.publish()
        control = next(gate for gate in published.gates if gate.gate == CONTROL_TOTAL)
        yield dg.MaterializeResult(
            asset_key=RELEASE_KEY,
            metadata={
                "release": published.release_id,
                "as_of": published.inputs.as_of.isoformat(),
                "known_at": published.known_at.isoformat(),
                "file": dg.MetadataValue.path(str(session.home.release_file(published.release_id))),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTROL_TOTAL,
                    passed=control.status == "passed",
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"differences": control.failing_row_count},
                )
            ],
        )

    return release
