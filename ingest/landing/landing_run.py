"""One look at the sources: everything new lands.

Belongs here: going through sources and entities, skipping what is known. Must not: how a delivery lands
(lander.py).
"""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.canonical import SHARED_BY_COMPANIES
from ingest.contract import Entity
from ingest.landing.discovery import Found, find_deliveries
from ingest.landing.integrity import check_landed_files
from ingest.landing.lander import Audit, EntityLander, Progress, content_hash
from ingest.landing.manifest import Manifest
from ingest.landing.orphans import sweep_orphans
from ingest.landing.profile_frame import DeliveryProfile
from ingest.landing.records import (
    Delivery,
    DeliveryRefused,
    LandingReport,
    Load,
    Refusal,
    RejectedRow,
    Verdict,
    to_text,
)
from ingest.landing.refusal_rules import Options
from ingest.landing.staging import PARSED
from ingest.reasons import MISSING_FILE, OLDER_THAN_LANDED, PULL_FAILED
from ingest.settings import Settings, Source

if TYPE_CHECKING:
    from ingest.front_door import FrontDoor

Chosen = Callable[[Delivery], bool]


def _now() -> datetime:
    return datetime.now(UTC)


def _silent(message: str) -> None:
    return None


def land_sources(
    settings: Settings, *, progress: Progress = _silent, audit: Audit | None = None
) -> LandingReport:
    """Land every delivery not seen before, in order of extraction time. Hold the refresh lock while calling.

    Args:
        audit: judges deliveries before they commit; the front door's expectations unless given.
    """
    return land_chosen(settings, progress=progress, audit=audit, options=Options(), is_chosen=None)


def land_chosen(
    settings: Settings, *, progress: Progress, audit: Audit | None, options: Options, is_chosen: Chosen | None
) -> LandingReport:
    """Land new deliveries; with `is_chosen`, only those it picks, known or not."""
    settings.home.ensure()
    sweep_orphans(settings)
    loads: list[Load] = []
    refused: list[Refusal] = []
    warnings: list[str] = []
    front_door = _FrontDoor(settings)
    with Manifest(settings.home.manifest) as manifest:
        check_landed_files(settings.home, manifest.loads())
        for source in settings.sources:
            is_pulled = source.dsn_env is not None and is_chosen is None
            failure = _pull(settings, source, progress=progress) if is_pulled else None
            found = find_deliveries(settings, source, manifest=manifest)
            warnings += found.warnings
            by_entity = _by_entity(found)
            for entity_name, deliveries in by_entity.items():
                lander = EntityLander(
                    settings,
                    source=source,
                    entity_name=entity_name,
                    manifest=manifest,
                    audit=audit or front_door.judge,
                    progress=progress,
                    options=options,
                )
                if is_chosen is None:
                    chosen = _new(deliveries, source=source, manifest=manifest)
                else:
                    chosen = [delivery for delivery in deliveries if is_chosen(delivery)]
                lander.land(chosen)
                loads += lander.loads
                refused += lander.refused
                warnings += lander.warnings
            shutil.rmtree(settings.home.temporary / "landing" / PARSED / source.name, ignore_errors=True)
            if is_chosen is None:
                _resolve_absent(found, source=source, manifest=manifest)
            if failure is not None:
                refused.append(_refuse_pull(failure, source=source, manifest=manifest, progress=progress))
            refused += _refuse_missing(found, source=source, manifest=manifest, progress=progress)
            warnings += _absent(found, source=source)
        reasons = Counter(
            row.reason_code for row in manifest.rejected_rows(load_ids=[x.load_id for x in loads])
        )
    front_door.publish()
    return LandingReport(
        loads=tuple(loads), refused=tuple(refused), warnings=tuple(warnings), rejected_reasons=dict(reasons)
    )


def _pull(settings: Settings, source: Source, *, progress: Progress) -> DeliveryRefused | None:
    """Read a database into files, which then land like any others. Where that fails, what was pulled before lands."""
    # the drivers of databases are loaded only where there is one
    from ingest.extraction import Incremental, PullFailed, Query, pull_source

    queries = [
        Query(
            name,
            table.sql,
            Incremental(table.incremental.column, table.incremental.overlap) if table.incremental else None,
            table.needs,
        )
        for name, table in source.definition.tables.items()
        if table.sql is not None
    ]
    try:
        pulled = pull_source(settings, source, queries=queries, clock=_now)
    except PullFailed as failure:
        return DeliveryRefused(PULL_FAILED, failure.problem, fix=failure.fix)
    rows = sum(table.rows for table in pulled.record.tables.values())
    progress(f"{source.name}: {rows} rows pulled from {pulled.record.engine}")
    for query in queries:
        if query.name not in pulled.record.tables:
            needed = ", ".join(query.needs)
            progress(f"{source.name}: {query.name} is left out: it needs {needed}, and the right to read it")
    return None


def _refuse_pull(
    failure: DeliveryRefused, *, source: Source, manifest: Manifest, progress: Progress
) -> Refusal:
    """Remember that a database could not be read; the next pull that succeeds makes it good."""
    tables = source.definition.tables.values()
    entity = next(feed.entity for table in tables if table.sql is not None for feed in table.feeds)
    now = _now()
    attempt = Delivery(source.name, entity, now, now.date(), (), None)
    progress(f"refused: {failure} Fix: {failure.fix}")
    return manifest.record_refusal(
        attempt, failure, content_hash=content_hash(attempt), required=source.required
    )


def _by_entity(found: Found) -> dict[str, list[Delivery]]:
    """Deliveries by entity. Entities that may say `*` come last: by then the companies of the source are known."""
    names = sorted({d.entity for d in found.deliveries}, key=lambda name: (name in SHARED_BY_COMPANIES, name))
    return {name: [d for d in found.deliveries if d.entity == name] for name in names}


def _new(deliveries: Sequence[Delivery], *, source: Source, manifest: Manifest) -> list[Delivery]:
    """Deliveries that hold a file not landed before, or that were refused and may land now."""
    if not deliveries:
        return []
    entity = deliveries[0].entity
    mode = source.mode_of(entity)
    # a dump says everything, so only the last reading of it counts: a correction may be taken back
    known = manifest.known_hashes(source.name, entity=entity, newest_only=mode == "full")
    anywhere = (
        frozenset().union(*known.values()) if source.is_time_of_file and mode != "full" else frozenset()
    )
    newest = max(known, default=None)
    refused_before = manifest.refused_before(source.name, entity=entity)
    manifest.resolve_refusals(
        source.name, entity=entity, keep={(to_text(d.extracted_at), content_hash(d)) for d in deliveries}
    )
    chosen = []
    for delivery in deliveries:
        hashes = frozenset(file.content_hash for file in delivery.files)
        if hashes <= known.get(delivery.extracted_at, frozenset()) | anywhere:
            continue
        reason = refused_before.get((to_text(delivery.extracted_at), content_hash(delivery)))
        is_overtaken = newest is not None and mode == "full" and delivery.extracted_at < newest
        # refused in its time, and a newer dump has made it good; one that comes too late is told every time
        if is_overtaken and reason not in (None, OLDER_THAN_LANDED):
            manifest.resolve_refusal(delivery, content_hash=content_hash(delivery))
            continue
        chosen.append(delivery)
    return chosen


def _resolve_absent(found: Found, *, source: Source, manifest: Manifest) -> None:
    """Close refusals of entities of which no file lies there any more: somebody has taken it away."""
    there = {d.entity for d in (*found.deliveries, *found.unfinished)}
    refused = {refusal.entity for refusal, _ in manifest.open_refusals() if refusal.source == source.name}
    for entity in refused - there:
        manifest.resolve_refusals(source.name, entity=entity, keep=set())


def _refuse_missing(found: Found, *, source: Source, manifest: Manifest, progress: Progress) -> list[Refusal]:
    """Files that a control file promises and that are not there."""
    refused = []
    for delivery in found.missing:
        if delivery.extracted_at in manifest.known_hashes(source.name, entity=delivery.entity):
            continue
        error = DeliveryRefused(
            MISSING_FILE,
            f"{delivery.label} is missing, although its control file lists it.",
            fix="deliver the file, or take its line out of the control file.",
        )
        refused.append(
            manifest.record_refusal(
                delivery, error, content_hash=content_hash(delivery), required=source.required
            )
        )
        progress(f"refused: {error} Fix: {error.fix}")
    return refused


def _absent(found: Found, *, source: Source) -> list[str]:
    """Entities dumped the time before and not this time. No key of theirs is taken for gone; somebody should look."""
    there = (*found.deliveries, *found.unfinished)
    moments = sorted({d.extracted_at for d in there})
    if len(moments) < 2 or source.is_time_of_file:
        return []
    before, last = ({d.entity for d in there if d.extracted_at == moment} for moment in moments[-2:])
    gone = sorted(name for name in before - last if source.mode_of(name) == "full")
    return [
        f"{source.name}: the delivery of {moments[-1]:%Y-%m-%d %H:%M} UTC has no {name} file."
        for name in gone
    ]


class _FrontDoor:
    """The front door, opened only when there is something to judge: its library takes seconds to import."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: FrontDoor | None = None

    def judge(self, entity: Entity, profiles: Sequence[DeliveryProfile]) -> Sequence[Verdict]:
        if self._opened is None:
            from ingest.front_door import FrontDoor

            self._opened = FrontDoor(self._settings.home)
        return self._opened.judge(entity, profiles)

    def publish(self) -> None:
        if self._opened is not None:
            self._opened.publish()


def rejected_rows(settings: Settings) -> list[RejectedRow]:
    """Rows in quarantine, newest loads last; rows of refused deliveries are a sample."""
    with Manifest(settings.home.manifest) as manifest:
        return manifest.rejected_rows()


def latest_known_at(settings: Settings) -> datetime | None:
    """The newest knowledge that has landed."""
    with Manifest(settings.home.manifest) as manifest:
        return max((load.known_at for load in manifest.loads()), default=None)
