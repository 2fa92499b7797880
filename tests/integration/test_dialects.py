"""The same company exported from any system gives the same marts.

Belongs here: what every system's company must agree on with the one in the shape of the contract. Must not: how a
system writes (ingest/simulator/dialects), how it is read (ingest/profiles).
"""

from collections.abc import Iterator

import pytest

from ingest.simulator.dialects import DIALECTS
from tests.kit import Warehouse, refresh
from tests.kit.dialects import DAYS, company_of, export_everywhere
from tests.kit.same import differing_rows

ALLOCATING = [name for name, dialect in DIALECTS.items() if dialect.settlement == "allocations"]
RESIDUAL = [name for name, dialect in DIALECTS.items() if dialect.settlement == "residual"]
CLEARING = [name for name, dialect in DIALECTS.items() if dialect.settlement == "clearing_group"]

# what differs with the source or the load, not with what is known
INCIDENTAL = ("source", "gl_known_at", "original_document_type")
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

# days on which every system must say what each customer owes, as known on the day of each delivery and of the last
ASKED = [(day, known) for known in DAYS for day in ("2024-12-31", "2025-06-30", *DAYS) if day <= known]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    warehouse = refresh(export_everywhere(tmp_path_factory.mktemp("dialects")))
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("dialect", ALLOCATING)
def test_a_system_with_allocations_gives_the_same_rows(books: Warehouse, dialect: str, relation: str) -> None:
    meant = MISSING.get(relation)
    ours, generic = company_of(dialect), company_of("generic")
    assert differing_rows(books, relation, ours, generic, left_out=INCIDENTAL, meant=meant) == []


def _owed(books: Warehouse, company: str, *, day: str, known: str) -> list[dict[str, object]]:
    """What each customer owes beside its bills: line items of customers do not say by what means one was paid."""
    return books.query(
        f"""
        select customer_id, currency, sum(open_amount_document) as amount
        from marts.open_items_as_known(date '{day}', timestamp '{known} 23:59:59')
        where company_code = '{company}' and item_kind <> 'bill' group by all having amount <> 0 order by all
        """
    )


@pytest.mark.parametrize(("day", "known"), ASKED)
@pytest.mark.parametrize("dialect", CLEARING)
def test_in_a_system_with_clearings_each_customer_owes_the_same_on_every_day(
    books: Warehouse, dialect: str, day: str, known: str
) -> None:
    expected = _owed(books, company_of("generic"), day=day, known=known)
    assert len(expected) > 10
    assert _owed(books, company_of(dialect), day=day, known=known) == expected


@pytest.mark.parametrize("dialect", CLEARING)
def test_what_a_system_has_cleared_is_open_nowhere_and_what_it_has_not_is(
    books: Warehouse, dialect: str
) -> None:
    left = books.query(
        f"""
        select document_id, clearing_id, open_amount_document
        from marts.open_items_as_of(date '{DAYS[-1]}')
        inner join marts.fct_document using (company_code, document_id)
        where company_code = '{company_of(dialect)}' and clearing_id is not null and open_amount_document <> 0
        """
    )
    assert left == []
    inferred = books.query(
        f"select count(*) as n from marts.fct_allocation where company_code = '{company_of(dialect)}' and is_inferred"
    )
    assert inferred[0]["n"] > 100


def _owed_by_name(books: Warehouse, company: str, *, day: str) -> list[dict[str, object]]:
    """What each customer owes by currency and due date, as known on that day; several due dates count as none. Without
    bills and unbilled goods, which a system that only says what is open of an invoice does not have."""
    return books.query(
        f"""
        with planned as (select distinct company_code, document_id from marts.fct_instalment)
        select
            customer.name, item.currency, case when planned.document_id is null then document.due_date end as due_date,
            sum(item.open_amount_document) as amount
        from marts.open_items_as_known(date '{day}', timestamp '{day} 23:59:59') as item
        inner join marts.dim_customer as customer using (company_code, customer_id)
        left join marts.fct_document as document using (company_code, document_id)
        left join planned using (company_code, document_id)
        where item.company_code = '{company}' and item.item_kind not in ('bill', 'unbilled')
        group by all having amount <> 0 order by all
        """
    )


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("dialect", RESIDUAL)
def test_in_a_system_with_residuals_each_customer_owes_the_same_on_the_day_of_each_delivery(
    books: Warehouse, dialect: str, day: str
) -> None:
    expected = _owed_by_name(books, company_of("generic"), day=day)
    assert len(expected) > 20
    assert _owed_by_name(books, company_of(dialect), day=day) == expected
