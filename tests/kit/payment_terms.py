"""Terms of payment in the master of a system: what a document of such a term is due by, and what is asked.

Belongs here: the shape of a case, and reading its outcome from a release. Must not: how a system keeps a master.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.kit.warehouse import Warehouse


@dataclass(frozen=True)
class Case:
    """A term, its lines in the master, a document dated `dated` without a due date, and when it is due.

    `due` None: the term is no rule, so the document date stands and a question is listed.
    """

    term: str
    lines: tuple[Any, ...]
    dated: str
    due: str | None


def due_dates(books: Warehouse, company: str) -> dict[str, tuple[date, bool]]:
    """Due date of every document of a company, by its reference or else its number, and whether it has none of its own
    and no readable terms."""
    rows = books.query(
        "select coalesce(document.reference, item.document_id) as term, item.due_date, item.is_due_date_missing"
        " from marts.fct_open_item as item inner join marts.fct_document as document"
        " using (company_code, document_id) where company_code = $1",
        [company],
    )
    return {row["term"]: (row["due_date"], row["is_due_date_missing"]) for row in rows}


def asked(books: Warehouse) -> set[tuple[str, str]]:
    """Company and term of every question; each has a reason."""
    rows = books.query(
        "select company_code, record_id, detail from marts.mart_data_quality where rule = 'unread_payment_terms'"
    )
    assert all(row["detail"] and row["company_code"] for row in rows)
    return {(row["company_code"], row["record_id"]) for row in rows}


def expected(cases: Iterable[Case]) -> dict[str, tuple[date, bool]]:
    """What `due_dates` must give for documents that are called like their terms."""
    return {case.term: (date.fromisoformat(case.due or case.dated), case.due is None) for case in cases}
