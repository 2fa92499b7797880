"""File formats: a file becomes frames of text, one row per record.

Belongs here: CSV, Excel, Parquet and bank statements, each cell as the exact text it means, with the 1-based record
number `_row`.
Must not: what a column means, which values are allowed, or which rows are good beyond the structure of the file.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ingest.contract import load_contract
from ingest.formats.csv_text import open_csv
from ingest.formats.frames import ROW, BadRecord, StructureError, TextBatch, TextFile, UnreadableFile
from ingest.formats.parquet import open_parquet
from ingest.formats.preamble import Sought
from ingest.formats.statements import STATEMENT_ENTITIES, open_statements
from ingest.formats.workbook import open_workbook
from ingest.profiles import Layout, Profile, Table, required_fields

SUFFIXES = (".csv", ".parquet", ".xlsx")
DELIMITED_SUFFIXES = (".csv", ".txt", ".tsv", ".dat")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
# what a profile with tables may read; files in the shape of the contract are of the three kinds above
MOST_NAMES_SHOWN = 3
TABLE_SUFFIXES = (*DELIMITED_SUFFIXES, *WORKBOOK_SUFFIXES, ".parquet")

__all__ = [
    "ROW",
    "STATEMENT_ENTITIES",
    "SUFFIXES",
    "TABLE_SUFFIXES",
    "BadRecord",
    "StructureError",
    "TextBatch",
    "TextFile",
    "UnreadableFile",
    "open_tables",
    "open_text",
]


def open_text(path: Path, *, profile: Profile, entity: str, kept: Path | None = None) -> TextFile:
    """Open one delivered file for one entity: by the format of its profile, a table by its suffix.

    Args:
        kept: folder in which what a file holds of another entity may wait until it is asked for.
    Raises:
        UnreadableFile: it is not what its suffix says, or has no usable header; the error names the fix.
    """
    if profile.format != "table":
        return open_statements(
            path, format_name=profile.format, encodings=profile.encodings, entity=entity, kept=kept
        )
    return _open(path, layout=profile.layout, suffixes=SUFFIXES)


def open_tables(
    path: Path, *, profile: Profile, given: Collection[str] = ()
) -> Iterator[tuple[Table, TextFile]]:
    """Open one delivered file as everything that its profile says of such a name: each sheet that a table asks for,
    and of tables with the same `files` the first whose header it has.

    Args:
        given: canonical columns that the source fills with constants, so that the header need not have them.
    Raises:
        UnreadableFile: it is not what its suffix says, or no header fits; the error names the fix.
    """
    alternatives: dict[tuple[tuple[str, ...], str | None], list[Table]] = {}
    for table in profile.tables_of(path.name):
        alternatives.setdefault((table.files, table.sheet), []).append(table)
    for tables in alternatives.values():
        yield _open_first(path, tables, profile=profile, given=given)


def _open_first(
    path: Path, tables: Sequence[Table], *, profile: Profile, given: Collection[str]
) -> tuple[Table, TextFile]:
    error: UnreadableFile | None = None
    opened: tuple[Table, TextFile] | None = None
    for table in tables:
        sought = _sought(table, profile=profile, given=given)
        try:
            file = _open(
                path,
                layout=profile.layout_of(table),
                suffixes=TABLE_SUFFIXES,
                sheet=table.sheet,
                sought=sought,
                decimal_separator=profile.layout_of(table).decimal_separator,
            )
        except UnreadableFile as unreadable:
            error = error or unreadable
            continue
        if sought.is_header(file.header):
            return table, file
        # a header without what is needed is told by name when it is mapped
        opened = opened or (table, file)
    if opened is not None:
        return opened
    assert error is not None
    raise error


def _sought(table: Table, *, profile: Profile, given: Collection[str]) -> Sought:
    """What the header of a table holds: a name for each field that a required column needs, or a lookup."""
    contract = load_contract()
    required = {
        feed.entity: frozenset(c.name for c in contract.entity(feed.entity).required_columns) - set(given)
        for feed in table.feeds
    }
    groups = required_fields(table, entity_required=required)
    groups += tuple(frozenset({field}) for field in sorted(profile.lookup_keys(table)))
    return Sought(
        groups=tuple(frozenset(h for field in group for h in table.headers_of(field)) for group in groups),
        shown=tuple(
            _either([n for f in sorted(group) for n in table.fields.get(f, (f,))]) for group in groups
        ),
    )


def _either(names: Sequence[str]) -> str:
    more = f" or {len(names) - MOST_NAMES_SHOWN} other names" if len(names) > MOST_NAMES_SHOWN else ""
    return " or ".join(names[:MOST_NAMES_SHOWN]) + more


def _open(
    path: Path,
    *,
    layout: Layout,
    suffixes: tuple[str, ...],
    sheet: str | None = None,
    sought: Sought | None = None,
    decimal_separator: str = ".",
) -> TextFile:
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        raise UnreadableFile(
            f"{path.name}: files of type {suffix or 'none'} are not read.",
            fix=f"deliver one of {', '.join(suffixes)}.",
        )
    if suffix == ".parquet":
        return open_parquet(path)
    if suffix in WORKBOOK_SUFFIXES:
        return open_workbook(
            path, layout=layout, sheet=sheet, sought=sought, decimal_separator=decimal_separator
        )
    return open_csv(path, layout=layout, sought=sought)
