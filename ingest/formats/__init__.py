"""File formats: a file becomes frames of text, one row per record.

Belongs here: CSV, Excel, Parquet and bank statements, each cell as the exact text it means, with the 1-based record
number `_row`.
Must not: what a column means, which values are allowed, or which rows are good beyond the structure of the file.
"""

from pathlib import Path

from ingest.formats.csv_text import open_csv
from ingest.formats.frames import ROW, BadRecord, StructureError, TextBatch, TextFile, UnreadableFile
from ingest.formats.parquet import open_parquet
from ingest.formats.statements import STATEMENT_ENTITIES, open_statements
from ingest.formats.workbook import open_workbook
from ingest.profiles import Profile

SUFFIXES = (".csv", ".parquet", ".xlsx")

__all__ = [
    "ROW",
    "STATEMENT_ENTITIES",
    "SUFFIXES",
    "BadRecord",
    "StructureError",
    "TextBatch",
    "TextFile",
    "UnreadableFile",
    "open_text",
]


def open_text(path: Path, *, profile: Profile, entity: str) -> TextFile:
    """Open one delivered file for one entity: by the format of its profile, a table by its suffix.

    Raises:
        UnreadableFile: it is not what its suffix says, or has no usable header; the error names the fix.
    """
    if profile.format != "table":
        return open_statements(path, format_name=profile.format, encodings=profile.encodings, entity=entity)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return open_csv(path, profile=profile)
    if suffix == ".parquet":
        return open_parquet(path)
    if suffix == ".xlsx":
        return open_workbook(path)
    raise UnreadableFile(
        f"{path.name}: files of type {suffix or 'none'} are not read.",
        fix=f"deliver one of {', '.join(SUFFIXES)}.",
    )
