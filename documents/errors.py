"""Errors that whoever asked for a document can act on.

Belongs here: what was found and the fix, in English for whoever runs a command, as codes and figures for a page that
speaks another language. Must not: wrap programming mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

# Every proof that can fail: of a statement, of receipts after a day, of a provision workpaper.
Figure = Literal[
    "running_balance", "open_items", "aging", "open_items_in_functional_currency", "open_items_beside",
    "parts_of_the_item", "what_is_left_of_the_item",
    "open_less_absorbed", "covered_and_uncovered", "rate_x_base", "rate", "weights_of_the_rate", "parts_of_roll_rates",
    "what_rolled", "what_could_roll", "pairs_of_roll_rates", "roll_rate", "mean_loss_rate", "loss_rate_x_factor",
    "allowance_by_step", "what_was_lost", "what_became", "gross", "exposure", "individual_exposure", "individual_loss",
    "sensitivity", "allowance",
]  # fmt: skip
FIGURES: tuple[str, ...] = get_args(Figure)


class DocumentError(Exception):
    """What went wrong, and the fix; `code` is the kind of it."""

    code = "document"

    def __init__(self, problem: str, *, fix: str) -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{problem}\n  fix: {fix}")


class UnknownAccount(DocumentError):
    """The release has no such company or customer, or it is no customer to whom one could write."""

    code = "unknown_account"


class PeriodNotCovered(DocumentError):
    """The days asked for are not in order, or go beyond what the release knows."""

    code = "period_not_covered"


class OlderRelease(DocumentError):
    """The release was published by a version that did not bring what a document reads."""

    code = "older_release"


class NotConverted(DocumentError):
    """Amounts that a document adds up have no exchange rate."""

    code = "not_converted"


@dataclass(frozen=True)
class Difference:
    """One figure got in two ways; `place` says of what: customer, item, segment, and the currency where it is money."""

    figure: Figure
    place: str
    found: Decimal
    expected: Decimal

    @property
    def amount(self) -> Decimal:
        return self.found - self.expected

    @property
    def name(self) -> str:
        """In English, for messages."""
        return self.figure.replace("_", " ")


class DoesNotClose(DocumentError):
    """Two ways to a balance disagree: nothing is written."""

    code = "does_not_close"

    def __init__(self, problem: str, *, fix: str, difference: Difference) -> None:
        super().__init__(problem, fix=fix)
        self.difference = difference
