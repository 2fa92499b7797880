"""Disputes 争议: what of each is open, how long it takes, how it ended (accounting B8).

Belongs here: mart_dispute and mart_dispute_month. Must not: disputed amounts of aging (test_accounting_b.py) and the
metric disputed_rate (test_accounting_c.py).
"""

from datetime import date
from typing import Any

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY

ZERO = D("0.00")


def build_world(extracts: Extracts) -> None:
    _standing(extracts)
    _ended(extracts)
    _months(extracts)


def _rows(world: Warehouse, company: str) -> dict[str, dict[str, Any]]:
    rows = world.query("select * from marts.mart_dispute where company_code = ?", [company])
    return {row["dispute_id"]: row for row in rows}


def _standing(extracts: Extracts) -> None:
    books = extracts.books("DI-OPEN")
    # 80.00 are left of 100.00: two disputes of 50.00, the older one first
    books.invoice("INV1", "100.00", "2026-10-01", due="2026-10-31")
    books.payment("R1", "INV1", "20.00", "2026-12-01")
    books.dispute("OLD", "INV1", "50.00", "2026-11-01", owner="sales", reason="price")
    books.dispute("NEW", "INV1", "50.00", "2026-12-01")
    # all that is open, one instalment due and one not
    books.invoice("INV2", "100.00", "2026-10-01")
    books.instalment("INV2", 1, "60.00", "2026-12-30")
    books.instalment("INV2", 2, "40.00", "2026-12-31")
    books.dispute("WHOLE", "INV2", None, "2026-12-31")
    books.invoice("INV3", "100.00", "2026-10-01")
    books.instalment("INV3", 1, "60.00", "2026-12-30")
    books.instalment("INV3", 2, "40.00", "2026-12-31")
    books.dispute("PART", "INV3", "25.00", "2026-12-01", instalment_no=2)
    books.dispute("REST", "INV3", "70.00", "2026-12-02")
    # paid in the meantime, closed tomorrow, not opened yet
    books.invoice("INV4", "100.00", "2026-10-01", due="2026-10-31")
    books.payment("R4", "INV4", "100.00", "2026-12-01")
    books.dispute("PAID", "INV4", "100.00", "2026-11-01")
    books.invoice("INV5", "100.00", "2026-10-01", due="2026-10-31")
    books.dispute("TOMORROW", "INV5", "10.00", "2026-12-01", closed_on="2027-01-01")
    books.dispute("FUTURE", "INV5", "10.00", "2027-01-02")


def test_b08_disputes_of_one_item_share_what_is_open_of_it_the_oldest_first(world: Warehouse) -> None:
    rows = _rows(world, "DI-OPEN")
    assert {
        name: (row["disputed_amount_document"], row["overdue_amount_document"], row["days_open"])
        for name, row in rows.items()
    } == {
        "OLD": (D("50.00"), D("50.00"), 60),
        "NEW": (D("30.00"), D("30.00"), 30),
        "WHOLE": (D("100.00"), D("60.00"), 0),
        "PART": (D("25.00"), ZERO, 30),
        "REST": (D("70.00"), D("60.00"), 29),
        "PAID": (ZERO, ZERO, 60),
        "TOMORROW": (D("10.00"), D("10.00"), 30),
    }
    assert (rows["OLD"]["owner"], rows["OLD"]["reason"], rows["OLD"]["outcome"]) == ("sales", "price", "open")
    assert rows["TOMORROW"]["is_open"] and not rows["PART"]["is_overdue"]


def test_b08_disputes_sum_to_what_aging_has_disputed(world: Warehouse) -> None:
    sums = [
        world.query(
            f"select document_id, sum(disputed_amount_document) as disputed from marts.{mart}"
            " where company_code = 'DI-OPEN' group by document_id having sum(disputed_amount_document) <> 0"
        )
        for mart in ("mart_dispute", "mart_aging")
    ]
    disputed = [{row["document_id"]: row["disputed"] for row in rows} for rows in sums]
    assert disputed[0] == disputed[1]
    assert sum(disputed[0].values()) == D("285.00")


def _ended(extracts: Extracts) -> None:
    books = extracts.books("DI-END")
    # 200.00 of 1,000.00 are contested from 1 to 31 March
    paid: dict[str, tuple[str | None, str | None, str | None]] = {
        "CREDITED_LATER": ("800.00", "200.00", "2026-04-15"),
        "TOO_LATE": ("800.00", "200.00", "2026-04-16"),
        "PAID": ("1000.00", None, None),
        "WITHDRAWN": ("800.00", None, None),
        "NOTHING": (None, None, None),
        "PARTLY": ("800.00", "150.00", "2026-03-20"),
        # the price of the rest was lowered as well
        "MORE": (None, "300.00", "2026-03-20"),
        "WRITTEN_OFF": ("800.00", None, None),
        "GONE": (None, None, None),
        "UNDONE": ("1000.00", None, None),
        "CREDIT_UNDONE": (None, "200.00", "2026-03-20"),
    }
    for name, (cash, credit, credited_on) in paid.items():
        books.invoice(name, "1000.00", "2026-01-01", due="2026-01-31")
        if name == "GONE":
            books.payment("R-GONE", name, "1000.00", "2026-02-15")
        if cash:
            books.payment(f"R-{name}", name, cash, "2026-03-10")
        if credit and credited_on:
            books.credit_note(f"CN-{name}", credit, credited_on)
            books.allocation(
                f"A-{name}", credit, credited_on, used=f"credit_note:CN-{name}", settles=f"document:{name}"
            )
        books.dispute(name, name, "200.00", "2026-03-01", closed_on="2026-03-31", status="resolved")
    books.allocation("A-WO", "200.00", "2026-03-20", used="write_off", settles="document:WRITTEN_OFF")
    # taken back by an allocation of its own
    for name, amount, used, reversed_id in (
        ("UNDONE", "1000.00", "receipt:R-UNDONE", "A-R-UNDONE"),
        ("CREDIT_UNDONE", "200.00", "credit_note:CN-CREDIT_UNDONE", "A-CREDIT_UNDONE"),
    ):
        books.allocation(
            f"BACK-{name}",
            amount,
            "2026-03-25",
            used=used,
            settles=f"document:{name}",
            is_reversal=True,
            reverses_allocation_id=reversed_id,
        )


def test_how_a_dispute_ended_is_read_off_what_settled_what_was_contested(world: Warehouse) -> None:
    rows = _rows(world, "DI-END")
    parts = ("credited", "paid", "otherwise_settled", "withdrawn")
    assert {
        name: (row["outcome"], *(int(row[f"{part}_amount_document"]) for part in parts))
        for name, row in rows.items()
    } == {
        "CREDITED_LATER": ("credited", 200, 0, 0, 0),
        "TOO_LATE": ("withdrawn", 0, 0, 0, 200),
        "PAID": ("paid", 0, 200, 0, 0),
        "WITHDRAWN": ("withdrawn", 0, 0, 0, 200),
        "NOTHING": ("withdrawn", 0, 0, 0, 200),
        "PARTLY": ("partly_credited", 150, 0, 0, 50),
        "MORE": ("credited", 200, 0, 0, 0),
        "WRITTEN_OFF": ("settled_otherwise", 0, 0, 200, 0),
        "GONE": ("unknown", 0, 0, 0, 0),
        "UNDONE": ("withdrawn", 0, 0, 0, 200),
        "CREDIT_UNDONE": ("withdrawn", 0, 0, 0, 200),
    }
    assert {row["processing_days"] for row in rows.values()} == {30}


def _months(extracts: Extracts) -> None:
    books = extracts.books("DI-MONTH")
    for number, (opened, closed) in enumerate(
        (
            # standing on 30 June for 30, 31, 60, 61, 90 and 91 days
            ("2026-05-31", None),
            ("2026-05-30", None),
            ("2026-05-01", None),
            ("2026-04-30", None),
            ("2026-04-01", None),
            ("2026-03-31", None),
            # closed in June after 1, 10 and 40 days; on its last day, nothing is contested any more
            ("2026-06-01", "2026-06-02"),
            ("2026-06-05", "2026-06-15"),
            ("2026-05-21", "2026-06-30"),
            # two in August
            ("2026-07-01", "2026-08-01"),
            ("2026-07-01", "2026-08-02"),
        )
    ):
        amount = str(10**number) if number < 6 else "5.00"
        due = "2026-06-30" if number == 5 else "2026-03-31"
        books.invoice(f"INV{number}", amount, "2026-03-01", due=due)
        books.dispute(f"D{number}", f"INV{number}", amount, opened, closed_on=closed)


def test_disputes_of_a_month_end_are_aged_to_the_day(world: Warehouse) -> None:
    rows = world.query("select * from marts.mart_dispute_month where company_code = 'DI-MONTH'")
    months = {row["period_end"]: row for row in rows}
    june = months[date(2026, 6, 30)]
    assert (june["opened_count"], june["closed_count"], june["open_count"]) == (2, 3, 6)
    assert june["disputed_amount_reporting"] == D("111111.00")
    assert {
        name: june[f"open_{name}_days_amount_reporting"]
        for name in ("0_to_30", "31_to_60", "61_to_90", "over_90")
    } == {
        "0_to_30": D("1.00"),
        "31_to_60": D("110.00"),
        "61_to_90": D("11000.00"),
        "over_90": D("100000.00"),
    }
    # 11,111 of 111,111 are overdue
    assert (june["overdue_amount_reporting"], june["overdue_share"]) == (D("11111.00"), D("0.099999"))
    # 1, 10 and 40 days
    assert (june["mean_processing_days"], june["median_processing_days"]) == (D("17"), D("10"))
    # 31 and 32
    assert months[date(2026, 8, 31)]["median_processing_days"] == D("31.5")
    december = months[WORLD_DAY]
    assert (december["mean_processing_days"], december["processing_days_reason_when_null"]) == (
        None,
        "none_closed",
    )
    # nothing was contested before
    empty = months[date(2026, 2, 28)]
    assert (empty["overdue_share"], empty["overdue_share_reason_when_null"]) == (None, "nothing_disputed")
