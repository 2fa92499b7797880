"""Worked examples of accounting.md B (aging), on published tables.

Belongs here: schemes, due dates, presentations. Must not: metrics (accounting.md C).
"""

from datetime import date

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import APRIL, JUNE, MARCH

DUE_DATE_SCHEMES = ("standard", "short_mid_long", "monthly_30", "collection", "insurer")
ALL_SCHEMES = (*DUE_DATE_SCHEMES, "cas_annual", "coming_due")


def build_world(extracts: Extracts) -> None:
    _not_due(extracts)
    _annual(extracts)
    _extensions(extracts)
    _net(extracts)
    _overdue_rate(extracts)
    _retention(extracts)
    _disputes(extracts)
    _terms(extracts)
    _holidays(extracts)


def build_history(extracts: Extracts) -> None:
    _late_extension(extracts)


def _not_due(extracts: Extracts) -> None:
    books = extracts.books("B01")
    books.invoice("LATER", "100.00", "2026-06-01", due="2026-07-31")
    books.invoice("TODAY", "10.00", "2026-06-01", due="2026-06-30")
    books.invoice("D1", "1.00", "2026-05-01", due="2026-06-29")
    books.invoice("D30", "2.00", "2026-05-01", due="2026-05-31")
    books.invoice("D31", "3.00", "2026-05-01", due="2026-05-30")
    books.invoice("D90", "4.00", "2026-03-01", due="2026-04-01")
    books.invoice("D91", "5.00", "2026-03-01", due="2026-03-31")
    books.receipt("R1", "20.00", "2026-06-15")


def test_b01_what_is_not_due_has_its_own_bucket_and_never_falls_into_1_to_30(world: Warehouse) -> None:
    assert world.aging("2026-06-30", "short_mid_long", company="B01") == {
        "not_due": D("110.00"),
        "1-30": D("3.00"),
        "31-90": D("7.00"),
        ">90": D("5.00"),
        "unapplied": D("-20.00"),
    }


@pytest.mark.parametrize("scheme", ALL_SCHEMES)
def test_b01_the_buckets_of_every_scheme_sum_to_the_outstanding(world: Warehouse, scheme: str) -> None:
    buckets = world.aging("2026-06-30", scheme, company="B01")
    assert sum(buckets.values()) == D("105.00")  # 125 of invoices - 20 unapplied
    assert buckets["unapplied"] == D("-20.00")


def _annual(extracts: Extracts) -> None:
    books = extracts.books("B02")
    books.invoice("INV1", "100.00", "2024-12-31", due="2025-01-30")
    books.invoice("LEAP", "10.00", "2024-02-29", due="2024-03-30")


def test_b02_exactly_twelve_months_is_still_within_one_year(world: Warehouse) -> None:
    labels = world.bucket_labels("cas_annual")

    def label(day: str) -> dict[str, D]:
        return {
            labels[bucket][:4]: amount
            for bucket, amount in world.aging(day, "cas_annual", company="B02").items()
        }

    # INV1 of 31 Dec 2024: 一年以内 on 31 Dec 2025, 一至二年 on 1 Jan 2026
    assert label("2025-12-31") == {"一年以内": D("100.00"), "一至二年": D("10.00")}
    assert label("2026-01-01") == {"一至二年": D("110.00")}
    # 29 Feb 2024 + 24 months clamps to 28 Feb 2026
    assert label("2026-02-28") == {"一至二年": D("110.00")}
    assert label("2026-03-01") == {"一至二年": D("100.00"), "二至三年": D("10.00")}


def _extensions(extracts: Extracts) -> None:
    books = extracts.books("B03")
    books.invoice("BEFORE", "100.00", "2026-03-01", due="2026-03-31")
    books.extension("X1", "BEFORE", "100.00", "2026-04-30", approved="2026-03-20")
    books.invoice("AFTER", "100.00", "2026-03-01", due="2026-03-31")
    books.extension("X2", "AFTER", "100.00", "2026-06-30", approved="2026-04-10")


def test_b03_an_extension_agreed_before_the_due_date_moves_it(world: Warehouse) -> None:
    # due 31 Mar, agreed 20 Mar to 30 Apr: on 15 Apr not overdue, on 1 May one day
    assert world.days_past_due("2026-04-15", company="B03")["BEFORE"] == -15
    assert world.days_past_due("2026-05-01", company="B03")["BEFORE"] == 1


def test_b03_an_extension_agreed_after_the_due_date_does_not_clean_the_figure(world: Warehouse) -> None:
    # agreed 10 Apr to 30 Jun: on 30 Apr overdue 30 days, not overdue on the agreed basis
    item = world.balances("2026-04-30", company="B03")["AFTER"]
    assert world.days_past_due("2026-04-30", company="B03")["AFTER"] == 30
    assert (item["original_due_date"], item["agreed_due_date"]) == (date(2026, 3, 31), date(2026, 6, 30))


def test_b04_an_extension_counts_from_the_day_it_was_agreed(world: Warehouse) -> None:
    # on 5 Apr the extension of 10 Apr does not exist: overdue 5 days on both
    item = world.balances("2026-04-05", company="B03")["AFTER"]
    assert world.days_past_due("2026-04-05", company="B03")["AFTER"] == 5
    assert item["agreed_due_date"] in (None, date(2026, 3, 31))
    assert world.balances("2026-03-19", company="B03")["BEFORE"]["due_date"] == date(2026, 3, 31)
    assert world.balances("2026-03-20", company="B03")["BEFORE"]["due_date"] == date(2026, 4, 30)


def _late_extension(extracts: Extracts) -> None:
    books = extracts.books("B04")
    books.known(until=APRIL).invoice("INV1", "100.00", "2026-03-01", due="2026-04-15")
    books.known(since=APRIL).invoice("INV1", "100.00", "2026-03-01", due="2026-07-15")
    books.invoice("INV2", "100.00", "2026-03-01", due="2026-05-31")
    books.known(since=APRIL).extension("X1", "INV2", "100.00", "2026-08-31", approved="2026-04-20")


def test_b04_the_original_due_date_is_that_of_the_first_version_landed(history: Warehouse) -> None:
    # moved from 15 Apr to 15 Jul in the delivery of 30 Apr, after it fell due: still 76 days overdue on 30 Jun
    item = history.balances(JUNE, company="B04")["INV1"]
    assert item["original_due_date"] == date(2026, 4, 15)
    assert history.days_past_due(JUNE, company="B04")["INV1"] == 76


def test_b04_an_extension_landed_later_changes_no_answer_of_before(history: Warehouse) -> None:
    as_of = date(2026, 6, 15)
    then = {
        item.document_id: item.days_past_due
        for item in history.open_items(as_of, known_at=MARCH, company="B04")
    }
    now = history.days_past_due(as_of, company="B04")
    assert then["INV2"] == 15  # due 31 May, no extension known
    assert now["INV2"] == -77  # 31 Aug, agreed before 31 May


def _net(extracts: Extracts) -> None:
    books = extracts.books("B05", customers=("A", "B"))
    books.invoice("A1", "60.00", "2026-09-01", due="2026-10-01", customer_id="A")
    books.invoice("A2", "40.00", "2026-10-01", due="2026-11-30", customer_id="A")
    books.receipt("B1", "30.00", "2026-12-01", customer_id="B")
    net = extracts.books("B05N", customers=("A",))
    net.invoice("OLD", "300.00", "2026-09-01", due="2026-10-01", customer_id="A")
    net.invoice("NEW", "700.00", "2026-12-01", due="2027-01-31", customer_id="A")
    net.receipt("R1", "100.00", "2026-12-15", customer_id="A")
    other = extracts.books("B05C", customers=("A",))
    other.invoice("CNY1", "50.00", "2026-09-01", due="2026-10-01", customer_id="A")
    other.receipt("USD1", "80.00", "2026-12-15", customer_id="A", currency="USD", functional_amount="560.00")


def test_b05_credit_balances_are_a_liability_and_not_netted_over_customers(world: Warehouse) -> None:
    # A +100, B -30: control account 70, balance sheet 100 and liability 30
    totals = world.query(
        """
        select customer_id, cast(sum(net_amount_document) as decimal(18, 2)) as balance
        from marts.mart_aging_customer
        where company_code = 'B05' and scheme = 'standard'
        group by customer_id
        """
    )
    balances = {row["customer_id"]: row["balance"] for row in totals}
    assert balances == {"A": D("100.00"), "B": D("-30.00")}
    assert sum(balances.values()) == world.total("2026-12-31", company="B05") == D("70.00")


def _customer_aging(world: Warehouse, company: str, column: str) -> dict[tuple[str, str], D]:
    rows = world.query(
        f"select currency, bucket, {column} as amount from marts.mart_aging_customer"
        " where company_code = $1 and scheme = 'standard'",
        [company],
    )
    return {(row["currency"], row["bucket"]): row["amount"] for row in rows if row["amount"]}


def test_b05_unapplied_cash_reduces_the_oldest_item_in_the_net_presentation(world: Warehouse) -> None:
    gross = _customer_aging(world, "B05N", "gross_amount_document")
    assert {bucket: amount for (_, bucket), amount in gross.items() if bucket != "unapplied"} == {
        "91-180": D("300.00"),
        "not_due": D("700.00"),
    }
    # 300 - 100 of unapplied cash: 200 overdue 91 days, 700 not due
    assert _customer_aging(world, "B05N", "net_amount_document") == {
        ("CNY", "91-180"): D("200.00"),
        ("CNY", "not_due"): D("700.00"),
    }


def test_b05_a_credit_in_another_currency_nets_nothing(world: Warehouse) -> None:
    assert _customer_aging(world, "B05C", "net_amount_document") == {
        ("CNY", "91-180"): D("50.00"),
        ("USD", "unapplied"): D("-80.00"),
    }


def _overdue_rate(extracts: Extracts) -> None:
    books = extracts.books("B06", customers=("A",))
    books.invoice("OLD", "300.00", "2026-09-01", due="2026-12-01", customer_id="A")
    books.invoice("NEW", "700.00", "2026-12-01", due="2027-01-31", customer_id="A")
    books.receipt("R1", "100.00", "2026-12-15", customer_id="A")


def test_b06_the_overdue_rate_is_30_percent_gross_and_22_2_percent_net(world: Warehouse) -> None:
    items = world.mart_aging(company="B06").values()
    debits = sum(row["open_amount_document"] for row in items if row["open_amount_document"] > 0)
    overdue = sum(
        row["open_amount_document"] for row in items if row["days_past_due"] > 0 < row["open_amount_document"]
    )
    assert overdue / debits == D("0.3")
    net = _customer_aging(world, "B06", "net_amount_document")
    assert net == {("CNY", "1-30"): D("200.00"), ("CNY", "not_due"): D("700.00")}
    assert round(net["CNY", "1-30"] / sum(net.values()), 3) == D("0.222")


def test_b06_what_credits_take_off_stands_with_each_item(world: Warehouse) -> None:
    items = world.mart_aging(company="B06").items()
    assert {name: row["absorbed_amount_document"] for name, row in items} == {
        "OLD": D("100.00"), "NEW": D("0.00"), "R1": D("0.00"),
    }  # fmt: skip


def _retention(extracts: Extracts) -> None:
    books = extracts.books("B07")
    books.invoice("INV1", "1000000.00", "2026-01-15", due="2026-03-31")
    books.instalment("INV1", 1, "950000.00", "2026-03-31")
    books.instalment("INV1", 2, "50000.00", "2026-09-30", kind="retention", unconditional_on="2026-10-01")
    books.invoice("INV2", "2000.00", "2026-01-15", due="2026-03-31")
    books.instalment("INV2", 1, "1900.00", "2026-03-31")
    books.instalment("INV2", 2, "100.00", "2026-09-30", kind="retention")


def test_b07_a_conditional_retention_is_a_contract_asset_until_it_is_unconditional(world: Warehouse) -> None:
    # 1,000,000 with 5 %: receivable 950,000 and contract asset 50,000; the small one never becomes unconditional
    assert world.by_class("2026-06-30", company="B07") == {
        "trade": D("951900.00"),
        "contract_asset": D("50100.00"),
    }
    assert world.by_class("2026-09-30", company="B07") == {
        "trade": D("951900.00"),
        "contract_asset": D("50100.00"),
    }
    assert world.by_class("2026-10-01", company="B07") == {
        "trade": D("1001900.00"),
        "contract_asset": D("100.00"),
    }


def test_b07_the_transfer_between_classes_is_a_pair_that_nets_to_zero(world: Warehouse) -> None:
    transfers = world.movements(company="B07", kind="class_transfer")
    assert sorted((m.effective_date, m.receivable_class, m.document) for m in transfers) == [
        (date(2026, 10, 1), "contract_asset", D("-50000.00")),
        (date(2026, 10, 1), "trade", D("50000.00")),
    ]


def _disputes(extracts: Extracts) -> None:
    books = extracts.books("B08")
    books.invoice("INV1", "100.00", "2026-10-01", due="2026-11-30")
    books.dispute("D1", "INV1", "20.00", "2026-12-05")
    books.invoice("INV2", "100.00", "2026-10-01", due="2026-11-30")
    books.payment("R2", "INV2", "90.00", "2026-12-10")
    books.dispute("D2", "INV2", "20.00", "2026-12-05")
    books.invoice("INV3", "100.00", "2026-10-01", due="2026-11-30")
    books.dispute("D3", "INV3", "20.00", "2026-12-05", closed_on="2026-12-20", status="resolved")


def test_b08_a_disputed_amount_stays_overdue_and_is_shown_as_of_which(world: Warehouse) -> None:
    rows = world.mart_aging(company="B08")
    shown = {
        item: (row["open_amount_document"], row["disputed_amount_document"]) for item, row in rows.items()
    }
    # overdue 100, disputed 20, collectible 80; never more than what is open (10); a closed dispute is none
    assert shown == {
        "INV1": (D("100.00"), D("20.00")),
        "INV2": (D("10.00"), D("10.00")),
        "INV3": (D("100.00"), D("0.00")),
    }
    assert {row["days_past_due"] for row in rows.values()} == {31}


TERMS: tuple[tuple[str, str, str, dict[str, str], str], ...] = (
    # id, document date, terms, start dates, due date by hand
    ("EOM30", "2026-01-27", "月结30天", {}, "2026-03-02"),  # 31 Jan + 30
    ("CUT25", "2026-01-27", "EOM@25+30", {}, "2026-03-27"),  # cut-off 25 Feb + 30
    ("CUT25B", "2026-01-25", "EOM@25+30", {}, "2026-02-24"),  # on the cut-off day itself: 25 Jan + 30
    ("MONTH", "2026-01-10", "EOM+1M", {}, "2026-02-28"),  # end of next month
    ("RECEIVED", "2026-01-10", "票到30天", {"invoice_received_on": "2026-01-20"}, "2026-02-19"),
    ("ACCEPTED", "2026-01-10", "验收后30天", {"accepted_on": "2026-02-01"}, "2026-03-03"),
    ("NOSTART", "2026-01-10", "票到30天", {}, "2026-02-09"),  # falls back to the document date, flagged
)


def _terms(extracts: Extracts) -> None:
    books = extracts.books("B09")
    for document_id, dated, terms, starts, _ in TERMS:
        books.document(
            document_id, "100.00", dated, document_type="invoice", due=None, payment_terms=terms, **starts
        )


@pytest.mark.parametrize(
    ("document_id", "dated", "terms", "starts", "due"), TERMS, ids=[row[0] for row in TERMS]
)
def test_b09_due_dates_follow_the_terms(
    world: Warehouse, document_id: str, dated: str, terms: str, starts: dict[str, str], due: str
) -> None:
    assert world.mart_aging(company="B09")[document_id]["due_date"] == date.fromisoformat(due)


def test_b09_a_due_date_that_the_source_did_not_give_is_flagged(world: Warehouse) -> None:
    assert {row["is_due_date_derived"] for row in world.mart_aging(company="B09").values()} == {True}


def _holidays(extracts: Extracts) -> None:
    extracts.books("B10", country="CN").invoice("INV1", "100.00", "2026-09-01", due="2026-10-01")


def test_b10_aging_stays_on_the_calendar_due_date_over_a_holiday(world: Warehouse) -> None:
    # due on the national holiday of 1 Oct: overdue on 2 Oct, although reminders wait until the 9th
    assert world.days_past_due("2026-10-01", company="B10") == {"INV1": 0}
    assert world.days_past_due("2026-10-02", company="B10") == {"INV1": 1}
    assert world.aging("2026-10-02", company="B10") == {"1-30": D("100.00")}
