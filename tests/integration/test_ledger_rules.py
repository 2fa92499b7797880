"""Ledger rules L2-L8 where a single delivery shows them, with figures by hand.

Belongs here: orphans, over-allocation, instalment plans, cross-currency matches, reversals, carrying amounts. Must not:
worked examples of accounting.md and traps, which have modules of their own.
"""

from datetime import date
from decimal import Decimal

from tests.kit import D, Extracts, Warehouse


def build_world(extracts: Extracts) -> None:
    _orphans(extracts)
    _over_allocation(extracts)
    _broken_plan(extracts)
    _cross_currency(extracts)
    _cross_customer(extracts)
    _over_reversal(extracts)
    _carrying_share(extracts)
    _thirds(extracts)
    _source_differences(extracts)
    _excess_on_a_plan(extracts)
    _allocation_of_nothing(extracts)


def _orphans(extracts: Extracts) -> None:
    books = extracts.books("L02")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.receipt("R1", "100.00", "2026-03-10")
    books.allocation("A1", "40.00", "2026-03-10", used="receipt:R1", settles="document:MISSING")
    books.allocation("A2", "30.00", "2026-03-10", used="receipt:MISSING", settles="document:INV1")
    stranger = extracts.books("L02X")
    stranger.allocation("A1", "30.00", "2026-03-10", used="receipt:R1", settles="document:INV1")


def test_l02_an_allocation_with_a_missing_item_has_no_leg_at_all_and_is_listed(world: Warehouse) -> None:
    assert world.open_amounts("2026-03-31", company="L02") == {"INV1": D("100.00"), "R1": D("-100.00")}
    assert [row["record_id"] for row in world.findings("orphan_allocation", company="L02")] == ["A1", "A2"]


def test_l07_an_allocation_reaches_no_item_of_another_company(world: Warehouse) -> None:
    assert [row["record_id"] for row in world.findings("orphan_allocation", company="L02X")] == ["A1"]


def _over_allocation(extracts: Extracts) -> None:
    books = extracts.books("L05")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.payment("R1", "INV1", "130.00", "2026-04-10")


def test_l05_an_allocation_larger_than_its_item_is_booked_in_full_and_flagged(world: Warehouse) -> None:
    assert world.open_amounts("2026-04-30", company="L05") == {"INV1": D("-30.00")}
    assert world.aging("2026-04-30", company="L05") == {"unapplied": D("-30.00")}
    assert world.findings("over_allocation", company="L05") != []


def _broken_plan(extracts: Extracts) -> None:
    books = extracts.books("L04")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-05-31")
    books.instalment("INV1", 1, "60.00", "2026-03-31")
    books.instalment("INV1", 2, "39.00", "2026-04-30")


def test_l04_a_plan_that_does_not_sum_to_its_document_is_set_aside(world: Warehouse) -> None:
    items = world.open_items("2026-04-30", company="L04")
    assert [(item.document, item.due_date) for item in items] == [(D("100.00"), date(2026, 5, 31))]
    assert world.findings("instalment_sum", company="L04") != []


def _excess_on_a_plan(extracts: Extracts) -> None:
    books = extracts.books("L04E")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-05-31")
    books.instalment("INV1", 1, "60.00", "2026-04-30")
    books.instalment("INV1", 2, "40.00", "2026-03-31")  # due first, though numbered second
    books.payment("R1", "INV1", "45.00", "2026-03-10")
    books.payment("R2", "INV1", "65.00", "2026-03-20")


def test_l04_cash_fills_the_earliest_due_part_and_an_excess_goes_to_the_last(world: Warehouse) -> None:
    # 45: 40 on the part due 31 Mar, 5 on the other
    assert world.open_amounts("2026-03-10", company="L04E") == {"INV1": D("55.00")}
    # 110 on 100: the last part in order of due date turns negative
    assert world.open_amounts("2026-03-20", company="L04E") == {"INV1": D("-10.00")}


def _cross_currency(extracts: Extracts) -> None:
    books = extracts.books("L07")
    books.invoice(
        "INV1", "100.00", "2026-03-01", due="2026-03-31", currency="EUR", functional_amount="780.00"
    )
    books.receipt("R1", "110.00", "2026-04-01", currency="USD", functional_amount="770.00")
    books.allocation(
        "A1", "100.00", "2026-04-01", used="receipt:R1", settles="document:INV1", from_amount="110.00"
    )
    books.invoice("INV2", "50.00", "2026-03-01", due="2026-03-31", currency="EUR", functional_amount="390.00")
    books.receipt("R2", "55.00", "2026-04-01", currency="USD", functional_amount="385.00")
    books.allocation("A2", "50.00", "2026-04-01", used="receipt:R2", settles="document:INV2")


def test_l07_a_match_across_currencies_relieves_each_side_in_its_own(world: Warehouse) -> None:
    amounts = world.open_amounts("2026-04-01", company="L07")
    assert (amounts.get("INV1"), amounts.get("R1")) == (None, None)
    differences = world.movements(company="L07", item="INV1", kind="fx_difference")
    # 780 carried, 770 received
    assert [m.functional for m in differences] == [D("-10.00")]


def test_l07_a_match_across_currencies_without_the_used_amount_is_set_aside_and_listed(
    world: Warehouse,
) -> None:
    amounts = world.open_amounts("2026-04-01", company="L07")
    assert (amounts["INV2"], amounts["R2"]) == (D("50.00"), D("-55.00"))
    assert [row["record_id"] for row in world.findings("missing_from_amount", company="L07")] == ["A2"]


def _cross_customer(extracts: Extracts) -> None:
    books = extracts.books("L07C", customers=("C1", "C2"))
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.receipt("R1", "150.00", "2026-04-01", customer_id="C2")
    books.allocation("A1", "100.00", "2026-04-01", used="receipt:R1", settles="document:INV1")


def test_l07_each_leg_of_a_match_across_customers_stays_with_its_own_item(world: Warehouse) -> None:
    legs = world.query(
        "select customer_id, cast(sum(amount_document) as decimal(18, 2)) as amount"
        " from marts.fct_receivable_movement where company_code = 'L07C' group by customer_id order by customer_id"
    )
    assert [tuple(row.values()) for row in legs] == [("C1", D("0.00")), ("C2", D("-50.00"))]


def _over_reversal(extracts: Extracts) -> None:
    books = extracts.books("L08")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.receipt("R1", "50.00", "2026-03-10")
    books.allocation("A1", "50.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
    books.allocation(
        "REV1",
        "80.00",
        "2026-03-20",
        used="receipt:R1",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="A1",
    )


def test_l08_a_reversal_acts_no_earlier_than_what_it_reverses_and_an_excess_is_an_error(
    world: Warehouse,
) -> None:
    # keyed for 20 March, but what it undoes is of 1 April: nothing happens before
    assert world.open_amounts("2026-03-31", company="L08") == {"INV1": D("100.00"), "R1": D("-50.00")}
    assert world.open_amounts("2026-04-01", company="L08") == {"INV1": D("130.00"), "R1": D("-80.00")}
    assert world.findings("reversal_exceeds_allocation", company="L08") != []


def _functional_by_kind(world: Warehouse, company: str, item: str) -> dict[str, Decimal]:
    kinds: dict[str, Decimal] = {}
    for movement in world.movements(company=company, item=item):
        kinds[movement.kind] = kinds.get(movement.kind, D(0)) + (movement.functional or D(0))
    return kinds


def _carrying_share(extracts: Extracts) -> None:
    books = extracts.books("L06")
    books.invoice(
        "INV1", "100.00", "2026-03-01", due="2026-03-31", currency="USD", functional_amount="700.00"
    )
    books.payment("R1", "INV1", "90.00", "2026-03-20", currency="USD", functional_amount="639.00")
    books.allocation("D1", "10.00", "2026-03-20", used="discount", settles="document:INV1")


def test_l06_a_discount_is_one_leg_at_the_carrying_share_without_exchange_difference(
    world: Warehouse,
) -> None:
    # 10 % of 700 is discounted; 639 received for 630 carried: a gain of 9
    assert _functional_by_kind(world, "L06", "INV1") == {
        "billed": D("700.00"),
        "cash": D("-639.00"),
        "discount": D("-70.00"),
        "fx_difference": D("9.00"),
    }


def _thirds(extracts: Extracts) -> None:
    books = extracts.books("L06T")
    books.invoice("INV1", "3.00", "2026-03-01", due="2026-03-31", currency="USD", functional_amount="20.00")
    for number, day in enumerate(("2026-03-10", "2026-03-20", "2026-03-30"), start=1):
        books.payment(f"R{number}", "INV1", "1.00", day, currency="USD", functional_amount="7.00")


def test_l06_thirds_are_rounded_on_what_is_left_and_not_leg_by_leg(world: Warehouse) -> None:
    # 20 in thirds: 13.33 and 6.67 are left, then nothing; three legs of 6.67 each would take a cent too much
    days = ("2026-03-10", "2026-03-20")
    assert [world.open_functional(day, company="L06T")["INV1"] for day in days] == [D("13.33"), D("6.67")]
    assert world.open_items("2026-03-30", company="L06T") == []
    differences = world.movements(company="L06T", item="INV1", kind="fx_difference")
    # 7.00 received each time, for 6.67, 6.66 and 6.67
    assert [m.functional for m in differences] == [D("0.33"), D("0.34"), D("0.33")]


def _source_differences(extracts: Extracts) -> None:
    books = extracts.books("L06S")
    books.invoice(
        "INV1", "100.00", "2026-03-01", due="2026-03-31", currency="USD", functional_amount="720.00"
    )
    books.payment("R1", "INV1", "100.00", "2026-04-20", currency="USD", functional_amount="705.00")
    books.allocation(
        "FX1", "0.00", "2026-04-20", used="fx_difference", settles="document:INV1", functional_amount="15.00"
    )


def test_l06_an_exchange_difference_of_the_source_counts_first_and_only_the_rest_is_derived(
    world: Warehouse,
) -> None:
    kinds = _functional_by_kind(world, "L06S", "INV1")
    assert kinds == {"billed": D("720.00"), "cash": D("-705.00"), "fx_difference": D("-15.00")}
    assert world.open_items("2026-04-20", company="L06S") == []


def _allocation_of_nothing(extracts: Extracts) -> None:
    books = extracts.books("L06N")
    usd = {"currency": "USD"}
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31", functional_amount="720.00", **usd)
    books.receipt("R1", "100.00", "2026-03-10", functional_amount="705.00", **usd)
    books.allocation("A1", "0.00", "2026-03-10", used="receipt:R1", settles="document:INV1")


def test_l06_an_allocation_of_nothing_leaves_both_items_valued(world: Warehouse) -> None:
    assert world.open_functional("2026-12-31", company="L06N") == {"INV1": D("720.00"), "R1": D("-705.00")}
    assert world.findings("missing_rate", company="L06N") == []
