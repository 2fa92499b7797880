"""Bills 票据 from the day they come to their end: worked examples of accounting.md A4 and A17, on both clocks.

Belongs here: what is told of a bill, in full and in part, and what it does to classes, movements, the general ledger
and findings. Must not: its dates (test_bill_dates.py), cheques (test_traps_settlement.py), the demo company.
"""

from datetime import date
from typing import Any

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import APRIL, JUNE, MARCH, MAY

ZERO = D("0.00")


def build_world(extracts: Extracts) -> None:
    _lives(extracts)
    _partly_passed_on(extracts)
    _partly_back(extracts)
    _by_status(extracts)
    _shared(extracts)
    _foreign(extracts)
    _unclear(extracts)
    _control_accounts(extracts)


def build_history(extracts: Extracts) -> None:
    _told_over_time(extracts)


LIVES = {
    "held": [],
    "pledged": [("pledged", "2026-05-10", {})],
    "honoured": [("honoured", "2026-09-30", {})],
    "sold": [("discounted", "2026-05-10", {"with_recourse": False})],
    "signed_away": [
        ("endorsed", "2026-05-10", {"with_recourse": False}),
        ("honoured", "2026-09-30", {}),
    ],
    "lent_on": [("discounted", "2026-05-10", {"with_recourse": True})],
    "signed_on": [("endorsed", "2026-05-10", {})],
    "signed_and_paid_late": [("endorsed", "2026-05-10", {}), ("honoured", "2026-10-08", {})],
    "signed_and_refused": [
        ("endorsed", "2026-05-10", {"with_recourse": True}),
        ("dishonoured", "2026-10-02", {}),
    ],
    "sent_back": [("returned", "2026-05-10", {})],
}


def _lives(extracts: Extracts) -> None:
    for life, events in LIVES.items():
        books = extracts.books(f"LIFE-{life}")
        books.invoice("INV1", "100.00", "2026-02-01", due="2026-03-31")
        books.bill("R1", "100.00", "2026-04-01", matures="2026-09-30")
        books.allocation("A1", "100.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
        for kind, on, columns in events:
            books.bill_event("R1", kind, "100.00", on, **columns)


def _classes_along(world: Warehouse, life: str) -> list[str]:
    """Where the 100.00 stand: bill received, passed on in May, day before maturity, maturity, and a month on."""
    days = ("2026-04-01", "2026-05-10", "2026-09-29", "2026-09-30", "2026-10-31")
    found = [world.by_class(day, company=f"LIFE-{life}") for day in days]
    assert all(set(classes.values()) <= {D("100.00")} and len(classes) < 2 for classes in found)
    return [next(iter(classes), "") for classes in found]


def test_a04_what_is_held_or_passed_on_with_recourse_stays_ours_and_the_rest_goes(world: Warehouse) -> None:
    passed = "bill_transferred"
    assert {life: _classes_along(world, life) for life in LIVES} == {
        # nobody said that it was paid
        "held": ["bill"] * 5,
        "pledged": ["bill"] * 5,
        "honoured": ["bill", "bill", "bill", "", ""],
        "sold": ["bill", "", "", "", ""],
        "signed_away": ["bill", "", "", "", ""],
        # nobody reports how a bill ended that others hold: maturity does
        "lent_on": ["bill", passed, passed, "", ""],
        "signed_on": ["bill", passed, passed, "", ""],
        "signed_and_paid_late": ["bill", passed, passed, passed, ""],
        "signed_and_refused": ["bill", passed, passed, passed, "trade"],
        "sent_back": ["bill", "trade", "trade", "trade", "trade"],
    }


def test_a17_what_leaves_says_why_and_none_of_it_is_cash(world: Warehouse) -> None:
    def left(life: str) -> list[tuple[str, str, date, Any]]:
        movements = world.movements(company=f"LIFE-{life}")
        return [
            (m.item, m.kind, m.effective_date, m.document)
            for m in movements
            if m.allocation_id is None and m.kind not in ("billed", "bill_received")
        ]

    may, hundred = date(2026, 5, 10), D("100.00")
    matured = date(2026, 9, 30)
    assert left("honoured") == [("R1:1", "bill_honoured", matured, -hundred)]
    assert left("sold") == [("R1:1", "bill_discounted", may, -hundred)]
    assert left("signed_away") == [("R1:1", "bill_endorsed", may, -hundred)]
    assert left("lent_on") == [
        ("R1:1", "class_transfer", may, -hundred),
        ("R1:2", "class_transfer", may, hundred),
        ("R1:2", "bill_honoured", matured, -hundred),
    ]
    refused = date(2026, 10, 2)
    assert left("signed_and_refused")[2:] == [
        ("R1:2", "bill_dishonoured", refused, -hundred),
        ("R1", "bill_dishonoured", refused, hundred),
    ]
    assert left("sent_back") == [
        ("R1:1", "bill_returned", may, -hundred),
        ("R1", "bill_returned", may, hundred),
    ]


def test_lines_of_the_roll_forward_that_concern_bills_net_to_zero_over_classes(world: Warehouse) -> None:
    lines = ("bill_received", "bill_dishonoured", "bill_returned", "class_transfer")
    sums = ", ".join(
        f"sum({line}_document) as {line}, sum(abs({line}_document)) as {line}_moved" for line in lines
    )
    (row,) = world.query(f"select {sums} from marts.mart_roll_forward where company_code like 'LIFE-%'")
    assert {line: row[line] for line in lines} == dict.fromkeys(lines, ZERO)
    assert {line: row[f"{line}_moved"] for line in lines} == {
        "bill_received": D("2000.00"),
        "bill_dishonoured": D("200.00"),
        "bill_returned": D("200.00"),
        "class_transfer": D("800.00"),
    }


def _partly_passed_on(extracts: Extracts) -> None:
    books = extracts.books("PART")
    books.invoice("INV1", "100.00", "2026-02-01", due="2026-03-31")
    books.bill("R1", "100.00", "2026-04-01", matures="2026-09-30")
    books.allocation("A1", "100.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
    books.bill_event("R1", "endorsed", "30.00", "2026-05-10", with_recourse=True)
    books.bill_event("R1", "discounted", "20.00", "2026-06-10", with_recourse=False)
    books.bill_event("R1", "honoured", "50.00", "2026-09-30")


def test_part_of_a_bill_is_passed_on_and_the_rest_is_held(world: Warehouse) -> None:
    assert world.by_class("2026-05-10", company="PART") == {
        "bill": D("70.00"),
        "bill_transferred": D("30.00"),
    }
    assert world.by_class("2026-06-10", company="PART") == {
        "bill": D("50.00"),
        "bill_transferred": D("30.00"),
    }
    # the 50.00 that were paid are those that were held; the endorsed 30.00 matured
    assert world.by_class("2026-09-30", company="PART") == {}
    honoured = world.movements(company="PART", kind="bill_honoured")
    assert {(m.item, m.document) for m in honoured} == {("R1:1", D("-50.00")), ("R1:2", D("-30.00"))}


def _partly_back(extracts: Extracts) -> None:
    books = extracts.books("BACK")
    books.invoice("INV1", "100.00", "2026-02-01", due="2026-03-31")
    books.bill("R1", "100.00", "2026-04-01", matures="2026-09-30")
    books.allocation("A1", "100.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
    books.bill_event("R1", "honoured", "60.00", "2026-09-30")
    books.bill_event("R1", "dishonoured", "40.00", "2026-10-02")


def test_what_comes_back_of_a_bill_in_part_is_trade_again_as_old_as_the_receivable(world: Warehouse) -> None:
    assert world.by_class("2026-10-01", company="BACK") == {"bill": D("40.00")}
    assert world.by_class("2026-10-02", company="BACK") == {"trade": D("40.00")}
    # the invoice stays settled, for the bill was paid in part; what came back is due since 31 March
    assert world.days_past_due("2026-10-02", company="BACK") == {"R1:3": 185}
    row = world.mart_aging(company="BACK")["R1:3"]
    assert (row["bucket_standard"], row["bucket_cas_annual"]) == ("181-360", "0-12")


def _by_status(extracts: Extracts) -> None:
    books = extracts.books("STATUS")
    for number, columns in enumerate(
        (
            {"status": "cleared", "cleared_on": "2026-10-08"},
            # the ERP called it cleared when it was booked
            {"status": "cleared", "status_date": "2026-04-01"},
            {"status": "bounced", "status_date": "2026-10-08"},
            {"status": "cancelled", "status_date": "2026-05-10"},
            {"status": "cleared"},
            {"status": "pending"},
        ),
        start=1,
    ):
        books.invoice(f"INV{number}", f"{number}00.00", "2026-02-01", due="2026-03-31")
        books.bill(f"R{number}", f"{number}00.00", "2026-04-01", matures="2026-09-30", **columns)
        books.allocation(
            f"A{number}",
            f"{number}00.00",
            "2026-04-01",
            used=f"receipt:R{number}",
            settles=f"document:INV{number}",
        )


def test_without_events_the_status_of_the_receipt_says_how_its_bill_ended(world: Warehouse) -> None:
    held = {f"R{number}:1": D(f"{number}00.00") for number in (1, 2, 3, 4, 5)}
    # T17: what is pending is nothing yet
    pending = {"INV6": D("600.00")}
    assert world.open_amounts("2026-04-01", company="STATUS") == held | pending
    cancelled = {"INV4": D("400.00"), **pending}
    del held["R4:1"]
    assert world.open_amounts("2026-09-29", company="STATUS") == held | cancelled
    # cleared before it was due means no more than booked: it is paid at maturity
    del held["R2:1"]
    assert world.open_amounts("2026-09-30", company="STATUS") == held | cancelled
    # cleared on no day: its maturity alone does not make it cash
    assert world.open_amounts("2026-12-31", company="STATUS") == {
        "R5:1": D("500.00"),
        "INV3": D("300.00"),
        **cancelled,
    }
    assert [row["record_id"] for row in world.findings("bill_without_outcome", company="STATUS")] == [
        "STATUS|B|R5|1"
    ]


def _shared(extracts: Extracts) -> None:
    books = extracts.books("SHARED")
    for receipt, amount in (("R1", "33.33"), ("R2", "66.67")):
        books.bill(receipt, amount, "2026-04-01", matures="2026-09-30", bill_id="B-ONE")
    books.bill_event("ONE", "endorsed", "50.00", "2026-05-10")
    books.bill_event("ONE", "honoured", "100.00", "2026-09-30")


def test_receipts_that_name_one_bill_share_its_events_in_proportion(world: Warehouse) -> None:
    open_then = world.open_amounts("2026-05-10", company="SHARED")
    # 50.00 x 33.33 / 100.00 = 16.67, and the rest of 50.00 for the other
    assert {item: amount for item, amount in open_then.items() if ":" in item} == {
        "R1:1": D("16.66"),
        "R1:2": D("16.67"),
        "R2:1": D("33.34"),
        "R2:2": D("33.33"),
    }
    assert world.open_amounts("2026-09-30", company="SHARED") == {"R1": D("-33.33"), "R2": D("-66.67")}


def _foreign(extracts: Extracts) -> None:
    books = extracts.books("USD")
    books.bill("R1", "100.00", "2026-04-01", matures="2026-09-30", currency="USD", functional_amount="700.01")
    books.bill_event("R1", "endorsed", "33.33", "2026-05-10")
    books.bill_event("R1", "honoured", "66.67", "2026-09-30")


def test_a_foreign_bill_carries_what_its_receipt_was_booked_at_and_nothing_at_the_end(
    world: Warehouse,
) -> None:
    received = world.open_functional("2026-04-01", company="USD")
    assert received == {"R1": D("-700.01"), "R1:1": D("700.01")}
    # 700.01 x 33.33 / 100 = 233.3133
    passed = world.open_functional("2026-05-10", company="USD")
    assert passed == {"R1": D("-700.01"), "R1:1": D("466.70"), "R1:2": D("233.31")}
    assert world.open_functional("2026-09-30", company="USD") == {"R1": D("-700.01")}


def _unclear(extracts: Extracts) -> None:
    books = extracts.books("UNCLEAR")
    books.bill("NO-DATE", "10.00", "2026-04-01", matures=None)
    books.bill("TOO-MUCH", "20.00", "2026-04-01", matures="2027-01-31")
    books.bill_event("TOO-MUCH", "endorsed", "15.00", "2026-05-01")
    books.bill_event("TOO-MUCH", "discounted", "15.00", "2026-06-01", with_recourse=False)
    books.bill_event("UNKNOWN", "honoured", "30.00", "2026-05-01")
    books.bill("NO-NUMBER", "40.00", "2026-04-01", matures="2026-09-30", bill_id=None)


def test_what_is_told_of_bills_and_cannot_be_so_is_listed(world: Warehouse) -> None:
    def found(rule: str) -> dict[str, Any]:
        return {row["record_id"]: row["amount_document"] for row in world.findings(rule, company="UNCLEAR")}

    assert found("bill_without_maturity") == {"NO-DATE": D("10.00")}
    assert found("bill_event_exceeds_bill") == {"TOO-MUCH": D("10.00")}
    assert found("bill_event_without_bill") == {"B-UNKNOWN": D("30.00")}
    assert found("bill_without_outcome") == {"UNCLEAR|B|NO-NUMBER|1": D("40.00")}
    # what was passed on for good left first, and no more than there was
    assert world.by_class("2026-06-01", company="UNCLEAR")["bill_transferred"] == D("5.00")


def _control_accounts(extracts: Extracts) -> None:
    books = extracts.books("GLB")
    books.invoice("INV1", "100.00", "2026-02-01", due="2026-03-31", control_account="1122")
    books.bill("R1", "100.00", "2026-04-01", matures="2026-09-30", control_account="1122")
    books.allocation("A1", "100.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
    books.bill_event("R1", "endorsed", "40.00", "2026-05-10")
    for day, trade, bills in (("2026-03-31", "100.00", "0.00"), ("2026-05-31", "0.00", "100.00")):
        books.gl_balance("1122", "trade_control", trade, day)
        books.gl_balance("1121", "bill_control", bills, day)


def test_bills_tie_to_their_own_control_account_also_those_passed_on_with_recourse(world: Warehouse) -> None:
    rows = world.tie_out(company="GLB")
    assert {(row["account_role"], row["balance_date"].month): row["subledger_balance"] for row in rows} == {
        ("trade_control", 3): D("100.00"),
        ("bill_control", 3): ZERO,
        ("trade_control", 5): ZERO,
        ("bill_control", 5): D("100.00"),
    }
    assert [row["difference"] for row in rows] == [ZERO] * 4


def test_receipts_after_the_day_count_a_bill_when_it_is_paid_and_not_when_it_comes(world: Warehouse) -> None:
    def received(company: str, as_of: str) -> dict[str, Any]:
        rows = world.query(
            f"select document_id, item_kind, received_amount_document from"
            f" marts.subsequent_receipts(date '{as_of}', date '2026-12-31')"
            f" inner join marts.fct_open_item using (open_item_id, document_id)"
            f" where fct_open_item.company_code = '{company}'"
        )
        return {row["item_kind"]: row["received_amount_document"] for row in rows}

    assert received("LIFE-honoured", "2026-03-31") == {"invoice": ZERO}
    assert received("LIFE-honoured", "2026-04-30") == {"bill": D("100.00")}
    assert received("LIFE-lent_on", "2026-05-31") == {"bill": ZERO}


def _told_over_time(extracts: Extracts) -> None:
    books = extracts.books("HBILL")
    books.invoice("INV1", "100.00", "2025-12-01", due="2026-02-28")
    books.bill("R1", "100.00", "2026-03-01", matures="2026-04-25")
    books.allocation("A1", "100.00", "2026-03-01", used="receipt:R1", settles="document:INV1")
    books.bill_event("R1", "endorsed", "100.00", "2026-03-10", with_recourse=True)
    # refused on 28 April, heard of in May, and withdrawn in June
    books.known(since=MAY, until=JUNE).bill_event("R1", "dishonoured", "100.00", "2026-04-28")


def test_an_event_that_becomes_known_late_restates_and_one_that_vanishes_does_so_again(
    history: Warehouse,
) -> None:
    def classes(day: date | str, known: date) -> dict[str, Any]:
        rows = history.query(
            f"""
            select receivable_class, sum(open_amount_document) as amount
            from marts.fct_open_item_balance
            where company_code = 'HBILL' and effective_from <= date '{day}' and effective_to > date '{day}'
                and known_from <= timestamp '{known} 23:59:59' and known_to > timestamp '{known} 23:59:59'
            group by all
            """
        )
        return {row["receivable_class"]: row["amount"] for row in rows}

    hundred = D("100.00")
    assert classes(MARCH, MARCH) == {"bill_transferred": hundred}
    assert classes(APRIL, APRIL) == {}
    # as known in May it was still ours from maturity to the refusal
    assert classes("2026-04-27", MAY) == {"bill_transferred": hundred}
    assert classes(APRIL, MAY) == {"trade": hundred}
    assert classes(APRIL, JUNE) == {}
    rows = history.query(
        """
        select cast(restated_at as date) as heard_on, receivable_class, sum(amount_document) as amount
        from marts.mart_restatement where company_code = 'HBILL' and effective_date <= date '2026-04-30'
        group by all having amount <> 0 order by all
        """
    )
    assert [(row["heard_on"], row["receivable_class"], row["amount"]) for row in rows] == [
        (MAY, "trade", hundred),
        (JUNE, "trade", -hundred),
    ]
