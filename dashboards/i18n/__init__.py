"""Words: flat keys in one folder of files per language, and `t()`.

Belongs here: choosing the reader's language, looking words up. Must not: build sentences in code; a sentence is one
key with placeholders, because word order differs. Language: the address (`?lang=`), then what the reader chose in
this session, then the browser's, then arrears.yml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st
import yaml

from dashboards.configuration import NotConfigured, dashboard

LANGUAGES = ("zh", "en")
SESSION_KEY = "language"
QUERY_KEY = "lang"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@cache
def catalogue(language: str) -> dict[str, str]:
    """All words of one language."""
    words: dict[str, str] = {}
    for file in sorted(Path(__file__).with_name(language).glob("*.yml")):
        words |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def language() -> str:
    """Language of this rerun; settled once per session by `settle_language`."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    chosen = st.session_state.get(SESSION_KEY)
    return chosen if chosen in LANGUAGES else settle_language()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Words in this language, also where no session is at hand: streamlit makes a file outside of it."""
    token = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(token)


def settle_language() -> str:
    """Choose the language and remember it for the session."""
    chosen = _first_known(
        st.query_params.get(QUERY_KEY),
        st.session_state.get(SESSION_KEY),
        _browser_language(),
        _configured_language(),
    )
    st.session_state[SESSION_KEY] = chosen
    return chosen


def choose_language(chosen: str) -> None:
    """The reader's own choice: kept in the session and in the address, so that a link carries it."""
    st.session_state[SESSION_KEY] = chosen
    st.query_params[QUERY_KEY] = chosen


def t(key: str, /, **values: object) -> str:
    """The text of a key, with its placeholders filled.

    Raises:
        KeyError: the key is in no file; the test of the key files finds it first.
    """
    return catalogue(language())[key].format(**values)


def label(group: str, code: str) -> str:
    """The word for a code such as `receivable_class.trade`; the code itself where policy data brings a new one."""
    return catalogue(language()).get(f"{group}.{code}", code)


def namer(group: str) -> Callable[[str], str]:
    """`label` bound to the language of this rerun: widgets call it later, outside the session too."""
    words, prefix = catalogue(language()), group
    return lambda code: words.get(f"{prefix}.{code}", code)


def _first_known(*candidates: str | None) -> str:
    return next((candidate for candidate in candidates if candidate in LANGUAGES), LANGUAGES[0])


def _browser_language() -> str | None:
    locale = st.context.locale
    if not locale:
        return None
    return "zh" if locale.lower().startswith("zh") else "en"


def _configured_language() -> str | None:
    try:
        return dashboard().language
    except NotConfigured:
        # a broken file is reported where the release is opened, with its fix
        return None
