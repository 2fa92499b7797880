"""Tables that tell no more of a settlement than its day: late payments in two copies, and a food distributor.

Belongs here: that both copies give one set of marts, that the distributor's codes are terms, what is set aside. Must
not: predictions from these data.
"""

import csv
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.kit import D, Warehouse, ledger
from tests.kit.installation import write_settings
from tests.kit.same import differing_rows
from tests.kit.shared import needs_shared, shared_folder

pytestmark = [pytest.mark.shared, needs_shared("data", "ibm_ar"), needs_shared("data", "distributor")]

DATA = shared_folder() / "data"
PROFILES = Path(__file__).parent / "profiles"
SOURCES = {
    "month_first": ("ibm_month_first", "ibm_ar/month_first.csv"),
    "day_first": ("ibm_day_first", "ibm_ar/day_first_copy.csv"),
    "distributor": ("distributor", "distributor/invoices_until_2019-11-17.csv"),
}
KNOWN_ON = date(2019, 11, 17)

Row = dict[str, str]


def _rows(path: str) -> list[Row]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("dates")
    sources = []
    for name, (profile, path) in SOURCES.items():
        (folder / name).mkdir()
        shutil.copy(DATA / path, folder / name)
        sources.append(
            {
                "name": name,
                "profile": profile,
                "path": f"{name}/",
                "extracted_at": f"{KNOWN_ON}T20:00:00+00:00",
                "constants": {"company_code": name},
            }
        )
    config = write_settings(
        folder, companies=SOURCES, currency="USD", sources=sources, profiles=str(PROFILES)
    )
    warehouse = ledger(config)
    yield warehouse
    warehouse.close()


RELATIONS = (
    "fct_document",
    "fct_allocation",
    "fct_open_item",
    "fct_open_item_balance",
    "fct_receivable_movement",
    "mart_overdue_trend",
    "mart_roll_forward",
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_both_copies_of_the_late_payments_give_the_same_marts(books: Warehouse, relation: str) -> None:
    assert differing_rows(books, relation, "month_first", "day_first") == []
    count = books.query(f"select count(*) as n from marts.{relation} where company_code = 'month_first'")
    assert count[0]["n"] > 700


@pytest.mark.parametrize(
    "as_of", [date(2012, 6, 30), date(2012, 12, 31), date(2013, 6, 30), date(2014, 1, 31)]
)
def test_an_invoice_is_open_until_the_day_on_which_it_was_settled(books: Warehouse, as_of: date) -> None:
    def day(text: str) -> date:
        month, of_month, year = text.split("/")
        return date(int(year), int(month), int(of_month))

    expected = {
        row["invoiceNumber"].lstrip("0"): D(row["InvoiceAmount"]).quantize(D("0.01"))
        for row in _rows("ibm_ar/month_first.csv")
        # a settlement takes effect when both sides are there (T04)
        if day(row["InvoiceDate"]) <= as_of < max(day(row["SettledDate"]), day(row["InvoiceDate"]))
    }
    assert books.open_amounts(as_of, company="month_first") == expected


def _invoices() -> list[Row]:
    return [row for row in _rows("distributor/invoices_until_2019-11-17.csv") if row["currency"]]


def test_the_distributor_loads_and_what_has_no_currency_is_set_aside_with_its_amount(
    books: Warehouse,
) -> None:
    loaded = books.query(
        "select count(*) as n, sum(amount_document) as amount from marts.fct_document"
        " where company_code = 'distributor'"
    )[0]
    good = _invoices()
    assert (loaded["n"], loaded["amount"]) == (len(good), sum((D(row["amount"]) for row in good), D(0)))
    bad = [row for row in _rows("distributor/invoices_until_2019-11-17.csv") if not row["currency"]]
    assert len(bad) == 1302
    aside = books.query(
        "select count(*) as n, sum(amount_document) as amount from marts.mart_data_quality"
        " where rule = 'rejected_row' and company_code = 'distributor'"
    )[0]
    assert (aside["n"], aside["amount"]) == (1302, sum((D(row["amount"]) for row in bad), D(0)))


def test_what_the_distributor_is_owed_is_what_was_not_cleared(books: Warehouse) -> None:
    owed: dict[str, Decimal] = {}
    for row in _invoices():
        if not row["clear_date"]:
            owed[row["document_id"]] = D(row["amount"]).quantize(D("0.01"))
    assert len(owed) > 1700
    assert books.open_amounts(KNOWN_ON, company="distributor") == {k: v for k, v in owed.items() if v}


def test_a_code_of_terms_is_worth_the_due_date_that_the_invoice_has(books: Warehouse) -> None:
    days = {
        row["document_id"]: row["days"]
        for row in books.query(
            "select document_id, try_cast(regexp_extract(payment_terms, '^NET([0-9]+)$', 1) as integer) as days"
            " from marts.fct_document where company_code = 'distributor' and payment_terms <> 'COD'"
        )
    }
    differs = [
        row["payment_terms_code"]
        for row in _invoices()
        if row["document_id"] in days
        and date.fromisoformat(row["document_date"]) + timedelta(days[row["document_id"]])
        != date.fromisoformat(row["due_date"])
    ]
    # one code stands for two agreements; the due date of the invoice is what counts
    assert set(differs) == {"NA32"}
    assert len(differs) == 30
