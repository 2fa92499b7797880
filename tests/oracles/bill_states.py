"""States of a bill by definition, yuan by yuan.

Belongs here: under which name each yuan of a bill stands on a day, given whole yuan that were told up to it. Does not:
what is held or passed on in the ledger (bills.py), statuses of receipts, anything imported from the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

HELD = "in_hand"


@dataclass(frozen=True)
class Event:
    """What was told of a bill: so many yuan of it were endorsed, pledged, honoured."""

    kind: str
    amount: int
    with_recourse: bool = True


def states_of(amount: int, told: Sequence[Event], *, is_due: bool, is_past_due: bool) -> Counter[str]:
    """How many yuan stand under which name.

    Args:
        amount: of the bill.
        told: up to the day.
        is_due: the day is maturity or later.
        is_past_due: the day is later than maturity.
    """
    yuan = [HELD] * amount

    def move(wanted: int, source: str, target: str) -> int:
        """Move as many as there are, and say how many were still wanted."""
        for place in [place for place, state in enumerate(yuan) if state == source][:wanted]:
            yuan[place] = target
            wanted -= 1
        return wanted

    def sum_of(kind: str, with_recourse: bool = True) -> int:
        return sum(e.amount for e in told if e.kind == kind and e.with_recourse == with_recourse)

    for recourse in (False, True):
        for kind in ("endorsed", "discounted"):
            name = f"{kind}_{'with' if recourse else 'without'}_recourse"
            move(sum_of(kind, recourse), HELD, name)
    for kind in ("dishonoured", "returned", "honoured"):
        wanted = sum_of(kind)
        for source in (HELD, "discounted_with_recourse", "endorsed_with_recourse"):
            wanted = move(wanted, source, kind)
    if is_due and any(event.kind != "pledged" for event in told):
        for kind in ("endorsed", "discounted"):
            move(amount, f"{kind}_with_recourse", "recourse_ended")
    if is_past_due:
        move(amount, HELD, "matured_without_outcome")
    move(sum_of("pledged"), HELD, "pledged")
    return Counter(yuan)
