"""A date order is never guessed: a delivery in another than the declared one is refused, and told what to declare."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from ingest.landing.date_hints import date_order_hint
from tests.ingest.landing.world import DOCUMENT, World, document, table
from tests.kit.shared import needs_shared, shared_folder

MONTH_FIRST, DAY_FIRST = '["%m/%d/%Y"]', '["%d/%m/%Y"]'


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["1/15/2013", "2/3/2013"], ['["%-m/%-d/%Y"]', "second number is above 12"]),
        (["01/15/2013", "02/03/2013"], [MONTH_FIRST, "in 1 of them the second"]),
        (["31/12/2012", "03/01/2012"], [DAY_FIRST, "in 1 of them the first"]),
        (["3/1/2012", "2/2/2012"], ['["%-m/%-d/%Y"]', '["%-d/%-m/%Y"]', "nothing in the file proves"]),
        (["03/01/2012"], [MONTH_FIRST, DAY_FIRST, "nothing in the file proves"]),
        (["31/12/2012", "12/31/2012"], [MONTH_FIRST, DAY_FIRST, "two orders"]),
        (["31.12.2012"], ['["%d.%m.%Y"]']),
        (["31-12-12"], ['["%d-%m-%y"]']),
        (["2012/12/31"], ['["%Y/%m/%d"]', "year, month and day"]),
        (["2012年1月5日"], ['["%Y年%-m月%-d日"]']),
        (["20121231", "20120101"], ['["%Y%m%d"]']),
        (["15/01/2013 00:00:00"], [DAY_FIRST]),
    ],
)
def test_the_hint_names_the_format_and_what_proves_it(texts: list[str], wanted: list[str]) -> None:
    hint = date_order_hint(texts)
    assert hint is not None
    assert all(text in hint for text in wanted), hint
    assert len(re.findall("date_formats", hint)) == sum("%" in text for text in wanted)


@pytest.mark.parametrize(
    "texts", [[], ["n/a", "soon"], [None], ["2026-02-30", "x"], ["99/99/2012", "45000", "x"], ["1/2/3"]]
)
def test_where_most_texts_are_no_dates_there_is_no_hint(texts: list[str | None]) -> None:
    hint = date_order_hint(texts)
    assert hint is None or "above 12" not in hint


def documents_of(*days: str) -> str:
    return table(DOCUMENT, *(document(n).replace("2026-01-31", day) for n, day in enumerate(days)))


def with_profile(world: World, name: str, body: dict[str, object]) -> None:
    world.put(f"profiles/{name}.yml", yaml.safe_dump(body))
    world.top["profiles"] = "./profiles"
    world.source["profile"] = name


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        (["1/15/2013", "1/2/2013"], "%-m/%-d/%Y"),
        (["31/12/2012", "01/02/2012"], "%d/%m/%Y"),
        (["01/02/2012", "02/02/2012"], "nothing in the file proves"),
    ],
)
def test_an_undeclared_order_is_refused_and_the_fix_says_what_to_declare(
    world: World, days: list[str], wanted: str
) -> None:
    world.deliver("2026-01-31", documents_of(*days))
    (refusal,) = world.land().refused
    assert refusal.reason_code == "rejected_share" and wanted in refusal.fix
    assert world.rejected()[0].original_text == days[0]


@pytest.mark.parametrize(
    ("declared", "days", "wanted"),
    [
        ("%m/%d/%Y", ["01/02/2012", "15/02/2012", "16/02/2012"], "%d/%m/%Y"),
        ("%d/%m/%Y", ["01/02/2012", "02/15/2012", "02/16/2012"], "%m/%d/%Y"),
    ],
)
def test_a_file_in_the_other_order_than_declared_is_refused_with_the_order_it_has(
    world: World, declared: str, days: list[str], wanted: str
) -> None:
    with_profile(world, "own", {"date_formats": [declared]})
    world.deliver("2026-01-31", documents_of(*days))
    (refusal,) = world.land().refused
    assert refusal.reason_code == "rejected_share" and f'["{wanted}"]' in refusal.fix


IBM = {
    "files": "ibm*",
    "feeds": [
        {
            "entity": "document",
            "columns": {
                "document_id": "invoiceNumber",
                "document_type": {"value": "invoice"},
                "customer_id": "customerID",
                "document_date": "InvoiceDate",
                "currency": {"value": "USD"},
                "amount": "InvoiceAmount",
            },
        }
    ],
}
COPIES = {"month_first": "%-m/%-d/%Y", "day_first_copy": "%d/%m/%Y"}


def ibm(world: World, copy: str, *, declared: str | None) -> None:
    body: dict[str, object] = {"tables": {"invoices": IBM}}
    with_profile(world, "ibm", body | ({"date_formats": [declared]} if declared else {}))
    world.source["constants"] = {"company_code": "CN01"}
    data = (shared_folder() / "data" / "ibm_ar" / f"{copy}.csv").read_bytes()
    world.put("in/2026-01-31/ibm.csv", data)


@pytest.mark.shared
@needs_shared("data", "ibm_ar")
@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("declared", [None, "the other"])
def test_the_late_payment_table_is_refused_until_its_order_is_declared(
    world: World, copy: str, declared: str | None
) -> None:
    other = next(text for name, text in COPIES.items() if name != copy)
    ibm(world, copy, declared=other if declared else None)
    (refusal,) = world.land().refused
    assert refusal.reason_code == "rejected_share" and f'date_formats: ["{COPIES[copy]}"]' in refusal.fix


@pytest.mark.shared
@needs_shared("data", "ibm_ar")
def test_both_copies_of_the_late_payment_table_give_the_same_days_once_declared(tmp_path: Path) -> None:
    found = []
    for copy, declared in COPIES.items():
        world = World(tmp_path / copy)
        ibm(world, copy, declared=declared)
        assert not world.land().refused
        found.append({row["document_id"].lstrip("0"): row["document_date"] for row in world.rows()})
    with (shared_folder() / "data" / "ibm_ar" / "month_first.csv").open() as file:
        assert len(found[0]) == len({row["invoiceNumber"].lstrip("0") for row in csv.DictReader(file)})
    assert found[0] == found[1]
