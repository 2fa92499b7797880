"""The reference script: the ledger by hand in one DuckDB script, as a yardstick for the models.

Belongs here: running `reference.sql` over what has landed, and proving that its totals are those of a release. Must
not: anything that makes the script faster than the script is. Run it with
`python -m tests.benchmark.reference <arrears.yml> [--statements]`; beside a published release it also compares.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from ingest.landing import prepare_build
from ingest.settings import Settings, load_settings
from orchestration.fingerprints import DBT_PROJECT
from orchestration.publish import current_release_file

SCRIPT = Path(__file__).with_name("reference.sql")
BUCKETS = DBT_PROJECT / "seeds" / "policy" / "policy_aging_bucket.csv"
MEMORY_LIMIT, THREADS = "6GB", 2

# Sums that a release and the script must agree on, written once for each. Amounts are exact, so equal is equal.
_OPEN_PUBLISHED = """
    select company_code, currency, sum(open_amount_document), sum(open_amount_functional), count(*)
    from marts.fct_open_item_balance
    where effective_from <= $day and effective_to > $day and known_from <= $moment and known_to > $moment
    group by company_code, currency order by company_code, currency
"""
_OPEN_SCRIPT = """
    select company, currency, sum(open_amount), sum(open_functional), count(*)
    from balance
    where effective_from <= $day and effective_to > $day
        and known_from <= (select max(moment_no) from moment where known_at <= $moment)
        and known_to > (select max(moment_no) from moment where known_at <= $moment)
    group by company, currency order by cast(company as varchar), cast(currency as varchar)
"""
_TREND_PUBLISHED = """
    select company_code, currency, scheme, bucket, sum(balance_document), sum(balance_functional)
    from marts.mart_overdue_trend group by all having sum(balance_document) <> 0 order by all
"""
_TREND_SCRIPT = """
    select cast(company as varchar) as company, cast(currency as varchar) as currency, scheme, bucket,
        sum(document_amount) as document_amount, sum(functional_amount) as functional_amount
    from trend inner join bucket on trend.bucket_key = bucket.bucket_key
    group by all having sum(document_amount) <> 0 order by all
"""
_MOVEMENT_PUBLISHED = """
    select company_code, currency, movement_kind = 'fx_difference' and amount_document = 0 as is_difference,
        sum(amount_document), sum(amount_functional), sum(abs(amount_functional)), count(*)
    from marts.fct_receivable_movement
    where known_to = timestamp '9999-12-31' and (allocation_id is not null or movement_kind = 'fx_difference')
    group by all order by all
"""
_MOVEMENT_SCRIPT = """
    select cast(item.company as varchar) as company, cast(item.currency as varchar) as currency,
        document_amount = 0 as is_difference,
        sum(document_amount), sum(functional_amount), sum(abs(functional_amount)), count(*)
    from movement
    inner join (select item_no, any_value(company) as company, any_value(currency) as currency from opening
        group by item_no) as item on movement.item_no = item.item_no
    where known_to = 32767
    group by all order by all
"""


@dataclass(frozen=True)
class ReferenceRun:
    """Statements of the script with their wall and CPU seconds (user and system)."""

    statements: tuple[tuple[str, float, float], ...]

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds, _ in self.statements)

    @property
    def cpu_seconds(self) -> float:
        return sum(cpu_seconds for _, _, cpu_seconds in self.statements)


def run_reference(settings: Settings, *, target: Path) -> ReferenceRun:
    """Run the script over what has landed; its tables are left in `target`."""
    target.unlink(missing_ok=True)
    build_input = prepare_build(target, settings=settings)
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"set threads = {THREADS}; set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"set temp_directory = '{target.parent / 'reference-temp'}'")
        connection.execute("set preserve_insertion_order = false; set TimeZone = 'UTC'")
        connection.execute(f"set variable as_of = date '{build_input.as_of}'")
        connection.execute(f"set variable buckets = '{BUCKETS}'")
        statements = []
        for statement in connection.extract_statements(SCRIPT.read_text(encoding="utf-8")):
            statements.append((_title(statement.query), *_timed(connection, statement)))
        statements.append(("checkpoint", *_timed(connection, "checkpoint")))
    return ReferenceRun(tuple(statements))


def _timed(connection: duckdb.DuckDBPyConnection, statement: str | duckdb.Statement) -> tuple[float, float]:
    started, cpu = time.perf_counter(), _cpu_seconds()
    connection.execute(statement)
    return time.perf_counter() - started, _cpu_seconds() - cpu


def differences(target: Path, *, release: Path) -> list[str]:
    """Where the script and a release disagree, one line each: open amounts at days and moments, trend, movements."""
    with (
        duckdb.connect(str(target), read_only=True) as script,
        duckdb.connect(str(release.resolve()), read_only=True) as published,
    ):
        found = []
        for day, moment in _questions(script):
            wanted = {"day": day, "moment": moment}
            if _rows(published, _OPEN_PUBLISHED, wanted) != _rows(script, _OPEN_SCRIPT, wanted):
                found.append(f"open amounts at {day} as known at {moment}")
        for name, stated, made in (
            ("trend", _TREND_PUBLISHED, _TREND_SCRIPT),
            ("movements", _MOVEMENT_PUBLISHED, _MOVEMENT_SCRIPT),
        ):
            if _rows(published, stated) != _rows(script, made):
                found.append(name)
    return found


def _questions(script: duckdb.DuckDBPyConnection) -> list[tuple[date, datetime]]:
    """Some days over the life of the books, each as known at every moment or at some of them."""
    days = script.execute("""
        select distinct unnest(quantile_disc(effective_from, [0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0])) as day
        from balance order by day
    """).fetchall()
    moments = [row[0] for row in script.execute("select known_at from moment order by known_at").fetchall()]
    step = max(len(moments) // 5, 1)
    return [(day, moment) for (day,) in days for moment in {*moments[::step], moments[-1]}]


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, object] | None = None
) -> Sequence[tuple[object, ...]]:
    return connection.execute(query, values).fetchall()


def _title(query: str) -> str:
    lines = [line for line in query.strip().splitlines() if line and not line.startswith("--")]
    return lines[0].strip()[:60] if lines else ""


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Run the script beside a home; compare with its release where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--statements", action="store_true", help="wall and CPU seconds of every statement")
    parser.add_argument("--json", action="store_true", help="one line for the benchmark")
    parser.add_argument("--no-comparison", action="store_true")
    options = parser.parse_args()
    settings = load_settings(options.config)
    found = None
    with tempfile.TemporaryDirectory(prefix="arrears-reference-", dir=options.config.parent) as folder:
        target = Path(folder) / "reference.duckdb"
        run = run_reference(settings, target=target)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        release = None if options.no_comparison else current_release_file(settings.home)
        if release:
            found = differences(target, release=release)
    if options.json:
        told = {
            "seconds": run.seconds,
            "cpu_seconds": run.cpu_seconds,
            "peak_bytes": peak,
            "differences": found,
        }
        print(json.dumps(told))
        return
    if options.statements:
        for title, seconds, cpu_seconds in run.statements:
            if cpu_seconds > 0.05:
                print(f"{seconds:8.2f} {cpu_seconds:8.2f}  {title}")
    print(f"reference: {run.seconds:.2f} s, {run.cpu_seconds:.2f} CPU s, peak {peak / 2**30:.2f} GiB")
    if found is not None:
        print("\n".join(f"differs: {line}" for line in found) or "agrees with the release")


if __name__ == "__main__":
    main()
