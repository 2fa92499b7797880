"""Paths inside SQL.

Belongs here: quoting them, reading a list of them. Must not: any query.
"""

from collections.abc import Sequence
from pathlib import Path


def sql_text(path: Path) -> str:
    """A path inside an SQL string literal."""
    return str(path).replace("'", "''")


def sql_list(paths: Sequence[Path]) -> str:
    """Paths as an SQL list of strings."""
    listed = ", ".join(f"'{sql_text(path)}'" for path in paths)
    return f"[{listed}]"


def read_parquet_sql(paths: Sequence[Path]) -> str:
    """`read_parquet([...])` over an explicit list of files."""
    return f"read_parquet({sql_list(paths)}, union_by_name = true)"
