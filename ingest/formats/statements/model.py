"""What every statement format hands over: statements with their booked lines, as text.

Belongs here: the two records and what a reader may raise. Must not: reading a file, typing a cell.

Cells are text as in every other format: an ISO date and an amount with a point where the reader could tell, the
original text where it could not, so that a bad cell becomes a rejected row with its reason and the rest lands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

Cells = dict[str, str | None]


@dataclass(frozen=True)
class Line:
    """One booked line: columns of bank_transaction."""

    cells: Cells


@dataclass(frozen=True)
class Statement:
    """One statement of one account: columns of bank_statement."""

    cells: Cells


class Balance(NamedTuple):
    """A booked balance: signed amount and day."""

    amount: str
    day: str | None


# in the order of the file; a statement comes behind its lines, when its balances are known
Records = Iterator[Line | Statement]


class StatementError(ValueError):
    """The file is not what it says, so its delivery is refused; `fix` says what to do."""

    def __init__(self, message: str, *, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def statement(
    shared: Cells, *, opening: Balance | None, closing: Balance | None, pending: int = 0
) -> Statement:
    """A statement of its identity and balances.

    Args:
        shared: account, currency and statement_id, as its lines have them.
        pending: entries that are not booked yet (pending, expected, information): they are no money.
    """
    return Statement(
        {
            **shared,
            "opening_balance": opening.amount if opening else None,
            "opening_date": opening.day if opening else None,
            "closing_balance": closing.amount if closing else None,
            "closing_date": closing.day if closing else None,
            "pending_count": str(pending),
        }
    )


def statement_id(day: str | None, *parts: str | None) -> str | None:
    """What tells statements of one account apart for ever: numbers begin anew each year, and some banks give every
    statement the same identification."""
    return "-".join(part for part in (day, *parts) if part) or None


def plain_amount(text: str) -> str:
    """A number with a point, without the zeros behind the second decimal that some formats write; what is not one
    stays as it is."""
    if "." not in text:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals[:2]}" if len(decimals) > 2 and not decimals[2:].strip("0") else text
