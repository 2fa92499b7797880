"""Charts of the cash page: weeks with bands, forecasts against what came, errors, calibration.

Belongs here: encodings. Must not: query, sum, or decide what a week is. Amounts become floats here, for drawing only;
the tooltip carries the exact text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import BAR_SIZE, draw, legend, show, tooltip
from dashboards.ui.numbers import Unit

BAND_COLOUR = style.CALM
NEW_COLOUR = "#C8A45A"
# told apart by dash and point as well as by colour
LINES = {
    "champion": (style.ACCENT, [1, 0], "circle"),
    "due_date": (style.OVERDUE[3], [6, 3], "square"),
    "last_4_weeks": (style.MUTED, [2, 2], "triangle-up"),
}


def weeks(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Bars of what open items bring with their band; beside each, never upon it, what is not billed yet."""
    expected, new = _kinds()
    frame = _banded(
        rows, amounts=("expected", "expected_new"), ends=("low", "high"), currency=currency, unit=unit
    )
    base = alt.Chart(frame).encode(
        x=_weeks_axis(frame["week"]),
        xOffset=alt.XOffset("kind:N", sort=[expected, new]),
        tooltip=tooltip(week="cash.week", kind="cash.kind", text="chart.amount", band="cash.band"),
    )
    y = _amount_axis(currency, unit)
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        y=y,
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=[expected, new], range=[style.ACCENT, NEW_COLOUR]),
            legend=legend(columns=2),
        ),
    )
    ends = base.transform_filter("isValid(datum.low)")
    rules = ends.mark_rule(strokeWidth=1.6, color=style.AMBER).encode(y="low:Q", y2="high:Q")
    caps = [
        ends.mark_tick(color=style.AMBER, thickness=1.6, size=9).encode(y=f"{end}:Q")
        for end in ("low", "high")
    ]
    draw(alt.layer(bars, rules, *caps), height=330, alt_text=t("cash.weeks_alt"))


def cumulative(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """All until a week, with its band; what is not billed yet as a line of its own."""
    expected, new = _kinds()
    frame = _banded(
        rows, amounts=("cumulative", "cumulative_new"), ends=("cumulative_low", "cumulative_high"),
        currency=currency, unit=unit,
    )  # fmt: skip
    base = alt.Chart(frame).encode(
        x=_weeks_axis(frame["week"]),
        tooltip=tooltip(week="cash.until_week", kind="cash.kind", text="chart.amount", band="cash.band"),
    )
    area = (
        base.transform_filter("isValid(datum.low)")
        .mark_area(color=BAND_COLOUR, opacity=0.38)
        .encode(y=alt.Y("low:Q"), y2="high:Q")
    )
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=[expected, new], range=[style.ACCENT, NEW_COLOUR]),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", labelLimit=220),
    )
    dash = alt.StrokeDash(
        "kind:N", scale=alt.Scale(domain=[expected, new], range=[[1, 0], [5, 3]]), legend=None
    )
    lines = base.mark_line(point={"size": 42}, strokeWidth=2.2).encode(
        y=_amount_axis(currency, unit), color=colour, strokeDash=dash
    )
    draw(area + lines, height=330, alt_text=t("cash.cumulative_alt"))


def series(rows: Sequence[Row], *, drawn: Sequence[tuple[str, str]], currency: str, unit: Unit) -> None:
    """One small picture per company and currency in `drawn`, each on its own scale: shapes are compared, not sizes."""
    frame = pd.DataFrame(
        [
            {
                "series": f"{row['company_code']} · {row['currency']}",
                "week": row["week_ahead"],
                "name": _week(row),
                "amount": float(row["expected_reporting"] / unit.size),
                "low": float(row["low_reporting"] / unit.size),
                "high": float(row["high_reporting"] / unit.size),
                "text": numbers.money(row["expected_reporting"], currency=currency, unit=unit),
                "band": _band(row["low_reporting"], row["high_reporting"], currency=currency, unit=unit),
                "new": numbers.money(row["expected_new_reporting"], currency=currency, unit=unit),
            }
            for row in rows
            if (row["company_code"], row["currency"]) in drawn
        ]
    )
    base = alt.Chart(frame).encode(
        x=alt.X("week:Q", title=None, axis=alt.Axis(tickCount=4, format="d", grid=False)),
        tooltip=tooltip(
            series="cash.series",
            name="cash.week",
            text="chart.amount",
            band="cash.band",
            new="cash.of_new_billing",
        ),
    )
    area = base.mark_area(color=BAND_COLOUR, opacity=0.38).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(color=style.ACCENT, strokeWidth=2, point={"size": 22}).encode(
        y=alt.Y("amount:Q", title=None, axis=alt.Axis(tickCount=3, format=",.4~f"))
    )
    order = [f"{company} · {code}" for company, code in drawn]
    header = alt.Header(labelFontSize=12, labelFontWeight=600)
    chart = (
        alt.layer(area, line)
        .properties(width=185, height=112)
        .facet(
            facet=alt.Facet("series:N", sort=order, title=None, header=header),
            columns=min(2, len(order)),
            spacing={"row": 12, "column": 26},
        )
        .resolve_scale(y="independent")
        .configure_view(strokeWidth=0)
        .configure_axis(labelFontSize=11)
    )  # fmt: skip
    show(chart, alt_text=t("cash.series_alt"), width="content")


def payers(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Bars of the largest payers."""
    frame = pd.DataFrame(
        [
            {
                "customer": _short(row["customer_name"]) + f" · {row['company_code']}",
                "name": row["customer_name"],
                "amount": float((row["expected_amount"] or 0) / unit.size),
                "text": numbers.money(row["expected_amount"], currency=currency, unit=unit),
                "items": str(row["item_count"]),
            }
            for row in rows
        ]
    )
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "customer:N", sort=list(frame["customer"]), title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=230),
        ),
        x=alt.X("amount:Q", axis=None, scale=alt.Scale(domain=[0, float(frame["amount"].max() or 1) * 1.55])),
        tooltip=tooltip(name="column.customer_name", text="chart.amount", items="chart.items"),
    )  # fmt: skip
    bars = base.mark_bar(size=BAR_SIZE - 4, color=style.ACCENT, cornerRadiusEnd=2)
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(text="text:N")
    draw(bars + texts, height=30 * len(frame) + 10, alt_text=t("cash.payers_alt"))


def pay_days(rows: Sequence[Row], *, first_day: Any, last_day: Any, currency: str) -> None:
    """When single items are expected: the band of days, and the day by which payment is as likely as not."""
    frame = pd.DataFrame(
        [
            {
                "item": f"{row['document_id']}-{row['instalment_no']} · {_short(row['customer_name'], most=16)}",
                "customer": row["customer_name"],
                "amount": numbers.money(row["open_amount_reporting"], currency=currency),
                "begin": pd.Timestamp(row["pay_date_p10"]),
                "middle": pd.Timestamp(row["pay_date_p50"]),
                "end": pd.Timestamp(row["pay_date_p90"]),
                "due": pd.Timestamp(row["due_date"]),
                "days": f"{numbers.day(row['pay_date_p10'])} – {numbers.day(row['pay_date_p90'])}",
                "day": numbers.day(row["pay_date_p50"]),
                "due_day": numbers.day(row["due_date"]),
            }
            for row in rows
        ]
    )
    window = alt.Chart(pd.DataFrame([{"first": pd.Timestamp(first_day), "last": pd.Timestamp(last_day)}]))
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "item:N", sort=list(frame["item"]), title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=260),
        ),
        tooltip=tooltip(
            item="column.document_id", customer="column.customer_name", amount="chart.amount",
            due_day="column.due_date", day="column.pay_date_p50", days="cash.pay_days",
        ),
    )  # fmt: skip
    x = alt.X("begin:T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True, grid=True, tickCount=8))
    shade = window.mark_rect(color=BAND_COLOUR, opacity=0.18).encode(x="first:T", x2="last:T")
    bands = base.mark_bar(size=9, color=BAND_COLOUR, cornerRadius=4).encode(x=x, x2="end:T")
    dots = base.mark_point(filled=True, size=64, color=style.ACCENT, opacity=1).encode(x="middle:T")
    draw(shade + bands + dots, height=26 * len(frame) + 40, alt_text=t("cash.pay_days_alt"))


def past(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """What was expected on a past day, with its band where it has one, and what came."""
    expected, received = t("cash.expected_then"), t("cash.received")
    frame = pd.DataFrame(
        [
            {
                "week": _week(row),
                "kind": kind,
                "amount": float(row[name] / unit.size),
                "text": numbers.money(row[name], currency=currency, unit=unit),
                "low": None if row["low"] is None else float(row["low"] / unit.size),
                "high": None if row["high"] is None else float(row["high"] / unit.size),
                "error": numbers.money(row["error"], currency=currency, unit=unit, is_signed=True),
            }
            for row in rows
            for name, kind in (("expected", expected), ("received", received))
        ]
    )
    base = alt.Chart(frame).encode(
        x=_weeks_axis(frame["week"]),
        tooltip=tooltip(week="cash.week", kind="cash.kind", text="chart.amount", error="column.error"),
    )
    scale = alt.Scale(domain=[expected, received], range=[style.ACCENT, style.OVERDUE[3]])
    colour = alt.Color(
        "kind:N",
        scale=scale,
        legend=alt.Legend(title=None, orient="top", symbolType="circle", labelLimit=220),
    )
    lines = base.transform_filter(alt.datum.kind == expected).mark_line(strokeWidth=2.2).encode(
        y=_amount_axis(currency, unit), color=colour
    )  # fmt: skip
    points = base.transform_filter(alt.datum.kind == received).mark_point(
        filled=True, size=80, opacity=1, shape="diamond"
    ).encode(y="amount:Q", color=colour)  # fmt: skip
    layers = [lines, points]
    if any(row["low"] is not None for row in rows):
        area = base.transform_filter(alt.datum.kind == expected).mark_area(color=BAND_COLOUR, opacity=0.38)
        layers.insert(0, area.encode(y=alt.Y("low:Q"), y2="high:Q"))
    draw(alt.layer(*layers), height=300, alt_text=t("cash.past_alt"))


def errors(rows: Sequence[Row]) -> None:
    """Error of each forecaster by weeks ahead."""
    shown = [row | {"who": "champion" if row["is_champion"] else row["model"]} for row in rows]
    names = {code: label("cash_forecaster", code) for code in LINES}
    frame = pd.DataFrame(
        [
            {
                "week": row["week_ahead"],
                "who": names[row["who"]],
                "error": row["error_rate"],
                "text": numbers.share(row["error_rate"]),
            }
            for row in shown
            if row["error_rate"] is not None
        ]
    )
    domain = list(names.values())
    colour = alt.Scale(domain=domain, range=[LINES[code][0] for code in names])
    dash = alt.Scale(domain=domain, range=[LINES[code][1] for code in names])
    shape = alt.Scale(domain=domain, range=[LINES[code][2] for code in names])
    base = alt.Chart(frame).encode(
        x=alt.X("week:O", title=t("cash.weeks_ahead"), axis=alt.Axis(labelAngle=0)),
        # the first week of the due dates is several times off: a root keeps the others apart
        y=alt.Y(
            "error:Q", title=None, scale=alt.Scale(type="sqrt"),
            axis=alt.Axis(format=".0%", values=[0, 0.1, 0.25, 0.5, 1, 2, 4, 8]),
        ),
        tooltip=tooltip(who="cash.forecaster", week="cash.weeks_ahead", text="column.error_rate"),
    )  # fmt: skip
    lines = base.mark_line(strokeWidth=2).encode(
        color=alt.Color("who:N", scale=colour, legend=None),
        strokeDash=alt.StrokeDash("who:N", scale=dash, legend=None),
    )
    top = alt.Legend(title=None, orient="top", labelLimit=220)
    points = base.mark_point(filled=True, size=62, opacity=1).encode(
        color=alt.Color("who:N", scale=colour, legend=top), shape=alt.Shape("who:N", scale=shape, legend=top)
    )
    lines = alt.layer(lines, points).resolve_scale(color="independent")
    draw(lines, height=300, alt_text=t("cash.errors_alt"))


def reliability(rows: Sequence[Row]) -> None:
    """What was said against what came; on the line both are the same. The dot grows with the number of items."""
    codes = list(dict.fromkeys(row["horizon"] for row in rows))
    names = {code: label("horizon", code) for code in codes}
    frame = pd.DataFrame(
        [
            {
                "horizon": names[row["horizon"]],
                "said": row["predicted_share"],
                "came": row["observed_share"],
                "said_text": numbers.share(row["predicted_share"]),
                "came_text": numbers.share(row["observed_share"]),
                "count": row["scored_count"],
                "items": f"{row['scored_count']:,}",
            }
            for row in rows
        ]
    )
    axis, scale = alt.Axis(format=".0%", tickCount=5), alt.Scale(domain=[0, 1])
    diagonal = (
        alt.Chart(pd.DataFrame({"said": [0.0, 1.0], "came": [0.0, 1.0]}))
        .mark_line(color=style.MUTED, strokeDash=[4, 4], strokeWidth=1.2)
        .encode(x="said:Q", y="came:Q")
    )
    domain = list(names.values())
    base = alt.Chart(frame).encode(
        x=alt.X("said:Q", title=t("cash.said"), axis=axis, scale=scale),
        y=alt.Y("came:Q", title=t("cash.came"), axis=axis, scale=scale),
        color=alt.Color(
            "horizon:N",
            scale=alt.Scale(
                domain=domain, range=[style.ACCENT, style.OVERDUE[2], style.OVERDUE[5]][: len(domain)]
            ),
            legend=alt.Legend(title=None, orient="top", labelLimit=200),
        ),
        shape=alt.Shape("horizon:N", scale=alt.Scale(domain=domain), legend=None),
        tooltip=tooltip(
            horizon="column.horizon", said_text="cash.said", came_text="cash.came", items="chart.items"
        ),
    )
    lines = base.mark_line(strokeWidth=1.4, opacity=0.7)
    dots = base.mark_point(filled=True, opacity=0.95).encode(
        size=alt.Size("count:Q", scale=alt.Scale(range=[30, 320]), legend=None)
    )
    draw(diagonal + lines + dots, height=330, alt_text=t("cash.reliability_alt"))


def _kinds() -> tuple[str, str]:
    """What open items bring, and what is not billed yet: never one upon the other."""
    return t("cash.of_open_items"), t("cash.of_new_billing")


def _banded(
    rows: Sequence[Row], *, amounts: tuple[str, str], ends: tuple[str, str], currency: str, unit: Unit
) -> pd.DataFrame:
    """Two lines a week, of the kinds; only that of open items has a band, whose ends are these columns."""

    def line(row: Row, kind: str, name: str, *, has_band: bool) -> Row:
        low, high = (row[end] for end in ends)
        return {
            "week": _week(row),
            "kind": kind,
            "amount": float(row[name] / unit.size),
            "text": numbers.money(row[name], currency=currency, unit=unit),
            "low": float(low / unit.size) if has_band else None,
            "high": float(high / unit.size) if has_band else None,
            "band": _band(low, high, currency=currency, unit=unit) if has_band else t("cash.no_band"),
        }

    return pd.DataFrame(
        [
            line(row, kind, name, has_band=name == amounts[0])
            for row in rows
            for kind, name in zip(_kinds(), amounts, strict=True)
        ]
    )


def _week(row: Row) -> str:
    return f"{row['week_begins']:%m-%d}"


def _weeks_axis(names: Any) -> alt.X:
    return alt.X(
        "week:O",
        title=t("cash.week_begins"),
        sort=list(dict.fromkeys(names)),
        axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False),
        scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1),
    )


def _amount_axis(currency: str, unit: Unit) -> alt.Y:
    return alt.Y(
        "amount:Q",
        title=t("chart.amount_in", unit=f"{currency} {unit.name}"),
        axis=alt.Axis(format=",.4~f", tickCount=6),
    )


def _band(low: Any, high: Any, *, currency: str, unit: Unit) -> str:
    return f"{numbers.money(low, currency=currency, unit=unit)} – {numbers.money(high, currency=currency, unit=unit)}"


def _short(name: str, *, most: int = 26) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
