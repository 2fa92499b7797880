"""Documents about one customer, made by the `documents` room from what the reader may see of the release.

Belongs here: handing it the reader's own view, and which accounts it can write to. Must not: figures, words or layout:
`arrears statement` and `arrears subsequent-receipts` make the same documents.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from dashboards.data.customer import Customer
from dashboards.data.release import Release

if TYPE_CHECKING:
    from documents.blocks import Document
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
    from documents import reading
    from documents.statement_document import statement_document

    with release.cursor() as connection:
        found = reading.open_release(connection)
        account = reading.account(connection, company_code=customer[0], customer_id=customer[1])
        statements = list(
            reading.statements(connection, [account], release=found, first_day=first_day, last_day=last_day)
        )
    return _rendered(statement_document(statements, language=_spoken(language)), form=form)


def subsequent(release: Release, customer: Customer, *, as_of: date, language: str) -> bytes:
    """What became of the customer's items open at the end of a day by the release's own 期后回款, as a workbook.

    Raises:
        DocumentError: a day that is not covered, an item that does not close.
    """
    from documents import reading
    from documents.subsequent import subsequent_document, subsequent_receipts

    with release.cursor() as connection:
        found = reading.open_release(connection)
        outcomes = subsequent_receipts(
            connection,
            release=found,
            as_of=as_of,
            until=release.as_of,
            company_code=customer[0],
            customer_id=customer[1],
        )
    document = subsequent_document(
        outcomes, release=found, as_of=as_of, until=release.as_of, language=_spoken(language)
    )
    return _rendered(document, form="xlsx")


def _spoken(language: str) -> Language:
    return "zh" if language == "zh" else "en"


def _rendered(document: Document, *, form: Format) -> bytes:
    if form == "pdf":
        from documents.paper import pdf_bytes

        return pdf_bytes(document)
    from documents.workbook import xlsx_bytes

    return xlsx_bytes(document)
