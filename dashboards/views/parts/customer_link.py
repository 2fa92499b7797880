"""A link to everything about one customer, from any page.

Belongs here: its address and look. Must not: know what stands on the customer page.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from dashboards.i18n import QUERY_KEY, language, t


def draw(customer: tuple[str, str], *, name: str) -> None:
    """The link, in the reader's language."""
    asked = {"company": customer[0], "customer": customer[1], QUERY_KEY: language()}
    st.link_button(
        t("link.customer", name=name), f"customer?{urlencode(asked)}", icon=":material/person_search:"
    )
