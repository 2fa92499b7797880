"""Choices kept in the page's address by their code, so that a link means the same in either language.

Belongs here: lists of codes. Must not: values that read the same in every language: widgets bind those themselves
(`bind="query-params"`), which for words would put the words of one language into the address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def choose_several(
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
