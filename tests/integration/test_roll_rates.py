"""Roll rates 迁徙率: the worked figures of policy.md section 6 and accounting.md E1, E5, E6, E11.

Belongs here: what became of amounts, on mart_roll_rate. Must not: what is expected to be lost (test_credit_loss.py).

The newest pair runs from 1 to 31 December; what is due on 15 November is 16 days past due at its beginning.
"""

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.conftest import ROWS_PER_SLICE
from tests.kit import D, Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.provision import add_policy
from tests.kit.scenarios import load_scenarios
from tests.kit.shared import needs_shared

BILLED, LATE = "2026-10-15", "2026-11-15"
PARTS = ("still_open", "open_as_bill", "written_off", "diluted", "set_off", "paid", "other")


def build_world(extracts: Extracts) -> None:
    for case, build in CASES.items():
        books = extracts.books(f"ROLL-{case}")
        books.invoice("INV1", "100.00", BILLED, due=LATE)
        build(books)
    _not_due(extracts)
    _left_out(extracts)
    _cohort(extracts)
    _several_currencies(extracts)


def _pay(books: Books, amount: str, on: str = "2026-12-10") -> None:
    books.payment("R1", "INV1", amount, on)


def _dilution(books: Books) -> None:
    _pay(books, "40.00")
    books.credit_note("CN1", "25.00", "2026-12-12")
    books.allocation("A2", "25.00", "2026-12-12", used="credit_note:CN1", settles="document:INV1")


def _written_off(books: Books) -> None:
    _pay(books, "30.00")
    books.allocation("A2", "20.00", "2026-12-12", used="write_off", settles="document:INV1")


def _charges(books: Books) -> None:
    _pay(books, "95.00")
    books.allocation(
        "A2", "5.00", "2026-12-12", used="write_off", settles="document:INV1", reason="Bank charges"
    )


def _set_off(books: Books) -> None:
    _pay(books, "30.00")
    books.allocation("A2", "40.00", "2026-12-12", used="offset:payables", settles="document:INV1")


def _recovered(books: Books) -> None:
    books.allocation("A1", "60.00", "2026-12-05", used="write_off", settles="document:INV1")
    books.allocation(
        "A2",
        "60.00",
        "2026-12-20",
        used="write_off",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="A1",
    )
    _pay(books, "60.00", "2026-12-20")


def _unapplied(books: Books) -> None:
    _pay(books, "40.00", "2026-12-05")
    books.allocation(
        "A2",
        "40.00",
        "2026-12-20",
        used="receipt:R1",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="A-R1",
    )


def _bills(books: Books) -> None:
    for number, amount, method, acceptor in (
        ("B1", "60.00", "commercial_acceptance", "Jiangbei"),
        ("B2", "20.00", "bank_acceptance", "招商银行苏州分行"),
    ):
        books.bill(number, amount, "2026-12-10", matures="2027-03-31", method=method, acceptor=acceptor)
        books.allocation(
            f"A-{number}", amount, "2026-12-10", used=f"receipt:{number}", settles="document:INV1"
        )


def _honoured(books: Books) -> None:
    books.bill(
        "B1", "100.00", "2026-12-05", matures="2026-12-20", method="commercial_acceptance", acceptor="J"
    )
    books.allocation("A1", "100.00", "2026-12-05", used="receipt:B1", settles="document:INV1")
    books.bill_event("B1", "honoured", "70.00", "2026-12-20")


def _held_before(books: Books) -> None:
    """A bill of before the pair, passed on with recourse in it."""
    books.bill(
        "B1", "100.00", "2026-11-20", matures="2027-03-31", method="commercial_acceptance", acceptor="J"
    )
    books.allocation("A1", "100.00", "2026-11-20", used="receipt:B1", settles="document:INV1")
    books.bill_event("B1", "endorsed", "30.00", "2026-12-10", with_recourse=True)
    books.bill_event("B1", "discounted", "20.00", "2026-12-10", with_recourse=False)


def _disputed(books: Books) -> None:
    books.add("dispute", dispute_id="D1", document_id="INV1", opened_on="2026-12-01", amount="10.00")


def _reissued(books: Books) -> None:
    """Credited, and 80 of it billed again with a later due date."""
    books.credit_note("CN1", "100.00", "2026-12-10")
    books.allocation("A1", "100.00", "2026-12-10", used="credit_note:CN1", settles="document:INV1")
    books.invoice("INV2", "80.00", "2026-12-10", due="2027-02-10", replaces_document_id="INV1")


CASES: dict[str, Any] = {
    "DILUTED": _dilution,
    "WRITTEN-OFF": _written_off,
    "CHARGES": _charges,
    "SET-OFF": _set_off,
    "RECOVERED": _recovered,
    "UNAPPLIED": _unapplied,
    "BILLS": _bills,
    "HONOURED": _honoured,
    "HELD": _held_before,
    "DISPUTED": _disputed,
    "REISSUED": _reissued,
    "EXTENDED": lambda books: books.extension("X1", "INV1", "100.00", "2027-01-31", approved="2026-12-05"),
    "AGREED": lambda books: books.extension("X1", "INV1", "100.00", "2027-01-31", approved="2026-11-10"),
}


def _row(world: Warehouse, case: str, *, bucket: str = "1-30", pair: int = 1, level: str = "company") -> Any:
    rows = world.query(
        "select * from marts.mart_roll_rate where company_code = $1 and bucket = $2 and pair_no = $3 and level = $4",
        [f"ROLL-{case}", bucket, pair, level],
    )
    return rows[0] if rows else None


@pytest.mark.parametrize(
    ("case", "parts", "roll", "dilution"),
    [
        # accounting E6: 100, 40 paid, 25 credited, 35 rolled
        ("DILUTED", {"still_open": "35.00", "diluted": "25.00", "paid": "40.00"}, "0.35", "0.25"),
        # domain.md: 100 -> 50 left after 20 of the fall written off is 70 %, not 50 %
        ("WRITTEN-OFF", {"still_open": "50.00", "written_off": "20.00", "paid": "30.00"}, "0.70", "0"),
        # a bank charge is no credit loss
        ("CHARGES", {"paid": "95.00", "other": "5.00"}, "0", "0"),
        # 30 of the 60 that were not set off
        ("SET-OFF", {"still_open": "30.00", "set_off": "40.00", "paid": "30.00"}, "0.5", "0"),
        ("RECOVERED", {"still_open": "40.00", "paid": "60.00"}, "0.4", "0"),
        ("UNAPPLIED", {"still_open": "100.00"}, "1", "0"),
        # a company's bill is open until it is honoured, a bank's is as good as paid
        ("BILLS", {"still_open": "20.00", "open_as_bill": "60.00", "paid": "20.00"}, "0.8", "0"),
        ("HONOURED", {"open_as_bill": "30.00", "paid": "70.00"}, "0.3", "0"),
        ("HELD", {"still_open": "80.00", "paid": "20.00"}, "0.8", "0"),
        ("DISPUTED", {"still_open": "100.00"}, "1", "0"),
        # accounting A16: a due date is not reset by billing again
        ("REISSUED", {"still_open": "80.00", "diluted": "20.00"}, "0.8", "0.2"),
        # accounting E11: on the original due date
        ("EXTENDED", {"still_open": "100.00"}, "1", "0"),
        ("AGREED", {"still_open": "100.00"}, "1", "0"),
    ],
)
def test_what_became_of_100_that_were_16_days_past_due(
    world: Warehouse, case: str, parts: dict[str, str], roll: str, dilution: str
) -> None:
    row = _row(world, case)
    assert {part: row[f"{part}_reporting"] for part in PARTS} == {
        part: D(parts.get(part, "0.00")) for part in PARTS
    }
    assert (row["amount_reporting"], row["roll_rate"], row["dilution_rate"]) == (
        D("100.00"),
        D(roll),
        D(dilution),
    )
    assert (row["observation_count"], str(row["start_day"]), str(row["end_day"])) == (
        1,
        "2026-12-01",
        "2026-12-31",
    )


def _not_due(extracts: Extracts) -> None:
    books = extracts.books("ROLL-NOT-DUE")
    books.invoice("INV1", "100.00", BILLED, due="2026-12-15")
    books.invoice("INV2", "100.00", BILLED, due="2027-02-15")
    _pay(books, "70.00", "2026-12-20")
    # due on the last day: not overdue on it, so it has not rolled
    books.invoice("INV3", "500.00", BILLED, due="2026-12-31")


def test_e1_of_what_is_not_due_only_that_counts_which_falls_due_within_the_step(world: Warehouse) -> None:
    row = _row(world, "NOT-DUE", bucket="not_due")
    # stock 200, due 100, left open 30: 30 %, not 15 %
    assert (row["amount_reporting"], row["still_open_reporting"], row["roll_rate"]) == (
        D("100.00"),
        D("30.00"),
        D("0.3"),
    )


def _left_out(extracts: Extracts) -> None:
    books = extracts.books("ROLL-OUT", intercompany_group="ROLL", customers=("C1", "DECIDED"))
    extracts.books("ROLL-SISTER", intercompany_group="ROLL")
    books.customer("SISTER", counterparty_company_code="ROLL-SISTER")
    books.customer("COURT", status="legal")
    add_policy(
        extracts,
        "policy_individual_assessment",
        company_code="ROLL-OUT",
        customer_id="DECIDED",
        loss_rate="0.6",
        reason="estate",
        method="present value",
    )
    for customer in ("SISTER", "DECIDED", "COURT"):
        books.invoice(f"INV-{customer}", "100.00", BILLED, due=LATE, customer_id=customer)
    # written off before the pair begins
    books.invoice("GONE", "100.00", BILLED, due=LATE)
    books.allocation("A1", "100.00", "2026-11-30", used="write_off", settles="document:GONE")
    books.opening_balance("AGELESS", "100.00", "2026-10-01", due=None)


def test_e5_e11_sisters_individually_assessed_customers_and_what_is_gone_have_no_history(
    world: Warehouse,
) -> None:
    assert _row(world, "OUT") is None


def _cohort(extracts: Extracts) -> None:
    """100,000 that fall due in one step; what is left of it after each is paid down."""
    books = extracts.books("ROLL-COHORT")
    books.invoice("INV1", "100000.00", "2026-07-01", due="2026-08-15")
    # 30-day steps end on 2 September, 2 October, 1 November and 1 December
    for number, (amount, on) in enumerate(
        (
            ("50000.00", "2026-08-20"),
            ("27000.00", "2026-09-20"),
            ("15000.00", "2026-10-20"),
            ("6000.00", "2026-11-20"),
        )
    ):
        books.payment(f"R{number}", "INV1", amount, on)


@pytest.mark.shared
@needs_shared("oracles", "scenarios")
def test_roll_rates_of_a_published_cohort(world: Warehouse) -> None:
    scenario = next(s for s in load_scenarios(kinds=("metrics",)) if "sales_vintage" in s.name)
    published = next(f for f in scenario.expected["metrics"] if f["metric"] == "roll_rates")
    rows = [_row(world, "COHORT", bucket=bucket, pair=0) for bucket in ("not_due", "1-30", "31-60", "61-90")]
    assert [row["amount_reporting"] for row in rows] == [
        D(amount) + 0 for amount in published["balances"][:-1]
    ]
    for row, rate in zip(rows, published["rates"], strict=True):
        assert (row["roll_rate"] * 100).quantize(D(rate)) == D(rate)
    product = rows[0]["roll_rate"] * rows[1]["roll_rate"] * rows[2]["roll_rate"] * rows[3]["roll_rate"]
    assert (product * 100).quantize(D("0.1")) == D(published["product_percent"])


def test_sums_over_sums_and_not_a_mean_of_ratios(world: Warehouse) -> None:
    rows = world.query(
        "select pair_no, numerator_reporting, denominator_reporting, roll_rate, pair_count from marts.mart_roll_rate"
        " where company_code = 'ROLL-COHORT' and bucket = '1-30' and level = 'segment' and variant = 'monthly_30'"
        " order by pair_no"
    )
    pairs = [row for row in rows if row["pair_no"]]
    assert rows[0]["pair_count"] == len(pairs) == 1
    assert rows[0]["numerator_reporting"] == sum((row["numerator_reporting"] for row in pairs), Decimal(0))


def _several_currencies(extracts: Extracts) -> None:
    books = extracts.books("ROLL-FX")
    for day, rate in (("2026-10-15", "6.00"), ("2026-12-01", "8.00"), ("2026-12-31", "7.00")):
        books.add(
            "fx_rate", rate_date=day, from_currency="USD", to_currency="CNY", rate=rate, rate_type="closing"
        )
    books.invoice("INV1", "100.00", BILLED, due=LATE)
    books.invoice("INV2", "100.00", BILLED, due=LATE, currency="USD", functional_amount="600.00")
    books.payment("R1", "INV2", "50.00", "2026-12-10", currency="USD")


def test_an_exchange_rate_rolls_nothing(world: Warehouse) -> None:
    row = _row(world, "FX")
    # both days at the rate of 31 December: 100 + 700, of which 350 are paid
    assert (row["amount_reporting"], row["paid_reporting"]) == (D("800.00"), D("350.00"))
    assert row["roll_rate"] == D("0.5625")


def test_the_item_behind_a_rate_with_what_became_of_it(world: Warehouse) -> None:
    (row,) = world.query(
        "select * from marts.mart_roll_rate_item where company_code = 'ROLL-DILUTED' and pair_no = 1"
    )
    assert (row["open_item_id"], row["bucket"], str(row["start_day"]), str(row["end_day"])) == (
        "ROLL-DILUTED|D|INV1|1",
        "1-30",
        "2026-12-01",
        "2026-12-31",
    )
    # 100, of which 40 paid and 25 credited
    assert {part: row[f"{part}_document"] for part in PARTS if row[f"{part}_document"]} == {
        "still_open": D("35.00"),
        "diluted": D("25.00"),
        "paid": D("40.00"),
    }
    assert row["amount_document"] == D("100.00")


def test_the_items_of_the_newest_pairs_are_all_that_their_rates_count(world: Warehouse) -> None:
    """Every part of every row of a segment from its items, at the rates of the as-of date, and not a row more."""
    sums = ",\n".join(
        f"sum(cast(round(item.{part}_document * rate.rate_to_reporting, 2) as decimal(18, 2))) as {part}"
        for part in PARTS
    )
    documents = ", ".join(f"sum({part}_document) as {part}_document" for part in PARTS)
    rows = world.query(f"""
with item as (
    select company_code, segment, bucket, pair_no, currency, as_of_date, count(*) as item_count,
        sum(amount_document) as amount_document, {documents}
    from marts.mart_roll_rate_item
    group by company_code, segment, bucket, pair_no, currency, as_of_date
),
told as (
    select item.company_code, segment, bucket, pair_no, sum(item_count) as observation_count, {sums}
    from item
    left join marts.fct_closing_rate as rate
        on item.company_code = rate.company_code and item.currency = rate.currency and item.as_of_date = rate.day
    group by item.company_code, segment, bucket, pair_no
)
select roll.pair_no as rolled_pair_no, told.pair_no, roll.observation_count - told.observation_count as apart,
    -- what has no rate is counted and is no amount
    {", ".join(f"roll.{part}_reporting - coalesce(told.{part}, 0) as {part}" for part in PARTS)}
from (
    select * from marts.mart_roll_rate
    where variant = 'monthly_30' and level = 'segment' and pair_no between 1 and 12
) as roll
full outer join told
    on roll.company_code = told.company_code and roll.segment = told.segment and roll.bucket = told.bucket
        and roll.pair_no = told.pair_no""")
    # the cohort alone is seen in four buckets
    assert len(rows) > 15
    assert {row["pair_no"] for row in rows} >= {1, 2, 3, 4}
    for row in rows:
        assert row["pair_no"] == row["rolled_pair_no"]
        assert [row["apart"], *(row[part] for part in PARTS)] == [0] * (1 + len(PARTS))


def test_the_world_is_followed_in_slices(world: Warehouse) -> None:
    """Else these figures would say nothing of a company that does not fit into memory."""
    rows = world.query("select count(*) as n from marts.fct_open_item_balance")[0]["n"]
    assert rows > 2 * ROWS_PER_SLICE
