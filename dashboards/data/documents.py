"""Documents about one customer, made by the `documents` room from what the reader may see of the release.

Belongs here: handing it the reader's own view, and which accounts it can write to. Must not: figures, words or layout:
`arrears statement` and `arrears subsequent-receipts` make the same documents.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import streamlit as st

from dashboards.data.customer import Customer
from dashboards.data.release import Release

if TYPE_CHECKING:
    from documents.blocks import Document
    from documents.errors import DocumentError
    from documents.statement import Release as ReleaseRead
    from documents.statement import Statement
    from documents.subsequent import Outcome
    from documents.words import Language

Format = Literal["xlsx", "pdf"]


def can_be_written_to(customer: Customer) -> bool:
    """False for the stand-ins of items without a customer: nobody could confirm their account."""
    return not customer[1].startswith("(")


def statement(
    release: Release, customer: Customer, *, first_day: date, last_day: date, language: str, form: Format
) -> bytes:
    """The statement of account 对账单 for the customer.

    Raises:
        DocumentError: a period that is not covered, a statement that does not close.
    """
    # not before a file is asked for: the renderers are many modules
    from documents.statement_document import statement_document

    statements = _read_statements(release.cache_key, customer, first_day, last_day, _release=release)
    return _rendered(statement_document(statements, language=_spoken(language)), form=form)


def statement_problem(
    release: Release, customer: Customer, *, first_day: date, last_day: date
) -> DocumentError | None:
    """Why there is no statement of this period; None where there is one."""
    from documents.errors import DocumentError

    try:
        _read_statements(release.cache_key, customer, first_day, last_day, _release=release)
    except DocumentError as problem:
        return problem
    return None


def subsequent(release: Release, customer: Customer, *, as_of: date, language: str) -> bytes:
    """What became of the customer's items open at the end of a day by the release's own 期后回款, as a workbook.

    Raises:
        DocumentError: a day that is not covered, an item that does not close.
    """
    from documents.subsequent import subsequent_document

    found, outcomes = _read_subsequent(release.cache_key, customer, as_of, _release=release)
    document = subsequent_document(
        outcomes, release=found, as_of=as_of, until=release.as_of, language=_spoken(language)
    )
    return _rendered(document, form="xlsx")


def subsequent_problem(release: Release, customer: Customer, *, as_of: date) -> DocumentError | None:
    """Why there is no such workbook; None where there is one."""
    from documents.errors import DocumentError

    try:
        _read_subsequent(release.cache_key, customer, as_of, _release=release)
    except DocumentError as problem:
        return problem
    return None


# Asked twice at a click: by whoever makes the file, and by the page, which says why there is none.
@st.cache_resource(max_entries=4, show_spinner=False)
def _read_statements(
    cache_key: str, customer: Customer, first_day: date, last_day: date, _release: Release
) -> list[Statement]:
    from documents import reading

    with _release.cursor() as connection:
        found = reading.open_release(connection)
        account = reading.account(connection, company_code=customer[0], customer_id=customer[1])
        return list(
            reading.statements(connection, [account], release=found, first_day=first_day, last_day=last_day)
        )


@st.cache_resource(max_entries=4, show_spinner=False)
def _read_subsequent(
    cache_key: str, customer: Customer, as_of: date, _release: Release
) -> tuple[ReleaseRead, list[Outcome]]:
    from documents import reading
    from documents.subsequent import subsequent_receipts

    with _release.cursor() as connection:
        found = reading.open_release(connection)
        outcomes = subsequent_receipts(
            connection,
            release=found,
            as_of=as_of,
            until=_release.as_of,
            company_code=customer[0],
            customer_id=customer[1],
        )
    return found, outcomes


def _spoken(language: str) -> Language:
    return "zh" if language == "zh" else "en"


def _rendered(document: Document, *, form: Format) -> bytes:
    if form == "pdf":
        from documents.paper import pdf_bytes

        return pdf_bytes(document)
    from documents.workbook import xlsx_bytes

    return xlsx_bytes(document)
