"""Vega-Lite: how a finished chart is handed to streamlit.

Belongs here: whether a chart is checked against the schema of Vega-Lite, and the theme. Must not: encodings
(charts*.py), colours (style.py).

Altair checks every part of a chart when it is made and the whole of it when it is written out, which takes a quarter of
a second on a page of six charts. What is checked depends on the program and not on the figures, so the tests check
(`ARREARS_CHECK_CHARTS=1`) and the server does not.
"""

from __future__ import annotations

import os
from typing import Any

import streamlit as st
from altair.utils import schemapi

from dashboards.ui import style

CHECK_VARIABLE = "ARREARS_CHECK_CHARTS"


def settle_checking() -> None:
    """Whether parts of charts are checked when they are made: altair has one switch for the process."""
    if _is_checked():
        schemapi.enable_debug_mode()
    else:
        schemapi.disable_debug_mode()


def show(chart: Any, **options: Any) -> None:
    """Put a chart on the page in the colours of the reader's theme; `options` are those of `st.altair_chart`."""
    written: Any = chart if _is_checked() else _Unchecked(chart)
    if style.is_dark():
        # with its data: some marks have their colour from a column
        st.vega_lite_chart(spec=style.in_theme(written.to_dict()), **options)
    else:
        st.altair_chart(written, **options)


class _Unchecked:
    """A chart that is written out as it is. All that streamlit asks of a chart is to write itself out."""

    def __init__(self, chart: Any) -> None:
        self._chart = chart

    def to_dict(self) -> dict[str, Any]:
        written: dict[str, Any] = self._chart.to_dict(validate=False)
        return written


def _is_checked() -> bool:
    return os.environ.get(CHECK_VARIABLE) == "1"
