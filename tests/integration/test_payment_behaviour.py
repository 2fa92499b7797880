"""How customers pay, as known on each month end (policy.md sections 1 and 3, domain.md section 4, accounting G2).

Belongs here: worked figures of mart_payment_behaviour, and random debtors against the oracle. Must not: grades
and warnings.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from tests.kit import Books, D, Extracts, SourcePlan, Warehouse
from tests.kit.debtors import FIRST_DAY, deliver, random_debtor
from tests.kit.worlds import APRIL, HISTORY_DAYS, JUNE, LENIENT_GATES, MARCH, WORLD_DAY, made
from tests.oracles.behaviour import (
    month_ends,
    overdue,
    payments,
    quantile,
    rank_test,
    weighted,
    window_starts,
)
from tests.oracles.net_overdue import knowledge_of

DEBTORS = {f"PB{seed:02}": random_debtor(100 + seed) for seed in range(16)}
# days late before the last 90 days, and in them: many ties
SAMPLES = {
    f"PBR{seed}": (
        [random.randint(-5, 9) for _ in range(5 + seed)],
        [random.randint(-3, 12) for _ in range(11 - seed)],
    )
    for seed in range(6)
    for random in (Random(seed),)
}
DUE = date(2026, 4, 30)
# days beyond terms -> index: the break points of domain.md section 4, between them and beyond them
INDEX = {
    -50: "100.00", -30: "100.00", -25: "95.00", -20: "90.00", 0: "80.00", 6: "76.00", 15: "70.00", 22: "60.00",
    30: "50.00", 45: "45.00", 60: "40.00", 90: "30.00", 105: "25.00", 120: "20.00", 200: "20.00",
}  # fmt: skip


def _pay(books: Books, days_late: list[int], *, due: date, amount: str = "100000.00", first: int = 0) -> None:
    """One invoice per number of days, paid so many days after it was due."""
    for number, days in enumerate(days_late, start=first):
        books.invoice(f"INV{number}", amount, due - timedelta(days=60), due=due)
        books.payment(f"R{number}", f"INV{number}", amount, due + timedelta(days=days))


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A world of its own: the floor under which nobody is judged is a share of all receivables."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))], gates=LENIENT_GATES)
    _cases(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("behaviour")), request=request)
    yield warehouse
    warehouse.close()


def _cases(extracts: Extracts) -> None:
    for days in INDEX:
        _pay(extracts.books(f"PBI{days}"), [days] * 5, due=DUE)
    _stopped(extracts)
    _trends(extracts)
    _habits(extracts)


def _stopped(extracts: Extracts) -> None:
    for case in ("STOPPED", "COVERED"):
        books = extracts.books(f"PB-{case}")
        _pay(books, [0] * 5, due=DUE)
        for number in range(5, 10):
            # 122 days before 31 December
            books.invoice(f"INV{number}", "100000.00", "2026-07-01", due="2026-08-31")
    # 450,000 wait to be applied: the oldest due date counts as paid first, 50,000 are left
    books.receipt("R-WAITING", "450000.00", "2026-12-15")
    _pay(extracts.books("PB-FEW"), [3] * 4, due=DUE)
    _pay(extracts.books("PB-SMALL"), [3] * 5, due=DUE, amount="100.00")


def _trends(extracts: Extracts) -> None:
    for case, before, recent in (
        ("SLOWER", [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]),
        ("TIES", [0, 0, 5, 5, 5], [5, 5, 10, 10, 10]),
        ("ALIKE", [3] * 5, [3] * 5),
        ("YOUNG", [3] * 2, [3] * 5),
        *((case, *sample) for case, sample in SAMPLES.items()),
    ):
        books = extracts.books(case if case in SAMPLES else f"PB-{case}")
        _pay(books, before, due=date(2026, 6, 30))
        _pay(books, recent, due=date(2026, 11, 30), first=len(before))


def _habits(extracts: Extracts) -> None:
    for case, days in (
        ("MONTH-END", ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31"]),
        ("MIDDLE", ["2026-07-10", "2026-07-20", "2026-08-10", "2026-08-12", "2026-09-10", "2026-10-10"]),
        ("SELDOM", ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"]),
    ):
        books = extracts.books(f"PB-{case}", country="CN")
        for number, day in enumerate(days):
            books.invoice(f"INV{number}", "1000.00", "2026-06-01", due=day)
            books.payment(f"R{number}", f"INV{number}", "1000.00", day)

    books = extracts.books("PB-PARTS")
    _pay(books, [0, 0], due=DUE)
    for number, day in enumerate(("2026-05-04", "2026-05-06")):
        books.payment(f"RP{number}", "INVP", "50.00", day)
    books.invoice("INVP", "100.00", "2026-03-01", due=DUE)
    # paid twice on one day is one payment day
    for number in range(2):
        books.payment(f"RQ{number}", "INVQ", "50.00", DUE)
    books.invoice("INVQ", "100.00", "2026-03-01", due=DUE)

    books = extracts.books("PB-DISCOUNT")
    for number in range(3):
        books.invoice(f"INV{number}", "1000.00", "2026-03-01", due="2026-03-31", payment_terms="2/10 NET30")
    books.payment("R0", "INV0", "980.00", "2026-03-09")
    books.allocation("A0", "20.00", "2026-03-09", used="discount", settles="document:INV0")
    books.payment("R1", "INV1", "1000.00", "2026-03-31")

    books = extracts.books("PB-WORD")
    books.invoice("INV0", "200.00", "2026-03-01", due="2026-03-31")
    books.dispute("DSP1", "INV0", "30.00", "2026-04-01")
    for number, paid in enumerate(("40.00", "10.00")):
        day = date(2026, 5 + number, 4)
        books.add(
            "promise",
            promise_id=f"P{number}",
            customer_id="C1",
            document_id="INV0",
            made_on=day - timedelta(days=3),
            promised_date=day,
            amount="40.00",
        )
        books.payment(f"R{number}", "INV0", paid, day)

    # paid on the spot, and with a part kept back for years: both documents are paid
    books = extracts.books("PB-SPOT")
    books.invoice("INV0", "1000.00", "2026-03-10", due="2026-04-10")
    books.payment("R0", "INV0", "1000.00", "2026-03-10")
    books.invoice("INV1", "1000.00", "2026-03-10")
    books.instalment("INV1", 1, "900.00", "2026-04-10")
    books.instalment("INV1", 2, "100.00", "2028-04-10", kind="retention")
    books.payment("R1", "INV1", "900.00", "2026-04-10")

    books = extracts.books("PB-BEFORE")
    books.invoice("INV0", "1000.00", "2026-03-10", due="2026-04-10")
    books.payment("R0", "INV0", "400.00", "2026-03-05")
    books.payment("R1", "INV0", "600.00", "2026-04-13")

    for case, overdue_on in (("GOOD", "2026-12-24"), ("NOT-SO-GOOD", "2026-12-23")):
        books = extracts.books(f"PB-{case}")
        _pay(books, [0] * 12, due=DUE, amount="1000.00")
        books.invoice("INV12", "10.00", "2026-11-30", due=overdue_on)
    _pay(extracts.books("PB-NEW"), [0] * 2, due=DUE)
    _pay(extracts.books("PB-LONG-AGO"), [0] * 2, due=date(2025, 9, 30))


def build_history(extracts: Extracts) -> None:
    for code, debtor in DEBTORS.items():
        deliver(extracts.books(code), debtor)

    # paid on 20 March: told in March, and bounced on 10 April; told in April only
    books = extracts.books("PB-BOUNCED")
    books.invoice("INV1", "100.00", "2026-01-01", due="2026-02-28")
    books.known(until=APRIL).receipt("R1", "100.00", "2026-03-20", status="cleared")
    books.known(since=APRIL).receipt("R1", "100.00", "2026-03-20", status="bounced", status_date="2026-04-10")
    books.allocation("A1", "100.00", "2026-03-20", used="receipt:R1", settles="document:INV1")
    books = extracts.books("PB-TOLD-LATE")
    books.invoice("INV1", "100.00", "2026-01-01", due="2026-02-28")
    books.known(since=APRIL).payment("R1", "INV1", "100.00", "2026-03-20")


def _row(
    warehouse: Warehouse, company: str, window: str = "12_months", day: date = WORLD_DAY
) -> dict[str, Any]:
    (row,) = warehouse.query(
        "select * from marts.mart_payment_behaviour"
        " where company_code = $1 and window_name = $2 and as_of_day = $3",
        [company, window, day],
    )
    return row


@pytest.mark.parametrize("days", INDEX)
def test_the_index_goes_through_its_break_points_and_is_linear_between(world: Warehouse, days: int) -> None:
    row = _row(world, f"PBI{days}")
    assert (row["late_days"], row["payment_index"]) == (D(days), D(INDEX[days]))


def test_g2_a_customer_who_stops_paying_does_not_look_punctual(world: Warehouse) -> None:
    recent, year = _row(world, "PB-STOPPED", "90_days"), _row(world, "PB-STOPPED")
    # nothing was settled in 90 days: 5 items of 122 days; over the year 5 more of 0 days
    assert (recent["weighted_days_late"], recent["late_days"]) == (None, D("122"))
    assert (year["weighted_days_late"], year["late_days"]) == (D("0"), D("61"))
    assert (year["overdue_amount_reporting"], year["oldest_days_overdue"]) == (D("500000.00"), 122)
    assert (year["longest_days_late"], year["largest_overdue_reporting"]) == (122, D("500000.00"))


def test_unapplied_cash_is_no_reason_to_call_a_customer_late(world: Warehouse) -> None:
    row = _row(world, "PB-COVERED")
    assert (row["overdue_amount_reporting"], row["overdue_item_count"]) == (D("50000.00"), 1)
    # 500,000 at 0 days and 50,000 at 122
    assert row["late_days"] == D("11.090909")


def test_few_items_or_little_money_give_no_days_late_and_say_why(world: Warehouse) -> None:
    few, small = _row(world, "PB-FEW"), _row(world, "PB-SMALL")
    assert (few["late_days"], few["late_days_reason"]) == (None, "few_items")
    assert (small["late_days"], small["late_days_reason"]) == (None, "under_floor")
    assert few["payment_index_reason"] == "few_items"
    assert (few["weighted_days_late"], small["weighted_days_late"]) == (D("3"), D("3"))


def _tail(z: float) -> Decimal:
    return round(Decimal(0.5 * math.erfc(z / math.sqrt(2))), 6)


def test_a_trend_is_tested_by_ranks(world: Warehouse) -> None:
    row = _row(world, "PB-SLOWER")
    assert (row["late_days_before"], row["late_days_recent"], row["trend_days"]) == (D("2"), D("7"), D("5"))
    # U = 25 of 25 pairs; mean 12.5, variance 25 x 11 / 12: z = 12 / 4.787136
    assert row["trend_p_value"] == _tail(12 / 4.787136) == D("0.006093")


def test_ties_count_half_and_narrow_the_spread(world: Warehouse) -> None:
    row = _row(world, "PB-TIES")
    # U = 2 x 3.5 + 3 x 5 = 22; ties 2, 5, 3: variance 25 / 12 x (11 - 150 / 90) = 19.444444
    assert row["trend_p_value"] == _tail(9 / 4.409586)
    assert (row["trend_recent_count"], row["trend_before_count"]) == (5, 5)


@pytest.mark.parametrize("code", SAMPLES)
def test_the_rank_test_is_that_of_the_oracle_which_looks_at_every_pair(world: Warehouse, code: str) -> None:
    before, recent = SAMPLES[code]
    expected = rank_test(recent, before)
    assert expected is not None
    assert abs(float(_row(world, code)["trend_p_value"]) - expected) < 1e-6


def test_a_trend_that_cannot_be_told_says_why(world: Warehouse) -> None:
    alike, young = _row(world, "PB-ALIKE"), _row(world, "PB-YOUNG")
    assert (alike["trend_p_value"], alike["trend_reason"], alike["trend_days"]) == (None, "all_alike", D("0"))
    assert (young["trend_p_value"], young["trend_reason"]) == (None, "before_few_items")
    assert (young["trend_days"], young["late_days_recent"]) == (None, D("3"))


def test_who_pays_at_month_end_is_told_from_payment_days(world: Warehouse) -> None:
    flags = [_row(world, f"PB-{case}")["is_month_end_payer"] for case in ("MONTH-END", "MIDDLE", "SELDOM")]
    assert flags == [True, False, None]
    row = _row(world, "PB-MONTH-END")
    assert (row["last_business_days_share"], row["last_calendar_days_share"]) == (D("1"), D("1"))
    # gaps 31, 30, 31, 30, 31; of 10, 21, 2, 29, 30 days nine tenths do not exceed 30
    assert (row["payment_gap_p90_days"], row["last_paid_on"]) == (31, date(2026, 12, 31))
    assert _row(world, "PB-MIDDLE")["payment_gap_p90_days"] == 30
    assert _row(world, "PB-SELDOM")["payment_gap_p90_days"] is None


def test_part_payments_discounts_promises_and_disputes(world: Warehouse) -> None:
    parts = _row(world, "PB-PARTS")
    assert (parts["settled_item_count"], parts["part_paid_item_count"], parts["part_paid_share"]) == (
        4, 1, D("0.25"),
    )  # fmt: skip
    assert (parts["payment_count"], parts["payment_day_count"], parts["paid_item_count"]) == (6, 3, 4)
    discount = _row(world, "PB-DISCOUNT")
    # the third is not paid yet
    assert (discount["discount_offered_count"], discount["discount_taken_share"]) == (2, D("0.5"))
    word = _row(world, "PB-WORD")
    assert (word["promise_count"], word["promise_kept_share"]) == (2, D("0.5"))
    assert (word["dispute_count"], word["disputed_share"]) == (1, D("0.15"))


def test_a_document_is_paid_with_its_last_instalment_whatever_is_kept_back(world: Warehouse) -> None:
    row = _row(world, "PB-SPOT")
    assert (row["settled_item_count"], row["paid_document_count"], row["paid_document_count_ever"]) == (
        2,
        2,
        2,
    )


def test_t46_a_payment_before_the_invoice_is_left_out_and_counted(world: Warehouse) -> None:
    row = _row(world, "PB-BEFORE")
    assert (row["payment_count"], row["excluded_payment_count"]) == (1, 1)
    assert (row["paid_amount_reporting"], row["weighted_days_late"]) == (D("600.00"), D("3"))


def test_good_and_new_customers(world: Warehouse) -> None:
    assert [_row(world, f"PB-{case}")["is_good_payer"] for case in ("GOOD", "NOT-SO-GOOD")] == [True, False]
    assert [_row(world, f"PB-{case}")["is_new_customer"] for case in ("GOOD", "NEW")] == [False, True]
    assert _row(world, "PB-GOOD")["tenure_days"] == (WORLD_DAY - date(2026, 3, 1)).days


def test_customers_add_up_to_the_metrics_of_their_company_month_by_month(world: Warehouse) -> None:
    # everything was told at once and nothing was undone, so both tell the same of every month
    metric = world.query(
        "select dimension_value as company_code, period_end as day, numerator, denominator"
        " from marts.mart_receivable_kpi where dimension = 'company' and metric = 'days_late'"
        " and variant = 'weighted' and window_months = 12 and denominator > 0"
        " and dimension_value like 'PB%' order by all"
    )
    behaviour = world.query(
        "select company_code, as_of_day as day, sum(days_late_weighted_sum) as numerator,"
        " sum(paid_amount_reporting) as denominator from marts.mart_payment_behaviour"
        " where window_name = '12_months' and company_code like 'PB%' group by all having denominator > 0 order by all"
    )
    assert metric == behaviour
    assert len(metric) > 100


def test_what_was_believed_on_a_month_end_stays_its_figure(history: Warehouse) -> None:
    bounced = [_row(history, "PB-BOUNCED", day=day) for day in (MARCH, APRIL)]
    assert [row["payment_count"] for row in bounced] == [1, 0]
    assert [row["overdue_amount_reporting"] for row in bounced] == [D("0.00"), D("100.00")]
    late = [_row(history, "PB-TOLD-LATE", day=day) for day in (MARCH, APRIL)]
    assert [row["payment_count"] for row in late] == [0, 1]
    assert [row["overdue_amount_reporting"] for row in late] == [D("100.00"), D("0.00")]
    # paid on 20 March, 20 days late, however late it was told
    assert late[1]["weighted_days_late"] == D("20")


def _rounded(value: Fraction | float | None) -> Decimal | None:
    if value is None:
        return None
    exact = (
        Decimal(value.numerator) / Decimal(value.denominator)
        if isinstance(value, Fraction)
        else Decimal(value)
    )
    return round(exact, 6)


EVALUATIONS = month_ends(FIRST_DAY, JUNE)


@pytest.mark.parametrize("code", DEBTORS)
def test_behaviour_at_every_month_end_is_that_of_the_oracle(history: Warehouse, code: str) -> None:
    debtor = DEBTORS[code]
    rows = history.query("select * from marts.mart_payment_behaviour where company_code = $1", [code])
    found = {(row["as_of_day"], row["window_name"]): row for row in rows}
    for day in EVALUATIONS:
        known = knowledge_of(day, HISTORY_DAYS)
        paid = payments(debtor, day, known)
        open_overdue = overdue(debtor, day, known)
        for window, start in window_starts(day).items():
            seen = [one for one in paid if start <= one.paid_on]
            counted = [one for one in seen if one.days_to_pay >= 0]
            row = found.get((day, window))
            if row is None:
                assert (seen, open_overdue) == ([], []), (day, window)
                continue
            settled = [(one.amount, one.days_late) for one in counted]
            late = [one.days_late for one in counted]
            assert row["payment_count"] == len(counted)
            assert row["excluded_payment_count"] == len(seen) - len(counted)
            assert row["paid_amount_reporting"] == sum((one.amount for one in counted), D("0.00"))
            assert row["weighted_days_late"] == _rounded(weighted(settled))
            assert row["weighted_days_to_pay"] == _rounded(
                weighted([(one.amount, one.days_to_pay) for one in counted])
            )
            assert row["median_days_late"] == quantile(late, Fraction(1, 2))
            assert row["p90_days_late"] == quantile(late, Fraction(9, 10))
            assert row["paid_item_count"] == len({one.item for one in counted})
            assert row["overdue_amount_reporting"] == sum((amount for amount, _ in open_overdue), D("0.00"))
            items = len({one.item for one in counted}) + len(open_overdue)
            judged = [*settled, *open_overdue]
            enough = items >= 5 and sum(amount for amount, _ in judged) >= 20000
            assert row["late_days"] == (_rounded(weighted(judged)) if enough else None), (day, window)
            ages = [(day - one.paid_on).days for one in paid if one.days_to_pay >= 0]
            assert (row["trend_recent_count"] or 0) == sum(age < 90 for age in ages) + len(open_overdue)
            assert (row["trend_before_count"] or 0) == sum(90 <= age < 455 for age in ages)


def test_the_debtors_hold_enough_of_what_the_property_is_about(history: Warehouse) -> None:
    (row,) = history.query(
        "select count(*) as n, count(late_days) as late, count(distinct company_code) as companies,"
        " sum(excluded_payment_count) as excluded"
        " from marts.mart_payment_behaviour where company_code in (select unnest($1))",
        [list(DEBTORS)],
    )
    assert (row["n"] > 150, row["late"] > 40, row["companies"]) == (True, True, len(DEBTORS))
    assert row["excluded"] > 0
