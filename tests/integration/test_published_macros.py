"""Questions that the release answers itself: the statement of a customer, and what was received afterwards.

Belongs here: published macros with figures by hand. Must not: aging and open items, which every other module asks for.
"""

from datetime import date
from itertools import pairwise

from tests.kit import D, Extracts, Warehouse


def build_world(extracts: Extracts) -> None:
    _statement(extracts)
    _received_since(extracts)
    _earlier_and_undone(extracts)


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


def _earlier_and_undone(extracts: Extracts) -> None:
    books = extracts.books("M03")
    books.receipt("ADVANCE", "15.00", "2026-03-20")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.allocation("A1", "15.00", "2026-04-02", used="receipt:ADVANCE", settles="document:INV1")
    # a cheque that comes back, and one that was there before and comes back
    books.receipt(
        "CHEQUE", "40.00", "2026-04-05", method="cheque", status="bounced", status_date="2026-04-20"
    )
    books.allocation("A2", "40.00", "2026-04-05", used="receipt:CHEQUE", settles="document:INV1")
    books.receipt("EARLY", "30.00", "2026-03-10", method="cheque", status="bounced", status_date="2026-04-10")
    books.allocation("A3", "30.00", "2026-03-10", used="receipt:EARLY", settles="document:INV1")
    books.bill("BILL", "25.00", "2026-04-07", matures="2026-10-07")
    books.allocation("A4", "25.00", "2026-04-07", used="receipt:BILL", settles="document:INV1")
    books.credit_note("CN1", "8.00", "2026-04-08")
    books.allocation("A5", "8.00", "2026-04-08", used="credit_note:CN1", settles="document:INV1")
    books.allocation("W1", "3.00", "2026-04-09", used="write_off", settles="document:INV1")
    books.allocation("D1", "2.00", "2026-04-09", used="discount", settles="document:INV1")
    books.payment("PAID", "INV1", "20.00", "2026-04-11")
    # applied by mistake, and taken back by a row of its own
    books.receipt("MISTAKE", "9.00", "2026-04-12")
    books.allocation("A6", "9.00", "2026-04-12", used="receipt:MISTAKE", settles="document:INV1")
    books.allocation(
        "A7", "9.00", "2026-04-13", used="receipt:MISTAKE", settles="document:INV1", is_reversal=True,
        reverses_allocation_id="A6",
    )  # fmt: skip


def test_what_became_of_an_item_adds_up_and_money_that_was_there_before_is_no_receipt(
    world: Warehouse,
) -> None:
    (row,) = world.query(
        "select * from marts.subsequent_receipts(date '2026-03-31', date '2026-04-30') where company_code = 'M03'"
    )
    parts = {name.removesuffix("_amount_document"): value for name, value in row.items() if "amount" in name}
    # open on 31 March: 100 - 30 by the cheque that came back in April
    assert parts == {
        "open": D("70.00"),
        "received": D("20.00"),
        "bill": D("25.00"),
        "settlement": D("0.00"),
        "earlier_credit": D("15.00"),
        "credit_note": D("8.00"),
        "written_off": D("3.00"),
        # the discount, and 30 that are owed again
        "other": D("-28.00"),
        "still_open": D("27.00"),
    }
    # not the mistake of the 12th, which was taken back
    assert row["last_received_on"] == date(2026, 4, 11)


def test_every_item_is_accounted_for_on_every_pair_of_days(world: Warehouse) -> None:
    days = ("2026-01-31", "2026-03-31", "2026-04-07", "2026-06-30", "2026-12-31")
    for as_of, until in pairwise(days):
        rows = world.query(
            f"""
            select receipt.*, coalesce(later.open_amount_document, 0) as later
            from marts.subsequent_receipts(date '{as_of}', date '{until}') as receipt
            left join marts.open_items_as_of(date '{until}') as later
                on receipt.open_item_id = later.open_item_id
            """
        )
        for row in rows:
            parts = [value for name, value in row.items() if name.endswith("_amount_document")]
            # the first is what was open, the last what is left
            assert parts[0] == sum(parts[1:]), row
            assert row["still_open_amount_document"] == row["later"], row


def test_cash_after_a_day_is_what_receipts_of_later_days_settle_net(world: Warehouse) -> None:
    """The obvious way: whatever stands against a receipt in money that came later, application or its undoing."""
    legs = world.query(
        """
        select leg.open_item_id, leg.effective_date, -leg.amount_document as amount,
            receipt.posting_date, (source.method in
                ('bank_acceptance', 'commercial_acceptance', 'receivable_certificate')) as is_bill
        from marts.fct_receivable_movement as leg
        inner join marts.fct_open_item as receipt
            on leg.counterpart_open_item_id = receipt.open_item_id and receipt.item_kind = 'receipt'
        inner join marts.fct_receipt as source
            on receipt.company_code = source.company_code and receipt.document_id = source.receipt_id
        where leg.known_to = timestamp '9999-12-31'
        """
    )
    as_of, until = date(2026, 3, 31), date(2026, 6, 30)
    cash: dict[str, D] = {}
    for leg in legs:
        if leg["posting_date"] > as_of and leg["effective_date"] <= until and not leg["is_bill"]:
            cash[leg["open_item_id"]] = cash.get(leg["open_item_id"], D("0.00")) + leg["amount"]
    rows = world.query(
        f"""
        select open_item_id, received_amount_document as received
        from marts.subsequent_receipts(date '{as_of}', date '{until}')
        inner join marts.fct_open_item using (open_item_id)
        where fct_open_item.item_kind <> 'bill'
        """
    )
    assert sum(row["received"] > 0 for row in rows) >= 2
    assert {row["open_item_id"]: row["received"] for row in rows} == {
        row["open_item_id"]: cash.get(row["open_item_id"], D("0.00")) for row in rows
    }


def test_the_statement_of_all_is_that_of_each(world: Warehouse) -> None:
    every = world.query(
        "select * from marts.customer_statements(date '2026-04-01', date '2026-04-30') where company_code = 'M01'"
        " order by customer_id, effective_date nulls first, balance_document"
    )
    assert [(row["customer_id"], row["document_id"], row["balance_document"]) for row in every] == [
        ("C1", None, D("60.00")),
        ("C1", "INV1", D("90.00")),
        ("C1", "R1", D("40.00")),
        ("C2", "OTHER", D("9.00")),
    ]
