"""Addresses of the dashboard's own pages.

Belongs here: where a row leads to. Must not: decide who may open it; the page does.
"""

from __future__ import annotations

from urllib.parse import urlencode

from dashboards.i18n import QUERY_KEY, language


def customer_page(company_code: str, customer_id: str) -> str:
    """Address of a customer's page, beside the page that links to it, in the reader's language."""
    query = {"company": company_code, "customer": customer_id, QUERY_KEY: language()}
    return f"customer?{urlencode(query)}"
