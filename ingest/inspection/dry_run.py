"""A profile tried on one file: what each entity would get, what would be set aside and why. Nothing is written.

Belongs here: reading a file as landing reads it, and counting. Must not: landing, judging the profile.

Tables that other files are looked up in are read without them, and rules between rows (a key that comes twice) are
those of landing; so a row that is accepted here may still be refused beside others.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from ingest.canonical import WITHHELD, canonicalise
from ingest.contract import load_contract
from ingest.file_mapping import FileMapping, map_feed, map_file
from ingest.formats import (
    STATEMENT_ENTITIES,
    StructureError,
    TextFile,
    UnreadableFile,
    open_tables,
    open_text,
)
from ingest.inspection.sample import MOST_BYTES, MOST_ROWS
from ingest.mapping import is_ignored, match_columns
from ingest.profiles import Profile

REFUSED = "refused"
LONGEST_EXAMPLE = 60
# for rows that are shared by all companies
COMPANIES = ("C1",)


@dataclass(frozen=True)
class SetAside:
    """Rows of one reason: how many, and one of them by its record number and the text at fault."""

    reason: str
    column: str | None
    rows: int
    example_row: int
    example: str | None


@dataclass(frozen=True)
class Fed:
    """What an entity would get from a table. `refusal`: why the whole file would be refused, else None."""

    table: str
    entity: str
    rows: int
    accepted: int
    ignored: int
    set_aside: tuple[SetAside, ...]
    refusal: str | None = None

    @property
    def rejected(self) -> int:
        """Rows set aside."""
        return sum(one.rows for one in self.set_aside)


@dataclass(frozen=True)
class DryRun:
    """What a file gives by a profile. `unused`: columns that nothing asks for, by table."""

    fed: tuple[Fed, ...]
    unused: Mapping[str, tuple[str, ...]]

    @property
    def accepted(self) -> int:
        """Rows accepted, over all entities."""
        return sum(one.accepted for one in self.fed)

    @property
    def rejected(self) -> int:
        """Rows set aside, over all entities."""
        return sum(one.rejected for one in self.fed)

    @property
    def is_refused(self) -> bool:
        """Whether landing would refuse the file."""
        return any(one.refusal for one in self.fed)


def try_profile(path: Path, *, profile: Profile, constants: Mapping[str, str]) -> DryRun:
    """Read a file by a profile.

    Args:
        constants: what the source would give for columns that the file does not have.
    Raises:
        UnreadableFile: the file is not what the profile says; the error names the fix.
    """
    contract = load_contract()
    fed: list[Fed] = []
    unused: dict[str, tuple[str, ...]] = {}
    if not profile.tables:
        for entity in _entities_of(path, profile):
            opened = open_text(path, profile=profile, entity=entity)
            mapping = map_file(opened, entity=contract.entity(entity), profile=profile, constants=constants)
            fed.append(_fed([(opened, mapping)], table=entity, entity=entity, ignored=None))
            unused[entity] = mapping.unknown
        return DryRun(tuple(fed), unused)
    for table, opened in open_tables(path, profile=profile, given=constants):
        name = next(n for n, one in profile.tables.items() if one is table)
        columns = match_columns(
            opened.header, table=table, layout=profile.layout_of(table), preamble=opened.preamble
        )
        used = set(columns.headers.values())
        unused[name] = tuple(h for h in opened.header if h not in used and not h.startswith("_unnamed_"))
        by_entity: dict[str, list[tuple[TextFile, FileMapping]]] = {}
        for feed in table.feeds:
            mapping = map_feed(
                opened,
                entity=contract.entity(feed.entity),
                profile=profile,
                table=table,
                feed=feed,
                constants=constants,
            )
            by_entity.setdefault(feed.entity, []).append((opened, mapping))
        for entity, mappings in by_entity.items():
            fed.append(_fed(mappings, table=name, entity=entity, ignored=is_ignored(columns)))
    return DryRun(tuple(fed), unused)


def _entities_of(path: Path, profile: Profile) -> tuple[str, ...]:
    if profile.format != "table":
        return STATEMENT_ENTITIES
    stem = path.name.partition(".")[0]
    names = [e for e in load_contract().entities if stem == e or stem.startswith(f"{e}-")]
    if not names:
        raise UnreadableFile(
            f"{path.name}: the profile {profile.name!r} reads files named after an entity of the contract.",
            fix="call it, for example, document.csv, or use a profile with tables.",
        )
    return tuple(names)


def _fed(
    opened: list[tuple[TextFile, FileMapping]], *, table: str, entity: str, ignored: pl.Expr | None
) -> Fed:
    missing = [name for _, mapping in opened for name in mapping.missing]
    if missing:
        told = f"missing column {', '.join(dict.fromkeys(missing))}"
        return Fed(table, entity, 0, 0, 0, (), told)
    counts = _Counts()
    for number, (file, mapping) in enumerate(opened):
        try:
            of_feed = _count(file, mapping, ignored=ignored, salvages=False)
        except StructureError:
            of_feed = _count(file, mapping, ignored=ignored, salvages=True)
        counts.add(of_feed, is_first=number == 0)
    set_aside = tuple(
        SetAside(reason, column, count, *counts.examples[(reason, column)])
        for (reason, column), count in counts.reasons.most_common()
    )
    total = counts.accepted + sum(one.rows for one in set_aside)
    return Fed(table, entity, max(counts.records, total), counts.accepted, counts.ignored, set_aside)


@dataclass
class _Counts:
    """Counts of one file and entity; no row is kept but an example per reason."""

    records: int = 0
    accepted: int = 0
    ignored: int = 0
    reasons: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    examples: dict[tuple[str, str | None], tuple[int, str | None]] = field(default_factory=dict)

    def add(self, other: "_Counts", *, is_first: bool) -> None:
        """Take up what another feed of the same records counted."""
        if is_first:
            self.records, self.ignored = other.records, other.ignored
        self.accepted += other.accepted
        self.reasons.update(other.reasons)
        self.examples = {**other.examples, **self.examples}


def _count(file: TextFile, mapping: FileMapping, *, ignored: pl.Expr | None, salvages: bool) -> _Counts:
    counts = _Counts()
    for batch in file.salvaged() if salvages else file.batches():
        canonical = canonicalise(batch, mapping=mapping, companies=COMPANIES)
        # records that no feed takes are told among the rejected ones
        counts.records += batch.frame.height + len(batch.bad)
        counts.accepted += canonical.accepted.height
        counts.ignored += 0 if ignored is None else int(batch.frame.select(ignored.sum()).item() or 0)
        for row in canonical.rejected.iter_rows(named=True):
            key = (row["reason_code"], row["column_name"])
            counts.reasons[key] += 1
            counts.examples.setdefault(key, (row["_row"], _shown(row["original_text"])))
    return counts


def _shown(text: str | None) -> str | None:
    if text is None or text == WITHHELD:
        return text
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_EXAMPLE else plain[:LONGEST_EXAMPLE] + "..."


@contextmanager
def first_part(
    path: Path, *, is_cut: bool, sheet_rows: int = MOST_ROWS, name: str | None = None
) -> Iterator[Path]:
    """The file itself, or where it is too large a copy of its first part under the same name, until the end of the
    block.

    Args:
        name: another name for the copy.
    """
    is_text = path.suffix.lower() not in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
    if name is None and (not is_cut or path.suffix.lower().startswith((".xl", ".od"))):
        yield path
        return
    with TemporaryDirectory(prefix="arrears-inspect-") as folder:
        part = Path(folder) / (name or path.name)
        if path.suffix.lower() == ".parquet":
            pl.scan_parquet(path, glob=False).head(sheet_rows).collect().write_parquet(part)
        elif is_text and is_cut:
            with path.open("rb") as file:
                head = file.read(MOST_BYTES)
            lines = head[: head.rfind(b"\n") + 1 or None].split(b"\n", sheet_rows)
            part.write_bytes(b"\n".join(lines[:sheet_rows]))
        else:
            part.write_bytes(path.read_bytes())
        yield part
