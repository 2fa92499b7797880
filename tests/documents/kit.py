"""Statements as values, for tests of words and rendering that need no release.

Belongs here: one plain statement and ways to vary it. Must not: assertions.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from documents.statement import Account, Bucket, CurrencyAccount, Item, Line, Release, Statement

D = Decimal
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
ACCOUNT = Account(
    company_code="CN01",
    customer_id="K00012",
    company_name="远衡工业设备（苏州）有限公司",
    customer_name="Müller & Söhne 机械 GmbH",
    currency="CNY",
    party_id="CN01|K00012",
)
RELEASE = Release(
    release_id="r0007",
    as_of=date(2026, 6, 30),
    known_at=datetime(2026, 6, 30, 15, 59, 59),
    code_version="c0de00c0de00",
    policy_hash="fa11ba11fa11",
)


def line(
    kind: str, amount: str, balance: str, *, day: date = date(2026, 6, 5), document: str = "DOC1"
) -> Line:
    """One movement, in CNY."""
    return Line(
        day=day,
        kind=kind,
        document=document,
        reference="PO-1",
        amount=D(amount),
        balance=D(balance),
        functional=D(amount),
        allocation_id="ALLOC-9",
        source="in/erp/2026-06-30/document.csv #17",
    )


def item(document: str, amount: str, *, due: date | None = None, **changes: Any) -> Item:
    """One open item of class trade, opened with what is open."""
    plain = Item(
        open_item_id=f"CN01|D|{document}|1",
        receivable_class="trade",
        kind="invoice",
        document=document,
        reference="PO-1",
        instalment_no=1,
        document_date=date(2026, 5, 1),
        due_date=due or date(2026, 5, 31),
        original_due_date=due or date(2026, 5, 31),
        days_past_due=(LAST - (due or date(2026, 5, 31))).days,
        original_amount=D(amount),
        open_amount=D(amount),
        disputed_amount=D("0.00"),
        functional=D(amount),
        is_age_unknown=False,
        is_due_date_derived=False,
        source="in/erp/2026-06-30/document.csv #17",
    )
    return replace(plain, **changes)


def part(
    *items: Item,
    lines: tuple[Line, ...] = (),
    opening: str | None = None,
    currency: str = "CNY",
    **changes: object,
) -> CurrencyAccount:
    """An account that closes: everything that no line brings was there when the period opened."""
    closing = sum((one.open_amount for one in items), D("0.00"))
    moved = sum((one.amount for one in lines), D("0.00"))
    before = closing - moved if opening is None else D(opening)
    owed = sum((one.open_amount for one in items if one.open_amount > 0), D("0.00"))
    plain = CurrencyAccount(
        currency=currency,
        opening=before,
        opening_functional=before,
        lines=lines,
        items=items,
        aging=(
            Bucket("1-30", "1–30天", "1–30 days", owed),
            Bucket("unapplied", "未核销款", "unapplied", closing - owed),
        ),
        beside=(),
        beside_moved=(),
    )
    return replace(plain, **changes)


def statement(*parts: CurrencyAccount, account: Account = ACCOUNT) -> Statement:
    """A statement of June 2026."""
    return Statement(account, RELEASE, FIRST, LAST, parts)


def many_items(count: int) -> tuple[Item, ...]:
    """Items of 1,000.01, 1,000.02, ..., each with its own number."""
    return tuple(
        item(
            f"AR{number:05d}",
            str(D("1000.00") + D(number) / 100),
            due=date(2026, 1, 1) + timedelta(days=number % 300),
        )
        for number in range(1, count + 1)
    )
