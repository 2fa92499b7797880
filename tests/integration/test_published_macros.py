"""Questions that the release answers itself: the statement of a customer, and what was received afterwards.

Belongs here: published macros with figures by hand. Must not: aging and open items, which every other module asks for.
"""

from datetime import date

from tests.kit import D, Extracts, Warehouse


def build_world(extracts: Extracts) -> None:
    _statement(extracts)
    _received_since(extracts)


def _statement(extracts: Extracts) -> None:
    books = extracts.books("M01", customers=("C1", "C2"))
    books.invoice("INV0", "100.00", "2026-03-01", due="2026-03-31")
    books.payment("R0", "INV0", "40.00", "2026-03-20")
    books.invoice("INV1", "30.00", "2026-04-01", due="2026-05-01")
    books.receipt("R1", "50.00", "2026-04-10")
    books.allocation("A1", "50.00", "2026-04-15", used="receipt:R1", settles="document:INV0")
    books.invoice("LATER", "7.00", "2026-05-01", due="2026-05-31")
    books.invoice("OTHER", "9.00", "2026-04-02", due="2026-05-02", customer_id="C2")


def test_a_statement_opens_with_what_was_before_and_runs_on_to_its_last_day(world: Warehouse) -> None:
    rows = world.query(
        "select effective_date, movement_kind, document_id, amount_document, balance_document"
        " from marts.customer_statement('M01', 'C1', date '2026-04-01', date '2026-04-30')"
    )
    # 100 - 40 before; the match of 15 April moves nothing between the customer and the company
    assert [tuple(row.values()) for row in rows] == [
        (None, "opening", None, D("60.00"), D("60.00")),
        (date(2026, 4, 1), "billed", "INV1", D("30.00"), D("90.00")),
        (date(2026, 4, 10), "cash", "R1", D("-50.00"), D("40.00")),
    ]


def _received_since(extracts: Extracts) -> None:
    books = extracts.books("M02")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.payment("BEFORE", "INV1", "10.00", "2026-03-31")
    books.payment("NEXT", "INV1", "20.00", "2026-04-01")
    books.payment("LAST", "INV1", "30.00", "2026-04-30")
    books.payment("AFTER", "INV1", "5.00", "2026-05-01")
    books.allocation("W1", "1.00", "2026-04-15", used="write_off", settles="document:INV1")
    books.invoice("UNPAID", "8.00", "2026-03-01", due="2026-03-31")
    books.invoice("NEW", "6.00", "2026-04-01", due="2026-05-01")


def test_received_afterwards_is_cash_from_the_day_after_to_the_last_day_asked_for(world: Warehouse) -> None:
    rows = world.query(
        "select document_id, open_amount_document, received_amount_document, last_received_on"
        " from marts.subsequent_receipts(date '2026-03-31', date '2026-04-30') where company_code = 'M02'"
        " order by document_id"
    )
    # of 90 open on 31 March: 20 + 30 in cash; the write-off is none, and UNPAID stays in the list
    assert [tuple(row.values()) for row in rows] == [
        ("INV1", D("90.00"), D("50.00"), date(2026, 4, 30)),
        ("UNPAID", D("8.00"), D("0.00"), None),
    ]
