"""Early-warning rules where what is told changes between deliveries, or two facts of one day stand beside each other.

Belongs here: one company per case, three deliveries, episodes on mart_risk_warning. Must not: when each rule opens and
closes in general (test_risk_warning.py), other policies and the track record (test_risk_warning_policy.py).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.kit import Books, D, Extracts, SourcePlan, Warehouse
from tests.kit.worlds import JUNE, LENIENT_GATES, WORLD_DAY, made

SEPTEMBER = date(2026, 9, 30)
CANCELLED = {"status": "cancelled", "status_date": SEPTEMBER}


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A world of its own, in whose last week nothing happens that warns of anybody."""
    extracts = Extracts([SourcePlan("erp", (JUNE, SEPTEMBER, WORLD_DAY))], gates=LENIENT_GATES)
    _slow_payer(extracts)
    _payment_undone(extracts)
    _billed_again(extracts)
    _moved_twice(extracts)
    _promises_of_one_day(extracts)
    _promises_of_an_account(extracts)
    _insured(extracts)
    _closed(extracts)
    _cash_only(extracts)
    _foreign_accounts(extracts)
    _accounts_taken_back(extracts)
    _dollars(extracts)
    _lifted_at_once(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("deliveries")), request=request)
    yield warehouse
    warehouse.close()


def _slow_payer(extracts: Extracts) -> None:
    _stops_paying(extracts.books("WRN-SLOW", country="CN"))


def _payment_undone(extracts: Extracts) -> None:
    books = extracts.books("WRN-UNDONE", country="CN")
    _stops_paying(books)
    # said in September: it was somebody else's money
    for said, status in ((books.known(until=SEPTEMBER), {}), (books.known(since=SEPTEMBER), CANCELLED)):
        said.payment("R1", "INV1", "60000.00", "2026-08-20", **status)


def _stops_paying(books: Books) -> None:
    for number in range(6):
        paid = date(2026, 1, 2) + timedelta(days=24 * number)
        books.invoice(f"S{number}", "1000.00", "2026-01-01", due=paid)
        books.payment(f"RS{number}", f"S{number}", "1000.00", paid)
    books.invoice("INV1", "150000.00", "2026-03-01", due="2026-03-31")


def _billed_again(extracts: Extracts) -> None:
    books = extracts.books("WRN-AGAIN", country="CN")
    books.invoice("OLD", "100000.00", "2026-01-01", due="2027-06-30")
    books.invoice("INV1", "113000.00", "2026-02-13", due="2026-03-15")
    books.credit_note("CN1", "113000.00", "2026-04-20")
    books.allocation("A1", "113000.00", "2026-04-20", used="credit_note:CN1", settles="document:INV1")
    books.invoice("INV2", "113000.00", "2026-04-20", due="2026-06-19")


def _moved_twice(extracts: Extracts) -> None:
    books = extracts.books("WRN-MOVED", country="CN")
    for since, until, due in (
        (None, SEPTEMBER, "2026-03-31"),
        (SEPTEMBER, WORLD_DAY, "2026-11-30"),
        (WORLD_DAY, None, "2027-03-31"),
    ):
        books.known(since=since, until=until).invoice("INV1", "50000.00", "2026-03-01", due=due)


def _promises_of_one_day(extracts: Extracts) -> None:
    books = extracts.books("WRN-PROMISE", country="CN")
    # Sunday and the Friday before it: the grace of both ends on Wednesday the 10th
    for number, (amount, promised) in enumerate((("30000.00", "2026-06-07"), ("25000.00", "2026-06-05"))):
        books.invoice(f"INV{number}", amount, "2026-05-01", due="2026-05-31")
        books.add(
            "promise",
            promise_id=f"P{number}",
            kind="promise",
            customer_id="C1",
            document_id=f"INV{number}",
            made_on="2026-06-01",
            promised_date=promised,
            amount=amount,
        )


def _promises_of_an_account(extracts: Extracts) -> None:
    books = extracts.books("WRN-ACCOUNT", country="CN")
    # the grace of Wednesday the 10th ends on Monday the 15th, that of the 12th on Wednesday the 17th
    for promise_id, promised in (("P1", "2026-06-10"), ("P2", "2026-06-12")):
        books.add(
            "promise",
            promise_id=promise_id,
            kind="promise",
            customer_id="C1",
            made_on="2026-06-01",
            promised_date=promised,
            amount="30000.00",
        )
    books.invoice("INV1", "90000.00", "2026-05-01", due="2026-05-31")
    books.payment("R1", "INV1", "30000.00", "2026-07-01")
    books.payment("R2", "INV1", "30000.00", "2026-08-03")


def _insured(extracts: Extracts) -> None:
    books = extracts.books("WRN-INSURED", country="CN")
    books.add(
        "insurance_cover",
        customer_id="C1",
        policy="POL1",
        limit="100000.00",
        currency="CNY",
        share="0.9",
        valid_from="2025-01-01",
        notification_days=60,
    )
    # a claim of last year, which named no document
    books.add(
        "collection_activity",
        activity_id="CLAIM",
        customer_id="C1",
        channel="letter",
        owner="Li",
        happened_at="2025-11-03T02:00:00Z",
        stage="insurer_notified",
    )
    books.invoice("INV1", "5000.00", "2026-04-01", due="2026-05-31")


def _closed(extracts: Extracts) -> None:
    books = extracts.books("WRN-CLOSED", country="CN", customers=())
    books.known(until=SEPTEMBER).customer("C1")
    books.known(since=SEPTEMBER).customer("C1", status="closed")
    books.add("credit_limit", customer_id="C1", amount="100000.00", currency="CNY", valid_from="2026-01-01")
    books.invoice("INV1", "120000.00", "2026-05-01", due="2027-01-31")


def _cash_only(extracts: Extracts) -> None:
    books = extracts.books("WRN-CASH-ONLY", country="CN")
    books.add("credit_limit", customer_id="C1", amount="0.00", currency="CNY", valid_from="2026-01-01")
    books.invoice("INV1", "120000.00", "2026-05-01", due="2027-01-31")
    books.payment("R1", "INV1", "110000.00", "2026-06-15")


def _foreign_accounts(extracts: Extracts) -> None:
    books = extracts.books("WRN-FOREIGN", country="CN")
    books.known(since=WORLD_DAY).add(
        "fx_rate",
        rate_date=WORLD_DAY,
        from_currency="USD",
        to_currency="CNY",
        rate="7",
        rate_type="closing",
    )
    books.invoice("INV1", "150000.00", "2026-03-01", due="2027-01-31")
    books.add(
        "financial_statement",
        customer_id="C1",
        period_end="2025-12-31",
        period_months=12,
        currency="USD",
        total_assets="1000.00",
        total_liabilities="1100.00",
        equity="-100.00",
        operating_cash_flow="-20.00",
    )


def _accounts_taken_back(extracts: Extracts) -> None:
    books = extracts.books("WRN-TAKEN-BACK", country="CN")
    books.invoice("INV1", "150000.00", "2026-03-01", due="2027-01-31")
    # the newer ones were another company's: the source leaves them out from September on
    for said, period_end, equity in (
        (books, "2025-06-30", "500.00"),
        (books.known(until=SEPTEMBER), "2025-12-31", "-100.00"),
    ):
        said.add(
            "financial_statement",
            customer_id="C1",
            period_end=period_end,
            period_months=12,
            currency="CNY",
            total_assets="1000.00",
            total_liabilities="600.00",
            equity=equity,
        )


def _dollars(extracts: Extracts) -> None:
    books = extracts.books("WRN-DOLLARS", country="CN")
    # a rate holds for 7 days; that of the last day is told by another company
    for week in range(35):
        books.add(
            "fx_rate",
            rate_date=date(2026, 5, 1) + timedelta(days=7 * week),
            from_currency="USD",
            to_currency="CNY",
            rate="6" if week < 20 else "7",
            rate_type="closing",
        )
    books.invoice("INV1", "30000.00", "2026-05-01", due="2026-05-31", currency="USD")
    books.add(
        "insurance_cover",
        customer_id="C1",
        policy="POL1",
        limit="10000.00",
        currency="USD",
        share="0.9",
        valid_from="2025-01-01",
        notification_days=60,
    )


def _lifted_at_once(extracts: Extracts) -> None:
    books = extracts.books("WRN-LIFTED", country="CN")
    books.invoice("INV1", "150000.00", "2026-03-01", due="2027-01-31")
    # entered and taken back on one day: whichever row stands first
    for source, value in (("agency", "lifted"), ("court", "proceedings opened")):
        books.add(
            "credit_event",
            customer_id="C1",
            event_date="2026-06-01",
            source=source,
            kind="insolvency",
            value=value,
        )


def _episodes(world: Warehouse, company: str, rule: str) -> list[dict[str, Any]]:
    return world.query(
        "select * from marts.mart_risk_warning where company_code = $1 and rule_id = $2 order by first_seen_on",
        [company, rule],
    )


def _steps(world: Warehouse, company: str, rule: str) -> list[tuple[str, str]]:
    (episode,) = _episodes(world, company, rule)
    rows = world.query(
        "select day, severity from marts.mart_risk_warning_step where episode_id = $1 order by day",
        [episode["episode_id"]],
    )
    return [(row["day"].strftime("%m-%d"), row["severity"]) for row in rows]


def test_who_stops_paying_is_warned_on_the_day_after_twice_the_own_habit(world: Warehouse) -> None:
    # paid every 24 days until 2 May: 49 days after that, and 73
    assert _steps(world, "WRN-SLOW", "B07") == [("06-20", "warning"), ("07-14", "severe")]


def test_a_payment_that_is_undone_is_no_payment_from_the_day_on_which_that_is_known(world: Warehouse) -> None:
    # paid 40 % of what was overdue on 20 August; in September it is known that nothing has come since 2 May
    first, second = _episodes(world, "WRN-UNDONE", "B07")
    assert (first["first_seen_on"], first["closed_on"]) == (date(2026, 6, 20), date(2026, 8, 26))
    assert (second["first_seen_on"], second["severity"], second["closed_on"]) == (SEPTEMBER, "severe", None)
    assert second["message_en"] == "No payment for 243 days (usually within 24); 150.0k overdue."


def test_the_credit_note_of_what_is_billed_again_deducts_nothing(world: Warehouse) -> None:
    assert _steps(world, "WRN-AGAIN", "P02")[0] == ("04-20", "warning")
    assert _episodes(world, "WRN-AGAIN", "B11") == []


def test_a_due_date_that_moves_again_is_past_its_first_day_and_was_warned_of_before(world: Warehouse) -> None:
    # seen for 90 days from 30 September on, and again within 14 days
    assert _steps(world, "WRN-MOVED", "P02") == [
        ("09-30", "severe"),
        ("12-29", "closed"),
        ("12-31", "severe"),
    ]
    (episode,) = _episodes(world, "WRN-MOVED", "P02")
    assert "moved from 2026-03-31 to 2027-03-31" in episode["message_en"]


def test_of_promises_broken_on_one_day_date_and_amount_of_one_are_said(world: Warehouse) -> None:
    (episode,) = _episodes(world, "WRN-PROMISE", "B06")
    assert episode["message_en"].startswith("Promised 25.0k by 2026-06-05, received 0, short 55.0k;")


def test_one_receipt_makes_up_one_promise_of_an_account_and_not_each_of_them(world: Warehouse) -> None:
    # 60,000 are missing from 18 June, 30,000 from 1 July, nothing from 3 August
    assert _steps(world, "WRN-ACCOUNT", "B06") == [
        ("06-16", "warning"),
        ("06-18", "severe"),
        ("08-09", "closed"),
    ]


def test_what_was_notified_before_an_invoice_was_issued_does_not_notify_it(world: Warehouse) -> None:
    assert _steps(world, "WRN-INSURED", "D02")[:2] == [("07-15", "warning"), ("07-25", "severe")]


def test_a_limit_warning_of_a_customer_who_is_closed_is_over_although_exposure_stands_still(
    world: Warehouse,
) -> None:
    assert _steps(world, "WRN-CLOSED", "E01") == [
        ("05-01", "warning"),
        ("05-31", "severe"),
        ("10-06", "closed"),
    ]


def test_a_customer_who_is_to_pay_cash_and_owes_a_floor_is_over_its_limit(world: Warehouse) -> None:
    # a limit of 0 has no utilisation; 10,000 left are less than a floor
    assert _steps(world, "WRN-CASH-ONLY", "E01") == [
        ("05-01", "warning"),
        ("05-31", "severe"),
        ("06-21", "closed"),
    ]
    (episode,) = _episodes(world, "WRN-CASH-ONLY", "E01")
    assert episode["message_en"] == "Exposure 120.0k of limit 0 (n/a), 120.0k over, for 0 days."


def test_amounts_of_foreign_accounts_are_told_in_the_reporting_currency(world: Warehouse) -> None:
    (episode,) = _episodes(world, "WRN-FOREIGN", "X03")
    assert episode["message_en"].endswith("operating cash flow -140.")
    values = world.query(
        "select name, value_number from marts.mart_risk_warning_value"
        " where episode_id = $1 and moment = 'trigger' and name in ('equity', 'operating_cash_flow')",
        [episode["episode_id"]],
    )
    assert {row["name"]: row["value_number"] for row in values} == {
        "equity": D("-700"),
        "operating_cash_flow": D("-140"),
    }


def test_when_accounts_are_taken_back_the_ones_before_them_count_again(world: Warehouse) -> None:
    assert _steps(world, "WRN-TAKEN-BACK", "X03") == [("03-01", "warning"), ("10-06", "closed")]


def test_exposure_on_the_watchlist_is_at_the_rate_of_the_day_like_that_of_the_customer(
    world: Warehouse,
) -> None:
    # 30,000 at 6 when it was billed, at 7 now; 9,000 of it insured
    (listed,) = world.query(
        "select exposure_reporting, uncovered_exposure_reporting from marts.mart_watchlist"
        " where company_code = 'WRN-DOLLARS'"
    )
    assert listed == {
        "exposure_reporting": D("210000.00"),
        "uncovered_exposure_reporting": D("147000.00"),
    }
    (exposure,) = world.query(
        "select exposure_reporting, uncovered_exposure_reporting from marts.mart_credit_exposure"
        " where company_code = 'WRN-DOLLARS' and scope = 'customer'"
    )
    assert exposure == listed
    (advised,) = world.query(
        "select exposure_reporting from marts.mart_credit_recommendation where company_code = 'WRN-DOLLARS'"
    )
    assert advised["exposure_reporting"] == listed["exposure_reporting"]


def test_what_is_lifted_on_the_day_on_which_it_is_told_warns_of_nothing(world: Warehouse) -> None:
    assert _episodes(world, "WRN-LIFTED", "X01") == []


def test_a_week_without_a_new_warning_says_how_many_are_listed(world: Warehouse) -> None:
    (week,) = world.query(
        "select week_start, new_warning_count, active_customer_count, listed_customer_count"
        " from marts.mart_warning_volume where active_customer_count is not null"
    )
    assert (week["week_start"], week["new_warning_count"]) == (date(2026, 12, 28), 0)
    assert 0 < week["listed_customer_count"] <= week["active_customer_count"]
