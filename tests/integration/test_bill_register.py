"""The tables on bills 票据: where each stands, of what age, against which contract, and what its events did.

Belongs here: mart_bill, mart_bill_acceptor, mart_bill_maturity, fct_bill_event on 30 June 2026. Must not: what a bill
does to classes and movements on other days (test_bills.py), its dates as such (test_bill_dates.py).
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.kit import Books, D, Extracts, SourcePlan, Warehouse
from tests.kit.worlds import made
from tests.oracles.bill_states import Event, states_of

ZERO = D("0.00")
DAY = date(2026, 6, 30)
STATES = (
    "matured_without_outcome",
    "in_hand",
    "pledged",
    "endorsed_with_recourse",
    "discounted_with_recourse",
    "dishonoured",
    "returned",
    "honoured",
    "recourse_ended",
    "endorsed_without_recourse",
    "discounted_without_recourse",
)


@pytest.fixture(scope="module")
def june(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Every case of this module, as of 30 June 2026, behind the gates of a release."""
    extracts = Extracts([SourcePlan("erp", (DAY,))])
    for add_cases in (
        _worked_example,
        _spread_over_states,
        _status_of_receipts,
        _around_maturity,
        _shared,
        _tenors,
        _acceptors,
        _events,
        _foreign,
        _random_lives,
    ):
        add_cases(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("june")), request=request)
    yield warehouse
    warehouse.close()


def _bills(june: Warehouse, company: str) -> dict[str, dict[str, Any]]:
    rows = june.query("select * from marts.mart_bill where company_code = $1 order by receipt_id", [company])
    return {row["receipt_id"]: row for row in rows}


def _states(row: dict[str, Any]) -> dict[str, Any]:
    return {state: row[f"{state}_amount_document"] for state in STATES if row[f"{state}_amount_document"]}


def _settle(books: Books, receipt: str, document: str, amount: str, on: str) -> None:
    books.allocation(
        f"A-{receipt}-{document}", amount, on, used=f"receipt:{receipt}", settles=f"document:{document}"
    )


def _worked_example(extracts: Extracts) -> None:
    for company, matures in (("A02", "2026-10-15"), ("A02D", "2026-06-15")):
        books = extracts.books(company)
        books.invoice("INV1", "113000.00", "2026-01-20", due="2026-03-31")
        books.bill("R1", "113000.00", "2026-04-15", matures=matures, method="commercial_acceptance")
        _settle(books, "R1", "INV1", "113000.00", "2026-04-15")
        books.bill_event("R1", "received", "113000.00", "2026-04-15")
    books.bill_event("R1", "dishonoured", "113000.00", "2026-06-15")


def test_a02_a_bill_that_has_not_matured_is_in_hand_and_as_old_as_the_receivable_that_it_replaced(
    june: Warehouse,
) -> None:
    row = _bills(june, "A02")["R1"]
    assert (row["bill_state"], row["bill_state_zh"], row["state_count"]) == ("in_hand", "在手", 1)
    assert _states(row) == {"in_hand": D("113000.00")}
    assert (row["held_amount_document"], row["held_amount_reporting"]) == (D("113000.00"), D("113000.00"))
    assert (row["amount_reporting"], row["passed_on_amount_reporting"]) == (D("113000.00"), ZERO)
    # 30 June to 15 October: 31 + 31 + 30 + 15; from 15 April, 183 days, which are six months
    assert (row["days_to_maturity"], row["days_past_maturity"], row["tenor_days"]) == (107, 0, 183)
    assert not row["is_too_long_by_law"]
    # A3: 91 days on the original due date, 161 days old, 一年以内
    assert (row["original_due_date"], row["days_past_original_due"]) == (date(2026, 3, 31), 91)
    assert (row["age_anchor_date"], row["age_days"]) == (date(2026, 1, 20), 161)
    assert june.bucket_labels("cas_annual")[row["bucket_cas_annual"]] == "一年以内(含一年)"
    assert (row["settled_document_count"], row["is_exposure"]) == (1, True)
    assert (row["acceptor_kind"], row["is_major_bank"]) == ("corporate", False)


def test_a02_a_dishonoured_bill_is_no_exposure_any_more_for_its_receivable_is_open_again(
    june: Warehouse,
) -> None:
    row = _bills(june, "A02D")["R1"]
    assert (row["bill_state_zh"], row["came_back_on"]) == ("拒付", date(2026, 6, 15))
    assert _states(row) == {"dishonoured": D("113000.00")}
    assert (row["is_exposure"], row["age_days"], row["days_past_maturity"]) == (False, None, None)
    # what it had replaced until then
    assert (row["settled_document_count"], row["original_due_date"]) == (1, date(2026, 3, 31))
    assert june.open_amounts(DAY, company="A02D") == {"INV1": D("113000.00")}


def _spread_over_states(extracts: Extracts) -> None:
    books = extracts.books("SPREAD")
    lives: dict[str, tuple[str, list[tuple[str, str, str, dict[str, Any]]]]] = {
        "PART": (
            "2026-09-30",
            [
                ("endorsed", "30.00", "2026-05-10", {}),
                ("discounted", "20.00", "2026-05-11", {"with_recourse": False}),
                ("pledged", "40.00", "2026-05-12", {}),
            ],
        ),
        "OVER": (
            "2026-06-20",
            [
                ("endorsed", "30.00", "2026-05-10", {"with_recourse": True}),
                ("discounted", "20.00", "2026-05-11", {"with_recourse": False}),
                ("honoured", "50.00", "2026-06-20", {}),
            ],
        ),
        "BACK": (
            "2026-06-20",
            [("honoured", "60.00", "2026-06-20", {}), ("dishonoured", "40.00", "2026-06-22", {})],
        ),
        # told for July: on 30 June it is in hand
        "LATER": ("2026-07-10", [("endorsed", "100.00", "2026-07-01", {})]),
        # pledged and matured: nobody said how it ended, which is what matters
        "SILENT": ("2026-06-20", [("pledged", "100.00", "2026-05-10", {})]),
        "TIED": ("2026-09-30", [("returned", "50.00", "2026-05-10", {})]),
    }
    for receipt, (matures, events) in lives.items():
        books.invoice(f"INV-{receipt}", "100.00", "2026-02-01", due="2026-03-31")
        books.bill(receipt, "100.00", "2026-04-01", matures=matures)
        _settle(books, receipt, f"INV-{receipt}", "100.00", "2026-04-01")
        for kind, amount, on, columns in events:
            books.bill_event(receipt, kind, amount, on, **columns)
    books.bill("TOMORROW", "100.00", "2026-07-01", matures="2026-12-31")
    books.bill("PENDING", "100.00", "2026-04-01", matures="2026-12-31", status="pending")


def test_a_bill_stands_in_several_states_at_once_and_is_called_by_the_largest(june: Warehouse) -> None:
    bills = _bills(june, "SPREAD")
    assert {receipt: (row["bill_state"], _states(row)) for receipt, row in bills.items()} == {
        "PART": (
            "pledged",
            {
                "in_hand": D("10.00"),
                "pledged": D("40.00"),
                "endorsed_with_recourse": D("30.00"),
                "discounted_without_recourse": D("20.00"),
            },
        ),
        "OVER": (
            "honoured",
            {
                "honoured": D("50.00"),
                "recourse_ended": D("30.00"),
                "discounted_without_recourse": D("20.00"),
            },
        ),
        "BACK": ("honoured", {"honoured": D("60.00"), "dishonoured": D("40.00")}),
        "LATER": ("in_hand", {"in_hand": D("100.00")}),
        "SILENT": ("matured_without_outcome", {"matured_without_outcome": D("100.00")}),
        "TIED": ("in_hand", {"in_hand": D("50.00"), "returned": D("50.00")}),
    }
    part, back = bills["PART"], bills["BACK"]
    assert (part["held_amount_document"], part["passed_on_amount_document"]) == (D("50.00"), D("30.00"))
    assert (part["state_count"], bills["OVER"]["is_exposure"]) == (4, False)
    # what came back in part stays ours, as old as the receivable: 1 February to 30 June
    assert (back["back_amount_document"], back["is_exposure"], back["age_days"]) == (D("40.00"), True, 149)
    assert back["days_past_maturity"] is None


def _status_of_receipts(extracts: Extracts) -> None:
    books = extracts.books("STATUS")
    for receipt, columns in {
        "BOUNCED": {"status": "bounced", "status_date": "2026-06-10"},
        "CANCELLED": {"status": "cancelled", "status_date": "2026-06-10"},
        "CLEARED": {"status": "cleared", "cleared_on": "2026-06-10"},
        "NEXT": {"status": "bounced", "status_date": "2026-07-01"},
    }.items():
        books.bill(receipt, "100.00", "2026-04-01", matures="2026-06-05", **columns)


def test_without_events_the_status_of_the_receipt_names_the_state(june: Warehouse) -> None:
    rows = _bills(june, "STATUS")
    assert {receipt: (row["bill_state"], row["came_back_on"]) for receipt, row in rows.items()} == {
        "BOUNCED": ("dishonoured", date(2026, 6, 10)),
        "CANCELLED": ("returned", date(2026, 6, 10)),
        "CLEARED": ("honoured", None),
        # not before the first of July
        "NEXT": ("matured_without_outcome", None),
    }
    # a bill that settles nothing has its own dates
    assert (rows["NEXT"]["original_due_date"], rows["NEXT"]["age_days"]) == (date(2026, 6, 5), 90)
    assert (rows["NEXT"]["settled_document_count"], rows["NEXT"]["is_bill_allowed"]) == (0, None)


def _around_maturity(extracts: Extracts) -> None:
    books = extracts.books("EDGE")
    for receipt, matures in (("BEFORE", "2026-06-29"), ("ON", "2026-06-30"), ("AFTER", "2026-07-01")):
        books.bill(receipt, "100.00", "2026-04-01", matures=matures)
    books.bill("PASSED", "100.00", "2026-04-01", matures="2026-06-30")
    books.bill_event("PASSED", "endorsed", "100.00", "2026-05-01")
    books.bill("UNDATED", "100.00", "2026-04-01", matures=None)


def test_a_bill_has_matured_without_outcome_from_the_day_after_its_maturity(june: Warehouse) -> None:
    columns = ("bill_state", "days_to_maturity", "days_past_maturity")
    assert {
        receipt: tuple(row[column] for column in columns) for receipt, row in _bills(june, "EDGE").items()
    } == {
        "BEFORE": ("matured_without_outcome", 0, 1),
        "ON": ("in_hand", 0, 0),
        "AFTER": ("in_hand", 1, 0),
        # recourse ends on the day itself
        "PASSED": ("recourse_ended", None, None),
        "UNDATED": ("in_hand", None, None),
    }


def _shared(extracts: Extracts) -> None:
    books = extracts.books("SHARED")
    for receipt, amount in (("R1", "33.33"), ("R2", "66.67")):
        books.bill(receipt, amount, "2026-04-01", matures="2026-09-30", bill_id="B-ONE")
    books.bill_event("ONE", "endorsed", "50.00", "2026-05-10", counterparty="Supplier")
    books.bill_event("ONE", "pledged", "30.00", "2026-05-11")


def test_receipts_that_share_a_bill_share_its_states_and_each_event_is_told_once(june: Warehouse) -> None:
    rows = _bills(june, "SHARED")
    assert {(row["bill_id"], row["receipt_count"], row["bill_amount_document"]) for row in rows.values()} == {
        ("B-ONE", 2, D("100.00"))
    }
    # 50.00 and 30.00 x 33.33 / 100.00 = 16.67 and 10.00
    assert {receipt: _states(row) for receipt, row in rows.items()} == {
        "R1": {"endorsed_with_recourse": D("16.67"), "in_hand": D("6.66"), "pledged": D("10.00")},
        "R2": {"endorsed_with_recourse": D("33.33"), "in_hand": D("13.34"), "pledged": D("20.00")},
    }
    events = june.query("select * from marts.fct_bill_event where company_code = 'SHARED' order by kind")
    told = [
        (e["kind"], e["amount_document"], e["effective_amount_document"], e["receipt_count"]) for e in events
    ]
    assert told == [("endorsed", D("50.00"), D("50.00"), 2), ("pledged", D("30.00"), None, 2)]


def _tenors(extracts: Extracts) -> None:
    books = extracts.books("TENOR", country="CN")
    for contract, columns in {
        "NONE": {"bill_allowed": False},
        "NINETY": {"bill_allowed": True, "bill_longest_days": 90},
        "SILENT": {},
    }.items():
        books.add("contract", contract_id=contract, customer_id="C1", **columns)
    agreed = {
        "FORBIDDEN": (["NONE"], "2026-06-30"),
        "KEPT": (["NINETY"], "2026-06-30"),
        "EXCEEDED": (["NINETY"], "2026-07-01"),
        "STRICTEST": (["NINETY", "NONE"], "2026-06-30"),
        "SILENT": (["SILENT"], "2026-07-01"),
    }
    for receipt, (contracts, matures) in agreed.items():
        amount = f"{len(contracts)}0.00"
        # 90 days to 30 June
        books.bill(receipt, amount, "2026-04-01", matures=matures)
        for contract in contracts:
            document = f"INV-{receipt}-{contract}"
            books.invoice(document, "10.00", "2026-02-01", due="2026-03-31", contract_id=contract)
            _settle(books, receipt, document, "10.00", "2026-04-01")
    by_law = {
        "SIX": ("2026-03-31", "2026-09-30", "bank_acceptance"),
        "SEVEN": ("2026-03-31", "2026-10-01", "commercial_acceptance"),
        "CERTIFICATE": ("2026-03-31", "2027-03-31", "receivable_certificate"),
        # drawn in 2022 perhaps, when a year was allowed
        "OLD": ("2023-02-01", "2023-12-31", "bank_acceptance"),
        "DRAWN2023": ("2023-02-01", "2024-01-01", "bank_acceptance"),
    }
    for receipt, (received, matures, method) in by_law.items():
        books.bill(receipt, "10.00", received, matures=matures, method=method)
    abroad = extracts.books("TENORDE", country="DE")
    abroad.bill("SEVEN", "10.00", "2026-03-31", matures="2026-10-01")


def test_a_bill_longer_than_its_contract_allows_or_not_allowed_at_all_is_flagged(june: Warehouse) -> None:
    columns = ("is_bill_allowed", "contract_longest_days", "tenor_days", "is_too_long_by_contract")
    rows = _bills(june, "TENOR")
    assert {receipt: tuple(rows[receipt][column] for column in columns) for receipt in rows} == {
        "FORBIDDEN": (False, None, 90, None),
        "KEPT": (True, 90, 90, False),
        "EXCEEDED": (True, 90, 91, True),
        "STRICTEST": (False, 90, 90, False),
        "SILENT": (None, None, 91, None),
        **{receipt: (None, None, days, None) for receipt, days in _TENORS.items()},
    }


_TENORS = {"SIX": 183, "SEVEN": 184, "CERTIFICATE": 365, "OLD": 333, "DRAWN2023": 334}


def test_a_bill_of_more_than_six_months_is_too_long_by_law_where_it_was_drawn_since_2023_for_certain(
    june: Warehouse,
) -> None:
    rows = _bills(june, "TENOR")
    assert {receipt: rows[receipt]["is_too_long_by_law"] for receipt in _TENORS} == {
        "SIX": False,
        "SEVEN": True,
        "CERTIFICATE": False,
        "OLD": False,
        "DRAWN2023": True,
    }
    assert not _bills(june, "TENORDE")["SEVEN"]["is_too_long_by_law"]


def _acceptors(extracts: Extracts) -> None:
    books = extracts.books("WHO")
    bank = {"acceptor": "中国工商银行上海分行", "acceptor_kind": "other_bank"}
    # Monday 6 to Sunday 12 July, and the Monday after
    for receipt, amount, matures in (
        ("B1", "10.00", "2026-07-06"),
        ("B2", "20.00", "2026-07-12"),
        ("B3", "25.00", "2026-07-13"),
    ):
        books.bill(receipt, amount, "2026-04-01", matures=matures, **bank)
    company = {"method": "commercial_acceptance", "acceptor": "甲公司", "acceptor_kind": "corporate"}
    books.bill("F1", "40.00", "2026-04-01", matures="2026-06-20", **company)
    books.bill("F2", "100.00", "2026-04-01", matures="2026-06-10", **company)
    books.bill_event("F2", "honoured", "100.00", "2026-06-10")
    books.bill("N1", "5.00", "2026-04-01", matures="2026-08-31")
    books.bill_event("B3", "endorsed", "15.00", "2026-05-01")


def test_acceptors_have_their_share_of_what_is_held_or_passed_on_and_the_week_in_which_most_falls_due(
    june: Warehouse,
) -> None:
    rows = june.query(
        "select * from marts.mart_bill_acceptor where company_code = 'WHO' order by open_amount_reporting desc"
    )
    columns = (
        "acceptor",
        "acceptor_kind",
        "bill_count",
        "held_amount_reporting",
        "matured_without_outcome_amount_reporting",
        "passed_on_amount_reporting",
        "open_share",
        "largest_maturity_week",
        "largest_maturity_week_amount_reporting",
    )
    assert [tuple(row[column] for column in columns) for row in rows] == [
        # the policy lists the bank, whatever the source calls it; 10 + 20 in one week are more than 25
        (
            "中国工商银行上海分行",
            "major_bank",
            3,
            D("40.00"),
            ZERO,
            D("15.00"),
            D("0.550000"),
            date(2026, 7, 6),
            D("30.00"),
        ),
        ("甲公司", "corporate", 1, D("40.00"), D("40.00"), ZERO, D("0.400000"), None, None),
        ("(unknown)", "other_bank", 1, D("5.00"), ZERO, ZERO, D("0.050000"), date(2026, 8, 31), D("5.00")),
    ]


def test_the_maturity_ladder_holds_what_is_held_and_passed_on_per_month(june: Warehouse) -> None:
    rows = june.query(
        "select * from marts.mart_bill_maturity where company_code = 'WHO' order by maturity_month"
    )
    columns = (
        "maturity_month",
        "bill_count",
        "held_amount_document",
        "matured_without_outcome_amount_document",
        "held_of_corporates_amount_document",
        "passed_on_amount_document",
    )
    forty = D("40.00")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        (date(2026, 6, 1), 1, forty, forty, forty, ZERO),
        (date(2026, 7, 1), 3, forty, ZERO, ZERO, D("15.00")),
        (date(2026, 8, 1), 1, D("5.00"), ZERO, ZERO, ZERO),
    ]
    undated = june.query("select * from marts.mart_bill_maturity where company_code = 'EDGE'")
    missing = {row["maturity_month"]: row["maturity_missing_count"] for row in undated}
    assert missing == {date(2026, 4, 1): 1, date(2026, 6, 1): 0, date(2026, 7, 1): 0}


def _events(extracts: Extracts) -> None:
    books = extracts.books("TOLD")
    books.bill("R1", "20.00", "2026-04-01", matures="2026-06-20")
    books.bill_event("R1", "received", "20.00", "2026-04-01")
    # told before the bill was booked: it acts when there is a bill
    books.bill_event("R1", "endorsed", "5.00", "2026-03-20", counterparty="Supplier")
    books.bill_event("R1", "honoured", "30.00", "2026-06-20")
    books.bill_event("UNKNOWN", "honoured", "7.00", "2026-06-20")


def test_an_event_says_how_much_of_it_took_effect_and_where_it_came_from(june: Warehouse) -> None:
    rows = june.query(
        "select * from marts.fct_bill_event where company_code = 'TOLD' order by event_date, kind, bill_id"
    )
    columns = ("bill_id", "kind", "effective_date", "amount_document", "effective_amount_document")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("B-R1", "endorsed", date(2026, 4, 1), D("5.00"), D("5.00")),
        ("B-R1", "received", None, D("20.00"), None),
        # of 30 told, the 15 that were held and the 5 that others held
        ("B-R1", "honoured", date(2026, 6, 20), D("30.00"), D("20.00")),
        ("B-UNKNOWN", "honoured", None, D("7.00"), ZERO),
    ]
    assert [(row["is_with_recourse"], row["counterparty"], row["receipt_count"]) for row in rows] == [
        (True, "Supplier", 1),
        (None, None, 1),
        (None, None, 1),
        (None, None, 0),
    ]
    assert all(row["_file"].endswith(".csv") and row["_row"] > 0 for row in rows)


def test_what_events_did_is_what_the_movements_of_bills_say(june: Warehouse) -> None:
    did = june.query(
        """
        select company_code, effective_date, kind, sum(effective_amount_document) as amount
        from marts.fct_bill_event
        where kind in ('dishonoured', 'returned') or not is_with_recourse
        group by all having amount <> 0 order by all
        """
    )
    moved = june.query(
        """
        select company_code, effective_date, replace(movement_kind, 'bill_', '') as kind,
            -sum(amount_document) as amount
        from marts.fct_receivable_movement
        where known_to = timestamp '9999-12-31' and open_item_id like '%|B|%' and amount_document < 0
            -- what came back in part is an item that closes when the rest is back: no second loss
            and open_item_id not like '%|3'
            and movement_kind in ('bill_dishonoured', 'bill_returned', 'bill_endorsed', 'bill_discounted')
            and company_code <> 'STATUS'
        group by all order by all
        """
    )
    assert did == moved
    assert len(did) > 20


def _foreign(extracts: Extracts) -> None:
    books = extracts.books("USD")
    books.bill("R1", "100.00", "2026-04-01", matures="2026-09-30", currency="USD", functional_amount="700.00")
    books.bill_event("R1", "endorsed", "33.33", "2026-05-10")
    extracts.put(
        "fx_rate",
        rate_date="2026-06-29",
        from_currency="USD",
        to_currency="CNY",
        rate="7.1",
        rate_type="closing",
    )
    unpriced = extracts.books("CHF")
    unpriced.bill("R1", "100.00", "2026-04-01", matures="2026-09-30", currency="CHF", functional_amount="800")


def test_a_foreign_bill_is_translated_at_the_closing_rate_or_not_at_all(june: Warehouse) -> None:
    row = _bills(june, "USD")["R1"]
    # 66.67 x 7.1 = 473.357; 33.33 x 7.1 = 236.643
    assert (row["held_amount_reporting"], row["passed_on_amount_reporting"]) == (D("473.36"), D("236.64"))
    unknown = _bills(june, "CHF")["R1"]
    assert (unknown["held_amount_document"], unknown["held_amount_reporting"]) == (D("100.00"), None)
    assert unknown["is_unconverted"]
    (acceptor,) = june.query("select * from marts.mart_bill_acceptor where company_code = 'CHF'")
    assert (acceptor["open_share"], acceptor["reason_when_null"]) == (None, "missing_rate")


KINDS = ("endorsed", "discounted", "pledged", "honoured", "dishonoured", "returned")
LIVES = 150


def _life(number: int) -> tuple[date, list[tuple[Event, date]]]:
    """Maturity of the bill of that number, of 20 yuan, and its events with their days."""
    rng = random.Random(number)
    matures = DAY + timedelta(days=rng.choice((-20, -1, 0, 1, 60)))
    told = []
    for kind in KINDS:
        for _ in range(rng.choice((0, 0, 1, 2))):
            passed = kind in ("endorsed", "discounted")
            event = Event(kind, rng.randint(1, 14), with_recourse=not passed or rng.random() < 0.6)
            told.append((event, DAY - timedelta(days=rng.randint(-3, 40))))
    # one row per kind and day is the key
    return matures, list({(event.kind, on): (event, on) for event, on in told}.values())


def _random_lives(extracts: Extracts) -> None:
    books = extracts.books("RANDOM")
    for number in range(LIVES):
        matures, told = _life(number)
        books.bill(f"R{number:03}", "20.00", "2026-04-01", matures=matures)
        for event, on in told:
            columns = {} if event.with_recourse else {"with_recourse": False}
            books.bill_event(f"R{number:03}", event.kind, f"{event.amount}.00", on, **columns)


def test_the_states_of_bills_of_any_life_are_those_of_a_count_yuan_by_yuan(june: Warehouse) -> None:
    rows = _bills(june, "RANDOM")
    assert len(rows) == LIVES
    for number, row in enumerate(rows.values()):
        matures, told = _life(number)
        upto = [event for event, on in told if on <= DAY]
        # what is told for a later day puts off the end of what others hold
        last = max([matures, *(on for event, on in told if event.kind != "pledged")])
        expected = states_of(20, upto, is_due=last <= DAY, is_past_due=matures < DAY)
        for day in sorted({on for _, on in told if on <= DAY}):
            then = states_of(20, [event for event, on in told if on <= day], is_due=False, is_past_due=False)
            if then["dishonoured"] + then["returned"] == 20:
                # back in full: what is told afterwards is told of nothing
                expected = then
                break
        assert _states(row) == {state: D(count) for state, count in expected.items() if count}, number
