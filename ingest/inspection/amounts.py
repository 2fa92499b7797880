"""Bank lines: how the signed amount of a line is told, and what the running balance proves of it.

Belongs here: trying forms of an amount against the balances beside it. Must not: names of columns.

    balance = balance before + amount, in the order of the file or against it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Numbers = Sequence[Decimal | None]
MOST_ROWS = 2_000
LEAST_SHARE = 0.8


@dataclass(frozen=True)
class Form:
    """A way to an amount. `kind`: signed (one column as it is), negated, columns (plus less minus, by magnitude),
    raw_columns (plus less minus as they are), direction (the sign by another column)."""

    kind: str
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Proof:
    """Balances that follow: `steps` of `tried`, with the amounts of `form` and the balance in column `balance`."""

    form: Form
    balance: int
    steps: int
    tried: int

    @property
    def holds(self) -> bool:
        """Whether so many follow that it cannot be chance."""
        return self.tried >= 1 and self.steps >= LEAST_SHARE * self.tried

    def __str__(self) -> str:
        return f"{self.steps:,} of {self.tried:,} balances follow from the one before"


def prove(
    forms: Sequence[Form],
    *,
    balances: Sequence[int],
    numbers: Mapping[int, Numbers],
    signs: Mapping[int, Sequence[int]],
) -> Proof | None:
    """The form and the column of balances by which the most balances follow; None where hardly any does.

    Args:
        signs: for columns that tell the direction, 1, -1, or 0 where it is not known, row by row.
    """
    best: Proof | None = None
    for form in forms:
        amounts = amounts_of(form, numbers=numbers, signs=signs)
        for balance in balances:
            if balance in form.columns:
                continue
            proof = _proof(form, amounts, numbers[balance], balance)
            if best is None or (proof.steps, -proof.tried) > (best.steps, -best.tried):
                best = proof
    return best if best is not None and best.steps and best.holds else None


def amounts_of(
    form: Form, *, numbers: Mapping[int, Numbers], signs: Mapping[int, Sequence[int]]
) -> list[Decimal | None]:
    """The amounts of a form, row by row."""
    zero = Decimal(0)
    first = numbers[form.columns[0]][:MOST_ROWS]
    if form.kind == "signed":
        return list(first)
    if form.kind == "negated":
        return [None if n is None else -n for n in first]
    if form.kind == "direction":
        directions = signs[form.columns[1]]
        return [None if n is None else abs(n) * directions[row] for row, n in enumerate(first)]
    second = numbers[form.columns[1]][:MOST_ROWS]
    found: list[Decimal | None] = []
    for plus, minus in zip(first, second, strict=True):
        if plus is None and minus is None:
            found.append(None)
        elif form.kind == "columns":
            found.append(abs(plus or zero) - abs(minus or zero))
        else:
            found.append((plus or zero) - (minus or zero))
    return found


def _proof(form: Form, amounts: Numbers, balances: Numbers, balance: int) -> Proof:
    forward = backward = tried = 0
    for row in range(1, min(len(amounts), len(balances))):
        before, after = balances[row - 1], balances[row]
        if before is None or after is None:
            continue
        tried += 1
        own, others = amounts[row], amounts[row - 1]
        # a line of nothing proves nothing
        forward += own is not None and own != 0 and before + own == after
        backward += others is not None and others != 0 and after + others == before
    return Proof(form, balance, max(forward, backward), tried)
