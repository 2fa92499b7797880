"""Limitation 诉讼时效: worked examples of policy.md section 7, accounting.md F2 and A20.

Belongs here: regimes, what restarts a period and what does not, deadlines and what becomes unenforceable, and a
comparison with an oracle that follows act by act. Must not: late interest (test_late_interest.py), warnings.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.worlds import WORLD_DAY

DUE = "2023-05-31"
SHIPPED = Path(__file__).parents[2] / "dbt" / "seeds" / "policy"


def build_world(extracts: Extracts) -> None:
    extracts.policy["policy_limitation_date"] = [
        {
            "company_code": "LM-LAW",
            "document_id": "DECIDED",
            "deadline_date": "2027-02-28",
            "reason": "counsel's opinion",
            "policy_version": "house-2026",
            "valid_from": "",
            "valid_to": "",
            "approved_by": "legal",
            "approved_on": "2026-01-15",
        }
    ]
    # the company's own tables, with the shipped rows
    for table in ("policy_limitation_regime", "policy_limitation_evidence"):
        with (SHIPPED / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            extracts.policy[table] = list(csv.DictReader(file))
    _goldens(extracts)
    _evidence(extracts)
    _too_late(extracts)
    _promises(extracts)
    _instalments(extracts)
    _written_off(extracts)
    _laws(extracts)
    _soon(extracts)
    _random_claims(extracts)


def _letter(books: Books, document: str | None, reached: str | date | None, /, **columns: Any) -> None:
    """A demand that arrived, with the courier's receipt."""
    happened = reached or "2024-03-08"
    row = {
        "activity_id": f"ACT-{document}-{happened}-{columns.get('customer_id', 'C1')}",
        "customer_id": "C1",
        "document_id": document,
        "happened_at": f"{happened} 02:00:00",
        "channel": "letter",
        "evidence_kind": "courier_receipt",
        "reached_on": reached,
    }
    books.add("collection_activity", **{**row, **columns})


def _clocks(world: Warehouse, company: str) -> dict[str, dict[str, Any]]:
    rows = world.query("select * from marts.mart_limitation where company_code = ?", [company])
    return {f"{row['document_id']}#{row['instalment_no']}".removesuffix("#1"): row for row in rows}


def _deadlines(world: Warehouse, company: str) -> dict[str, str]:
    return {name: str(row["deadline_date"]) for name, row in _clocks(world, company).items()}


def _latest(world: Warehouse, company: str) -> dict[str, str]:
    return {name: str(row["latest_deadline_date"]) for name, row in _clocks(world, company).items()}


def _goldens(extracts: Extracts) -> None:
    for country in ("CN", "DE"):
        books = extracts.books(f"LM-{country}", country=country, customers=())
        books.customer("C1", country=country)
        books.customer("C2", country="US")
        for document in ("SILENT", "RESTARTED", "LETTER"):
            books.invoice(document, "100.00", "2023-05-01", due=DUE)
        _letter(books, "RESTARTED", "2024-03-10")
        _letter(books, "LETTER", "2024-03-10")
        books.payment("R1", "RESTARTED", "40.00", "2025-01-20")
        books.invoice("ABROAD", "100.00", "2023-05-01", due=DUE, customer_id="C2")


def test_f02_in_china_a_demand_and_a_part_payment_restart_three_years(world: Warehouse) -> None:
    assert _deadlines(world, "LM-CN") == {
        "SILENT": "2026-05-31",
        "RESTARTED": "2028-01-20",
        "LETTER": "2027-03-10",
        # four years for goods sold abroad
        "ABROAD": "2027-05-31",
    }
    restarted = _clocks(world, "LM-CN")["RESTARTED"]
    assert restarted["first_day"] == date(2023, 6, 1)
    assert (restarted["last_restart_date"], restarted["last_restart_kind"]) == (
        date(2025, 1, 20),
        "part_payment",
    )
    assert (restarted["last_restart_source"], restarted["last_restart_source_id"]) == ("receipt", "R1")


def test_f02_in_germany_the_year_ends_first_and_a_demand_restarts_nothing(world: Warehouse) -> None:
    assert _deadlines(world, "LM-DE") == {
        "SILENT": "2026-12-31",
        "RESTARTED": "2028-01-20",
        "LETTER": "2026-12-31",
        "ABROAD": "2026-12-31",
    }
    assert _clocks(world, "LM-DE")["SILENT"]["first_day"] == date(2024, 1, 1)


def test_the_last_day_still_counts_and_the_claim_outlives_it(world: Warehouse) -> None:
    chinese, german = (_clocks(world, company)["SILENT"] for company in ("LM-CN", "LM-DE"))
    # as of 31 December 2026
    assert (german["limitation_state"], german["days_left"]) == ("running", 0)
    assert (chinese["limitation_state"], chinese["days_left"]) == ("expired", -214)
    assert chinese["claim_amount_document"] == D("100.00")


def _evidence(extracts: Extracts) -> None:
    books = extracts.books("LM-EV", country="CN", customers=())
    books.customer("C1", country="CN")
    for document in ("PHONE", "NOT_REACHED", "UNKNOWN", "SIGNED", "SUED", "BEFORE_DUE", "BOUNCED"):
        books.invoice(document, "100.00", "2024-05-01", due="2024-05-31")
    _letter(books, "PHONE", None, channel="phone", evidence_kind=None, happened_at="2024-09-01 02:00:00")
    _letter(books, "NOT_REACHED", None, happened_at="2024-09-01 02:00:00")
    _letter(books, "UNKNOWN", "2024-09-01", evidence_kind="carrier pigeon")
    _letter(books, "SIGNED", "2024-09-01", evidence_kind="signed_statement")
    _letter(books, "SUED", "2024-09-01", evidence_kind="court_filing")
    _letter(books, "BEFORE_DUE", "2024-05-31")
    books.payment("R1", "BOUNCED", "40.00", "2024-09-01", status="bounced", status_date="2024-09-10")


def test_a_demand_counts_only_with_evidence_of_the_day_on_which_it_arrived(world: Warehouse) -> None:
    without, restarted = "2027-05-31", "2027-09-01"
    assert _deadlines(world, "LM-EV") == {
        "PHONE": without,
        "NOT_REACHED": without,
        "UNKNOWN": without,
        "SIGNED": restarted,
        "SUED": restarted,
        "BEFORE_DUE": without,
        "BOUNCED": without,
    }
    # what may have restarted it is shown, and nobody is told to rely on it
    uncertain = {name for name, row in _clocks(world, "LM-EV").items() if row["uncertainty"]}
    assert uncertain == {"PHONE", "NOT_REACHED", "UNKNOWN"}
    assert {_latest(world, "LM-EV")[name] for name in uncertain} == {restarted}
    assert _clocks(world, "LM-EV")["SIGNED"]["last_restart_kind"] == "acknowledgement"


def _too_late(extracts: Extracts) -> None:
    books = extracts.books("LM-LATE", country="CN", customers=())
    books.customer("C1", country="CN")
    for document, days in {
        "IN_TIME": ("2023-05-31", "2026-05-31"),
        "LATE": ("2023-06-01",),
        # a day too late, and what follows it is too late as well
        "CHAIN": ("2023-06-01", "2023-07-01"),
    }.items():
        books.invoice(document, "100.00", "2020-05-01", due="2020-05-31")
        for day in days:
            _letter(books, document, day)
    books.invoice("REVIVED", "100.00", "2020-05-01", due="2020-05-31")
    books.payment("R1", "REVIVED", "40.00", "2024-06-01")
    _letter(books, "REVIVED", "2026-06-01")


def test_a_demand_after_the_end_restarts_nothing(world: Warehouse) -> None:
    assert _deadlines(world, "LM-LATE") == {
        "IN_TIME": "2029-05-31",
        "LATE": "2023-05-31",
        "CHAIN": "2023-05-31",
        "REVIVED": "2023-05-31",
    }


def test_an_acknowledgement_after_the_end_may_revive_the_claim(world: Warehouse) -> None:
    assert _latest(world, "LM-LATE") == {
        "IN_TIME": "2029-05-31",
        "LATE": "2023-05-31",
        "CHAIN": "2023-05-31",
        "REVIVED": "2029-06-01",
    }


def _promises(extracts: Extracts) -> None:
    books = extracts.books("LM-ACK", country="DE", customers=())
    for customer in ("C1", "C2", "C3"):
        books.customer(customer, country="DE")
    promised: dict[str, Any] = {"customer_id": "C1", "made_on": "2026-02-01", "promised_date": "2026-03-01"}
    for document in ("PROMISED", "WITHDRAWN", "EXTENDED", "ASKED"):
        books.invoice(document, "100.00", "2024-05-01", due="2024-05-31")
    books.add("promise", promise_id="P1", document_id="PROMISED", amount="10.00", **promised)
    books.add(
        "promise",
        promise_id="P2",
        document_id="WITHDRAWN",
        amount="10.00",
        cancelled_on="2026-02-10",
        **promised,
    )
    books.extension("X1", "EXTENDED", "100.00", "2026-06-30", approved="2026-02-01")
    books.extension("X2", "ASKED", "100.00", "2026-06-30", approved=None)
    # a letter on the account concerns what was owed then, a promise for the account nobody knows what
    books.invoice("ACCOUNT", "100.00", "2024-05-01", due="2024-05-31", customer_id="C2")
    books.invoice("YOUNG", "100.00", "2026-03-01", due="2026-03-31", customer_id="C2")
    _letter(books, None, "2026-02-01", evidence_kind="signature", customer_id="C2")
    books.invoice("SOME", "100.00", "2024-05-01", due="2024-05-31", customer_id="C3")
    books.add("promise", promise_id="P3", amount="10.00", **{**promised, "customer_id": "C3"})


def test_who_promises_or_extends_acknowledges_the_document_he_names(world: Warehouse) -> None:
    year_end, restarted = "2027-12-31", "2029-02-01"
    assert _deadlines(world, "LM-ACK") == {
        "PROMISED": restarted,
        "WITHDRAWN": year_end,
        "EXTENDED": restarted,
        "ASKED": year_end,
        "ACCOUNT": restarted,
        "YOUNG": "2029-12-31",
        "SOME": year_end,
    }
    latest = _latest(world, "LM-ACK")
    assert (latest["SOME"], latest["WITHDRAWN"], latest["EXTENDED"]) == (restarted, restarted, "2029-06-30")


def _instalments(extracts: Extracts) -> None:
    for country in ("CN", "DE"):
        books = extracts.books(f"LM-PLAN-{country}", country=country, customers=())
        books.customer("C1", country=country)
        books.invoice("INV1", "100.00", "2023-05-01", due=DUE)
        books.instalment("INV1", 1, "50.00", DUE)
        books.instalment("INV1", 2, "40.00", "2024-05-31")
        books.instalment("INV1", 3, "10.00", "2025-05-31", kind="retention", unconditional_on="2025-05-31")
        # one that is paid still says when the debt ends, and acknowledges the rest
        books.payment("R1", "INV1", "10.00", "2024-07-01")


def test_f02_instalments_of_one_debt_run_from_the_last_one(world: Warehouse) -> None:
    assert _deadlines(world, "LM-PLAN-CN") == {
        "INV1": "2027-07-01",
        "INV1#2": "2027-07-01",
        "INV1#3": "2028-05-31",
    }
    first_days = {name: str(row["first_day"]) for name, row in _clocks(world, "LM-PLAN-CN").items()}
    assert first_days == {"INV1": "2024-06-01", "INV1#2": "2024-06-01", "INV1#3": "2025-06-01"}


def test_in_germany_every_instalment_has_its_own_clock(world: Warehouse) -> None:
    assert _deadlines(world, "LM-PLAN-DE") == {
        "INV1": "2027-07-01",
        "INV1#2": "2027-12-31",
        "INV1#3": "2028-12-31",
    }


def _written_off(extracts: Extracts) -> None:
    books = extracts.books("LM-OFF", country="CN", customers=())
    books.customer("C1", country="CN")
    for document in ("ALL", "PART", "RECOVERED", "CENTS"):
        books.invoice(document, "100.00", "2024-05-01", due="2024-05-31")
    books.allocation("A1", "100.00", "2024-12-01", used="write_off", settles="document:ALL")
    books.allocation("A2", "30.00", "2024-12-01", used="write_off", settles="document:PART")
    books.allocation("A3", "100.00", "2024-12-01", used="write_off", settles="document:RECOVERED")
    books.allocation(
        "A4",
        "100.00",
        "2025-02-01",
        used="write_off",
        settles="document:RECOVERED",
        is_reversal=True,
        reverses_allocation_id="A3",
    )
    books.payment("R1", "RECOVERED", "100.00", "2025-02-01")
    books.payment("R2", "CENTS", "99.50", "2024-06-01")
    books.allocation("A5", "0.50", "2024-12-01", used="write_off", settles="document:CENTS")
    _letter(books, "ALL", "2025-03-01")


def test_a20_a_write_off_ends_no_claim(world: Warehouse) -> None:
    rows = _clocks(world, "LM-OFF")
    found = {
        name: (row["open_amount_document"], row["written_off_amount_document"], str(row["deadline_date"]))
        for name, row in rows.items()
    }
    assert found == {
        "ALL": (D("0.00"), D("100.00"), "2028-03-01"),
        "PART": (D("70.00"), D("30.00"), "2027-05-31"),
    }
    assert all(row["is_written_off"] and row["claim_amount_document"] == 100 for row in rows.values())


def _laws(extracts: Extracts) -> None:
    books = extracts.books("LM-LAW", country="CN", customers=())
    books.customer("C1", country="CN")
    books.customer("C2")
    books.customer("C3", country="VN", deal_nature="project")
    for law in ("DE", "FR", "Klingon"):
        books.add("contract", contract_id=law, customer_id="C1", governing_law=law)
        books.invoice(law, "100.00", "2023-05-01", due=DUE, contract_id=law)
    books.invoice("DECIDED", "100.00", "2023-05-01", due=DUE)
    books.invoice("COUNTRY", "100.00", "2023-05-01", due=DUE, customer_id="C2")
    books.invoice("WORKS", "100.00", "2023-05-01", due=DUE, customer_id="C3")
    # where the customer is makes no difference under German law
    books.invoice("DE_ANYWHERE", "100.00", "2023-05-01", due=DUE, contract_id="DE", customer_id="C2")
    nowhere = extracts.books("LM-NONE")
    nowhere.invoice("INV1", "100.00", "2023-05-01", due=DUE)
    _letter(nowhere, "INV1", "2024-03-10")


def test_the_contract_says_which_law_and_a_date_can_be_typed_in(world: Warehouse) -> None:
    rows = _clocks(world, "LM-LAW")
    assert {
        name: (row["regime"], str(row["deadline_date"]), row["uncertainty"]) for name, row in rows.items()
    } == {
        "DE": ("de", "2026-12-31", None),
        "FR": ("manual", "2026-05-31", "law_not_known"),
        "Klingon": ("manual", "2026-05-31", "law_not_known"),
        "DECIDED": ("manual", "2027-02-28", None),
        "DE_ANYWHERE": ("de", "2026-12-31", None),
        "COUNTRY": ("cn_domestic", "2026-05-31", "customer_country_unknown"),
        # works abroad are no goods
        "WORKS": ("cn_domestic", "2026-05-31", None),
    }
    assert rows["DECIDED"]["policy_version"] == "house-2026"


def test_where_the_law_is_not_known_the_shortest_period_holds(world: Warehouse) -> None:
    assert _deadlines(world, "LM-NONE") == {"INV1": "2026-05-31"}


def _soon(extracts: Extracts) -> None:
    books = extracts.books("LM-SOON", country="CN", customers=())
    books.customer("C1", country="CN")
    # as of 31 December 2026: yesterday, today, in 30 and 31, 90 and 91 days
    for number, due in enumerate(
        ("2023-12-30", "2023-12-31", "2024-01-30", "2024-01-31", "2024-03-31", "2024-04-01")
    ):
        books.invoice(f"INV{number}", str(10**number), "2023-12-01", due=due)
    books.invoice("DUE_TODAY", "1000000.00", "2026-12-01", due=WORLD_DAY)


def test_amounts_that_become_unenforceable_are_counted_to_the_day(world: Warehouse) -> None:
    (row,) = world.query("select * from marts.mart_limitation_customer where company_code = 'LM-SOON'")
    assert row["expired_amount_reporting"] == D("1.00")
    assert (row["ending_in_30_days_count"], row["ending_in_30_days_amount_reporting"]) == (2, D("110.00"))
    assert (row["ending_in_90_days_count"], row["ending_in_90_days_amount_reporting"]) == (4, D("11110.00"))
    assert (row["claim_count"], row["claim_amount_reporting"]) == (7, D("1111111.00"))
    assert row["next_deadline_date"] == WORLD_DAY
    assert _clocks(world, "LM-SOON")["DUE_TODAY"]["limitation_state"] == "not_started"


# --- an oracle that follows act by act ------------------------------------------------------------------------------

ACTS = ("demand", "signature", "phone", "payment")


def _histories(country: str) -> dict[str, tuple[date, list[tuple[date, str]]]]:
    """Due date and acts of 60 claims, some of them years apart."""
    random = Random(country)
    histories = {}
    for number in range(60):
        due = date(2014, 1, 15) + timedelta(days=random.randrange(4000))
        days = {due + timedelta(days=random.randrange(-30, 4000)) for _ in range(random.randrange(6))}
        acts = [(day, random.choice(ACTS)) for day in sorted(days) if day <= WORLD_DAY]
        histories[f"INV{number}"] = (due, acts)
    return histories


def _random_claims(extracts: Extracts) -> None:
    for country in ("CN", "DE"):
        books = extracts.books(f"LM-RND-{country}", country=country, customers=())
        books.customer("C1", country=country)
        for document, (due, acts) in _histories(country).items():
            books.invoice(document, "100.00", due - timedelta(days=30), due=due)
            for day, kind in acts:
                if kind == "payment":
                    books.payment(f"R-{document}-{day}", document, "1.00", day)
                else:
                    evidence = {"demand": "ems", "signature": "signature", "phone": None}[kind]
                    _letter(
                        books,
                        document,
                        day if evidence else None,
                        evidence_kind=evidence,
                        happened_at=f"{day} 02:00:00",
                        activity_id=f"{document}-{day}",
                    )


def _three_years_on(day: date) -> date:
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return date(day.year + 3, 2, 28)


def _followed(due: date, acts: list[tuple[date, str]], *, country: str) -> date:
    """The last day of the period, from one act to the next."""
    deadline = _three_years_on(due if country == "CN" else date(due.year, 12, 31))
    for day, kind in acts:
        counts = kind in ("signature", "payment") or (kind == "demand" and country == "CN")
        if counts and due < day <= deadline:
            deadline = max(deadline, _three_years_on(day))
    return deadline


@pytest.mark.parametrize("country", ["CN", "DE"])
def test_deadlines_are_those_of_following_act_by_act(world: Warehouse, country: str) -> None:
    expected = {
        document: str(_followed(due, acts, country=country))
        for document, (due, acts) in _histories(country).items()
    }
    assert _deadlines(world, f"LM-RND-{country}") == expected
