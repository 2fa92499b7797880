"""Checks of `arrears.yml` that need more than one key: sources against each other, against profiles and the contract.

Belongs here: rules over the plain tree, so that they are reported together with problems of shape. Must not: types of
single values (settings.py), reading the file (settings_document.py).
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from ingest.contract import load_contract
from ingest.profiles import PROFILE_FOLDER, Profile, ProfileError, load_profile, profile_names
from ingest.settings_document import KeyPath, Problem, Tree, text_at

GENERIC_PROFILE = "generic"

MOST_OPTIONS_SHOWN = 30

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
DATE_CODES = frozenset({"%Y", "%m", "%d"})
TIME_CODES = frozenset({"%H", "%M", "%S"})

# a source that names one of these under `entities` is taken for an ERP: two of them for one company would count every
# document twice
ERP_ENTITIES = frozenset(
    {"customer", "contract", "document", "instalment", "receipt", "bill_event", "allocation", "gl_balance"}
)


class _Profiles:
    """The profiles that a source may name: the company's own, and those that are installed."""

    def __init__(self, own: Path | None) -> None:
        self._own = own

    @property
    def names(self) -> tuple[str, ...]:
        own = () if self._own is None else profile_names(self._own)
        return tuple(sorted({*own, *profile_names()}))

    def load(self, name: str) -> Profile | None:
        """The profile, or None where there is none or it is not valid."""
        try:
            return self.require(name)
        except ProfileError:
            return None

    def require(self, name: str) -> Profile:
        """The profile of that name.

        Raises:
            ProfileError: there is none, or it is not valid.
        """
        is_own = self._own is not None and name in profile_names(self._own)
        return load_profile(name, folder=self._own if is_own and self._own else PROFILE_FOLDER)


def suggestion(given: str, *, options: tuple[str, ...]) -> str:
    """A fix that names the closest option, or all of them where they are few enough to read."""
    close = get_close_matches(given, options, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if len(options) <= MOST_OPTIONS_SHOWN:
        return f"use one of {', '.join(options)}."
    return "remove it, or look the name up in docs/data_dictionary.md."


def check_tree(tree: Mapping[str, Tree], *, own_profiles: Path | None = None) -> Iterator[Problem]:
    """Every problem that only shows when keys are read together.

    Args:
        own_profiles: folder of the company's own profiles.
    """
    profiles = _Profiles(own_profiles)
    if own_profiles is not None and not own_profiles.is_dir():
        yield Problem(("profiles",), f"{own_profiles} is no folder.", "create it, or remove the line.")
    if tree.get("sources") == []:
        yield Problem(
            ("sources",), "is empty.", "add at least one source: its `name` and its `path` or `dsn_env`."
        )
    sources = [(i, s) for i, s in enumerate(_list(tree, "sources")) if isinstance(s, dict)]
    companies = [(i, c) for i, c in enumerate(_list(tree, "companies")) if isinstance(c, dict)]
    yield from _repeated(sources, root="sources", key="name")
    yield from _repeated(companies, root="companies", key="company_code")
    for index, source in sources:
        where: KeyPath = ("sources", index)
        yield from _profile_problems(source, where, profiles=profiles)
        yield from _origin_problems(source, where, profiles=profiles)
        yield from _settlement_problems(source, where, profiles=profiles)
        yield from _path_problems(source, where)
        yield from _entity_problems(source, where)
        yield from _constant_problems(source, where)
    yield from _erp_problems(sources, profiles=profiles)


def _list(tree: Mapping[str, Tree], key: str) -> list[Tree]:
    value = tree.get(key)
    return value if isinstance(value, list) else []


def _mapping(tree: Mapping[str, Tree], key: str) -> dict[str, Tree]:
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def _repeated(items: list[tuple[int, dict[str, Tree]]], *, root: str, key: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, item in items:
        name = text_at(item, key)
        if name is None:
            continue
        # names become folders, and some file systems do not tell upper case from lower
        if name.casefold() in first:
            earlier = f"{root}[{first[name.casefold()]}]"
            fix = "give each its own, or merge the two."
            yield Problem((root, index, key), f"{name!r} is already the {key} of {earlier}.", fix)
        else:
            first[name.casefold()] = index


def _profile_problems(source: dict[str, Tree], where: KeyPath, *, profiles: _Profiles) -> Iterator[Problem]:
    if "profile_folder" in source:
        yield Problem((*where, "profile_folder"), "is not a setting.", "write `profiles: FOLDER` at the top.")
    profile = text_at(source, "profile") or GENERIC_PROFILE
    if profile not in profiles.names:
        fix = suggestion(profile, options=profiles.names)
        yield Problem((*where, "profile"), f"there is no profile {profile!r}.", fix)
        return
    try:
        profiles.require(profile)
    except ProfileError as error:
        yield Problem((*where, "profile"), str(error), "mend the profile.")


def _settlement_problems(
    source: dict[str, Tree], where: KeyPath, *, profiles: _Profiles
) -> Iterator[Problem]:
    """Only a list of open items says by leaving a document out that it is settled."""
    profile = profiles.load(text_at(source, "profile") or GENERIC_PROFILE)
    own = profile.settlement if profile is not None else "allocations"
    settlement = text_at(source, "settlement") or own
    if "vanished" in source and settlement != "residual":
        yield Problem(
            (*where, "vanished"),
            f"says what it means that an open item is listed no longer, but settlement is {settlement}.",
            "write `settlement: residual` if the extract lists open items only, or remove `vanished`.",
        )
    override = _mapping(source, "entities").get("document")
    mode = (text_at(override, "mode") if isinstance(override, dict) else None) or text_at(source, "mode")
    if text_at(source, "vanished") == "settled" and mode not in (None, "full"):
        yield Problem(
            (*where, "vanished"),
            f"a document only vanishes from a full dump, and documents are read as {mode}.",
            "write `mode: full` if each delivery lists all open items, or remove `vanished`.",
        )


def looks_like_dsn(text: str) -> bool:
    """Whether a text may be the address of a database: `engine://...` or `host=... password=...`."""
    return re.search(r"://|\b(host|password|dbname)\s*=", text, flags=re.IGNORECASE) is not None


def _origin_problems(source: dict[str, Tree], where: KeyPath, *, profiles: _Profiles) -> Iterator[Problem]:
    """Files under a path, or a database: one of the two."""
    if "dsn_env" not in source:
        if "path" not in source:
            fix = "add `path: in/erp_cn/{extracted_at:%Y-%m-%d}/`, or `dsn_env: ERP_DSN` for a database."
            yield Problem((*where, "path"), "is missing.", fix)
        return
    if "path" in source:
        yield Problem(
            (*where, "dsn_env"), "the source already has a path.", "keep one of `path` and `dsn_env`."
        )
    if "extracted_at" in source:
        yield Problem(
            (*where, "extracted_at"),
            "a database tells itself when it was read.",
            "remove `extracted_at`.",
        )
    name = text_at(source, "profile") or GENERIC_PROFILE
    profile = profiles.load(name)
    if profile is None:
        return
    if not any(table.sql for table in profile.tables.values()):
        yield Problem(
            (*where, "dsn_env"), f"the profile {name} reads files.", "give a `path`, or another profile."
        )
    for entity in sorted(profile.incremental_entities & set(_mapping(source, "entities"))):
        if "mode" in _mapping(_mapping(source, "entities"), entity):
            yield Problem(
                (*where, "entities", entity, "mode"),
                f"the profile reads only what changed of {entity}, so it is always delta.",
                "remove the line.",
            )


def _path_problems(source: dict[str, Tree], where: KeyPath) -> Iterator[Problem]:
    path = text_at(source, "path")
    if path is None:
        return
    if looks_like_dsn(path):
        fix = "put the DSN into an environment variable, and write `dsn_env:` with its name instead."
        yield Problem((*where, "path"), "is a DSN, not a path.", fix)
        return
    has_placeholder = False
    for inside in PLACEHOLDER.findall(path):
        name, _, codes = inside.partition(":")
        if name != "extracted_at":
            fix = "the only placeholder is {extracted_at:%Y-%m-%d}."
            yield Problem((*where, "path"), f"unknown placeholder {{{inside}}}.", fix)
            continue
        if has_placeholder:
            yield Problem((*where, "path"), "holds {extracted_at:...} twice.", "keep one of them.")
            continue
        has_placeholder = True
        found = re.findall(r"%.?", codes)
        if (
            not set(found) >= DATE_CODES
            or not set(found) <= DATE_CODES | TIME_CODES
            or len(found) != len(set(found))
        ):
            yield Problem(
                (*where, "path"),
                f"{{{inside}}} does not say a date.",
                "use %Y, %m and %d once each, and %H, %M, %S for a time: {extracted_at:%Y-%m-%dT%H%M%S}.",
            )
    if re.sub(PLACEHOLDER, "", path).count("{") or re.sub(PLACEHOLDER, "", path).count("}"):
        yield Problem((*where, "path"), "has a brace that is not closed.", "write {extracted_at:%Y-%m-%d}.")
    elif has_placeholder and "extracted_at" in source:
        yield Problem(
            (*where, "extracted_at"),
            "the path already holds the extraction time.",
            "remove `extracted_at`, or the placeholder in `path`.",
        )
    elif not has_placeholder and "extracted_at" not in source and not PLACEHOLDER.search(path):
        yield Problem(
            (*where, "path"),
            "nothing says when the files were extracted.",
            "put {extracted_at:%Y-%m-%d} into the path, or add `extracted_at: file_mtime` or an ISO timestamp.",
        )


def _entity_problems(source: dict[str, Tree], where: KeyPath) -> Iterator[Problem]:
    contract = load_contract()
    for name, override in _mapping(source, "entities").items():
        if name not in contract.entities:
            fix = suggestion(name, options=tuple(contract.entities))
            yield Problem((*where, "entities", name), f"there is no entity {name!r}.", fix)
            continue
        fixed = contract.entities[name].mode
        mode = text_at(override, "mode") if isinstance(override, dict) else None
        if fixed is not None and mode is not None and mode != fixed:
            yield Problem(
                (*where, "entities", name, "mode"),
                f"{name} has lines without an identifier, so it is always {fixed}.",
                f"write `mode: {fixed}` or remove the line.",
            )


def _constant_problems(source: dict[str, Tree], where: KeyPath) -> Iterator[Problem]:
    columns = {column for entity in load_contract().entities.values() for column in entity.columns}
    for name in _mapping(source, "constants"):
        if name not in columns:
            fix = suggestion(name, options=tuple(sorted(columns)))
            yield Problem((*where, "constants", name), f"no entity has a column {name!r}.", fix)


def _carries_documents(source: dict[str, Tree], *, profiles: _Profiles) -> bool:
    """Whether a source may hold documents: by what it lists under `entities`, else by its profile."""
    listed = frozenset(_mapping(source, "entities"))
    if listed:
        return bool(listed & ERP_ENTITIES)
    profile = profiles.load(text_at(source, "profile") or GENERIC_PROFILE)
    if profile is None:
        return False
    fed = {feed.entity for table in profile.tables.values() for feed in table.feeds}
    return profile.format == "table" and (not fed or bool(fed & ERP_ENTITIES))


def _erp_problems(sources: list[tuple[int, dict[str, Tree]]], *, profiles: _Profiles) -> Iterator[Problem]:
    """A company's documents come from one source; a source that lists `entities` may say that it carries none."""
    first: dict[str, str] = {}
    for index, source in sources:
        company = text_at(_mapping(source, "constants"), "company_code")
        if company is None or company == "*" or text_at(source, "mode") == "append":
            continue
        if not _carries_documents(source, profiles=profiles):
            continue
        name = text_at(source, "name") or f"sources[{index}]"
        if company in first:
            yield Problem(
                ("sources", index, "constants", "company_code"),
                f"{company} already gets its documents from source {first[company]!r}; one ERP source per company.",
                "merge the two, or list under `entities` what this one carries if that is not documents or receipts.",
            )
        else:
            first[company] = name
