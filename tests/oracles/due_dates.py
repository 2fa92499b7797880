"""Due dates by definition: derived from terms, agreed later, and the policy date that aging uses.

Belongs here: the small part of the terms grammar that the worlds use, agreements, the policy choice.
Does not: knowledge (who existed when is asked of the oracle), anything imported from the project.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracles.knowledge import TextRow, day, required_day, text

BASIS_COLUMN = {
    "document_date": "document_date",
    "posting_date": "posting_date",
    "invoice_received": "invoice_received_on",
    "acceptance": "accepted_on",
    "delivery": "delivery_date",
}


@dataclass(frozen=True, order=True)
class Agreement:
    """A due date agreed on a day; the order is that of newness."""

    agreed_on: date
    rank: int  # on one day: a re-issue, then a corrected document, then an approved extension
    sequence: str
    due_date: date


def derived_due(document: TextRow, customer_terms: str | None) -> date:
    """The due date of a document: given, else from its terms, else from the customer's, else its own date."""
    given = day(document, "due_date")
    if given is not None:
        return given
    for terms in (text(document, "payment_terms"), customer_terms):
        found = due_from_terms(terms, document) if terms else None
        if found is not None:
            return found
    return required_day(document, "document_date")


def due_from_terms(terms: str, document: TextRow) -> date | None:
    """Only the spellings that the worlds use; None where the text is none of them."""
    for pattern, basis in ((r"票到(\d+)天", "invoice_received"), (r"验收后(\d+)天", "acceptance")):
        found = re.fullmatch(pattern, terms)
        if found:
            return _start(document, basis) + timedelta(days=int(found[1]))
    start = _start(document, text(document, "terms_basis") or "document_date")
    for pattern in (r"NET ?(\d+)", r"(\d+) days", r"(\d+)天"):
        found = re.fullmatch(pattern, terms)
        if found:
            return start + timedelta(days=int(found[1]))
    for pattern in (r"EOM\+(\d+)", r"月结(\d+)天"):
        found = re.fullmatch(pattern, terms)
        if found:
            return _month_end(start, later=0) + timedelta(days=int(found[1]))
    if found := re.fullmatch(r"EOM\+(\d+)M", terms):
        return _month_end(start, later=int(found[1]))
    if found := re.fullmatch(r"(\d+)th of next month", terms):
        return _month_end(start, later=1).replace(day=int(found[1]))
    return None


def _month_end(start: date, *, later: int) -> date:
    months = start.year * 12 + start.month - 1 + later
    year, month = months // 12, months % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _start(document: TextRow, basis: str) -> date:
    return day(document, BASIS_COLUMN[basis]) or required_day(document, "document_date")


def version_agreements(history: Sequence[tuple[date, date]]) -> list[Agreement]:
    """Each later knowledge with another due date agrees it on the business date of its delivery."""
    agreements = []
    for position in range(1, len(history)):
        business_date, due = history[position]
        if due != history[position - 1][1]:
            agreements.append(Agreement(business_date, 1, f"{position:06}", due))
    return agreements


def extension_agreements(as_of: date, promises: Sequence[TextRow]) -> list[Agreement]:
    """The approved extensions in force on D."""
    agreements = []
    for row in promises:
        approved_on, cancelled_on = day(row, "approved_on"), day(row, "cancelled_on")
        if text(row, "kind") != "extension" or approved_on is None:
            continue
        if cancelled_on is None or as_of < cancelled_on:
            agreements.append(
                Agreement(approved_on, 2, text(row, "promise_id") or "", required_day(row, "promised_date"))
            )
    return agreements


def _agreements_at(
    as_of: date, versions: Sequence[Agreement], promises: Sequence[TextRow]
) -> list[Agreement]:
    return [
        agreement
        for agreement in sorted([*versions, *extension_agreements(as_of, promises)])
        if agreement.agreed_on <= as_of
    ]


def agreed_at(as_of: date, versions: Sequence[Agreement], promises: Sequence[TextRow]) -> date | None:
    """The newest agreement made by D, None where there is none."""
    made = _agreements_at(as_of, versions, promises)
    return made[-1].due_date if made else None


def policy_due(
    as_of: date, original: date, versions: Sequence[Agreement], promises: Sequence[TextRow]
) -> date:
    """The newest agreement made on or before the original due date; a later one never cleans the figure."""
    in_time = [
        agreement
        for agreement in _agreements_at(as_of, versions, promises)
        if agreement.agreed_on <= original
    ]
    return in_time[-1].due_date if in_time else original
