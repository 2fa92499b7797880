"""Figures that others publish for metrics, on mart_receivable_kpi.

Belongs here: scenarios of kind metrics and credit whose figures are metrics of a period. Must not: provision matrices,
credit limits.

A scenario gives totals and no documents: each case is a company with one invoice or two that add up to them, in a month
or quarter of as many days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.scenarios import load_scenarios
from tests.kit.shared import needs_shared

pytestmark = [pytest.mark.shared, needs_shared("oracles", "scenarios")]

# days of the window -> its last day, its months, and a day before it
PERIODS = {
    30: (date(2026, 6, 30), 1, date(2026, 5, 15)),
    90: (date(2026, 3, 31), 3, date(2025, 12, 15)),
    365: (date(2026, 12, 31), 12, date(2025, 12, 15)),
}
# the metric of Odoo counts from the first invoice ever; Arrears has no window of that kind
LIFETIME = ("odoo_days_sales_outstanding_lifetime",)


@dataclass(frozen=True)
class Case:
    """One published figure and the company that has it."""

    company: str
    facts: dict[str, Any]


def _cases(*metrics: str) -> list[Case]:
    scenarios = load_scenarios(kinds=("metrics", "credit"))
    return [
        Case(f"M{scenario.number}-{index}", facts)
        for scenario in scenarios
        if scenario.name not in LIFETIME
        for index, facts in enumerate(scenario.expected.get("metrics", ()))
        if facts["metric"] in metrics
    ]


DSO = _cases("dso")
DAYS = _cases("simple_days", "weighted_days")


def build_world(extracts: Extracts) -> None:
    for case in DSO:
        _sell(extracts.books(case.company), case.facts)
    for case in DAYS:
        _pay(extracts.books(case.company), case.facts)


def _sell(books: Books, facts: dict[str, Any]) -> None:
    """Sales of the window, what of them is open, and what is open of before."""
    end, _, before = PERIODS[int(facts["days"])]
    sales, receivables = Decimal(facts["sales"]), Decimal(facts["receivables"])
    # an invoice of before, so that the history reaches back as far as the window
    earlier = max(receivables - sales, Decimal(0))
    books.invoice("BEFORE", earlier + 1, before, due=end)
    books.payment("R-BEFORE", "BEFORE", Decimal(1), before)
    if sales:
        books.invoice("SALES", sales, end - timedelta(days=5), due=end)
        if paid := sales - (receivables - earlier):
            books.payment("R-SALES", "SALES", paid, end)


def _pay(books: Books, facts: dict[str, Any]) -> None:
    billed = date(2026, 4, 1)
    for number, (amount, days) in enumerate(facts["items"]):
        books.invoice(f"INV{number}", amount, billed, due=billed)
        books.payment(f"R{number}", f"INV{number}", amount, billed + timedelta(days=int(days)))


def _shown(value: Decimal | None, like: str | None) -> Decimal | None:
    """A value with the decimals that the publisher prints."""
    return None if value is None or like is None else value.quantize(Decimal(like))


@pytest.mark.parametrize("case", DSO, ids=lambda case: case.company)
def test_dso_as_published(world: Warehouse, case: Case) -> None:
    end, months, _ = PERIODS[int(case.facts["days"])]
    row = world.metric("dso", "ending", end, company=case.company, months=months)
    assert (row["numerator"], row["denominator"]) == (D(case.facts["receivables"]), D(case.facts["sales"]))
    expected = case.facts["value"]
    assert _shown(row["value"], expected) == (None if expected is None else D(expected))
    assert (row["value"] is None) == (expected is None)


@pytest.mark.parametrize("case", DAYS, ids=lambda case: case.company)
def test_days_to_pay_as_published(world: Warehouse, case: Case) -> None:
    variant = case.facts["metric"].removesuffix("_days")
    row = world.metric("days_to_pay", variant, "2026-06-30", company=case.company, months=3)
    assert _shown(row["value"], case.facts["value"]) == D(case.facts["value"])
