"""The row hash: what makes two versions of a row the same.

Belongs here: the one definition of `_row_hash`, as SQL, and giving it to rows in memory. Must not: comparing hashes.

`_row_hash` = lower-case md5 hex over the UTF-8 text `name=value` of every non-null public column of the contract,
ordered by name and joined by the character U+001F. The value is the text of the typed value: decimals with all
digits of their scale (12.3 and 12.30 are both `12.30`), dates `YYYY-MM-DD`, moments `YYYY-MM-DD HH:MM:SS[.ffffff]`
without trailing zeros, booleans `true` and `false`. NULL leaves a column out, so a contract that gains a column
changes no hash.
DuckDB and Spark agree on `md5`, `concat_ws` (both skip NULL) and on these casts.
"""

from collections.abc import Collection

import duckdb
import polars as pl

from ingest.canonical import OPERATION, UPSERT
from ingest.contract import Entity

ROW_HASH = "_row_hash"
SEPARATOR_CODE = 31


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return f'"{name}"'


def row_hash_sql(entity: Entity, *, given: Collection[str], filled: Collection[str] = ()) -> str:
    """SQL expression of the hash over the public columns of an entity.

    Args:
        given: columns that may hold a value; the others are NULL in every row, so leaving them out changes no hash.
        filled: those of them that hold a value in every row. Their names and values are joined at once, which halves
            the time of joining.
    """
    names = sorted(column.name for column in entity.public_columns if column.name in given)
    anchor = next((name for name in names if name in filled), None)
    separator = f"chr({SEPARATOR_CODE})"
    if anchor is None:
        return f"md5(concat_ws({separator}, {', '.join(f'{_label(n)} || {_text(n)}' for n in names)}))"
    texts = []
    for name in names:
        # `concat` passes over NULL, so each separator goes with the column that may be missing
        if name < anchor:
            texts.append(f"{_label(name)} || {_text(name)} || {separator}")
        elif name == anchor:
            texts.append(f"{_label(name)}, {_text(name)}")
        else:
            joint = "," if name in filled else " ||"
            texts.append(f"{separator} || {_label(name)}{joint} {_text(name)}")
    return f"md5(concat({', '.join(texts)}))"


def _label(name: str) -> str:
    return f"'{name}='"


def _text(name: str) -> str:
    return f"cast({quoted(name)} as varchar)"


def upsert_hash_sql(entity: Entity, *, given: Collection[str], filled: Collection[str] = ()) -> str:
    """SQL expression of the hash that a row lands with: a tombstone has none."""
    return f"case when {OPERATION} = '{UPSERT}' then {row_hash_sql(entity, given=given, filled=filled)} end"


def with_row_hash(
    rows: pl.DataFrame, *, entity: Entity, connection: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    """The rows, in their order, with their hash: while they are in memory, nothing has to be read for it again."""
    public = rows.select(column.name for column in entity.public_columns if column.name in rows.columns)
    nulls = public.null_count().row(0, named=True)
    given = [name for name, count in nulls.items() if count < rows.height or name in entity.key]
    filled = [name for name in given if not nulls[name]]
    # as they lie in memory, without a copy
    newest = pl.CompatLevel.newest()
    connection.register("unhashed", rows.select(*given, OPERATION).to_arrow(compat_level=newest))
    try:
        sql = f"select {upsert_hash_sql(entity, given=given, filled=filled)} as {ROW_HASH} from unhashed"
        return rows.with_columns(connection.sql(sql).pl())
    finally:
        connection.unregister("unhashed")
