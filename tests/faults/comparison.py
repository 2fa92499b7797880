"""Whether two installations came to the same: releases table by table, landing row by row.

Belongs here: the comparison, and the only list of columns that it leaves out. Must not: faults.
"""

from collections import Counter
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from ingest.landing.manifest import Manifest

# Columns that name the run and not what it found, in every table that has them; all others must be equal.
RUN_COLUMNS = {
    "release_id": "numbers count publications: after a damaged release the rebuilt one has the next number",
    "landed_at": "the clock of the machine when the load was written (dim_release_load); known_at is compared",
    "_landed_at": "the same, on landed rows",
}

Rows = list[tuple[Any, ...]]


def differences(release: Path, *, other: Path, leaving_out: Collection[str] = ()) -> list[str]:
    """One line per difference between two releases; empty when every table holds the same rows.

    Args:
        leaving_out: columns that differ for a reason of the test, besides those that name the run.
    """
    left_out = {*RUN_COLUMNS, *leaving_out}
    with closing(duckdb.connect()) as connection:
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
                    f'select {kept} from {left}."{schema}"."{table}" except all'
                    f' select {kept} from {right}."{schema}"."{table}"'
                ).fetchall()
                found += [f"{schema}.{table} only in {left}: {row}" for row in rows[:3]]
        return found


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], tuple[str, ...]]:
    rows = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns()"
        " where database_name = $1 and not internal group by schema_name, table_name",
        [database],
    ).fetchall()
    return {(schema, table): tuple(columns) for schema, table, columns in rows}


def landed_rows(home: Home) -> Counter[tuple[Any, ...]]:
    """How often each row counts as landed: source, entity, operation, key of a tombstone, hash, known at."""
    with Manifest(home.manifest) as manifest:
        loads = [load for load in manifest.loads() if load.path]
    counted: Counter[tuple[Any, ...]] = Counter()
    with closing(duckdb.connect()) as connection:
        for load in loads:
            assert load.path is not None
            rows = connection.execute(
                f"select _op, _row_hash, _known_at, _file, _row from read_parquet('{home.root / load.path}')"
            ).fetchall()
            counted.update((load.source, load.entity, *row) for row in rows)
    return counted


def lost_or_twice(home: Home, *, other: Home) -> int:
    """Rows landed more or fewer times than in the other home."""
    one, two = landed_rows(home), landed_rows(other)
    return ((one - two) + (two - one)).total()


def check_files_are_what_the_manifest_says(home: Home) -> None:
    """Every landing file has its load, every load its file with as many rows as it claims."""
    with Manifest(home.manifest) as manifest:
        owned = {load.path: load.rows_landed + load.rows_tombstoned for load in manifest.loads() if load.path}
        every = manifest.landed_paths()
    files = {file.relative_to(home.root).as_posix() for file in home.landing.rglob("*") if file.is_file()}
    assert files == every
    with closing(duckdb.connect()) as connection:
        for path, rows in owned.items():
            found = connection.execute(f"select count(*) from read_parquet('{home.root / path}')").fetchall()
            assert found == [(rows,)], path


def leftovers(home: Home) -> list[str]:
    """Working files that a finished refresh must not leave behind."""
    hidden = [*home.releases.glob(".*"), *home.root.glob(".*")]
    beside = [*home.releases.glob("*.wal"), *home.root.glob("*-journal")]
    working = [*home.builds.iterdir(), *home.temporary.iterdir()]
    return sorted(path.relative_to(home.root).as_posix() for path in (*hidden, *beside, *working))


def assert_as_if_undisturbed(home: Home, *, other: Home) -> None:
    """The release, what has landed, contact data and the absence of leftovers, against the home that saw no fault."""
    assert differences(home.published, other=other.published) == []
    assert lost_or_twice(home, other=other) == 0
    check_files_are_what_the_manifest_says(home)
    assert leftovers(home) == []
    assert home.contacts.read_bytes() == other.contacts.read_bytes()
