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
    read: Callable[[str], str] = str,
    **look: Any,
) -> str:
    """A list of which one is chosen; `?<name>=` of the address, or what is the default.

    Args:
        read: what is meant by a code of the address that is not offered, such as one of another language.
    """
    standard = _settle(name, offered, default=default, read=read)
    chosen = st.selectbox(
        title, offered, key=name, format_func=format_func, on_change=_keeper(name, standard), **look
    )
    return chosen or standard


def segments(
    title: str,
    offered: Sequence[str],
    *,
    name: str,
    format_func: Callable[[str], str],
    default: str | None = None,
    **look: Any,
) -> str:
    """The same side by side; the first is the default unless another is said to be."""
    standard = _settle(name, offered, default=default)
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


def pills(title: str, offered: Sequence[str], *, name: str, format_func: Callable[[str], str]) -> str:
    """The same for long or many words, which wrap; the first is the default."""
    standard = _settle(name, offered)
    chosen = st.pills(
        title, offered, key=name, format_func=format_func, required=True, on_change=_keeper(name, standard)
    )
    return chosen or standard


def several(
    title: str,
    offered: Sequence[str],
    *,
    name: str,
    format_func: Callable[[str], str],
    placeholder: str,
    default: Sequence[str] = (),
    **look: Any,
) -> list[str]:
    """A list of which several codes can be chosen; `?<name>=` of the address is what is chosen.

    Args:
        default: what is chosen without a word of the address; then nothing at all is `?<name>=` and no value.
    """
    # the address decides: it may change without the widget, and the widget forgets its choice with the language
    asked = st.query_params.get_all(name) if name in st.query_params else default
    st.session_state[name] = [code for code in asked if code in offered]

    def remember() -> None:
        chosen = st.session_state[name]
        if chosen == list(default):
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = chosen or ""

    return st.multiselect(
        title,
        offered,
        key=name,
        format_func=format_func,
        placeholder=placeholder,
        on_change=remember,
        **look,
    )


def _settle(
    name: str, offered: Sequence[str], *, default: str | None = None, read: Callable[[str], str] = str
) -> str:
    # the address decides: it may change without the widget, and the widget forgets its choice with the language
    standard = default if default is not None else offered[0]
    asked = st.query_params.get(name)
    if asked is not None and asked not in offered:
        asked = read(asked)
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
