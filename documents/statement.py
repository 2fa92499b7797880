"""What a statement says, as values: accounts, lines, open items, and the proof that they agree.

Belongs here: the shape of a statement and its checks. Must not: query, choose words, render. Money is Decimal in
document currency, debit positive; nothing is ever added over currencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from documents.errors import Difference, DoesNotClose, Figure

ZERO = Decimal("0.00")
TRADE = "trade"
# What stands beside the account: never in its balance. The customer holds a paper about each of them, except about
# what we accrued for goods not yet billed.
BESIDE = ("bill", "bill_transferred", "contract_asset", "late_interest", "other", "unbilled")
ONLY_FOR_AUDITORS = ("unbilled",)


@dataclass(frozen=True)
class Account:
    """One customer of one company."""

    company_code: str
    customer_id: str
    company_name: str
    customer_name: str
    currency: str
    party_id: str


@dataclass(frozen=True)
class Release:
    """What the figures come from."""

    release_id: str
    as_of: date
    known_at: datetime
    code_version: str
    policy_hash: str


@dataclass(frozen=True)
class Line:
    """One movement of the account; `amount` is negative for a credit, `functional` NULL where no rate is known."""

    day: date
    kind: str
    document: str
    reference: str
    amount: Decimal
    balance: Decimal
    functional: Decimal | None
    allocation_id: str
    source: str


@dataclass(frozen=True)
class Item:
    """One item open at the end of the period; credits are negative."""

    open_item_id: str
    receivable_class: str
    kind: str
    document: str
    reference: str
    instalment_no: int | None
    document_date: date | None
    due_date: date | None
    original_due_date: date | None
    days_past_due: int
    original_amount: Decimal
    open_amount: Decimal
    disputed_amount: Decimal
    functional: Decimal | None
    is_age_unknown: bool
    is_due_date_derived: bool
    source: str


@dataclass(frozen=True)
class Bucket:
    """One bucket of the standard scheme and what is in it."""

    code: str
    label_zh: str
    label_en: str
    amount: Decimal


@dataclass(frozen=True)
class CurrencyAccount:
    """An account in one currency: what it opened with, what moved it, what is left of what."""

    currency: str
    opening: Decimal
    # NULL where no rate is known for something in it
    opening_functional: Decimal | None
    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    aging: tuple[Bucket, ...]
    beside: tuple[Item, ...]
    # closing balances of the classes beside, from their movements
    beside_moved: tuple[tuple[str, Decimal], ...]

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((line.amount for line in self.lines), ZERO)

    @property
    def debits(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)

    @property
    def credits(self) -> Decimal:
        return -sum((line.amount for line in self.lines if line.amount < 0), ZERO)

    @property
    def owed(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.open_amount > 0)

    @property
    def unapplied(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.open_amount < 0)

    @property
    def revalued(self) -> tuple[Item, ...]:
        """Items that are open in the books of the company alone: revaluation journals."""
        return tuple(item for item in self.items if item.open_amount == 0)

    @property
    def closing_functional(self) -> Decimal | None:
        """By the movements; None where a rate is missing."""
        amounts = [self.opening_functional, *(line.functional for line in self.lines)]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, ZERO) if len(known) == len(amounts) else None

    @property
    def overdue(self) -> Decimal:
        return sum((item.open_amount for item in self.owed if item.days_past_due > 0), ZERO)


@dataclass(frozen=True)
class Statement:
    """The statement of one account over one period, in every currency that it has."""

    account: Account
    release: Release
    first_day: date
    last_day: date
    currencies: tuple[CurrencyAccount, ...]

    @property
    def has_balance(self) -> bool:
        """Whether anything is open that the customer knows of, also where it adds up to nothing."""
        return any(
            item.open_amount != 0 and item.receivable_class not in ONLY_FOR_AUDITORS
            for part in self.currencies
            for item in (*part.items, *part.beside)
        )

    @property
    def has_overdue(self) -> bool:
        return any(part.overdue > 0 for part in self.currencies)


def prove(statement: Statement) -> Statement:
    """The statement itself, if it closes.

    Movements and open items come from two tables that are built apart; the aging from a third query.

    Raises:
        DoesNotClose: a running balance, the open items, the aging or a class beside gives another figure.
    """
    for part in statement.currencies:
        closing = part.closing
        last = part.lines[-1].balance if part.lines else part.opening
        _agree(statement, part, "running_balance", last, closing)
        _agree(statement, part, "open_items", _total(part.items), closing)
        _agree(statement, part, "aging", sum((bucket.amount for bucket in part.aging), ZERO), closing)
        functional = [item.functional for item in part.items if item.functional is not None]
        if part.closing_functional is not None and len(functional) == len(part.items):
            _agree(
                statement,
                part,
                "open_items_in_functional_currency",
                sum(functional, ZERO),
                part.closing_functional,
                currency=statement.account.currency,
            )
        for receivable_class, moved in part.beside_moved:
            held = [item for item in part.beside if item.receivable_class == receivable_class]
            _agree(statement, part, "open_items_beside", _total(held), moved, of=receivable_class)
    return statement


def _total(items: Sequence[Item]) -> Decimal:
    return sum((item.open_amount for item in items), ZERO)


def _agree(
    statement: Statement,
    part: CurrencyAccount,
    figure: Figure,
    found: Decimal,
    expected: Decimal,
    *,
    of: str | None = None,
    currency: str | None = None,
) -> None:
    if found == expected:
        return
    account = statement.account
    place = " ".join(
        name for name in (account.company_code, account.customer_id, currency or part.currency, of) if name
    )
    difference = Difference(figure, place, found, expected)
    of_class = f" of class {of}" if of else ""
    raise DoesNotClose(
        f"the statement of {account.company_code} {account.customer_id} in {part.currency} for"
        f" {statement.first_day} to {statement.last_day} does not close: the {difference.name}{of_class} give"
        f" {found:,}, the movements {expected:,}",
        fix=f"it was not written; release {statement.release.release_id} contradicts itself here: publish again"
        " with `arrears refresh`, and if it repeats follow the movements with"
        f" marts.customer_statement('{account.company_code}', '{account.customer_id}', ...)",
        difference=difference,
    )
