"""A company kept in a real ERP, turned into dated generic deliveries.

Belongs here: reading the CSV extracts, the mapping of postings to documents, receipts and allocations, and what was
booked by which day. Must not: expected balances (test_tryton.py) or rules of the ledger.

Each receivable posting is keyed in on `booked_on`, the knowledge clock; it counts in the books from `posting_date`. A
delivery is a full dump of what had been keyed in by the end of its day. Lines with one reconciliation id settle each
other; the match takes effect on the latest posting date among them (T04) and is known once the last of them is booked.
Exchange differences (journal EXC) are not delivered: the warehouse has to derive them, and the test compares them.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tests.kit.extracts import Books, Extracts, SourcePlan
from tests.kit.shared import shared_folder

COMPANY = "TRY1"
CONTROL_ACCOUNT = "1200"
CURRENCY = "EUR"


def _day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Posting:
    """One receivable line. `amount` is signed in `currency`; `functional` is signed in euro."""

    line_id: int
    journal: str
    posting_date: date
    booked_on: date
    maturity: date | None
    customer: str
    currency: str
    amount: Decimal
    functional: Decimal
    invoice_number: str
    group: str
    text: str

    @property
    def voucher(self) -> str:
        """Invoice numbers start again each year, receipts are one line each."""
        if self.journal == "REV":
            return f"{self.posting_date.year}-{self.invoice_number}"
        return f"C{self.line_id}"

    @property
    def is_credit(self) -> bool:
        return self.functional < 0


@dataclass(frozen=True)
class Match:
    """Part of a credit line settling part of a debit line."""

    match_id: str
    credit: Posting
    debit: Posting
    amount: Decimal
    effective: date
    booked_on: date


@dataclass(frozen=True)
class Ledger:
    """The postings of the company, and what follows from them alone."""

    postings: Sequence[Posting]

    @cached_property
    def groups(self) -> dict[str, list[Posting]]:
        groups: dict[str, list[Posting]] = defaultdict(list)
        for posting in self.postings:
            if posting.group:
                groups[posting.group].append(posting)
        return groups

    @cached_property
    def vouchers(self) -> dict[str, list[Posting]]:
        """Invoices, credit notes and receipts with their lines, by due date; a line is an instalment."""
        vouchers: dict[str, list[Posting]] = defaultdict(list)
        for posting in self.postings:
            if posting.journal != "EXC":
                vouchers[posting.voucher].append(posting)
        for lines in vouchers.values():
            lines.sort(key=lambda line: (line.maturity or line.posting_date, line.line_id))
        return vouchers

    @cached_property
    def matches(self) -> list[Match]:
        return [match for group, lines in sorted(self.groups.items()) for match in _matches(group, lines)]

    def instalment_no(self, posting: Posting) -> int:
        return self.vouchers[posting.voucher].index(posting) + 1

    def exchange_differences(self) -> dict[str, Decimal]:
        """Signed euro amount of the EXC lines per group."""
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for posting in self.postings:
            if posting.journal == "EXC":
                totals[posting.group] += posting.functional
        return dict(totals)

    def control_balance(self, as_of: date, *, known_at: date) -> Decimal:
        return sum(
            (p.functional for p in self.postings if p.posting_date <= as_of and p.booked_on <= known_at),
            Decimal(0),
        )


def _matches(group: str, lines: Sequence[Posting]) -> Iterator[Match]:
    """Credits, oldest first, settle debits, earliest due first."""
    vouchers = [line for line in lines if line.journal != "EXC"]
    debits = sorted(
        (p for p in vouchers if not p.is_credit), key=lambda p: (p.maturity or p.posting_date, p.line_id)
    )
    credits = sorted((p for p in vouchers if p.is_credit), key=lambda p: (p.posting_date, p.line_id))
    left = {posting.line_id: abs(posting.amount) for posting in vouchers}
    effective, booked_on = max(p.posting_date for p in lines), max(p.booked_on for p in lines)
    for credit in credits:
        for debit in debits:
            amount = min(left[credit.line_id], left[debit.line_id])
            if amount > 0:
                left[credit.line_id] -= amount
                left[debit.line_id] -= amount
                yield Match(
                    f"G{group}-{credit.line_id}-{debit.line_id}", credit, debit, amount, effective, booked_on
                )
    if any(left.values()):
        raise ValueError(f"reconciliation {group} does not balance: {left}")


def folder() -> Path:
    return shared_folder() / "data" / "tryton"


def _rows(name: str) -> list[dict[str, str]]:
    with (folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_ledger() -> Ledger:
    """Read the receivable postings."""
    return Ledger([_posting(row) for row in _rows("receivable_lines.csv")])


def _posting(row: dict[str, str]) -> Posting:
    functional = Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
    return Posting(
        line_id=int(row["line_id"]),
        journal=row["journal"],
        posting_date=_day(row["posting_date"]),
        booked_on=_day(row["booked_on"]),
        maturity=_day(row["maturity_date"]) if row["maturity_date"] else None,
        customer=row["customer_code"],
        currency=row["currency2"] or CURRENCY,
        amount=Decimal(row["amount_currency2"]) if row["amount_currency2"] else functional,
        functional=functional,
        invoice_number=row["invoice_number"],
        group=row["reconciliation_id"],
        text=row["move_description"],
    )


def extracts(
    ledger: Ledger, *, deliveries: Sequence[date], control: dict[date, tuple[Decimal, Decimal]]
) -> Extracts:
    """Full dumps at the end of each of `deliveries`.

    Args:
        control: balance of the control account per day: as it stood in the delivery of that day, and in the last one.
    """
    world = Extracts(
        [SourcePlan("tryton", tuple(deliveries))], reporting_currency=CURRENCY, time_zone="Europe/Paris"
    )
    books = world.books(
        COMPANY,
        functional_currency=CURRENCY,
        customers=(),
        time_zone="Europe/Paris",
        control_accounts={"trade_control": [CONTROL_ACCOUNT]},
    )
    for customer in _rows("customers.csv"):
        books.customer(customer["customer_code"], name=customer["name"])
    for voucher, lines in ledger.vouchers.items():
        _deliver_voucher(voucher, lines, books)
    for match in ledger.matches:
        _deliver_match(match, ledger, books)
    for day, (then, now) in control.items():
        last = deliveries[-1]
        if day != last:
            first = books.known(since=day, until=last)
            first.gl_balance(CONTROL_ACCOUNT, "trade_control", then, day, currency=CURRENCY)
        books.known(since=last).gl_balance(CONTROL_ACCOUNT, "trade_control", now, day, currency=CURRENCY)
    _deliver_rates(world, through=deliveries[-1])
    return world


def _deliver_voucher(voucher: str, lines: Sequence[Posting], books: Books) -> None:
    first = lines[0]
    known = books.known(since=max(line.booked_on for line in lines))
    amount = sum((line.amount for line in lines), Decimal(0))
    functional = sum((line.functional for line in lines), Decimal(0))
    shared = {"customer_id": first.customer, "currency": first.currency, "control_account": CONTROL_ACCOUNT}
    if first.journal == "CASH":
        known.receipt(
            voucher,
            -amount,
            first.posting_date,
            functional_amount=-functional,
            reference=first.text,
            **shared,
        )
        return
    known.document(
        voucher,
        abs(amount),
        first.posting_date,
        document_type="credit_note" if first.is_credit else "invoice",
        due=lines[-1].maturity,
        functional_amount=abs(functional),
        **shared,
    )
    if len(lines) > 1:
        for number, line in enumerate(lines, start=1):
            known.instalment(voucher, number, abs(line.amount), line.maturity or line.posting_date)


def _deliver_match(match: Match, ledger: Ledger, books: Books) -> None:
    credit = match.credit
    books.known(since=match.booked_on).allocation(
        match.match_id,
        match.amount,
        match.effective,
        used=f"{'receipt' if credit.journal == 'CASH' else 'credit_note'}:{credit.voucher}",
        settles=f"document:{match.debit.voucher}",
        to_instalment_no=ledger.instalment_no(match.debit),
    )


def _deliver_rates(world: Extracts, *, through: date) -> None:
    """A rate holds until the next one; it is repeated weekly because the warehouse takes none older than 7 days."""
    rates = [(row["currency"], _day(row["date"]), row["units_per_eur"]) for row in _rows("fx_rates.csv")]
    for currency in sorted({rate[0] for rate in rates}):
        own = sorted((day, value) for name, day, value in rates if name == currency)
        ends = [*[day for day, _ in own[1:]], through + timedelta(days=1)]
        for (start, value), end in zip(own, ends, strict=True):
            for offset in range(0, max((min(end, through + timedelta(days=1)) - start).days, 0), 7):
                day = start + timedelta(days=offset)
                world.put(
                    "fx_rate",
                    since=day,
                    rate_date=day,
                    from_currency=CURRENCY,
                    to_currency=currency,
                    rate=value,
                    rate_type="closing",
                )
