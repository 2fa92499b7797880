"""Targets of the demo company: a budget knows the year before and nothing of its own."""

from datetime import date
from random import Random

from ingest.simulator.companies import CHINA, EUROPE
from ingest.simulator.rates import make_rates
from ingest.simulator.targets import Budget


def test_a_month_is_planned_on_the_same_month_of_the_year_before() -> None:
    budget = Budget(make_rates(Random("targets")))
    budget.add(CHINA, currency="CNY", day=date(2024, 3, 5), amount=100_00)
    budget.add(CHINA, currency="CNY", day=date(2024, 3, 29), amount=20_00)
    # what comes in the year itself is no part of its budget
    budget.add(CHINA, currency="CNY", day=date(2025, 3, 5), amount=999_00)
    rows = {
        (row["scope"], row["period"]): (known_on, row["value"])
        for known_on, row in budget.rows(CHINA, is_head=False)
        if row["metric"] == "collected"
    }
    assert rows == {
        ("company", "2025-03"): (date(2025, 1, 1), "126.00"),
        ("company", "2026-03"): (date(2026, 1, 1), "1048.95"),
    }


def test_the_head_states_the_group_at_the_rates_that_years_were_planned_with() -> None:
    rates = make_rates(Random("targets"))
    budget = Budget(rates)
    budget.add(CHINA, currency="CNY", day=date(2024, 3, 5), amount=100_00)
    budget.add(EUROPE, currency="EUR", day=date(2024, 3, 5), amount=1_000_000_00)
    cny = round(1_000_000_00 * rates.closing("EUR", "CNY", date(2024, 1, 1)) / 1_000_000)
    stated = {
        (row["company_code"], row["scope"], row["period"]): row["value"]
        for company, is_head in ((CHINA, True), (EUROPE, False))
        for _, row in budget.rows(company, is_head=is_head)
        if row["metric"] == "collected"
    }
    assert stated == {
        ("CN01", "company", "2025-03"): "105.00",
        ("CN01", "group", "2025-03"): f"{round((cny + 100_00) * 1.05) / 100:.2f}",
        ("EU01", "company", "2025-03"): f"{round(cny * 1.05) / 100:.2f}",
    }
