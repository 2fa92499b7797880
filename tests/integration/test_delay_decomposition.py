"""Where the days go, from delivery to the money: worked examples of accounting.md C5, C6 and trap T46.

Belongs here: the five parts of mart_delay_decomposition, windows, what is left out. Must not: days to pay as a metric
of the company (test_accounting_c.py).

The as-of date is 31 December 2026.
"""

from datetime import date
from typing import Any

from tests.kit import D, Extracts, Warehouse

PARTS = ("billing_lag", "terms", "late", "bill_term", "application_lag")


def build_world(extracts: Extracts) -> None:
    _applied_late(extracts)
    _paid_by_bill(extracts)
    _applied_twice(extracts)
    _several(extracts)
    _left_out(extracts)


def row_of(world: Warehouse, company: str, window: str = "all", customer: str = "C1") -> dict[str, Any]:
    rows = world.query(
        "select * from marts.mart_delay_decomposition"
        " where company_code = $1 and customer_id = $2 and window_name = $3",
        [company, customer, window],
    )
    assert len(rows) == 1
    return rows[0]


def days(row: dict[str, Any], *parts: str) -> list[Any]:
    return [row[f"days_{part}"] for part in parts or PARTS]


def _applied_late(extracts: Extracts) -> None:
    books = extracts.books("Y05")
    books.invoice("INV", "100.00", "2026-03-01", due="2026-03-31", delivery_date="2026-02-25")
    books.receipt("R1", "100.00", "2026-03-30")
    books.allocation("A1", "100.00", "2026-05-15", used="receipt:R1", settles="document:INV")


def test_c5_cash_that_was_in_time_is_early_however_late_it_is_applied(world: Warehouse) -> None:
    row = row_of(world, "Y05")
    # delivered 25 Feb, billed 1 Mar, due 31 Mar, cash 30 Mar, applied 15 May
    assert days(row) == [D(4), D(30), D(-1), D(0), D(46)]
    assert days(row, "to_cash", "total") == [D(33), D(79)]
    assert (row["paid_amount_reporting"], row["total_amount_days"]) == (D("100.00"), D("7900"))


def _paid_by_bill(extracts: Extracts) -> None:
    for company, applied in (("Y06", "2026-03-31"), ("Y06-LATE", "2026-10-08")):
        books = extracts.books(company)
        books.invoice("INV", "100.00", "2026-03-01", due="2026-03-31")
        books.bill("R1", "100.00", "2026-03-31", matures="2026-09-30")
        books.allocation("A1", "100.00", applied, used="receipt:R1", settles="document:INV")
    honoured = extracts.books("Y06-PAID")
    honoured.invoice("INV", "100.00", "2026-03-01", due="2026-03-31")
    honoured.bill("R1", "100.00", "2026-03-31", matures="2026-09-30")
    honoured.allocation("A1", "100.00", "2026-04-20", used="receipt:R1", settles="document:INV")
    honoured.bill_event("R1", "honoured", "100.00", "2026-10-05")


def test_c6_a_bill_of_six_months_is_in_time_and_half_a_year_from_the_money(world: Warehouse) -> None:
    row = row_of(world, "Y06")
    # due 31 Mar, bill on 31 Mar, to 30 Sep
    assert days(row) == [D(0), D(30), D(0), D(183), D(0)]
    assert days(row, "to_cash") == [D(213)]


def test_c6_a_bill_that_was_honoured_late_ran_until_then(world: Warehouse) -> None:
    row = row_of(world, "Y06-PAID")
    # to 5 October; applied in April, when no money was in: that kept nobody waiting
    assert days(row) == [D(0), D(30), D(0), D(188), D(0)]


def test_the_application_lag_of_a_bill_begins_with_its_money(world: Warehouse) -> None:
    # money on 30 September, applied on 8 October
    assert days(row_of(world, "Y06-LATE")) == [D(0), D(30), D(0), D(183), D(8)]


def _applied_twice(extracts: Extracts) -> None:
    books = extracts.books("Y-UNDO")
    books.invoice("INV", "100.00", "2026-03-01", due="2026-03-31")
    books.payment("R1", "INV", "100.00", "2026-03-11")
    books.allocation(
        "A2",
        "100.00",
        "2026-04-02",
        used="receipt:R1",
        settles="document:INV",
        is_reversal=True,
        reverses_allocation_id="A-R1",
    )
    books.allocation("A3", "100.00", "2026-04-10", used="receipt:R1", settles="document:INV")


def test_money_that_was_taken_off_and_applied_again_lay_there_in_between(world: Warehouse) -> None:
    # 2 to 10 April
    assert days(row_of(world, "Y-UNDO")) == [D(0), D(30), D(-20), D(0), D(8)]


def _several(extracts: Extracts) -> None:
    books = extracts.books("Y-MANY")
    books.invoice("OLD", "100.00", "2025-06-01", due="2025-06-11")
    books.payment("R1", "OLD", "100.00", "2025-12-31")
    books.invoice("SPRING", "100.00", "2026-03-01", due="2026-03-11", delivery_date="2026-02-27")
    books.payment("R2", "SPRING", "100.00", "2026-10-02")
    books.invoice("AUTUMN", "300.00", "2026-09-03", due="2026-09-13")
    books.payment("R3", "AUTUMN", "300.00", "2026-10-03")


def test_a_window_holds_what_was_paid_in_it_weighted_by_amount(world: Warehouse) -> None:
    windows = ("last_90_days", "last_12_months", "all")
    rows = [row_of(world, "Y-MANY", window) for window in windows]
    # 3 October is the first of 90 days, 1 January the first of 12 months
    assert [(row["window_from"], row["payment_count"], row["paid_amount_reporting"]) for row in rows] == [
        (date(2026, 10, 3), 1, D("300.00")),
        (date(2026, 1, 1), 2, D("400.00")),
        (None, 3, D("500.00")),
    ]
    # late 20 days on 300 and 205 on 100: 26,500 / 400
    assert [days(row, "late")[0] for row in rows[:2]] == [D(20), D("66.25")]
    # 2 days on 100 of 400; of the other nobody knows when it was delivered
    assert days(rows[1], "billing_lag") == [D("0.5")]
    assert (rows[1]["delivery_unknown_count"], rows[1]["delivery_unknown_amount_reporting"]) == (
        1,
        D("300.00"),
    )


def _left_out(extracts: Extracts) -> None:
    books = extracts.books("Y46")
    books.invoice("AFTER", "100.00", "2026-03-10", due="2026-03-31")
    books.invoice("CASH", "40.00", "2026-03-10", due="2026-03-10", payment_terms="COD")
    books.payment("R1", "AFTER", "100.00", "2026-03-05")
    books.payment("R2", "CASH", "40.00", "2026-03-10")
    books.invoice("NO_RATE", "10.00", "2026-03-10", due="2026-03-31", currency="ISK")
    books.payment("R3", "NO_RATE", "10.00", "2026-03-20", currency="ISK")


def test_t46_what_is_left_out_is_counted_by_its_reason(world: Warehouse) -> None:
    row = row_of(world, "Y46")
    assert (row["payment_count"], row["days_total"], row["reason_when_null"]) == (
        0,
        None,
        "no_counted_payment",
    )
    assert [
        row[f"excluded_{reason}_{what}"]
        for reason in ("before_document", "cash_terms")
        for what in ("count", "amount_reporting")
    ] == [1, D("100.00"), 1, D("40.00")]
    assert row["unconverted_count"] == 1
