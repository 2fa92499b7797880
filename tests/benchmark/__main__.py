"""`make bench`: the whole pipeline at several sizes, beside what a person and DuckDB alone would need.

Belongs here: arguments, the sizes in order, where the results go. Must not: measuring.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from ingest.home import HOME_VARIABLE
from orchestration.configuration import CONFIG_VARIABLE
from tests.benchmark.measure import REPOSITORY, SizeFigures, measure_size
from tests.benchmark.report import render

SIZES = (1_000_000, 3_000_000, 10_000_000)


def main() -> None:
    """Measure every size, smallest first, and print the results; they are kept after every step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=SIZES, help="sizes, in any order")
    parser.add_argument("--results", type=Path, default=REPOSITORY / "build" / "bench" / "results.md")
    parser.add_argument("--folder", type=Path, help="where instances are made (default: the system's)")
    options = parser.parse_args()
    # every instance has its own home, here and in the processes that are measured
    for variable in (HOME_VARIABLE, CONFIG_VARIABLE):
        os.environ.pop(variable, None)
    sizes = sorted(options.documents)
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - started:7.0f} s] {line}", flush=True)

    options.results.parent.mkdir(parents=True, exist_ok=True)
    done: dict[int, SizeFigures] = {}

    def keep(figures: SizeFigures) -> None:
        done[figures.documents] = figures
        options.results.write_text(render([done[size] for size in sizes if size in done]), encoding="utf-8")

    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="arrears-bench-", dir=options.folder) as folder:
        for documents in sizes:
            measure_size(
                documents,
                folder=Path(folder) / str(documents),
                say=say,
                keep=keep,
                is_compared=documents == sizes[0],
            )
    print(options.results.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
