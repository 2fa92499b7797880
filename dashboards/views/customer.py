"""Customer page: everything that is known of one customer, from its limit down to the source row of an invoice.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import aging, customer_items, customer_payments
from dashboards.data import customer as data
from dashboards.data.aging import Scheme
from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row
from dashboards.i18n import t
from dashboards.ui import page
from dashboards.views.parts import (
    customer_choice,
    customer_grade,
    customer_head,
    customer_open,
    customer_paying,
    customer_timeline,
    statements,
)
from dashboards.views.parts.customer_head import Known

SCHEME = "standard"


def main() -> None:
    release = page.begin("customer")
    master = customer_choice.choose(release)
    if master is None:
        st.stop()
    customer = (master["company_code"], master["customer_id"])
    known = _known(release, customer, master=master)
    scheme = aging.schemes(release)[SCHEME]
    total = _total(release, customer, scheme=scheme)
    _head(release, customer, known=known, total=total)
    paid = customer_paying.payments(release, customer, habits=known.habits)
    left, middle, right = st.columns(3, gap="large")
    with left:
        customer_paying.draw_exposure(scheme, total=total, exposure=known.exposure)
    with middle:
        customer_paying.draw_payments(release, paid)
    with right:
        customer_paying.draw_balances(release, customer, party_id=master["party_id"])
    left, right = st.columns([1.8, 1], gap="large")
    with left:
        customer_paying.draw_habits(release, customer, paid)
    with right:
        customer_paying.draw_delays(release, customer)
    customer_open.draw(release, customer, scheme=scheme)
    customer_timeline.draw(release, customer, party_id=master["party_id"])
    customer_grade.draw_scorecard(release, known)
    customer_grade.draw_deadlines(release, customer, known)
    customer_grade.draw_exceptions(release, customer)


def _known(release: Release, customer: Customer, *, master: Row) -> Known:
    party_id = master["party_id"]
    return Known(
        master=master,
        exposure=data.exposure(release, customer),
        rating=data.rating(release, party_id=party_id),
        recommendation=data.recommendation(release, party_id=party_id),
        habits=customer_payments.habits(release, customer, days=(release.as_of,)).get(release.as_of),
    )


def _total(release: Release, customer: Customer, *, scheme: Scheme) -> Row | None:
    """The row of the aging page for this customer, in reporting currency; None where nothing of class trade is open."""
    scope = customer_items.scope_of(release, customer, scheme=scheme)
    return next((row for row in aging.totals(release, scope, scheme=scheme) if row["part"] == "total"), None)


def _head(release: Release, customer: Customer, *, known: Known, total: Row | None) -> None:
    customer_head.draw_header(
        release, known, accounts=data.accounts(release, party_id=known.master["party_id"])
    )
    customer_head.draw_sentence(
        known,
        overdue=total["overdue"] if total else Decimal(0),
        currency=release.reporting_currency,
        expected=customer_payments.expected_payment(release, customer),
    )
    customer_head.draw_warnings(data.warnings(release, customer))
    with st.expander(t("customer.documents"), icon=":material/receipt_long:"):
        statements.draw_statement(release, customer=customer, as_of=release.as_of)
        statements.draw_subsequent(release, customer=customer)


main()
