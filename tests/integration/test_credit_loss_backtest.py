"""What the provision would have said a year ago, against what came: policy.md section 6 point 7, accounting.md E10.

Belongs here: mart_credit_loss_backtest. Must not: how rates come about (test_credit_loss.py), what is expected today.

The as-of date is 31 December 2026, so the prediction is of 31 December 2025. What was posted after 1 December 2025 had
been through no step of 30 days by then: its rate was the policy's, 5.4 % for 1 to 30 days of a retail chain.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.kit import D, Extracts, SourcePlan, Warehouse
from tests.kit.extracts import Books
from tests.kit.provision import add_policy, set_parameter, set_rates
from tests.kit.worlds import WORLD_DAY, made

POSTED, LATE, LATER = "2025-12-05", "2025-12-10", "2025-11-10"
RETAIL = {"deal_nature": "retail_chain"}
PARTS = ("written_off", "open_in_default", "open_younger", "diluted", "set_off", "paid", "other")
BILL = {"method": "commercial_acceptance", "acceptor": "Jiangbei"}


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A world of its own, for policy is one for a whole world: test_credit_loss.py gives these segments other rates."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))])
    _cases(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("backtest")), request=request)
    yield warehouse
    warehouse.close()


def _cases(extracts: Extracts) -> None:
    # one step of history is enough, and most cases have none
    set_parameter(extracts, "own_rate_pairs", "1")
    set_parameter(extracts, "own_rate_items", "1")
    set_parameter(extracts, "own_rate_default_pairs", "0")
    set_rates(extracts, "retail_chain", {"1-30": "0.054"})
    set_rates(extracts, "government", {"31-60": "0.05"})
    _year(extracts)
    _fates(extracts)
    _younger(extracts)
    _rates_of_then(extracts)
    _failed_since(extracts)
    _insured(extracts)
    _taxed(extracts)
    _apart(extracts)
    _bills(extracts)
    _currencies(extracts)
    _two_years(extracts)


def _customer(
    extracts: Extracts, case: str, /, *, settings: dict[str, object] | None = None, **columns: str
) -> Books:
    books = extracts.books(f"BACK-{case}", customers=(), **(settings or {}))
    books.customer("C1", **columns)
    return books


def _rows(world: Warehouse, case: str, *, level: str = "bucket", months: int = 12) -> list[dict[str, Any]]:
    return world.query(
        "select * from marts.mart_credit_loss_backtest"
        " where company_code = $1 and level = $2 and months_back = $3 order by segment_no, bucket",
        [f"BACK-{case}", level, months],
    )


def _row(world: Warehouse, case: str, *, level: str = "bucket") -> dict[str, Any]:
    (row,) = _rows(world, case, level=level)
    return row


def _parts(row: dict[str, Any]) -> dict[str, Any]:
    return {part: row[f"{part}_reporting"] for part in PARTS if row[f"{part}_reporting"]}


def _write_off(books: Books, amount: str, on: str, *, document: str = "INV1", **columns: str) -> None:
    books.allocation(f"W-{document}", amount, on, used="write_off", settles=f"document:{document}", **columns)


def _recover(books: Books, amount: str, on: str, *, document: str = "INV1") -> None:
    books.allocation(
        f"V-{document}",
        amount,
        on,
        used="write_off",
        settles=f"document:{document}",
        is_reversal=True,
        reverses_allocation_id=f"W-{document}",
    )
    books.payment(f"RV-{document}", document, amount, on)


# -- what became of it --------------------------------------------------------------------------------------


def _year(extracts: Extracts) -> None:
    books = _customer(extracts, "YEAR", **RETAIL)
    books.invoice("INV1", "1000.00", POSTED, due=LATE)
    _write_off(books, "60.00", "2026-03-01")
    _recover(books, "10.00", "2026-05-01")
    books.payment("R1", "INV1", "900.00", "2026-04-01")


def test_a_prediction_is_held_against_what_is_lost_and_what_is_still_doubtful(world: Warehouse) -> None:
    row = _row(world, "YEAR")
    assert (row["valuation_date"], row["bucket"], row["rate_source"]) == (
        date(2025, 12, 31),
        "1-30",
        "fallback",
    )
    # 1,000 at 5.4 %
    assert (row["gross_reporting"], row["rate"], row["expected_loss_reporting"]) == (
        D("1000.00"),
        D("0.054"),
        D("54.00"),
    )
    # 60 written off and 10 of it recovered; 900 and the 10 are cash; 40 are left
    assert _parts(row) == {"written_off": D("50.00"), "paid": D("910.00"), "open_in_default": D("40.00")}
    assert row["recovered_reporting"] == D("10.00")
    # 50 for certain and 45 % of 40
    assert (row["realised_loss_reporting"], row["expected_in_default_reporting"]) == (D("50.00"), D("18.00"))
    assert (row["outcome_loss_reporting"], row["difference_reporting"]) == (D("68.00"), D("14.00"))
    assert (row["ratio"], row["reason_when_null"]) == (D("1.259259259"), None)


def _fates(extracts: Extracts) -> None:
    books = _customer(extracts, "FATES", **RETAIL)
    books.invoice("INV1", "100.00", POSTED, due=LATE)
    books.payment("R1", "INV1", "40.00", "2026-01-10")
    books.credit_note("CN1", "25.00", "2026-02-12")
    books.allocation("A2", "25.00", "2026-02-12", used="credit_note:CN1", settles="document:INV1")
    books.allocation("A3", "15.00", "2026-02-13", used="offset:payables", settles="document:INV1")
    _write_off(books, "5.00", "2026-03-01", reason="Bank charges")
    # what had happened before the day is no outcome of it
    books.invoice("INV2", "300.00", POSTED, due=LATE)
    books.payment("R2", "INV2", "200.00", "2025-12-31")
    # and the day itself belongs to what came before
    _write_off(books, "30.00", "2025-12-31", document="INV2")


def test_e6_credits_offsets_and_charges_are_no_credit_loss(world: Warehouse) -> None:
    row = _row(world, "FATES")
    assert row["gross_reporting"] == D("170.00")
    assert _parts(row) == {
        "paid": D("40.00"),
        "diluted": D("25.00"),
        "set_off": D("15.00"),
        "other": D("5.00"),
        "open_in_default": D("85.00"),
    }
    # 45 % of 85
    assert row["outcome_loss_reporting"] == row["expected_in_default_reporting"] == D("38.25")


def _younger(extracts: Extracts) -> None:
    books = _customer(extracts, "YOUNGER", ownership="government")
    books.invoice("INV1", "100.00", POSTED, due="2026-12-20")
    books = _customer(extracts, "EDGE", ownership="government")
    books.invoice("INV2", "200.00", POSTED, due="2026-10-02")
    books.invoice("INV3", "100.00", POSTED, due="2026-10-01")
    # a major bank's bill has a rate of 0
    books = _customer(extracts, "BANK")
    books.bill("B1", "500.00", POSTED, matures="2026-06-05", acceptor="招商银行苏州分行")


def test_what_is_open_for_90_days_at_most_takes_todays_rate_for_its_age(world: Warehouse) -> None:
    # due 2 October it is 90 days past due, due 1 October it is 91
    assert _parts(_row(world, "EDGE")) == {"open_younger": D("200.00"), "open_in_default": D("100.00")}
    row = _row(world, "YOUNGER")
    assert _parts(row) == {"open_younger": D("100.00")}
    # not due it was expected at 0.5 % x 0.5, 11 days past due it is now at 2 % x 0.5, without a forward factor
    assert (row["expected_younger_reporting"], row["outcome_loss_reporting"]) == (D("1.00"), D("1.00"))


def test_a_ratio_to_nothing_is_null_with_a_reason(world: Warehouse) -> None:
    row = _row(world, "BANK")
    assert (row["segment"], row["gross_reporting"]) == ("bank_bill_major", D("500.00"))
    assert (row["ratio"], row["reason_when_null"]) == (None, "nothing_expected")


# -- what was known then ------------------------------------------------------------------------------------

CHAIN = {"2025-12-15": 10, "2025-11-15": 40, "2025-10-15": 50, "2025-09-15": 60}


def _rates_of_then(extracts: Extracts) -> None:
    """1,000 in each bucket on 1 December 2025; what rolls by the 31st. In 2026 everybody paid."""
    books = _customer(extracts, "THEN")
    for number, (due, percent) in enumerate(CHAIN.items()):
        books.invoice(f"INV{number}", "1000.00", "2025-11-20", due=due)
        books.payment(f"R{number}", f"INV{number}", 1000 - 10 * percent, "2025-12-20")
        books.payment(f"S{number}", f"INV{number}", 10 * percent, "2026-01-05")
    # rolls of 2026 are worse, and were not known
    books.invoice("INV9", "9000.00", "2026-11-20", due="2026-12-15")


def test_rates_are_made_of_the_steps_that_lay_before_the_day(world: Warehouse) -> None:
    rows = {row["bucket"]: row for row in _rows(world, "THEN")}
    assert {row["rate_source"] for row in rows.values()} == {"own"}
    # 5.4, 13.5, 27 and 45 % x 1.075; test_credit_loss.py has the chain
    assert {bucket: row["rate"].quantize(D("0.000001")) for bucket, row in rows.items()} == {
        "1-30": D("0.058100"),  # 5.81 / 100, money is rounded
        "31-60": D("0.145125"),
        "61-90": D("0.290260"),
        "91-180": D("0.483750"),
    }
    (company,) = _rows(world, "THEN", level="company")
    # 5.81 + 58.05 + 145.13 + 290.25, and nothing was lost
    assert (company["expected_loss_reporting"], company["outcome_loss_reporting"]) == (D("499.24"), D("0.00"))
    assert (company["gross_reporting"], company["ratio"]) == (D("1600.00"), D("0"))


def _failed_since(extracts: Extracts) -> None:
    for case, day in (("SINCE", "2026-02-01"), ("BEFORE", "2025-12-31")):
        books = _customer(extracts, case, **RETAIL)
        books.invoice("INV1", "1000.00", POSTED, due=LATE)
        books.add(
            "credit_event", customer_id="C1", event_date=day, source="court", kind="insolvency", value="told"
        )
    for case, valid_from in (("DECIDED", "2026-02-01"), ("UNDATED", "")):
        books = _customer(extracts, case, **RETAIL)
        books.invoice("INV1", "1000.00", POSTED, due=LATE)
        add_policy(
            extracts,
            "policy_individual_assessment",
            company_code=f"BACK-{case}",
            customer_id="C1",
            loss_rate="0.6",
            reason="estate",
            method="present value",
            valid_from=valid_from,
        )
    # the first delivery that names the customer is of a later day
    books = _customer(extracts, "COURT", status="legal", **RETAIL)
    books.invoice("INV1", "1000.00", POSTED, due=LATE)


@pytest.mark.parametrize(
    ("case", "segment", "expected"),
    [
        ("SINCE", "retail_chain", "54.00"),
        ("BEFORE", "individual", "1000.00"),
        ("DECIDED", "retail_chain", "54.00"),
        ("UNDATED", "retail_chain", "54.00"),
        ("COURT", "retail_chain", "54.00"),
    ],
)
def test_who_failed_since_was_in_the_matrix_then(
    world: Warehouse, case: str, segment: str, expected: str
) -> None:
    row = _row(world, case)
    assert (row["segment"], row["expected_loss_reporting"]) == (segment, D(expected))
    (today,) = world.query(
        "select is_decided from marts.mart_individual_assessment where company_code = $1", [f"BACK-{case}"]
    )
    assert today["is_decided"] == (case in ("DECIDED", "UNDATED"))


# -- what falls to us ---------------------------------------------------------------------------------------


def _insured(extracts: Extracts) -> None:
    books = _customer(extracts, "INSURED", ownership="government")
    books.invoice("INV1", "1000000.00", "2025-12-20", due="2025-11-20")
    for valid_from, limit, valid_to in (
        ("2025-01-01", "800000.00", "2025-12-31"),
        ("2026-01-01", "100.00", None),
    ):
        books.add(
            "insurance_cover",
            customer_id="C1",
            policy=f"P{valid_from}",
            limit=limit,
            currency="CNY",
            share="0.9",
            valid_from=valid_from,
            valid_to=valid_to,
        )
    _write_off(books, "100000.00", "2026-06-30")
    books.payment("R1", "INV1", "900000.00", "2026-06-30")


def test_e7_of_a_loss_the_insurer_bears_the_share_of_then(world: Warehouse) -> None:
    row = _row(world, "INSURED")
    # 720,000 x 0.1 % + 280,000 x 5 %
    assert (row["covered_loss_reporting"], row["uncovered_loss_reporting"]) == (D("720.00"), D("14000.00"))
    # 28 % of 100,000
    assert (row["written_off_reporting"], row["realised_loss_reporting"]) == (D("100000.00"), D("28000.00"))
    assert row["ratio"] == D("1.902173913")


def _taxed(extracts: Extracts) -> None:
    books = _customer(extracts, "TAXED", settings={"tax_relief_on_bad_debt": True}, **RETAIL)
    books.invoice("INV1", "119.00", POSTED, due=LATE, tax_amount="19.00")
    _write_off(books, "119.00", "2026-06-30")


def test_e8_output_tax_that_is_refunded_is_no_loss(world: Warehouse) -> None:
    row = _row(world, "TAXED")
    assert (row["uncovered_base_reporting"], row["written_off_reporting"]) == (D("100.00"), D("119.00"))
    assert (row["expected_loss_reporting"], row["realised_loss_reporting"]) == (D("5.40"), D("100.00"))


# -- what was not there -------------------------------------------------------------------------------------


def _apart(extracts: Extracts) -> None:
    books = _customer(extracts, "APART", **RETAIL)
    books.invoice("INV1", "1000.00", POSTED, due=LATE)
    books.payment("R1", "INV1", "1000.00", "2026-01-31")
    books.invoice("NEW", "100.00", "2026-01-15", due="2026-02-15")
    _write_off(books, "30.00", "2026-09-30", document="NEW")
    books.invoice("GONE", "100.00", POSTED, due=LATE)
    _write_off(books, "100.00", "2025-12-20", document="GONE")
    _recover(books, "20.00", "2026-04-01", document="GONE")


def test_losses_on_what_was_not_open_stand_apart_and_in_no_ratio(world: Warehouse) -> None:
    rows = {row["bucket"]: row for row in _rows(world, "APART")}
    assert set(rows) == {"1-30", "new_business", "settled_before"}
    new, settled = rows["new_business"], rows["settled_before"]
    assert (new["new_business_loss_reporting"], new["reason_when_null"]) == (D("30.00"), "not_there_then")
    assert settled["settled_before_loss_reporting"] == D("-20.00")
    row = _row(world, "APART", level="segment")
    assert (row["gross_reporting"], row["outcome_loss_reporting"], row["ratio"]) == (
        D("1000.00"),
        D("0.00"),
        D("0"),
    )
    assert (row["new_business_loss_reporting"], row["settled_before_loss_reporting"]) == (
        D("30.00"),
        D("-20.00"),
    )


# -- bills --------------------------------------------------------------------------------------------------


def _bills(extracts: Extracts) -> None:
    """Held on the day: honoured; passed on and honoured; back and 30 of it paid, 20 written off; still held."""
    books = _customer(extracts, "BILLS", **RETAIL)
    for number, amount in (("B1", "100.00"), ("B2", "200.00"), ("B3", "400.00"), ("B4", "800.00")):
        books.invoice(f"INV-{number}", amount, POSTED, due=LATE)
        matures = "2027-01-31" if number == "B4" else "2026-04-30"
        books.bill(number, amount, "2025-12-12", matures=matures, **BILL)
        books.allocation(
            f"A-{number}", amount, "2025-12-12", used=f"receipt:{number}", settles=f"document:INV-{number}"
        )
    books.bill_event("B1", "honoured", "100.00", "2026-04-30")
    books.bill_event("B2", "endorsed", "200.00", "2026-02-01", with_recourse=True)
    books.bill_event("B2", "honoured", "200.00", "2026-04-30")
    books.bill_event("B3", "dishonoured", "400.00", "2026-04-30")
    books.payment("R1", "INV-B3", "30.00", "2026-06-30")
    _write_off(books, "20.00", "2026-07-31", document="INV-B3")


def test_a_bill_is_followed_through_endorsement_and_dishonour(world: Warehouse) -> None:
    row = _row(world, "BILLS")
    assert (row["segment"], row["gross_reporting"]) == ("commercial_bill", D("1500.00"))
    # 100 + 200 honoured and 30 paid; 350 of the third and 800 of the last
    assert _parts(row) == {"paid": D("330.00"), "written_off": D("20.00"), "open_in_default": D("1150.00")}
    assert row["settled_before_loss_reporting"] == D("0.00")


# -- currencies, levels, two years --------------------------------------------------------------------------


def _currencies(extracts: Extracts) -> None:
    books = _customer(extracts, "FX", **RETAIL)
    for day, rate in (("2025-12-01", "6.00"), ("2025-12-31", "8.00"), ("2026-12-31", "7.00")):
        books.add(
            "fx_rate", rate_date=day, from_currency="USD", to_currency="CNY", rate=rate, rate_type="closing"
        )
    books.invoice("INV1", "100.00", POSTED, due=LATE, currency="USD", functional_amount="600.00")
    books.payment("R1", "INV1", "40.00", "2026-06-30", currency="USD")
    books.allocation("W1", "10.00", "2026-07-31", used="write_off", settles="document:INV1")


def test_both_sides_are_at_the_rate_of_the_day_of_the_prediction(world: Warehouse) -> None:
    row = _row(world, "FX")
    assert row["gross_reporting"] == D("800.00")
    assert _parts(row) == {"written_off": D("80.00"), "paid": D("320.00"), "open_in_default": D("400.00")}


def _two_years(extracts: Extracts) -> None:
    books = _customer(extracts, "TWO", **RETAIL)
    books.invoice("INV1", "1000.00", "2024-12-05", due="2024-12-10")
    books.payment("R1", "INV1", "700.00", "2025-12-31")
    _write_off(books, "300.00", "2026-06-30")


def test_two_years_ago_is_held_against_two_years(world: Warehouse) -> None:
    (row,) = _rows(world, "TWO", months=24)
    assert (row["valuation_date"], row["bucket"]) == (date(2024, 12, 31), "1-30")
    assert (row["gross_reporting"], row["expected_loss_reporting"]) == (D("1000.00"), D("54.00"))
    assert _parts(row) == {"written_off": D("300.00"), "paid": D("700.00")}
    (row,) = _rows(world, "TWO")
    assert (row["bucket"], row["gross_reporting"], row["realised_loss_reporting"]) == (
        ">360",
        D("300.00"),
        D("300.00"),
    )


def test_rows_add_up_to_segments_companies_and_the_group(world: Warehouse) -> None:
    measures = ("gross", "expected_loss", "outcome_loss", "new_business_loss", "settled_before_loss")
    sums = ", ".join(f"sum({measure}_reporting) as {measure}" for measure in measures)
    rows = world.query(
        f"select level, {sums} from marts.mart_credit_loss_backtest where months_back = 12 group by level"
    )
    totals = {row.pop("level"): row for row in rows}
    assert set(totals) == {"bucket", "segment", "company", "group"}
    assert totals["bucket"] == totals["segment"] == totals["company"] == totals["group"]
    assert totals["group"]["new_business_loss"] == D("30.00")
