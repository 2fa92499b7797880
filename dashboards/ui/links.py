"""Ways to other pages: only to those that this reader may open.

Belongs here: addresses, with the language kept. Must not: know what stands on a page.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboards.data.trend import TrendScope
from dashboards.i18n import QUERY_KEY, language, t
from dashboards.ui import page


def is_open(name: str) -> bool:
    """Whether the page is part of the reader's role."""
    return name in page.viewer().pages


def button(name: str) -> None:
    """A link to the rows behind a figure; nothing where the reader may not open that page."""
    if is_open(name):
        st.page_link(f"views/{name}.py", label=t("link.rows"), icon=":material/arrow_forward:")


def address(name: str, **filters: str) -> str | None:
    """Address of a page with its filters, relative to the page shown; None where the reader may not open it."""
    return f"{name}?{urlencode({**filters, QUERY_KEY: language()})}" if is_open(name) else None


def customer_page(company_code: str, customer_id: str) -> str:
    """Address of a customer's page, beside the page that links to it, in the reader's language."""
    query = {"company": company_code, "customer": customer_id, QUERY_KEY: language()}
    return f"customer?{urlencode(query)}"


def aging_page(day: date, scope: TrendScope) -> str:
    """Address of the aging page on a day, with what it has in common with a scope of the trend."""
    basis = "reporting" if scope.currency_basis == "constant" else scope.currency_basis
    query = {
        "as_of": f"{day:%Y-%m-%d}",
        "companies": list(scope.companies),
        "segments": [f"natures:{nature}" for nature in scope.natures],
        **({"currency_basis": basis} if basis != "reporting" else {}),
        **({"intragroup": "true"} if scope.has_intragroup else {}),
        QUERY_KEY: language(),
    }
    return f"aging?{urlencode(query, doseq=True)}"


def draw_customer(company_code: str, customer_id: str, *, name: str) -> None:
    """A link to everything about one customer."""
    st.page_link(
        "views/customer.py",
        label=t("link.customer", name=name),
        icon=":material/person_search:",
        query_params={"company": company_code, "customer": customer_id, QUERY_KEY: language()},
    )
