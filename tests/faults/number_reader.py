"""A reader of numbered releases, in a process of its own.

Belongs here: the ways in which readers hold a release. Must not: publish.

Run as `python -m tests.faults.number_reader HOW LINK` until its standard input is closed. HOW is `link` (opens the link
itself, as an analyst's client does), `resolved` (follows it first, as the dashboard does) or `held` (opens once and
never closes).
"""

import json
import select
import sys
from collections import Counter
from pathlib import Path

import duckdb

from tests.faults.publishing import numbers_in


def main(how: str, link: Path) -> None:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    held = duckdb.connect(str(link.resolve()), read_only=True) if how == "held" else None
    said = False
    while True:
        try:
            if held is not None:
                numbers = numbers_in(held)
            else:
                with duckdb.connect(
                    str(link if how == "link" else link.resolve()), read_only=True
                ) as connection:
                    numbers = numbers_in(connection)
            seen["+".join(map(str, sorted(numbers)))] += 1
        except duckdb.Error as error:
            wrong.append(str(error))
        if not said:
            print("reading", flush=True)
            said = True
        if select.select([sys.stdin], [], [], 0)[0]:
            break
    print(json.dumps({"seen": seen, "wrong": wrong[:20]}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
