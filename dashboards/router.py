"""Which pages exist, in what order, and which of them the menu shows to this reader.

Belongs here: the menu. Must not: a query or a figure.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards.access.viewer import PAGES
from dashboards.i18n import label, settle_language, speaking, t
from dashboards.ui import page, vega

ICON = Path(__file__).with_name("ui") / "icon.svg"
# heading of the menu -> its pages, and the icon of each
SECTIONS = {
    "today": {
        "overview": ":material/dashboard:", "mine": ":material/checklist:",
        "watchlist": ":material/notification_important:",
    },
    "receivables": {
        "aging": ":material/view_week:", "trend": ":material/stacked_line_chart:",
        "customer": ":material/person_search:",
    },
    "money": {"cash": ":material/payments:", "bank": ":material/account_balance:"},
    "risk": {"policy": ":material/grade:", "provision": ":material/shield:"},
    "data": {"quality": ":material/fact_check:", "about": ":material/info:"},
}  # fmt: skip


def run() -> None:
    """Draw the menu and the page that is asked for, in one language."""
    # asked of the session word by word it would take a tenth of the time of a page
    with speaking(settle_language()):
        _draw()


def _draw() -> None:
    vega.settle_checking()
    st.set_page_config(page_title=t("app.title"), page_icon=str(ICON), layout="wide")
    shown = page.visible_pages()
    # every page has its address, also for who may not open it: the page says so and records it
    menu = {
        heading: {
            name: st.Page(
                f"views/{name}.py",
                title=label(name, "title"),
                icon=icon,
                url_path=name,
                visibility="visible" if name in shown else "hidden",
            )
            for name, icon in pages.items()
        }
        for heading, pages in SECTIONS.items()
    }
    pages = {name: found for section in menu.values() for name, found in section.items()}
    first = pages[next(iter(shown), PAGES[0])]

    def start() -> None:
        st.switch_page(first, query_params=st.query_params.to_dict())

    # the first page has an address of its own too: streamlit knows a default page only by the empty one
    home = st.Page(start, title=t("app.title"), default=True, visibility="hidden")
    st.navigation(
        {"": [home]} | {label("menu", heading): list(section.values()) for heading, section in menu.items()},
        position="top",
    ).run()
