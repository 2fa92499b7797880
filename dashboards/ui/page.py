"""What every page begins with: style, title, language switch, the release and its strip.

Belongs here: the frame. Must not: a page's own content.
"""

from __future__ import annotations

import streamlit as st

from dashboards.data.release import Release, ReleaseUnavailable, current_release
from dashboards.i18n import LANGUAGES, choose_language, label, language, namer, t
from dashboards.ui import strip, style

SWITCH_KEY = "language_switch"


def begin(*, title: str, subtitle: str) -> Release:
    """Draw the frame and return the release of this rerun; stops the page with the fix when there is none."""
    style.install()
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    with left:
        st.title(title, anchor=False)
        st.caption(subtitle)
    with right:
        _language_switch()
    try:
        release = current_release()
    except ReleaseUnavailable as problem:
        _explain(problem)
        st.stop()
    strip.draw(release)
    return release


def _language_switch() -> None:
    # The address may change the language without the switch being touched.
    st.session_state[SWITCH_KEY] = language()
    st.segmented_control(
        t("app.language"),
        LANGUAGES,
        format_func=namer("language"),
        key=SWITCH_KEY,
        required=True,
        on_change=lambda: choose_language(st.session_state[SWITCH_KEY]),
        label_visibility="collapsed",
        width="stretch",
    )


def _explain(problem: ReleaseUnavailable) -> None:
    st.warning(label("no_release_title", problem.reason), icon=":material/database_off:")
    st.markdown(label("no_release_fix", problem.reason))
    st.code(problem.detail, language=None)
