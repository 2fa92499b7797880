"""Finding deliveries: which files lie where a source puts them, and when they were extracted.

Belongs here: path patterns, entity names in file names, content hashes, control files. Must not: reading records.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ingest.contract import load_contract
from ingest.formats import STATEMENT_ENTITIES, SUFFIXES, TABLE_SUFFIXES
from ingest.home import PULL_RECORD
from ingest.landing.manifest import Manifest
from ingest.landing.records import Control, DeliveredFile, Delivery
from ingest.profiles import Profile
from ingest.settings import Settings, Source

CONTROL_FILE = "_control.csv"
# what writers leave behind while a file is not complete
UNFINISHED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", "~")
DEFAULT_CUTOFF = timedelta(hours=6)

_PLACEHOLDER = re.compile(r"\{extracted_at:([^{}]*)\}")
_CODES = {"%Y": r"\d{4}", "%m": r"\d{2}", "%d": r"\d{2}", "%H": r"\d{2}", "%M": r"\d{2}", "%S": r"\d{2}"}


@dataclass(frozen=True)
class Found:
    """Deliveries of one source, oldest first, and what was noticed on the way."""

    deliveries: tuple[Delivery, ...]
    missing: tuple[Delivery, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    path: Path
    moment_text: str | None


def find_deliveries(settings: Settings, source: Source, *, manifest: Manifest) -> Found:
    """Every delivery that lies in the path of a source, landed before or not.

    `missing` are deliveries without a file that a control file promises.
    """
    warnings: list[str] = []
    groups: dict[tuple[datetime, str], list[DeliveredFile]] = {}
    controls: dict[tuple[datetime, str], Control] = {}
    hashed: list[DeliveredFile] = []
    cached = manifest.cached_hashes()
    profile = source.definition
    for candidate in _candidates(settings.path_of(source)):
        name = candidate.path.name
        if name == PULL_RECORD or name.startswith((".", "~")) or name.endswith(UNFINISHED_SUFFIXES):
            continue
        moment = _extracted_at(settings, source, candidate)
        shown = _shown(candidate.path, settings=settings)
        if moment is None:
            warnings.append(f"{shown}: {candidate.moment_text!r} is no date, so it was not read. Rename it.")
            continue
        if name == CONTROL_FILE:
            for controlled, control in _read_control(candidate.path):
                controls[moment, controlled] = control
            continue
        entities = entities_of(name, profile=profile)
        if not entities:
            warnings.append(f"{shown}: {_unread(profile)} has that name, so it was not read.")
            continue
        file = _hashed(candidate.path, name=shown, cached=cached)
        hashed.append(file)
        for entity in entities:
            groups.setdefault((moment, entity), []).append(file)
    manifest.remember_hashes(f for f in hashed if (str(f.path), f.size, f.modified_ns) not in cached)
    groups = _merge_by_time_of_file(groups, source=source)
    cutoff = _cutoff(settings, source)
    zone = settings.zone_of(source)

    def delivery(moment: datetime, entity: str, files: tuple[DeliveredFile, ...]) -> Delivery:
        business_date = (moment.astimezone(zone).replace(tzinfo=None) - cutoff).date()
        return Delivery(source.name, entity, moment, business_date, files, controls.get((moment, entity)))

    found = [delivery(moment, entity, _distinct(files)) for (moment, entity), files in groups.items()]
    missing = [
        delivery(m, e, ()) for (m, e), control in controls.items() if (m, e) not in groups and control.rows
    ]
    return Found(
        deliveries=tuple(sorted(found, key=lambda d: (d.extracted_at, d.entity))),
        missing=tuple(sorted(missing, key=lambda d: (d.extracted_at, d.entity))),
        warnings=tuple(warnings),
    )


def entities_of(file_name: str, *, profile: Profile) -> tuple[str, ...]:
    """What a file holds: a bank statement both its balances and its lines, whatever it is called; a table what its
    profile says of such a name, else the entity it is named after."""
    if profile.format != "table":
        return STATEMENT_ENTITIES
    if profile.tables:
        if not file_name.lower().endswith(TABLE_SUFFIXES):
            return ()
        return profile.entities_of(file_name)
    entity = entity_of(file_name)
    return () if entity is None else (entity,)


def _unread(profile: Profile) -> str:
    return f"no table of the profile {profile.name}" if profile.tables else "no entity"


def entity_of(file_name: str) -> str | None:
    """The entity a file is named after: `<entity>.csv` or `<entity>[._-]<anything>.csv`; the longest name wins."""
    stem, dot, suffix = file_name.rpartition(".")
    if f"{dot}{suffix}".lower() not in SUFFIXES:
        return None
    matches = [e for e in load_contract().entities if re.match(rf"{e}($|[._-])", stem, flags=re.IGNORECASE)]
    return max(matches, key=len, default=None)


def end_of_day(day: date) -> time:
    """The last moment of a local day, which a date-only extraction time stands for."""
    return datetime.combine(day, time.max).time()


def _candidates(pattern: str) -> Iterator[_Candidate]:
    """Files in the folders (or under the names) that a path pattern stands for."""
    parts = Path(pattern).parts
    plain = 0
    while plain < len(parts) and not re.search(r"[{*?]", parts[plain]):
        plain += 1
    yield from _walk(Path(*parts[:plain]), parts[plain:], None)


def _walk(folder: Path, parts: tuple[str, ...], moment: str | None) -> Iterator[_Candidate]:
    if not parts:
        if folder.is_dir():
            yield from (_Candidate(path, moment) for path in sorted(folder.iterdir()) if path.is_file())
        elif folder.is_file():
            yield _Candidate(folder, moment)
        return
    if not folder.is_dir():
        return
    regex = _segment_regex(parts[0])
    for path in sorted(folder.iterdir()):
        match = regex.fullmatch(path.name)
        if match:
            yield from _walk(path, parts[1:], match.groupdict().get("moment") or moment)


def _segment_regex(segment: str) -> re.Pattern[str]:
    """One segment of a path: literal text, shell wildcards, and the placeholder."""
    before, placeholder, after = segment, "", ""
    match = _PLACEHOLDER.search(segment)
    if match:
        before, after = segment[: match.start()], segment[match.end() :]
        codes = "".join(
            _CODES.get(part, re.escape(part)) for part in re.split(r"(%[YmdHMS])", match.group(1))
        )
        placeholder = f"(?P<moment>{codes})"
    return re.compile(_wildcards(before) + placeholder + _wildcards(after))


def _wildcards(text: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(part) or re.escape(part) for part in re.split(r"([*?])", text))


def _extracted_at(settings: Settings, source: Source, candidate: _Candidate) -> datetime | None:
    if source.is_time_of_file:
        # as fine as every file system keeps it, so that a copied tree has the same times
        return datetime.fromtimestamp(int(candidate.path.stat().st_mtime), tz=UTC)
    fixed = settings.fixed_extracted_at(source)
    if fixed is not None:
        return fixed
    if candidate.moment_text is None:
        return None
    codes = source.placeholder_format or ""
    try:
        local = datetime.strptime(candidate.moment_text, codes)
    except ValueError:
        return None
    if "%H" not in codes:
        local = datetime.combine(local.date(), end_of_day(local.date()))
    return local.replace(tzinfo=settings.extraction_zone_of(source)).astimezone(UTC)


def _merge_by_time_of_file(
    groups: dict[tuple[datetime, str], list[DeliveredFile]], *, source: Source
) -> dict[tuple[datetime, str], list[DeliveredFile]]:
    """Where the time of a file is the extraction time, the parts of one dump are written seconds apart."""
    if not source.is_time_of_file:
        return groups
    newest: dict[str, datetime] = {}
    for moment, entity in groups:
        newest[entity] = max(moment, newest.get(entity, moment))
    merged: dict[tuple[datetime, str], list[DeliveredFile]] = {}
    for (moment, entity), files in groups.items():
        key = (newest[entity], entity) if source.mode_of(entity) == "full" else (moment, entity)
        merged.setdefault(key, []).extend(files)
    return merged


def _distinct(files: list[DeliveredFile]) -> tuple[DeliveredFile, ...]:
    """A file copied under a second name counts once; the order is that of the names."""
    by_content: dict[str, DeliveredFile] = {}
    for file in sorted(files, key=lambda f: f.name):
        by_content.setdefault(file.content_hash, file)
    return tuple(by_content.values())


def _hashed(path: Path, *, name: str, cached: Mapping[tuple[str, int, int], str]) -> DeliveredFile:
    status = path.stat()
    content_hash = cached.get((str(path), status.st_size, status.st_mtime_ns))
    if content_hash is None:
        with path.open("rb") as file:
            content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    return DeliveredFile(path, name, content_hash, status.st_size, status.st_mtime_ns)


def is_unchanged(file: DeliveredFile) -> bool:
    """Whether the file is still as it was when its content hash was taken."""
    status = file.path.stat()
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified_ns)


def _shown(path: Path, *, settings: Settings) -> str:
    return (
        path.relative_to(settings.root).as_posix() if path.is_relative_to(settings.root) else path.as_posix()
    )


def _cutoff(settings: Settings, source: Source) -> timedelta:
    """The cut-off of the company of the source, else the latest of all: a delivery never covers a day it may not."""
    given = source.constants.get("company_code")
    cutoffs = [c.cutoff for c in settings.companies if given in (None, c.company_code)]
    return max(cutoffs, default=DEFAULT_CUTOFF)


def _read_control(path: Path) -> Iterator[tuple[str, Control]]:
    """Lines `entity,rows,amount`; one that cannot be read can never be met, so its delivery is refused."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    for line in csv.DictReader(io.StringIO(text)):
        entity = (line.get("entity") or "").strip()
        if entity not in load_contract().entities:
            continue
        amount_text = (line.get("amount") or "").strip()
        try:
            rows = int((line.get("rows") or "").strip())
            amount = Decimal(amount_text) if amount_text else None
        except (ValueError, InvalidOperation):
            rows, amount = -1, None
        yield entity, Control(rows=rows, amount=amount)
