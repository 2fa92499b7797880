"""Overdue trends page: how overdue moved, why, what it was on another day, how it rolls on, how quarters pay.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

import streamlit as st

from dashboards.i18n import t
from dashboards.ui import page
from dashboards.views.parts import (
    trend_bridge,
    trend_compare,
    trend_filters,
    trend_history,
    trend_roll,
    trend_vintage,
)

DRAWN = {
    "history": trend_history.draw,
    "bridge": trend_bridge.draw,
    "compare": trend_compare.draw,
    "vintage": trend_vintage.draw,
}


def main() -> None:
    release = page.begin("trend")
    part = trend_filters.choose_part()
    if part == "roll":
        trend_roll.draw(release, trend_filters.choose_roll(release))
        return
    chosen = trend_filters.choose(release, part=part)
    if chosen is None:
        st.info(t("trend.empty"), icon=":material/inbox:")
        st.stop()
    DRAWN[part](release, chosen)


main()
