"""The installation that faults happen to: two sources, a release of the first day, two more days waiting.

Belongs here: its rows, its configuration, copies of it. Must not: faults, or running anything.
"""

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.home import Home
from tests.kit import Extracts, SourcePlan

FIRST, SECOND, THIRD = DAYS = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))
COMPANIES = ("CN01", "CN02")
_CUSTOMERS = tuple(f"C{number}" for number in range(1, 9))
_DOCUMENTS = 60


@dataclass(frozen=True)
class Installation:
    """`arrears.yml`, deliveries and home in one folder."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "arrears.yml"

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    def copy(self, folder: Path) -> "Installation":
        """The same installation elsewhere; times of files and links are kept."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Installation(folder)

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def install(folder: Path, *, through: date = FIRST) -> Installation:
    """An installation whose sources have delivered up to `through`; a second call only adds deliveries."""
    _extracts().write(folder, through=through)
    return Installation(folder)


def _extracts() -> Extracts:
    extracts = Extracts([SourcePlan("erp", DAYS), SourcePlan("bank", DAYS, mode="delta")])
    for company in COMPANIES:
        books = extracts.books(company, customers=())
        for customer in _CUSTOMERS:
            books.customer(customer, contact_email=f"{customer.lower()}@{company.lower()}.example")
        for day_number, day in enumerate(DAYS):
            # every delivery has new rows, changed ones and ones that are gone
            new = books.known(since=None if day == FIRST else day)
            new.customer(f"N{day_number}", contact_phone=f"1380000000{day_number}")
            for number in range(_DOCUMENTS):
                dated = day - timedelta(days=number % 28)
                document = f"D{day_number}-{number}"
                gone = THIRD if day == FIRST and number % 11 == 0 else None
                rows = books.known(since=new.since, until=gone)
                rows.invoice(document, 100 + number, dated, customer_id=_CUSTOMERS[number % 8])
                if number % 2 and gone is None:
                    new.payment(
                        f"R{day_number}-{number}", document, 50, day, customer_id=_CUSTOMERS[number % 8]
                    )
                if number % 3 == 0:
                    extracts.put(
                        "bank_transaction",
                        source="bank",
                        since=new.since,
                        company_code=company,
                        account="1002",
                        statement_id=f"{company}-{day:%Y%m}",
                        booking_date=dated,
                        currency="CNY",
                        amount=50,
                        remittance_text=f"{document} {day_number}",
                    )
    return extracts
