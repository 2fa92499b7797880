"""Worked examples of accounting.md A, on published tables.

Belongs here: ledger and contract rules A1-A18 that need no bill. Must not: bills (A2, A3), factoring (A17).
"""

from datetime import date

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY


def build_world(extracts: Extracts) -> None:
    _future_dated(extracts)
    _classes(extracts)
    _unbilled(extracts)
    _red_letter(extracts)
    _posting_dates(extracts)
    _status_dates(extracts)
    _intragroup(extracts)
    _tax(extracts)
    _control_accounts(extracts)
    _rates(extracts)
    _opening_balances(extracts)
    _reissue(extracts)
    _unidentified(extracts)


def _future_dated(extracts: Extracts) -> None:
    books = extracts.books("A01")
    books.invoice("INV1", "100.00", "2026-11-30", due="2026-12-30")
    books.invoice("TYPO", "7.00", "2062-01-05", due="2062-02-04")


def test_a01_one_document_dated_2062_does_not_move_the_default_as_of(world: Warehouse) -> None:
    rows = world.mart_aging(company="A01")
    assert {item: row["days_past_due"] for item, row in rows.items()} == {"INV1": 1}
    assert world.open_amounts(WORLD_DAY, company="A01") == {"INV1": D("100.00")}


def test_a01_a_future_dated_document_is_counted_and_listed(world: Warehouse) -> None:
    assert world.open_amounts("2062-01-05", company="A01") == {"INV1": D("100.00"), "TYPO": D("7.00")}
    assert [row["record_id"] for row in world.findings("future_dated", company="A01")] == ["TYPO"]


def _classes(extracts: Extracts) -> None:
    books = extracts.books("A04")
    books.invoice("INV1", "1000.00", "2026-06-01", due="2026-07-01")
    books.instalment("INV1", 1, "950.00", "2026-07-01")
    books.instalment("INV1", 2, "50.00", "2027-06-01", kind="retention", unconditional_on="2027-06-01")
    books.unbilled("DEL1", "300.00", "2026-06-20")
    books.interest("INT1", "12.00", "2026-06-25")
    books.receipt("R1", "40.00", "2026-06-26")


def test_a04_each_item_has_a_class_and_the_headline_is_trade_alone(world: Warehouse) -> None:
    # trade = 950 - 40 unapplied; the retention of 50, the delivery of 300 and the interest of 12 stand beside it
    assert world.by_class("2026-06-30", company="A04") == {
        "trade": D("910.00"),
        "contract_asset": D("50.00"),
        "unbilled": D("300.00"),
        "late_interest": D("12.00"),
    }


def _unbilled(extracts: Extracts) -> None:
    books = extracts.books("A05")
    books.unbilled("DEL1", "100.00", "2026-06-28", billed_by_document_id="INV1")
    books.invoice("INV1", "113.00", "2026-07-05", due="2026-08-04")


def test_a05_a_delivery_counts_as_unbilled_until_its_invoice_is_posted(world: Warehouse) -> None:
    # deliver 100 on 28 Jun, invoice 113 on 5 Jul: never 213
    assert world.by_class("2026-06-30", company="A05") == {"unbilled": D("100.00")}
    assert world.by_class("2026-07-04", company="A05") == {"unbilled": D("100.00")}
    assert world.by_class("2026-07-05", company="A05") == {"trade": D("113.00")}


def test_a05_billing_reverses_the_unbilled_item_on_the_invoice_posting_date(world: Warehouse) -> None:
    reversals = world.movements(company="A05", item="DEL1", kind="reversal")
    assert [(m.effective_date, m.document) for m in reversals] == [(date(2026, 7, 5), D("-100.00"))]


def _red_letter(extracts: Extracts) -> None:
    books = extracts.books("A06")
    books.invoice("INV1", "113.00", "2026-03-02", due="2026-04-01")
    books.invoice("RED1", "-13.00", "2026-03-10")


def test_a06_a_negative_invoice_is_a_credit_note_with_its_original_type_kept(world: Warehouse) -> None:
    rows = world.query(
        "select document_type, original_document_type from marts.fct_document"
        " where company_code = 'A06' and document_id = 'RED1'"
    )
    assert rows == [{"document_type": "credit_note", "original_document_type": "invoice"}]
    assert world.open_amounts("2026-03-31", company="A06") == {"INV1": D("113.00"), "RED1": D("-13.00")}
    assert world.aging("2026-03-31", company="A06") == {"not_due": D("113.00"), "unapplied": D("-13.00")}


def _posting_dates(extracts: Extracts) -> None:
    books = extracts.books("A07")
    books.invoice("INV1", "100.00", "2026-03-31", due="2026-05-30", posting_date="2026-04-02")
    books.receipt("R1", "30.00", "2026-06-30", posting_date="2026-07-01")


def test_a07_an_invoice_posted_in_april_is_not_in_the_march_balance(world: Warehouse) -> None:
    assert world.open_amounts("2026-03-31", company="A07") == {}
    assert world.aging("2026-03-31", "cas_annual", company="A07") == {}
    assert world.open_amounts("2026-04-02", company="A07") == {"INV1": D("100.00")}


def test_a07_on_30_april_it_is_30_days_old_by_document_date_and_28_by_posting_date(world: Warehouse) -> None:
    item = world.balances("2026-04-30", company="A07")["INV1"]
    assert (date(2026, 4, 30) - item["document_date"]).days == 30
    assert (date(2026, 4, 30) - item["posting_date"]).days == 28


def test_a07_a_receipt_counts_from_its_posting_date(world: Warehouse) -> None:
    assert world.total("2026-06-30", company="A07") == D("100.00")
    assert world.total("2026-07-01", company="A07") == D("70.00")


def _status_dates(extracts: Extracts) -> None:
    books = extracts.books("A08")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.payment("R1", "INV1", "100.00", "2026-04-01", status="bounced", status_date="2026-05-10")
    books.receipt("R2", "25.00", "2026-04-01", method="cheque", status="cleared", cleared_on="2026-04-08")
    books.invoice("INV2", "60.00", "2026-03-01", due="2026-03-31")
    books.extension("X1", "INV2", "60.00", "2026-06-30", approved=None)


def test_a08_a_bounced_receipt_reopens_the_invoice_on_its_status_date_at_the_original_due_date(
    world: Warehouse,
) -> None:
    before = world.open_amounts("2026-05-09", company="A08")
    after = world.open_amounts("2026-05-10", company="A08")
    assert "INV1" not in before
    assert (after.get("INV1"), after.get("R1")) == (D("100.00"), None)
    assert world.days_past_due("2026-05-10", company="A08")["INV1"] == 40  # 31 Mar + 40 = 10 May


def test_a08_a_receipt_is_an_item_from_the_day_it_cleared(world: Warehouse) -> None:
    assert "R2" not in world.open_amounts("2026-04-07", company="A08")
    assert world.open_amounts("2026-04-08", company="A08")["R2"] == D("-25.00")


def test_a08_an_extension_that_nobody_approved_is_not_in_force(world: Warehouse) -> None:
    assert world.days_past_due("2026-05-10", company="A08")["INV2"] == 40


def _intragroup(extracts: Extracts) -> None:
    books = extracts.books("A10", customers=("OUT",), intercompany_group="A10G")
    extracts.books("A10S", customers=(), intercompany_group="A10G")
    extracts.books("A10X", customers=(), intercompany_group="A10H")
    books.customer("SISTER", related_party="group", counterparty_company_code="A10S")
    books.customer("OTHER", counterparty_company_code="A10X")
    books.customer("LEFT", counterparty_company_code="A10Z")  # a company that nobody configured
    books.invoice("S1", "200.00", "2026-10-01", due="2026-11-30", customer_id="SISTER")
    books.invoice("S2", "100.00", "2026-12-01", due="2027-01-31", customer_id="SISTER")
    books.invoice("O1", "50.00", "2026-10-01", due="2026-11-30", customer_id="OUT")
    books.invoice("O2", "650.00", "2026-12-01", due="2027-01-31", customer_id="OUT")


def test_a10_the_group_view_leaves_the_sister_company_out_and_the_company_view_keeps_it(
    world: Warehouse,
) -> None:
    rows = world.query(
        """
        select
            customer.counterparty_company_code is not null as is_intragroup,
            cast(sum(aging.open_amount_document) as decimal(18, 2)) as receivable,
            cast(sum(case when aging.days_past_due > 0 then aging.open_amount_document else 0 end) as decimal(18, 2))
                as overdue
        from marts.mart_aging as aging
        inner join marts.dim_customer as customer using (company_code, customer_id)
        where aging.company_code = 'A10'
        group by all
        """
    )
    inside = next(row for row in rows if row["is_intragroup"])
    outside = next(row for row in rows if not row["is_intragroup"])
    assert (inside["receivable"], inside["overdue"]) == (D("300.00"), D("200.00"))
    assert (outside["receivable"], outside["overdue"]) == (D("700.00"), D("50.00"))
    # company 250 / 1,000 = 25 %; group 50 / 700 = 7.1 %
    company = (inside["overdue"] + outside["overdue"]) / (inside["receivable"] + outside["receivable"])
    assert company == D("0.25")
    assert round(outside["overdue"] / outside["receivable"], 3) == D("0.071")


def test_a10_only_a_counterparty_of_the_same_group_is_intragroup(world: Warehouse) -> None:
    rows = world.query(
        "select customer_id from marts.dim_customer where company_code = 'A10' and is_intragroup"
    )
    assert rows == [{"customer_id": "SISTER"}]


def _tax(extracts: Extracts) -> None:
    books = extracts.books("A11")
    for month in ("10", "11", "12"):
        books.invoice(f"INV{month}", "565.00", f"2026-{month}-05", due="2027-03-31", tax_amount="65.00")
    books.payment("R1", "INV10", "565.00", "2026-12-20")


def test_a11_days_of_billing_and_days_of_revenue_differ_by_the_tax(world: Warehouse) -> None:
    receivable = sum(row["open_amount_document"] for row in world.mart_aging(company="A11").values())
    billed = world.query(
        "select sum(amount_document) / 3 as a_month, sum(amount_document - tax_amount_document) / 3 as net_a_month"
        " from marts.fct_document where company_code = 'A11'"
    )[0]
    assert receivable == D("1130.00")
    # 1,130 / 565 x 30 = 60 days; over revenue of 500 a month 67.8
    assert round(receivable / D(str(billed["a_month"])) * 30, 1) == D("60.0")
    assert round(receivable / D(str(billed["net_a_month"])) * 30, 1) == D("67.8")


def _control_accounts(extracts: Extracts) -> None:
    accounts = {
        "trade_control": ["1122"],
        "contract_asset": ["1128"],
        "unbilled": ["1122.99"],
        "allowance": ["1231"],
    }
    books = extracts.books("A12", control_accounts=accounts)
    books.invoice("INV1", "1000.00", "2026-06-01", due="2026-07-01")
    books.instalment("INV1", 1, "950.00", "2026-07-01")
    books.instalment("INV1", 2, "50.00", "2027-06-01", kind="retention", unconditional_on="2027-06-01")
    books.unbilled("DEL1", "300.00", "2026-06-20")
    books.receipt("R1", "40.00", "2026-06-26")
    books.gl_balance("1122", "trade_control", "910.00", "2026-06-30")
    books.gl_balance("1128", "contract_asset", "50.00", "2026-06-30")
    books.gl_balance("1122.99", "unbilled", "300.00", "2026-06-30")
    books.gl_balance("1231", "allowance", "-20.00", "2026-06-30")


def test_a12_open_items_tie_to_the_ledger_class_by_class(world: Warehouse) -> None:
    rows = {row["account_role"]: row for row in world.tie_out(company="A12")}
    ledger = {role: row["gl_balance"] for role, row in rows.items()}
    assert ledger["trade_control"] == D("910.00")
    assert ledger["contract_asset"] == D("50.00")
    assert ledger["unbilled"] == D("300.00")
    for role in ("trade_control", "contract_asset", "unbilled"):
        assert rows[role]["difference"] == D("0.00"), role


def _rates(extracts: Extracts) -> None:
    def rate(day: str, source: str, target: str, value: str, kind: str = "closing") -> None:
        extracts.put(
            "fx_rate", rate_date=day, from_currency=source, to_currency=target, rate=value, rate_type=kind
        )

    books = extracts.books("A13")
    rate("2026-03-01", "USD", "CNY", "7.10")
    rate("2026-04-01", "USD", "CNY", "7.20", kind="booked")
    rate("2026-04-01", "USD", "CNY", "7.15")
    rate("2026-05-01", "CNY", "GBP", "0.11")
    books.invoice("SEVEN", "100.00", "2026-03-08", currency="USD")
    books.invoice("EIGHT", "100.00", "2026-03-09", currency="USD")
    books.invoice("BOOKED", "100.00", "2026-04-02", currency="USD")
    books.invoice("INVERSE", "100.00", "2026-05-02", currency="GBP")
    euro = extracts.books("A13E", functional_currency="EUR")
    rate("2026-12-28", "AUD", "EUR", "0.60")
    rate("2026-12-28", "EUR", "CNY", "8.00")
    euro.invoice("CROSS", "100.00", "2026-12-28", currency="AUD")


def test_a13_a_rate_serves_seven_days_and_no_longer(world: Warehouse) -> None:
    functional = world.open_functional("2026-06-30", company="A13")
    assert functional["SEVEN"] == D("710.00")
    assert functional["EIGHT"] is None


def test_a13_the_booked_rate_goes_before_the_closing_rate(world: Warehouse) -> None:
    assert world.open_functional("2026-06-30", company="A13")["BOOKED"] == D("720.00")


def test_a13_an_inverse_rate_is_used_where_there_is_no_direct_one(world: Warehouse) -> None:
    # 100 / 0.11 = 909.0909...
    assert world.open_functional("2026-06-30", company="A13")["INVERSE"] == D("909.09")


def test_a13_the_reporting_amount_goes_through_the_functional_currency(world: Warehouse) -> None:
    row = world.mart_aging(company="A13E")["CROSS"]
    assert row["open_amount_functional"] == D("60.00")
    assert row["open_amount_reporting"] == D("480.00")  # AUD 100 x 0.60 x 8.00


def test_a13_an_item_without_a_rate_is_counted_and_stays_in_the_document_total(world: Warehouse) -> None:
    row = world.mart_aging(company="A13")["EIGHT"]
    assert (row["open_amount_document"], row["open_amount_functional"]) == (D("100.00"), None)


def _opening_balances(extracts: Extracts) -> None:
    books = extracts.books("A15")
    books.opening_balance("LUMP", "500.00", "2026-01-01", posting_date="2026-01-01")
    books.opening_balance("DATED", "80.00", "2024-08-15", due="2024-09-14", posting_date="2026-01-01")


def test_a15_an_opening_balance_without_original_dates_is_flagged_and_one_with_them_is_not(
    world: Warehouse,
) -> None:
    rows = world.mart_aging(company="A15")
    assert {item: row["is_age_unknown"] for item, row in rows.items()} == {"LUMP": True, "DATED": False}


def test_a15_an_opening_balance_keeps_its_original_age(world: Warehouse) -> None:
    row = world.mart_aging(company="A15")["DATED"]
    assert row["days_past_due"] == (WORLD_DAY - date(2024, 9, 14)).days  # 838
    labels = world.bucket_labels("cas_annual")
    assert labels[row["bucket_cas_annual"]].startswith("二至三年")


def _reissue(extracts: Extracts) -> None:
    books = extracts.books("A16")
    books.invoice("INV1", "113000.00", "2026-02-13", due="2026-03-15")
    books.credit_note("RED1", "113000.00", "2026-04-20", replaces_document_id="INV1")
    books.allocation("A1", "113000.00", "2026-04-20", used="credit_note:RED1", settles="document:INV1")
    books.invoice("INV2", "113000.00", "2026-04-20", due="2026-06-19", replaces_document_id="INV1")


def test_a16_a_reissued_invoice_keeps_the_first_due_date(world: Warehouse) -> None:
    assert world.open_amounts("2026-04-30", company="A16") == {"INV2": D("113000.00")}
    item = world.balances("2026-04-30", company="A16")["INV2"]
    assert item["original_due_date"] == date(2026, 3, 15)
    # 46 days overdue on 30 Apr, not 0
    assert world.days_past_due("2026-04-30", company="A16")["INV2"] == 46


def _unidentified(extracts: Extracts) -> None:
    books = extracts.books("A18")
    books.invoice("INV1", "100.00", "2026-06-01", due="2026-07-01")
    books.receipt("R1", "30.00", "2026-06-10", customer_id=None)
    books.invoice("INV2", "5.00", "2026-06-01", due="2026-07-01", customer_id=None)


def test_a18_cash_without_a_customer_belongs_to_unidentified_and_is_in_every_total(world: Warehouse) -> None:
    items = {item.document_id: item for item in world.open_items("2026-06-30", company="A18")}
    assert items["R1"].customer_id == "(unidentified)"
    assert items["INV2"].customer_id == "(unassigned)"
    assert world.total("2026-06-30", company="A18") == D("75.00")
    assert world.aging("2026-06-30", company="A18") == {"not_due": D("105.00"), "unapplied": D("-30.00")}
