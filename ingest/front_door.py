"""The front door: expectations that a delivery must meet before its load commits.

Belongs here: the expectations as data, Great Expectations, and its Data Docs. Must not: rules about single rows
(canonical.py) or between entities (dbt tests).

A suite judges the profile frame of an entity: one row per delivery of this refresh, numbers only. So a delivery of any
size costs milliseconds, and no total passes through a float: sums are whole minor units (int64).
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ingest.canonical_text import FIRST_YEAR, LAST_YEAR
from ingest.contract import Entity
from ingest.home import Home
from ingest.landing.profile_frame import DeliveryProfile
from ingest.landing.records import Verdict

if TYPE_CHECKING:
    import pandas as pd

RUNS_KEPT = 30
LARGEST_INT64 = 2**63 - 1
# bounds are compared as floats, so this one keeps a distance that a float can tell
LARGEST_SUM = 9 * 10**18
REJECTED_SUITE = "rejected"

Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class Expectation:
    """A column of the profile frame lies between two numbers. `meaning` completes "the delivery must ..."."""

    column: str
    minimum: int | None
    maximum: int | None
    severity: Severity
    meaning: str


def expectations_of(entity: Entity) -> tuple[Expectation, ...]:
    """What is expected of every delivery of an entity. Critical ones turn it away, warnings are only kept."""
    return tuple(_expectations(entity))


def _expectations(entity: Entity) -> Iterator[Expectation]:
    yield Expectation("rows_read", 1, None, "warning", "hold at least one row")
    yield Expectation("rows_rejected", None, 0, "warning", "have no rejected row")
    yield Expectation(
        "rows_unexplained", 0, 0, "critical", "have every row landed, unchanged, collapsed or rejected"
    )
    if entity.amount:
        yield Expectation(
            "unexplained_minor", 0, 0, "critical", "have all money delivered either accepted or rejected"
        )
    for column in entity.required_columns:
        yield Expectation(
            f"nulls_{column.name}", 0, 0, "critical", f"give {column.name} in every accepted row"
        )
    for column in entity.public_columns:
        if column.type == "date":
            meaning = f"have every {column.name} from {FIRST_YEAR} to {LAST_YEAR}"
            yield Expectation(f"first_{column.name}", FIRST_YEAR * 10_000, None, "critical", meaning)
            yield Expectation(f"last_{column.name}", None, (LAST_YEAR + 1) * 10_000, "critical", meaning)
        elif column.type == "money":
            meaning = f"have a sum of {column.name} that can be carried exactly"
            yield Expectation(f"minor_{column.name}", -LARGEST_SUM, LARGEST_SUM, "critical", meaning)


class FrontDoor:
    """Judges deliveries of one refresh; `publish` then writes its Data Docs."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._run_name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self._context: Any = None
        self._judged: dict[str, int] = {}

    def judge(self, entity: Entity, profiles: Sequence[DeliveryProfile]) -> Sequence[Verdict]:
        """One verdict per profile, in order."""
        expectations = expectations_of(entity)
        failures = self._validate(entity.name, profile_frame(profiles, entity=entity), expectations)
        reasons = self._validate_reasons(entity.name, profiles)
        return [
            _verdict(failures.get(position, []) + reasons.get(position, []), count=len(expectations))
            for position in range(len(profiles))
        ]

    def publish(self) -> None:
        """Write the Data Docs of this refresh and drop the oldest."""
        if self._context is None:
            return
        self._context.build_data_docs(site_names=["front_door"])
        _share_static(self._home.data_docs / self._run_name)
        runs = sorted(path for path in self._home.data_docs.iterdir() if path.name[0].isdigit())
        for path in runs[:-RUNS_KEPT]:
            shutil.rmtree(path)

    def _validate(
        self, name: str, frame: "pd.DataFrame", expectations: Sequence[Expectation]
    ) -> dict[int, list[Expectation]]:
        gx = _great_expectations()
        between = [
            gx.expectations.ExpectColumnValuesToBeBetween(
                column=e.column,
                min_value=e.minimum,
                max_value=e.maximum,
                severity=e.severity,
                meta={"position": position},
                notes=f"The delivery must {e.meaning}.",
            )
            for position, e in enumerate(expectations)
        ]
        failures: dict[int, list[Expectation]] = {}
        for found in self._run(name, frame, between):
            for row in found.result.get("unexpected_index_list") or []:
                expectation = expectations[found.expectation_config.meta["position"]]
                failures.setdefault(int(row["position"]), []).append(expectation)
        return failures

    def _validate_reasons(
        self, name: str, profiles: Sequence[DeliveryProfile]
    ) -> dict[int, list[Expectation]]:
        """Every rejected row has a reason that is documented."""
        import pandas as pd

        rows = [
            (position, reason, rows)
            for position, p in enumerate(profiles)
            for reason, rows in p.reasons.items()
        ]
        if not rows:
            return {}
        frame = pd.DataFrame(rows, columns=["position", "reason_code", "rows"])
        known = _great_expectations().expectations.ExpectColumnValueLengthsToBeBetween(
            column="reason_code", min_value=1, severity="warning", notes="A rejected row must say why."
        )
        meaning = Expectation("reason_code", None, None, "warning", "give a reason for every rejected row")
        failures: dict[int, list[Expectation]] = {}
        for found in self._run(f"{name}_{REJECTED_SUITE}", frame, [known]):
            for row in found.result.get("unexpected_index_list") or []:
                failures.setdefault(int(row["position"]), []).append(meaning)
        return failures

    def _run(self, name: str, frame: "pd.DataFrame", expectations: Sequence[Any]) -> Iterator[Any]:
        gx = _great_expectations()
        from great_expectations.core.run_identifier import RunIdentifier

        context = self._open()
        # several sources deliver the same entity, and a name may be given once
        self._judged[name] = self._judged.get(name, 0) + 1
        if self._judged[name] > 1:
            name = f"{name}_{self._judged[name]}"
        asset = context.data_sources.get("deliveries").add_dataframe_asset(name)
        batch = asset.add_batch_definition_whole_dataframe("refresh")
        suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=list(expectations)))
        validation = context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=batch, suite=suite)
        )
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name=name,
                validation_definitions=[validation],
                result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["position"]},
            )
        )
        outcome = checkpoint.run(
            batch_parameters={"dataframe": frame}, run_id=RunIdentifier(run_name=self._run_name)
        )
        for result in outcome.run_results.values():
            yield from result.results

    def _open(self) -> Any:
        """One context per refresh: importing Great Expectations takes seconds."""
        if self._context is not None:
            return self._context
        context = _great_expectations().get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        folder = self._home.data_docs / self._run_name
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
        context.add_data_docs_site(
            site_name="front_door",
            site_config={
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": store,
            },
        )
        context.data_sources.add_pandas("deliveries")
        self._context = context
        return context


def _share_static(site: Path) -> None:
    """Fonts and images weigh 4 MB and are the same in every site: they are kept once, beside the runs."""
    own, shared = site / "static", site.parent / "static"
    if not own.is_dir():
        return
    if shared.is_dir():
        shutil.rmtree(own)
    else:
        own.rename(shared)
    own.symlink_to(Path("..") / "static", target_is_directory=True)


def _great_expectations() -> Any:
    """The library, imported when first needed, with its telemetry off before it is."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


def profile_frame(profiles: Sequence[DeliveryProfile], *, entity: Entity) -> "pd.DataFrame":
    """One row per delivery, numpy types: Great Expectations is ten times slower on Arrow ones. A date is a number
    YYYYMMDD, NaN where there is none."""
    import pandas as pd

    def dates(values: list[int]) -> Any:
        return np.array([float("nan") if value == 0 else value for value in values], dtype=np.float64)

    def whole(values: list[int]) -> Any:
        return np.array([max(-LARGEST_INT64, min(LARGEST_INT64, value)) for value in values], dtype=np.int64)

    columns: dict[str, Any] = {
        "position": whole(list(range(len(profiles)))),
        "delivery": np.array([p.delivery for p in profiles], dtype=object),
        "rows_read": whole([p.rows_read for p in profiles]),
        "rows_rejected": whole([p.rows_rejected for p in profiles]),
        "rejected_share": np.array([p.rejected_share for p in profiles], dtype=np.float64),
        "rows_unexplained": whole([p.rows_unexplained for p in profiles]),
        "unexplained_minor": whole([p.unexplained_minor for p in profiles]),
    }
    for column in entity.required_columns:
        columns[f"nulls_{column.name}"] = whole([p.null_counts[column.name] for p in profiles])
    for column in entity.public_columns:
        if column.type == "date":
            columns[f"first_{column.name}"] = dates([p.first_dates[column.name] for p in profiles])
            columns[f"last_{column.name}"] = dates([p.last_dates[column.name] for p in profiles])
        elif column.type == "money":
            columns[f"minor_{column.name}"] = whole([p.minor_sums[column.name] for p in profiles])
    return pd.DataFrame(columns)


def _verdict(failed: Sequence[Expectation], *, count: int) -> Verdict:
    critical = [e for e in failed if e.severity == "critical"]
    text = {
        "success": not failed,
        "expectations": count,
        "failed": [{"column": e.column, "severity": e.severity, "must": e.meaning} for e in failed],
    }
    return Verdict(
        is_accepted=not critical,
        text=json.dumps(text, ensure_ascii=False),
        problems=tuple(f"it must {e.meaning}" for e in critical),
    )
