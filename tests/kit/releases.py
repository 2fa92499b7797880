"""Two releases, table by table and row by row.

Belongs here: the comparison, and the only lists of columns that it may leave out. Must not: saying why two releases
should be equal.
"""

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import duckdb

# Columns that name the run and not what it found, in every table that has them; all others must be equal.
RUN_COLUMNS = {
    "release_id": "numbers count publications: after a damaged release the rebuilt one has the next number",
    "landed_at": "the clock of the machine when the load was written (dim_release_load); known_at is compared",
    "_landed_at": "the same, on landed rows",
}
# loads are numbered as they land: other numbers where the same landed in another order, or in other pieces
LOAD_NUMBERS = ("load_id", "_load_id", "last_restart_load_id")

_EXAMPLES = 3


def differences(release: Path, *, other: Path, leaving_out: Collection[str] = ()) -> list[str]:
    """One line per table and side that holds rows of its own; empty when every table holds the same rows.

    Args:
        leaving_out: columns that differ for a reason of the test, besides those that name the run.
    """
    left_out = {*RUN_COLUMNS, *leaving_out}
    with closing(duckdb.connect()) as connection:
        # releases of the benchmark are larger than what may be held in memory
        connection.execute(
            f"set threads = 2; set memory_limit = '6GB'; set temp_directory = '{release.parent}'"
        )
        for name, file in (("one", release), ("two", other)):
            connection.execute(f"attach '{file.resolve()}' as {name} (read_only)")
        tables = {name: _tables(connection, name) for name in ("one", "two")}
        if tables["one"] != tables["two"]:
            return [f"tables or columns differ: {set(tables['one'].items()) ^ set(tables['two'].items())}"]
        found = []
        for (schema, table), columns in sorted(tables["one"].items()):
            kept = ", ".join(f'"{column}"' for column in columns if column not in left_out)
            for left, right in (("one", "two"), ("two", "one")):
                rows = connection.execute(
                    f'select count(*) over (), * from (select {kept} from {left}."{schema}"."{table}" except all'
                    f' select {kept} from {right}."{schema}"."{table}") limit {_EXAMPLES}'
                ).fetchall()
                if rows:
                    examples = "; ".join(str(row[1:]) for row in rows)
                    found.append(f"{schema}.{table}: {rows[0][0]} rows only in {left}, e.g. {examples}")
        return found


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], tuple[str, ...]]:
    rows = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns()"
        " where database_name = $1 and not internal group by schema_name, table_name",
        [database],
    ).fetchall()
    return {(schema, table): tuple(columns) for schema, table, columns in rows}
