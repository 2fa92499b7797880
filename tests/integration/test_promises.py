"""Promises, plans and extensions: what came in by when, and what became of them (policy.md 1, domain.md 4).

Belongs here: grace, receipts counted, outcomes, the share kept, and a comparison with an oracle that hands out receipts
one by one. Must not: due dates moved by extensions (test_accounting_b.py), limitation.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.kit import D, Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.worlds import WORLD_DAY

ZERO = D("0.00")


def build_world(extracts: Extracts) -> None:
    _grace(extracts)
    _documents(extracts)
    _plans(extracts)
    _extensions(extracts)
    _accounts(extracts)
    _shares(extracts)
    _random_promises(extracts)


def _promise(
    books: Books,
    promise_id: str,
    document: str | None,
    amount: str,
    made: str,
    promised: str,
    /,
    **columns: Any,
) -> None:
    row = {
        "promise_id": promise_id,
        "customer_id": "C1",
        "document_id": document,
        "amount": amount,
        "made_on": made,
        "promised_date": promised,
    }
    books.add("promise", **{**row, **columns})


def _rows(world: Warehouse, company: str) -> dict[str, dict[str, Any]]:
    rows = world.query("select * from marts.mart_promise where company_code = ?", [company])
    return {row["promise_id"]: row for row in rows}


def _outcomes(world: Warehouse, company: str) -> dict[str, tuple[str, str | None]]:
    return {name: (row["status"], row["status_reason"]) for name, row in _rows(world, company).items()}


def _received(world: Warehouse, company: str) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """By the promised date, by the end of the grace, and by today."""
    return {
        name: (
            row["received_by_promised_date_document"],
            row["received_by_grace_end_document"],
            row["received_by_grace_end_document"] + row["received_since_document"],
        )
        for name, row in _rows(world, company).items()
    }


def _grace(extracts: Extracts) -> None:
    books = extracts.books("PR-GRACE", country="CN")
    # promised for Tuesday 30 September 2025; 1 to 8 October are holidays, so that the third business day after is
    # Saturday 11 October, which is worked instead
    for name, paid in {
        "ON_DAY": "2025-09-30",
        "IN_GRACE": "2025-10-11",
        "BEHIND": "2025-10-12",
        "NEVER": None,
        "CENTS": "2025-10-11",
    }.items():
        books.invoice(name, "100.00", "2025-08-01", due="2025-08-31")
        _promise(books, name, name, "100.00", "2025-09-20", "2025-09-30")
        if paid:
            books.payment(f"R-{name}", name, "99.50" if name == "CENTS" else "100.00", paid)
    books.invoice("DOLLAR", "100.00", "2025-08-01", due="2025-08-31")
    _promise(books, "DOLLAR", "DOLLAR", "100.00", "2025-09-20", "2025-09-30")
    books.payment("R-DOLLAR", "DOLLAR", "99.00", "2025-09-30")
    for name, promised in {"YESTERDAY": "2026-12-25", "TODAY": "2026-12-28", "LATER": "2027-02-01"}.items():
        books.invoice(name, "100.00", "2026-11-01", due="2026-11-30")
        _promise(books, name, name, "100.00", "2026-12-20", promised)
    books.invoice("FUTURE", "100.00", "2026-11-01", due="2026-11-30")
    _promise(books, "FUTURE", "FUTURE", "100.00", "2027-01-02", "2027-01-05")


def test_a_promise_is_kept_up_to_the_third_business_day_behind_it(world: Warehouse) -> None:
    outcomes = {name: status for name, (status, _) in _outcomes(world, "PR-GRACE").items()}
    assert outcomes == {
        "ON_DAY": "kept",
        "IN_GRACE": "kept",
        "BEHIND": "kept_late",
        "NEVER": "broken",
        # less than 1.00 short
        "CENTS": "kept",
        "DOLLAR": "partial",
        # as of Thursday 31 December: Friday the 25th and three days is the 30th, Monday the 28th is the 31st
        "YESTERDAY": "broken",
        "TODAY": "open",
        "LATER": "open",
    }
    assert _rows(world, "PR-GRACE")["NEVER"]["grace_end_date"] == date(2025, 10, 11)


def test_what_came_by_the_day_by_the_grace_and_since_is_told_apart(world: Warehouse) -> None:
    received = _received(world, "PR-GRACE")
    hundred = D("100.00")
    assert received["ON_DAY"] == (hundred, hundred, hundred)
    assert received["IN_GRACE"] == (ZERO, hundred, hundred)
    assert received["BEHIND"] == (ZERO, ZERO, hundred)
    assert _rows(world, "PR-GRACE")["DOLLAR"]["shortfall_document"] == D("1.00")


def _documents(extracts: Extracts) -> None:
    books = extracts.books("PR-DOC", country="CN")
    names = (
        "OTHER",
        "BEFORE",
        "SAME_DAY",
        "APPLIED_LATE",
        "BOUNCED",
        "BILL",
        "CREDITED",
        "REST",
        "WITHDRAWN",
        "TOO_LATE",
    )
    for name in (*names, "ELSE", "AGAIN", "SITS"):
        books.invoice(name, "100.00", "2026-02-01", due="2026-02-28")
    for name in names:
        promised = "2026-03-10" if name == "SAME_DAY" else "2026-03-31"
        cancelled = {"WITHDRAWN": "2026-03-20", "TOO_LATE": "2026-05-01"}.get(name)
        _promise(books, name, name, "100.00", "2026-03-10", promised, cancelled_on=cancelled)
    # cash on another document keeps nothing, nor does what came before the promise
    books.payment("R1", "ELSE", "100.00", "2026-03-20")
    books.payment("R2", "BEFORE", "60.00", "2026-03-10")
    books.payment("R3", "SAME_DAY", "100.00", "2026-03-10")
    books.receipt("R4", "100.00", "2026-03-30")
    books.allocation("A4", "100.00", "2026-05-15", used="receipt:R4", settles="document:APPLIED_LATE")
    books.payment("R5", "BOUNCED", "100.00", "2026-03-20", status="bounced", status_date="2026-04-20")
    books.bill("R6", "100.00", "2026-03-20", matures="2026-09-20")
    books.allocation("A6", "100.00", "2026-03-20", used="receipt:R6", settles="document:BILL")
    books.credit_note("CN1", "100.00", "2026-03-20")
    books.allocation("A7", "100.00", "2026-03-20", used="credit_note:CN1", settles="document:CREDITED")
    books.payment("R8", "REST", "90.00", "2026-03-20")
    books.allocation("A8", "10.00", "2026-03-20", used="discount", settles="document:REST")
    # broken, promised once more, and kept: the second speaks about the same money
    _promise(books, "FIRST", "AGAIN", "100.00", "2026-03-10", "2026-03-31")
    _promise(books, "SECOND", "AGAIN", "100.00", "2026-04-10", "2026-04-30")
    books.payment("R9", "AGAIN", "100.00", "2026-04-28")
    _promise(books, "SITS", "SITS", "100.00", "2026-11-10", "2026-11-30")
    books.receipt("R10", "55.00", "2026-11-20")


def test_only_payments_on_the_named_document_since_the_promise_count(world: Warehouse) -> None:
    assert _outcomes(world, "PR-DOC") == {
        "OTHER": ("broken", None),
        "BEFORE": ("broken", None),
        "SAME_DAY": ("kept", None),
        "APPLIED_LATE": ("kept", None),
        "BOUNCED": ("broken", None),
        "BILL": ("kept", None),
        "CREDITED": ("cancelled", "nothing_left_to_pay"),
        "REST": ("kept", "nothing_left_to_pay"),
        "WITHDRAWN": ("cancelled", "withdrawn"),
        # withdrawn when it was broken already
        "TOO_LATE": ("broken", None),
        "FIRST": ("kept_late", None),
        "SECOND": ("kept", None),
        "SITS": ("broken", None),
    }


def test_cash_that_nobody_applied_is_pointed_out(world: Warehouse) -> None:
    flagged = {name for name, row in _rows(world, "PR-DOC").items() if row["has_unapplied_receipt"]}
    # 55.00 of 20 November: it may be for any promise made before and not kept
    assert flagged == {"OTHER", "BEFORE", "BOUNCED", "TOO_LATE", "SITS"}


def _plans(extracts: Extracts) -> None:
    books = extracts.books("PR-PLAN", country="CN")
    plan: dict[str, Any] = {"kind": "plan", "approved_by": "CFO", "approved_on": "2026-03-01"}
    for name in ("INV1", "INV2", "INV3"):
        books.invoice(name, "90.00", "2026-01-01", due="2026-01-31")
    for number, day in enumerate(("2026-03-31", "2026-04-30", "2026-05-29"), start=1):
        _promise(books, f"L{number}", "INV1", "30.00", "2026-03-01", day, **plan)
        cancelled = "2026-03-15" if number == 1 else None
        _promise(books, f"W{number}", "INV2", "30.00", "2026-03-01", day, cancelled_on=cancelled, **plan)
    # in time, nothing, and the second and a third of the third together
    books.payment("R1", "INV1", "30.00", "2026-03-31")
    books.payment("R2", "INV1", "40.00", "2026-05-29")
    books.payment("R3", "INV2", "30.00", "2026-04-30")
    books.invoice("PARTS", "100.00", "2026-01-01")
    books.instalment("PARTS", 1, "50.00", "2026-01-31")
    books.instalment("PARTS", 2, "50.00", "2026-06-30")
    _promise(books, "PART", "PARTS", "50.00", "2026-03-01", "2026-03-31", instalment_no=2)
    books.payment("R4", "PARTS", "50.00", "2026-03-20")


def test_a_plan_is_kept_line_by_line_in_the_order_of_its_days(world: Warehouse) -> None:
    received = _received(world, "PR-PLAN")
    thirty = D("30.00")
    assert received["L1"] == (thirty, thirty, thirty)
    assert received["L2"] == (ZERO, ZERO, thirty)
    assert received["L3"] == (D("10.00"), D("10.00"), D("10.00"))
    outcomes = {name: status for name, (status, _) in _outcomes(world, "PR-PLAN").items()}
    assert [outcomes[name] for name in ("L1", "L2", "L3")] == ["kept", "kept_late", "partial"]
    # a line that was withdrawn takes nothing from the next
    assert [outcomes[name] for name in ("W1", "W2", "W3")] == ["cancelled", "kept", "broken"]
    # the payment went to the first instalment
    assert outcomes["PART"] == "broken"


def _extensions(extracts: Extracts) -> None:
    books = extracts.books("PR-EXT", country="CN")
    for name in ("GRANTED", "ASKED", "TWICE", "PROMISED"):
        books.invoice(name, "100.00", "2026-01-01", due="2026-01-30")
    books.extension("GRANTED", "GRANTED", "100.00", "2026-03-31", approved="2026-02-10")
    books.payment("R1", "GRANTED", "100.00", "2026-03-31")
    books.extension("ASKED", "ASKED", "100.00", "2026-03-31", approved=None)
    books.extension("TWICE1", "TWICE", "100.00", "2026-03-31", approved="2026-02-10")
    books.extension("TWICE2", "TWICE", "100.00", "2026-05-29", approved="2026-04-03")
    books.payment("R2", "TWICE", "100.00", "2026-05-20")
    # the creditor granted a later day before the promise was over
    _promise(books, "P1", "PROMISED", "100.00", "2026-02-10", "2026-03-31")
    books.extension("X1", "PROMISED", "100.00", "2026-05-29", approved="2026-03-20")


def test_an_extension_counts_once_it_is_approved_and_takes_the_place_of_what_it_extends(
    world: Warehouse,
) -> None:
    assert _outcomes(world, "PR-EXT") == {
        "GRANTED": ("kept", None),
        "ASKED": ("cancelled", "not_approved"),
        "TWICE1": ("cancelled", "extended"),
        "TWICE2": ("kept", None),
        "P1": ("cancelled", "extended"),
        "X1": ("broken", None),
    }


def test_original_and_agreed_dates_stand_beside(world: Warehouse) -> None:
    row = _rows(world, "PR-EXT")["X1"]
    assert (row["original_due_date"], row["agreed_due_date"]) == (date(2026, 1, 30), date(2026, 5, 29))
    assert (row["days_past_original_due"], row["days_past_agreed_due"]) == (335, 216)


def _accounts(extracts: Extracts) -> None:
    books = extracts.books("PR-ACC", country="CN", customers=("C1", "C2", "C3"))
    # two promises whose windows overlap, and one receipt for both
    _promise(books, "A1", None, "100.00", "2026-03-02", "2026-03-20")
    _promise(books, "A2", None, "50.00", "2026-03-09", "2026-03-27")
    books.receipt("R1", "120.00", "2026-03-18")
    books.receipt("R2", "500.00", "2026-06-01")
    # the first lapsed: what comes in the window of the second counts there
    _promise(books, "B1", None, "100.00", "2026-03-02", "2026-03-20", customer_id="C2")
    _promise(books, "B2", None, "100.00", "2026-03-23", "2026-04-10", customer_id="C2")
    books.receipt("R3", "150.00", "2026-04-09", customer_id="C2")
    # a payment on a document that another promise names counts there
    books.invoice("INV1", "80.00", "2026-01-01", due="2026-01-31", customer_id="C3")
    _promise(books, "N1", "INV1", "80.00", "2026-03-02", "2026-03-20", customer_id="C3")
    _promise(books, "N2", None, "80.00", "2026-03-02", "2026-03-20", customer_id="C3")
    books.payment("R4", "INV1", "80.00", "2026-03-18", customer_id="C3")
    # other currencies and refunds are no receipts for it
    books.receipt("R5", "80.00", "2026-03-18", customer_id="C3", currency="USD")
    books.receipt("R6", "-10.00", "2026-03-18", customer_id="C3")


def test_a_receipt_on_account_counts_once_over_overlapping_promises(world: Warehouse) -> None:
    received = _received(world, "PR-ACC")
    hundred = D("100.00")
    assert received["A1"] == (hundred, hundred, hundred)
    # 20.00 were left in time, the rest came in June
    assert received["A2"] == (D("20.00"), D("20.00"), D("50.00"))
    assert received["B2"] == (hundred, hundred, hundred)
    # 150.00 less what the second took in time
    assert received["B1"] == (ZERO, ZERO, D("50.00"))
    assert {name: received[name][2] for name in ("N1", "N2")} == {"N1": D("80.00"), "N2": ZERO}


def _shares(extracts: Extracts) -> None:
    books = extracts.books("PR-SHARE", country="CN", customers=("C1", "C2", "C3"))
    # as of 31 December 2026: 90 days reach back to 2 October, 12 months to 31 December 2025; a promise falls due with
    # its grace. 14 October and three business days are the 19th
    for name, amount, promised, paid in (
        ("KEPT", "600.00", "2026-10-14", "2026-10-14"),
        ("LATE", "300.00", "2026-10-14", "2026-12-01"),
        ("NEVER", "100.00", "2026-10-14", None),
        ("OLD", "500.00", "2026-03-13", "2026-03-13"),
        ("ANCIENT", "900.00", "2025-03-14", "2025-03-14"),
        ("OPEN", "900.00", "2027-01-29", None),
        ("OPEN_KEPT", "900.00", "2027-01-29", "2026-12-30"),
    ):
        books.invoice(name, amount, "2025-01-01", due="2025-01-31")
        made = (date.fromisoformat(promised) - timedelta(days=40)).isoformat()
        _promise(books, name, name, amount, made, promised, kind="plan" if name == "NEVER" else None)
        if paid:
            books.payment(f"R-{name}", name, amount, paid)
    # nothing has fallen due
    _promise(books, "C2", None, "10.00", "2026-12-01", "2027-01-29", customer_id="C2")


def test_the_share_kept_is_of_what_fell_due_in_the_window(world: Warehouse) -> None:
    rows = world.query("select * from marts.mart_promise_customer where company_code = 'PR-SHARE'")
    found = {(row["customer_id"], row["promise_window"]): row for row in rows}
    quarter, year = found["C1", "90_days"], found["C1", "12_months"]
    counts = ("fallen_due_count", "kept_count", "kept_late_count", "partial_count", "broken_count")
    assert [quarter[name] for name in counts] == [3, 1, 1, 0, 1]
    assert [year[name] for name in counts] == [4, 2, 1, 0, 1]
    assert quarter["missed_plan_line_count"] == 1
    # 1 of 3, 600 of 1,000; 2 of 4, 1,100 of 1,500
    assert (quarter["kept_rate_by_count"], quarter["kept_rate_by_amount"]) == (D("0.333333"), D("0.6"))
    assert (year["kept_rate_by_count"], year["kept_rate_by_amount"]) == (D("0.5"), D("0.733333"))
    assert quarter["shortfall_reporting"] == D("400.00")
    assert set(found) == {
        (customer, window) for customer in ("C1", "C2") for window in ("90_days", "12_months")
    }
    empty = found["C2", "90_days"]
    assert (empty["kept_rate_by_count"], empty["reason_when_null"]) == (None, "none_fallen_due")


# --- an oracle that hands out receipts one by one --------------------------------------------------------------------


@dataclass
class Promised:
    """A promise for the account, and what it was handed."""

    name: str
    customer: str
    amount: Decimal
    made: date
    promised: date
    by_day: Decimal = ZERO
    by_grace: Decimal = ZERO
    by_today: Decimal = ZERO

    @property
    def grace_end(self) -> date:
        """Three days behind, weekends left out."""
        day, left = self.promised, 3
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day


@dataclass
class Received:
    """A receipt and what of it is not handed out."""

    customer: str
    on: date
    left: Decimal


CUSTOMERS = [f"C{number}" for number in range(1, 31)]


def _random_accounts() -> tuple[list[Promised], list[Received]]:
    random = Random(11)
    promises, receipts = [], []
    for customer in CUSTOMERS:
        for number in range(random.randrange(1, 9)):
            made = date(2026, 1, 5) + timedelta(days=random.randrange(120))
            promised = made + timedelta(days=random.choice((0, 3, 10, 30, 60)))
            amount = Decimal(random.randrange(100, 20_000)) / 100
            promises.append(Promised(f"{customer}-{number}", customer, amount, made, promised))
        for _ in range(random.randrange(1, 9)):
            day = date(2026, 1, 5) + timedelta(days=random.randrange(220))
            receipts.append(Received(customer, day, Decimal(random.randrange(100, 20_000)) / 100))
    return promises, sorted(receipts, key=lambda receipt: receipt.on)


def _random_promises(extracts: Extracts) -> None:
    books = extracts.books("PR-RND", customers=CUSTOMERS)
    promises, receipts = _random_accounts()
    for told in promises:
        _promise(
            books,
            told.name,
            None,
            str(told.amount),
            told.made.isoformat(),
            told.promised.isoformat(),
            customer_id=told.customer,
        )
    for number, receipt in enumerate(receipts):
        books.receipt(f"R{number}", receipt.left, receipt.on, customer_id=receipt.customer)


def _hand_out(promises: list[Promised], receipts: list[Received]) -> None:
    same_day = {(told.customer, told.made) for told in promises if told.promised == told.made}

    def counts_from(told: Promised) -> date:
        # what is promised on one day is one agreement
        return told.made if (told.customer, told.made) in same_day else told.made + timedelta(days=1)

    for told in sorted(promises, key=lambda told: (counts_from(told), told.made, told.promised, told.name)):
        for receipt in receipts:
            if receipt.customer == told.customer and counts_from(told) <= receipt.on <= told.grace_end:
                part = min(receipt.left, told.amount - told.by_grace)
                receipt.left -= part
                told.by_grace += part
                if receipt.on <= told.promised:
                    told.by_day += part
        told.by_today = told.by_grace
    for told in sorted(
        promises, key=lambda told: (told.grace_end, counts_from(told), told.made, told.promised, told.name)
    ):
        for receipt in receipts:
            if receipt.customer == told.customer and receipt.on > told.grace_end:
                part = min(receipt.left, told.amount - told.by_today)
                receipt.left -= part
                told.by_today += part


def test_receipts_are_counted_as_if_handed_out_one_by_one(world: Warehouse) -> None:
    promises, receipts = _random_accounts()
    _hand_out(promises, receipts)
    expected = {told.name: (told.by_day, told.by_grace, told.by_today) for told in promises}
    assert _received(world, "PR-RND") == expected
    assert sum(ZERO < told.by_grace < told.amount for told in promises) >= 10
    assert sum(told.by_grace < told.by_today for told in promises) >= 10
    assert all(row["made_on"] <= WORLD_DAY for row in _rows(world, "PR-RND").values())
