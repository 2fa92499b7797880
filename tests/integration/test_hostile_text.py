"""Texts that a spreadsheet would run go through the models untouched; the way out makes them harmless."""

from dashboards.ui.downloads import csv_bytes
from tests.kit import Extracts, Warehouse

FORMULAS = {"C1": "=cmd|'/c calc'!A1", "C2": "+1+1", "C3": "@SUM(A1)", "C4": "-2+3"}


def build_world(extracts: Extracts) -> None:
    books = extracts.books("HT1", customers=())
    for customer_id, text in FORMULAS.items():
        books.customer(customer_id, name=text)
        books.invoice(f"={customer_id}", "10.00", "2026-01-01", customer_id=customer_id)


def test_a_formula_in_a_name_or_a_number_stays_the_text_that_it_is(world: Warehouse) -> None:
    rows = world.query(
        "select customer_id, name from marts.dim_customer where company_code = 'HT1' order by customer_id"
    )
    assert {row["customer_id"]: row["name"] for row in rows} == FORMULAS
    items = world.query(
        "select document_id from marts.mart_aging where company_code = 'HT1' order by document_id"
    )
    assert [row["document_id"] for row in items] == ["=C1", "=C2", "=C3", "=C4"]
    exported = csv_bytes(rows, columns={"name": "Customer"}).decode("utf-8-sig")
    assert all(f"'{text}" in exported.replace('""', '"') for text in FORMULAS.values())
