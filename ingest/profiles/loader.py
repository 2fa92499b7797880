"""Profile files: where they lie, and what must fit the contract.

Belongs here: reading and checking one profile. Must not: opening any delivered file.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ingest.contract import load_contract
from ingest.profiles.cells import fields_of
from ingest.profiles.model import LINE, STATEMENT, Layout, Profile, Table
from ingest.strict_yaml import StrictLoader

PROFILE_FOLDER = Path(__file__).parent


class ProfileError(ValueError):
    """A profile cannot be used; the message names the file, the key and the fix."""


def profile_names(folder: Path = PROFILE_FOLDER) -> tuple[str, ...]:
    """Names of the profiles in a folder."""
    return tuple(sorted(path.stem for path in folder.glob("*.yml") if not path.stem.startswith("_")))


@lru_cache(maxsize=64)
def load_profile(name: str, *, folder: Path = PROFILE_FOLDER) -> Profile:
    """The profile `<folder>/<name>.yml`.

    Raises:
        ProfileError: there is none, or it is not valid.
    """
    path = folder / f"{name}.yml"
    if not path.is_file():
        raise ProfileError(
            f"There is no profile {name!r} in {folder}. Use one of: {', '.join(profile_names(folder))}."
        )
    try:
        profile = Profile.model_validate({**profile_body(path), "name": name})
        problems = list(_problems(profile))
    except (yaml.YAMLError, TypeError) as error:
        raise ProfileError(f"The profile {path.name} is not valid: {error}") from error
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg'].removeprefix('Value error, ')}"
            for detail in error.errors()
        ]
    if problems:
        raise ProfileError("\n  ".join([f"The profile {path.name} is not valid:", *problems]))
    return profile


def profile_body(path: Path) -> dict[str, Any]:
    """What a profile file says, as it is written, on top of what the profile that it names under `base` says, and what
    its tables say on top of those of the same name there.

    Raises:
        TypeError: it is no mapping.
    """
    body = yaml.load(path.read_text(encoding="utf-8"), Loader=StrictLoader) or {}
    name = body.pop("base", None)
    if name is None:
        return dict(body)
    folders = [folder for folder in (path.parent, PROFILE_FOLDER) if (folder / f"{name}.yml").is_file()]
    if not folders or folders[0] / f"{name}.yml" == path:
        raise TypeError(f"there is no profile {name!r} to build on")
    base = profile_body(folders[0] / f"{name}.yml")
    below, above = base.get("tables", {}), body.get("tables", {})
    tables = {
        name: {**below[name], **above[name]} if name in below and name in above else own
        for name, own in {**below, **above}.items()
    }
    return {**base, **body, **({"tables": tables} if tables else {})}


def _problems(profile: Profile) -> Iterator[str]:
    yield from _layout_problems(profile, where="the profile")
    for name, table in profile.tables.items():
        yield from _layout_problems(profile.layout_of(table), where=f"tables.{name}")
        yield from _table_problems(table, where=f"tables.{name}", tables=profile.tables)
    yield from _alternative_problems(profile)
    contract = load_contract()
    for entity_name, columns in profile.columns.items():
        if entity_name not in contract.entities:
            yield f"columns: there is no entity {entity_name!r}"
            continue
        for column in columns:
            if column not in contract.entity(entity_name).columns:
                yield f"{entity_name} has no column {column!r}. Write `canonical: their name`."


def _layout_problems(layout: Layout, *, where: str) -> Iterator[str]:
    if layout.decimal_separator == layout.thousands_separator:
        yield f"{where}: decimal_separator and thousands_separator must differ."


def _alternative_problems(profile: Profile) -> Iterator[str]:
    """What a file holds is told by its name, before it is opened; so tables of one name must hold the same."""
    by_name: dict[tuple[str, ...], tuple[str, set[str]]] = {}
    for name, table in profile.tables.items():
        fed = set(table.entities)
        first, first_fed = by_name.setdefault(table.files, (name, fed))
        if table.sheet is None and fed != first_fed:
            yield f"tables.{name}: has the `files` of {first}, so it must feed the same entities"


def _table_problems(table: Table, *, where: str, tables: Mapping[str, Table]) -> Iterator[str]:
    contract = load_contract()
    if not table.feeds and not any(where == f"tables.{n}" for t in tables.values() for n in t.lookups):
        yield f"{where}: feeds nothing, and no table looks it up"
    for name in table.lookups:
        if name not in tables:
            yield f"{where}.lookups: there is no table {name!r}"
    if not table.files:
        yield f"{where}: needs `files`, or `sql` where it is read from a database"
    if table.incremental is not None and table.sql is None:
        yield f"{where}: only a table with `sql` can be incremental"
    if table.needs and table.sql is None:
        yield f"{where}: only a table with `sql` can need tables of a database"
    known = {*table.fields, *table.from_preamble}
    known |= {f"{n}.{field}" for n in table.lookups if n in tables for field in tables[n].fields}
    fed = [feed.entity for feed in table.feeds]
    if table.running_balance and (LINE not in fed or STATEMENT in fed):
        yield f"{where}: running_balance is for a table that feeds {LINE} and not {STATEMENT}"
    for position, feed in enumerate(table.feeds):
        here = f"{where}.feeds[{position}]"
        if feed.entity not in contract.entities:
            yield f"{here}: there is no entity {feed.entity!r}"
            continue
        entity = contract.entity(feed.entity)
        for column in feed.columns:
            if column not in entity.columns:
                yield f"{here}: {feed.entity} has no column {column!r}. Write `canonical: their column`."
        used = {name for cell in feed.columns.values() for name in fields_of(cell)}
        used |= {*feed.where, *feed.unless, *table.ignore}
        used |= {table.running_balance} if table.running_balance else set()
        # a table that lists its fields lists them all, so that a slip of the pen is not taken for another column
        if table.fields and used - known:
            yield f"{here}: {min(used - known)!r} is not among the fields of the table"
