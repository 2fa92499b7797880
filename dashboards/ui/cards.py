"""Cards and sentences: one figure, its companions, its definition on click.

Belongs here: their look. Must not: compute the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards.i18n import t
from dashboards.ui import links


@dataclass(frozen=True)
class Card:
    """One figure. `definition` is what the reader sees on click; `notes` are lines below the figure.

    `picture` is an image of ui/sparkline.py; `rows` the page on which the rows behind the figure stand.
    """

    name: str
    value: str
    notes: tuple[str, ...]
    definition: str
    is_strong: bool = False
    picture: str = ""
    rows: str | None = None


@dataclass(frozen=True)
class Fact:
    """One thing that is known; `note` stands small beside the value, amber when it asks for attention."""

    name: str
    value: str
    note: str = ""
    is_amber: bool = False


def row(cards: list[Card], *, key: str = "cards") -> None:
    """Cards side by side, each with its definition below; a second row of a page has a key that begins with `cards`."""
    for column, card in zip(st.container(key=key).columns(len(cards)), cards, strict=True):
        with column, st.container(gap="xxsmall"):
            notes = "<br>".join(escape(note) for note in card.notes if note)
            strong = " ar-strong" if card.is_strong else ""
            st.html(
                f'<div class="ar-card{strong}"><div class="ar-name">{escape(card.name)}</div>'
                f'<div class="ar-value">{escape(card.value)}</div>{card.picture}'
                f'<div class="ar-note">{notes}</div></div>'
            )
            with st.container(horizontal=True, gap="small"):
                with st.popover(t("card.definition"), type="tertiary", icon=":material/info:"):
                    st.markdown(card.definition)
                if card.rows:
                    links.button(card.rows)


def titled(title: str, *, definition: str) -> None:
    """The heading of a picture or table, with what its figures are on click."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"titled_{title}"):
        st.subheader(title, anchor=False, width="content")
        with st.popover(t("card.definition"), type="tertiary", icon=":material/info:"):
            st.markdown(definition)


def header(title: str, *, subtitle: str, facts: Sequence[Fact]) -> None:
    """Who or what a page is about: a name of any length and what is known of it, which wraps where there is no room."""
    cells = "".join(
        f'<div class="ar-fact{" ar-amber" if fact.is_amber else ""}"><div class="ar-name">{escape(fact.name)}</div>'
        f"<div>{'⚠ ' if fact.is_amber else ''}{escape(fact.value)}"
        f"{f'<small>{escape(fact.note)}</small>' if fact.note else ''}</div></div>"
        for fact in facts
    )
    st.html(
        f'<div class="ar-header"><div class="ar-title">{escape(title)}</div>'
        f'<div class="ar-subtitle">{escape(subtitle)}</div><div class="ar-facts">{cells}</div></div>'
    )


def sentence(text: str) -> None:
    """One plain sentence that says what the figures below mean."""
    st.html(f'<div class="ar-sentence">{escape(text)}</div>')


@dataclass(frozen=True)
class Notice:
    """One thing to act on; `is_severe` ones are red, and say so in words."""

    text: str
    is_severe: bool = False


def notices(lines: Sequence[Notice]) -> None:
    """Things to act on, one line each, the most severe first as given."""
    body = "".join(
        f"<div{' class=ar-severe' if line.is_severe else ''}>⚠ {escape(line.text)}</div>" for line in lines
    )
    st.html(f'<div class="ar-notices">{body}</div>')


def proof(lines: list[str], *, is_amber: bool) -> None:
    """The proof below a table; amber, with a sign, when something does not agree."""
    sign = "⚠ " if is_amber else "✓ "
    body = "<br>".join(escape(line) for line in lines)
    st.html(f'<div class="ar-proof{" ar-amber" if is_amber else ""}">{sign}{body}</div>')
