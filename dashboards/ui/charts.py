"""Charts: one wrapper on Altair, so that colours, formats, empty states and spoken descriptions are the same.

Belongs here: encodings. Must not: query, sum, or decide what a bucket is. Amounts become floats here, for drawing only;
the tooltip carries the exact text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.data.aging import Bucket, Scheme
from dashboards.data.release import Row
from dashboards.i18n import language, t
from dashboards.ui import numbers, style, vega
from dashboards.ui.numbers import Unit

BAR_SIZE = 22


def bucket_scale(buckets: Sequence[Bucket]) -> alt.Scale:
    """Labels to colours, in bucket order."""
    lowers = {bucket.code: bucket.lower for bucket in buckets}
    colours = style.bucket_colours([bucket.code for bucket in buckets], lowers=lowers)
    return alt.Scale(domain=[bucket.label(language()) for bucket in buckets], range=colours)


def bucket_totals(scheme: Scheme, amounts: dict[str, Decimal], *, currency: str, unit: Unit) -> None:
    """One bar per bucket with its amount and share."""
    debits = sum((amount for amount in amounts.values() if amount > 0), Decimal(0))
    frame = pd.DataFrame(
        [
            {
                "bucket": bucket.label(language()),
                "order": bucket.number,
                "amount": float(amounts[bucket.code]),
                "text": numbers.money(amounts[bucket.code], currency=currency, unit=unit),
                "share": numbers.share(numbers.ratio(amounts[bucket.code], whole=debits)),
            }
            for bucket in scheme.buckets
        ]
    )
    frame["caption"] = frame["text"] + "  ·  " + frame["share"]
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "bucket:N",
            sort=list(frame["bucket"]),
            title=None,
            axis=alt.Axis(labelLimit=140, ticks=False, domain=False),
        ),
        tooltip=tooltip(bucket="chart.bucket", text="chart.amount", share="chart.share"),
    )
    limit = float(frame["amount"].abs().max() or 1)
    bars = base.mark_bar(size=BAR_SIZE, cornerRadiusEnd=2).encode(
        x=alt.X(
            "amount:Q",
            title=None,
            axis=None,
            scale=alt.Scale(domain=[min(frame["amount"].min(), 0), limit * 1.42]),
        ),
        color=alt.Color("bucket:N", scale=bucket_scale(scheme.buckets), legend=None),
    )
    text = base.transform_calculate(end="max(datum.amount, 0)").mark_text(align="left", dx=6, fontSize=12).encode(
        x="end:Q", text="caption:N"
    )  # fmt: skip
    draw(bars + text, height=34 * len(frame) + 12, alt_text=t("chart.bucket_totals_alt"))


def company_shares(scheme: Scheme, rows: Sequence[Row]) -> None:
    """100 % bars per company, the as-of day above the same day a year before."""
    if not rows:
        st.caption(t("common.no_rows"))
        return
    labels = {bucket.code: bucket for bucket in scheme.buckets}
    totals: dict[tuple[str, object], Decimal] = {}
    for row in rows:
        key = (row["company_code"], row["day"])
        totals[key] = totals.get(key, Decimal(0)) + (row["amount"] or Decimal(0))
    frame = pd.DataFrame(
        [
            {
                "bar": _bar_name(row),
                "bucket": labels[row["bucket"]].label(language())
                if row["bucket"] in labels
                else row["bucket"],
                "order": labels[row["bucket"]].number if row["bucket"] in labels else 99,
                "amount": float(row["amount"] or 0),
                "text": numbers.money(row["amount"], currency=row["shown_currency"]),
                "share": numbers.share(
                    numbers.ratio(
                        row["amount"] or Decimal(0), whole=totals[(row["company_code"], row["day"])]
                    )
                ),
            }
            for row in rows
        ]
    )
    newest = max(row["day"] for row in rows)
    bars = sorted({(row["company_code"], (newest - row["day"]).days, _bar_name(row)) for row in rows})
    buckets = [bucket for bucket in scheme.buckets if bucket.code != "unapplied"]
    chart = (
        alt.Chart(frame)
        .mark_bar(size=BAR_SIZE - 4)
        .encode(
            x=alt.X(
                "amount:Q",
                stack="normalize",
                title=None,
                axis=alt.Axis(format=".0%", grid=False, tickCount=5),
            ),
            y=alt.Y(
                "bar:N",
                title=None,
                sort=[name for _, _, name in bars],
                axis=alt.Axis(ticks=False, domain=False, labelLimit=190),
            ),
            color=alt.Color("bucket:N", scale=bucket_scale(buckets), legend=legend(columns=4)),
            order=alt.Order("order:Q"),
            tooltip=tooltip(
                bar="chart.company", bucket="chart.bucket", text="chart.amount", share="chart.share"
            ),
        )
    )
    draw(chart, height=34 * len(bars) + 110, alt_text=t("chart.company_shares_alt"))


def _bar_name(row: Row) -> str:
    return f"{row['company_code']} · {numbers.day(row['day'])}"


def history(
    scheme: Scheme,
    rows: Sequence[Row],
    *,
    currency: str,
    unit: Unit,
    is_share: bool,
    grain: str,
    legend_columns: int = 8,
) -> None:
    """Balance by bucket over time; credits hang below the line. A narrow chart has fewer columns of its legend."""
    labels = {bucket.code: bucket for bucket in scheme.buckets}
    shown = [row for row in rows if not (is_share and row["bucket"] == "unapplied")]
    frame = pd.DataFrame(
        [
            {
                "day": numbers.day(row["day"]),
                "bucket": labels[row["bucket"]].label(language()),
                "order": row["bucket_no"],
                "amount": float((row["balance"] or Decimal(0)) / unit.size),
                "text": numbers.money(row["balance"], currency=currency, unit=unit),
            }
            for row in shown
        ]
    )
    buckets = [bucket for bucket in scheme.buckets if not (is_share and bucket.code == "unapplied")]
    title = t("chart.share") if is_share else t("chart.amount_in", unit=f"{currency} {unit.name}")
    mark = alt.Chart(frame).mark_bar() if grain != "day" else alt.Chart(frame).mark_bar(binSpacing=0)
    chart = mark.encode(
        x=alt.X(
            "day:O",
            title=None,
            axis=_month_axis(list(dict.fromkeys(frame["day"]))),
            scale=alt.Scale(paddingInner=0.0 if grain == "day" else 0.22),
        ),
        y=alt.Y(
            "amount:Q",
            stack="normalize" if is_share else "zero",
            title=title,
            axis=alt.Axis(format=".0%" if is_share else ",.4~f", tickCount=6),
        ),
        color=alt.Color("bucket:N", scale=bucket_scale(buckets), legend=legend(columns=legend_columns)),
        order=alt.Order("order:Q"),
        tooltip=tooltip(day="chart.day", bucket="chart.bucket", text="chart.amount"),
    )
    draw(chart, height=340, alt_text=t("chart.history_alt"))


def _month_axis(days: list[str], *, most: int = 14) -> alt.Axis:
    """An axis of days that names the first period of each month, and no more of them than fit."""
    firsts = list({day[:7]: day for day in reversed(days)}.values())[::-1]
    step = -(-len(firsts) // most)
    return alt.Axis(
        values=firsts[::step],
        labelExpr="slice(datum.label, 0, 7)",
        labelAngle=0,
        labelOverlap=True,
        ticks=False,
    )


def rate_line(
    rows: Sequence[Row], *, months: Sequence[Row], restated: Sequence[Row], targets: Sequence[Row] = ()
) -> None:
    """Overdue rate over time: month ends as dots with their figure, restated days as marks on the axis, targets dashed.

    Args:
        targets: months with the rate that is not to be exceeded at the end of their period.
    """
    line_frame, month_frame = _rates(rows), _rates([row for row in months if row["is_month_end"]])
    if line_frame.empty:
        st.caption(t("common.no_rows"))
        return
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, grid=False, labelOverlap=True))
    # room above the line for the figures of the month ends
    pieces = aims(targets, first=line_frame["day"].min(), last=line_frame["day"].max())
    highest = (
        max(float(line_frame["rate"].max()), float(pieces["rate"].max()) if not pieces.empty else 0) or 1.0
    )
    y = alt.Y(
        "rate:Q",
        title=None,
        axis=alt.Axis(format=".0%", tickCount=5),
        scale=alt.Scale(domain=[0, highest * 1.18], nice=False),
    )
    layers = (
        alt.Chart(line_frame)
        .mark_line(color=style.ACCENT, strokeWidth=2.2)
        .encode(x=x, y=y, tooltip=tooltip(date="chart.day", text="trend.rate"))
    )
    if not pieces.empty:
        layers += (
            alt.Chart(pieces)
            .mark_rule(color=style.MUTED, strokeWidth=1.6, strokeDash=[6, 4])
            .encode(
                x=x, x2="until:T", y=y, tooltip=tooltip(period="chart.target_period", text="chart.target")
            )
        )
    if not month_frame.empty:
        ends = alt.Chart(month_frame).encode(
            x=x, y=y, tooltip=tooltip(date="chart.month_end", text="trend.rate")
        )
        # the figures stand in one row above the line, where a restless line cannot cross them
        figures = alt.Chart(month_frame).encode(x=x, y=alt.value(6), text="text:N")
        layers += ends.mark_rule(strokeDash=[2, 3], color=style.MUTED, opacity=0.35).encode(
            y="rate:Q", y2=alt.value(14)
        )
        layers += ends.mark_point(filled=True, size=58, opacity=1, color=style.ACCENT)
        layers += figures.mark_text(fontSize=11, fontWeight=600)
    if restated:
        marks = pd.DataFrame(
            [
                {
                    "day": pd.Timestamp(row["day"]),
                    "date": numbers.day(row["day"]),
                    "known_on": numbers.day(row["known_on"]),
                    "items": str(row["item_count"]),
                    "rate": 0.0,
                }
                for row in restated
            ]
        )
        layers += (
            alt.Chart(marks)
            .mark_tick(orient="vertical", size=13, thickness=2, color=style.AMBER, yOffset=-7)
            .encode(
                x=x,
                y=y,
                tooltip=tooltip(date="chart.restated_day", known_on="chart.known_on", items="chart.items"),
            )
        )
    draw(layers, height=270, alt_text=t("chart.rate_alt"))


def aims(targets: Sequence[Row], *, first: date, last: date) -> pd.DataFrame:
    """Targets as pieces of a line, cut where the picture ends."""
    return pd.DataFrame(
        [
            {
                "day": max(pd.Timestamp(row["month_start"]), pd.Timestamp(first)),
                "until": min(pd.Timestamp(row["month_end"]), pd.Timestamp(last)),
                "rate": float(row["target_value"]),
                "text": numbers.share(row["target_value"]),
                "period": row["stated_period"],
            }
            for row in targets
            if row["month_end"] >= pd.Timestamp(first).date()
        ]
    )


def _rates(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "day": pd.Timestamp(row["day"]),
                "date": numbers.day(row["day"]),
                "rate": row["overdue_rate"],
                "text": numbers.share(row["overdue_rate"]),
            }
            for row in rows
            if row["overdue_rate"] is not None
        ],
        columns=["day", "date", "rate", "text"],
    )


def due_next(scheme: Scheme, amounts: dict[str, Decimal], *, currency: str, unit: Unit) -> None:
    """What falls due next, one bar per horizon; what is overdue already stands first."""
    buckets = [bucket for bucket in scheme.buckets if bucket.code != "unapplied"]
    frame = pd.DataFrame(
        [
            {
                "bucket": bucket.label(language()),
                "amount": float(amounts[bucket.code]),
                "text": numbers.money(amounts[bucket.code], currency=currency, unit=unit),
                "kind": "overdue" if (bucket.lower or 0) >= 1 else "coming",
            }
            for bucket in buckets
        ]
    )
    colours = alt.Scale(domain=["overdue", "coming"], range=[style.OVERDUE[4], style.ACCENT])
    base = alt.Chart(frame).encode(
        x=alt.X(
            "amount:Q",
            title=None,
            axis=None,
            scale=alt.Scale(domain=[0, float(frame["amount"].max() or 1) * 1.4]),
        ),
        y=alt.Y(
            "bucket:N",
            sort=list(frame["bucket"]),
            title=None,
            axis=alt.Axis(labelLimit=160, ticks=False, domain=False),
        ),
        tooltip=tooltip(bucket="chart.bucket", text="chart.amount"),
    )
    bars = base.mark_bar(size=BAR_SIZE, cornerRadiusEnd=2).encode(
        color=alt.Color("kind:N", scale=colours, legend=None)
    )
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(text="text:N")
    draw(bars + texts, height=34 * len(frame) + 12, alt_text=t("chart.due_next_alt"))


def legend(*, columns: int) -> alt.Legend:
    """Squares above the chart."""
    return alt.Legend(title=None, orient="top", columns=columns, symbolType="square", labelLimit=150)


def tooltip(**fields: str) -> list[alt.Tooltip]:
    """What stands beside the pointer: field of the frame and the key of its word, in this order."""
    return [alt.Tooltip(f"{name}:N", title=t(key)) for name, key in fields.items()]


def draw(chart: Any, *, alt_text: str, height: int) -> None:
    """Put a chart on the page in the look of all of them, with its spoken description."""
    # figures beside marks are drawn black unless told otherwise, which a dark page swallows; this is read on either
    configured = (
        chart.properties(height=height).configure_view(strokeWidth=0).configure_text(color=style.MUTED)
    )
    vega.show(configured.configure_axis(labelFontSize=12, titleFontSize=12), alt=alt_text)
