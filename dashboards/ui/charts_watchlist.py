"""Chart of the watchlist: how a measure moved, with its threshold and the days on which its rule opened and closed.

Belongs here: its encodings, on the helpers of charts.py. Must not: query, or decide which measure it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import draw, tooltip

HEIGHT = 230
# from the top of the plot: below it they would take its room
MARKS_AT = 7
# open and close differ in shape and word, not in colour alone
SHAPES = {"opened": "triangle-up", "closed": "circle"}
COLOURS = {"opened": style.OVERDUE[4], "closed": style.ACCENT}


def measure_history(
    rows: Sequence[Row],
    *,
    marks: Sequence[Row],
    threshold: Decimal | None,
    last_day: date,
    is_state: bool,
    size: Decimal,
    title: str,
    axis_format: str,
    written: Callable[[Decimal], str],
) -> None:
    """A line (steps where a value holds until the next), a dashed threshold, and marks on the axis.

    Args:
        rows: `day` and `value`, in order.
        marks: `day`, `kind` (opened, closed) and `severity`.
        size: unit of the axis, that values are divided by.
        written: the exact value for the tooltip.
    """
    first_day = rows[0]["day"]
    points = list(rows)
    if is_state and points[-1]["day"] < last_day:
        points.append(points[-1] | {"day": last_day})
    frame = pd.DataFrame(
        [
            {"day": pd.Timestamp(row["day"]), "date": numbers.day(row["day"]),
             "value": float(Decimal(row["value"]) / size), "text": written(Decimal(row["value"]))}
            for row in points
        ]
    )  # fmt: skip
    span = [pd.Timestamp(first_day), pd.Timestamp(last_day)]
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=span),
        axis=alt.Axis(format="%Y-%m", labelAngle=0, grid=False, labelOverlap=True, tickCount=6),
    )
    # room above the line for the marks
    lowest, highest = (
        float(frame["value"].min()),
        float(max(frame["value"].max(), float(threshold or 0) / float(size))),
    )
    room = (highest - min(lowest, 0)) * 0.16 or 1.0
    y = alt.Y(
        "value:Q",
        title=None,
        axis=alt.Axis(format=axis_format, tickCount=4),
        scale=alt.Scale(domain=[min(lowest, 0), highest + room], nice=False),
    )
    line = alt.Chart(frame).encode(x=x, y=y, tooltip=tooltip(date="chart.day", text="chart.value"))
    layers: Any = (
        line.mark_line(color=style.ACCENT, strokeWidth=2, interpolate="step-after")
        if is_state
        else line.mark_line(color=style.ACCENT, strokeWidth=2, point=True)
    )
    if threshold is not None:
        limit = pd.DataFrame([{"value": float(threshold / size), "text": written(threshold)}])
        rule = alt.Chart(limit).encode(y="value:Q", tooltip=tooltip(text="chart.threshold"))
        layers += rule.mark_rule(color=style.AMBER, strokeDash=[5, 4], strokeWidth=1.6)
    shown = [mark for mark in marks if first_day <= mark["day"] <= last_day]
    if shown:
        layers += _marks(shown, x=x)
    draw(layers, height=HEIGHT, alt_text=t("chart.measure_alt", measure=title))


def _marks(marks: Sequence[Row], *, x: alt.X) -> Any:
    kinds = tuple(SHAPES)
    names = [label("mark", kind) for kind in kinds]
    frame = pd.DataFrame(
        [
            {"day": pd.Timestamp(mark["day"]), "date": numbers.day(mark["day"]), "kind": label("mark", mark["kind"])}
            for mark in marks
        ]
    )  # fmt: skip
    legend = alt.Legend(title=None, orient="top", symbolSize=90)
    return (
        alt.Chart(frame)
        .mark_point(filled=True, size=95, opacity=1)
        .encode(
            x=x,
            y=alt.value(MARKS_AT),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=names, range=[SHAPES[kind] for kind in kinds]),
                legend=legend,
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=names, range=[COLOURS[kind] for kind in kinds]),
                legend=legend,
            ),
            tooltip=tooltip(date="chart.day", kind="chart.mark"),
        )
    )
