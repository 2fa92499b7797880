"""What is overdue on a day, from the oracle's ledger, and from the published bridge.

Belongs here: overdue items by each due date, as believed at the end. Does not: the reasons for which they changed;
those are worked by hand (tests/integration/test_accounting_d.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from tests.oracles.comparison import Difference, Published, interesting_days, knowledges
from tests.oracles.items import ZERO, Row
from tests.oracles.worlds import Universe, World

OVERDUE_SQL = """
    select company_code, open_item_id, due_date_basis, day, amount_document, max(as_of_date) over () as as_of
    from marts.fct_overdue_movement
    cross join marts.dim_release
"""
BASES = ("policy", "original", "agreed")


def is_overdue(row: Row, basis: str, as_of: date) -> bool:
    """Due today is not overdue; the agreed date counts where one was agreed."""
    due = {
        "policy": row.due_date,
        "original": row.original_due_date,
        "agreed": row.agreed_due_date or row.due_date,
    }[basis]
    return row.receivable_class == "trade" and row.open_document > 0 and due < as_of


def compare_overdue(
    universe: Universe, world: World, published: Sequence[Published]
) -> Iterator[tuple[int, list[Difference]]]:
    """Every item on a few days of one world: the sum of its changes so far is what is overdue on it."""
    known_at = knowledges(universe, world)[-1]
    known = universe.oracle(world).at(known_at)
    last_day = max((row["as_of"] for row in published), default=date.max)
    for as_of in interesting_days(known, Random(world.seed)):
        if as_of > last_day:
            continue
        ledger = known.ledger(as_of)
        for basis in BASES:
            found: dict[str, Decimal] = defaultdict(Decimal)
            for row in published:
                if row["day"] <= as_of and row["due_date_basis"] in ("every", basis):
                    found[row["open_item_id"]] += row["amount_document"]
            expected = {
                item_id: row.open_document for item_id, row in ledger.items() if is_overdue(row, basis, as_of)
            }
            differences = [
                Difference(
                    world.company_code,
                    str(world.seed),
                    as_of,
                    known_at,
                    item_id,
                    f"overdue on {basis} date",
                    expected.get(item_id, ZERO),
                    found.get(item_id, ZERO),
                )
                for item_id in sorted({*expected, *found})
                if expected.get(item_id, ZERO) != found.get(item_id, ZERO)
            ]
            yield len(expected) + 1, differences
