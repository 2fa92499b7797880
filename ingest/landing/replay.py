"""Replay: reading a delivery again after what was wrong has been mended.

Belongs here: choosing what is read again, and what may be accepted this time. Must not: landing itself.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ingest.landing.lander import Audit, Progress
from ingest.landing.landing_run import land_chosen
from ingest.landing.manifest import Manifest
from ingest.landing.records import Delivery, LandingReport, Load
from ingest.landing.refusal_rules import Options
from ingest.settings import Settings

Identity = tuple[str, str, datetime]


def replay(
    settings: Settings,
    *,
    source: str | None = None,
    entity: str | None = None,
    extracted_at: datetime | None = None,
    load_id: int | None = None,
    accept_lost_keys: bool = False,
    accept_rejected_share: bool = False,
    progress: Progress = lambda message: None,
    audit: Audit | None = None,
) -> LandingReport:
    """Read refused deliveries again, and landed ones that left rows in quarantine.

    With the fix in place (profile, settings, program, or the file itself) their rows land with new knowledge: what a
    published release knew does not change. Hold the refresh lock while calling.

    Args:
        source, entity, extracted_at, load_id: narrow down what is read again; all of it unless given.
        accept_lost_keys: the dump really is that small; keys that are gone are tombstoned.
        accept_rejected_share: land what is good although too many rows are rejected.
    """
    with Manifest(settings.home.manifest) as manifest:
        loads = manifest.loads()
        refused = {(r.source, r.entity, r.extracted_at) for r, _ in manifest.open_refusals()}
    quarantined = [
        load for load in loads if load.rows_rejected and (load_id is None or load.load_id == load_id)
    ]
    overtaken = [load for load in quarantined if _is_overtaken(load, loads=loads)]
    wanted = {_identity(load) for load in quarantined if load not in overtaken}
    if load_id is None:
        wanted |= refused
    narrow = _narrowed(wanted, source=source, entity=entity, extracted_at=extracted_at)

    def is_chosen(delivery: Delivery) -> bool:
        return (delivery.source, delivery.entity, delivery.extracted_at) in narrow

    report = land_chosen(
        settings,
        progress=progress,
        audit=audit,
        options=Options(
            accept_lost_keys=accept_lost_keys,
            accept_rejected_share=accept_rejected_share,
            ignore_known_content=True,
        ),
        is_chosen=is_chosen,
    )
    told = [
        f"{load.source} {load.entity} of {load.extracted_at:%Y-%m-%d %H:%M} UTC was not read again: a newer one landed."
        for load in overtaken
        if _narrowed({_identity(load)}, source=source, entity=entity, extracted_at=extracted_at)
    ]
    return replace(report, warnings=(*report.warnings, *told))


def _identity(load: Load) -> Identity:
    return (load.source, load.entity, load.extracted_at)


def _is_overtaken(load: Load, *, loads: Iterable[Load]) -> bool:
    return load.mode == "full" and any(
        (other.source, other.entity) == (load.source, load.entity) and other.extracted_at > load.extracted_at
        for other in loads
    )


def _narrowed(
    wanted: set[Identity], *, source: str | None, entity: str | None, extracted_at: datetime | None
) -> set[Identity]:
    return {
        (s, e, moment)
        for s, e, moment in wanted
        if source in (None, s) and entity in (None, e) and extracted_at in (None, moment)
    }
