"""A profile with tables, and a file, read as landing reads them.

Belongs here: writing the two and giving back what an entity gets. Must not: asserts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ingest.canonical import CanonicalBatch, canonicalise, map_feed
from ingest.contract import load_contract
from ingest.formats import StructureError, open_tables
from ingest.profiles import Profile, load_profile
from ingest.running_balance import statements_of


@dataclass(frozen=True)
class Fed:
    """What an entity got from a file."""

    accepted: list[dict[str, Any]]
    rejected: list[dict[str, Any]]

    def column(self, name: str) -> list[Any]:
        """One accepted column."""
        return [row[name] for row in self.accepted]

    @property
    def faults(self) -> list[tuple[str, str | None, str | None]]:
        """Reason, column and original text of what was set aside."""
        return [(r["reason_code"], r["column_name"], r["original_text"]) for r in self.rejected]


def feed(path: Path, *, profile: Profile, entity: str, constants: Mapping[str, str] | None = None) -> Fed:
    """Read a file by its profile for one entity."""
    given = constants or {}
    batches: list[CanonicalBatch] = []
    for table, opened in open_tables(path, profile=profile, given=given):
        for one in table.feeds:
            if one.entity != entity:
                continue
            mapping = map_feed(
                opened,
                entity=load_contract().entity(entity),
                profile=profile,
                table=table,
                feed=one,
                constants=given,
            )
            assert not mapping.missing, mapping.missing
            try:
                batches += [canonicalise(batch, mapping=mapping) for batch in opened.batches()]
            except StructureError:
                batches += [canonicalise(batch, mapping=mapping) for batch in opened.salvaged()]
    accepted = [row for batch in batches for row in batch.accepted.rows(named=True)]
    rejected = [batch.rejected for batch in batches if batch.rejected.height]
    return Fed(accepted, pl.concat(rejected, how="diagonal").rows(named=True) if rejected else [])


def statements(
    path: Path, *, profile: Profile, constants: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The statements that the running balances of a file give, as text."""
    given = constants or {}
    return [
        row
        for table, opened in open_tables(path, profile=profile, given=given)
        if table.running_balance
        for batch in statements_of(opened, table=table, profile=profile, constants=given).batches()
        for row in batch.frame.rows(named=True)
    ]


def own_profile(folder: Path, text: str) -> Profile:
    """A profile written in YAML."""
    (folder / "own.yml").write_text(text, encoding="utf-8")
    return load_profile("own", folder=folder)
