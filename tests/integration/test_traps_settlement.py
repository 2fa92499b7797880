"""Traps C of traps.md: receipts, notes, credits and write-offs.

Belongs here: T17 (cheques), T19, T20, T22-T26, T38 (what a receipt may settle). Must not: bills (T18), metrics (T21).
"""

from datetime import date

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY


def build_world(extracts: Extracts) -> None:
    _cheques(extracts)
    _credit_notes(extracts)
    _void(extracts)
    _discounts(extracts)
    _advances(extracts)
    _zero_net(extracts)
    _open_credits(extracts)
    _two_together(extracts)
    _used_twice(extracts)
    _write_offs(extracts)


def _cheques(extracts: Extracts) -> None:
    books = extracts.books("T17")
    books.invoice("INV1", "100.00", "2026-04-01", due="2026-05-01")
    books.invoice("INV2", "40.00", "2026-04-01", due="2026-05-01")
    # dated 20 May, received on 20 April, and its day passes without the bank's word
    books.payment(
        "POST", "INV1", "100.00", "2026-04-20", method="cheque", maturity_date="2026-05-20", status="pending"
    )
    books.payment(
        "BACK", "INV2", "40.00", "2026-04-20", method="cheque", status="bounced", status_date="2026-05-05"
    )


def test_t17_a_post_dated_cheque_is_no_cash_and_its_day_does_not_make_it_cash(world: Warehouse) -> None:
    assert world.movements(company="T17", item="POST") == []
    for day in ("2026-04-20", "2026-05-20", "2026-05-31"):
        assert world.open_amounts(day, company="T17")["INV1"] == D("100.00")


def test_t17_a_bounced_cheque_reopens_its_invoice_at_the_original_due_date(world: Warehouse) -> None:
    assert "INV2" not in world.open_amounts("2026-05-04", company="T17")
    assert world.open_amounts("2026-05-05", company="T17")["INV2"] == D("40.00")
    # due on 1 May: four days on the day it came back
    assert world.days_past_due("2026-05-05", company="T17")["INV2"] == 4


def _credit_notes(extracts: Extracts) -> None:
    books = extracts.books("T19")
    books.invoice("INV1", "100.00", "2026-04-01", due="2026-05-01")
    books.invoice("INV2", "50.00", "2026-04-02", due="2026-05-02")
    books.credit_note("CN1", "30.00", "2026-04-10")
    books.allocation("A1", "30.00", "2026-04-20", used="credit_note:CN1", settles="document:INV1")
    books.allocation(
        "A1R",
        "30.00",
        "2026-05-15",
        used="credit_note:CN1",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="A1",
    )
    books.allocation("A2", "30.00", "2026-05-15", used="credit_note:CN1", settles="document:INV2")


def test_t19_a_credit_note_stands_alone_then_reduces_the_right_item_and_moves_with_its_match(
    world: Warehouse,
) -> None:
    standalone = {"INV1": D("100.00"), "INV2": D("50.00"), "CN1": D("-30.00")}
    assert world.open_amounts("2026-04-10", company="T19") == standalone
    assert world.open_amounts("2026-04-20", company="T19") == {"INV1": D("70.00"), "INV2": D("50.00")}
    assert world.open_amounts("2026-05-15", company="T19") == {"INV1": D("100.00"), "INV2": D("20.00")}
    assert {world.total(day, company="T19") for day in ("2026-04-10", "2026-04-20", "2026-05-15")} == {
        D("120.00")
    }


def test_t19_a_credit_note_is_counted_once_and_never_as_cash(world: Warehouse) -> None:
    movements = world.movements(company="T19")
    assert "cash" not in {movement.kind for movement in movements}
    assert sum(m.document for m in movements) == D("120.00")
    openings = [m for m in movements if m.item == "CN1" and m.allocation_id is None]
    assert [(m.kind, m.effective_date, m.document) for m in openings] == [
        ("credit_note", date(2026, 4, 10), D("-30.00"))
    ]


def _void(extracts: Extracts) -> None:
    books = extracts.books("T20")
    books.invoice("LIVE", "100.00", "2026-04-01", due="2026-05-01")
    books.invoice(
        "VOID", "40.00", "2026-04-01", due="2026-05-01", is_cancelled=True, cancelled_on="2026-05-10"
    )
    books.invoice("NEVER", "70.00", "2026-04-01", due="2026-05-01", is_cancelled=True)
    books.invoice("ZERO", "0.00", "2026-04-01", due="2026-05-01")
    books.payment("KEPT", "LIVE", "60.00", "2026-04-15", status="cancelled", status_date="2026-05-20")
    books.payment("GONE", "LIVE", "10.00", "2026-04-15", status="cancelled")
    books.receipt("DRAFT", "25.00", "2026-04-15", method="cheque", status="pending")
    books.receipt("IN", "30.00", "2026-06-01")
    books.receipt("OUT", "-30.00", "2026-06-05")
    books.allocation("A1", "30.00", "2026-06-05", used="receipt:IN", settles="refund:OUT")


def test_t20_a_voided_document_counts_until_the_day_it_was_voided_and_an_undated_one_never(
    world: Warehouse,
) -> None:
    assert world.open_amounts("2026-04-01", company="T20") == {"LIVE": D("100.00"), "VOID": D("40.00")}
    assert world.open_amounts("2026-05-10", company="T20") == {"LIVE": D("40.00")}


def test_t20_a_cancelled_receipt_reopens_its_invoice_on_its_day_and_one_without_a_day_never_existed(
    world: Warehouse,
) -> None:
    assert world.open_amounts("2026-05-19", company="T20") == {"LIVE": D("40.00")}
    assert world.open_amounts("2026-05-20", company="T20") == {"LIVE": D("100.00")}
    assert world.movements(company="T20", item="GONE") == []
    assert world.movements(company="T20", item="DRAFT") == []


def test_t20_a_refund_is_its_own_movement_and_takes_its_receipt_with_it(world: Warehouse) -> None:
    assert world.open_amounts("2026-06-01", company="T20") == {"LIVE": D("100.00"), "IN": D("-30.00")}
    assert world.open_amounts("2026-06-05", company="T20") == {"LIVE": D("100.00")}
    opening = world.movements(company="T20", item="OUT", kind="refund")[0]
    assert (opening.effective_date, opening.document) == (date(2026, 6, 5), D("30.00"))


def test_t20_a_zero_amount_row_is_no_open_item(world: Warehouse) -> None:
    assert "ZERO" not in world.mart_aging(company="T20")


def _discounts(extracts: Extracts) -> None:
    books = extracts.books("T22")
    books.invoice("INV1", "1000.00", "2026-05-01", due="2026-05-31", payment_terms="2/10 NET30")
    books.payment("R1", "INV1", "980.00", "2026-05-09")
    books.allocation("D1", "20.00", "2026-05-09", used="discount", settles="document:INV1")
    books.invoice("INV2", "1000.00", "2026-05-01", due="2026-05-31", payment_terms="2/10 NET30")
    books.payment("R2", "INV2", "500.00", "2026-05-09")
    books.invoice("INV3", "333.33", "2026-05-01", due="2026-05-31")
    books.payment("R3", "INV3", "333.32", "2026-05-20")
    books.allocation("W3", "0.01", "2026-05-20", used="write_off", settles="document:INV3")


def test_t22_980_and_a_discount_of_20_close_an_invoice_of_1000(world: Warehouse) -> None:
    assert "INV1" not in world.open_amounts("2026-05-09", company="T22")
    kinds = {m.kind: m.document for m in world.movements(company="T22", item="INV1")}
    assert kinds == {"billed": D("1000.00"), "cash": D("-980.00"), "discount": D("-20.00")}


def test_t22_a_part_payment_in_time_grants_no_discount_and_splits_no_due_date(world: Warehouse) -> None:
    rows = world.mart_aging(company="T22")
    assert {item: (row["open_amount_document"], row["due_date"]) for item, row in rows.items()} == {
        "INV2": (D("500.00"), date(2026, 5, 31))
    }


def test_t22_a_leftover_of_one_cent_is_written_off_and_leaves_nothing(world: Warehouse) -> None:
    assert "INV3" not in world.open_amounts("2026-05-20", company="T22")
    assert [m.document for m in world.movements(company="T22", item="INV3", kind="write_off")] == [D("-0.01")]


def _advances(extracts: Extracts) -> None:
    books = extracts.books("T23")
    books.receipt("ADV1", "500.00", "2026-04-01")
    books.invoice("INV1", "700.00", "2026-05-10", due="2026-06-09")
    books.allocation("A1", "500.00", "2026-06-20", used="receipt:ADV1", settles="document:INV1")


def test_t23_an_unapplied_advance_is_a_credit_aged_by_its_own_date(world: Warehouse) -> None:
    assert world.open_amounts("2026-03-31", company="T23") == {}
    assert world.aging("2026-04-30", company="T23") == {"unapplied": D("-500.00")}
    assert world.days_past_due("2026-04-30", company="T23") == {"ADV1": 29}
    assert world.aging("2026-06-19", company="T23") == {"1-30": D("700.00"), "unapplied": D("-500.00")}
    assert world.aging("2026-06-20", company="T23") == {"1-30": D("200.00")}


def _zero_net(extracts: Extracts) -> None:
    books = extracts.books("T24")
    books.invoice("INV1", "100.00", "2026-10-01", due="2026-10-31")
    books.credit_note("CN1", "100.00", "2026-10-15")


def test_t24_a_customer_that_nets_to_zero_stays_visible_item_by_item(world: Warehouse) -> None:
    rows = world.mart_aging(company="T24")
    assert {item: row["open_amount_document"] for item, row in rows.items()} == {
        "INV1": D("100.00"),
        "CN1": D("-100.00"),
    }
    assert world.total(WORLD_DAY, company="T24") == D("0.00")
    assert world.aging(WORLD_DAY, company="T24") == {"61-90": D("100.00"), "unapplied": D("-100.00")}


def _open_credits(extracts: Extracts) -> None:
    books = extracts.books("T25")
    books.invoice("INV1", "1000.00", "2026-10-01", due="2026-10-31")
    books.payment("R1", "INV1", "400.00", "2026-11-20")
    books.credit_note("CN1", "150.00", "2026-11-25")


def test_t25_a_part_paid_invoice_is_overdue_with_what_remains_and_open_credits_stand_beside_it(
    world: Warehouse,
) -> None:
    (row,) = world.query(
        "select sum(gross_amount_document) as gross, sum(net_amount_document) as net,"
        " sum(unapplied_amount_document) as unapplied from marts.mart_aging_customer"
        " where company_code = 'T25' and scheme = 'standard'"
    )
    # 1,000 - 400 remain; the credit of 150 is shown and never dropped, and lowers the net figure alone
    assert (row["gross"], row["unapplied"], row["net"]) == (D("600.00"), D("-150.00"), D("450.00"))
    assert world.open_amounts(WORLD_DAY, company="T25") == {"INV1": D("600.00"), "CN1": D("-150.00")}


def _used_twice(extracts: Extracts) -> None:
    books = extracts.books("T38")
    books.invoice("INV1", "80.00", "2026-05-01", due="2026-05-31")
    books.invoice("INV2", "70.00", "2026-05-01", due="2026-05-31")
    books.receipt("R1", "100.00", "2026-06-01")
    # one receipt to many invoices, for more than it is
    books.allocation("A1", "80.00", "2026-06-01", used="receipt:R1", settles="document:INV1")
    books.allocation("A2", "70.00", "2026-06-01", used="receipt:R1", settles="document:INV2")


def test_t38_a_receipt_that_settles_more_than_it_is_stands_against_the_customer_and_is_listed(
    world: Warehouse,
) -> None:
    # the 50 that nobody paid are still owed, and no control total hides them
    assert world.open_amounts("2026-06-30", company="T38") == {"R1": D("50.00")}
    assert world.total("2026-06-30", company="T38") == D("50.00")
    assert [row["record_id"] for row in world.findings("over_allocation", company="T38")] == ["T38|R|R1"]


def _two_together(extracts: Extracts) -> None:
    books = extracts.books("T26")
    books.invoice("INV1", "300.00", "2026-05-01", due="2026-05-31")
    books.invoice("INV2", "200.00", "2026-05-01", due="2026-05-31")
    books.receipt("R1", "250.00", "2026-06-01")
    books.allocation("A1", "100.00", "2026-06-01", used="receipt:R1", settles="document:INV1")
    books.allocation("A2", "150.00", "2026-06-01", used="receipt:R1", settles="document:INV2")


def test_t26_two_invoices_paid_together_keep_their_own_outstanding(world: Warehouse) -> None:
    assert world.open_amounts("2026-06-01", company="T26") == {"INV1": D("200.00"), "INV2": D("50.00")}


def _write_offs(extracts: Extracts) -> None:
    books = extracts.books("T21")
    books.invoice("INV1", "1000.00", "2026-01-01", due="2026-01-31")
    books.allocation(
        "W1",
        "200.00",
        "2026-06-01",
        used="write_off",
        settles="document:INV1",
        approved_by="CFO",
        reason="insolvent",
    )
    books.allocation(
        "W1R",
        "50.00",
        "2026-08-01",
        used="write_off",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="W1",
    )
    books.payment("R1", "INV1", "50.00", "2026-08-01")


def test_t21_written_off_is_not_paid_and_a_recovery_is_the_reversal_of_it(world: Warehouse) -> None:
    # 1,000, written off 200: 800; recovered 50: +50 and -50 of cash on one day, still 800
    assert world.open_amounts("2026-06-01", company="T21") == {"INV1": D("800.00")}
    assert world.open_amounts("2026-08-01", company="T21") == {"INV1": D("800.00")}
    kinds = {m.kind: m.document for m in world.movements(company="T21", item="INV1")}
    assert kinds == {
        "billed": D("1000.00"),
        "write_off": D("-200.00"),
        "write_off_recovery": D("50.00"),
        "cash": D("-50.00"),
    }
