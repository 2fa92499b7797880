"""Bills 票据 and the receivables they replaced: worked examples of accounting.md A2 and A3, and trap T18.

Belongs here: classes, due dates and ages of a bill and of what it settles. Must not: passing a bill on, ways in which
it ends (test_bills.py).
"""

from datetime import date

from tests.kit import D, Extracts, Warehouse

ZERO = D("0.00")


def build_world(extracts: Extracts) -> None:
    _dishonoured(extracts)
    _unmatured(extracts)
    _several_invoices(extracts)


def _dishonoured(extracts: Extracts) -> None:
    books = extracts.books("A02")
    books.invoice("INV1", "113000.00", "2026-01-20", due="2026-03-31")
    books.bill("R1", "113000.00", "2026-04-15", matures="2026-10-15", method="commercial_acceptance")
    books.allocation("A1", "113000.00", "2026-04-15", used="receipt:R1", settles="document:INV1")
    books.bill_event("R1", "received", "113000.00", "2026-04-15")
    books.bill_event("R1", "dishonoured", "113000.00", "2026-10-15")


def test_a02_a_bill_moves_the_receivable_to_another_class_and_dishonoured_it_is_trade_again(
    world: Warehouse,
) -> None:
    amount = D("113000.00")
    assert world.by_class("2026-04-14", company="A02") == {"trade": amount}
    assert world.by_class("2026-04-15", company="A02") == {"bill": amount}
    assert world.by_class("2026-10-14", company="A02") == {"bill": amount}
    assert world.by_class("2026-10-15", company="A02") == {"trade": amount}


def test_a02_a_dishonoured_bill_reopens_the_invoice_at_its_original_due_date(world: Warehouse) -> None:
    assert world.open_amounts("2026-10-15", company="A02") == {"INV1": D("113000.00")}
    assert world.days_past_due("2026-10-15", company="A02") == {"INV1": 198}


def test_a03_a_bill_has_three_dates_and_the_age_of_the_receivable_it_replaced(world: Warehouse) -> None:
    bill = world.balances("2026-06-30", company="A02")["R1:1"]
    day = date(2026, 6, 30)
    assert bill["item_kind"] == "bill"
    # by contract not past due; on the original due date 91 days; 161 days old
    assert max((day - bill["due_date"]).days, 0) == 0
    assert bill["due_date"] == date(2026, 10, 15)
    assert (day - bill["original_due_date"]).days == 91
    assert (day - bill["age_anchor_date"]).days == 161


def _unmatured(extracts: Extracts) -> None:
    books = extracts.books("T18")
    books.invoice("INV1", "500.00", "2025-11-20", due="2026-01-31")
    books.bill("R1", "500.00", "2026-09-01", matures="2027-03-01", method="commercial_acceptance")
    books.allocation("A1", "500.00", "2026-09-10", used="receipt:R1", settles="document:INV1")


def test_t18_the_age_of_a_receivable_runs_on_in_the_bill_that_replaced_it(world: Warehouse) -> None:
    row = world.mart_aging(company="T18")["R1:1"]
    # 406 days after the invoice and 121 after the bill; due in March, and by its first date 334 days ago
    assert row["bucket_cas_annual"] == "13-24"
    assert row["bucket_standard"] == "not_due"
    assert (row["days_past_due"], row["days_past_original_due"]) == (-60, 334)
    assert row["receivable_class"] == "bill"


def test_t18_a_bill_is_neither_trade_nor_cash(world: Warehouse) -> None:
    assert world.aging("2026-12-31", company="T18") == {}
    assert {movement.kind for movement in world.movements(company="T18")} == {"billed", "bill_received"}
    trend = world.query(
        "select sum(balance_document) as amount from marts.mart_overdue_trend"
        " where company_code = 'T18' and scheme = 'standard' and day = date '2026-12-31'"
    )
    assert trend == [{"amount": ZERO}]


def test_a_bill_has_its_own_dates_until_its_receipt_settles_something(world: Warehouse) -> None:
    before = world.balances("2026-09-09", company="T18")
    assert {item: row["open_amount_document"] for item, row in before.items()} == {
        "INV1": D("500.00"),
        "R1": D("-500.00"),
        "R1:1": D("500.00"),
    }
    assert (before["R1:1"]["original_due_date"], before["R1:1"]["age_anchor_date"]) == (
        date(2027, 3, 1),
        date(2026, 9, 1),
    )
    applied = world.balances("2026-09-10", company="T18")
    assert list(applied) == ["R1:1"]
    assert (applied["R1:1"]["original_due_date"], applied["R1:1"]["age_anchor_date"]) == (
        date(2026, 1, 31),
        date(2025, 11, 20),
    )


def _several_invoices(extracts: Extracts) -> None:
    books = extracts.books("SEVERAL")
    books.invoice("INV1", "10.00", "2026-02-01", due="2026-05-31")
    books.invoice("INV2", "20.00", "2026-03-01", due="2026-04-30")
    books.bill("R1", "30.00", "2026-06-01", matures="2026-11-30")
    books.allocation("A1", "10.00", "2026-06-01", used="receipt:R1", settles="document:INV1")
    books.allocation("A2", "20.00", "2026-06-01", used="receipt:R1", settles="document:INV2")
    books.allocation(
        "A3",
        "10.00",
        "2026-08-15",
        used="receipt:R1",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="A1",
    )


def test_a_bill_that_settles_several_invoices_takes_the_earliest_dates_of_those_it_settles_then(
    world: Warehouse,
) -> None:
    def dates(day: str) -> tuple[date, date]:
        row = world.balances(day, company="SEVERAL")["R1:1"]
        return row["original_due_date"], row["age_anchor_date"]

    assert dates("2026-06-01") == (date(2026, 4, 30), date(2026, 2, 1))
    # un-applied on 15 August, which leaves July as it was
    assert dates("2026-08-14") == (date(2026, 4, 30), date(2026, 2, 1))
    assert dates("2026-08-15") == (date(2026, 4, 30), date(2026, 3, 1))
