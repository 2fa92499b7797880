"""Whether a profile that comes with Arrears reads the file already.

Belongs here: trying every table of every shipped profile on one file. Must not: writing a draft.

A table fits where the header has what it needs and nearly all rows can be typed: with its own layout, or with the
layout that was found in the file, which is then all that a new profile has to say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.contract import load_contract
from ingest.formats import SUFFIXES, UnreadableFile
from ingest.inspection.dry_run import DryRun, first_part, try_profile
from ingest.inspection.grid import Grid
from ingest.inspection.layout import Written
from ingest.profiles import Profile, Table, load_profile, plain_header, profile_names, required_fields

LEAST_ACCEPTED = 0.9
GENERIC = "generic"
# a table is near where it lacks no more than this, and knows at least this share of the columns
MOST_LACKING = 2
LEAST_KNOWN = 0.7
# stand in for what a source would give; XTS is the code of ISO 4217 for tests
STAND_INS = {"company_code": "C1", "account": "(account)", "currency": "XTS"}
_CARD_WORDS = ("信用卡", "credit", "卡号末四位", "卡号后四位")


@dataclass(frozen=True)
class Fit:
    """A table of a shipped profile that reads the file. `needs`: constants that the source has to give. `differs`:
    layout keys that the file needs otherwise. `fits_name`: the table takes a file of this name."""

    profile: str
    table: str
    needs: tuple[str, ...]
    differs: Mapping[str, object]
    fits_name: bool
    dry_run: DryRun
    used: int

    @property
    def as_it_stands(self) -> bool:
        """Whether the profile needs no change at all."""
        return not self.differs and self.fits_name


def fits(path: Path, *, grid: Grid, written: Written) -> list[Fit]:
    """Shipped tables that read a file, best first."""
    with first_part(path, is_cut=grid.is_cut) as part:
        found = [
            fit
            for name in profile_names()
            for fit in _of_profile(load_profile(name), part, grid=grid, written=written)
        ]
        found += _generic(path, grid=grid)
    is_card = any(
        word in f"{grid.above}\n{path.name}\n{' '.join(grid.header)}".casefold() for word in _CARD_WORDS
    )

    def rank(fit: Fit) -> tuple[object, ...]:
        return (
            fit.profile == GENERIC,
            fit.profile not in ("bank_cn", "card_cn") or (fit.profile == "card_cn") == is_card,
            not fit.differs,
            fit.used,
            fit.dry_run.accepted,
        )

    return sorted(found, key=rank, reverse=True)


def nearest(grid: Grid) -> str | None:
    """A shipped table that has all but one or two of the columns that it needs, in a sentence; None where none has."""
    there = {plain_header(name) for name in grid.header}
    found: list[tuple[int, int, str]] = []
    for name in profile_names():
        profile = load_profile(name)
        for title, table in profile.tables.items():
            if table.sql is not None or table.lookups or not table.feeds:
                continue
            required = {
                f.entity: frozenset(c.name for c in load_contract().entity(f.entity).required_columns)
                - set(STAND_INS)
                for f in table.feeds
            }
            groups = required_fields(table, entity_required=required)
            lacking = [g for g in groups if not there & {h for field in g for h in table.headers_of(field)}]
            known = sum(any(h in there for h in table.headers_of(field)) for field in table.fields)
            if not 0 < len(lacking) <= MOST_LACKING or known < LEAST_KNOWN * len(there):
                continue
            told = ", ".join(
                " or ".join(table.fields.get(field, (field,))[:2]) for g in lacking for field in sorted(g)[:1]
            )
            text = f"the installed profile {name} ({title}) would read the file if it had {told}: export it with that"
            found.append((-len(lacking), known, text))
    return max(found)[2] if found else None


def one_of_several(grid: Grid) -> str | None:
    """A shipped table that is read together with others of the same delivery, in a sentence; None where none fits."""
    there = {plain_header(name) for name in grid.header}
    for name in profile_names():
        profile = load_profile(name)
        for title, table in profile.tables.items():
            looking = [n for n, other in profile.tables.items() if title in other.lookups]
            keys = {*table.lookups.values(), *(profile.tables[n].lookups[title] for n in looking)}
            known = sum(any(h in there for h in table.headers_of(field)) for field in table.fields)
            has_keys = all(there & set(table.headers_of(key)) for key in keys)
            if keys and has_keys and known >= LEAST_KNOWN * len(there):
                others = " and ".join([*table.lookups, *looking])
                called = " or ".join(table.files)
                return (
                    f"the installed profile {name} reads such a file ({title}, called {called}) together with {others}"
                    " of the same delivery: use that one, and leave this draft out"
                )
    return None


def _of_profile(profile: Profile, path: Path, *, grid: Grid, written: Written) -> Iterator[Fit]:
    for name, table in profile.tables.items():
        if not table.feeds or table.sql is not None or table.lookups:
            continue
        needs = _needs(table, header=grid.header, above=grid.above)
        if needs is None:
            continue
        fits_name = table in profile.tables_of(path.name)
        alone = table.model_copy(update={"files": ("*",)})
        own = profile.model_copy(update={"tables": {name: alone}})
        plain = _tried(own, path)
        if plain is not None and _is_good(plain, grid):
            yield Fit(profile.name, name, needs, {}, fits_name, plain, _used(plain, grid))
            continue
        differs = _differences(profile, table, written)
        if not differs:
            continue
        layout = {**table.layout, **_typed(differs)}
        changed = own.model_copy(update={"tables": {name: alone.model_copy(update={"layout": layout})}})
        other = _tried(changed, path)
        if other is not None and _is_good(other, grid):
            yield Fit(profile.name, name, needs, differs, fits_name, other, _used(other, grid))


def _typed(differs: Mapping[str, object]) -> dict[str, object]:
    return {key: value == "true" if value in ("true", "false") else value for key, value in differs.items()}


def _tried(profile: Profile, path: Path) -> DryRun | None:
    try:
        return try_profile(path, profile=profile, constants=STAND_INS)
    except UnreadableFile:
        return None


def _is_good(run: DryRun, grid: Grid) -> bool:
    if run.is_refused:
        return False
    records = len(grid.rows) - len(grid.ignored)
    if records == 0:
        return True
    return run.accepted > 0 and run.accepted >= LEAST_ACCEPTED * (run.accepted + run.rejected)


def _used(run: DryRun, grid: Grid) -> int:
    unused = {name for names in run.unused.values() for name in names}
    return sum(1 for name in grid.header if name and name not in unused)


def _needs(table: Table, *, header: Sequence[str], above: str) -> tuple[str, ...] | None:
    """Constants without which the header is not enough; None where it is not even with them."""
    there = {plain_header(name) for name in header}
    told = {field for field, pattern in table.from_preamble.items() if re.search(pattern, above)}
    contract = load_contract()
    needs: dict[str, None] = {}
    for feed in table.feeds:
        required = {c.name for c in contract.entity(feed.entity).required_columns}
        for column in sorted(required - set(feed.columns)):
            if column not in STAND_INS:
                return None
            needs[column] = None
        for column in sorted(required & set(feed.columns)):
            one = feed.model_copy(update={"columns": {column: feed.columns[column]}})
            alone = table.model_copy(update={"feeds": (one,), "from_preamble": {}})
            for group in required_fields(alone, entity_required={feed.entity: frozenset({column})}):
                names = {h for field in group for h in table.headers_of(field)}
                if names & there or group & told:
                    continue
                if column not in STAND_INS:
                    return None
                needs[column] = None
    return tuple(needs)


def _differences(profile: Profile, table: Table, written: Written) -> dict[str, object]:
    """Layout keys of the file that the table reads otherwise."""
    own = profile.layout_of(table)
    differs: dict[str, object] = {}
    for key, value in written.keys.items():
        if key == "header" and value == "first":
            continue
        known = getattr(own, key)
        plain = value == "true" if value in ("true", "false") else value
        if key == "encoding" and value in own.encodings:
            continue
        if key in ("null_texts", "number_prefixes", "number_suffixes") and set(_tuple(value)) <= set(
            _tuple(known)
        ):
            continue
        if key == "short_records" and known == "pad":
            continue
        if plain != known:
            differs[key] = value
    if "decimal_separator" not in written.keys and own.decimal_separator != ".":
        differs["decimal_separator"] = "."
        differs.setdefault("thousands_separator", written.keys.get("thousands_separator", ""))
    if differs.get("decimal_separator") and "thousands_separator" not in written.keys:
        differs["thousands_separator"] = ""
    return differs


def _tuple(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _generic(path: Path, *, grid: Grid) -> Iterator[Fit]:
    """Files in the shape of the contract."""
    if path.suffix.lower() not in SUFFIXES:
        return
    profile = load_profile(GENERIC)
    stem = path.name.partition(".")[0]
    for entity in load_contract().entities.values():
        required = {c.name for c in entity.required_columns}
        needs = tuple(c for c in sorted(required - set(grid.header)))
        columns = [name for name in grid.header if name in entity.columns]
        if any(c not in STAND_INS for c in needs) or len(columns) < 2:
            continue
        with first_part(path, is_cut=grid.is_cut, name=f"{entity.name}{path.suffix.lower()}") as part:
            run = _tried(profile, part)
        if run is not None and _is_good(run, grid):
            yield Fit(GENERIC, entity.name, needs, {}, stem == entity.name, run, len(columns))
