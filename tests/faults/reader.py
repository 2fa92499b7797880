"""Readers in processes of their own: each opens what is published again and again while faults happen.

Belongs here: the process and its loop, and the reader of releases with their control totals. Must not: know which fault
is under way.

A reader reads until its standard input is closed, then says what it saw. Run as `python -m tests.faults.reader LINK
FIGURES.json`; `FIGURES.json` holds the control totals per release id, as the manifest keeps them.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb

if TYPE_CHECKING:
    # not at run time: a reader starts hundreds of times, and needs DuckDB alone
    from orchestration.records import Records

REPOSITORY = Path(__file__).resolve().parents[2]
Figures = dict[str, list[list[str]]]

_READING = "reading\n"
_TOTALS = """
select company_code, receivable_class, currency, cast(sum(amount_document) as varchar),
    cast(sum(amount_functional) as varchar)
from marts.dim_release_total group by all order by all
"""


class WrongFigures(Exception):
    """A release that was read without an error holds something else than it should."""


@dataclass(frozen=True)
class Seen:
    """What a reader saw: reads by what was read, and everything that was wrong."""

    by_content: Mapping[str, int]
    wrong: list[str]

    @property
    def reads(self) -> int:
        return sum(self.by_content.values())


class ReaderProcess:
    """A reader for the length of a block; `stop` says what it saw.

    Args:
        module: runs `read_until_closed`.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """Returns when it has read once."""
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if said != _READING:
            self._end()
            raise AssertionError(f"the reader said {said!r} and ended with {self._process.returncode}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def stop(self) -> Seen:
        said, _ = self._process.communicate(timeout=120)
        assert self._process.returncode == 0
        return Seen(**json.loads(said.splitlines()[-1]))


class Reader(ReaderProcess):
    """Reads every table of the current release, and compares its totals with those of the manifest."""

    def __init__(self, link: Path, *, figures: Figures, folder: Path) -> None:
        file = folder / f"figures-{time.monotonic_ns()}.json"
        file.write_text(json.dumps(figures))
        super().__init__("tests.faults.reader", str(link), str(file))


def read_until_closed(read: Callable[[], str], *, pause: float) -> None:
    """The loop of a reader.

    Args:
        read: returns what it has read in a word; what it raises counts as wrong.
        pause: seconds between two reads, which leave the machine to those who are being disturbed.
    """
    by_content: Counter[str] = Counter()
    wrong: list[str] = []
    is_said = False
    while True:
        try:
            by_content[read()] += 1
        except (duckdb.Error, WrongFigures) as error:
            wrong.append(str(error))
        if not is_said:
            print(_READING, end="", flush=True)
            is_said = True
        if select.select([sys.stdin], [], [], pause)[0]:
            break
    print(json.dumps({"by_content": by_content, "wrong": wrong[:20]}), flush=True)


def read_once(link: Path, *, figures: Figures) -> str:
    """Release id of whatever the link leads to at this moment.

    Raises:
        WrongFigures: its control totals are not those of the manifest.
    """
    with duckdb.connect(str(link), read_only=True) as connection:
        release_id: str = connection.execute("select release_id from marts.dim_release").fetchall()[0][0]
        totals = [list(row) for row in connection.execute(_TOTALS).fetchall()]
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
        # every table is read, so that a file cut short cannot hide behind its header
        for (name,) in tables.fetchall():
            connection.execute(f'select count(columns(*)) from marts."{name}"').fetchall()
    if totals != figures.get(release_id):
        raise WrongFigures(f"{release_id}: {totals} instead of {figures.get(release_id)}")
    return release_id


def figures_of(records: Records, release_id: str) -> list[list[str]]:
    """Control totals of a release as the manifest keeps them, in the shape that a reader compares."""
    summed: dict[tuple[str, str, str], list[Any]] = {}
    for total in records.totals(release_id):
        amounts = summed.setdefault((total.company_code, total.receivable_class, total.currency), [0, 0])
        amounts[0] += total.amount_document or 0
        amounts[1] += total.amount_functional or 0
    return [[*key, *(str(amount) for amount in amounts)] for key, amounts in sorted(summed.items())]


def main(link: Path, figures: Figures) -> None:
    read_until_closed(lambda: read_once(link, figures=figures), pause=0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
