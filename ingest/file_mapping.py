"""How one file feeds an entity: the text of each canonical column, and which rows are meant.

Belongs here: matching a header to an entity, by the contract's own names or by a table of a profile. Must not: typing
rows (canonical.py), working out single cells (mapping.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ingest.canonical_text import clean
from ingest.contract import Entity
from ingest.formats import TextFile
from ingest.mapping import is_fed, is_ignored, is_unclaimed, match_columns, missing_fields, value_of
from ingest.profiles import Feed, Layout, Profile, Table

DELETED = "_deleted"
ISO_DATE = "%Y-%m-%d"
# as typed formats give a moment to the second; read where the layout has dates with a time of day
TYPED_MOMENT = "%Y-%m-%dT%H:%M:%S.000000"


@dataclass(frozen=True)
class FileMapping:
    """How one file feeds an entity.

    `cells`: cleaned text of each canonical column that the file has. `layout`: how numbers and dates stand in those
    texts. `deleted`: the cell that marks a tombstone. `takes`: the rows that feed the entity; `unclaimed`: rows that
    nobody takes, which this entity must answer for.
    """

    entity: Entity
    layout: Layout
    cells: Mapping[str, pl.Expr]
    constants: Mapping[str, str]
    deleted: pl.Expr | None
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    takes: pl.Expr | None = None
    unclaimed: pl.Expr | None = None

    @property
    def has_deletes(self) -> bool:
        """Whether rows may be tombstones."""
        return self.deleted is not None


def map_file(
    file: TextFile, *, entity: Entity, profile: Profile, constants: Mapping[str, str]
) -> FileMapping:
    """Match the header of a file that is named after its entity. Unknown columns are only named; missing required
    ones refuse the delivery."""
    layout = _typed_layout(profile.layout) if file.is_typed else profile.layout
    columns = {
        name: in_file
        for name in entity.columns
        if (in_file := profile.column_in_file(name, entity=entity.name)) in file.header
    }
    used = {*columns.values(), DELETED}
    given = _given(constants, entity=entity)
    return FileMapping(
        entity=entity,
        layout=layout,
        cells={name: clean(pl.col(in_file), layout=layout) for name, in_file in columns.items()},
        constants=given,
        deleted=clean(pl.col(DELETED), layout=layout) if DELETED in file.header else None,
        unknown=tuple(name for name in file.header if name not in used),
        missing=tuple(
            profile.column_in_file(column.name, entity=entity.name)
            for column in entity.required_columns
            if column.name not in columns and column.name not in given
        ),
    )


def map_feed(
    file: TextFile,
    *,
    entity: Entity,
    profile: Profile,
    table: Table,
    feed: Feed,
    constants: Mapping[str, str],
) -> FileMapping:
    """Work out the columns of an entity from a table of the profile. Missing fields refuse the delivery; columns that
    nothing asks for are no news, since a profile takes what it needs from a wide extract."""
    layout = profile.layout_of(table)
    if file.is_typed:
        moments = (TYPED_MOMENT,) if any("%S" in text for text in layout.date_formats) else ()
        layout = layout.model_copy(update={"date_formats": (*_with_iso(layout), *moments)})
    columns = match_columns(file.header, table=table, layout=layout, preamble=file.preamble)
    given = _given(constants, entity=entity)
    cells = {
        name: text
        for name, cell in feed.columns.items()
        if (text := value_of(cell, column=entity.columns[name], columns=columns)) is not None
    }
    return FileMapping(
        entity=entity,
        layout=_typed_layout(layout),
        cells=cells,
        constants=given,
        deleted=None,
        unknown=(),
        missing=missing_fields(feed, entity=entity, columns=columns, given=given),
        takes=is_fed(feed, columns=columns) & ~is_ignored(columns),
        unclaimed=is_unclaimed(columns) if feed is table.feeds[0] else None,
    )


def _typed_layout(layout: Layout) -> Layout:
    """Numbers with a point and ISO dates beside those of the layout: what typed formats and mappings write."""
    return Layout(date_formats=_with_iso(layout), null_texts=layout.null_texts)


def _with_iso(layout: Layout) -> tuple[str, ...]:
    return (ISO_DATE, *(f for f in layout.date_formats if f != ISO_DATE))


def _given(constants: Mapping[str, str], *, entity: Entity) -> dict[str, str]:
    return {name: value for name, value in constants.items() if name in entity.columns}
