"""One choice among codes, kept in the page's address by its code, so that a link means the same in either language.

Belongs here: widgets that choose one of several words. Must not: values that read the same in every language: widgets
bind those themselves (`bind="query-params"`), which for words would put the words of one language into the address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def select(
    title: str,
    offered: Sequence[str],
    *,
    name: str,
    format_func: Callable[[str], str],
    default: str | None = None,
) -> str:
    """A list of which one is chosen; `?<name>=` of the address, or what is the default."""
    standard = _settle(name, offered, default=default)
    chosen = st.selectbox(
        title, offered, key=name, format_func=format_func, on_change=_keeper(name, standard)
    )
    return chosen or standard


def segments(
    title: str, offered: Sequence[str], *, name: str, format_func: Callable[[str], str], **look: Any
) -> str:
    """The same side by side; the first is the default."""
    standard = _settle(name, offered)
    chosen = st.segmented_control(
        title,
        offered,
        key=name,
        format_func=format_func,
        required=True,
        on_change=_keeper(name, standard),
        **look,
    )
    return chosen or standard


def several(
    title: str, offered: Sequence[str], *, name: str, format_func: Callable[[str], str], placeholder: str
) -> list[str]:
    """A list of which several codes can be chosen; `?<name>=` of the address is what is chosen."""
    # the address decides: it may change without the widget, and the widget forgets its choice with the language
    st.session_state[name] = [code for code in st.query_params.get_all(name) if code in offered]

    def remember() -> None:
        st.query_params[name] = st.session_state[name]

    return st.multiselect(
        title, offered, key=name, format_func=format_func, placeholder=placeholder, on_change=remember
    )


def _settle(name: str, offered: Sequence[str], *, default: str | None = None) -> str:
    # the address decides: it may change without the widget, and the widget forgets its choice with the language
    standard = default if default is not None else offered[0]
    asked = st.query_params.get(name)
    st.session_state[name] = asked if asked in offered else standard
    return standard


def _keeper(name: str, standard: str) -> Callable[[], None]:
    def keep() -> None:
        chosen = st.session_state[name]
        if chosen == standard:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = chosen

    return keep
