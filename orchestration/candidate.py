"""The candidate: the database file that may become a release, and the proofs it must give first.

Belongs here: published macros, gate rows, control totals, everything done inside the file. Must not: rename,
link or delete files (`publish`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.durable import sync
from orchestration.errors import PublishRefused
from orchestration.gates import GateOutcome
from orchestration.records import Total

_GATE_TABLE = "marts.dim_release_gate"
_GATE_COLUMNS = (
    "release_id varchar, gate varchar, severity varchar, default_severity varchar, is_lowered boolean, status varchar,"
    " failing_row_count bigint"
)
_KEYS = "company_code, receivable_class, currency"
# An item without a rate has no functional amount; the totals count it as 0 on every side.
_SUMS = "sum(amount_document) as amount_document, sum(coalesce(amount_functional, 0)) as amount_functional"
_BUILT = f"select {_KEYS}, {_SUMS} from build.intermediate.int_control_total group by {_KEYS}"


@dataclass(frozen=True)
class Contents:
    """What a candidate holds: row count per published table, and its control totals."""

    row_counts: dict[str, int]
    totals: tuple[Total, ...]


def finish_candidate(
    candidate: Path, *, release_id: str, macros: Path, outcomes: Sequence[GateOutcome]
) -> Contents:
    """Write macros and gate outcomes, checkpoint, and say what the file holds.

    The candidate is opened on its own: a macro is bound when it is created, so `marts` has to be the file's own
    schema at that moment.

    Raises:
        PublishRefused: a macro cannot be created, or the marts lack what a release needs.
    """
    try:
        with duckdb.connect(str(candidate)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            create_macros(connection, macros=macros)
            _write_gates(connection, outcomes, release_id=release_id)
            contents = _contents(connection)
            connection.execute("checkpoint")
    except duckdb.Error as error:
        raise PublishRefused(
            f"the candidate could not be completed: {error}",
            fix="run the refresh again; if it repeats, the dbt project and the published macros disagree",
        ) from error
    sync(candidate)
    return contents


def create_macros(connection: duckdb.DuckDBPyConnection, *, macros: Path) -> None:
    """Create every macro of a folder; one may use another, whatever their file names."""
    waiting = {file: file.read_text(encoding="utf-8") for file in sorted(macros.glob("*.sql"))}
    while waiting:
        failures: dict[Path, duckdb.Error] = {}
        for file, statement in waiting.items():
            try:
                connection.execute(statement)
            except duckdb.CatalogException as error:
                failures[file] = error
        if len(failures) == len(waiting):
            stuck, cause = next(iter(failures.items()))
            raise PublishRefused(
                f"published macro {stuck.name} cannot be created: {cause}",
                fix=f"correct {stuck.name}: it may only read the schema marts of the release",
            ) from cause
        waiting = {file: waiting[file] for file in failures}


def _write_gates(
    connection: duckdb.DuckDBPyConnection, outcomes: Iterable[GateOutcome], *, release_id: str
) -> None:
    connection.execute(f"create table if not exists {_GATE_TABLE} ({_GATE_COLUMNS})")
    connection.execute(f"delete from {_GATE_TABLE}")
    rows = [
        (release_id, o.gate, o.severity, o.default_severity, o.is_lowered, o.status, o.failing_row_count)
        for o in outcomes
    ]
    if rows:
        connection.executemany(
            f"insert into {_GATE_TABLE} (release_id, gate, severity, default_severity, is_lowered, status,"
            " failing_row_count) values (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def _contents(connection: duckdb.DuckDBPyConnection) -> Contents:
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' and database_name = current_database()"
        " order by table_name"
    ).fetchall()
    counts = {
        name: connection.execute(f'select count(*) from marts."{name}"').fetchall()[0][0]
        for (name,) in tables
    }
    return Contents(row_counts=counts, totals=release_totals(connection))


def release_totals(connection: duckdb.DuckDBPyConnection) -> tuple[Total, ...]:
    """Totals at the grain in which the release keeps them; by bucket where it has buckets."""
    columns = connection.execute(
        "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = 'dim_release_total'"
        " and database_name = current_database()"
    ).fetchall()
    bucket = "coalesce(bucket, '')" if ("bucket",) in columns else "''"
    rows = connection.execute(
        f"""
        select
            company_code,
            receivable_class,
            {bucket} as bucket,
            currency,
            sum(amount_document) as amount_document,
            sum(amount_functional) as amount_functional
        from marts.dim_release_total
        group by company_code, receivable_class, {bucket}, currency
        order by company_code, receivable_class, bucket, currency
        """
    ).fetchall()
    return tuple(Total(*row) for row in rows)


def control_differences(candidate: Path, *, build_file: Path) -> list[str]:
    """Where the candidate's totals differ from what its build computed, one line each; empty when equal.

    Both files are opened read-only, so this also proves that the finished file can be read.
    """
    try:
        rows = _compare_totals(candidate, build_file=build_file)
    except duckdb.Error as error:
        raise PublishRefused(
            f"the control totals cannot be compared: {error}",
            fix="run the refresh again; if it repeats, the dbt project lacks dim_release_total or int_control_total",
        ) from error
    return [
        f"{name}: {company} {kind} {currency}: release {document} / {functional} functional,"
        f" build {built_document} / {built_functional} functional"
        for name, company, kind, currency, document, built_document, functional, built_functional in rows
    ]


def _compare_totals(candidate: Path, *, build_file: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(candidate)}' as candidate (read_only)")
        connection.execute(f"attach '{_quoted(build_file)}' as build (read_only)")
        differences: list[tuple[Any, ...]] = []
        for name, published in _published_totals(connection).items():
            differences += connection.execute(
                f"""
                with
                published as ({published}),
                built as ({_BUILT})
                select
                    '{name}',
                    coalesce(published.company_code, built.company_code) as company,
                    coalesce(published.receivable_class, built.receivable_class) as kind,
                    coalesce(published.currency, built.currency) as currency,
                    published.amount_document,
                    built.amount_document,
                    published.amount_functional,
                    built.amount_functional
                from published
                full outer join built
                    on published.company_code = built.company_code
                    and published.receivable_class = built.receivable_class
                    and published.currency = built.currency
                where coalesce(published.amount_document, 0) <> coalesce(built.amount_document, 0)
                    or coalesce(published.amount_functional, 0) <> coalesce(built.amount_functional, 0)
                order by company, kind, currency
                """
            ).fetchall()
    return differences


def _published_totals(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Each published relation that states what is open on the business date, as a query of its totals."""
    open_amounts = "open_amount_document as amount_document, open_amount_functional as amount_functional"
    items = {
        "mart_aging": f"select {_KEYS}, {open_amounts} from candidate.marts.mart_aging",
        "fct_open_item_balance": f"""
            select {_KEYS}, {open_amounts} from candidate.marts.fct_open_item_balance
            where known_to = timestamp '9999-12-31 00:00:00'
                and effective_from <= (select max(as_of_date) from candidate.marts.dim_release)
                and effective_to > (select max(as_of_date) from candidate.marts.dim_release)
        """,
    }
    present = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_columns() where database_name = 'candidate' and schema_name = 'marts'"
            " and column_name = 'open_amount_functional'"
        ).fetchall()
    }
    queries = {"dim_release_total": "select * from candidate.marts.dim_release_total"}
    queries |= {name: query for name, query in items.items() if name in present}
    return {
        name: f"select {_KEYS}, {_SUMS} from ({query}) as stated group by {_KEYS}"
        for name, query in queries.items()
    }


def verify_candidate(candidate: Path, *, expected: Contents) -> None:
    """Reopen the finished file read-only and compare row counts and totals with what was written.

    Raises:
        PublishRefused: the file cannot be read, or holds something else.
    """
    if candidate.with_name(candidate.name + ".wal").exists():
        raise PublishRefused(
            "the candidate still has a write-ahead log after its checkpoint",
            fix="end every process that has the file open, then run the refresh again",
        )
    try:
        with duckdb.connect(str(candidate), read_only=True) as connection:
            found = _contents(connection)
    except duckdb.Error as error:
        raise PublishRefused(
            f"the finished candidate cannot be read: {error}",
            fix="check the disk, then run the refresh again",
        ) from error
    if found != expected:
        raise PublishRefused(
            "the finished candidate does not hold what was written to it",
            fix="check the disk, then run the refresh again",
        )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
