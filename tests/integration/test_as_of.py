"""The default as-of date, from landing to the build input; no release is built.

Belongs here: which business date a set of deliveries covers. Must not: figures of items.
"""

from datetime import date, datetime
from pathlib import Path

import pytest

from ingest.landing import land_sources, prepare_build
from ingest.settings import load_settings
from tests.kit import Extracts, SourcePlan


def _default_as_of(extracts: Extracts, folder: Path) -> date:
    settings = load_settings(extracts.write(folder))
    land_sources(settings)
    as_of: date = prepare_build(folder / "build.duckdb", settings=settings, known_at=None).as_of
    return as_of


def _erp_and_bank(*, bank_is_required: bool) -> Extracts:
    extracts = Extracts(
        [
            SourcePlan("erp", (datetime.fromisoformat("2026-06-30T23:00"),)),
            SourcePlan("bank", (date(2026, 6, 28),), required=bank_is_required),
        ]
    )
    books = extracts.books("A01")
    books.invoice("INV1", "100.00", "2026-06-01", due="2026-07-01")
    books.invoice("TYPO", "100.00", "2062-01-05", due="2062-02-04")
    extracts.put(
        "bank_transaction",
        source="bank",
        company_code="A01",
        account="6222-0001",
        booking_date="2026-06-28",
        currency="CNY",
        amount="10.00",
    )
    return extracts


@pytest.mark.parametrize(
    ("bank_is_required", "as_of"), [(True, date(2026, 6, 28)), (False, date(2026, 6, 30))]
)
def test_a01_as_of_is_the_earliest_business_date_of_the_required_sources(
    tmp_path: Path, bank_is_required: bool, as_of: date
) -> None:
    # ERP extract 30 Jun 23:00, bank 28 Jun, one document dated 2062: 28 Jun, or 30 Jun; never 2062
    assert _default_as_of(_erp_and_bank(bank_is_required=bank_is_required), tmp_path) == as_of


@pytest.mark.parametrize(
    ("extracted", "business_date"),
    [
        (datetime.fromisoformat("2026-07-01T05:59"), date(2026, 6, 30)),
        (datetime.fromisoformat("2026-07-01T06:00"), date(2026, 7, 1)),
        (datetime.fromisoformat("2026-06-30T23:59"), date(2026, 6, 30)),
    ],
)
def test_t15_an_extract_of_the_small_hours_covers_the_day_before_in_the_local_zone(
    tmp_path: Path, extracted: datetime, business_date: date
) -> None:
    # 05:59 in Shanghai is 21:59 UTC of the day before: counting in UTC, or without the cut-off of 06:00, is a day off
    extracts = Extracts([SourcePlan("erp", (extracted,))])
    extracts.books("T15").invoice("INV1", "100.00", "2026-06-01", due="2026-06-30")
    assert _default_as_of(extracts, tmp_path) == business_date
