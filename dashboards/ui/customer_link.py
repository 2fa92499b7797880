"""The link to the page of one customer, with the customer in the address.

Belongs here: that address. Must not: decide what a reader may open; the page does.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards.i18n import QUERY_KEY, language, t

VIEWS = Path(__file__).parents[1] / "views"


def draw(company_code: str, customer_id: str, *, name: str) -> None:
    """A link to the page of one customer, the language kept."""
    if not (VIEWS / "customer.py").exists():
        return
    st.page_link(
        "views/customer.py",
        label=t("link.customer", name=name),
        icon=":material/person_search:",
        query_params={"company": company_code, "customer": customer_id, QUERY_KEY: language()},
    )
