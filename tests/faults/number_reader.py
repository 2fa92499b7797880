"""A reader of numbered releases, in a process of its own.

Belongs here: the ways in which readers hold a release. Must not: publish.

Run as `python -m tests.faults.number_reader HOW LINK`. HOW is `link` (opens the link itself, as an analyst's client
does), `resolved` (follows it first, as the dashboard does) or `held` (opens once and never closes).
"""

import sys
from pathlib import Path
from typing import Literal

import duckdb

from tests.faults.publishing import numbers_in
from tests.faults.reader import ReaderProcess, read_until_closed


class NumberReader(ReaderProcess):
    """Counts its reads by the numbers that each has met; more than one number in a read is a mixture (`1+2`)."""

    def __init__(self, link: Path, *, how: Literal["link", "resolved", "held"]) -> None:
        super().__init__("tests.faults.number_reader", how, str(link))


def main(how: str, link: Path) -> None:
    held = duckdb.connect(str(link.resolve()), read_only=True) if how == "held" else None

    def read() -> str:
        if held is not None:
            return _word(held)
        with duckdb.connect(str(link if how == "link" else link.resolve()), read_only=True) as connection:
            return _word(connection)

    read_until_closed(read, pause=0)


def _word(connection: duckdb.DuckDBPyConnection) -> str:
    return "+".join(map(str, sorted(numbers_in(connection))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
