"""Colours and the page's own style sheet. Must not: know a figure; a word is given to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import streamlit as st

INK = "#1B2733"
# a figure on a pale cell, whatever the theme of the page around it: another colour than INK, which turns
ON_PALE = "#1C2834"
MUTED = "#64748B"
ACCENT = "#1F4E79"
AMBER = "#B45309"
CALM = "#8FB1CF"
CREDIT = "#9AA9A0"
# From pale to dark: the order reads without hue, for readers who do not see red and green apart.
OVERDUE = ("#F3D08B", "#EBAE5B", "#DE8340", "#C9582F", "#A4332B", "#741F2B", "#4F1424", "#350C19")
# What takes the place of each in a dark page. Order and meaning stay: what is older is darker, and still told from the
# page behind it (3 : 1 and more, WCAG 1.4.11).
ON_DARK = {
    INK: "#E4EAF1", MUTED: "#9FB0C2", ACCENT: "#6FA6DB", AMBER: "#F0A04B",
    OVERDUE[3]: "#D0653C", OVERDUE[4]: "#C9504A", OVERDUE[5]: "#B9475A", OVERDUE[6]: "#AC4570", OVERDUE[7]: "#9B4779",
}  # fmt: skip


def is_dark() -> bool:
    """Whether this reader's page is dark; not before his browser has said so."""
    return bool(st.context.theme.type == "dark")


def in_theme(spec: Any) -> Any:
    """The specification of a chart with the colours of the reader's theme."""
    if isinstance(spec, dict):
        return {key: in_theme(value) for key, value in spec.items()}
    if isinstance(spec, list):
        return [in_theme(value) for value in spec]
    return ON_DARK.get(spec, spec) if isinstance(spec, str) else spec


def install(*, no_file: str) -> None:
    """Put the style sheet into the page.

    Args:
        no_file: what stands below a button whose file could not be made, for streamlit has words of its own there.
    """
    st.html(Path(__file__).with_suffix(".css"))
    st.html(f"<style>:root {{--ar-no-file: {json.dumps(no_file, ensure_ascii=False)}}}</style>")


def bucket_colours(codes: list[str], *, lowers: dict[str, int | None]) -> list[str]:
    """One colour per bucket: calm for what is not due, darker with age, grey-green for credits."""
    aged = [code for code in codes if code != "unapplied" and (lowers.get(code) or 0) >= 1]
    steps = [OVERDUE[round(i * (len(OVERDUE) - 3) / max(len(aged) - 1, 1))] for i in range(len(aged))]
    by_code = dict(zip(aged, steps, strict=True))
    return [CREDIT if code == "unapplied" else by_code.get(code, CALM) for code in codes]
