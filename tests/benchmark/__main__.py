"""How cost grows with the number of documents, and what the interval table saves: `make bench`.

Three sizes, each twice the one before. A refresh has a fixed cost (starting dbt and Dagster, a hundred small models);
what matters is the marginal one, so the growth printed is (third - second) / (second - first) / 2: 1.0 is linear.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from ingest.landing import land_sources
from ingest.settings import load_settings
from orchestration.refresh import run_refresh
from tests.benchmark.books import write_books

AS_OF = "2025-06-30"
FROM_INTERVALS = f"select sum(open_amount_functional) from marts.open_items_as_of('{AS_OF}')"
FROM_MOVEMENTS = f"""
    select sum(amount) from (
        select open_item_id, sum(amount_functional) as amount from marts.fct_receivable_movement
        where known_to = timestamp '9999-12-31' and effective_date <= date '{AS_OF}' group by open_item_id
    )
"""


def main() -> None:
    """Run all three sizes and print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=50_000, help="documents of the smallest size")
    options = parser.parse_args()
    sizes = [options.documents * factor for factor in (1, 2, 4)]
    _measure(100)  # imports and first starts are paid here
    figures = [_measure(documents) for documents in sizes]
    print(f"{'documents':>12} {'landing s':>10} {'refresh s':>10} {'as-of ms':>9} {'by movements ms':>16}")
    for documents, figure in zip(sizes, figures, strict=True):
        landing, refresh, intervals, movements = figure
        print(f"{documents:>12,} {landing:>10.1f} {refresh:>10.1f} {intervals:>9.1f} {movements:>16.1f}")
    for position, name in enumerate(("landing", "refresh")):
        first, second, third = (figure[position] for figure in figures)
        print(f"growth of {name}: {(third - second) / (second - first) / 2:.2f} (1.0 = linear)")
    print(f"as-of by summing movements / from intervals: {figures[-1][3] / figures[-1][2]:.1f} times")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"peak memory of the build: {peak:.2f} GiB")


def _measure(documents: int) -> tuple[float, float, float, float]:
    with tempfile.TemporaryDirectory(prefix="arrears-bench-") as folder:
        config = write_books(Path(folder), documents=documents)
        landing = _seconds(lambda: land_sources(load_settings(config)))
        started = time.perf_counter()
        outcome = run_refresh(config, progress=lambda _: None)
        refresh = time.perf_counter() - started
        if outcome.exit_code != 0:
            raise SystemExit(outcome.message)
        with duckdb.connect(str(Path(str(outcome.release_path)).resolve()), read_only=True) as connection:
            timings = []
            for query in (FROM_INTERVALS, FROM_MOVEMENTS):
                rounds = [
                    _seconds(lambda query=query: connection.execute(query).fetchall()) for _ in range(5)
                ]
                timings.append(sorted(rounds)[2] * 1000)
            answers = {
                connection.execute(query).fetchall()[0][0] for query in (FROM_INTERVALS, FROM_MOVEMENTS)
            }
            if len(answers) != 1:
                raise SystemExit(f"the two routes disagree: {answers}")
    return landing, refresh, timings[0], timings[1]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
