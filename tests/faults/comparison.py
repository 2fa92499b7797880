"""Whether two installations came to the same: releases table by table, landing row by row.

Belongs here: what must be equal after a fault, and counting what is not. Must not: faults.
"""

from collections import Counter
from contextlib import closing
from typing import Any

import duckdb

from ingest.contract import load_contract
from ingest.home import Home
from ingest.landing.manifest import Manifest
from tests.kit.releases import differences


def landed_rows(home: Home) -> Counter[tuple[Any, ...]]:
    """How often each row counts as landed: source, entity, key, operation, hash, known at, file and record.

    Of a tombstone only the key says which one it is: it has no hash, and in a full dump no file and no record.
    """
    contract = load_contract()
    with Manifest(home.manifest) as manifest:
        loads = [load for load in manifest.loads() if load.path]
    counted: Counter[tuple[Any, ...]] = Counter()
    with closing(duckdb.connect()) as connection:
        for load in loads:
            assert load.path is not None
            key = ", ".join(contract.entity(load.entity).key)
            rows = connection.execute(
                f"select {key}, _op, _row_hash, _known_at, _file, _row from read_parquet('{home.root / load.path}')"
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
