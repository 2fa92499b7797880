"""`arrears profile`: draft a profile for an unknown file, try one on a file, list those that are installed.

Belongs here: where a draft is written, and what is printed. Must not: look into files (`ingest.inspection`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ingest.formats import UnreadableFile
from ingest.inspection import CannotInspect, Draft, DryRun, draft_profile, try_profile
from ingest.profiles import PROFILE_FOLDER, Profile, ProfileError, load_profile, profile_names
from ingest.settings import own_profiles_of
from ingest.settings_document import read_document
from orchestration.commands.output import Format, Row, render
from orchestration.errors import OrchestrationError

DEFAULT_FOLDER = "profiles"
_NAME = re.compile(r"[^\W_][\w-]*")
_CHECK_COLUMNS = ("table", "entity", "outcome", "column_name", "rows", "example_row", "example")
_LIST_COLUMNS = ("profile", "mode", "settlement", "format", "description")


def own_profiles(config: Path | None) -> Path | None:
    """The folder of own profiles that an arrears.yml names, which need not be right otherwise: a source may wait for
    the very profile that is to be written."""
    return None if config is None else own_profiles_of(read_document(config.expanduser().absolute()))


def draft_folder(out: Path | None, *, config: Path | None, own: Path | None) -> Path:
    """Where a draft goes: as asked, else among the company's own profiles, else the current folder.

    Args:
        config: the arrears.yml that was named.
        own: the folder that it names under `profiles`.
    """
    if out is not None:
        return out
    if config is None:
        return Path()
    return own if own is not None else config.parent / DEFAULT_FOLDER


def new_profile(file: Path, *, name: str | None, folder: Path, has_own: bool) -> int:
    """Write the draft of a profile for a file, and print what it says.

    Args:
        has_own: arrears.yml names the folder already.
    Raises:
        OrchestrationError: the file cannot be described, or the draft exists already.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise OrchestrationError(
            f"{name!r} is no name for a profile",
            fix="use letters, digits, _ and -, beginning with a letter or digit",
        )
    try:
        draft = draft_profile(file, name=name)
    except CannotInspect as error:
        raise OrchestrationError(str(error), fix=error.fix) from error
    path = folder / f"{draft.name}.yml"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # exclusive: a profile that somebody has mended is never written over
        with path.open("x", encoding="utf-8") as target:
            target.write(draft.text)
    except FileExistsError as error:
        raise OrchestrationError(
            f"{path} is there already", fix="give another name with --name, or another folder with --out"
        ) from error
    print("\n".join(_summary(draft, path=path, file=file, has_own=has_own)))
    return 0


def _summary(draft: Draft, *, path: Path, file: Path, has_own: bool) -> list[str]:
    found = draft.inspection
    entities = (
        ", ".join(dict.fromkeys(fed.entity for fed in draft.dry_run.fed)) if draft.dry_run else "nothing yet"
    )
    rows, columns = len(found.grid.rows) - len(found.grid.ignored), len(found.grid.header)
    told = (
        f"{file.name}: {rows:,} rows of {columns} columns ({found.grid.read} was read), taken for {entities}"
    )
    lines = [told]
    if draft.recommended:
        lines.append(
            f"the installed profile {draft.recommended} reads it as it stands: use that one instead of a draft"
        )
    elif draft.fit is not None:
        told = ", ".join(draft.fit.differs) or "the names of its files"
        lines.append(
            f"the installed profile {draft.fit.profile} reads it but for {told}: the draft builds on it"
        )
    elif found.near:
        lines.append(found.near)
    if draft.dry_run is None:
        lines.append(f"the draft cannot read it yet: {draft.refusal}")
    else:
        lines += _told(draft.dry_run)
    if draft.doubts:
        lines.append(f"{len(draft.doubts)} doubts, each a line with DOUBT in the draft:")
        lines += [f"  - {doubt}" for doubt in draft.doubts]
    lines += [
        "",
        f"written to {path}",
        "next: settle the doubts there, then",
        f"  arrears profile check {path} {file}",
    ]
    lines += ["and name it in arrears.yml:", "", *_snippet(draft, path=path, has_own=has_own)]
    return lines


def _told(run: DryRun) -> list[str]:
    lines = []
    for fed in run.fed:
        if fed.refusal:
            lines.append(f"{fed.entity}: the file would be refused: {fed.refusal}")
            continue
        lines.append(f"{fed.entity}: {fed.accepted:,} rows accepted, {fed.rejected:,} set aside")
        lines += [f"  {one.rows:,} x {one.reason} {one.column or ''}".rstrip() for one in fed.set_aside]
    return lines


def _snippet(draft: Draft, *, path: Path, has_own: bool) -> list[str]:
    """The lines for arrears.yml."""
    lines = [] if has_own or draft.recommended else [f"profiles: {path.parent.absolute()}"]
    given = ", ".join(f"{key}: {value}" for key, value in draft.constants.items())
    lines += [
        "sources:",
        f"  - name: {draft.name}",
        f"    profile: {draft.recommended or draft.name}",
        f"    path: in/{draft.name}/{{extracted_at:%Y-%m-%d}}/",
    ]
    return [*lines, *([f"    constants: {{{given}}}"] if given else [])]


def check_profile(
    profile: str, file: Path, *, own: Path | None, constants: Sequence[str], output: Format
) -> int:
    """Try a profile on a file and print what each entity would get.

    Args:
        profile: a name, or a file that ends in .yml.
        own: folder of the company's own profiles, which come first.
        constants: `column=value` as the source would give it.
    Returns:
        0, or 2 when landing would refuse the file or set rows aside.
    Raises:
        OrchestrationError: there is no such profile, it is not valid, or the file is not what it says.
    """
    if not file.is_file():
        raise OrchestrationError(f"there is no file {file}", fix="name the file to read")
    given = _constants(constants)
    loaded = _loaded(profile, own=own)
    try:
        run = try_profile(file, profile=loaded, constants=given)
    except UnreadableFile as error:
        raise OrchestrationError(str(error), fix=error.fix) from error
    if not run.fed:
        raise OrchestrationError(
            f"the profile {loaded.name} has no table for a file called {file.name}",
            fix=f"rename the file, or change `files` of a table: {_patterns(loaded)}",
        )
    print(render(_check_rows(run), columns=_CHECK_COLUMNS, output=output))
    if output == "table":
        print(f"\n{run.accepted:,} rows accepted, {run.rejected:,} set aside")
        for table, names in run.unused.items():
            if names:
                print(f"columns of {table} that nothing uses: {', '.join(names)}")
        if run.is_refused:
            print("missing columns that the source gives: try --constant company_code=C1, and so on")
    return 2 if run.is_refused or run.rejected else 0


def _constants(texts: Sequence[str]) -> dict[str, str]:
    given = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not name or not value:
            raise OrchestrationError(f"{text!r} is no constant", fix="write it as column=value")
        given[name.strip()] = value.strip()
    return given


def _patterns(profile: Profile) -> str:
    return ", ".join(dict.fromkeys(pattern for table in profile.tables.values() for pattern in table.files))


def _loaded(profile: str, *, own: Path | None) -> Profile:
    path = Path(profile)
    try:
        if path.suffix == ".yml":
            return load_profile(path.stem, folder=path.parent)
        folders = [folder for folder in (own, PROFILE_FOLDER) if folder is not None and folder.is_dir()]
        known = [folder for folder in folders if profile in profile_names(folder)]
        return load_profile(profile, folder=known[0] if known else PROFILE_FOLDER)
    except ProfileError as error:
        raise OrchestrationError(
            str(error), fix="`arrears profile list` names those that are installed"
        ) from error


def _check_rows(run: DryRun) -> list[Row]:
    rows: list[Row] = []
    for fed in run.fed:
        same = {"table": fed.table, "entity": fed.entity}
        if fed.refusal:
            rows.append(same | {"outcome": "refused", "rows": fed.rows, "example": fed.refusal})
            continue
        rows.append(same | {"outcome": "accepted", "rows": fed.accepted})
        if fed.ignored:
            rows.append(same | {"outcome": "ignored", "rows": fed.ignored})
        rows += [
            same
            | {
                "outcome": one.reason,
                "column_name": one.column,
                "rows": one.rows,
                "example_row": one.example_row,
                "example": one.example,
            }
            for one in fed.set_aside
        ]
    return rows


def list_profiles(*, own: Path | None, output: Format) -> int:
    """Print the profiles that a source may name: the company's own first, then those that are installed."""
    rows: list[Row] = []
    for folder in (own, PROFILE_FOLDER):
        if folder is None or not folder.is_dir():
            continue
        for name in profile_names(folder):
            if any(row["profile"] == name for row in rows):
                continue
            try:
                profile = load_profile(name, folder=folder)
            except ProfileError as error:
                raise OrchestrationError(str(error), fix="mend the profile, or remove it") from error
            rows.append(
                {
                    "profile": name,
                    "mode": profile.mode,
                    "settlement": profile.settlement,
                    "format": profile.format,
                    "description": profile.description,
                }
            )
    print(render(rows, columns=_LIST_COLUMNS, output=output))
    return 0
