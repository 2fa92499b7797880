"""Documents about one customer as buttons: statement of account 对账单, receipts after a day 期后回款.

Belongs here: the period, the language and the buttons. Must not: what a document says (`documents`).
"""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from dashboards.data import documents
from dashboards.data.customer import Customer
from dashboards.data.release import Release
from dashboards.i18n import LANGUAGES, label, language, namer, t
from dashboards.ui import exports, numbers
from dashboards.views.parts import refused as refused_file
from dashboards.views.parts.dates import month_end_before, months_before
from documents.file_names import safe, statement_file

MONTHS = 2
FORMATS: dict[documents.Format, str] = {"xlsx": exports.XLSX, "pdf": exports.PDF}


def draw_statement(release: Release, *, customer: Customer, as_of: date) -> None:
    """The period and language of a customer's statement, and a button for each format.

    Args:
        as_of: the last day that is offered first; a day after the release's own is not covered by its books.
    """
    if not documents.can_be_written_to(customer):
        st.caption(t("statement.nobody"))
        return
    end = min(as_of, release.as_of)
    columns = st.columns([1.1, 1.1, 1.1, 1.2, 1.2, 2.6], vertical_alignment="bottom")
    first_day = columns[0].date_input(
        t("statement.from"), value=months_before(end, months=MONTHS), key=f"statement_from_{end}",
        max_value=end, format="YYYY-MM-DD",
    )  # fmt: skip
    last_day = columns[1].date_input(
        t("statement.to"), value=end, key=f"statement_to_{end}", max_value=release.as_of, format="YYYY-MM-DD"
    )
    chosen = columns[2].selectbox(
        t("statement.language"), LANGUAGES, index=LANGUAGES.index(language()), key="statement_language",
        format_func=namer("language"),
    )  # fmt: skip
    if not isinstance(first_day, date) or not isinstance(last_day, date) or first_day > last_day:
        columns[3].warning(t("statement.order"))
        return
    refused = None
    for column, (form, mime) in zip(columns[3:], FORMATS.items(), strict=False):
        file_name = statement_file(
            customer, first_day=first_day, last_day=last_day, language=chosen, copy="customer", extension=form
        )
        with column:
            is_asked = exports.button(
                t("statement.button", form=label("download", form)),
                partial(
                    documents.statement, release, customer, first_day=first_day, last_day=last_day, language=chosen,
                    form=form,
                ),
                file_name=file_name, mime=mime, key=f"statement_{form}", icon=":material/receipt_long:",
                width="stretch", help=t("statement.help"), can_be_refused=True,
            )  # fmt: skip
        if is_asked:
            refused = file_name
    if refused is None:
        return
    problem = documents.statement_problem(release, customer, first_day=first_day, last_day=last_day)
    if problem is not None:
        # below the buttons, as wide as the page
        refused_file.draw(release, problem, file_name=refused)


def draw_subsequent(release: Release, *, customer: Customer) -> None:
    """The day and the button of cash received since."""
    if not documents.can_be_written_to(customer):
        return
    columns = st.columns([1.1, 2.3, 4.9], vertical_alignment="bottom")
    day = columns[0].date_input(
        t("subsequent.from"),
        value=month_end_before(release.as_of),
        key="subsequent_from",
        format="YYYY-MM-DD",
    )
    if not isinstance(day, date) or day >= release.as_of:
        columns[1].warning(t("download.received_when", until=numbers.day(release.as_of)))
        return
    file_name = f"received-since-{numbers.day(day)}-{'-'.join(safe(part) for part in customer)}.xlsx"
    with columns[1]:
        is_asked = exports.button(
            t("download.received"),
            # made when it is clicked, when there is no session to ask for the language
            partial(documents.subsequent, release, customer, as_of=day, language=language()),
            file_name=file_name, mime=exports.XLSX, key="subsequent", icon=":material/payments:", width="stretch",
            help=t("download.received_help", until=numbers.day(release.as_of)), can_be_refused=True,
        )  # fmt: skip
    problem = documents.subsequent_problem(release, customer, as_of=day) if is_asked else None
    if problem is not None:
        refused_file.draw(release, problem, file_name=file_name)
