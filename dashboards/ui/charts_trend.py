"""Charts of the trend page that no other page has: heat map of roll rates, vintages, two days beside each other.

Belongs here: encodings, in the look of ui/charts.py. Must not: query, sum, or choose what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from dashboards.data.aging import Scheme
from dashboards.data.release import Row
from dashboards.i18n import language, t
from dashboards.ui import numbers, style, vega
from dashboards.ui.charts import draw, legend, tooltip
from dashboards.ui.numbers import Unit

# one hue from pale to dark: the order reads without seeing colours, and the figure stands in the cell
# (its own colours: those of style.py turn with the theme, and the figures in the cells do not)
HEAT = ("#F4F1E8", "#F2D08B", "#DD8340", "#A3342C", "#5A1522")
EMPTY = "#C9D1DA"
# a cell this dark has its figure in white
DARK_FROM = 0.55
CELL_HEIGHT = 27
# A day has its year above it; words break at their comma, or before the last: so that every column of a narrow map is
# named.
ON_LINES = (
    "test(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, datum.label)"
    " ? [slice(datum.label, 0, 4), slice(datum.label, 5)]"
    " : indexof(datum.label, ', ') > 0 ? split(datum.label, ', ')"
    " : indexof(datum.label, ' ') < 0 ? datum.label"
    " : [slice(datum.label, 0, lastindexof(datum.label, ' ')), slice(datum.label, lastindexof(datum.label, ' ') + 1)]"
)
# quarters from old to young: pale to dark, so that the young ones stand out
OLD_TO_YOUNG = ("#C9D9E8", "#A3C0DA", "#7BA5C9", "#5389B5", "#2F6C9E", "#20507C", "#173B5C", "#0D2439")
OLD_TO_YOUNG_ON_DARK = (
    "#2F4A63",
    "#3A5F80",
    "#45769F",
    "#568FBE",
    "#74A9D4",
    "#96C2E5",
    "#BBD9F0",
    "#E3F0FA",
)
# four of them and their axes fill a page 1,280 wide
MULTIPLE_WIDTH, MULTIPLE_HEIGHT, MULTIPLE_COLUMNS = 242, 96, 4
NOW_AND_THEN = (style.ACCENT, style.CALM)


@dataclass(frozen=True)
class Cell:
    """One cell of a heat map: `share` colours it (None: of nothing), `note` is in the tooltip."""

    line: str
    column: str
    share: float | None
    note: str


def heat(cells: Sequence[Cell], *, lines: Sequence[str], columns: Sequence[str], alt_text: str) -> None:
    """Shares as a map with their figures; a cell without a share is grey and says so, 0 % is pale and says 0.0 %."""
    frame = pd.DataFrame(
        [
            {
                "line": cell.line,
                "column": cell.column,
                # the colour of what has no share comes from its own condition
                "share": 0.0 if cell.share is None else cell.share,
                "is_empty": cell.share is None,
                "text": t("common.not_available") if cell.share is None else numbers.share(cell.share),
                "note": cell.note,
            }
            for cell in cells
        ]
    )
    base = alt.Chart(frame).encode(
        x=alt.X("column:N", sort=list(columns), title=None,
                axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelOverlap=False,
                              labelLimit=110, labelExpr=ON_LINES, labelPadding=17)),
        y=alt.Y("line:N", sort=list(lines), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=150)),
        tooltip=tooltip(line="column.bucket", column="chart.column", text="column.roll_rate", note="chart.amount"),
    )  # fmt: skip
    cells_drawn = base.mark_rect(cornerRadius=2, stroke="white", strokeWidth=1.5).encode(
        color=alt.condition(
            "datum.is_empty",
            alt.value(EMPTY),
            alt.Color(
                "share:Q", scale=alt.Scale(domain=[0, 0.15, 0.4, 0.75, 1], range=list(HEAT)), legend=None
            ),
        )
    )
    texts = base.mark_text(fontSize=11).encode(
        text="text:N",
        color=alt.condition(f"datum.share > {DARK_FROM}", alt.value("#FFFFFF"), alt.value(style.ON_PALE)),
    )
    draw(cells_drawn + texts, height=CELL_HEIGHT * len(lines) + 60, alt_text=alt_text)


def vintages(rows: Sequence[Row], *, names: Mapping[Any, str]) -> None:
    """A line per quarter of billing; dashed where a part of the quarter has not come that far.

    Args:
        names: quarter to what it is called, oldest first.
    """
    frame = pd.DataFrame(
        [
            {
                "quarter": names[row["quarter_start"]],
                "days": row["days_after_due"],
                "rate": float(row["unpaid_rate"]),
                "text": numbers.share(row["unpaid_rate"]),
                "covered": numbers.share(numbers.ratio(row["reached"], whole=row["billed"])),
                "ripe": "ripe" if row["is_ripe"] else "young",
            }
            for row in rows
            if row["unpaid_rate"] is not None
        ]
    )
    order = [name for name in names.values() if name in set(frame["quarter"])]
    # the young ones stand out from the page, whichever colour that has
    ramp = OLD_TO_YOUNG_ON_DARK if style.is_dark() else OLD_TO_YOUNG
    colours = [ramp[round(i * (len(ramp) - 1) / max(len(order) - 1, 1))] for i in range(len(order))]
    base = alt.Chart(frame).encode(
        x=alt.X("days:Q", title=t("chart.days_after_due"), axis=alt.Axis(values=list(range(30, 361, 30)), grid=False),
                scale=alt.Scale(domain=[24, 366], nice=False)),
        y=alt.Y("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=6), scale=alt.Scale(domainMin=0)),
        color=alt.Color("quarter:N", sort=order, scale=alt.Scale(domain=order, range=colours),
                        legend=legend(columns=8)),
        tooltip=tooltip(quarter="column.quarter_start", days="chart.days_after_due", text="column.unpaid_rate",
                        covered="column.covered_rate"),
    )  # fmt: skip
    # the last solid point and the first dashed one belong to both, or the line would have a gap
    ripe = base.transform_filter("datum.ripe == 'ripe'").mark_line(strokeWidth=2.2)
    young = base.mark_line(strokeWidth=1.4, strokeDash=[5, 4])
    points = base.mark_point(filled=True, size=34, opacity=1)
    draw(young + ripe + points, height=360, alt_text=t("chart.vintages_alt"))


def multiples(rows: Sequence[Row], *, names: Mapping[Any, str], currency: str, unit: Unit) -> None:
    """One small picture of overdue by month for each value, all on one scale, the largest first."""
    frame = pd.DataFrame(
        [
            {
                "value": names[row["value"]],
                "day": numbers.day(row["day"]),
                "amount": float((row["overdue"] or Decimal(0)) / unit.size),
                "text": numbers.money(row["overdue"], currency=currency, unit=unit),
                "rate": numbers.share(row["overdue_rate"]),
            }
            for row in rows
        ]
    )
    order, days = list(dict.fromkeys(frame["value"])), sorted(set(frame["day"]))
    bars = (
        alt.Chart(frame)
        .mark_bar(color=style.OVERDUE[3])
        .encode(
            x=alt.X("day:O", sort=days, title=None, axis=alt.Axis(
                values=[days[0], days[-1]], labelExpr="slice(datum.label, 0, 7)", labelAngle=0, labelOverlap=False,
                ticks=False, labelFlush=True)),
            y=alt.Y("amount:Q", title=None, axis=alt.Axis(format=",.4~f", tickCount=3)),
            tooltip=tooltip(value="column.dimension_value", day="chart.day", text="column.overdue",
                            rate="column.overdue_rate"),
        )
        .properties(width=MULTIPLE_WIDTH, height=MULTIPLE_HEIGHT)
    )  # fmt: skip
    header = alt.Header(labelFontSize=12, labelFontWeight=600, labelLimit=MULTIPLE_WIDTH)
    chart = bars.facet(
        facet=alt.Facet("value:N", sort=order, title=None, header=header),
        columns=MULTIPLE_COLUMNS,
        spacing=18,
    ).configure_view(strokeWidth=0).configure_axis(labelFontSize=11)  # fmt: skip
    vega.show(chart, alt=t("chart.multiples_alt"), width="content")


def beside(
    scheme: Scheme, now: dict[str, Decimal], then: dict[str, Decimal], *, names: tuple[str, str], currency: str,
    unit: Unit,
) -> None:  # fmt: skip
    """Two bars per bucket: the day looked at and the day it is compared with.

    Args:
        now, then: amounts by bucket code.
        names: of the two days.
    """
    frame = pd.DataFrame(
        [
            {
                "bucket": bucket.label(language()),
                "day": name,
                "amount": float(amounts.get(bucket.code, Decimal(0)) / unit.size),
                "text": numbers.money(amounts.get(bucket.code, Decimal(0)), currency=currency, unit=unit),
            }
            for name, amounts in zip(names, (now, then), strict=True)
            for bucket in scheme.buckets
        ]
    )
    low, high = min(float(frame["amount"].min()), 0.0), max(float(frame["amount"].max()), 0.0)
    room = alt.Scale(domain=[low, high + (high - low or 1) * 0.3], nice=False)
    base = alt.Chart(frame).encode(
        y=alt.Y("bucket:N", sort=list(dict.fromkeys(frame["bucket"])), title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=150)),
        yOffset=alt.YOffset("day:N", sort=list(names)),
        x=alt.X("amount:Q", title=None, axis=None, scale=room),
        tooltip=tooltip(bucket="chart.bucket", day="chart.day", text="chart.amount"),
    )  # fmt: skip
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        color=alt.Color("day:N", sort=list(names), scale=alt.Scale(domain=list(names), range=list(NOW_AND_THEN)),
                        legend=legend(columns=2))
    )  # fmt: skip
    texts = base.transform_calculate(end="max(datum.amount, 0)").mark_text(align="left", dx=5, fontSize=11).encode(
        x=alt.X("end:Q", scale=room), text="text:N"
    )  # fmt: skip
    draw(bars + texts, height=40 * len(scheme.buckets) + 40, alt_text=t("chart.beside_alt"))
