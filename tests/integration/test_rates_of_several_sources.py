"""Every ERP of a group may bring its own exchange rates; the source that stands first is believed, once it has told.

Belongs here: rates of one pair and day from two sources. Must not: rates of one source (test_traps_currency.py).
"""

from collections.abc import Iterator

import pytest

from tests.kit import D, Warehouse, ledger
from tests.kit.installation import dated_source, write_files, write_settings

RATE = "rate_date,from_currency,to_currency,rate,rate_type,source\n"
DOCUMENT = (
    "company_code,document_id,document_type,customer_id,document_date,due_date,currency,amount,"
    "functional_amount\n"
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("rates")
    document = DOCUMENT + "C1,INV1,invoice,K1,2026-03-01,2026-03-31,USD,100.00,700.00\n"
    write_files(
        folder / "in",
        {
            # 100 USD, booked at 7.00; closing rates of 31 March: 7.20 in the first source, 7.30 in the second
            "first/2026-03-31/document.csv": document,
            "second/2026-03-31/fx_rate.csv": RATE + "2026-03-31,USD,CNY,7.30,closing,ECB\n",
            # the first source brings its rate of that day a month later, and a rate that both have alike
            "first/2026-04-30/fx_rate.csv": RATE
            + "2026-03-31,USD,CNY,7.20,closing,PBoC\n2026-04-30,USD,CNY,7.10,closing,PBoC\n",
            "second/2026-04-30/fx_rate.csv": RATE
            + "2026-03-31,USD,CNY,7.30,closing,ECB\n2026-04-30,USD,CNY,7.10,closing,ECB\n",
            "first/2026-04-30/document.csv": document,
        },
    )
    config = write_settings(
        folder, companies=["C1"], currency="CNY", sources=[dated_source("first"), dated_source("second")]
    )
    warehouse = ledger(config)
    yield warehouse
    warehouse.close()


def test_two_sources_that_disagree_stop_nothing_and_the_first_is_believed(books: Warehouse) -> None:
    rates = books.query(
        "select day, rate_to_reporting from marts.fct_closing_rate where currency = 'USD' and company_code = 'C1'"
        " and day in (date '2026-03-31', date '2026-04-30') order by 1"
    )
    assert [row["rate_to_reporting"] for row in rates] == [D("7.20"), D("7.10")]
    trend = books.query(
        "select day, balance_reporting from marts.mart_overdue_trend where scheme = 'standard'"
        " and balance_reporting <> 0 and day in (date '2026-03-31', date '2026-04-30') order by 1"
    )
    # 100 USD at 7.20 and at 7.10
    assert [row["balance_reporting"] for row in trend] == [D("720.00"), D("710.00")]
