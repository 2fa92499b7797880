"""Lookups: columns of a table that stand in another file of the same delivery, such as names beside terms.

Belongs here: joining the two as text. Must not: what is made of the columns (ingest/mapping.py).
"""

from collections.abc import Iterator, Sequence

import polars as pl

from ingest.canonical_text import clean
from ingest.formats import StructureError, TextBatch, TextFile, UnreadableFile, open_tables
from ingest.landing.records import DeliveredFile
from ingest.mapping import match_columns
from ingest.profiles import Profile, Table

KEY = "_lookup_key"


def with_lookups(
    opened: TextFile, *, table: Table, profile: Profile, files: Sequence[DeliveredFile]
) -> TextFile:
    """The file with the fields of the tables that it looks up, each called `<table>.<field>`; none where the delivery
    has no such file or no such row.

    Raises:
        UnreadableFile: a looked up file is unreadable, or says two things about one key.
    """
    for name, field in table.lookups.items():
        opened = _joined(opened, name=name, field=field, table=table, profile=profile, files=files)
    return opened


def _joined(
    opened: TextFile, *, name: str, field: str, table: Table, profile: Profile, files: Sequence[DeliveredFile]
) -> TextFile:
    found = _rows(name, field=field, profile=profile, files=files)
    own = match_columns(opened.header, table=table, layout=profile.layout_of(table), preamble=opened.preamble)
    key = own.cell(field)
    if key is None or found is None:
        return opened
    added = [column for column in found.columns if column != KEY]

    def joined(batches: Iterator[TextBatch]) -> Iterator[TextBatch]:
        for batch in batches:
            frame = batch.frame.with_columns(key.alias(KEY)).join(
                found, on=KEY, how="left", maintain_order="left"
            )
            yield TextBatch(frame.drop(KEY), batch.bad)

    return TextFile(
        header=(*opened.header, *added),
        batches=lambda: joined(opened.batches()),
        salvaged=lambda: joined(opened.salvaged()),
        is_typed=opened.is_typed,
        preamble=opened.preamble,
    )


def _rows(name: str, *, field: str, profile: Profile, files: Sequence[DeliveredFile]) -> pl.DataFrame | None:
    wanted = profile.tables[name]
    frames = []
    for file in files:
        if wanted not in profile.tables_of(file.path.name):
            continue
        for table, opened in open_tables(file.path, profile=profile):
            if table is wanted:
                frames += _fields(opened, name=name, field=field, table=wanted, profile=profile)
    if not frames:
        return None
    rows = pl.concat(frames, how="diagonal").drop_nulls(KEY).unique(maintain_order=True)
    twice = rows.filter(pl.col(KEY).is_duplicated())
    if twice.height:
        raise UnreadableFile(
            f"{name}: {twice[KEY][0]!r} has two different rows.", fix="deliver one row for each of them."
        )
    return rows


def _fields(opened: TextFile, *, name: str, field: str, table: Table, profile: Profile) -> list[pl.DataFrame]:
    layout = profile.layout_of(table)
    headers = match_columns(opened.header, table=table, layout=layout, preamble=opened.preamble).headers
    if field not in headers:
        raise UnreadableFile(
            f"{name}: has no column {' or '.join(table.fields.get(field, (field,)))}.",
            fix="export it with this column, or add its name here to the `fields` of the profile.",
        )
    cells = [clean(pl.col(header), layout=layout).alias(f"{name}.{one}") for one, header in headers.items()]
    cells.append(clean(pl.col(headers[field]), layout=layout).alias(KEY))
    try:
        batches = list(opened.batches())
    except StructureError:
        batches = list(opened.salvaged())
    return [batch.frame.select(cells) for batch in batches]
