"""Which customer: the address, or a search that sets it.

Belongs here: reading the address, the search box and its hits. Must not: figures of the customer found.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.access.viewer import EVERYTHING
from dashboards.data import customer as data
from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row
from dashboards.i18n import t
from dashboards.ui import numbers, page, tables

COMPANY_KEY = "company"
CUSTOMER_KEY = "customer"
SHOWN_KEY = "customer_shown"
ROUND_KEY = "customer_round"
LONGEST_SEARCH = 200
HIT_COLUMNS = (
    "company_code", "customer_id", "customer_name", "region", "sales_owner", "exposure_reporting", "overdue_reporting",
)  # fmt: skip


def choose(release: Release) -> Row | None:
    """The customer of the address, below a box to search another one; None, and a list to begin with, without one."""
    asked = _asked()
    round_no = _round(asked)
    text = st.text_input(
        t("customer.search"), key=f"customer_search_{round_no}", placeholder=t("customer.search_placeholder"),
        max_chars=LONGEST_SEARCH, icon=":material/search:", label_visibility="collapsed",
    ).strip()  # fmt: skip
    if text:
        _offer(release, text=text)
        return None
    if asked is None:
        _begin_with(release)
        return None
    found = data.master(release, asked)
    if found is None:
        _not_there(release, asked)
    return found


def _asked() -> Customer | None:
    company, customer = st.query_params.get(COMPANY_KEY), st.query_params.get(CUSTOMER_KEY)
    return (company, customer) if company and customer else None


def _round(asked: Customer | None) -> int:
    """Counts the customers opened: with each the box is empty again and no hit is ticked any more."""
    if st.session_state.get(SHOWN_KEY) != asked:
        st.session_state[SHOWN_KEY] = asked
        st.session_state[ROUND_KEY] = st.session_state.get(ROUND_KEY, 0) + 1
    return int(st.session_state.get(ROUND_KEY, 0))


def _not_there(release: Release, asked: Customer) -> None:
    # whoever sees a part gets the same answer for what is not there and for what is not shown to him, so both count
    if release.restriction != EVERYTHING:
        page.refuse("customer", company=asked[0], customer=asked[1])
    st.info(t("customer.unknown", company=asked[0], customer=asked[1]), icon=":material/person_off:")
    _begin_with(release)


def _offer(release: Release, *, text: str) -> None:
    hits = data.find(release, text=text)
    if not hits:
        st.info(t("customer.no_hit", text=text), icon=":material/search_off:")
        return
    is_cut = len(hits) == data.MOST_FOUND
    st.caption(t("customer.hits_cut", count=len(hits)) if is_cut else t("customer.hits", count=len(hits)))
    _list(release, hits)


def _begin_with(release: Release) -> None:
    largest = data.find(release, text="")
    if not largest:
        st.info(t("customer.none"), icon=":material/inbox:")
        return
    st.caption(t("customer.begin", count=len(largest)))
    _list(release, largest)


def _list(release: Release, hits: list[Row]) -> None:
    largest = max((abs(row["exposure_reporting"] or Decimal(0)) for row in hits), default=Decimal(0))
    position = tables.plain(
        hits, columns=HIT_COLUMNS, key=f"customer_hits_{st.session_state.get(ROUND_KEY, 0)}",
        unit=numbers.table_unit_for(largest), is_selectable=True,
    )  # fmt: skip
    if position is not None:
        _open(hits[position])


def _open(hit: Row) -> None:
    st.query_params[COMPANY_KEY] = hit["company_code"]
    st.query_params[CUSTOMER_KEY] = hit["customer_id"]
    st.rerun()
