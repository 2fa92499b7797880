"""Overview page: how much is owed, how much of it late, what changed, and what to look at today.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

import streamlit as st

from dashboards.data import overview
from dashboards.data.overview import GROUP, Where
from dashboards.data.release import Release
from dashboards.i18n import t
from dashboards.ui import choices, page
from dashboards.views.parts import (
    overview_cards,
    overview_change,
    overview_figures,
    overview_pack,
    overview_pictures,
    overview_proof,
    overview_today,
)


def main() -> None:
    release = page.begin("overview")
    with st.container(key="filters"):
        left, right = st.columns([2, 1.4], vertical_alignment="bottom")
    with left:
        where = _choose(release)
    shown = None if where is None else overview_figures.gather(release, where)
    if shown is None:
        st.info(t("overview.empty"), icon=":material/inbox:")
        st.stop()
    with right:
        overview_pack.draw(release, shown.where)
    overview_cards.sentence(shown)
    overview_cards.draw(release, shown)
    left, right = st.columns(2, gap="large")
    with left:
        overview_change.draw(release, shown)
    with right:
        overview_today.draw(release, shown)
    left, right = st.columns(2, gap="large")
    with left:
        overview_pictures.history(release, shown)
    with right:
        overview_pictures.largest(release, shown)
    overview_pictures.by_dimension(release, shown)
    overview_proof.draw(release, shown)


def _choose(release: Release) -> Where | None:
    offered = overview.offered(release)
    if not offered:
        return None
    names = {code: t("overview.group") if code == GROUP else code for code in offered}
    return Where(
        choices.segments(
            t("overview.scope"),
            offered,
            name="scope",
            format_func=names.__getitem__,
            label_visibility="collapsed",
        )
    )


main()
