"""Landing one entity of one source: deliveries in order of extraction, each landed whole or refused whole.

Belongs here: the order of steps, known times, write-audit-commit. Must not: SQL, parsing, rules that refuse
(refusal_rules.py), expectations (front_door.py).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from ingest.canonical import SHARED_BY_COMPANIES
from ingest.contract import Entity, load_contract
from ingest.durable import sync
from ingest.landing.changes import ChangeDetector
from ingest.landing.contacts import keep_private
from ingest.landing.landing_file import Stamp
from ingest.landing.manifest import Manifest
from ingest.landing.profile_frame import DeliveryProfile, profile_delivery
from ingest.landing.quarantine import conflicting, rejected_while_reading
from ingest.landing.records import Delivery, DeliveryRefused, Load, Refusal, RejectedRow, Verdict
from ingest.landing.refusal_rules import (
    Options,
    refuse_broken_control,
    refuse_faulty_files,
    refuse_lost_keys,
    refuse_older_dump,
    refuse_rejected_share,
    refuse_shrunken,
    turned_away,
)
from ingest.landing.staging import Staged, stage
from ingest.printable import LONGEST_MESSAGE, printable
from ingest.settings import Settings, Source

TEMPORARY_SUFFIX = ".tmp"

Progress = Callable[[str], None]
Audit = Callable[[Entity, Sequence[DeliveryProfile]], Sequence[Verdict]]


@dataclass(frozen=True)
class Pending:
    """A delivery that is written but does not exist yet: its load row has not committed."""

    delivery: Delivery
    load: Load
    temporary: Path | None
    staged: Staged | None
    rejected: tuple[RejectedRow, ...]
    companies: frozenset[str]
    supersedes: tuple[Load, ...]
    profile: DeliveryProfile | None


@dataclass(frozen=True)
class Free:
    """The first load id and the first known time that a new load may take."""

    load_id: int
    known_at: datetime | None


@dataclass(frozen=True)
class _Step:
    """A delivery, the loads it is compared with (pending ones included), and those that it replaces."""

    delivery: Delivery
    earlier: Sequence[Load]
    supersedes: tuple[Load, ...]
    free: Free


def content_hash(delivery: Delivery) -> str:
    """Hash of what a delivery holds, whatever its files are called."""
    text = "\n".join(sorted(file.content_hash for file in delivery.files))
    return hashlib.sha256(text.encode()).hexdigest()


class EntityLander:
    """Lands the deliveries of one source and entity."""

    def __init__(
        self,
        settings: Settings,
        *,
        source: Source,
        entity_name: str,
        manifest: Manifest,
        audit: Audit,
        progress: Progress,
        options: Options,
    ) -> None:
        self._settings = settings
        self._home = settings.home
        self._source = source
        self._entity = load_contract().entity(entity_name)
        self._mode = source.mode_of(entity_name)
        self._manifest = manifest
        self._audit = audit
        self._progress = progress
        self._options = options
        self.loads: list[Load] = []
        self.refused: list[Refusal] = []
        self.warnings: list[str] = []

    def land(self, deliveries: Sequence[Delivery]) -> None:
        """Land what is new, oldest extraction first; results are in `loads`, `refused` and `warnings`."""
        todo = list(deliveries)
        while todo:
            pending = self._write_all(todo)
            todo = self._audit_and_commit(pending)

    def _write_all(self, deliveries: Sequence[Delivery]) -> list[Pending]:
        pending: list[Pending] = []
        landed = self._manifest.loads_of(self._source.name, entity=self._entity.name)
        free = Free(self._manifest.next_load_id(), self._manifest.first_free_known_at())
        with closing(self._connect()) as connection:
            detector = ChangeDetector(connection, entity=self._entity, mode=self._mode)
            self._start(detector, landed, pending=pending)
            for delivery in deliveries:
                supersedes = self._superseded(delivery, landed=landed)
                if supersedes:
                    self._start(detector, [x for x in landed if x not in supersedes], pending=pending)
                earlier = [*(x for x in landed if x not in supersedes), *(p.load for p in pending)]
                step = _Step(delivery, earlier, supersedes, free)
                try:
                    one = self._write(step, connection=connection, detector=detector)
                except DeliveryRefused as error:
                    self._refuse(delivery, error)
                    if supersedes:
                        self._start(detector, landed, pending=pending)
                    continue
                landed = [load for load in landed if load not in supersedes]
                pending.append(one)
                self._progress(_sentence(one))
        return pending

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(
            config={
                "threads": 2,
                "memory_limit": self._settings.memory_limit,
                "temp_directory": str(self._home.temporary),
            }
        )

    def _paths(self, loads: Iterable[Load]) -> list[Path]:
        return [self._home.root / load.path for load in loads if load.path]

    def _start(self, detector: ChangeDetector, landed: Iterable[Load], *, pending: Iterable[Pending]) -> None:
        detector.start([*self._paths(landed), *(one.temporary for one in pending if one.temporary)])

    def _superseded(self, delivery: Delivery, *, landed: Sequence[Load]) -> tuple[Load, ...]:
        """Loads that this delivery completes: nothing has been published from them and nothing was compared with
        them, so the delivery is landed again as one whole. Only a dump is compared with the one before."""
        same = tuple(load for load in landed if load.extracted_at == delivery.extracted_at)
        is_compared = self._mode == "full" and any(
            load.extracted_at > delivery.extracted_at for load in landed
        )
        if not same or is_compared:
            return ()
        published = self._manifest.newest_published_known_at()
        is_unpublished = published is None or all(load.known_at > published for load in same)
        return same if is_unpublished else ()

    def _write(
        self, step: _Step, *, connection: duckdb.DuckDBPyConnection, detector: ChangeDetector
    ) -> Pending:
        delivery = step.delivery
        if self._mode == "full":
            refuse_older_dump(delivery, earlier=step.earlier)
        refuse_faulty_files(delivery)
        companies = self._companies(delivery)
        load = self._empty_load(step)
        repeated = self._repeated_load(step, load=load)
        if repeated is not None:
            return repeated
        staged = stage(
            delivery,
            source=self._source,
            entity=self._entity,
            companies=sorted(companies),
            connection=connection,
            folder=self._home.temporary / "landing" / f"{self._source.name}-{self._entity.name}",
        )
        refuse_broken_control(delivery, staged=staged)
        later = [
            other
            for other in step.earlier
            if other.extracted_at > delivery.extracted_at and other.known_at <= load.known_at
        ]
        counts = detector.compare(staged, known_at=load.known_at, superseded_by=self._paths(later))
        rejected = rejected_while_reading(staged.rejected, delivery=delivery)
        if counts.conflicting:
            rejected += conflicting(detector.conflicting_rows(), delivery=delivery)
        if not self._options.accept_rejected_share:
            refuse_rejected_share(delivery, staged=staged, rejected=rejected, source=self._source)
        if self._mode == "full" and not self._options.accept_lost_keys:
            refuse_lost_keys(delivery, staged=staged, counts=counts, source=self._source)
            refuse_shrunken(delivery, staged=staged, replaced=step.supersedes, source=self._source)
        if counts.is_tombstoning_held and counts.keys_lost:
            self.warnings.append(
                f"{delivery.label}: {counts.keys_lost} keys are gone, but some records could not be read, so none was "
                "taken for deleted. They are once a delivery can be read in full."
            )
        if staged.unknown_columns:
            self.warnings.append(
                f"{delivery.label}: unknown columns were not read:"
                f" {printable(', '.join(staged.unknown_columns), longest=LONGEST_MESSAGE)}."
            )
        temporary = None
        if counts.landed or counts.tombstoned:
            final = self._home.load_file(self._source.name, entity=self._entity.name, load_id=load.load_id)
            temporary = final.with_name(final.name + TEMPORARY_SUFFIX)
            stamp = Stamp(self._source.name, load.load_id, load.known_at, load.landed_at)
            detector.write(temporary, stamp=stamp)
            load = replace(
                load, path=final.relative_to(self._home.root).as_posix(), columns=detector.written_columns
            )
        profile = profile_delivery(
            connection, delivery=delivery, entity=self._entity, staged=staged, counts=counts
        )
        detector.advance(known_at=load.known_at)
        load = replace(
            load,
            rows_read=staged.rows_read,
            rows_landed=counts.landed,
            rows_unchanged=counts.unchanged,
            rows_collapsed=counts.collapsed,
            rows_rejected=len(rejected),
            rows_tombstoned=counts.tombstoned,
            amount_rejected=sum((row.amount for row in rejected if row.amount is not None), Decimal(0)),
        )
        # its rows are in the file: what waits for others to be committed must not keep them in memory
        staged = replace(staged, rows=pl.LazyFrame())
        return Pending(
            delivery, load, temporary, staged, rejected, staged.companies, step.supersedes, profile
        )

    def _companies(self, delivery: Delivery) -> set[str]:
        """Companies that `*` stands for: those seen in rows of the source so far."""
        given = self._source.constants.get("company_code")
        seen = self._manifest.companies_of(self._source.name, until=delivery.extracted_at)
        if given is not None and given != "*":
            seen.add(given)
        if len(self._settings.sources) == 1:
            seen |= {company.company_code for company in self._settings.companies}
        return seen - {"*"}

    def _empty_load(self, step: _Step) -> Load:
        delivery = step.delivery
        before = [load.known_at for load in step.earlier if load.extracted_at <= delivery.extracted_at]
        known_at = max(
            [
                delivery.extracted_at,
                *([step.free.known_at] if step.free.known_at else []),
                *(moment + timedelta(microseconds=1) for moment in before),
            ]
        )
        used = max((load.load_id for load in step.earlier), default=0)
        return Load(
            load_id=max(step.free.load_id, used + 1),
            source=self._source.name,
            entity=self._entity.name,
            mode=self._mode,
            extracted_at=delivery.extracted_at,
            known_at=known_at,
            landed_at=datetime.now(UTC),
            business_date=delivery.business_date,
            is_required=self._source.required,
            content_hash=content_hash(delivery),
            path=None,
            columns=tuple(column.name for column in self._entity.public_columns),
            file_count=len(delivery.files),
        )

    def _repeated_load(self, step: _Step, *, load: Load) -> Pending | None:
        """A dump that is byte for byte the one before changes nothing: it is not read again."""
        if (
            self._mode != "full"
            or not step.earlier
            or self._options.ignore_known_content
            or step.delivery.control
        ):
            return None
        last = max(step.earlier, key=lambda other: (other.extracted_at, other.known_at))
        if last.content_hash != load.content_hash or not last.is_without_rejects:
            return None
        if self._entity.name in SHARED_BY_COMPANIES:
            now = self._companies(step.delivery)
            if now != self._companies(replace(step.delivery, extracted_at=last.extracted_at)):
                return None
        load = replace(load, rows_read=last.rows_read, rows_unchanged=last.rows_read, verdict=last.verdict)
        companies = frozenset(self._manifest.load_companies().get(last.load_id, ()))
        return Pending(step.delivery, load, None, None, (), companies, step.supersedes, None)

    def _refuse(self, delivery: Delivery, error: DeliveryRefused) -> None:
        refusal = self._manifest.record_refusal(
            delivery, error, content_hash=content_hash(delivery), required=self._source.required
        )
        self.refused.append(refusal)
        self._progress(f"refused: {error} Fix: {error.fix}")

    def _audit_and_commit(self, pending: Sequence[Pending]) -> list[Delivery]:
        """Commit what the front door accepts; what follows a delivery it turns away must be compared anew."""
        profiled = [one for one in pending if one.profile is not None]
        verdicts: dict[int, Verdict] = {}
        if profiled:
            judged = self._audit(self._entity, [one.profile for one in profiled if one.profile])
            verdicts = {one.load.load_id: verdict for one, verdict in zip(profiled, judged, strict=True)}
        is_strict = self._settings.gates["front_door"] == "error"
        for position, one in enumerate(pending):
            verdict = verdicts.get(one.load.load_id)
            if verdict is not None and not verdict.is_accepted and is_strict:
                for dropped in pending[position:]:
                    if dropped.temporary is not None:
                        dropped.temporary.unlink()
                self._refuse(one.delivery, turned_away(one.delivery, verdict=verdict, rejected=one.rejected))
                return [other.delivery for other in pending[position + 1 :]]
            self._commit(one, verdict=verdict)
        return []

    def _commit(self, one: Pending, *, verdict: Verdict | None) -> None:
        load = replace(one.load, verdict=verdict.text) if verdict else one.load
        if one.temporary is not None and load.path is not None:
            final = self._home.root / load.path
            one.temporary.rename(final)
            sync(final.parent)
        # before the load exists: a crash in between repeats it, the other order would lose it
        keep_private(self._home, entity=self._entity, staged=one.staged, load=load)
        self._manifest.commit_load(
            load,
            files=one.delivery.files,
            companies=one.companies,
            rejected=one.rejected,
            supersedes=[load.load_id for load in one.supersedes],
        )
        self.loads.append(load)


def _sentence(one: Pending) -> str:
    load = one.load
    parts = [f"{load.rows_landed} new"]
    parts += [f"{load.rows_unchanged} unchanged"] if load.rows_unchanged else []
    parts += [f"{load.rows_tombstoned} gone"] if load.rows_tombstoned else []
    parts += [f"{load.rows_rejected} rejected"] if load.rows_rejected else []
    return f"{one.delivery.label}: {load.rows_read} rows, {', '.join(parts)}"
