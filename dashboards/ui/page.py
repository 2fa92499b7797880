"""What every page begins with: style, title, language switch, the reader, the release and its strip.

Belongs here: the frame, and who may see it. Must not: a page's own content.
"""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitAuthError

from dashboards import configuration
from dashboards.access import audit
from dashboards.access.identity import NotAdmitted, current_viewer
from dashboards.access.viewer import PAGES, Viewer
from dashboards.configuration import NotConfigured, Unavailable
from dashboards.data.release import Release, current_release
from dashboards.i18n import LANGUAGES, choose_language, label, language, namer, t
from dashboards.ui import notices, strip, style

SWITCH_KEY = "language_switch"
RECORDED_KEY = "recorded_in_audit"
SIGN_IN = frozenset({"not_signed_in"})
SIGN_OUT = frozenset({"no_role", "no_user", "no_sales_owner"})


def visible_pages() -> tuple[str, ...]:
    """Pages the menu offers to this reader; all of them to somebody unknown, who is stopped on whichever he opens."""
    try:
        return current_viewer(configuration.dashboard()).pages
    except (NotAdmitted, NotConfigured):
        return PAGES


def begin(name: str) -> Release:
    """Draw the frame and return the release of this rerun; stops the page, and says why, where there is none to show.

    Args:
        name: of the page, as in `PAGES`; its words are `<name>.title` and `<name>.subtitle`.
    """
    style.install(no_file=t("download.failed"))
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    with left:
        st.title(label(name, "title"), anchor=False)
        st.caption(label(name, "subtitle"))
    with right:
        _language_switch()
    reader = _admit()
    if name not in reader.pages:
        _record_once(event="refused", user=reader.user, role=reader.role, page=name)
        st.error(t("access.page_refused", role=label("role", reader.role)), icon=":material/lock:")
        st.stop()
    try:
        release = current_release(reader.restriction)
    except Unavailable as problem:
        _explain(problem)
        st.stop()
    strip.draw(release)
    notices.draw(release, reader)
    unwritable = audit.problem(configuration.home().root)
    if unwritable is not None:
        st.error(t("audit.unwritable", detail=unwritable), icon=":material/lock:")
    return release


def viewer() -> Viewer:
    """The reader of this rerun; only after `begin`."""
    return current_viewer(configuration.dashboard())


def refuse(what: str, **details: object) -> None:
    """Record that something was asked for that the reader may not see; the page says only that it is not there."""
    reader = viewer()
    _record_once(event="refused", user=reader.user, role=reader.role, what=what, **details)


def _admit() -> Viewer:
    try:
        found = current_viewer(configuration.dashboard())
    except NotConfigured as problem:
        _explain(problem)
        st.stop()
    except NotAdmitted as problem:
        _turn_away(problem)
        st.stop()
    if configuration.dashboard().auth.mode != "none":
        _record_once(event="signed_in", user=found.user, role=found.role)
        if configuration.dashboard().auth.mode == "oidc":
            st.button(t("access.sign_out", user=found.user), icon=":material/logout:", on_click=st.logout,
                      type="tertiary")  # fmt: skip
    return found


def _turn_away(problem: NotAdmitted) -> None:
    st.warning(label("not_admitted", problem.reason).format(user=problem.user, detail=problem.detail),
               icon=":material/lock:")  # fmt: skip
    st.markdown(label("not_admitted_fix", problem.reason).format(user=problem.user, detail=problem.detail))
    if problem.reason in SIGN_IN:
        st.button(t("access.sign_in"), icon=":material/login:", on_click=_sign_in, type="primary")
        return
    if problem.reason in SIGN_OUT:
        if configuration.dashboard().auth.mode == "oidc":
            st.button(t("access.sign_out", user=problem.user), icon=":material/logout:", on_click=st.logout)
        _record_once(event="refused", user=problem.user, reason=problem.reason)


def _sign_in() -> None:
    try:
        st.login()
    except StreamlitAuthError as problem:
        # an incomplete [auth] of the secrets: streamlit looks at it only now
        st.error(t("access.sign_in_failed", detail=str(problem)), icon=":material/lock:")


def _record_once(*, event: str, user: str, role: str = "", **details: object) -> None:
    """A rerun asks again what was asked before: one line per session and question."""
    told = st.session_state.setdefault(RECORDED_KEY, set())
    question = (event, user, *sorted((name, str(value)) for name, value in details.items()))
    if question in told:
        return
    try:
        audit.record(configuration.home().root, event=event, user=user, role=role, **details)
    except OSError as problem:
        st.error(t("audit.unrecorded", detail=str(problem)), icon=":material/lock:")
        st.stop()
    told.add(question)


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


def _explain(problem: Unavailable) -> None:
    st.warning(label("no_release_title", problem.reason), icon=":material/database_off:")
    st.markdown(label("no_release_fix", problem.reason))
    st.code(problem.detail, language=None)
