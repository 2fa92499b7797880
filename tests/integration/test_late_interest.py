"""Late interest 逾期利息: worked examples of policy.md section 7 and accounting.md B10 and F1, and trap T27.

Belongs here: which regime applies, from which day interest runs, on what balance, and a comparison with an oracle that
counts day by day. Must not: bills and disputes themselves, limitation (test_limitation.py).
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.worlds import WORLD_DAY

DAY = timedelta(days=1)
CENT = D("0.01")
SHIPPED = Path(__file__).parents[2] / "dbt" / "seeds" / "policy"
APPROVAL = {
    "policy_version": "house-2026",
    "valid_from": "",
    "valid_to": "",
    "approved_by": "CFO",
    "approved_on": "2026-01-15",
}


def _shipped(table: str) -> list[dict[str, str]]:
    with (SHIPPED / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build_world(extracts: Extracts) -> None:
    extracts.policy["policy_creditor_size"] = [
        {"company_code": code, "size_class": "small", **APPROVAL} for code in ("LI-SME", "LI-LEAST")
    ]
    # the company's own tables hold the shipped rows, and a rate that came out since
    for table in ("policy_late_interest_regime", "policy_governing_law", "policy_reference_rate"):
        extracts.policy[table] = _shipped(table)
    newest = {"reference": "lpr_1y", "rate_from": "2026-11-02", "rate": "0.04", "source": "invented"}
    blank = dict.fromkeys(extracts.policy["policy_reference_rate"][0], "")
    extracts.policy["policy_reference_rate"].append({**blank, **newest, **APPROVAL})
    _goldens(extracts)
    _holidays(extracts)
    _payments(extracts)
    _moved(extracts)
    _europe(extracts)
    _agreed(extracts)
    _apart(extracts)
    _random_books(extracts)


def _interest(world: Warehouse, company: str) -> dict[str, dict[str, Any]]:
    rows = world.query("select * from marts.mart_late_interest where company_code = ?", [company])
    return {f"{row['document_id']}#{row['instalment_no']}".removesuffix("#1"): row for row in rows}


def _segments(world: Warehouse, company: str, document: str) -> list[tuple[Any, ...]]:
    rows = world.query(
        "select first_day, last_day, days, balance_document, rate_per_year, interest_document"
        " from marts.mart_late_interest_segment where company_code = ? and document_id = ?"
        " order by instalment_no, segment_no",
        [company, document],
    )
    return [tuple(row.values()) for row in rows]


def _million(books: Books) -> None:
    """1,000,000 due 31 March, 400,000 paid on 30 April and the rest on 30 May."""
    books.invoice("INV1", "1000000.00", "2026-02-01", due="2026-03-31")
    books.payment("R1", "INV1", "400000.00", "2026-04-30")
    books.payment("R2", "INV1", "600000.00", "2026-05-30")


def _goldens(extracts: Extracts) -> None:
    books = extracts.books("LI-SME", country="CN", customers=())
    books.customer("C1", country="CN", size_class="large")
    _million(books)
    books.customer("C2", country="CN", ownership="government")
    books.invoice("INV2", "1000.00", "2026-02-01", due="2026-03-31", customer_id="C2")
    books.customer("C3", country="CN", size_class="medium")
    books.invoice("INV3", "1000.00", "2026-02-01", due="2026-03-31", customer_id="C3")
    _million(extracts.books("LI-SALE", country="CN"))


def test_f01_an_sme_claims_half_a_thousandth_a_day_of_a_large_debtor(world: Warehouse) -> None:
    row = _interest(world, "LI-SME")["INV1"]
    # 1,000,000 x 30 x 0.05 % + 600,000 x 30 x 0.05 %
    assert (row["regime"], row["interest_document"]) == ("cn_sme", D("24000.00"))
    assert _segments(world, "LI-SME", "INV1") == [
        (date(2026, 4, 1), date(2026, 4, 30), 30, D("1000000.00"), D("0.1825"), D("15000.00")),
        (date(2026, 5, 1), date(2026, 5, 30), 30, D("600000.00"), D("0.1825"), D("9000.00")),
    ]


def test_f01_other_sales_bear_the_prime_rate_of_the_breach_and_a_half(world: Warehouse) -> None:
    row = _interest(world, "LI-SALE")["INV1"]
    # 3,698.63 + 2,219.18, each rounded
    assert (row["regime"], row["interest_document"]) == ("cn_sale", D("5917.81"))
    assert [segment[4:] for segment in _segments(world, "LI-SALE", "INV1")] == [
        (D("0.045"), D("3698.63")),
        (D("0.045"), D("2219.18")),
    ]


def test_the_decree_binds_public_and_large_debtors_of_a_small_creditor_only(world: Warehouse) -> None:
    sme = _interest(world, "LI-SME")
    assert {name: sme[name]["regime"] for name in ("INV2", "INV3")} == {"INV2": "cn_sme", "INV3": "cn_sale"}
    assert not sme["INV3"]["is_creditor_size_unknown"]


def test_a_company_whose_size_nobody_stated_is_told_that_it_matters(world: Warehouse) -> None:
    rows = _interest(world, "LI-LAW")
    assert {name: (row["regime"], row["is_creditor_size_unknown"]) for name, row in rows.items()} == {
        "LARGE": ("cn_sale", True),
        "PRC": ("cn_sale", False),
        "MARS": ("none", False),
    }


def _holidays(extracts: Extracts) -> None:
    books = extracts.books("LI-DAY", country="CN")
    # National Day and Mid-Autumn 2025: 1 to 8 October; 9 October is at work
    books.invoice("NATIONAL", "1000.00", "2025-08-01", due="2025-10-01")
    # Friday 10 April 2026, Sunday 3 May 2026 (holiday until the 5th; the 9th is worked instead)
    books.invoice("FRIDAY", "1000.00", "2026-03-01", due="2026-04-10")
    books.invoice("LABOUR", "1000.00", "2026-03-01", due="2026-05-03")
    books.invoice("SATURDAY_AT_WORK", "1000.00", "2026-03-01", due="2026-05-09")
    for number, (document, paid) in enumerate(
        {"LABOUR": "2026-05-06", "FRIDAY": "2026-04-10", "SATURDAY_AT_WORK": "2026-05-10"}.items()
    ):
        books.payment(f"R{number}", document, "1000.00", paid)
    # 3 days of grace end on Saturday 4 April 2026, in the holidays until the 6th
    books.add("contract", contract_id="G3", customer_id="C1", grace_days=3, governing_law="CN")
    for document, paid in {"GRACE_END": "2026-04-07", "GRACE_OVER": "2026-04-08"}.items():
        books.invoice(document, "1000.00", "2026-03-01", due="2026-04-01", contract_id="G3")
        books.payment(f"R-{document}", document, "1000.00", paid)


def test_b10_interest_starts_behind_the_holidays_while_aging_does_not_wait(world: Warehouse) -> None:
    rows = _interest(world, "LI-DAY")
    national = rows["NATIONAL"]
    assert (national["payable_date"], national["payable_until_date"]) == (
        date(2025, 10, 1),
        date(2025, 10, 9),
    )
    assert national["first_interest_day"] == date(2025, 10, 10)
    assert world.days_past_due("2025-10-02", company="LI-DAY") == {"NATIONAL": 1}


def test_b10_who_pays_on_the_last_day_of_a_period_owes_no_interest(world: Warehouse) -> None:
    rows = _interest(world, "LI-DAY")
    assert {"LABOUR", "FRIDAY", "GRACE_END"} & set(rows) == set()
    # one day: 1,000 x 4.5 % / 365
    for document, day in (("GRACE_OVER", date(2026, 4, 8)), ("SATURDAY_AT_WORK", date(2026, 5, 10))):
        row = rows[document]
        assert (row["first_interest_day"], row["interest_days"], row["interest_document"]) == (
            day,
            1,
            D("0.12"),
        )


def _payments(extracts: Extracts) -> None:
    books = extracts.books("LI-PAY", country="CN")
    for name in ("ON_TIME", "EARLY", "CREDITED", "BOUNCED", "BILL", "BILL_BACK", "WRITTEN", "NOT_USED"):
        books.invoice(name, "73000.00", "2026-02-01", due="2026-03-31")
    books.receipt("R-ON_TIME", "73000.00", "2026-03-31")
    books.allocation("A1", "73000.00", "2026-05-15", used="receipt:R-ON_TIME", settles="document:ON_TIME")
    books.payment("R-EARLY", "EARLY", "73000.00", "2026-02-15")
    books.credit_note("CN1", "73000.00", "2026-04-10")
    books.allocation("A2", "73000.00", "2026-06-30", used="credit_note:CN1", settles="document:CREDITED")
    books.payment(
        "R-BOUNCED", "BOUNCED", "73000.00", "2026-04-10", status="bounced", status_date="2026-04-20"
    )
    books.payment("R-BOUNCED2", "BOUNCED", "73000.00", "2026-04-30")
    books.bill("R-BILL", "73000.00", "2026-04-10", matures="2026-10-10")
    books.allocation("A3", "73000.00", "2026-04-10", used="receipt:R-BILL", settles="document:BILL")
    books.bill_event("R-BILL", "honoured", "73000.00", "2026-10-10")
    books.bill("R-BACK", "73000.00", "2026-04-10", matures="2026-10-10")
    books.allocation("A4", "73000.00", "2026-04-10", used="receipt:R-BACK", settles="document:BILL_BACK")
    books.bill_event("R-BACK", "dishonoured", "73000.00", "2026-10-10")
    books.allocation("A5", "73000.00", "2026-04-10", used="write_off", settles="document:WRITTEN")
    # applied, and taken back again
    books.receipt("R-NOT_USED", "73000.00", "2026-04-10")
    books.allocation("A6", "73000.00", "2026-04-10", used="receipt:R-NOT_USED", settles="document:NOT_USED")
    books.allocation(
        "A7",
        "73000.00",
        "2026-04-20",
        used="receipt:R-NOT_USED",
        settles="document:NOT_USED",
        is_reversal=True,
        reverses_allocation_id="A6",
    )
    books.allocation("A8", "73000.00", "2026-04-30", used="write_off", settles="document:NOT_USED")


def test_what_settles_a_claim_counts_on_its_own_day_whenever_it_was_applied(world: Warehouse) -> None:
    rows = _interest(world, "LI-PAY")
    # 73,000 x 4.5 % / 365 = 9.00 a day from 1 April
    assert {name: (row["interest_days"], row["interest_document"]) for name, row in rows.items()} == {
        "CREDITED": (10, D("90.00")),
        # the cheque never paid
        "BOUNCED": (30, D("270.00")),
        "BILL": (10, D("90.00")),
        # nor did the bill: 1 April to 31 December
        "BILL_BACK": (275, D("2475.00")),
        "WRITTEN": (10, D("90.00")),
        "NOT_USED": (30, D("270.00")),
    }


def test_open_credits_of_the_debtor_are_pointed_out(world: Warehouse) -> None:
    rows = _interest(world, "LI-PAY")
    assert {name for name, row in rows.items() if row["has_unapplied_credit"]} == {"BILL_BACK"}


def _moved(extracts: Extracts) -> None:
    books = extracts.books("LI-MOVE", country="CN")
    books.invoice("LATER", "73000.00", "2026-02-01", due="2026-03-31")
    books.extension("X1", "LATER", "73000.00", "2026-06-30", approved="2026-04-10")
    books.payment("R1", "LATER", "73000.00", "2026-07-10")
    books.invoice("WITHDRAWN", "73000.00", "2026-02-01", due="2026-03-31")
    books.extension(
        "X2", "WITHDRAWN", "73000.00", "2026-06-30", approved="2026-04-10", cancelled_on="2026-05-01"
    )
    books.payment("R2", "WITHDRAWN", "73000.00", "2026-07-10")
    books.invoice("POSTED_LATE", "73000.00", "2026-02-01", due="2026-03-31", posting_date="2026-05-20")
    books.payment("R3", "POSTED_LATE", "73000.00", "2026-06-09")
    books.invoice("LAST_YEAR", "73000.00", "2025-02-01", due="2025-03-31")
    books.payment("R4", "LAST_YEAR", "73000.00", "2025-12-30")
    books.invoice("NEW_RATE", "73000.00", "2026-10-01", due="2026-11-11")
    books.payment("R5", "NEW_RATE", "73000.00", "2026-11-21")
    books.invoice(
        "VOID", "73000.00", "2026-02-01", due="2026-03-31", is_cancelled=True, cancelled_on="2026-06-30"
    )


def test_f01_an_agreed_change_of_the_date_moves_the_start(world: Warehouse) -> None:
    rows = _interest(world, "LI-MOVE")
    days = {name: (row["first_interest_day"], row["interest_days"]) for name, row in rows.items()}
    assert days == {
        "LATER": (date(2026, 7, 1), 10),
        "WITHDRAWN": (date(2026, 4, 1), 101),
        # a claim is as old as its document
        "POSTED_LATE": (date(2026, 4, 1), 70),
        "NEW_RATE": (date(2026, 11, 12), 10),
    }


def test_a_rate_that_the_company_adds_serves_from_its_day_on(world: Warehouse) -> None:
    (row,) = world.query("select * from marts.mart_late_interest_segment where document_id = 'NEW_RATE'")
    # 73,000 x 6 % / 365 = 12.00 a day
    assert (row["rate_per_year"], row["interest_document"]) == (D("0.06"), D("120.00"))
    assert (row["policy_version"], row["is_reference_unconfirmed"]) == ("house-2026", False)
    # the rate before it was confirmed until February, and the breach was in April
    late = _interest(world, "LI-MOVE")["POSTED_LATE"]
    assert (late["policy_version"], late["is_reference_unconfirmed"]) == ("default-1", True)


def _europe(extracts: Extracts) -> None:
    books = extracts.books("LI-DE", country="DE", functional_currency="EUR", customers=())
    books.customer("C1", country="FR")
    books.customer("C2", country="DE", customer_type="individual")
    for document, paid in {"HALF": "2026-04-30", "UNKNOWN": "2026-07-31"}.items():
        books.invoice(document, "36500.00", "2026-02-01", due="2026-03-31", currency="EUR")
        books.payment(f"R-{document}", document, "36500.00", paid, currency="EUR")
    books.invoice("PERSON", "100.00", "2026-02-01", due="2026-03-31", currency="EUR", customer_id="C2")
    # two halves of one year, and one invoice in two instalments
    books.invoice("YEARS", "36500.00", "2025-10-01", due="2025-11-28", currency="EUR")
    books.instalment("YEARS", 1, "18250.00", "2025-11-28")
    books.instalment("YEARS", 2, "18250.00", "2026-01-30")
    books.payment("R-YEARS", "YEARS", "36500.00", "2026-02-10", currency="EUR")
    books.add(
        "contract", contract_id="AGREED", customer_id="C1", late_interest_rate="0.05", governing_law="DE"
    )
    books.invoice("AGREED", "36500.00", "2026-02-01", due="2026-03-31", currency="EUR", contract_id="AGREED")
    books.payment("R-AGREED", "AGREED", "36500.00", "2026-04-10", currency="EUR")
    french = extracts.books("LI-FR", country="FR", functional_currency="EUR")
    french.invoice("OLD", "36500.00", "2024-10-01", due="2024-12-02", currency="EUR")
    french.payment("R1", "OLD", "36500.00", "2026-01-09", currency="EUR")
    for day in ("2025-12-31", "2026-12-31"):
        books.add(
            "fx_rate", rate_date=day, from_currency="EUR", to_currency="CNY", rate="8", rate_type="closing"
        )


def test_f01_germany_adds_nine_points_and_forty_euros_an_invoice(world: Warehouse) -> None:
    row = _interest(world, "LI-DE")["HALF"]
    # Thursday 2 April pays nothing else: 31 March is a working Tuesday; 36,500 x 10.27 % / 365 = 10.27 a day
    assert (row["regime"], row["rate_per_year"], row["interest_document"]) == (
        "eu",
        D("0.1027"),
        D("308.10"),
    )
    assert (row["flat_fee_document"], row["flat_fee_currency"], row["flat_fee_reporting"]) == (
        D("40.00"),
        "EUR",
        D("320.00"),
    )
    assert row["interest_reporting"] == D("2464.80")


def test_f01_elsewhere_in_the_union_it_is_eight_points_above_the_rate_of_each_half_year(
    world: Warehouse,
) -> None:
    # 3.15 from January 2025 (4.25 before), 2.15 from July: one more cut where the half-year ends
    assert [
        (str(first), days, rate, interest)
        for first, _, days, _, rate, interest in _segments(world, "LI-FR", "OLD")
    ] == [
        ("2024-12-03", 29, D("0.1225"), D("355.25")),
        ("2025-01-01", 181, D("0.1115"), D("2018.15")),
        ("2025-07-01", 184, D("0.1015"), D("1867.60")),
        ("2026-01-01", 9, D("0.1015"), D("91.35")),
    ]


def test_t27_the_flat_amount_is_due_once_per_invoice(world: Warehouse) -> None:
    rows = _interest(world, "LI-DE")
    assert (rows["YEARS"]["flat_fee_document"], rows["YEARS#2"]["flat_fee_document"]) == (D("40.00"), None)
    # it is owed beside an agreed rate as well
    agreed = rows["AGREED"]
    assert (agreed["regime"], agreed["interest_document"], agreed["flat_fee_document"]) == (
        "contract",
        D("50.00"),
        D("40.00"),
    )


def test_a_rate_that_the_table_does_not_hold_is_no_zero(world: Warehouse) -> None:
    row = _interest(world, "LI-DE")["UNKNOWN"]
    assert (row["interest_document"], row["reason_when_null"]) == (None, "no_reference_rate")
    assert row["flat_fee_document"] == D("40.00")
    # what is known is still there for whoever maintains the table: 91 days of the first half
    assert [(segment[2], segment[5]) for segment in _segments(world, "LI-DE", "UNKNOWN")] == [
        (91, D("934.57")),
        (31, None),
    ]


def test_a_regime_that_is_not_computed_says_so(world: Warehouse) -> None:
    row = _interest(world, "LI-DE")["PERSON"]
    assert (row["regime"], row["interest_document"], row["reason_when_null"]) == ("none", None, "no_regime")


def _agreed(extracts: Extracts) -> None:
    books = extracts.books("LI-LEAST", country="CN", customers=())
    books.customer("C1", country="CN", size_class="large")
    for contract, rate in {"LOW": "0.03", "FAIR": "0.05", "HIGH": "0.3", "LIMIT": "0.24"}.items():
        # the prime rate was 3.10 % on the day of signing
        books.add(
            "contract",
            contract_id=contract,
            customer_id="C1",
            signed_on="2025-01-10",
            late_interest_rate=rate,
            governing_law="中国法",
        )
        books.invoice(contract, "36500.00", "2026-02-01", due="2026-03-31", contract_id=contract)
        books.payment(f"R-{contract}", contract, "36500.00", "2026-04-10")
    books = extracts.books("LI-LAW", country="CN", customers=())
    books.customer("C1", country="CN")
    books.customer("C2", country="CN", size_class="large")
    for contract in ("PRC", "MARS"):
        books.add("contract", contract_id=contract, customer_id="C1", governing_law=contract)
        books.invoice(contract, "100.00", "2026-02-01", due="2026-03-31", contract_id=contract)
    books.invoice("LARGE", "100.00", "2026-02-01", due="2026-03-31", customer_id="C2")


def test_f01_the_agreed_rate_goes_first_and_is_held_against_the_law(world: Warehouse) -> None:
    rows = _interest(world, "LI-LEAST")
    assert {
        name: (
            row["regime"],
            row["interest_document"],
            row["is_rate_challengeable"],
            row["is_agreed_rate_below_least"],
        )
        for name, row in rows.items()
    } == {
        "LOW": ("contract", D("30.00"), False, True),
        "FAIR": ("contract", D("50.00"), False, False),
        "HIGH": ("contract", D("300.00"), True, False),
        "LIMIT": ("contract", D("240.00"), False, False),
    }


def _apart(extracts: Extracts) -> None:
    books = extracts.books("LI-BILLED", country="CN")
    books.invoice("INV1", "73000.00", "2026-02-01", due="2026-03-31")
    books.payment("R1", "INV1", "73000.00", "2026-04-30")
    books.interest("INT1", "200.00", "2026-05-01", due="2026-05-31")
    books.interest("INT2", "70.00", "2026-06-01", due="2026-06-30")
    books.payment("R2", "INT2", "70.00", "2026-08-31")


def test_t27_interest_survives_the_principal_and_stands_beside_what_was_billed(world: Warehouse) -> None:
    rows = _interest(world, "LI-BILLED")
    # interest bears no interest
    assert set(rows) == {"INV1"}
    assert (rows["INV1"]["is_open"], rows["INV1"]["balance_document"]) == (False, D("0.00"))
    (summary,) = world.query(
        "select * from marts.mart_late_interest_customer where company_code = 'LI-BILLED'"
    )
    assert {name: summary[name] for name in summary if name.endswith("interest_document")} == {
        "open_interest_document": D("0.00"),
        "settled_interest_document": D("270.00"),
        "billed_interest_document": D("270.00"),
        "open_billed_interest_document": D("200.00"),
    }
    assert world.by_class(WORLD_DAY, company="LI-BILLED") == {"late_interest": D("200.00")}


# --- an oracle that counts day by day -------------------------------------------------------------------------------

PRIME_RATES = (
    (date(2024, 10, 21), D("0.031")),
    (date(2025, 5, 20), D("0.03")),
)
BASIC_RATES = (
    (date(2025, 1, 1), D("0.0227")),
    (date(2025, 7, 1), D("0.0127")),
    (date(2026, 1, 1), D("0.0127")),
)
FIRST_DUE, LAST_DUE = date(2025, 2, 3), date(2026, 5, 29)


@dataclass(frozen=True)
class Told:
    """One invoice and what happened to it: (own day of the credit, day of its application, amount)."""

    name: str
    amount: Decimal
    due: date
    settled: tuple[tuple[date, date, Decimal], ...]


def _random_invoices(seed: int) -> list[Told]:
    random = Random(seed)
    invoices = []
    for number in range(40):
        cents = random.randrange(100, 10_000_000)
        # weekdays that are no holidays in either country: the calendar has its own tests
        due = random.choice(_ordinary_days())
        left, settled = cents, []
        for _ in range(random.randrange(4)):
            part = left if random.random() < 0.3 else random.randrange(left + 1)
            if part == 0:
                continue
            own = min(due + timedelta(days=random.randrange(-20, 120)), date(2026, 6, 30))
            applied = min(own + timedelta(days=random.choice((0, 0, 3, 40))), date(2026, 6, 30))
            settled.append((own, applied, D(part) / 100))
            left -= part
        if left:
            # before the half-year whose rate is not published
            settled.append((date(2026, 6, 30), date(2026, 6, 30), D(left) / 100))
        invoices.append(Told(f"INV{number}", D(cents) / 100, due, tuple(settled)))
    return invoices


def _ordinary_days() -> list[date]:
    """Wednesdays and Thursdays of months without public holidays in China and Germany."""
    days = [FIRST_DUE + timedelta(days=offset) for offset in range((LAST_DUE - FIRST_DUE).days)]
    return [day for day in days if day.weekday() in (2, 3) and day.month in (3, 7, 8, 9, 11)]


SEEDS = {"LI-RND-CN": 7, "LI-RND-DE": 8}


def _random_books(extracts: Extracts) -> None:
    for company, seed in SEEDS.items():
        books = extracts.books(company, country=company[-2:])
        for told in _random_invoices(seed):
            books.invoice(told.name, told.amount, told.due - timedelta(days=60), due=told.due)
            for number, (own, applied, amount) in enumerate(told.settled):
                receipt = f"{told.name}-{number}"
                books.receipt(receipt, amount, own)
                books.allocation(
                    f"A-{receipt}",
                    amount,
                    applied,
                    used=f"receipt:{receipt}",
                    settles=f"document:{told.name}",
                )


def _rate(company: str, *, breach: date, day: date) -> tuple[date, Decimal]:
    """Which rate holds on a day, and since when."""
    if company.endswith("CN"):
        since, prime = max(row for row in PRIME_RATES if row[0] <= breach)
        return since, prime * D("1.5")
    since, basic = max(row for row in BASIC_RATES if row[0] <= day)
    return since, basic + D("0.09")


def _counted_day_by_day(company: str, told: Told) -> Decimal | None:
    """Interest, adding up every single day; each run of equal days is rounded. None: no day bears interest."""
    runs: list[list[Any]] = []
    breach = told.due + DAY
    day = breach
    while day <= date(2026, 6, 30):
        balance = told.amount - sum(amount for own, _, amount in told.settled if own < day)
        key = (balance, _rate(company, breach=breach, day=day))
        if balance > 0:
            if not runs or runs[-1][0] != key:
                runs.append([key, Decimal(0)])
            runs[-1][1] += balance * key[1][1] / 365
        day += DAY
    if not runs:
        return None
    return sum((total.quantize(CENT, ROUND_HALF_UP) for _, total in runs), D("0.00"))


@pytest.mark.parametrize("company", SEEDS)
def test_interest_is_what_counting_day_by_day_gives(world: Warehouse, company: str) -> None:
    expected = {
        told.name: interest
        for told in _random_invoices(SEEDS[company])
        # settled, by application, in the last 12 months
        if max(applied for _, applied, _ in told.settled) > date(2025, 12, 30)
        and (interest := _counted_day_by_day(company, told)) is not None
    }
    found = {name: row["interest_document"] for name, row in _interest(world, company).items()}
    assert found == expected
    assert len(expected) >= 15
