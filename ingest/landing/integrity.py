"""Integrity: landing files and the manifest still agree, asked before anything is read, compared or swept.

Belongs here: what must hold between the two, and the way out where it does not. Must not: mend anything. A file cut
short by a machine that failed must never become fewer rows, and a manifest that has lost rows must never make a sweep
delete at once what they stood for (a single one is set aside: orphans.py).
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from ingest.home import Home
from ingest.landing.records import Load
from ingest.landing.sql import sql_list

FINISHED_SUFFIX = ".parquet"
# A load is renamed, then committed, one after another, and every start sweeps: a dead process leaves one file at most.
MOST_FINISHED_ORPHANS = 1
MOST_LISTED = 50


class LandingDamaged(RuntimeError):
    """Landing files and manifest do not agree; the message says how to put it right."""


def check_landed_files(home: Home, loads: Sequence[Load]) -> None:
    """Every load has its file, with the rows it landed. Reads footers only: 5,000 files take about a second.

    Raises:
        LandingDamaged: a file is missing, cut short, or another one than was written.
    """
    expected = {home.root / load.path: load.rows_landed + load.rows_tombstoned for load in loads if load.path}
    if not expected:
        return
    with closing(duckdb.connect()) as connection:
        try:
            found = _row_counts(connection, list(expected))
        except duckdb.Error:
            found = _row_counts_one_by_one(connection, list(expected))
    for path, rows in expected.items():
        if found.get(path) != rows:
            raise LandingDamaged(_damaged(path, rows=rows, found=found.get(path), home=home))


def check_orphans(orphans: Sequence[Path], *, home: Home) -> None:
    """Finished files without a load are no more than one dead process can leave.

    Raises:
        LandingDamaged: there are more, so the manifest has lost rows; nothing may be swept.
    """
    finished = [path for path in orphans if path.suffix == FINISHED_SUFFIX]
    if len(finished) <= MOST_FINISHED_ORPHANS:
        return
    listed = "".join(f"\n    {path.relative_to(home.root)}" for path in finished[:MOST_LISTED])
    more = f"\n    and {len(finished) - MOST_LISTED} more" if len(finished) > MOST_LISTED else ""
    raise LandingDamaged(
        f"{len(finished)} landing files have no row in {home.manifest}, which has lost rows or is older than they are;"
        f" nothing was touched:{listed}{more}\n"
        f"  fix: bring {home.manifest.name} back as it was (with its -wal file, if there is one) from a backup; or, if"
        " every delivery still lies in the folder of its source, move these files away and refresh: they land again"
    )


def damaged_private_file(path: Path) -> LandingDamaged:
    """Contact data that cannot be read any more."""
    return LandingDamaged(
        f"{path} cannot be read; it has been cut short or overwritten, and nothing more landed\n"
        "  fix: bring it back from a backup; or move it away and refresh: the next deliveries fill it again with the"
        " contacts they hold"
    )


def _row_counts(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> dict[Path, int]:
    rows = connection.execute(
        f"select file_name, num_rows from parquet_file_metadata({sql_list(paths)})"
    ).fetchall()
    return {Path(name): count for name, count in rows}


def _row_counts_one_by_one(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> dict[Path, int]:
    """Those that can be read; which file of many is broken is not in every error."""
    found: dict[Path, int] = {}
    for path in paths:
        try:
            found |= _row_counts(connection, [path])
        except duckdb.Error:
            continue
    return found


def _damaged(path: Path, *, rows: int, found: int | None, home: Home) -> str:
    shown = path.relative_to(home.root)
    if not path.exists():
        what = f"{shown} is missing"
    elif found is None:
        what = f"{shown} cannot be read; it has been cut short or overwritten"
    else:
        what = f"{shown} holds {found} rows"
    return (
        f"{what}; {rows} rows had landed in it. Nothing was published, the last release stands\n"
        f"  fix: bring {path} back from a backup; or, if every delivery still lies in the folder of its source, move"
        f" {home.root} away and refresh: everything lands again"
    )
