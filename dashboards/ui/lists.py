"""Lists to read: customers as bars, things to look at, steps of a sum; a link where there is one.

Belongs here: HTML that prints, turns dark and is read aloud as a table. Must not: choose rows or format figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards.i18n import t

LONGEST = 62
"""Percent of its cell that the longest bar takes; the amount stands beside it."""


@dataclass(frozen=True)
class Bar:
    """One row of bars: `length` is its share of the longest (0 to 1)."""

    name: str
    amount: str
    length: float
    facts: tuple[str, ...]
    address: str | None = None


@dataclass(frozen=True)
class Thing:
    """One thing to look at."""

    kind: str
    text: str
    stake: str
    owner: str
    address: str | None = None


@dataclass(frozen=True)
class Step:
    """One line of a sum; `is_sum` lines are set off."""

    name: str
    amount: str
    note: str = ""
    is_sum: bool = False


def bars(rows: Sequence[Bar], *, name: str, amount: str, facts: Sequence[str]) -> None:
    """Bars under headers; facts stand in their own columns."""
    heads = "".join(f"<th>{escape(head)}</th>" for head in (name, amount, *facts))
    body = "".join(
        f'<tr><td class="ar-who">{_linked(row.name, row.address)}</td>'
        f'<td class="ar-bar"><span style="width:{max(row.length, 0.01) * LONGEST:.1f}%"></span>'
        f"<b>{escape(row.amount)}</b></td>"
        + "".join(f"<td>{escape(fact)}</td>" for fact in row.facts)
        + "</tr>"
        for row in rows
    )
    st.html(f'<table class="ar-ranked"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>')


def things(rows: Sequence[Thing]) -> None:
    """Numbered sentences, each with kind, owner, amount at stake and the way there."""
    body = "".join(
        f'<li><div class="ar-what"><span class="ar-kind">{escape(row.kind)}</span>{escape(row.text)}</div>'
        f'<div class="ar-how"><b>{escape(row.stake)}</b><span>{escape(row.owner)}</span>'
        + (_linked(t("link.open"), row.address) if row.address else "")
        + "</div></li>"
        for row in rows
    )
    st.html(f'<ol class="ar-things">{body}</ol>')


def steps(rows: Sequence[Step]) -> None:
    """Names, amounts to the right, and what each of them is."""
    body = "".join(
        f'<tr{_SUM if row.is_sum else ""}><td>{escape(row.name)}</td><td class="ar-amount">{escape(row.amount)}</td>'
        f"<td>{escape(row.note)}</td></tr>"
        for row in rows
    )
    st.html(f'<table class="ar-steps"><tbody>{body}</tbody></table>')


_SUM = ' class="ar-sum"'


def _linked(text: str, address: str | None) -> str:
    if address is None:
        return escape(text)
    return f'<a href="{escape(address)}" target="_self">{escape(text)}</a>'
