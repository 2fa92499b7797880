"""The same company exported from any system gives the same marts.

Belongs here: what every system's company must agree on with the one in the shape of the contract. Must not: how a
system writes (ingest/simulator/dialects), how it is read (ingest/profiles).
"""

from collections.abc import Iterator

import pytest

from ingest.simulator.dialects import DIALECTS
from tests.kit import Warehouse, refresh
from tests.kit.dialects import company_of, export_everywhere

ALLOCATING = [name for name, dialect in DIALECTS.items() if dialect.settlement == "allocations"]

# what differs with the source or the load, not with what is known
INCIDENTAL = ("source", "gl_known_at", "original_document_type", "company_code")
# what a missing cell means by the contract; a system that always fills it says the same
MISSING = {
    "fct_document": {
        "posting_date": "coalesce(posting_date, document_date)",
        "is_cancelled": "coalesce(is_cancelled, false)",
    },
    "fct_receipt": {
        "posting_date": "coalesce(posting_date, receipt_date)",
        "method": "coalesce(method, 'transfer')",
        "status": "coalesce(status, 'cleared')",
    },
    "fct_allocation": {"is_reversal": "coalesce(is_reversal, false)"},
}
RELATIONS = (
    "dim_customer",
    "fct_document",
    "fct_instalment",
    "fct_receipt",
    "fct_allocation",
    "fct_open_item",
    "fct_open_item_balance",
    "fct_receivable_movement",
    "mart_aging",
    "mart_aging_customer",
    "mart_overdue_trend",
    "mart_roll_forward",
    "mart_restatement",
    "mart_gl_tie_out",
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    warehouse = refresh(export_everywhere(tmp_path_factory.mktemp("dialects")))
    yield warehouse
    warehouse.close()


def _rows_of(books: Warehouse, relation: str, company: str) -> str:
    """A relation of one company, with its code taken out of every text."""
    described = books.query(
        f"select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = '{relation}'"
    )
    meant = MISSING.get(relation, {})
    columns = []
    for name, data_type in ((row["column_name"], row["data_type"]) for row in described):
        if name.startswith("_") or name in INCIDENTAL:
            continue
        value = meant.get(name, name)
        columns.append(
            f"replace({value}, '{company}', '*') as {name}"
            if data_type == "VARCHAR"
            else f"{value} as {name}"
        )
    return f"select {', '.join(columns)} from marts.{relation} where company_code = '{company}'"


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("dialect", ALLOCATING)
def test_a_system_with_allocations_gives_the_same_rows(books: Warehouse, dialect: str, relation: str) -> None:
    ours = _rows_of(books, relation, company_of(dialect))
    generic = _rows_of(books, relation, company_of("generic"))
    assert books.query(f"select count(*) as n from ({generic})")[0]["n"] > 0
    for some, others in ((ours, generic), (generic, ours)):
        assert books.query(f"({some}) except all ({others}) limit 3") == []
