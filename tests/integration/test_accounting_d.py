"""Worked examples of accounting.md D: the overdue bridge, and what changed since the last delivery.

Belongs here: lines of the bridge with figures worked by hand. Must not: the roll-forward of all receivables
(test_ledger_rules.py), recoveries in metrics (test_accounting_c.py).
"""

from datetime import date
from decimal import Decimal

import pytest

from tests.kit import D, Extracts, Warehouse

JUNE_START, JUNE = date(2026, 6, 1), date(2026, 6, 30)
BASES = ("policy", "original", "agreed")


def build_world(extracts: Extracts) -> None:
    _bridge(extracts)
    _edges(extracts)
    _dates(extracts)


def build_history(extracts: Extracts) -> None:
    books = extracts.books("DCHANGE")
    books.invoice("OLD", "100.00", "2026-03-10", due="2026-04-30")
    books.invoice("NEW", "40.00", "2026-05-20", due="2026-06-15")
    books.known(since=JUNE).invoice("FORGOTTEN", "50.00", "2026-05-05", due="2026-05-10")
    books.known(since=JUNE).payment("R1", "OLD", "30.00", "2026-06-20")
    gone = extracts.books("DGONE")
    gone.known(until=JUNE).invoice("VOID", "70.00", "2026-03-10", due="2026-04-30")
    gone.invoice("LATER", "5.00", "2026-03-10", due="2026-12-31")
    late = extracts.books("DFIRST")
    late.known(since=JUNE).invoice("INV1", "9.00", "2026-06-01", due="2026-06-10")


def _bridge(extracts: Extracts) -> None:
    """Accounting D1: 500 overdue at the end of May, 425 at the end of June on the agreed basis."""
    books = extracts.books("DBRIDGE")
    # a rate serves for seven days
    days = ("2026-05-31", "2026-06-07", "2026-06-14", "2026-06-21", "2026-06-28")
    for day, rate in (*((day, "7.00") for day in days), ("2026-06-30", "7.50")):
        extracts.put(
            "fx_rate", rate_date=day, from_currency="ISK", to_currency="CNY", rate=rate, rate_type="closing"
        )
    books.invoice("PAID", "180.00", "2026-04-01", due="2026-05-10")
    books.invoice("BILLED", "40.00", "2026-04-01", due="2026-05-11")
    books.invoice("CREDITED", "15.00", "2026-04-01", due="2026-05-12")
    books.invoice("OFFSET", "10.00", "2026-04-01", due="2026-05-13")
    books.invoice("EXTENDED", "60.00", "2026-04-01", due="2026-05-14")
    books.invoice("WRITTEN", "25.00", "2026-04-01", due="2026-05-15")
    books.invoice("KEPT", "100.00", "2026-04-01", due="2026-05-16")
    books.invoice(
        "FOREIGN", "10.00", "2026-04-01", due="2026-05-17", currency="ISK", functional_amount="70.00"
    )
    books.invoice("NEW", "200.00", "2026-05-20", due="2026-06-14")
    books.invoice("LATE", "20.00", "2026-06-20", due="2026-06-10")
    books.invoice("BOUNCED", "30.00", "2026-04-01", due="2026-05-05")
    books.payment(
        "CHEQUE",
        "BOUNCED",
        "30.00",
        "2026-05-20",
        method="cheque",
        status="bounced",
        status_date="2026-06-12",
    )
    books.payment("CASH", "PAID", "180.00", "2026-06-15")
    books.bill("BILL", "40.00", "2026-06-16", matures="2026-12-16")
    books.allocation("A-BILL", "40.00", "2026-06-16", used="receipt:BILL", settles="document:BILLED")
    books.credit_note("CN", "15.00", "2026-06-17")
    books.allocation("A-CN", "15.00", "2026-06-17", used="credit_note:CN", settles="document:CREDITED")
    books.allocation("A-OFF", "10.00", "2026-06-18", used="offset:P-7", settles="document:OFFSET")
    books.extension("X1", "EXTENDED", "60.00", "2026-07-31", approved="2026-06-18")
    books.allocation("A-WO", "25.00", "2026-06-19", used="write_off", settles="document:WRITTEN")


LINES = (
    "opening",
    "became_overdue",
    "billed_overdue",
    "reopened",
    "cash",
    "bill",
    "credit_note",
    "discount",
    "offset",
    "settlement",
    "write_off",
    "extended",
    "due_date_changed",
    "class_transfer",
    "over_allocated",
    "fx",
    "closing",
)


def _june(world: Warehouse, company: str, *, basis: str) -> dict[str, Decimal]:
    """Lines of June that are not 0, in the reporting currency, from the customers' bridge."""
    columns = ", ".join(f"sum({line}_reporting) as {line}" for line in LINES)
    (row,) = world.query(
        f"select {columns} from marts.mart_overdue_bridge_customer"
        " where company_code = $1 and due_date_basis = $2 and month_start = $3",
        [company, basis, JUNE_START],
    )
    return {line: amount for line, amount in row.items() if amount}


WORKED = {
    "opening": D("500.00"),
    "became_overdue": D("200.00"),
    "billed_overdue": D("20.00"),
    "reopened": D("30.00"),
    "cash": D("-180.00"),
    "bill": D("-40.00"),
    "credit_note": D("-15.00"),
    "offset": D("-10.00"),
    "write_off": D("-25.00"),
    # 10 ISK at 7.00 and at 7.50
    "fx": D("5.00"),
}


def test_d1_the_bridge_of_a_month_names_every_reason_and_closes(world: Warehouse) -> None:
    assert _june(world, "DBRIDGE", basis="agreed") == WORKED | {
        "extended": D("-60.00"),
        "closing": D("425.00"),
    }


@pytest.mark.parametrize("basis", ["policy", "original"])
def test_d1_an_extension_agreed_when_overdue_cleans_neither_headline_nor_original(
    world: Warehouse, basis: str
) -> None:
    assert _june(world, "DBRIDGE", basis=basis) == WORKED | {"closing": D("485.00")}


def test_the_days_of_a_month_sum_to_the_month(world: Warehouse) -> None:
    columns = ", ".join(
        f"sum({line}_reporting) as {line}" for line in LINES if line not in ("opening", "closing")
    )
    (row,) = world.query(
        f"select {columns} from marts.mart_overdue_bridge where company_code = 'DBRIDGE'"
        " and due_date_basis = 'agreed' and day between $1 and $2",
        [JUNE_START, JUNE],
    )
    worked = {line: amount for line, amount in WORKED.items() if line != "opening"}
    assert {line: amount for line, amount in row.items() if amount} == worked | {"extended": D("-60.00")}


def test_every_bar_of_the_bridge_opens_its_items(world: Warehouse) -> None:
    rows = world.query(
        "select open_item_id, line, day, amount_document from marts.fct_overdue_movement"
        " where company_code = 'DBRIDGE' and due_date_basis in ('every', 'policy')"
        " and line in ('reopened', 'billed_overdue', 'write_off') order by day"
    )
    assert [
        (row["open_item_id"].split("|")[2], row["line"], row["day"], row["amount_document"]) for row in rows
    ] == [
        ("BOUNCED", "reopened", date(2026, 6, 12), D("30.00")),
        ("WRITTEN", "write_off", date(2026, 6, 19), D("-25.00")),
        ("LATE", "billed_overdue", date(2026, 6, 20), D("20.00")),
    ]


def _edges(extracts: Extracts) -> None:
    books = extracts.books("DEDGE")
    # paid on the very day on which it would have turned overdue, and in part
    books.invoice("ON_TIME", "100.00", "2026-05-01", due="2026-06-09")
    books.payment("R1", "ON_TIME", "100.00", "2026-06-10")
    books.invoice("IN_PART", "100.00", "2026-05-01", due="2026-06-09")
    books.payment("R2", "IN_PART", "40.00", "2026-06-10")
    # more than was open: 30 too much stand in the customer's favour
    books.invoice("TOO_MUCH", "50.00", "2026-04-01", due="2026-05-01")
    books.payment("R3", "TOO_MUCH", "80.00", "2026-06-11")
    # undone and applied again
    books.invoice("AGAIN", "70.00", "2026-04-01", due="2026-05-01")
    books.payment("R4", "AGAIN", "70.00", "2026-06-01")
    books.allocation(
        "UNDO",
        "70.00",
        "2026-06-05",
        used="receipt:R4",
        settles="document:AGAIN",
        is_reversal=True,
        reverses_allocation_id="A-R4",
    )
    books.payment("R5", "AGAIN", "20.00", "2026-06-08")
    books.gl_balance("1122", "trade_control", "0.00", "2026-06-30")


def test_what_is_paid_on_the_day_it_turns_overdue_never_was(world: Warehouse) -> None:
    rows = world.query(
        "select open_item_id, line, day, amount_document from marts.fct_overdue_movement"
        " where company_code = 'DEDGE' and day = date '2026-06-10'"
    )
    assert [(row["open_item_id"].split("|")[2], row["line"], row["amount_document"]) for row in rows] == [
        ("IN_PART", "became_overdue", D("60.00"))
    ]


def test_what_was_applied_beyond_the_open_amount_is_a_line_of_its_own(world: Warehouse) -> None:
    lines = _june(world, "DEDGE", basis="policy")
    # cash: 80 on 50, 70 and 20 on 70; 70 back again
    assert lines == {
        "opening": D("120.00"),
        "became_overdue": D("60.00"),
        "reopened": D("70.00"),
        "cash": D("-170.00"),
        "over_allocated": D("30.00"),
        "closing": D("110.00"),
    }


def _dates(extracts: Extracts) -> None:
    books = extracts.books("DDATE")
    # a change of terms, agreed in time, moves the headline; it never was overdue there
    books.invoice("TERMS", "10.00", "2026-04-01", due="2026-05-31")
    books.extension("X1", "TERMS", "10.00", "2026-06-20", approved="2026-05-20")
    # booked on the day on which it is due, the last of the month: not overdue yet
    books.invoice("TODAY", "5.00", "2026-06-30", due="2026-06-30")
    # agreed late, and cancelled: overdue again on the agreed basis
    books.invoice("LATE", "20.00", "2026-04-01", due="2026-05-31")
    books.extension("X2", "LATE", "20.00", "2026-09-30", approved="2026-06-10", cancelled_on="2026-06-25")


def test_b4_each_basis_has_its_own_bridge(world: Warehouse) -> None:
    assert {basis: _june(world, "DDATE", basis=basis) for basis in BASES} == {
        "policy": {"became_overdue": D("30.00"), "closing": D("30.00")},
        "original": {"became_overdue": D("30.00"), "closing": D("30.00")},
        "agreed": {
            "became_overdue": D("30.00"),
            "extended": D("-20.00"),
            "due_date_changed": D("20.00"),
            "closing": D("30.00"),
        },
    }
    became = world.query(
        "select due_date_basis as basis, day from marts.fct_overdue_movement where company_code = 'DDATE'"
        " and open_item_id like '%|TERMS|%' order by basis"
    )
    assert [(row["basis"], row["day"]) for row in became] == [
        ("agreed", date(2026, 6, 21)),
        ("original", JUNE_START),
        ("policy", date(2026, 6, 21)),
    ]


def _change(history: Warehouse, company: str) -> dict[str, object]:
    (row,) = history.query(
        "select * from marts.mart_overdue_change where company_code = $1 and due_date_basis = 'policy'",
        [company],
    )
    ends = ("_document", "previous_day")
    return {name: value for name, value in row.items() if name.endswith(ends) and value}


def test_what_was_learnt_about_a_closed_day_is_restated_and_not_new_overdue(history: Warehouse) -> None:
    # reported for 31 May: 100; 50 more were overdue then, as is known now
    assert _change(history, "DCHANGE") == {
        "previous_day": date(2026, 5, 31),
        "opening_document": D("100.00"),
        "restated_document": D("50.00"),
        "became_overdue_document": D("40.00"),
        "cash_document": D("-30.00"),
        "closing_document": D("160.00"),
    }


def test_what_was_reported_overdue_and_never_was_stays_in_the_opening(history: Warehouse) -> None:
    assert _change(history, "DGONE") == {
        "previous_day": date(2026, 5, 31),
        "opening_document": D("70.00"),
        "restated_document": D("-70.00"),
    }
