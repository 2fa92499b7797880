"""From a file to the draft of its profile.

Belongs here: the steps in their order, and what they come to. Must not: any one of the steps, printing, choosing where
the draft is written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.contract import load_contract
from ingest.formats import UnreadableFile
from ingest.inspection.bank_amount import BANK, find_amount
from ingest.inspection.columns import Facts, facts_of
from ingest.inspection.dictionary import is_contact, is_known
from ingest.inspection.draft import Writer, dry_run_comments, new_profile, on_base
from ingest.inspection.dry_run import DryRun, first_part, try_profile
from ingest.inspection.findings import Doubt
from ingest.inspection.grid import Grid, open_grid
from ingest.inspection.layout import Written
from ingest.inspection.layout import written as written_layout
from ingest.inspection.matching import LEAST_ENTITY, Candidate, candidates
from ingest.inspection.plan import Plan
from ingest.inspection.planning import make_plan
from ingest.inspection.shipped import GENERIC, Fit, fits, nearest, one_of_several
from ingest.profiles import PROFILE_FOLDER, Profile, load_profile, profile_names
from ingest.profiles.loader import profile_body

CLOSE = 1.5


@dataclass(frozen=True)
class Inspection:
    """Everything that was found out about a file. `fits`: shipped profiles that read it, best first; `near`: where none
    does, one that nearly would. `candidates`: entities that it may hold, best first; `plan` is that of the first."""

    path: Path
    grid: Grid
    facts: tuple[Facts, ...]
    written: Written
    fits: tuple[Fit, ...]
    candidates: tuple[Candidate, ...]
    plan: Plan
    near: str | None


@dataclass(frozen=True)
class Draft:
    """A draft as text. `constants`: what the source has to give, with values that stand in. `fit`: the shipped profile
    that it builds on. `doubts`: what a person must decide, as it stands in the text."""

    name: str
    text: str
    inspection: Inspection
    profile: Profile
    dry_run: DryRun | None
    refusal: str | None
    constants: dict[str, str]
    fit: Fit | None
    doubts: tuple[str, ...]

    @property
    def recommended(self) -> str | None:
        """The shipped profile to use instead of the draft."""
        return self.fit.profile if self.fit is not None and self.fit.as_it_stands else None


def inspect(path: Path) -> Inspection:
    """Find out what a file holds.

    Raises:
        CannotInspect: it is empty, no text, no workbook, or of a kind that is not read.
    """
    grid = open_grid(path, knows=is_known)
    facts = facts_of(grid)
    how = written_layout(grid, facts)
    amount = find_amount(facts, grid=grid, written=how, file_name=path.name)
    has_balance = amount is not None and amount.proof is not None and amount.proof.tried > 1
    found = candidates(facts, file_name=path.name, has_balance=has_balance)
    best = found[0]
    doubts: list[Doubt] = []
    if best.score < LEAST_ENTITY:
        best = _by_values(found, facts, has_balance=has_balance)
        doubts.append(
            Doubt(
                "feeds",
                f"no name tells what the rows are; {best.entity.name} is taken for what the values look like",
            )
        )
    elif found[1].score > best.score - CLOSE:
        told = f"{best.entity.name} ({best.score:.1f}) or {found[1].entity.name} ({found[1].score:.1f})?"
        doubts.append(Doubt("feeds", f"are the rows {told} The columns suit both"))
    is_bank = best.entity.name == BANK
    plan = make_plan(best, facts=facts, grid=grid, written=how, amount=amount if is_bank else None)
    plan.doubts += doubts
    _mark_contact(plan, facts)
    shipped = tuple(fits(path, grid=grid, written=how))
    return Inspection(
        path=path,
        grid=grid,
        facts=facts,
        written=how,
        fits=shipped,
        candidates=(best, *[c for c in found if c is not best]),
        plan=plan,
        near=None if shipped else one_of_several(grid) or nearest(grid),
    )


def _by_values(found: Sequence[Candidate], facts: Sequence[Facts], *, has_balance: bool) -> Candidate:
    """What rows look like whose columns are not known by name: days, figures and texts are bank lines where some
    figures are negative or balances follow, else documents where something numbers them."""
    by_name = {c.entity.name: c for c in found}
    kinds = [f.kind for f in facts]
    if "date" in kinds and "number" in kinds:
        is_signed = any(f.marks is not None and f.marks.has_negative for f in facts if f.kind == "number")
        has_days = kinds.count("date") > 1
        return by_name[BANK] if has_balance or (is_signed and not has_days) else by_name["document"]
    if "number" not in kinds and any(f.is_unique for f in facts):
        return by_name["customer"]
    return found[0] if found[0].matches else by_name["document"]


def _mark_contact(plan: Plan, facts: Sequence[Facts]) -> None:
    for f in facts:
        if f.name in plan.unused and (f.is_contact or is_contact(f.name)):
            plan.unused[f.name] = "contact data"


def draft_profile(path: Path, *, name: str | None = None) -> Draft:
    """The draft of a profile for a file, which has been loaded and tried.

    Raises:
        CannotInspect: the file is nothing that could be described.
    """
    found = inspect(path)
    name = name or name_for(path)
    fit = next(iter(found.fits), None)
    written, constants = _on_shipped(found, fit) if fit is not None else _of_its_own(found, name=name)
    text = written.text
    profile, run, refusal = _tried(text, name=name, found=found, constants=constants)
    contact = {c.name for e in load_contract().entities.values() for c in e.private_columns}
    text += dry_run_comments(run, refusal=refusal, contact=contact)
    return Draft(name, text, found, profile, run, refusal, constants, fit, tuple(written.doubts))


def name_for(path: Path) -> str:
    """A name for the profile of a file: its own without days and numbers."""
    plain = re.sub(r"[^\w]+", "_", _stem(path)).strip("_").lower()
    known = profile_names()
    plain = plain or "source"
    return f"{plain}_own" if plain in known or plain.startswith("_") else plain


def _stem(path: Path) -> str:
    stem = path.name.rpartition(".")[0]
    plain = re.sub(r"[-_ .()]*\d[\d\-_. ()]*$", "", stem)
    return plain if len(plain) > 2 else stem


def _head(found: Inspection) -> list[str]:
    rows = len(found.grid.rows) - len(found.grid.ignored)
    return [
        f"Draft for {found.path.name} by `arrears profile new`, which read {found.grid.read}: {rows:,} rows.",
        "Behind each guess stands how sure it is and why. A line with DOUBT is for a person to decide.",
    ]


def _of_its_own(found: Inspection, *, name: str) -> tuple[Writer, dict[str, str]]:
    plan, how = found.plan, found.written
    entities = " and ".join(dict.fromkeys(feed.entity for feed in plan.feeds))
    is_bank = plan.feeds[0].entity == BANK
    keys = dict(how.keys)
    if found.grid.kind != "delimited":
        keys = {k: v for k, v in keys.items() if k not in ("encoding", "delimiter")}
    head = _head(found)
    if found.near:
        head.append(found.near[0].upper() + found.near[1:] + ".")
    pattern = "*" if is_bank else re.sub(r"[\[\]?]", "?", _stem(found.path)) + "*"
    out = new_profile(
        plan,
        table=re.sub(r"\W+", "_", name) or "table",
        files=pattern,
        sheet=found.grid.sheet,
        head=head,
        description=f"{entities} from files like {_stem(found.path)}",
        keys=keys,
        notes=how.notes,
        doubts=how.doubts,
    )
    return out, dict(plan.constants)


def _on_shipped(found: Inspection, fit: Fit) -> tuple[Writer, dict[str, str]]:
    head = _head(found)
    told = f"The shipped profile {fit.profile} ({fit.table}) reads this file"
    if fit.as_it_stands:
        head.append(
            f"{told} as it stands: write `profile: {fit.profile}` in arrears.yml, and leave this draft out."
        )
    elif fit.differs:
        head.append(f"{told} once these keys are changed: {', '.join(fit.differs)}.")
    else:
        head.append(
            f"{told}, but takes files of other names: give the file one of its names, or use this draft."
        )
    others = [f"{one.profile} ({one.table})" for one in found.fits[1:] if one.profile != fit.profile][:2]
    doubts = [d for d in found.written.doubts if d.topic in fit.differs]
    if others:
        doubts.append(
            Doubt("base", f"{' and '.join(others)} would read it too; {fit.profile} uses more of its columns")
        )
    keys = dict(fit.differs)
    tables: dict[str, Any] = {}
    body = profile_body(PROFILE_FOLDER / f"{fit.profile}.yml").get("tables", {}).get(fit.table, {})
    if fit.profile != GENERIC and (not fit.fits_name or (keys and body.get("layout"))):
        tables = {fit.table: {**body, "files": body["files"] if fit.fits_name else [_stem(found.path) + "*"]}}
        if keys and body.get("layout"):
            tables[fit.table]["layout"] = {**body["layout"], **{k: _plain(v) for k, v in keys.items()}}
            keys = {}
    out = on_base(
        base=fit.profile,
        head=head,
        description=f"{fit.profile} for files like {_stem(found.path)}",
        keys=keys,
        notes=found.written.notes,
        doubts=doubts,
        tables=tables,
    )
    currencies = found.written.currencies
    given = {
        "company_code": "C1",
        "account": "A1",
        "currency": currencies[0] if len(currencies) == 1 else "XTS",
    }
    return out, {key: given[key] for key in fit.needs}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _tried(
    text: str, *, name: str, found: Inspection, constants: dict[str, str]
) -> tuple[Profile, DryRun | None, str | None]:
    """The draft as a profile, and what it gives; a file that it cannot read is told, not raised."""
    with TemporaryDirectory(prefix="arrears-draft-") as folder:
        (Path(folder) / f"{name}.yml").write_text(text, encoding="utf-8")
        profile = load_profile(name, folder=Path(folder))
    generic = profile.tables == {}
    entity = next((f.table for f in found.fits), "") if generic else ""
    called = f"{entity}{found.path.suffix.lower()}" if entity else None
    try:
        with first_part(found.path, is_cut=found.grid.is_cut, name=called) as part:
            return profile, try_profile(part, profile=profile, constants=constants), None
    except UnreadableFile as error:
        return profile, None, f"{error} fix: {error.fix}"
