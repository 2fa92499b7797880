"""Choices that live in the address.

Belongs here: a control whose code stands in the address. Must not: know what is chosen for. Streamlit's own binding
writes the words on the control into the address, so that a link would mean nothing to a reader of the other language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


def one_of(text: str, options: Sequence[str], *, key: str, names: Mapping[str, str]) -> str:
    """One of several codes side by side, the first unless the address says another.

    Args:
        key: of the widget, and of its parameter in the address; the first code is not written there.
        names: word of each code, in the language of this rerun.
    """
    asked = st.query_params.get(key)
    if st.session_state.get(key) not in options:
        st.session_state[key] = asked if asked in options else options[0]
    chosen = st.segmented_control(
        text, options, required=True, key=key, format_func=names.__getitem__, label_visibility="collapsed"
    )
    code = chosen or options[0]
    if code != options[0]:
        st.query_params[key] = code
    elif key in st.query_params:
        del st.query_params[key]
    return code
