"""Tables: headers in the reader's language, money aligned and scaled, heat by share of the row.

Belongs here: turning rows into what `st.dataframe` draws. Must not: choose rows. Decimals become floats here and
nowhere earlier, after rounding, because the grid draws numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers
from dashboards.ui.numbers import Unit

HEAT_COLOUR = (201, 88, 47)
CREDIT_COLOUR = (90, 120, 105)
ROW_HEIGHT = 33
# a column of addresses of customer pages (ui/links.py)
CUSTOMER_LINK = "customer_link"
# the same of the aging page
AGING_LINK = "aging_link"
LINKS = (CUSTOMER_LINK, AGING_LINK)
LINK_WIDTH = 64


def plain(rows: Sequence[Row], *, columns: Sequence[str], key: str | None = None, unit: Unit = numbers.EXACT,
          is_selectable: bool = False, height: int | None = None,
          headers: Mapping[str, str] | None = None) -> int | None:  # fmt: skip
    """A table of rows; returns the position of the selected row, if rows can be selected.

    Args:
        headers: of columns that have no word of their own, because the data makes them.
    """
    if not rows:
        st.caption(t("common.no_rows"))
        return None
    frame = pd.DataFrame([{name: _cell(row.get(name), unit=unit) for name in columns} for row in rows])
    config = {
        name: column(name, sample=_sample(rows, name), unit=unit, header=(headers or {}).get(name))
        for name in columns
    }
    shared: dict[str, Any] = {
        "hide_index": True,
        "column_config": config,
        "key": key,
        "row_height": ROW_HEIGHT,
        "height": height or table_height(len(rows)),
    }
    shared["placeholder"] = "–"
    if not is_selectable:
        st.dataframe(frame, **shared)
        return None
    event = st.dataframe(frame, on_select="rerun", selection_mode="single-row", **shared)
    chosen = event.selection.rows
    return chosen[0] if chosen and chosen[0] < len(rows) else None


def filled(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """The columns that say something in at least one row."""
    return [name for name in columns if any(row[name] is not None for row in rows)]


def table_height(row_count: int, *, most: int = 14) -> int:
    """Height that shows every row up to `most`, header included, without an inner scroll bar."""
    return (min(row_count, most) + 1) * ROW_HEIGHT + 3


def column(name: str, *, sample: Any, unit: Unit, header: str | None = None) -> Any:
    """Column settings by the kind of value in it."""
    shown = header or label("column", name)
    if name in LINKS:
        return st.column_config.LinkColumn(shown, display_text=":material/open_in_new:", width=LINK_WIDTH)
    if isinstance(sample, Decimal):
        title = shown if unit is numbers.EXACT else f"{shown} ({unit.name})"
        return st.column_config.NumberColumn(title, format=f"%,.{unit.places}f")
    if isinstance(sample, bool):
        return st.column_config.CheckboxColumn(shown)
    if isinstance(sample, int):
        return st.column_config.NumberColumn(shown, format="%,d")
    if isinstance(sample, datetime):
        return st.column_config.DatetimeColumn(shown, format="YYYY-MM-DD HH:mm")
    if isinstance(sample, date):
        return st.column_config.DateColumn(shown, format="YYYY-MM-DD")
    # a share is text, so that it can say n/a, and a figure all the same
    return st.column_config.TextColumn(
        shown, alignment="right" if name.endswith(("_rate", "_days")) else None
    )


def heat(frame: pd.DataFrame, *, buckets: Sequence[str], credits: Sequence[str], totals: set[int]) -> Any:
    """Shade every bucket by its share of the row; zeros fade, totals are bold.

    Depth of shade follows the share of the row's positive amounts, so that a small customer's problem is as visible
    as a large one's. The figure itself stays in the cell: colour is never alone.
    """

    def shade(row: pd.Series) -> list[str]:
        positive = sum(value for value in (row[name] for name in buckets) if value and value > 0)
        position = int(str(row.name))
        return [
            _cell_style(str(name), row[name], positive, position in totals, buckets, credits)
            for name in row.index
        ]

    return frame.style.apply(shade, axis=1)


def _cell_style(
    name: str, value: Any, positive: float, is_total: bool, buckets: Sequence[str], credits: Sequence[str]
) -> str:
    parts = ["font-weight: 700; background-color: rgba(31,78,121,.10)"] if is_total else []
    is_number = isinstance(value, (int, float)) and not pd.isna(value)
    if is_number and value == 0 and (name in buckets or name in credits):
        parts.append("color: #7C8794")
    elif is_number and name in buckets and value > 0 and positive and not is_total:
        parts.append(_tint(HEAT_COLOUR, 0.06 + 0.46 * float(value) / float(positive)))
    elif is_number and name in credits and value < 0 and not is_total:
        parts.append(_tint(CREDIT_COLOUR, 0.22))
    return "; ".join(parts)


def _tint(colour: tuple[int, int, int], strength: float) -> str:
    red, green, blue = colour
    return f"background-color: rgba({red},{green},{blue},{strength:.2f})"


def facts(pairs: Mapping[str, Any]) -> None:
    """Name and value of one record, one per line."""
    frame = pd.DataFrame(
        [
            {"name": label("column", name), "value": _text(value)}
            for name, value in pairs.items()
            if value is not None
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=table_height(len(frame), most=18),
        column_config={
            "name": st.column_config.TextColumn(t("column.name"), width="medium"),
            "value": st.column_config.TextColumn(t("column.value"), width="large"),
        },
    )


def _sample(rows: Sequence[Row], name: str) -> Any:
    return next((row[name] for row in rows if row.get(name) is not None), None)


def _cell(value: Any, *, unit: Unit) -> Any:
    if isinstance(value, Decimal):
        return float(numbers.scaled(value, unit=unit))
    if isinstance(value, datetime):
        return None if value.year == 9999 else value
    if isinstance(value, date):
        return None if value.year == 9999 else value
    return value


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return numbers.moment(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)
