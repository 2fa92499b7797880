"""Releases that differ and can be told apart: every table of one carries the same number.

Belongs here: making and publishing them through the real functions, and reading one back. Must not: assertions.
"""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.home import Home
from orchestration.gates import GateOutcome
from orchestration.publish import Candidate, candidate_file, publish
from orchestration.records import Inputs, Records, Release

TABLES = tuple(f"mart_{number}" for number in range(8))
_ROWS = 4_000
_KEYS = "'CN01' as company_code, 'trade' as receivable_class, 'CNY' as currency"


def publish_numbered(number: int, *, home: Home, records: Records, macros: Path, keep: int) -> Release:
    """Publish a release in which every row of every table, and the total, say `number`."""
    run_id = records.start_run("test")
    build_file, file = home.build_file(run_id), candidate_file(home, run_id)
    total = (
        f"{_KEYS}, cast({number} as decimal(18, 2)) as amount_document, cast({number} as decimal(18, 2))"
        " as amount_functional"
    )
    with duckdb.connect(str(build_file)) as build:
        build.execute("create schema intermediate")
        build.execute(f"create table intermediate.int_control_total as select {total}")
    with duckdb.connect(str(file)) as candidate:
        candidate.execute("create schema marts")
        candidate.execute(f"create table marts.dim_release_total as select {total}")
        for table in TABLES:
            candidate.execute(
                f"create table marts.{table} as select {number} as number, range as row, 'text ' || hash(range) as text"
                f" from range({_ROWS})"
            )
    release = publish(
        Candidate(
            run_id=run_id,
            release_id=records.next_release_id(),
            file=file,
            build_file=build_file,
            inputs=Inputs(f"landing {number}", date(2026, 3, 31), "configuration", "policy", "code"),
            known_at=datetime(2026, 3, 31, 16, 0, 0),
            outcomes=(GateOutcome("bucket_sum", "error", "error", "passed"),),
            severities={"bucket_sum": "error", "control_total": "error"},
        ),
        home=home,
        records=records,
        macros=macros,
        keep=keep,
    )
    records.end_run(run_id, status="published", message="", release_id=release.release_id)
    return release


def numbers_in(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Every number that the release says; one, where nothing is mixed."""
    seen = {
        int(Decimal(row[0]))
        for row in connection.execute("select amount_document from marts.dim_release_total").fetchall()
    }
    for table in TABLES:
        rows = connection.execute(
            f"select number, count(*), count(text) from marts.{table} group by number"
        ).fetchall()
        seen |= {number if (rows, texts) == (_ROWS, _ROWS) else -1 for number, rows, texts in rows}
    return seen
