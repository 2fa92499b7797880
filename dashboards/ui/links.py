"""Links from one page to another that keep the language.

Belongs here: the address of a page and what it is asked for. Must not: know what stands on it.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from dashboards.i18n import QUERY_KEY, language, t


def customer_address(customer: tuple[str, str]) -> str:
    """Address of the customer page, relative to any other page."""
    asked = {"company": customer[0], "customer": customer[1], QUERY_KEY: language()}
    return f"customer?{urlencode(asked)}"


def to_customer(customer: tuple[str, str], *, name: str) -> None:
    """A link that opens everything about a customer."""
    st.link_button(t("link.customer", name=name), customer_address(customer), icon=":material/person_search:")
