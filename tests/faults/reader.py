"""A reader in a process of its own: opens the published link again and again while faults happen.

Belongs here: the loop and what it counts. Must not: know which fault is under way.

Run as `python -m tests.faults.reader LINK FIGURES.json`; it reads until its standard input is closed, then says what it
saw. `FIGURES.json` holds the control totals per release id, as the manifest keeps them.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    # not at run time: a reader starts hundreds of times, and needs DuckDB alone
    from orchestration.records import Records

REPOSITORY = Path(__file__).resolve().parents[2]
Figures = dict[str, list[list[str]]]

_TOTALS = """
select company_code, receivable_class, currency, cast(sum(amount_document) as varchar),
    cast(sum(amount_functional) as varchar)
from marts.dim_release_total group by all order by all
"""


def read_once(link: Path) -> tuple[str, list[list[str]], list[int]]:
    """Release id, totals, and the row count of every table, of whatever the link leads to at this moment."""
    with duckdb.connect(str(link), read_only=True) as connection:
        release_id = connection.execute("select release_id from marts.dim_release").fetchall()[0][0]
        totals = [list(row) for row in connection.execute(_TOTALS).fetchall()]
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
        # every table is read, so that a file cut short cannot hide behind its header
        counts = [
            connection.execute(f'select count(columns(*)) from marts."{name}"').fetchall()[0][0]
            for (name,) in tables.fetchall()
        ]
    return release_id, totals, counts


def figures_of(records: Records, release_id: str) -> list[list[str]]:
    """Control totals of a release as the manifest keeps them, in the shape that a reader compares."""
    summed: dict[tuple[str, str, str], list[Any]] = {}
    for total in records.totals(release_id):
        amounts = summed.setdefault((total.company_code, total.receivable_class, total.currency), [0, 0])
        amounts[0] += total.amount_document or 0
        amounts[1] += total.amount_functional or 0
    return [[*key, *(str(amount) for amount in amounts)] for key, amounts in sorted(summed.items())]


@dataclass(frozen=True)
class Seen:
    """What a reader saw: reads per release, and everything that was wrong."""

    by_release: Mapping[str, int]
    wrong: list[str]

    @property
    def reads(self) -> int:
        return sum(self.by_release.values())


class Reader:
    """A reader process for the length of a block; `stop` says what it saw."""

    def __init__(self, link: Path, *, figures: Mapping[str, list[list[str]]], folder: Path) -> None:
        file = folder / f"figures-{time.monotonic_ns()}.json"
        file.write_text(json.dumps(figures))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.reader", str(link), str(file)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Reader:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "reading\n"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def stop(self) -> Seen:
        said, _ = self._process.communicate(timeout=60)
        assert self._process.returncode == 0
        return Seen(**json.loads(said.splitlines()[-1]))


def main(link: Path, figures: Figures) -> None:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    while True:
        try:
            release_id, totals, _ = read_once(link)
            seen[release_id] += 1
            if totals != figures.get(release_id):
                wrong.append(f"{release_id}: {totals} instead of {figures.get(release_id)}")
        except duckdb.Error as error:
            wrong.append(str(error))
        if sum(seen.values()) + len(wrong) == 1:
            print("reading", flush=True)
        # the pause leaves the machine to those who are being disturbed
        if select.select([sys.stdin], [], [], 0.1)[0]:
            break
    print(json.dumps({"by_release": seen, "wrong": wrong[:20]}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
