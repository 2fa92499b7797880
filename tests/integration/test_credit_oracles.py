"""Figures of others for credit limits, and a credit policy of the company's own, on mart_credit_exposure.

Belongs here: scenarios of kind credit, policy_credit_limit, confirmed duplicates under one limit. Must not: worked
examples of the design (test_credit_exposure.py).

A credit check gives an exposure and a limit and no documents: each is a company with as much owed. Orders that are not
invoiced are unbilled documents, the one thing before an invoice that exposure knows of.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.kit import Books, D, Extracts, SourcePlan, Warehouse
from tests.kit.scenarios import Scenario, deliver, load_scenarios
from tests.kit.shared import needs_shared
from tests.kit.worlds import LENIENT_GATES, made

pytestmark = [pytest.mark.shared, needs_shared("oracles", "scenarios")]

AS_OF = date(2026, 6, 30)
LATER = "2026-12-31"
COMPARED = {"credit_checks", "snapshots", "returned_payment_risk"}
COMPARED_ELSEWHERE = {"metrics": "test_metric_oracles.py"}
# a peer's suggestion is a formula of its own; Arrears recommends a limit by its scorecard (policy section 4)
DIFFERENT_ON_PURPOSE = {"suggested_limit"}

# what Odoo's cases order and invoice: (amount, the invoice that bills it), and (invoice, amount)
HALF_A_DOLLAR = "SEK"
ORDERS: dict[str, tuple[list[tuple[str, str | None]], list[tuple[str, str]]]] = {
    "order of 45.00 at 2 units per USD": ([("45.00", None)], []),
    "order of 110.00 at 2 units per USD": ([("110.00", None)], []),
    "order exactly at the limit": ([("1000.00", None)], []),
    "order 1000 plus unrelated invoice 100": ([("1000.00", None)], [("INV", "100.00")]),
    "order 1000 plus unrelated invoice 2000": ([("1000.00", None)], [("INV", "2000.00")]),
    "50% down payment of the same order": ([("500.00", "INV"), ("500.00", None)], [("INV", "500.00")]),
    "down payment larger than its order": ([("1000.00", "INV")], [("INV", "1500.00")]),
    "two orders of 1000, one invoiced for 2000": (
        [("1000.00", "INV"), ("1000.00", None)],
        [("INV", "2000.00")],
    ),
}


@dataclass(frozen=True)
class Case:
    """One published check and the company that has it."""

    company: str
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.facts["case"])

    @property
    def after_invoice(self) -> str:
        """The company in which the orders of the case are invoiced."""
        return f"{self.company}-INV"


SCENARIOS = load_scenarios(kinds=("credit",))
CASES = [
    Case(f"K{scenario.number}-{index}", facts)
    for scenario in SCENARIOS
    for index, facts in enumerate(scenario.expected.get("credit_checks", ()))
]
RETURNED = [scenario for scenario in SCENARIOS if scenario.facts["documents"]]


@pytest.fixture(scope="module")
def checks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Every check and scenario, a policy that calls 80 % near, and a crosswalk, in one refresh."""
    extracts = Extracts(
        [SourcePlan("erp", (AS_OF,))],
        time_zone="UTC",
        reporting_currency="USD",
        gates=LENIENT_GATES,
        settings={"crosswalk": "crosswalk.csv"},
    )
    extracts.policy["policy_credit_limit"] = [
        {
            "near_limit_rate": "0.80",
            "head_limit_binds": "group",
            "policy_version": "house-2026",
            "valid_from": "2026-01-01",
            "valid_to": "",
            "approved_by": "CFO",
            "approved_on": "2025-12-15",
        }
    ]
    # at par, so that figures in euros are those of the scenario
    for currency, rate in ((HALF_A_DOLLAR, "0.5"), ("EUR", "1")):
        extracts.put(
            "fx_rate",
            rate_date=AS_OF,
            from_currency=currency,
            to_currency="USD",
            rate=rate,
            rate_type="closing",
        )
    for case in CASES:
        _check(extracts, case)
    for scenario in RETURNED:
        deliver(scenario, extracts)
    _head(extracts)
    folder = tmp_path_factory.mktemp("checks")
    _duplicates(extracts, folder)
    warehouse = made(extracts.write(folder), request=request)
    yield warehouse
    warehouse.close()


def _limit(books: Books, amount: str, /, customer: str = "C1") -> None:
    books.add(
        "credit_limit",
        customer_id=customer,
        amount=amount,
        currency="USD",
        valid_from="2026-01-01",
        kind="permanent",
    )


def _check(extracts: Extracts, case: Case) -> None:
    status = "hold" if case.facts.get("state") == "hold" else "active"
    if case.name not in ORDERS:
        books = _company(extracts, case.company, case, status=status)
        books.invoice("INV", case.facts["exposure"], "2026-06-01", due=LATER, currency="USD")
        return
    orders, invoices = ORDERS[case.name]
    _order(_company(extracts, case.company, case), orders, invoices)
    if "units per USD" in case.name and "exposure_after_invoice" in case.facts:
        amount = orders[0][0]
        _order(_company(extracts, case.after_invoice, case), [(amount, "INV")], [("INV", amount)])


def _company(extracts: Extracts, code: str, case: Case, *, status: str = "active") -> Books:
    books = extracts.books(code, functional_currency="USD", customers=())
    books.customer("C1", status=status)
    if case.facts["limit"] is not None:
        _limit(books, case.facts["limit"])
    return books


def _order(books: Books, orders: list[tuple[str, str | None]], invoices: list[tuple[str, str]]) -> None:
    currency = HALF_A_DOLLAR if orders[0][0] in ("45.00", "110.00") else "USD"
    for number, (amount, billed_by) in enumerate(orders):
        books.unbilled(
            f"ORDER{number}", amount, "2026-06-01", currency=currency, billed_by_document_id=billed_by
        )
    for invoice, amount in invoices:
        books.invoice(invoice, amount, "2026-06-10", due=LATER, currency=currency)


def _exposure(
    checks: Warehouse, company: str, customer: str = "C1", *, scope: str = "customer"
) -> dict[str, Any]:
    (row,) = checks.query(
        "select * from marts.mart_credit_exposure where company_code = $1 and customer_id = $2 and scope = $3",
        [company, customer, scope],
    )
    return row


def test_every_figure_of_these_scenarios_is_compared_or_different_on_purpose() -> None:
    blocks = {block for scenario in SCENARIOS for block in scenario.expected}
    assert blocks == COMPARED | COMPARED_ELSEWHERE.keys() | DIFFERENT_ON_PURPOSE
    assert len(SCENARIOS) == 3
    assert set(ORDERS) <= {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_credit_check_agrees_with_its_oracle(checks: Warehouse, case: Case) -> None:
    row = _exposure(checks, case.company)
    facts = case.facts
    assert row["exposure_reporting"] == D(facts["exposure"])
    assert row["limit_reporting"] == (None if facts["limit"] is None else D(facts["limit"]))
    assert row["is_breached"] is facts["breach"]
    if "available" in facts:
        assert row["own_headroom_reporting"] == D(facts["available"])
    if "state" in facts:
        assert row["credit_state"] == facts["state"]
    if "warning" in facts:
        assert (row["credit_state"] == "near_limit") is facts["warning"]
    if "blocked_anyway" in facts:
        assert row["is_blocked"] is facts["blocked_anyway"]


INVOICED = [case for case in CASES if "exposure_after_invoice" in case.facts]


@pytest.mark.parametrize("case", INVOICED, ids=lambda case: case.name)
def test_an_invoiced_order_is_billed_and_no_order_any_more(checks: Warehouse, case: Case) -> None:
    company = case.after_invoice if "units per USD" in case.name else case.company
    row, expected = _exposure(checks, company), case.facts["exposure_after_invoice"]
    assert (row["trade_debit_reporting"], row["unbilled_reporting"]) == (
        D(expected["invoiced"]),
        D(expected["to_invoice"]),
    )


RISKS = [
    pytest.param(scenario, risk, id=f"{scenario.name}-{risk['step']}")
    for scenario in RETURNED
    for risk in scenario.expected["returned_payment_risk"]
]


@pytest.mark.parametrize(("scenario", "risk"), RISKS)
def test_a_returned_payment_is_exposure_until_it_comes_again(
    checks: Warehouse, scenario: Scenario, risk: dict[str, Any]
) -> None:
    company = scenario.company(risk["step"])
    assert _exposure(checks, company)["exposure_reporting"] == D(risk["amount"])
    (snapshot,) = [one for one in scenario.snapshots if one["step"] == risk["step"]]
    assert checks.open_amounts(AS_OF, company=company) == {
        item: D(amount) for item, amount in snapshot["open"].items()
    }


def _head(extracts: Extracts) -> None:
    books = extracts.books("HEAD", functional_currency="USD", customers=("G",))
    books.customer("A", parent_customer_id="G")
    _limit(books, "100.00", "G")
    books.invoice("INV-G", "80.00", "2026-06-01", due=LATER, customer_id="G", currency="USD")
    books.invoice("INV-A", "500.00", "2026-06-01", due=LATER, customer_id="A", currency="USD")


def test_where_policy_says_so_the_limit_of_a_head_that_buys_binds_its_group(checks: Warehouse) -> None:
    group = _exposure(checks, "HEAD", "G", scope="group")
    assert (group["limit_reporting"], group["excess_reporting"]) == (D("100.00"), D("480.00"))
    assert [_exposure(checks, "HEAD", customer)["headroom_reporting"] for customer in ("G", "A")] == [
        D("-480.00"),
        D("-480.00"),
    ]
    assert group["policy_version"] == "house-2026"


def _duplicates(extracts: Extracts, folder: Path) -> None:
    """00123 is 123, and both have a limit of 1,000: master data of one customer, entered twice."""
    books = extracts.books("TWICE", functional_currency="USD", customers=("00123", "123"))
    for customer, owed in (("00123", "800.00"), ("123", "400.00")):
        _limit(books, "1000.00", customer)
        books.invoice(f"INV-{customer}", owed, "2026-06-01", due=LATER, customer_id=customer, currency="USD")
    names = ("company_code", "customer_id", "party_company_code", "party_id", "reasons", "decision")
    with (folder / "crosswalk.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*names, "decided_by", "decided_on"))
        writer.writerow(("TWICE", "00123", "TWICE", "123", "", "same", "credit control", "2026-06-01"))


def test_one_customer_under_two_ids_has_one_limit(checks: Warehouse) -> None:
    both = _exposure(checks, "TWICE", "123", scope="same_customer")
    # 1,200 under the limit of the id that was confirmed, not under two
    assert (both["exposure_reporting"], both["limit_reporting"]) == (D("1200.00"), D("1000.00"))
    assert [_exposure(checks, "TWICE", customer)["is_blocked"] for customer in ("00123", "123")] == [
        True,
        True,
    ]
