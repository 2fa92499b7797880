"""A real ERP's books on both clocks: balances per customer, open amounts per invoice, control account, restatements.

Belongs here: the expected aged balances of the ERP against the published macros. Must not: preparation of the data
(tests/kit/tryton.py).

The ERP's bucket edges differ and a matched early payment stays open there until the due date: balances are compared,
buckets are not. Open amounts per invoice agree without exception.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.kit import D, Warehouse, refresh, tryton
from tests.kit.shared import needs_shared

pytestmark = [pytest.mark.shared, needs_shared("data", "tryton")]

AS_OF = (date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 8, 31))
# month ends, so that late bookings arrive in several deliveries
DELIVERIES = (
    date(2023, 7, 31),
    date(2023, 9, 30),
    date(2023, 12, 31),
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 4, 30),
    date(2024, 6, 30),
    date(2024, 7, 31),
    date(2024, 8, 31),
)
OPEN_DOCUMENTS = dict(zip(AS_OF, (137, 142, 158, 159), strict=True))
RESTATED = dict(zip(AS_OF, (D("0.00"), D("-40246.22"), D("-8991.59"), D("0.00")), strict=True))
PER_DATE = pytest.mark.parametrize("as_of", AS_OF, ids=[day.isoformat() for day in AS_OF])


@pytest.fixture(scope="module")
def expected() -> Mapping[str, Any]:
    path = tryton.folder() / "expected_aged_balance.json"
    figures: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["as_of"]
    return figures


@pytest.fixture(scope="module")
def ledger() -> tryton.Ledger:
    return tryton.load_ledger()


@pytest.fixture(scope="module")
def books(
    ledger: tryton.Ledger, expected: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    control = {
        day: (
            D(expected[str(day)]["snapshot_at_the_time"]["receivable_control"]),
            D(expected[str(day)]["retrospective"]["receivable_control"]),
        )
        for day in AS_OF
    }
    world = tryton.extracts(ledger, deliveries=DELIVERIES, control=control)
    warehouse = refresh(world.write(tmp_path_factory.mktemp("tryton")))
    yield warehouse
    warehouse.close()


def _retrospective(expected: Mapping[str, Any], as_of: date) -> dict[str, Decimal]:
    rows = expected[str(as_of)]["retrospective"]["t30_60_90"]
    return {row["party_code"]: D(row["balance"]) for row in rows if D(row["balance"])}


def _at_the_time(expected: Mapping[str, Any], as_of: date) -> dict[str, Decimal]:
    rows = expected[str(as_of)]["snapshot_at_the_time"]["aged_balance_30_60_90"]
    return {row["party_code"]: D(row["balance"]) for row in rows if D(row["balance"])}


def _to_pay(expected: Mapping[str, Any], as_of: date) -> dict[tuple[str, str, Decimal], Decimal]:
    rows = expected[str(as_of)]["snapshot_at_the_time"]["invoice_amount_to_pay"]
    return {(row["number"], row["party_code"], D(row["total"])): D(row["amount_to_pay"]) for row in rows}


def _balances(books: Warehouse, as_of: date, *, known_at: date | None = None) -> dict[str, Decimal]:
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for item in books.open_items(as_of, known_at=known_at, company=tryton.COMPANY):
        assert item.functional is not None, item
        balances[item.customer_id] += item.functional
    return {customer: amount for customer, amount in balances.items() if amount}


# The prepared data, before any pipeline: a failure here is a failure of the test kit.


@PER_DATE
def test_the_prepared_postings_have_the_balances_of_the_erp_on_both_clocks(
    ledger: tryton.Ledger, expected: Mapping[str, Any], as_of: date
) -> None:
    for known_at, figures in (
        (as_of, _at_the_time(expected, as_of)),
        (DELIVERIES[-1], _retrospective(expected, as_of)),
    ):
        balances: dict[str, Decimal] = defaultdict(Decimal)
        for posting in ledger.postings:
            if (
                posting.journal != "EXC"
                and max(posting.posting_date, as_of) == as_of
                and posting.booked_on <= known_at
            ):
                balances[posting.customer] += posting.functional
        for match in ledger.matches:
            if match.effective <= as_of and match.booked_on <= known_at:
                # settled in full on both sides, so the exchange difference is what the two sides leave
                balances[match.debit.customer] -= _share(ledger, match.debit, match) + _share(
                    ledger, match.credit, match
                )
        assert {customer: amount for customer, amount in balances.items() if amount} == figures


def _share(ledger: tryton.Ledger, posting: tryton.Posting, match: tryton.Match) -> Decimal:
    """Signed euro value of the part of a line that a match settles; all foreign lines are settled whole."""
    if posting.currency == tryton.CURRENCY:
        return match.amount if posting.functional > 0 else -match.amount
    assert abs(posting.amount) == match.amount
    return posting.functional


@PER_DATE
def test_the_prepared_matches_leave_the_open_invoices_of_the_erp(
    ledger: tryton.Ledger, expected: Mapping[str, Any], as_of: date
) -> None:
    left: dict[str, Decimal] = defaultdict(Decimal)
    for posting in ledger.postings:
        if posting.journal == "REV" and posting.posting_date <= as_of and posting.booked_on <= as_of:
            left[posting.voucher] += posting.amount
    for match in ledger.matches:
        if match.effective <= as_of and match.booked_on <= as_of:
            left[match.debit.voucher] -= match.amount
            if match.credit.journal == "REV":
                left[match.credit.voucher] += match.amount
    opened = {_key(ledger, voucher): amount for voucher, amount in left.items() if amount}
    assert opened == _to_pay(expected, as_of)
    assert len(opened) == OPEN_DOCUMENTS[as_of]


def _key(ledger: tryton.Ledger, voucher: str) -> tuple[str, str, Decimal]:
    lines = ledger.vouchers[voucher]
    return lines[0].invoice_number, lines[0].customer, sum((line.amount for line in lines), D(0))


# The pipeline.


@PER_DATE
def test_the_balance_of_every_customer_agrees_with_hindsight(
    books: Warehouse, expected: Mapping[str, Any], as_of: date
) -> None:
    assert _balances(books, as_of) == _retrospective(expected, as_of)


@PER_DATE
def test_the_balance_of_every_customer_agrees_as_known_on_the_day(
    books: Warehouse, expected: Mapping[str, Any], as_of: date
) -> None:
    assert _balances(books, as_of, known_at=as_of) == _at_the_time(expected, as_of)


@PER_DATE
def test_the_open_amount_of_every_invoice_agrees_as_known_on_the_day(
    books: Warehouse, ledger: tryton.Ledger, expected: Mapping[str, Any], as_of: date
) -> None:
    opened: dict[str, Decimal] = defaultdict(Decimal)
    for item in books.open_items(as_of, known_at=as_of, company=tryton.COMPANY):
        if item.item_kind in ("invoice", "credit_note"):
            opened[item.document_id] += item.document
    figures = {_key(ledger, voucher): amount for voucher, amount in opened.items() if amount}
    assert figures == _to_pay(expected, as_of)
    assert len(figures) == OPEN_DOCUMENTS[as_of]


@PER_DATE
def test_the_totals_tie_to_the_control_account_on_both_clocks(
    books: Warehouse, expected: Mapping[str, Any], as_of: date
) -> None:
    figures = expected[str(as_of)]
    assert sum(_balances(books, as_of).values()) == D(figures["retrospective"]["receivable_control"])
    at_the_time = _balances(books, as_of, known_at=as_of)
    assert sum(at_the_time.values()) == D(figures["snapshot_at_the_time"]["receivable_control"])


def test_the_published_tie_out_has_no_difference(books: Warehouse, expected: Mapping[str, Any]) -> None:
    rows = {row["balance_date"]: row for row in books.tie_out(company=tryton.COMPANY)}
    assert set(rows) == set(AS_OF)
    for day, row in rows.items():
        assert row["gl_balance"] == D(expected[str(day)]["retrospective"]["receivable_control"])
        assert row["difference"] == D("0.00")


@PER_DATE
def test_what_was_restated_since_the_day_agrees_from_the_two_clocks(books: Warehouse, as_of: date) -> None:
    now = sum(_balances(books, as_of).values(), D(0))
    then = sum(_balances(books, as_of, known_at=as_of).values(), D(0))
    assert now - then == RESTATED[as_of]


@PER_DATE
def test_what_was_restated_since_the_day_agrees_with_the_restatement_mart(
    books: Warehouse, as_of: date
) -> None:
    # the end of the day in Paris, in UTC: everything landed after the delivery of that day
    rows = books.query(
        """
        select cast(coalesce(sum(amount_functional), 0) as decimal(18, 2)) as amount
        from marts.mart_restatement
        where company_code = $1 and effective_date <= $2 and restated_at > cast($2 as timestamp) + interval 1 day
        """,
        [tryton.COMPANY, as_of],
    )
    assert rows == [{"amount": RESTATED[as_of]}]


def test_the_exchange_difference_of_every_settlement_is_what_the_erp_posted(
    books: Warehouse, ledger: tryton.Ledger
) -> None:
    posted = {group: amount for group, amount in ledger.exchange_differences().items() if amount}
    derived: dict[str, Decimal] = defaultdict(Decimal)
    for movement in books.movements(company=tryton.COMPANY, kind="fx_difference"):
        assert movement.allocation_id is not None and movement.functional is not None
        derived[movement.allocation_id.split("-")[0].removeprefix("G")] += movement.functional
    assert {group: amount for group, amount in derived.items() if amount} == posted
    assert len(posted) == 107
