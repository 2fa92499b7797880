"""Cards and sentences: one figure, its companions, its definition on click.

Belongs here: their look. Must not: compute the figure.
"""

from __future__ import annotations

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


def row(cards: list[Card]) -> None:
    """Cards side by side, each with its definition below."""
    for column, card in zip(st.container(key="cards").columns(len(cards)), cards, strict=True):
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


def sentence(text: str) -> None:
    """One plain sentence that says what the figures below mean."""
    st.html(f'<div class="ar-sentence">{escape(text)}</div>')


def proof(lines: list[str], *, is_amber: bool) -> None:
    """The proof below a table; amber, with a sign, when something does not agree."""
    sign = "⚠ " if is_amber else "✓ "
    body = "<br>".join(escape(line) for line in lines)
    st.html(f'<div class="ar-proof{" ar-amber" if is_amber else ""}">{sign}{body}</div>')
