"""What is left of a quarter's bills by days after they fell due: DECISIONS 49 in figures worked by hand.

Belongs here: mart_unpaid_vintage. Must not: roll rates (test_roll_rates.py), write-offs as losses (test_allowance.py).

WORLD_DAY is 2026-12-31. What is due on 2 September has come 120 days by then: steps 0 to 4.
"""

from decimal import Decimal
from typing import Any

from tests.kit import D, Extracts, Warehouse

BILLED, DUE = "2026-07-15", "2026-09-02"


def build_world(extracts: Extracts) -> None:
    _ripening(extracts)
    _unpaid(extracts)
    _left_out(extracts)


def _ripening(extracts: Extracts) -> None:
    """100 due on 2 September, 40 paid on day 30 and 20 on day 31; 300 due on 1 December, paid 10 days before."""
    books = extracts.books("VINTAGE-RIPE")
    books.invoice("INV1", "100.00", BILLED, due=DUE)
    books.payment("R1", "INV1", "40.00", "2026-10-02")
    books.payment("R2", "INV1", "20.00", "2026-10-03")
    books.invoice("INV2", "300.00", "2026-09-30", due="2026-12-01")
    books.payment("R3", "INV2", "300.00", "2026-11-21")
    # the next quarter, and not due yet: 50 of its 250 have come as far as their due date
    books.invoice("INV3", "50.00", "2026-10-01", due="2026-12-31")
    books.invoice("INV4", "200.00", "2026-10-02", due="2027-01-01")


def _unpaid(extracts: Extracts) -> None:
    """100 of which 30 are written off on day 40 and 70 paid on day 70; bank charges are not a loss."""
    books = extracts.books("VINTAGE-LOST")
    books.invoice("INV1", "100.00", BILLED, due=DUE)
    books.allocation("A1", "30.00", "2026-10-12", used="write_off", settles="document:INV1")
    books.payment("R1", "INV1", "65.00", "2026-11-11")
    books.allocation(
        "A2", "5.00", "2026-11-11", used="write_off", settles="document:INV1", reason="Bank charges"
    )
    # booked 45 days after it was due: it enters with step 2
    books.invoice("INV2", "10.00", "2026-08-15", due="2026-07-01")


def _left_out(extracts: Extracts) -> None:
    books = extracts.books("VINTAGE-OUT")
    books.invoice("INV1", "100.00", BILLED, due=DUE)
    books.credit_note("CN1", "25.00", "2026-08-01")
    books.payment("R1", None, "10.00", "2026-08-01")
    # the warranty's part is due when it ends
    books.invoice("INV3", "60.00", "2026-08-01", due=DUE)
    books.instalment("INV3", 1, "50.00", DUE)
    books.instalment("INV3", 2, "10.00", "2026-12-01", kind="retention", unconditional_on="2026-11-01")
    # nothing of the next quarter is due
    books.invoice("INV2", "80.00", "2026-10-05", due="2027-02-01")


def _steps(world: Warehouse, case: str, quarter: str) -> dict[int, tuple[Any, ...]]:
    rows = world.query(
        f"""
select step_no, reached_reporting, unpaid_reporting, written_off_reporting, item_count, is_ripe, billed_reporting
from marts.mart_unpaid_vintage
where company_code = 'VINTAGE-{case}' and quarter_start = date '{quarter}'
order by step_no"""
    )
    return {row["step_no"]: tuple(list(row.values())[1:]) for row in rows}


def test_a_step_speaks_of_the_items_that_have_come_that_far(world: Warehouse) -> None:
    steps = _steps(world, "RIPE", "2026-07-01")
    zero, billed = D("0.00"), D("400.00")
    assert steps == {
        # 300 due on 1 December was paid before; a payment on day 30 is in time for step 1, one on day 31 is not
        0: (billed, D("100.00"), zero, 2, True, billed),
        1: (billed, D("60.00"), zero, 2, True, billed),
        2: (D("100.00"), D("40.00"), zero, 1, False, billed),
        3: (D("100.00"), D("40.00"), zero, 1, False, billed),
        4: (D("100.00"), D("40.00"), zero, 1, False, billed),
    }


def test_a_young_quarter_rests_on_what_is_due(world: Warehouse) -> None:
    assert _steps(world, "RIPE", "2026-10-01") == {
        0: (D("50.00"), D("50.00"), D("0.00"), 1, False, D("250.00"))
    }


def test_a_quarter_of_which_nothing_is_due_says_what_it_billed_and_no_rate(world: Warehouse) -> None:
    assert _steps(world, "OUT", "2026-10-01") == {0: (D("0.00"), D("0.00"), D("0.00"), 0, False, D("80.00"))}
    rows = world.query(
        "select unpaid_rate, reason_when_null from marts.mart_unpaid_vintage"
        " where company_code = 'VINTAGE-OUT' and quarter_start = date '2026-10-01'"
    )
    assert rows == [{"unpaid_rate": None, "reason_when_null": "denominator_not_positive"}]


def test_what_is_written_off_is_unpaid_and_bank_charges_are_not(world: Warehouse) -> None:
    steps = {step: row[:4] for step, row in _steps(world, "LOST", "2026-07-01").items()}
    zero = D("0.00")
    assert steps == {
        0: (D("100.00"), D("100.00"), zero, 1),
        1: (D("100.00"), D("100.00"), zero, 1),
        2: (D("110.00"), D("110.00"), D("30.00"), 2),
        3: (D("110.00"), D("40.00"), D("30.00"), 2),
        4: (D("110.00"), D("40.00"), D("30.00"), 2),
        # only what was due on 1 July has come 150 days
        5: (D("10.00"), D("10.00"), zero, 1),
        6: (D("10.00"), D("10.00"), zero, 1),
    }


def test_rates_are_shares_of_what_came_so_far(world: Warehouse) -> None:
    (row,) = world.query(
        "select unpaid_rate, open_reporting from marts.mart_unpaid_vintage"
        " where company_code = 'VINTAGE-LOST' and step_no = 3"
    )
    assert (row["unpaid_rate"], row["open_reporting"]) == (Decimal("0.363636364"), D("10.00"))


def test_credits_payments_and_retention_are_no_vintage(world: Warehouse) -> None:
    rows = world.query(
        "select max(billed_reporting) as billed, max(item_count) as item_count"
        " from marts.mart_unpaid_vintage where company_code = 'VINTAGE-OUT' and step_no = 4"
    )
    assert rows == [{"billed": D("150.00"), "item_count": 2}]


def test_the_items_of_a_step_are_what_is_open_and_written_off_of_them(world: Warehouse) -> None:
    rows = world.query(
        """
select open_item_id, due_date, sum(open_document) as opened, sum(written_off_document) as written_off
from marts.mart_unpaid_vintage_item
where company_code = 'VINTAGE-LOST' and from_step <= 2 and until_step > 2
group by open_item_id, due_date
order by open_item_id"""
    )
    # on day 60 of 100 are 30 written off and 70 open; what was due on 1 July was booked after day 30 and is open
    assert [(row["open_item_id"].split("|")[2], row["opened"], row["written_off"]) for row in rows] == [
        ("INV1", D("70.00"), D("30.00")),
        ("INV2", D("10.00"), D("0.00")),
    ]


def test_the_items_of_every_step_are_all_that_it_counts(world: Warehouse) -> None:
    rows = world.query("""
with item as (
    select step.step_no, item.company_code, item.deal_nature, item.is_intragroup, item.quarter_start, item.currency,
        item.as_of_date, sum(open_document) as opened, sum(written_off_document) as written_off
    from marts.mart_unpaid_vintage_item as item
    inner join (select distinct step_no from marts.mart_unpaid_vintage) as step
        on item.from_step <= step.step_no and item.until_step > step.step_no
    group by all
),
told as (
    select item.step_no, item.company_code, item.deal_nature, item.is_intragroup, item.quarter_start,
        sum(cast(round(opened * rate_to_reporting, 2) as decimal(18, 2))) as opened,
        sum(cast(round(written_off * rate_to_reporting, 2) as decimal(18, 2))) as written_off
    from item
    left join marts.fct_closing_rate as rate
        on item.company_code = rate.company_code and item.currency = rate.currency and item.as_of_date = rate.day
    group by all
)
select vintage.open_reporting, vintage.written_off_reporting, told.opened, told.written_off, told.step_no
from (select * from marts.mart_unpaid_vintage where unpaid_reporting != 0) as vintage
full outer join told using (step_no, company_code, deal_nature, is_intragroup, quarter_start)""")
    assert len(rows) > 10
    for row in rows:
        assert (row["open_reporting"] or 0, row["written_off_reporting"] or 0) == (
            row["opened"] or 0,
            row["written_off"] or 0,
        )
