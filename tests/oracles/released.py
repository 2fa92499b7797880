"""All worlds of a universe through one refresh, and what was published against the oracle.

Belongs here: the release of a universe, comparing every world, the report of what differs. Does not: the
comparison of one world (comparison.py), expectations (oracle.py), the worlds themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.kit import Warehouse, refresh
from tests.oracles.comparison import Difference, Published, by_company, readable
from tests.oracles.extract_files import write_universe
from tests.oracles.worlds import Universe, World

SHOWN = 40

Compare = Callable[[Universe, World, Sequence[Published]], Iterator[tuple[int, list[Difference]]]]


@dataclass(frozen=True)
class Released:
    """All worlds, and the release that one refresh made of them."""

    universe: Universe
    connection: duckdb.DuckDBPyConnection

    def query(self, sql: str, parameters: list[object] | None = None) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql, parameters or [])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def compare(self, sql: str, compare: Compare) -> None:
        """Compare the rows of a query with every world; fail on the first difference, telling its world."""
        rows = by_company(self.query(sql))
        compared, differences = 0, list[Difference]()
        for world in self.universe.worlds:
            for count, found in compare(self.universe, world, rows.get(world.company_code, [])):
                compared += count
                differences += found
        _report(self.universe, compared, differences)


@contextmanager
def release_of(
    universe: Universe, folder: Path, *, make: Callable[[Path], Warehouse] = refresh
) -> Iterator[Released]:
    """Write the extracts of a universe to a folder, `make` a release of them, and open it."""
    print(f"\nworlds in {folder}")
    warehouse = make(write_universe(universe, folder))
    yield Released(universe, warehouse.connection)
    warehouse.close()


def _report(universe: Universe, compared: int, differences: list[Difference]) -> None:
    """Fail with the first differences and everything about the first world that has one."""
    print(f"\n{compared:,} figures and attributes compared, {len(differences):,} differences")
    assert compared, "nothing was compared"
    if not differences:
        return
    bad = Counter(difference.company_code for difference in differences)
    world = next(world for world in universe.worlds if world.company_code == differences[0].company_code)
    stories = Counter(
        story for world in universe.worlds if world.company_code in bad for story in world.features
    )
    lines = [
        *(str(difference) for difference in differences[:SHOWN]),
        f"{len(differences)} differences in {len(bad)} of {len(universe.worlds)} worlds: {bad.most_common(12)}",
        f"stories in those worlds: {stories.most_common(12)}",
        readable(universe, world),
    ]
    pytest.fail("\n".join(lines), pytrace=False)
