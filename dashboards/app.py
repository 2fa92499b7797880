"""Router of the dashboards: `streamlit run dashboards/app.py`.

Belongs here: which pages exist and in what order. Must not: a query or a figure.
"""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

# streamlit puts this file's folder on the path, not the folder that holds the packages
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from dashboards.i18n import settle_language, t  # noqa: E402 - found only once the path is set

settle_language()
st.set_page_config(page_title=t("app.title"), page_icon=":material/account_balance:", layout="wide")
st.navigation(
    [
        st.Page("views/aging.py", title=t("aging.title"), icon=":material/view_week:", default=True),
        st.Page("views/trend.py", title=t("trend.title"), icon=":material/stacked_line_chart:"),
    ],
    position="top",
).run()
