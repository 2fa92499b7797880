"""Default 违约 as policy.md section 1 defines it: its five reasons, its first day and its cure.

Belongs here: spells on mart_customer_default. Must not: what is expected to be lost (test_credit_loss.py).
"""

from datetime import date
from typing import Any

import pytest

from tests.kit import D, Extracts, Warehouse

# more than 90 days after 31 January
FIRST_DAY = date(2026, 5, 2)


def build_world(extracts: Extracts) -> None:
    _overdue(extracts)
    _told(extracts)
    _written_off(extracts)
    _forborne(extracts)
    _bills(extracts)


def _overdue(extracts: Extracts) -> None:
    for case, amount in (("OPEN", "50000.00"), ("SMALL", "19999.99"), ("CREDITED", "50000.00")):
        books = extracts.books(f"DEF-{case}")
        books.invoice("INV1", amount, "2026-01-01", due="2026-01-31")
    # 15,000 are left, less than the floor of 20,000
    books.receipt("R1", "35000.00", "2026-06-10")

    books = extracts.books("DEF-MANY")
    for number in range(5):
        books.invoice(f"INV{number}", "100.00", "2026-01-01", due="2026-01-31")

    books = extracts.books("DEF-DISPUTED")
    books.invoice("INV1", "50000.00", "2026-01-01", due="2026-01-31")
    books.dispute("DSP1", "INV1", None, "2026-02-15")
    books = extracts.books("DEF-DISPUTED-ONCE")
    books.invoice("INV1", "50000.00", "2026-01-01", due="2026-01-31")
    books.dispute("DSP1", "INV1", "40000.00", "2026-06-01", closed_on="2026-07-01")
    books.payment("R1", "INV1", "50000.00", "2026-07-16")

    # a change of terms before the due date moves the policy due date and not the original one
    books = extracts.books("DEF-AGREED")
    books.invoice("INV1", "50000.00", "2026-01-01", due="2026-01-31")
    books.extension("X1", "INV1", "50000.00", "2026-12-31", approved="2026-01-15")

    books = extracts.books("DEF-SISTER", intercompany_group="DEF")
    extracts.books("DEF-SISTER-2", intercompany_group="DEF")
    books.customer("C2", counterparty_company_code="DEF-SISTER-2")
    books.invoice("INV1", "50000.00", "2026-01-01", due="2026-01-31", customer_id="C2")

    books = extracts.books("DEF-TWICE")
    for number, (due, paid) in enumerate((("2025-01-31", "2025-06-01"), ("2026-01-31", "2026-06-01"))):
        books.invoice(f"INV{number}", "50000.00", "2025-01-01", due=due)
        books.payment(f"R{number}", f"INV{number}", "50000.00", paid)


def _spells(world: Warehouse, case: str) -> list[dict[str, Any]]:
    return world.query(
        "select * from marts.mart_customer_default where party_id like $1 order by spell_no",
        [f"DEF-{case}|%"],
    )


def test_a_customer_is_in_default_from_the_91st_day_past_the_original_due_date(world: Warehouse) -> None:
    for case in ("OPEN", "AGREED"):
        (spell,) = _spells(world, case)
        assert (spell["defaulted_on"], spell["first_reason"]) == (FIRST_DAY, "overdue")
        assert (spell["is_in_default"], spell["cured_on"], spell["reasons_ended_on"]) == (True, None, None)
        assert spell["largest_overdue_reporting"] == D("50000.00")


def test_less_than_the_floor_a_contested_amount_or_a_sister_is_no_default(world: Warehouse) -> None:
    assert [_spells(world, case) for case in ("SMALL", "DISPUTED", "SISTER")] == [[], [], []]


def test_t43_many_small_late_invoices_are_no_default_and_one_large_one_is(world: Warehouse) -> None:
    assert _spells(world, "MANY") == []
    assert [spell["first_reason"] for spell in _spells(world, "OPEN")] == ["overdue"]


def test_credits_absorb_the_oldest_and_default_is_cured_90_days_after_the_last_reason(
    world: Warehouse,
) -> None:
    (spell,) = _spells(world, "CREDITED")
    assert (spell["reasons_ended_on"], spell["cured_on"]) == (date(2026, 6, 10), date(2026, 9, 8))
    assert not spell["is_in_default"]


def test_a_reason_within_the_cure_goes_on_with_the_spell(world: Warehouse) -> None:
    # contested from 1 June to 1 July, paid on 16 July
    spells = [(spell["defaulted_on"], spell["cured_on"]) for spell in _spells(world, "DISPUTED-ONCE")]
    assert spells == [(FIRST_DAY, date(2026, 10, 14))]


def test_a_cured_customer_can_default_again(world: Warehouse) -> None:
    spells = _spells(world, "TWICE")
    assert [spell["defaulted_on"] for spell in spells] == [date(2025, 5, 2), FIRST_DAY]
    assert [spell["cured_on"] for spell in spells] == [date(2025, 8, 30), date(2026, 8, 30)]


def _told(extracts: Extracts) -> None:
    for case, kind, lifted in (
        ("INSOLVENT", "insolvency", None),
        ("LISTED", "dishonest_debtor", "2026-04-01"),
        ("DOWNGRADED", "external_rating", None),
    ):
        books = extracts.books(f"DEF-{case}")
        books.invoice("INV1", "10.00", "2026-01-01", due="2026-01-31")
        books.add(
            "credit_event", customer_id="C1", event_date="2026-03-01", source="court", kind=kind, value="told"
        )
        if lifted:
            books.add(
                "credit_event", customer_id="C1", event_date=lifted, source="court", kind=kind, value="lifted"
            )


def test_insolvency_and_a_listing_are_default_until_they_are_lifted(world: Warehouse) -> None:
    (insolvent,), (listed,) = _spells(world, "INSOLVENT"), _spells(world, "LISTED")
    assert (insolvent["defaulted_on"], insolvent["first_reason"]) == (date(2026, 3, 1), "insolvency")
    assert insolvent["is_in_default"]
    assert (listed["reasons_ended_on"], listed["cured_on"]) == (date(2026, 4, 1), date(2026, 6, 30))
    assert _spells(world, "DOWNGRADED") == []


def _written_off(extracts: Extracts) -> None:
    for case, amount, reason in (
        ("LOST", "25000.00", "uncollectible"),
        ("LOST-LITTLE", "19000.00", "uncollectible"),
        ("CHARGED", "25000.00", "bank charges"),
    ):
        books = extracts.books(f"DEF-{case}")
        books.invoice("INV1", "30000.00", "2026-05-01", due="2026-05-31")
        books.allocation("A1", amount, "2026-06-15", used="write_off", settles="document:INV1", reason=reason)
        books.payment("R1", "INV1", D("30000.00") - D(amount), "2026-06-20")


def test_a_credit_write_off_of_the_floor_is_default_on_its_day(world: Warehouse) -> None:
    (spell,) = _spells(world, "LOST")
    assert (spell["defaulted_on"], spell["first_reason"]) == (date(2026, 6, 15), "write_off")
    # 90 days with none: 16 June to 13 September
    assert spell["cured_on"] == date(2026, 9, 14)
    assert _spells(world, "LOST-LITTLE") == _spells(world, "CHARGED") == []


def _forborne(extracts: Extracts) -> None:
    for case, agreed in (
        ("LATE", ["2026-04-02"]),
        ("EARLY", ["2026-04-01"]),
        ("AGAIN", ["2026-01-15", "2026-02-15"]),
    ):
        books = extracts.books(f"DEF-{case}")
        books.invoice("INV1", "100.00", "2026-01-01", due="2026-01-31")
        for number, on in enumerate(agreed):
            books.extension(f"X{number}", "INV1", "100.00", f"2026-0{6 + number}-30", approved=on)
    # three lines of one plan are one agreement, 30 days past due
    books = extracts.books("DEF-PLAN")
    books.invoice("INV1", "300.00", "2026-01-01", due="2026-01-31")
    for number in range(3):
        books.add(
            "promise",
            promise_id=f"P{number}",
            customer_id="C1",
            document_id="INV1",
            made_on="2026-03-02",
            promised_date=f"2026-0{4 + number}-30",
            amount="100.00",
            kind="plan",
        )
    # a plan of the account, agreed when its oldest item was 61 days past due
    books = extracts.books("DEF-ACCOUNT-PLAN")
    books.invoice("INV1", "300.00", "2026-01-01", due="2026-01-31")
    books.add(
        "promise",
        promise_id="P1",
        customer_id="C1",
        made_on="2026-04-02",
        promised_date="2026-06-30",
        amount="300.00",
        kind="plan",
    )


@pytest.mark.parametrize(
    ("case", "defaulted_on"),
    [
        # 31 January + 61 days
        ("LATE", date(2026, 4, 2)),
        ("EARLY", None),
        ("AGAIN", date(2026, 2, 15)),
        ("PLAN", None),
        ("ACCOUNT-PLAN", date(2026, 4, 2)),
    ],
)
def test_forbearance_is_an_agreement_more_than_60_days_late_or_a_second_one(
    world: Warehouse, case: str, defaulted_on: date | None
) -> None:
    spells = _spells(world, case)
    assert [spell["defaulted_on"] for spell in spells] == ([defaulted_on] if defaulted_on else [])
    assert all(spell["has_forbearance"] and not spell["has_overdue"] for spell in spells)


def _bills(extracts: Extracts) -> None:
    for case, method, cash in (
        ("BILL", "commercial_acceptance", None),
        ("BILL-LATE", "commercial_acceptance", "2026-11-20"),
        ("BILL-REPLACED", "commercial_acceptance", "2026-11-09"),
        ("BANK-BILL", "bank_acceptance", None),
    ):
        books = extracts.books(f"DEF-{case}", country="CN")
        books.invoice("INV1", "10000.00", "2026-02-01", due="2026-03-31")
        books.bill("R1", "10000.00", "2026-04-01", matures="2026-10-30", method=method, acceptor="Jiangbei")
        books.allocation("A1", "10000.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
        books.bill_event("R1", "dishonoured", "10000.00", "2026-11-02")
        if cash:
            books.payment("R2", "INV1", "10000.00", cash)


def test_a_company_s_bill_that_is_not_replaced_within_5_business_days_is_default(world: Warehouse) -> None:
    # dishonoured on Monday 2 November: the fifth business day after is Monday 9 November
    (spell,) = _spells(world, "BILL")
    assert (spell["defaulted_on"], spell["first_reason"]) == (date(2026, 11, 10), "dishonoured_bill")
    assert spell["is_in_default"]
    (spell,) = _spells(world, "BILL-LATE")
    assert (spell["defaulted_on"], spell["reasons_ended_on"]) == (date(2026, 11, 10), date(2026, 11, 20))
    assert _spells(world, "BILL-REPLACED") == _spells(world, "BANK-BILL") == []
