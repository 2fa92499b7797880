"""What one world was told and, with a release beside it, where the two opinions part.

Usage: python -m tests.oracles.debug WORLD [--release FILE] [--write FOLDER] [--seed N] [--worlds N]
    [--known-at T] [--as-of D]
Belongs here: printing. Does not: deciding anything.
"""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path

import duckdb

from tests.oracles.comparison import BALANCE_SQL, compare_balances, readable
from tests.oracles.extract_files import write_universe
from tests.oracles.worlds import Universe, World, tell_universe


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", help="company code, such as W0001")
    parser.add_argument("--release", type=Path, help="receivables.duckdb to compare with")
    parser.add_argument("--write", type=Path, help="folder for the extracts and arrears.yml of all worlds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=240)
    parser.add_argument("--known-at", type=datetime.fromisoformat, default=datetime(9999, 1, 1))
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(9999, 1, 1))
    options = parser.parse_args()
    universe = tell_universe(options.worlds, options.seed)
    world = next(world for world in universe.worlds if world.company_code == options.world)
    print(readable(universe, world))
    print_ledger(universe, world, options.as_of, options.known_at)
    if options.write:
        print(write_universe(universe, options.write))
    if options.release:
        print_differences(universe, world, options.release)


def print_ledger(universe: Universe, world: World, as_of: date, known_at: datetime) -> None:
    """The oracle's legs and open items at one (D, K)."""
    known = universe.oracle(world).at(known_at)
    print(f"\nlegs known at {known_at}")
    for leg in known.legs:
        print(
            f"   {leg.event.allocation_id}.{leg.event.number} {leg.thing_id} {leg.effective_from} "
            f"to {leg.effective_to} {leg.amount} instalment {leg.number}"
        )
    print(f"orphans {sorted(known.orphans)}, plans set aside {sorted(known.plans_set_aside)}")
    print(f"\nledger at {as_of}")
    for row in known.ledger(as_of).values():
        print(
            f"   {row.open_item_id:<14} {row.item_kind:<16} {row.customer_id:<14} {row.receivable_class:<14} "
            f"{row.open_document:>10} {row.currency} {row.open_functional!s:>10} {world.functional_currency} "
            f"due {row.due_date} original {row.original_due_date} agreed {row.agreed_due_date}"
        )


def print_differences(universe: Universe, world: World, release: Path) -> None:
    """The first differences between a release and the oracle."""
    with duckdb.connect(str(release.resolve()), read_only=True) as connection:
        cursor = connection.execute(f"{BALANCE_SQL} where company_code = ?", [world.company_code])
        names = [column[0] for column in cursor.description or ()]
        published = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = [
        difference
        for _, differences in compare_balances(universe, world, published)
        for difference in differences
    ]
    print(f"\n{len(found)} differences")
    print("\n".join(str(difference) for difference in found[:60]))


if __name__ == "__main__":
    main()
