"""Worked examples of accounting.md C (metrics) and of domain.md section 4, on mart_receivable_kpi.

Belongs here: metrics of one company with figures worked by hand. Must not: figures of others (test_metric_oracles.py).

June and April have 30 days, May 31.
"""

from datetime import date

import pytest

from tests.kit import D, Extracts, Warehouse

JUNE, MAY = date(2026, 6, 30), date(2026, 5, 31)


def build_world(extracts: Extracts) -> None:
    _simple(extracts)
    _net_of_tax(extracts)
    _countback(extracts)
    _collection_effectiveness(extracts)
    _days_to_pay(extracts)
    _collection(extracts)
    _overdue_rate(extracts)
    _losses(extracts)
    _attribution(extracts)
    _scope(extracts)
    _extension(extracts)
    _refund(extracts)
    _retention(extracts)
    _bills(extracts)


def _simple(extracts: Extracts) -> None:
    books = extracts.books("KDSO")
    books.invoice("OLD", "11000.00", "2026-05-10", due="2026-06-20")
    books.invoice("NEW", "10000.00", "2026-06-10", due="2026-07-10")
    books.payment("R1", "NEW", "6000.00", "2026-06-25")


def test_dso_is_ending_receivables_over_sales_times_days_and_is_best_possible_plus_delinquent(
    world: Warehouse,
) -> None:
    def days(metric: str) -> object:
        return world.metric(metric, "ending", JUNE, company="KDSO", months=1)["value"]

    # 15,000 / 10,000 x 30; of them 4,000 not due
    assert days("dso") == D("45")
    assert days("best_possible_dso") == D("12")
    assert days("average_days_delinquent") == D("33")


def test_a_metric_shows_what_it_is_made_of(world: Warehouse) -> None:
    row = world.metric("dso", "ending", JUNE, company="KDSO", months=1)
    assert (row["numerator"], row["denominator"], row["window_days"], row["unit"], row["currency"]) == (
        D("15000"),
        D("10000"),
        30,
        "days",
        "CNY",
    )


def test_a_window_longer_than_the_history_gives_no_figure_but_the_reason(world: Warehouse) -> None:
    # its first month is May: two of three months
    row = world.metric("dso", "ending", JUNE, company="KDSO", months=3)
    assert (row["value"], row["reason_when_null"]) == (None, "short_history")


def test_without_sales_there_is_no_dso_and_never_0_or_infinity(world: Warehouse) -> None:
    row = world.metric("dso", "ending", "2026-09-30", company="KDSO", months=3)
    assert (row["numerator"], row["denominator"]) == (D("15000"), D("0"))
    assert (row["value"], row["reason_when_null"]) == (None, "denominator_not_positive")


def _net_of_tax(extracts: Extracts) -> None:
    books = extracts.books("KTAX")
    books.invoice("MAY", "565.00", "2026-05-10", due="2026-07-10", tax_amount="65.00")
    books.invoice("JUNE", "565.00", "2026-06-10", due="2026-08-10", tax_amount="65.00")


def test_a11_tax_is_in_receivables_and_not_in_revenue(world: Warehouse) -> None:
    assert world.metric("dso", "ending", JUNE, company="KTAX", months=1)["value"] == D("60")
    assert world.metric("dso", "net_of_tax", JUNE, company="KTAX", months=1)["value"] == D("67.8")


def _countback(extracts: Extracts) -> None:
    books = extracts.books("KBACK")
    books.invoice("APRIL", "70000.00", "2026-04-10", due="2026-05-10")
    books.invoice("MAY", "80000.00", "2026-05-10", due="2026-06-10")
    books.invoice("JUNE", "100000.00", "2026-06-10", due="2026-07-10")
    books.payment("R1", "APRIL", "38000.00", "2026-06-25")
    gap = extracts.books("KGAP")
    gap.invoice("APRIL", "100.00", "2026-04-10", due="2026-05-10")
    gap.invoice("JUNE", "50.00", "2026-06-10", due="2026-07-10")
    gap.payment("R1", "APRIL", "30.00", "2026-06-25")
    migrated = extracts.books("KMIG")
    migrated.opening_balance("OB", "500.00", "2026-01-01", due="2026-01-31")
    migrated.invoice("MAY", "100.00", "2026-05-10", due="2026-06-10")


def test_countback_takes_the_newest_months_first_and_the_last_one_pro_rata(world: Warehouse) -> None:
    # 212,000 - 100,000 (30 days) - 80,000 (31) = 32,000 of 70,000: 30 / 70 x 32 = 13.714286
    row = world.metric("dso", "countback", JUNE, company="KBACK")
    assert (row["numerator"], row["value"]) == (D("212000"), D("74.714286"))


def test_c3_a_month_without_sales_counts_its_days_and_is_flagged(world: Warehouse) -> None:
    # 120 - 50 (30 days) - 0 (31 days of May) = 70 of 100 in April: 21 days
    row = world.metric("dso", "countback", JUNE, company="KGAP")
    assert (row["value"], row["excluded_count"]) == (D("82"), 1)


def test_a_balance_beyond_all_sales_of_the_history_gives_no_countback(world: Warehouse) -> None:
    row = world.metric("dso", "countback", JUNE, company="KMIG")
    assert (row["numerator"], row["value"], row["reason_when_null"]) == (D("600"), None, "beyond_history")


def test_sales_weighted_dso_is_what_each_month_left_unpaid_of_its_own_sales(world: Warehouse) -> None:
    # April 32/70 x 30, May 31, June 30
    row = world.metric("dso", "sales_weighted", JUNE, company="KBACK")
    assert row["value"] == D("74.714286")


def test_t33_a_month_without_billing_keeps_its_balance(world: Warehouse) -> None:
    row = world.metric("overdue_rate", "gross", MAY, company="KGAP")
    assert (row["numerator"], row["denominator"], row["value"]) == (D("100"), D("100"), D("1"))


def _collection_effectiveness(extracts: Extracts) -> None:
    books = extracts.books("KCEI")
    books.invoice("OLD", "900.00", "2026-05-01", due="2026-06-15")
    books.invoice("LATER", "100.00", "2026-05-20", due="2026-07-20")
    books.invoice("NEW", "500.00", "2026-06-05", due="2026-07-05")
    books.payment("R1", "OLD", "550.00", "2026-06-20")
    books.allocation("W1", "50.00", "2026-06-28", used="write_off", settles="document:OLD")


def test_c4_a_write_off_does_not_make_collection_look_effective(world: Warehouse) -> None:
    # B 1,000, S 500, E 900, current 600, written off 50
    metric = "collection_effectiveness_index"
    standard = world.metric(metric, "standard", JUNE, company="KCEI", months=1)
    adjusted = world.metric(metric, "write_off_adjusted", JUNE, company="KCEI", months=1)
    assert (standard["numerator"], standard["denominator"]) == (D("600"), D("900"))
    assert (standard["value"], adjusted["value"]) == (D("66.666667"), D("61.111111"))


def test_everything_collected_that_was_due_gives_100(world: Warehouse) -> None:
    row = world.metric("collection_effectiveness_index", "standard", JUNE, company="KTAX", months=1)
    assert (row["numerator"], row["reason_when_null"]) == (D("0"), "denominator_not_positive")
    row = world.metric("collection_effectiveness_index", "standard", JUNE, company="KCOL1", months=1)
    assert row["value"] == D("100")


def _days_to_pay(extracts: Extracts) -> None:
    books = extracts.books("KPAY")
    books.invoice("INV", "100.00", "2026-03-01", due="2026-03-31")
    books.receipt("R1", "100.00", "2026-03-30")
    books.allocation("A1", "100.00", "2026-05-15", used="receipt:R1", settles="document:INV")
    undone = extracts.books("KUNDO")
    undone.invoice("INV", "100.00", "2026-03-01", due="2026-03-31")
    undone.payment("R1", "INV", "100.00", "2026-03-11")
    undone.allocation(
        "A2",
        "100.00",
        "2026-04-02",
        used="receipt:R1",
        settles="document:INV",
        is_reversal=True,
        reverses_allocation_id="A-R1",
    )
    undone.payment("R2", "INV", "100.00", "2026-04-10")
    early = extracts.books("KEARLY")
    early.invoice("INV", "100.00", "2026-03-10", due="2026-03-31")
    early.invoice("COD", "100.00", "2026-03-10", due="2026-03-10", payment_terms="COD")
    early.invoice("NORMAL", "100.00", "2026-03-10", due="2026-03-31")
    early.payment("R1", "INV", "100.00", "2026-03-05")
    early.payment("R2", "COD", "100.00", "2026-03-10")
    early.payment("R3", "NORMAL", "100.00", "2026-03-20")
    early.credit_note("CN", "30.00", "2026-03-15")


def test_c5_a_payment_counts_on_its_own_day_and_not_on_that_of_its_application(world: Warehouse) -> None:
    def days(metric: str) -> object:
        return world.metric(metric, "weighted", "2026-03-31", company="KPAY", months=3)["value"]

    assert (days("days_to_pay"), days("days_of_terms"), days("days_late")) == (D("29"), D("30"), D("-1"))


def test_a_payment_that_was_undone_was_none(world: Warehouse) -> None:
    row = world.metric("days_to_pay", "weighted", "2026-04-30", company="KUNDO", months=3)
    assert (row["denominator"], row["value"]) == (D("100"), D("40"))


def test_t46_payments_before_the_invoice_and_cash_terms_are_left_out_and_counted(world: Warehouse) -> None:
    row = world.metric("days_to_pay", "simple", "2026-03-31", company="KEARLY", months=3)
    assert (row["value"], row["denominator"], row["excluded_count"]) == (D("10"), D("1"), 2)


def _collection(extracts: Extracts) -> None:
    books = extracts.books("KCOL")
    books.invoice("O1", "200.00", "2026-04-15", due="2026-05-15")
    books.invoice("O2", "300.00", "2026-05-10", due="2026-06-10")
    books.invoice("O3", "500.00", "2026-05-10", due="2026-08-01")
    books.invoice("N1", "200.00", "2026-06-05", due="2026-06-25")
    books.invoice("N2", "400.00", "2026-06-15", due="2026-07-25")
    books.payment("R1", "O1", "180.00", "2026-06-12")
    books.payment("R2", "O2", "200.00", "2026-06-14")
    books.payment("R3", "O3", "70.00", "2026-06-20")
    paid = extracts.books("KCOL1")
    paid.invoice("O1", "200.00", "2026-05-15", due="2026-06-15")
    paid.payment("R1", "O1", "200.00", "2026-06-12")


def test_c7_collection_of_what_was_due_is_told_apart_from_all_cash(world: Warehouse) -> None:
    due = world.metric("due_collection_rate", "applied", JUNE, company="KCOL", months=1)
    everything = world.metric("collection_rate", "all_cash", JUNE, company="KCOL", months=1)
    # opening overdue 200 and newly due 500, 380 of 450 paid on them; 1,000 at the beginning and 600 billed
    assert (due["numerator"], due["denominator"], due["value"]) == (D("380"), D("700"), D("0.542857"))
    assert (everything["numerator"], everything["denominator"], everything["value"]) == (
        D("450"),
        D("1600"),
        D("0.28125"),
    )


def _overdue_rate(extracts: Extracts) -> None:
    books = extracts.books("KRATE")
    books.invoice("LATE", "300.00", "2026-05-01", due="2026-05-31")
    books.invoice("LATER", "699.50", "2026-06-01", due="2026-07-31")
    books.invoice("CENTS", "0.50", "2026-05-01", due="2026-05-31")
    books.receipt("R1", "100.00", "2026-06-15")
    disputed = extracts.books("KDISP")
    disputed.invoice("LATE", "100.00", "2026-05-01", due="2026-05-31")
    disputed.invoice("LATER", "50.00", "2026-06-01", due="2026-07-31")
    disputed.receipt("R1", "60.00", "2026-06-15")
    disputed.dispute("D1", "LATE", "70.00", "2026-06-01")


def test_b6_overdue_rate_gross_and_net_and_by_count_of_what_is_worth_counting(world: Warehouse) -> None:
    def rate(variant: str) -> object:
        return world.metric("overdue_rate", variant, JUNE, company="KRATE")["value"]

    # 300.50 of 1,000; 200.50 of 900; one of two
    assert (rate("gross"), rate("net"), rate("by_count")) == (D("0.3005"), D("0.222778"), D("0.5"))


def test_b8_credits_absorb_what_is_disputed_last(world: Warehouse) -> None:
    # 60 take the undisputed 30 of LATE, then 30 of LATER: 70 disputed stay overdue, of 90
    row = world.metric("overdue_rate", "net", JUNE, company="KDISP")
    assert (row["numerator"], row["denominator"]) == (D("70"), D("90"))
    assert world.metric("disputed_rate", "of_overdue", JUNE, company="KDISP")["value"] == D("0.7")


def test_unapplied_cash_has_a_share_and_an_age(world: Warehouse) -> None:
    assert world.metric("unapplied_cash_rate", "gross", JUNE, company="KRATE")["value"] == D("0.1")
    assert world.metric("unapplied_cash_age", "weighted", JUNE, company="KRATE")["value"] == D("15")


def _losses(extracts: Extracts) -> None:
    books = extracts.books("KLOSS")
    books.invoice("FIRST", "1.00", "2025-05-10", due="2025-05-10")
    books.invoice("BAD", "1000.00", "2025-07-10", due="2025-08-10")
    books.invoice("GOOD", "9000.00", "2026-06-10", due="2026-07-10")
    books.allocation("W1", "200.00", "2026-03-10", used="write_off", settles="document:BAD")
    books.allocation(
        "W2",
        "50.00",
        "2026-06-20",
        used="write_off",
        settles="document:BAD",
        is_reversal=True,
        reverses_allocation_id="W1",
    )
    books.payment("R1", "BAD", "50.00", "2026-06-20")
    books.gl_balance("1231", "allowance", "-300.03", JUNE)


def test_c8_bad_debts_of_the_vintage_and_of_the_year_and_what_came_back(world: Warehouse) -> None:
    vintage = world.metric("bad_debt_ratio", "vintage", JUNE, company="KLOSS", months=12)
    assert (vintage["numerator"], vintage["denominator"], vintage["value"]) == (
        D("150"),
        D("10000"),
        D("0.015"),
    )
    assert world.metric("recovery_rate", "of_written_off", JUNE, company="KLOSS", months=12)["value"] == D(
        "0.25"
    )
    # of 9,801 open at the end: 1 + 800 + 9,000
    booked = world.metric("allowance_rate", "booked", JUNE, company="KLOSS")
    assert (booked["numerator"], booked["denominator"]) == (D("300.03"), D("9801"))


def test_d2_a_recovery_is_neither_collected_cash_nor_a_payment_in_time_or_late(world: Warehouse) -> None:
    assert world.metric("collection_rate", "all_cash", JUNE, company="KLOSS", months=1)["numerator"] == D("0")
    row = world.metric("days_to_pay", "simple", JUNE, company="KLOSS", months=3)
    assert (row["value"], row["reason_when_null"]) == (None, "denominator_not_positive")


def _attribution(extracts: Extracts) -> None:
    books = extracts.books("KOWN", customers=())
    books.customer("C1", sales_owner="KOWN-Wang", collector="KOWN-Li", region="KOWN-North")
    books.invoice("SOLD", "100.00", "2026-06-01", due="2026-06-15", salesperson="KOWN-Zhao")
    books.invoice("OWNED", "40.00", "2026-06-01", due="2026-07-31")


def test_c12_the_document_says_who_sold_else_the_owner_of_the_customer(world: Warehouse) -> None:
    def balance(dimension: str, value: str) -> object:
        return world.metric("overdue_rate", "gross", JUNE, of=(dimension, value))["denominator"]

    assert balance("salesperson", "KOWN-Zhao") == D("100")
    assert balance("salesperson", "KOWN-Wang") == D("40")
    assert balance("collector", "KOWN-Li") == balance("region", "KOWN-North") == D("140")


def _scope(extracts: Extracts) -> None:
    books = extracts.books("KIN", customers=(), intercompany_group="KING")
    extracts.books("KIN2", customers=(), intercompany_group="KING")
    books.customer("SISTER", counterparty_company_code="KIN2", region="KIN")
    books.customer("OUT", region="KIN")
    for document, amount, customer, due in (
        ("I1", "200.00", "SISTER", "2026-05-31"),
        ("I2", "100.00", "SISTER", "2026-07-31"),
        ("I3", "50.00", "OUT", "2026-05-31"),
        ("I4", "650.00", "OUT", "2026-07-31"),
    ):
        books.invoice(document, amount, "2026-05-02", due=due, customer_id=customer)
    books.invoice("COD", "10.00", "2026-06-02", due="2026-06-02", customer_id="OUT", payment_terms="COD")
    books.opening_balance("OB", "30.00", "2026-06-02", due="2026-07-31", customer_id="OUT")
    books.interest("INT", "5.00", "2026-06-02", customer_id="OUT")
    books.unbilled("UB", "7.00", "2026-06-02", customer_id="OUT")
    books.debit_note("DN", "4.00", "2026-06-02", due="2026-07-31", customer_id="OUT")
    books.debit_note("DNS", "2.00", "2026-06-02", due="2026-07-31", customer_id="SISTER")
    books.credit_note("CN", "1.00", "2026-06-02", customer_id="OUT")


def test_a10_the_company_counts_its_sisters_and_the_group_does_not(world: Warehouse) -> None:
    company = world.metric("overdue_rate", "gross", MAY, company="KIN")
    group = world.metric("overdue_rate", "gross", MAY, of=("region", "KIN"))
    assert (company["numerator"], company["denominator"]) == (D("0"), D("1000"))
    # due on 31 May is not overdue on that day
    company = world.metric("overdue_rate", "gross", "2026-06-30", company="KIN")
    group = world.metric("overdue_rate", "gross", "2026-06-30", of=("region", "KIN"))
    assert (company["numerator"], group["numerator"]) == (D("260"), D("60"))
    assert (company["denominator"], group["denominator"]) == (D("1046"), D("744"))


@pytest.mark.parametrize("of", [("company", "KIN"), ("region", "KIN")])
def test_c1_sales_and_receivables_of_dso_have_the_same_scope(world: Warehouse, of: tuple[str, str]) -> None:
    row = world.metric("dso", "ending", JUNE, of=of, months=1)
    # sales of June: the debit note less the credit note; receivables: 50 + 650 + 30 + 4 less the credit of 1, without
    # COD, interest, unbilled and the sister's note of 2. The credit takes the oldest item
    assert (row["numerator"], row["denominator"]) == (D("733"), D("3"))


def _extension(extracts: Extracts) -> None:
    books = extracts.books("KEXT")
    books.invoice("INV", "100.00", "2026-05-01", due="2026-05-31")
    books.extension("X1", "INV", "100.00", "2026-07-31", approved="2026-05-20")
    books.payment("R1", "INV", "40.00", "2026-05-10")
    books.payment("R2", "INV", "60.00", "2026-06-10")


def test_a_payment_is_late_by_the_due_date_in_force_on_its_day(world: Warehouse) -> None:
    first = world.metric("days_late", "simple", MAY, company="KEXT", months=3)
    both = world.metric("days_late", "simple", JUNE, company="KEXT", months=3)
    # 10 May is 21 days before 31 May; 10 June is 51 days before 31 July
    assert (first["value"], both["value"]) == (D("-21"), D("-36"))


def _refund(extracts: Extracts) -> None:
    books = extracts.books("KREF")
    books.invoice("INV", "100.00", "2026-05-01", due="2026-05-31")
    books.receipt("RF", "-20.00", "2026-05-10")
    books.allocation("A1", "20.00", "2026-05-12", used="document:INV", settles="refund:RF")
    books.allocation(
        "A2",
        "20.00",
        "2026-05-20",
        used="document:INV",
        settles="refund:RF",
        is_reversal=True,
        reverses_allocation_id="A1",
    )


def test_an_offset_with_a_refund_that_was_undone_is_no_payment(world: Warehouse) -> None:
    row = world.metric("days_to_pay", "simple", MAY, company="KREF", months=3)
    assert (row["denominator"], row["value"]) == (D("0"), None)


def _retention(extracts: Extracts) -> None:
    books = extracts.books("KRET")
    books.invoice("BEFORE", "10.00", "2026-04-01", due="2026-04-30")
    books.invoice("INV", "100.00", "2026-05-01", due="2026-05-31")
    books.instalment("INV", 1, "95.00", "2026-05-31")
    books.instalment("INV", 2, "5.00", "2026-06-20", kind="retention", unconditional_on="2026-06-20")


def test_a_retention_is_not_billed_into_trade_in_hindsight(world: Warehouse) -> None:
    row = world.metric("collection_rate", "all_cash", MAY, company="KRET", months=1)
    # 10 at the beginning and 95 billed; the 5 are trade since 20 June only
    assert row["denominator"] == D("105")


def _bills(extracts: Extracts) -> None:
    books = extracts.books("KBILL")
    books.invoice("OLD", "12000000.00", "2026-05-01", due="2026-06-15")
    books.invoice("NEW", "6000000.00", "2026-06-01", due="2026-07-31")
    promise = {"method": "commercial_acceptance", "bill_id": "B1", "maturity_date": "2026-12-15"}
    books.payment("R1", "OLD", "8000000.00", "2026-06-15", **promise)


def test_c2_dso_is_shown_with_bills_and_without(world: Warehouse) -> None:
    # receivables 10 m, bills not matured 8 m, sales of the month 6 m
    assert world.metric("dso", "ending", JUNE, company="KBILL", months=1)["value"] == D("50")
    assert world.metric("dso", "with_bills", JUNE, company="KBILL", months=1)["value"] == D("90")


def test_c6_a_bill_is_a_payment_on_the_day_it_came_and_cash_on_the_day_it_is_paid(world: Warehouse) -> None:
    assert world.metric("days_late", "weighted", JUNE, company="KBILL", months=3)["value"] == D("0")
    due = world.metric("due_collection_rate", "applied", JUNE, company="KBILL", months=1)
    assert due["numerator"] == D("8000000")
    assert world.metric("collection_rate", "all_cash", JUNE, company="KBILL", months=1)["numerator"] == D("0")
