"""The filter "my customers", the same on every page that has it, kept in the address as `?owner=`.

Belongs here: its widget. Must not: what a reader may see (data/visible.py): a salesperson has no choice here because
there is nobody else's to see.
"""

from __future__ import annotations

import streamlit as st

from dashboards.data import owners
from dashboards.data.release import Release
from dashboards.i18n import t
from dashboards.ui import page

KEY = "owner"


def choose(release: Release) -> str | None:
    """Whose customers are shown; None for everybody's."""
    own = page.viewer().restriction.sales_owner
    if own is not None:
        st.selectbox(t("owner.filter"), [own], key="own_customers", disabled=True, help=t("owner.own"))
        return own
    everybody = t("owner.everybody")
    return st.selectbox(
        t("owner.filter"), owners.people(release), index=None, key=KEY, bind="query-params", placeholder=everybody,
        help=t("owner.help"),
    )  # fmt: skip
