"""What the makers of one chunk share: the company, its customers, rates and calendar.

Belongs here: lookups that more than one maker needs. Does not: chance, events.
"""

from dataclasses import dataclass

import numpy as np

from ingest.simulator.bulk.calendar import FIRST, LAST, Calendar
from ingest.simulator.bulk.columns import Ints, divide_half_away
from ingest.simulator.bulk.customers import Customers
from ingest.simulator.days import HISTORY_END, HISTORY_START, days_between
from ingest.simulator.model import Company
from ingest.simulator.money import RATE_UNIT
from ingest.simulator.rates import Rates


@dataclass(frozen=True, slots=True)
class CompanyBook:
    """One company on its way through all chunks. `booked_rates` is by currency position and day since FIRST."""

    company: Company
    customers: Customers
    calendar: Calendar
    booked_rates: Ints

    def functional(self, amounts: Ints, currencies: Ints, days: Ints) -> Ints:
        """Positive minor units in the functional currency, at the booked rate of the day."""
        return divide_half_away(amounts * self.booked_rates[currencies, days - FIRST], RATE_UNIT)

    def currency_of(self, owners: Ints, is_foreign: Ints) -> Ints:
        """Position of the currency: 0 is the functional one, else that of the customer."""
        return np.where(is_foreign == 1, self.customers.columns["currency"][owners], 0)


def make_book(company: Company, customers: Customers, *, rates: Rates, calendar: Calendar) -> CompanyBook:
    """The book of a company, with its booked rates spread over all days."""
    days = days_between(HISTORY_START, HISTORY_END)
    booked = np.array(
        [
            [rates.booked(currency, company.functional, day) for day in days]
            for currency in customers.currencies
        ],
        dtype=np.int64,
    )
    assert booked.shape[1] == LAST - FIRST + 1
    return CompanyBook(company, customers, calendar, booked)
