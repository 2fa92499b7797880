"""The oracle's bills: figures worked by hand.

Belongs here: one rule per test. Does not: the pipeline, random worlds.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.oracles.knowledge import Text
from tests.oracles.oracle import Row
from tests.oracles.test_oracle_rules import Columns, allocation, books, document, full, known, receipt

K = date(2025, 12, 31)


def event(kind: str, on: str, amount: str, /, **columns: Text) -> Columns:
    return {"bill_id": "B1", "event_date": on, "kind": kind, "amount": amount, **columns}


def open_on(on: str, *events: Columns, **bill: Text) -> dict[str, tuple[Decimal, Decimal | None]]:
    """What is open of an invoice of 10 January due 10 February and of the bill of 15 January that settles it."""
    columns: Columns = {
        "method": "bank_acceptance",
        "bill_id": "B1",
        "maturity_date": "2025-07-15",
        **bill,
    }
    rows = _rows(on, [receipt("R1", "100.00", **columns)], list(events))
    return {
        item_id.removeprefix("CN01|"): (row.open_document, row.open_functional)
        for item_id, row in rows.items()
        if row.open_document
    }


def _rows(on: str, receipts: list[Columns], events: list[Columns]) -> dict[str, Row]:
    invoice = document("INV1", "100.00", currency=receipts[0]["currency"], functional_amount="700.01")
    delivery = full(
        K, document=[invoice], receipt=receipts, bill_event=events, allocation=[allocation("A1", "100.00")]
    )
    return books(delivery).ledger(date.fromisoformat(on), known(K))


def test_a_bill_stands_in_place_of_what_its_receipt_settles() -> None:
    assert open_on("2025-01-14") == {"D|INV1|1": (Decimal("100.00"), Decimal("100.00"))}
    assert open_on("2025-01-15") == {"B|R1|1": (Decimal("100.00"), Decimal("100.00"))}


def test_its_dates_are_maturity_and_those_of_the_receivable() -> None:
    bill = _rows(
        "2025-01-15", [receipt("R1", "100.00", method="bank_acceptance", maturity_date="2025-07-15")], []
    )["CN01|B|R1|1"]
    assert (bill.due_date, bill.original_due_date, bill.age_anchor_date) == (
        date(2025, 7, 15),
        date(2025, 2, 10),
        date(2025, 1, 10),
    )


def test_parts_of_it_are_passed_on_and_share_what_it_carries() -> None:
    passed = event("endorsed", "2025-03-01", "33.33")
    sold = event("discounted", "2025-04-01", "20.00", with_recourse="false")
    foreign = open_on("2025-04-01", passed, sold, currency="USD", functional_amount="700.01")
    # 700.01 x 33.33 % = 233.31; x 80 % = 560.01 for both
    assert foreign == {
        "B|R1|2": (Decimal("33.33"), Decimal("233.31")),
        "B|R1|1": (Decimal("46.67"), Decimal("326.70")),
    }
    # with others it ends at maturity; what is held stays until somebody says
    assert open_on("2025-07-15", passed, sold) == {"B|R1|1": (Decimal("46.67"), Decimal("46.67"))}


def test_what_comes_back_in_part_stands_beside_and_in_full_reopens_the_invoice() -> None:
    part = open_on(
        "2025-08-01", event("dishonoured", "2025-07-16", "40.00"), event("honoured", "2025-07-15", "60.00")
    )
    assert part == {"B|R1|3": (Decimal("40.00"), Decimal("40.00"))}
    whole = open_on("2025-08-01", event("dishonoured", "2025-07-16", "100.00"))
    assert whole == {"D|INV1|1": (Decimal("100.00"), Decimal("100.00"))}
    # void stays void, whatever is told afterwards
    after = open_on(
        "2025-09-01",
        event("returned", "2025-07-16", "100.00"),
        event("discounted", "2025-08-01", "60.00", with_recourse="false"),
    )
    assert after == {"D|INV1|1": (Decimal("100.00"), Decimal("100.00"))}
