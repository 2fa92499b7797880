"""Targets: what the two companies and their group mean to collect, and how much of what is owed may be overdue.

Belongs here: rows of `target`, a budget per calendar year made from the year before. Does not: what came of it.
A budget is made when its year begins, from what was known by then; the first year of the history has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ingest.simulator.book import Row
from ingest.simulator.days import HISTORY_END, OPENING_DELIVERY
from ingest.simulator.model import Company
from ingest.simulator.money import convert, divide_half_away, print_minor
from ingest.simulator.rates import Rates

REPORTING = "CNY"
YEARS = tuple(range(OPENING_DELIVERY.year + 1, HISTORY_END.year + 1))
# collected: so much more than in the same month of the year before, in per cent
_GROWTH = 5
# most of the debits that may be overdue at the end of a quarter, in per cent: a little less each quarter
_OVERDUE_RATES: Mapping[int, tuple[int, ...]] = {2025: (24, 23, 22, 21), 2026: (25, 24, 23, 22)}


@dataclass(slots=True)
class Budget:
    """Cash of every company and month in minor units of the reporting currency; the next year is planned from it."""

    rates: Rates
    cash: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def add(self, company: Company, *, currency: str, day: date, amount: int) -> None:
        """Take cash of a day into account, at the rate with which its year was planned: the first of it."""
        if currency != REPORTING:
            planned_on = max(date(day.year, 1, 1), self.rates.days[0])
            amount = convert(amount, self.rates.closing(currency, REPORTING, planned_on))
        key = (company.code, day.year, day.month)
        self.cash[key] = self.cash.get(key, 0) + amount

    def rows(self, company: Company, *, is_head: bool) -> list[tuple[date, Row]]:
        """Targets that the company's system delivers, with the day on which each is known.

        Args:
            is_head: it also states the figures of the group.
        """
        codes = sorted({code for code, _, _ in self.cash})
        scopes = [("company", [company.code])] + ([("group", codes)] if is_head else [])
        result: list[tuple[date, Row]] = []
        for year in YEARS:
            known_on = date(year, 1, 1)
            for scope, members in scopes:
                for month in range(1, 13):
                    before = sum(self.cash.get((code, year - 1, month), 0) for code in members)
                    planned = divide_half_away(before * (100 + _GROWTH), 100)
                    if planned > 0:
                        row = _row(company, "collected", scope, f"{year}-{month:02}", print_minor(planned))
                        result.append((known_on, row))
                for quarter, percent in enumerate(_OVERDUE_RATES[year], start=1):
                    row = _row(company, "overdue_rate", scope, f"{year}-Q{quarter}", f"0.{percent}")
                    result.append((known_on, row))
        return result


def _row(company: Company, metric: str, scope: str, period: str, value: str) -> Row:
    return {
        "company_code": company.code,
        "metric": metric,
        "scope": scope,
        "period": period,
        "value": value,
    }
