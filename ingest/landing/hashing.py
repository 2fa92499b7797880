"""The row hash: what makes two versions of a row the same.

Belongs here: the one definition of `_row_hash`, as SQL. Must not: comparing hashes.

`_row_hash` = lower-case md5 hex over the UTF-8 text `name=value` of every non-null public column of the contract,
ordered by name and joined by the character U+001F. The value is the text of the typed value: decimals with all
digits of their scale (12.3 and 12.30 are both `12.30`), dates `YYYY-MM-DD`, moments `YYYY-MM-DD HH:MM:SS[.ffffff]`
without trailing zeros, booleans `true` and `false`. NULL leaves a column out, so a contract that gains a column
changes no hash.
DuckDB and Spark agree on `md5`, `concat_ws` (both skip NULL) and on these casts.
"""

from collections.abc import Collection

from ingest.contract import Entity

SEPARATOR_CODE = 31


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return f'"{name}"'


def row_hash_sql(entity: Entity, *, given: Collection[str]) -> str:
    """SQL expression of the hash over the public columns of an entity.

    Args:
        given: columns that may hold a value; the others are NULL in every row, so leaving them out changes no hash.
    """
    names = sorted(column.name for column in entity.public_columns if column.name in given)
    parts = ", ".join(f"'{name}=' || cast({quoted(name)} as varchar)" for name in names)
    return f"md5(concat_ws(chr({SEPARATOR_CODE}), {parts}))"
