"""Early-warning rules of policy.md section 3: when each opens, becomes severe and closes, worked out by hand.

Belongs here: episodes on mart_risk_warning and its steps, one company per rule. Must not: hysteresis in general
(tests/oracles/test_warning_property.py), other policies and the track record (test_risk_warning_policy.py).

Floors of the world are the absolute ones: minor 20,000, normal 100,000, major 500,000.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.kit import D, Extracts, SourcePlan, Warehouse
from tests.kit.worlds import JUNE, LENIENT_GATES, WORLD_DAY, made

ACTIVITY: dict[str, Any] = {"customer_id": "C1", "channel": "letter", "owner": "Li"}

# rule: day from which the severity holds, in 2026
EXPECTED = {
    # 48 days a customer and overdue 8 days; 31 days on 11 May; paid on the 20th, closed on the seventh day
    "B01": [("04-18", "warning"), ("05-11", "severe"), ("05-26", "closed")],
    # 150,000 due 31 May. 20,000 left on 20 August: 14 days lower on 2 September. 5,000 left on the 10th
    "B02": [("07-01", "warning"), ("07-31", "severe"), ("09-02", "warning"), ("09-16", "closed")],
    # 91 days on 30 June; 2,000 of 60,000 left from 1 August, closed on the 30th day
    "B03": [("06-30", "severe"), ("08-30", "closed")],
    # on time until March. On 31 August four were paid 30 days late, two are open for 27 and 12: 26.5 days. On
    # 31 October four of the last 90 days are too few to judge: 28 days
    "B04": [("09-06", "severe"), ("11-13", "warning"), ("11-27", "closed")],
    # 120 of 200 thousand overdue from 11 June for 3 days; 31 days on 11 July; 11 % from the 20th, 14 days
    "B05": [("06-13", "warning"), ("07-11", "severe"), ("08-02", "closed")],
    # promised for Wednesday 10 June, grace until Monday the 15th; all paid on 1 July
    "B06": [("06-16", "warning"), ("07-07", "closed")],
    # paid every 10 days until 1 March; 46 days after that; 60,000 of 150,000 paid on 1 June
    "B07": [("04-16", "severe"), ("06-07", "closed")],
    # back on 1 June, replaced on the 20th; 90 days without another on 30 August, for 7 days
    "B08": [("06-01", "severe"), ("09-05", "closed")],
    # the third of 10,000 for 500,000; then two that settle something in full
    "B09": [("06-15", "notice"), ("07-11", "closed")],
    # all by commercial bill in 90 days, 150 of 350 thousand in 365; nothing is settled from 30 October on
    "B10": [("08-01", "warning"), ("11-26", "closed")],
    # 15 % contested, then 25 %; nothing billed in 90 days from 30 August on
    "B11": [("06-20", "notice"), ("07-01", "warning"), ("09-12", "notice"), ("09-26", "closed")],
    # 120,000 of 100,000 is no more than 120 %; 30 days over on 31 May; 90 % from 15 June
    "E01": [("05-01", "warning"), ("05-31", "severe"), ("06-21", "closed")],
    "E01N": [("05-01", "notice")],
    # 400,000 each 90 days, and nothing paid: twice the exposure for 7 days; level from 30 July, 28 days
    "E03": [("05-07", "severe"), ("08-12", "warning"), ("08-26", "closed")],
    # proceedings told on 1 June, lifted on 1 September
    "X01": [("06-01", "severe"), ("09-07", "closed")],
    # new owner, then sued: for 180 days each
    "X02": [("06-01", "warning"), ("07-01", "severe"), ("12-11", "warning")],
    # exposure from 1 March on; better accounts of 30 June
    "X03": [("03-01", "warning"), ("07-06", "closed")],
    # three years end on 30 September; a demand arrives on the 10th
    "D01": [("07-02", "warning"), ("08-31", "severe"), ("09-16", "closed")],
    # due 31 May, to be notified within 60 days: 30 July; paid on the 28th
    "D02": [("07-15", "warning"), ("07-25", "severe"), ("07-28", "closed")],
    # five business days after Monday 1 June end on the 8th; 31 days on 2 July; applied on the 10th
    "P01": [("06-09", "notice"), ("07-02", "warning"), ("07-10", "closed")],
    # accounting A16: due 15 March, billed again on 20 April; 61 days on 15 May; 90 days seen
    "P02": [("04-20", "warning"), ("05-15", "severe"), ("07-19", "closed")],
    # two documents for a customer on hold, seen for 90 days each
    "P03": [("06-01", "warning"), ("06-15", "severe"), ("09-12", "warning"), ("09-13", "closed")],
}

# a credit note of 100,000 on 20 April; what is billed again, and whether that is the same receivable
BILLED_AGAIN = {
    "C1": ("2026-04-05", "100000.00", True),
    "C2": ("2026-04-04", "100000.00", False),
    "C3": ("2026-05-05", "100000.00", True),
    "C4": ("2026-05-06", "100000.00", False),
    "C5": ("2026-04-20", "101000.00", True),
    "C6": ("2026-04-20", "101000.01", False),
    "C7": ("2026-05-05", "99000.00", True),
    "C8": ("2026-04-20", "98999.99", False),
}


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A world of its own: floors are shares of all receivables, and industries and ranks are of a whole group."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))], gates=LENIENT_GATES)
    _cases(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("warnings")), request=request)
    yield warehouse
    warehouse.close()


def _cases(extracts: Extracts) -> None:
    _behaviour(extracts)
    _payments(extracts)
    _exposure(extracts)
    _outside(extracts)
    _deadlines(extracts)
    _process(extracts)
    _group(extracts)
    _who_has_none(extracts)


def _behaviour(extracts: Extracts) -> None:
    books = extracts.books("WRN-B01", country="CN")
    books.invoice("INV1", "30000.00", "2026-03-01", due="2026-04-10")
    books.payment("R1", "INV1", "30000.00", "2026-05-20")

    books = extracts.books("WRN-B02", country="CN", customers=())
    books.customer("C1", collector="Wang", sales_owner="Zhao")
    books.invoice("INV1", "150000.00", "2026-05-01", due="2026-05-31")
    books.payment("R1", "INV1", "130000.00", "2026-08-20")
    books.payment("R2", "INV1", "15000.00", "2026-09-10")

    books = extracts.books("WRN-B03", country="CN")
    books.invoice("INV1", "60000.00", "2026-03-01", due="2026-03-31")
    books.payment("R1", "INV1", "58000.00", "2026-08-01")

    books = extracts.books("WRN-B04", country="CN")
    for number in range(8):
        day = date(2025, 10, 5).toordinal() + 20 * number
        due = date.fromordinal(day)
        books.invoice(f"OLD{number}", "20000.00", date.fromordinal(day - 30), due=due)
        books.payment(f"RO{number}", f"OLD{number}", "20000.00", due)
    for number in range(6):
        due = date.fromordinal(date(2026, 6, 5).toordinal() + 15 * number)
        books.invoice(f"NEW{number}", "20000.00", date(2026, 5, 1), due=due)
        books.payment(f"RN{number}", f"NEW{number}", "20000.00", date.fromordinal(due.toordinal() + 30))

    books = extracts.books("WRN-B05", country="CN")
    books.invoice("INV1", "120000.00", "2026-05-11", due="2026-06-10")
    books.invoice("INV2", "80000.00", "2026-05-11", due="2027-06-10")
    books.payment("R1", "INV1", "110000.00", "2026-07-20")


def _payments(extracts: Extracts) -> None:
    books = extracts.books("WRN-B06", country="CN")
    books.invoice("INV1", "50000.00", "2026-05-01", due="2026-05-31")
    promise: dict[str, Any] = {
        "customer_id": "C1",
        "document_id": "INV1",
        "made_on": "2026-06-01",
        "promised_date": "2026-06-10",
        "amount": "30000.00",
    }
    books.add("promise", promise_id="P1", kind="promise", **promise)
    books.payment("R1", "INV1", "50000.00", "2026-07-01")
    books = extracts.books("WRN-B06-PLAN", country="CN")
    books.invoice("INV1", "50000.00", "2026-05-01", due="2026-05-31")
    books.add("promise", promise_id="P1", kind="plan", **promise)

    books = extracts.books("WRN-B07", country="CN")
    for number in range(6):
        paid = date.fromordinal(date(2026, 1, 10).toordinal() + 10 * number)
        books.invoice(f"S{number}", "1000.00", "2026-01-01", due=paid)
        books.payment(f"RS{number}", f"S{number}", "1000.00", paid)
    books.invoice("INV1", "150000.00", "2026-03-01", due="2026-03-31")
    books.payment("R1", "INV1", "60000.00", "2026-06-01")

    books = extracts.books("WRN-B08", country="CN")
    books.invoice("INV1", "30000.00", "2026-05-01", due="2026-12-31")
    books.payment("R1", "INV1", "30000.00", "2026-05-20", status="bounced", status_date="2026-06-01")
    books.payment("R2", "INV1", "30000.00", "2026-06-20")
    books = extracts.books("WRN-B08-OPEN", country="CN")
    books.invoice("INV0", "30000.00", "2026-03-01", due="2026-05-31")
    books.payment("R0", "INV0", "30000.00", "2026-05-01")
    books.invoice("INV1", "30000.00", "2026-05-01", due="2026-12-31")
    books.payment("R1", "INV1", "30000.00", "2026-05-20", status="bounced", status_date="2026-06-01")
    books = extracts.books("WRN-B08-BILL", country="CN")
    books.invoice("INV1", "30000.00", "2026-02-01", due="2026-03-31")
    books.bill("R1", "30000.00", "2026-04-01", matures="2026-10-30", method="commercial_acceptance")
    books.allocation("A1", "30000.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
    books.bill_event("R1", "dishonoured", "30000.00", "2026-11-02")

    books = extracts.books("WRN-B09", country="CN")
    books.invoice("INV1", "500000.00", "2026-05-01", due="2026-05-31")
    for number, day in enumerate(("2026-06-05", "2026-06-10", "2026-06-15")):
        books.payment(f"R{number}", "INV1", "10000.00", day)
    for number, day in enumerate(("2026-07-01", "2026-07-05")):
        books.invoice(f"S{number}", "1234.56", "2026-06-01", due="2026-08-31")
        books.payment(f"RS{number}", f"S{number}", "1234.56", day)

    books = extracts.books("WRN-B10", country="CN")
    books.invoice("INV1", "200000.00", "2026-01-01", due="2026-01-31")
    books.payment("R1", "INV1", "200000.00", "2026-01-15")
    books.invoice("INV2", "150000.00", "2026-07-01", due="2026-08-31")
    books.bill(
        "R2",
        "150000.00",
        "2026-08-01",
        matures="2027-01-31",
        method="commercial_acceptance",
        acceptor="Jiangbei",
    )
    books.allocation("A2", "150000.00", "2026-08-01", used="receipt:R2", settles="document:INV2")

    books = extracts.books("WRN-B11", country="CN")
    books.invoice("INV1", "1000000.00", "2025-10-01", due="2027-06-30")
    books.invoice("INV2", "1000000.00", "2026-06-01", due="2027-06-30")
    books.invoice("INV3", "100000.00", "2026-06-01", due="2027-06-30")
    books.dispute("DSP1", "INV2", "165000.00", "2026-06-20", reason="quality")
    books.dispute("DSP2", "INV3", "110000.00", "2026-07-01", reason="price")


def _exposure(extracts: Extracts) -> None:
    books = extracts.books("WRN-E01", country="CN")
    books.add(
        "credit_limit",
        customer_id="C1",
        amount="100000.00",
        currency="CNY",
        valid_from="2026-01-01",
    )
    books.invoice("INV1", "120000.00", "2026-05-01", due="2027-01-31")
    books.payment("R1", "INV1", "30000.00", "2026-06-15")

    books = extracts.books("WRN-E03", country="CN")
    books.invoice("INV1", "400000.00", "2026-01-10", due="2027-01-31")
    books.invoice("INV2", "400000.00", "2026-05-01", due="2027-01-31")


def _outside(extracts: Extracts) -> None:
    books = extracts.books("WRN-X01", country="CN")
    books.invoice("INV1", "100.00", "2026-01-01", due="2027-01-31")
    for day, value in (("2026-06-01", "proceedings opened"), ("2026-09-01", "lifted")):
        books.add(
            "credit_event", customer_id="C1", event_date=day, source="court", kind="insolvency", value=value
        )

    books = extracts.books("WRN-X02", country="CN")
    books.invoice("INV1", "150000.00", "2026-01-01", due="2027-01-31")
    for day, kind, value in (
        ("2026-06-01", "ownership_change", "new majority owner"),
        ("2026-07-01", "court_record", "sued for payment"),
        ("2026-08-01", "court_record", "plaintiff"),
    ):
        books.add("credit_event", customer_id="C1", event_date=day, source="bureau", kind=kind, value=value)

    books = extracts.books("WRN-X03", country="CN")
    books.invoice("INV1", "150000.00", "2026-03-01", due="2027-01-31")
    accounts: dict[str, Any] = {"customer_id": "C1", "period_months": 12, "currency": "CNY"}
    # 6.56 x -0.1 + 3.26 x -0.1 + 6.72 x 0.02 + 1.05 x 100 / 900 = -0.730933
    books.add(
        "financial_statement",
        period_end="2025-12-31",
        current_assets="300.00",
        current_liabilities="400.00",
        total_assets="1000.00",
        total_liabilities="900.00",
        equity="100.00",
        retained_earnings="-100.00",
        ebit="20.00",
        **accounts,
    )
    books.add(
        "financial_statement",
        period_end="2026-06-30",
        current_assets="600.00",
        current_liabilities="300.00",
        total_assets="1000.00",
        total_liabilities="500.00",
        equity="500.00",
        retained_earnings="200.00",
        ebit="100.00",
        **accounts,
    )

    books = extracts.books("WRN-X04", country="CN", customers=())
    for number in range(6):
        books.customer(f"C{number}", industry="steel of this world")
        due = "2026-05-31" if number < 3 else "2027-01-31"
        books.invoice(f"INV{number}", "600000.00", "2026-01-01", due=due, customer_id=f"C{number}")


def _deadlines(extracts: Extracts) -> None:
    books = extracts.books("WRN-D01", country="CN", customers=())
    books.customer("C1", country="CN")
    books.invoice("INV1", "30000.00", "2023-09-01", due="2023-09-30")
    books.add(
        "collection_activity",
        activity_id="LETTER",
        document_id="INV1",
        happened_at="2026-09-08T02:00:00Z",
        evidence_kind="courier_receipt",
        reached_on="2026-09-10",
        **ACTIVITY,
    )

    books = extracts.books("WRN-D02", country="CN")
    books.add(
        "insurance_cover",
        customer_id="C1",
        policy="POL1",
        limit="100000.00",
        currency="CNY",
        share="0.9",
        valid_from="2026-01-01",
        notification_days=60,
    )
    books.invoice("INV1", "5000.00", "2026-04-01", due="2026-05-31")
    books.payment("R1", "INV1", "5000.00", "2026-07-28")


def _process(extracts: Extracts) -> None:
    books = extracts.books("WRN-P01", country="CN")
    books.invoice("INV1", "100000.00", "2026-05-01", due="2026-05-31")
    books.receipt("R1", "120000.00", "2026-06-01")
    books.allocation("A1", "100000.00", "2026-07-10", used="receipt:R1", settles="document:INV1")

    books = extracts.books("WRN-P02", country="CN")
    for code in ("WRN-P02", "WRN-P02-SEEN"):
        if code != "WRN-P02":
            books = extracts.books(code, country="CN")
        books.invoice("INV1", "113000.00", "2026-02-13", due="2026-03-15")
        books.credit_note("CN1", "113000.00", "2026-04-20")
        books.allocation("A1", "113000.00", "2026-04-20", used="credit_note:CN1", settles="document:INV1")
        books.invoice("INV2", "113000.00", "2026-04-20", due="2026-06-19")
    # several on one day: the first by its number is named, in every build
    for activity in ("REVIEW-C", "REVIEW", "REVIEW-B"):
        books.add(
            "collection_activity",
            activity_id=activity,
            document_id="INV2",
            happened_at="2026-05-02T02:00:00Z",
            outcome="reviewed",
            **ACTIVITY,
        )

    books = extracts.books("WRN-P02-EDGE", country="CN", customers=())
    for customer, (day, amount, _) in BILLED_AGAIN.items():
        books.customer(customer)
        books.invoice(f"OLD-{customer}", "100000.00", "2026-02-13", due="2026-03-15", customer_id=customer)
        books.credit_note(f"CN-{customer}", "100000.00", "2026-04-20", customer_id=customer)
        books.allocation(
            f"A-{customer}",
            "100000.00",
            "2026-04-20",
            used=f"credit_note:CN-{customer}",
            settles=f"document:OLD-{customer}",
        )
        books.invoice(f"NEW-{customer}", amount, day, due="2026-06-30", customer_id=customer)

    for code in ("WRN-P03", "WRN-P03-APPROVED"):
        books = extracts.books(code, country="CN", customers=())
        books.customer("C1", status="hold")
        books.invoice("INV1", "25000.00", "2026-06-01", due="2027-01-31")
        books.invoice("INV2", "10000.00", "2026-06-15", due="2027-01-31")
    books.add(
        "credit_event",
        customer_id="C1",
        event_date="2026-06-01",
        source="CFO",
        kind="approval",
        value="delivery against prepayment",
    )


def _group(extracts: Extracts) -> None:
    books = extracts.books("WRN-G01", country="CN", customers=())
    books.customer("HEAD")
    for customer in ("A", "B", "SMALL"):
        books.customer(customer, parent_customer_id="HEAD", name=f"Member {customer}")
    books.invoice("INV1", "60000.00", "2026-03-01", due="2026-03-31", customer_id="A")
    books.receipt("R1", "60000.00", "2026-08-01", customer_id="A")
    books.allocation("A1", "60000.00", "2026-08-01", used="receipt:R1", settles="document:INV1")
    books.invoice("INV2", "25000.00", "2026-06-01", due="2027-01-31", customer_id="B")
    books.invoice("INV3", "100.00", "2026-06-01", due="2027-01-31", customer_id="SMALL")


def _who_has_none(extracts: Extracts) -> None:
    books = extracts.books("WRN-SMALL", country="CN")
    for number in range(50):
        books.invoice(f"INV{number}", "100.00", "2026-01-01", due="2026-01-31")
    for case, status in (("LEGAL", "legal"), ("CLOSED", "closed")):
        books = extracts.books(f"WRN-{case}", country="CN", customers=())
        books.customer("C1", status=status)
        books.invoice("INV1", "50000.00", "2026-01-01", due="2026-01-31")
        books.add(
            "credit_event",
            customer_id="C1",
            event_date="2026-06-01",
            source="court",
            kind="insolvency",
            value="proceedings opened",
        )
    books = extracts.books("WRN-SISTER", country="CN", intercompany_group="WRN", customers=())
    extracts.books("WRN-SISTER-2", country="CN", intercompany_group="WRN")
    books.customer("C1", counterparty_company_code="WRN-SISTER-2")
    books.invoice("INV1", "150000.00", "2026-01-01", due="2026-01-31")
    books.receipt("R1", "120000.00", "2026-06-01")


def _episodes(world: Warehouse, company: str, rule: str | None = None) -> list[dict[str, Any]]:
    return world.query(
        "select * from marts.mart_risk_warning where company_code = $1 and ($2 is null or rule_id = $2)"
        " order by first_seen_on, rule_id, customer_id",
        [company, rule],
    )


def _steps(world: Warehouse, episode: dict[str, Any]) -> list[tuple[str, str]]:
    rows = world.query(
        "select day, severity from marts.mart_risk_warning_step where episode_id = $1 order by day",
        [episode["episode_id"]],
    )
    return [(row["day"].strftime("%m-%d"), row["severity"]) for row in rows]


@pytest.mark.parametrize("rule", sorted(EXPECTED))
def test_each_rule_opens_rises_falls_and_closes_on_its_days(world: Warehouse, rule: str) -> None:
    company = f"WRN-{rule.removesuffix('N')}"
    (episode,) = _episodes(world, company, rule)
    assert _steps(world, episode) == EXPECTED[rule]
    last = EXPECTED[rule][-1][1]
    assert (episode["is_open"], episode["severity"]) == (last != "closed", last)


def test_billed_again_is_within_15_days_and_1_percent_of_the_credit_note(world: Warehouse) -> None:
    episodes = world.query(
        "select distinct customer_id from marts.mart_risk_warning"
        " where company_code = 'WRN-P02-EDGE' and rule_id = 'P02'"
    )
    found = {row["customer_id"] for row in episodes}
    assert found == {customer for customer, (_, _, is_same) in BILLED_AGAIN.items() if is_same}


def test_a_broken_plan_and_a_dishonoured_bill_are_severe_at_once(world: Warehouse) -> None:
    (plan,) = _episodes(world, "WRN-B06-PLAN", "B06")
    # nothing paid: 90 days after 16 June it has been seen for long enough, and 7 days
    assert _steps(world, plan) == [("06-16", "severe"), ("09-20", "closed")]
    (bill,) = _episodes(world, "WRN-B08-BILL", "B08")
    assert _steps(world, bill) == [("11-02", "severe")]
    assert bill["message_zh"] == "2026-11-02票据拒付3.0万,原债权已按原到期日恢复。"


def test_what_came_back_stays_severe_until_cash_replaces_it(world: Warehouse) -> None:
    (episode,) = _episodes(world, "WRN-B08-OPEN", "B08")
    # cash of the month before replaces nothing
    assert _steps(world, episode) == [("06-01", "severe")]


def test_an_industry_warns_those_who_are_exposed_and_more_those_who_are_overdue(world: Warehouse) -> None:
    episodes = _episodes(world, "WRN-X04", "X04")
    # three of six are overdue by 31 days on 1 July: half of the industry on Friday the 3rd, nobody more than
    # a third of it. 60 days after that it is no rise any more: from Friday 4 September, for 28 days
    steps = {episode["customer_id"]: _steps(world, episode) for episode in episodes}
    assert steps == {
        f"C{number}": [("07-03", "warning" if number < 3 else "notice"), ("10-01", "closed")]
        for number in range(6)
    }


def test_a_member_of_a_group_is_warned_of_a_severe_warning_of_another(world: Warehouse) -> None:
    (episode,) = _episodes(world, "WRN-G01", "G01")
    # B03 of A is severe from 30 June until 30 August; SMALL owes less than the floor
    assert (episode["customer_id"], _steps(world, episode)) == (
        "B",
        [("06-30", "warning"), ("09-12", "closed")],
    )
    assert episode["message_en"] == (
        "Group member Member A triggered: overdue more than 90 days; exposure here 25.0k, group 85.1k."
    )


def test_t43_many_small_late_invoices_warn_of_nothing(world: Warehouse) -> None:
    assert _episodes(world, "WRN-SMALL") == []


def test_a_customer_in_legal_hands_has_outside_warnings_only_and_a_closed_one_none(world: Warehouse) -> None:
    assert {episode["rule_id"] for episode in _episodes(world, "WRN-LEGAL")} == {"X01"}
    assert _episodes(world, "WRN-CLOSED") == []


def test_an_intragroup_customer_has_warnings_of_process_only(world: Warehouse) -> None:
    assert {episode["rule_id"] for episode in _episodes(world, "WRN-SISTER")} == {"P01"}


def test_a_review_ends_a_warning_of_a_reset_date_and_an_approval_that_of_a_sale(world: Warehouse) -> None:
    (reset,) = _episodes(world, "WRN-P02-SEEN", "P02")
    assert _steps(world, reset) == [("04-20", "warning"), ("05-02", "closed")]
    assert (reset["document_id"], reset["acknowledged_activity_id"]) == ("INV2", "REVIEW")
    assert _episodes(world, "WRN-P03-APPROVED", "P03") == []


def test_an_episode_says_who_reacts_by_when_and_what_it_saw(world: Warehouse) -> None:
    (episode,) = _episodes(world, "WRN-B02", "B02")
    assert (episode["owner_roles"], episode["owner_name"]) == ("collector", "Wang")
    # severe on Friday 31 July, three business days
    assert (episode["worst_since"], episode["react_by"]) == (date(2026, 7, 31), date(2026, 8, 5))
    assert (episode["last_seen_on"], episode["closed_on"]) == (date(2026, 9, 15), date(2026, 9, 16))
    assert episode["message_zh"] == "逾期超30天15.0万,最长31天,占其应收100.0%。"
    assert (
        episode["message_en"]
        == "150.0k is more than 30 days overdue, oldest 31 days, 100.0% of what it owes."
    )
    values = world.query(
        "select moment, day, value_number, open_comparison, open_threshold, close_threshold"
        " from marts.mart_risk_warning_value where episode_id = $1 and name = 'net_overdue_30' order by day",
        [episode["episode_id"]],
    )
    assert [tuple(row.values()) for row in values] == [
        ("trigger", date(2026, 7, 1), D("150000"), ">=", D("20000"), D("10000")),
        ("latest", date(2026, 9, 16), D("5000"), ">=", D("20000"), D("10000")),
    ]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("B06", "Promised 30.0k by 2026-06-10, received 0, short 30.0k; number 1 in 90 days."),
        (
            "B10",
            (
                "Commercial bills and certificates are 100.0% of settlements in 90 days (before: 42.9%);"
                " acceptor Jiangbei."
            ),
        ),
        ("E01", "Exposure 120.0k of limit 100.0k (120.0%), 20.0k over, for 0 days."),
        (
            "X01",
            (
                "2026-06-01: insolvency (court). Exposure 100, uncovered 100. Stop supply; file claim or seek"
                " preservation."
            ),
        ),
        ("X03", "Accounts of 2025-12-31: Z'' -0.73, liabilities/assets 90.0%, operating cash flow n/a."),
        (
            "D01",
            "The limitation period for 30.0k ends on 2026-09-30 (90 days left); last effective restart: n/a.",
        ),
        ("P01", "120.0k unapplied or unidentified since 2026-06-01; overdue may be overstated by 100.0k."),
        (
            "P02",
            "Due date of INV2 moved from 2026-03-15 to 2026-06-19 (credit note and new invoice), 113.0k.",
        ),
        ("P03", "25.0k billed on 2026-06-01 to a customer in state hold; no approval found."),
    ],
)
def test_a_message_says_the_values_of_the_day_it_opened(world: Warehouse, rule: str, message: str) -> None:
    (episode,) = _episodes(world, f"WRN-{rule}", rule)
    assert episode["message_en"] == message


def test_the_watchlist_ranks_customers_by_what_is_expected_to_be_lost(world: Warehouse) -> None:
    rows = world.query("select * from marts.mart_watchlist order by watchlist_rank")
    losses = [row["expected_loss_reporting"] for row in rows]
    assert losses == sorted(losses, reverse=True)
    warned = world.query(
        "select distinct party_id from marts.mart_risk_warning"
        " where is_open and severity in ('warning', 'severe') and party_id is not null"
    )
    assert {row["party_id"] for row in rows} == {row["party_id"] for row in warned}
    (bill,) = [row for row in rows if row["company_code"] == "WRN-B08-BILL"]
    # in default since 10 November: assessed by itself, and nothing decided
    assert (bill["first_reason_rule_id"], bill["second_reason_rule_id"]) == ("B03", "B08")
    assert bill["expected_loss_reporting"] <= bill["exposure_reporting"] == D("30000.00")
    assert bill["sentence_en"].startswith(
        "Customer C1 (grade E): 30.0k net overdue, oldest 275 days; 30.0k is more than 90 days overdue, oldest due"
        " 2026-03-31; meets the default definition: consider legal action and individual assessment; Dishonoured"
        " bill of 30.0k on 2026-11-02; the receivable is open again at its original due date. Uncovered exposure"
        " 30.0k, expected loss "
    )
    assert bill["sentence_en"].endswith("Do: hand over to legal, assess individually; legal by 2026-11-09.")


def build_history(extracts: Extracts) -> None:
    books = extracts.books("WRN-LATE", country="CN")
    books.invoice("INV1", "50000.00", "2026-03-01", due="2026-03-31")
    later = books.known(since=JUNE)
    later.payment("R1", "INV1", "50000.00", "2026-04-15")


def test_what_is_learnt_later_changes_no_day_on_which_a_warning_opened(history: Warehouse) -> None:
    # paid on 15 April, which nobody knew before 30 June: warned on 1 May, and not closed within the day
    (episode,) = _episodes(history, "WRN-LATE", "B02")
    assert (episode["first_seen_on"], episode["is_open"]) == (date(2026, 5, 1), True)


def test_every_day_of_the_world_is_before_its_as_of_date(world: Warehouse) -> None:
    (found,) = world.query("select max(day) as newest from marts.mart_risk_warning_step")
    assert found["newest"] <= WORLD_DAY
