"""Finding deliveries: which files lie where a source puts them, and when they were extracted.

Belongs here: path patterns, entity names in file names, grouping. Must not: whether a file may be read
(file_guards.py), control files (control_file.py), records.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ingest.contract import load_contract
from ingest.formats import STATEMENT_ENTITIES, SUFFIXES, TABLE_SUFFIXES
from ingest.home import PULL_RECORD
from ingest.landing.control_file import CONTROL_FILE, read_control
from ingest.landing.file_guards import Limits, looked_at, shown
from ingest.landing.manifest import Manifest
from ingest.landing.records import Control, DeliveredFile, Delivery
from ingest.profiles import Profile
from ingest.settings import Settings, Source

# what writers leave behind while a file is not complete
UNFINISHED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", "~")
# what banks call their files; a folder of such a name is no folder to look past
STATEMENT_SUFFIXES = (".sta", ".mt940", ".940", ".942", ".xml", ".ofx", ".qfx", ".bai", ".bai2", ".qif")
DEFAULT_CUTOFF = timedelta(hours=6)

_PLACEHOLDER = re.compile(r"\{extracted_at:([^{}]*)\}")
_CODES = {"%Y": r"\d{4}", "%m": r"\d{2}", "%d": r"\d{2}", "%H": r"\d{2}", "%M": r"\d{2}", "%S": r"\d{2}"}


@dataclass(frozen=True)
class Found:
    """Deliveries of one source, oldest first, and what was noticed on the way.

    `unfinished` are left for the next refresh: a file of theirs is still being written.
    """

    deliveries: tuple[Delivery, ...]
    unfinished: tuple[Delivery, ...]
    missing: tuple[Delivery, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    path: Path
    moment_text: str | None


@dataclass(frozen=True)
class _Place:
    """Where a source puts its files: the folder in front of any pattern, and the patterns below it."""

    start: Path
    patterns: tuple[str, ...]

    @property
    def root(self) -> Path | None:
        """What no link may lead out of; None where the path names one file."""
        is_one_file = not self.patterns and not self.start.is_dir()
        return None if is_one_file else Path(os.path.realpath(self.start))


def find_deliveries(settings: Settings, source: Source, *, manifest: Manifest) -> Found:
    """Every delivery that lies in the path of a source, landed before or not.

    `missing` are deliveries without a file that a control file promises.
    """
    warnings: list[str] = []
    groups: dict[tuple[datetime, str], list[DeliveredFile]] = {}
    controls: dict[tuple[datetime, str], Control] = {}
    # control files that cannot be read: nothing of their moment can be proven
    broken: dict[datetime, DeliveredFile] = {}
    hashed: list[DeliveredFile] = []
    cached = manifest.cached_hashes()
    profile = source.definition
    place = _place(settings.path_of(source))
    limits = Limits(place.root, source.largest_bytes, source.settle_seconds)
    for candidate in _walk(place.start, place.patterns, None):
        name = candidate.path.name
        if name == PULL_RECORD or name.startswith((".", "~")) or name.endswith(UNFINISHED_SUFFIXES):
            continue
        entities = entities_of(name, profile=profile)
        if candidate.path.is_dir() and not (entities and _is_named_like_a_file(name)):
            continue
        moment = _extracted_at(settings, source, candidate)
        told = shown(candidate.path, root=settings.root)
        if moment is None:
            warnings.append(f"{told}: {candidate.moment_text!r} is no date, so it was not read. Rename it.")
            continue
        if name == CONTROL_FILE:
            control_file = looked_at(candidate.path, name=told, limits=limits, cached={})
            found_controls, control_file = read_control(control_file)
            controls |= {(moment, entity): control for entity, control in found_controls.items()}
            if control_file.fault is not None or control_file.is_unfinished:
                broken[moment] = control_file
            continue
        if not entities:
            warnings.append(f"{told}: {_unread(profile)} has that name, so it was not read.")
            continue
        file = looked_at(candidate.path, name=told, limits=limits, cached=cached)
        hashed.append(file)
        for entity in entities:
            groups.setdefault((moment, entity), []).append(file)
    manifest.remember_hashes(
        f
        for f in hashed
        if f.fault is None and not f.is_unfinished and (str(f.path), f.size, f.modified_ns) not in cached
    )
    groups = _merge_by_time_of_file(groups, source=source)
    for (moment, _), files in groups.items():
        files += [broken[moment]] if moment in broken else []
    for moment in set(broken) - {moment for moment, _ in groups}:
        fault = broken[moment].fault
        warnings += [f"{fault.reason} Fix: {fault.fix}"] if fault else []
    cutoff = _cutoff(settings, source)
    zone = settings.zone_of(source)

    def delivery(moment: datetime, entity: str, files: tuple[DeliveredFile, ...]) -> Delivery:
        business_date = (moment.astimezone(zone).replace(tzinfo=None) - cutoff).date()
        return Delivery(source.name, entity, moment, business_date, files, controls.get((moment, entity)))

    found = [delivery(moment, entity, _distinct(files)) for (moment, entity), files in groups.items()]
    missing = [
        delivery(m, e, ()) for (m, e), control in controls.items() if (m, e) not in groups and control.rows
    ]
    found.sort(key=lambda d: (d.extracted_at, d.entity))
    unfinished = [d for d in found if any(file.is_unfinished for file in d.files)]
    warnings += _waiting(unfinished)
    return Found(
        deliveries=tuple(d for d in found if d not in unfinished),
        unfinished=tuple(unfinished),
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


def _waiting(unfinished: Sequence[Delivery]) -> list[str]:
    """A delivery of which a part is still being written waits as a whole: without the part a dump would close it."""
    return [
        f"{delivery.label}: {file.name} is still being written, so the delivery was left for the next refresh."
        for delivery in unfinished
        for file in delivery.files
        if file.is_unfinished
    ]


def _is_named_like_a_file(name: str) -> bool:
    return f".{name.lower().rpartition('.')[2]}" in (*TABLE_SUFFIXES, *STATEMENT_SUFFIXES)


def _place(pattern: str) -> _Place:
    """The folders (or the names) that a path pattern stands for."""
    parts = Path(pattern).parts
    plain = 0
    while plain < len(parts) and not re.search(r"[{*?]", parts[plain]):
        plain += 1
    return _Place(Path(*parts[:plain]), parts[plain:])


def _walk(folder: Path, parts: tuple[str, ...], moment: str | None) -> Iterator[_Candidate]:
    if not parts:
        # everything that has a name, links to nowhere and pipes too: what may not be read is refused and not left out
        if folder.is_dir() and not _is_named_like_a_file(folder.name):
            yield from (_Candidate(path, moment) for path in sorted(folder.iterdir()))
        elif os.path.lexists(folder):
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
        return datetime.fromtimestamp(int(_modified(candidate.path)), tz=UTC)
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


def _modified(path: Path) -> float:
    """When a file was written; of a link that leads nowhere, when the link was."""
    try:
        return path.stat().st_mtime
    except OSError:
        return path.lstat().st_mtime


def _cutoff(settings: Settings, source: Source) -> timedelta:
    """The cut-off of the company of the source, else the latest of all: a delivery never covers a day it may not."""
    given = source.constants.get("company_code")
    cutoffs = [c.cutoff for c in settings.companies if given in (None, c.company_code)]
    return max(cutoffs, default=DEFAULT_CUTOFF)
