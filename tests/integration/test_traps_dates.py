"""Traps A and B of traps.md: as-of dates, due dates and buckets.

Belongs here: T01-T16. Must not: traps about receipts, currencies or the warehouse.
"""

from datetime import date

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import APRIL, JUNE, MARCH, MAY, WORLD_DAY

DUE_DATE_SCHEMES = ("standard", "short_mid_long", "monthly_30", "collection", "insurer", "coming_due")


def build_world(extracts: Extracts) -> None:
    _paid_after_as_of(extracts)
    _allocated_after_payment(extracts)
    _later_accounting_date(extracts)
    _both_sides(extracts)
    _part_payments(extracts)
    _terms(extracts)
    _instalments(extracts)
    _missing_due_date(extracts)
    _edges(extracts)


def build_history(extracts: Extracts) -> None:
    _unreconciled(extracts)
    _backdated(extracts)


def _paid_after_as_of(extracts: Extracts) -> None:
    books = extracts.books("T01")
    books.invoice("INV1", "1000.00", "2026-04-30", due="2026-05-15")
    books.payment("R1", "INV1", "1000.00", "2026-06-30")
    live = extracts.books("T02")
    live.invoice("INV1", "110775.00", "2026-04-01", due="2026-05-01")
    live.payment("R1", "INV1", "60000.00", "2026-07-10")
    live.payment("R2", "INV1", "50250.00", "2026-07-20")


def test_t01_aging_as_of_may_run_in_december_shows_the_invoice_paid_in_june_open_in_full(
    world: Warehouse,
) -> None:
    assert world.open_amounts("2026-05-31", company="T01") == {"INV1": D("1000.00")}
    assert world.aging("2026-05-31", company="T01") == {"1-30": D("1000.00")}
    assert world.open_amounts("2026-06-29", company="T01") == {"INV1": D("1000.00")}
    assert world.open_amounts("2026-06-30", company="T01") == {}


def test_t02_receipts_dated_after_as_of_are_not_subtracted(world: Warehouse) -> None:
    # the live balance is 525, the true one of 30 June 110,775
    assert world.total("2026-06-30", company="T02") == D("110775.00")
    assert world.total("2026-07-10", company="T02") == D("50775.00")
    assert world.total(WORLD_DAY, company="T02") == D("525.00")


def _allocated_after_payment(extracts: Extracts) -> None:
    books = extracts.books("T03")
    books.invoice("INV1", "100000.00", "2026-01-31", due="2026-03-02")
    books.invoice("INV2", "50000.00", "2026-04-10", due="2026-05-10")
    books.receipt("R1", "1000.00", "2026-02-15")
    books.allocation("A1", "1000.00", "2026-05-20", used="receipt:R1", settles="document:INV1")


def test_t03_cash_of_february_allocated_in_may_is_an_unapplied_credit_in_april(world: Warehouse) -> None:
    # 100,000 + 50,000 - 1,000 = 149,000 before and after the application
    assert world.open_amounts("2026-04-30", company="T03") == {
        "INV1": D("100000.00"),
        "INV2": D("50000.00"),
        "R1": D("-1000.00"),
    }
    april = world.aging("2026-04-30", company="T03")
    assert april == {"31-60": D("100000.00"), "not_due": D("50000.00"), "unapplied": D("-1000.00")}
    assert sum(april.values()) == world.total("2026-05-20", company="T03") == D("149000.00")
    assert world.open_amounts("2026-05-20", company="T03") == {"INV1": D("99000.00"), "INV2": D("50000.00")}


def _later_accounting_date(extracts: Extracts) -> None:
    books = extracts.books("T04")
    books.invoice("INV1", "100.00", "2026-06-28", due="2026-07-28", posting_date="2026-07-02")
    books.receipt("R1", "100.00", "2026-06-25", posting_date="2026-06-26")
    books.allocation("A1", "100.00", "2026-06-27", used="receipt:R1", settles="document:INV1")


def test_t04_an_item_closes_on_the_later_accounting_date_of_the_two(world: Warehouse) -> None:
    # matched on 27 June, but the invoice is in the books from 2 July: on 30 June the cash is unapplied
    assert world.open_amounts("2026-06-30", company="T04") == {"R1": D("-100.00")}
    assert world.open_amounts("2026-07-01", company="T04") == {"R1": D("-100.00")}
    assert world.open_amounts("2026-07-02", company="T04") == {}


def _unreconciled(extracts: Extracts) -> None:
    books = extracts.books("T05")
    books.invoice("INV1", "100.00", "2026-02-01", due="2026-03-03")
    books.receipt("R1", "100.00", "2026-02-20")
    for view in (books.known(until=APRIL), books.known(since=JUNE)):
        view.allocation("A1", "100.00", "2026-02-20", used="receipt:R1", settles="document:INV1")


def test_t05_matching_again_later_does_not_rewrite_the_past(history: Warehouse) -> None:
    # matched on 20 Feb, unmatched by the dump of 30 Apr, matched again in that of 30 June
    both = {"INV1": D("100.00"), "R1": D("-100.00")}
    assert history.open_amounts(MARCH, company="T05") == {}
    assert history.open_amounts("2026-04-29", company="T05") == {}
    assert history.open_amounts(APRIL, company="T05") == both
    assert history.open_amounts("2026-06-29", company="T05") == both
    assert history.open_amounts(JUNE, company="T05") == {}


def test_t05_every_step_is_a_movement_of_its_own(history: Warehouse) -> None:
    legs = [m for m in history.movements(company="T05", item="INV1") if m.allocation_id]
    assert [(m.effective_date, m.document) for m in legs] == [
        (date(2026, 2, 20), D("-100.00")),
        (APRIL, D("100.00")),
        (JUNE, D("-100.00")),
    ]


def _both_sides(extracts: Extracts) -> None:
    books = extracts.books("T06")
    books.invoice("INV1", "60.00", "2020-01-10", due="2020-02-09")
    books.credit_note("CN1", "100.00", "2020-01-15")
    books.receipt("REF1", "-40.00", "2020-03-01")
    books.allocation("A1", "60.00", "2020-01-20", used="credit_note:CN1", settles="document:INV1")
    books.allocation("A2", "40.00", "2020-03-01", used="credit_note:CN1", settles="refund:REF1")
    books.invoice("INV2", "100.00", "2020-01-10", due="2020-02-09")
    books.receipt("R2", "130.00", "2020-02-01")
    books.allocation("A3", "130.00", "2020-02-01", used="receipt:R2", settles="document:INV2")
    books.receipt("REF2", "-30.00", "2020-04-01")
    books.allocation("A4", "30.00", "2020-04-01", used="document:INV2", settles="refund:REF2")


def test_t06_an_old_item_with_partials_on_both_sides_stays_closed_after_the_last_one(
    world: Warehouse,
) -> None:
    assert world.open_amounts("2020-03-31", company="T06") == {"INV2": D("-30.00")}
    for day in ("2020-04-01", "2023-06-30", "2026-12-31", "2030-01-01"):
        assert world.open_amounts(day, company="T06") == {}, day


def _part_payments(extracts: Extracts) -> None:
    books = extracts.books("T07")
    books.invoice("INV1", "10000.00", "2026-04-20", due="2026-05-20")
    books.payment("R1", "INV1", "2000.00", "2026-05-05")
    books.payment("R2", "INV1", "1500.00", "2026-05-20")
    books.payment("R3", "INV1", "1000.00", "2026-06-02")


def test_t07_what_three_part_payments_leave_sits_in_the_bucket_of_the_due_date(world: Warehouse) -> None:
    # 10,000 - 2,000 - 1,500 - 1,000 = 5,500, due 20 May: 41 days on 30 June, one row
    assert world.open_amounts("2026-06-30", company="T07") == {"INV1": D("5500.00")}
    assert world.aging("2026-06-30", company="T07") == {"31-60": D("5500.00")}


def test_t08_aging_as_of_a_future_day_uses_that_day(world: Warehouse) -> None:
    # 20 May 2026 to 20 May 2027: 365 days
    assert world.days_past_due("2027-05-20", company="T07") == {"INV1": 365}
    assert world.aging("2027-05-20", company="T07") == {">360": D("5500.00")}


def _backdated(extracts: Extracts) -> None:
    books = extracts.books("T09")
    books.invoice("INV1", "100.00", "2026-01-15", due="2026-02-14")
    books.receipt("R1", "100.00", "2026-02-10")
    books.known(since=MAY).allocation(
        "A1", "100.00", "2026-02-10", used="receipt:R1", settles="document:INV1"
    )
    books.known(since=MAY).receipt("LATE", "7.00", "2026-03-20")


def test_t09_a_match_keyed_in_may_and_dated_february_leaves_what_april_reported_as_it_was(
    history: Warehouse,
) -> None:
    both = {"INV1": D("100.00"), "R1": D("-100.00")}
    assert history.open_amounts(MARCH, known_at=MARCH, company="T09") == both
    assert history.open_amounts(MARCH, known_at=APRIL, company="T09") == both
    assert history.open_amounts(MARCH, known_at=MAY, company="T09") == {"LATE": D("-7.00")}


def test_t09_the_change_of_a_closed_day_is_a_restatement_row(history: Warehouse) -> None:
    # on 31 March: the receipt of 7.00 was keyed in May; the match nets to nothing
    rows = history.restatements(company="T09")
    assert sum((row["amount_document"] for row in rows), D(0)) == D("-7.00")
    assert {row["effective_date"] for row in rows} <= {date(2026, 2, 10), date(2026, 3, 20)}


TERMS: tuple[tuple[str, str, str, str], ...] = (
    ("T10A", "2026-02-28", "EOM+1M", "2026-03-31"),
    ("T10B", "2026-06-11", "EOM+1M", "2026-07-31"),
    ("T11A", "2026-09-13", "45 EOM", "2026-10-31"),  # 28 Oct, then the month end
    ("T11B", "2026-09-13", "EOM+45", "2026-11-14"),  # 30 Sep + 45
    ("T11C", "2026-01-31", "EOM+1M", "2026-02-28"),
    ("T11D", "2024-01-31", "EOM+1M", "2024-02-29"),
    ("T11E", "2026-01-30", "NET30", "2026-03-01"),  # 30 days are not a month
)


def _terms(extracts: Extracts) -> None:
    books = extracts.books("T10")
    for document_id, dated, terms, _ in TERMS:
        books.document(document_id, "1.00", dated, document_type="invoice", due=None, payment_terms=terms)


@pytest.mark.parametrize(
    ("document_id", "dated", "terms", "due"), TERMS[:2], ids=[row[0] for row in TERMS[:2]]
)
def test_t10_one_month_after_month_end_is_a_month_end(
    world: Warehouse, document_id: str, dated: str, terms: str, due: str
) -> None:
    assert world.mart_aging(company="T10")[document_id]["due_date"] == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("document_id", "dated", "terms", "due"), TERMS[2:], ids=[row[0] for row in TERMS[2:]]
)
def test_t11_days_then_month_end_is_not_month_end_then_days(
    world: Warehouse, document_id: str, dated: str, terms: str, due: str
) -> None:
    assert world.mart_aging(company="T10")[document_id]["due_date"] == date.fromisoformat(due)


def _instalments(extracts: Extracts) -> None:
    books = extracts.books("T12")
    books.invoice("INV1", "90.00", "2026-06-01", due="2026-09-01")
    for number, due in ((1, "2026-07-01"), (2, "2026-08-01"), (3, "2026-09-01")):
        books.instalment("INV1", number, "30.00", due)
    books.payment("R1", "INV1", "40.00", "2026-06-20")
    named = extracts.books("T12N")
    named.invoice("INV1", "90.00", "2026-06-01", due="2026-09-01")
    for number, due in ((1, "2026-07-01"), (2, "2026-08-01"), (3, "2026-09-01")):
        named.instalment("INV1", number, "30.00", due)
    named.receipt("R1", "50.00", "2026-06-20")
    named.allocation(
        "A1", "30.00", "2026-06-20", used="receipt:R1", settles="document:INV1", to_instalment_no=3
    )
    named.allocation("A2", "20.00", "2026-06-25", used="receipt:R1", settles="document:INV1")


def test_t12_one_invoice_with_three_instalments_is_three_items_and_cash_settles_the_earliest_due(
    world: Warehouse,
) -> None:
    assert world.open_amounts("2026-06-10", company="T12") == {
        "INV1": D("30.00"),
        "INV1#2": D("30.00"),
        "INV1#3": D("30.00"),
    }
    # 40 = 30 on the first, 10 on the second; nothing is overdue on 1 August, nothing negative
    assert world.open_amounts("2026-08-01", company="T12") == {"INV1#2": D("20.00"), "INV1#3": D("30.00")}
    assert world.aging("2026-08-01", company="T12") == {"not_due": D("50.00")}
    assert world.aging("2026-08-02", company="T12") == {"1-30": D("20.00"), "not_due": D("30.00")}


def test_t12_an_instalment_that_the_payer_names_is_the_one_that_is_settled(world: Warehouse) -> None:
    assert world.open_amounts("2026-06-20", company="T12N") == {
        "INV1": D("30.00"),
        "INV1#2": D("30.00"),
        "R1": D("-20.00"),
    }
    assert world.open_amounts("2026-06-25", company="T12N") == {"INV1": D("10.00"), "INV1#2": D("30.00")}


@pytest.mark.parametrize("scheme", (*DUE_DATE_SCHEMES, "cas_annual"))
def test_t13_buckets_sum_to_the_outstanding_for_every_customer_and_currency(
    world: Warehouse, scheme: str
) -> None:
    differing = world.query(
        f"""
        with bucketed as (
            select company_code, customer_id, currency, sum(amount_document) as amount
            from marts.aging_as_of(date '2026-06-30', '{scheme}')
            group by all
        ),
        outstanding as (
            -- headline receivables are class trade
            select company_code, customer_id, currency, sum(open_amount_document) as amount
            from marts.fct_open_item_balance
            where receivable_class = 'trade' and known_to = timestamp '9999-12-31 00:00:00'
                and effective_from <= date '2026-06-30' and date '2026-06-30' < effective_to
            group by all
        )
        select *
        from outstanding
        full outer join bucketed using (company_code, customer_id, currency)
        where coalesce(outstanding.amount, 0) <> coalesce(bucketed.amount, 0)
        """
    )
    assert differing == []


def test_t13_every_item_of_the_aging_mart_has_exactly_one_bucket_in_every_scheme(world: Warehouse) -> None:
    schemes = (*DUE_DATE_SCHEMES, "cas_annual")
    missing = " or ".join(f"bucket_{scheme} is null" for scheme in schemes)
    assert world.query(f"select open_item_id from marts.mart_aging where {missing}") == []
    repeated = world.query(
        "select open_item_id from marts.mart_aging group by open_item_id having count(*) > 1"
    )
    assert repeated == []


def test_t13_what_is_not_yet_due_never_lands_in_an_overdue_bucket(world: Warehouse) -> None:
    wrong = world.query(
        "select open_item_id from marts.mart_aging where open_amount_document > 0"
        " and (days_past_due <= 0) <> (bucket_standard = 'not_due')"
    )
    assert wrong == []


def _missing_due_date(extracts: Extracts) -> None:
    books = extracts.books("T14")
    books.document("JRN1", "40.00", "2026-05-31", document_type="debit_note", due=None)
    books.invoice("INV1", "60.00", "2026-05-01", due="2026-07-31", posting_date="2026-05-03")
    books.receipt("ADV1", "15.00", "2026-06-01")


def test_t14_a_missing_due_date_falls_back_to_the_document_date_and_is_flagged(world: Warehouse) -> None:
    row = world.mart_aging(company="T14")["JRN1"]
    assert (row["due_date"], row["is_due_date_derived"]) == (date(2026, 5, 31), True)
    assert world.mart_aging(company="T14")["INV1"]["is_due_date_derived"] is False
    assert [row["record_id"] for row in world.findings("missing_due_date", company="T14")] == ["T14|D|JRN1|1"]


def test_t14_the_total_is_the_same_on_every_basis(world: Warehouse) -> None:
    # 40 + 60 - 15, by policy due date, by days to go and by document date
    for scheme in ("standard", "coming_due", "cas_annual"):
        assert sum(world.aging("2026-06-30", scheme, company="T14").values()) == D("85.00"), scheme


def test_t15_due_today_is_not_overdue_and_tomorrow_it_is(world: Warehouse) -> None:
    assert world.days_past_due("2026-05-20", company="T07") == {"INV1": 0}
    assert set(world.aging("2026-05-20", company="T07")) == {"not_due"}
    assert world.days_past_due("2026-05-21", company="T07") == {"INV1": 1}
    assert set(world.aging("2026-05-21", company="T07")) == {"1-30"}


def _edges(extracts: Extracts) -> None:
    books = extracts.books("T15")
    books.invoice("TODAY", "1.00", "2026-12-01", due="2026-12-31")
    books.invoice("DAY1", "2.00", "2026-12-01", due="2026-12-30")
    books.invoice("DAY30", "4.00", "2025-12-31", due="2026-12-01")  # of exactly 12 months ago
    books.invoice("DAY31", "8.00", "2025-12-30", due="2026-11-30")
    books.receipt("R1", "16.00", "2026-12-01")
    books.invoice("MOVED", "32.00", "2026-11-01", due="2026-12-01")
    books.extension("X1", "MOVED", "32.00", "2027-01-31", approved="2026-11-20")


def test_t15_the_marts_of_the_release_place_items_on_the_edges_as_its_macros_do(world: Warehouse) -> None:
    rows = world.mart_aging(company="T15")
    placed = {item: (row["bucket_standard"], row["bucket_cas_annual"]) for item, row in rows.items()}
    assert placed == {
        "TODAY": ("not_due", "0-12"),
        "DAY1": ("1-30", "0-12"),
        "DAY30": ("1-30", "0-12"),
        "DAY31": ("31-60", "13-24"),
        "R1": ("unapplied", "unapplied"),
        "MOVED": ("not_due", "0-12"),
    }
    assert rows["MOVED"]["days_past_due"] == -31
    for scheme in (*DUE_DATE_SCHEMES, "cas_annual"):
        by_customer = world.query(
            "select bucket, gross_amount_document + unapplied_amount_document as amount"
            " from marts.mart_aging_customer where company_code = 'T15' and scheme = $1",
            [scheme],
        )
        shown = {row["bucket"]: row["amount"] for row in by_customer}
        assert shown == world.aging(WORLD_DAY, scheme, company="T15"), scheme


def test_t16_every_published_relation_gives_an_item_the_same_due_date(world: Warehouse) -> None:
    differing = world.query(
        f"""
        select aging.open_item_id
        from marts.mart_aging as aging
        full outer join marts.open_items_as_of(date '{WORLD_DAY}') as item using (open_item_id)
        left join marts.fct_open_item_balance as balance
            on balance.open_item_id = item.open_item_id
            and balance.effective_from <= date '{WORLD_DAY}' and date '{WORLD_DAY}' < balance.effective_to
            and balance.known_to >= timestamp '9999-12-31 00:00:00'
        where item.open_amount_document <> 0
            and (
                aging.due_date is distinct from item.due_date
                or balance.due_date is distinct from item.due_date
                or aging.days_past_due is distinct from item.days_past_due
                or item.days_past_due is distinct from datediff('day', item.due_date, date '{WORLD_DAY}')
            )
        """
    )
    assert differing == []
