"""Charts of the provision page: where the loss sits, how a rate came about, what would change it, what came of it.

Belongs here: encodings. Must not: query, sum, or decide what a bucket is. Amounts become floats here, for drawing only;
the tooltip carries the exact text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import altair as alt
import pandas as pd

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import BAR_SIZE, draw, legend, tooltip
from dashboards.ui.numbers import Unit

# where a rate may come from, in the order in which they are tried, and the one applied
RATES = {
    "own_loss_rate": (style.CALM, [5, 3], "square"),
    "pooled_loss_rate": (style.MUTED, [2, 2], "triangle-up"),
    "fallback_loss_rate": (style.OVERDUE[1], [7, 3], "cross"),
    "rate": (style.ACCENT, [1, 0], "circle"),
}
STEPS = ("charge", "reversal", "written_off", "recovered", "fx")
RIPE_MONTHS = 12
"""Younger quarters have hardly had time to lose anything."""


def segments(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Expected loss of each segment, the share of its exposure beside the amount."""
    frame = pd.DataFrame(
        [
            {
                "segment": row["segment"],
                "amount": float(row["loss"] / unit.size),
                "text": numbers.money(row["loss"], currency=currency, unit=unit),
                "exposure": numbers.money(row["exposure"], currency=currency, unit=unit),
                "share": numbers.share(numbers.ratio(row["loss"], whole=row["exposure"])),
            }
            for row in sorted(rows, key=lambda row: row["loss"], reverse=True)
        ]
    )
    frame["caption"] = frame["text"] + "  ·  " + frame["share"]
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "segment:N", sort=list(frame["segment"]), title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=230),
        ),
        x=alt.X("amount:Q", axis=None, scale=alt.Scale(domain=[0, float(frame["amount"].max() or 1) * 1.3])),
        tooltip=tooltip(segment="column.segment", text="column.loss", exposure="column.exposure",
                        share="column.loss_rate"),
    )  # fmt: skip
    bars = base.mark_bar(size=BAR_SIZE - 5, color=style.OVERDUE[3], cornerRadiusEnd=2)
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(text="caption:N")
    draw(bars + texts, height=27 * len(frame) + 10, alt_text=t("provision.segments_alt"))


def rates(rows: Sequence[Row], *, named: Callable[[Row], str], finely: Callable[[Row], str]) -> None:
    """Own, pooled and policy rate of each fine bucket, and the one that is applied.

    Args:
        named, finely: what the bucket of a row is called, and its fine bucket.
    """
    names = {code: label("rate_line", code) for code in RATES}
    frame = pd.DataFrame(
        [
            {
                "bucket": finely(row),
                "order": position,
                "of": named(row),
                "kind": names[code],
                "rate": row[code],
                "text": f"{row[code] * 100:,.2f}%",
            }
            for position, row in enumerate(rows)
            for code in RATES
            if row[code] is not None
        ]
    )
    domain = list(names.values())
    colour = alt.Scale(domain=domain, range=[look[0] for look in RATES.values()])
    base = alt.Chart(frame).encode(
        x=alt.X("bucket:N", sort=list(dict.fromkeys(frame["bucket"])), title=None,
                axis=alt.Axis(labelAngle=-40, labelOverlap=False)),
        y=alt.Y("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=6)),
        tooltip=tooltip(bucket="column.fine_bucket", of="column.bucket", kind="provision.rate_kind",
                        text="column.loss_rate"),
    )  # fmt: skip
    lines = base.mark_line(strokeWidth=2).encode(
        color=alt.Color("kind:N", scale=colour, legend=None),
        strokeDash=alt.StrokeDash(
            "kind:N", scale=alt.Scale(domain=domain, range=[look[1] for look in RATES.values()]), legend=None
        ),
    )
    top = alt.Legend(title=None, orient="top", columns=4, labelLimit=240)
    shapes = alt.Scale(domain=domain, range=[look[2] for look in RATES.values()])
    points = base.mark_point(filled=True, size=52, opacity=1).encode(
        color=alt.Color("kind:N", scale=colour, legend=top),
        shape=alt.Shape("kind:N", scale=shapes, legend=top),
    )
    draw(
        alt.layer(lines, points).resolve_scale(color="independent"),
        height=290,
        alt_text=t("provision.rates_alt"),
    )


def sensitivity(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """What each assumption would add to the loss or take from it."""
    frame = pd.DataFrame(
        [
            {
                "name": row["name"],
                "change": float(row["change"] / unit.size),
                "text": numbers.money(row["change"], currency=currency, unit=unit, is_signed=True),
                "loss": numbers.money(row["loss"], currency=currency, unit=unit),
                "share": numbers.share(row["change_rate"]),
                "kind": "more" if row["change"] > 0 else "less",
            }
            for row in rows
        ]
    )
    frame["caption"] = frame["text"] + "  ·  " + frame["share"]
    low, high = min(float(frame["change"].min()), 0.0), max(float(frame["change"].max()), 0.0)
    room = (high - low or 1) * 0.35
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=list(frame["name"]), title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=210)),
        x=alt.X("change:Q", axis=None, scale=alt.Scale(domain=[low, high + room])),
        tooltip=tooltip(name="provision.assumption", text="provision.change", loss="column.loss"),
    )  # fmt: skip
    bars = base.mark_bar(size=BAR_SIZE - 4).encode(
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["more", "less"], range=[style.OVERDUE[3], style.ACCENT]),
        )
    )
    texts = base.transform_calculate(end="max(datum.change, 0)").mark_text(align="left", dx=6, fontSize=12).encode(
        x="end:Q", text="caption:N"
    )  # fmt: skip
    draw(bars + texts, height=34 * len(frame) + 12, alt_text=t("provision.sensitivity_alt"))


def roll_forward(
    rows: Sequence[Row], *, opening: Decimal, closing: Decimal, currency: str, unit: Unit
) -> None:
    """From the first allowance to the expected loss, step by step."""
    signs = {"reversal": -1, "written_off": -1}
    level, bars = opening, [("opening", Decimal(0), opening, opening)]
    for name in STEPS:
        change = sum((row[name] for row in rows), Decimal(0)) * signs.get(name, 1)
        if change:
            bars.append((name, level, level + change, change))
            level += change
    bars.append(("closing", Decimal(0), closing, closing))
    frame = pd.DataFrame(
        [
            {
                "name": label("column", name),
                "from": float(begin / unit.size),
                "to": float(end / unit.size),
                "top": float(max(begin, end) / unit.size),
                "text": numbers.money(change, currency=currency, unit=unit, is_signed=name in STEPS),
                "kind": "level" if name not in STEPS else "more" if change > 0 else "less",
            }
            for name, begin, end, change in bars
        ]
    )
    base = alt.Chart(frame).encode(
        x=alt.X("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(labelAngle=0, labelLimit=90)),
        tooltip=tooltip(name="column.name", text="chart.amount"),
    )
    colours = alt.Scale(
        domain=["level", "more", "less"], range=[style.ACCENT, style.OVERDUE[3], style.CREDIT]
    )
    drawn = base.mark_bar(size=30).encode(
        y=alt.Y("from:Q", title=t("chart.amount_in", unit=f"{currency} {unit.name}"),
                axis=alt.Axis(format=",.4~f", tickCount=5)),
        y2="to:Q",
        color=alt.Color("kind:N", scale=colours, legend=None),
    )  # fmt: skip
    texts = base.mark_text(dy=-8, fontSize=12).encode(y="top:Q", text="text:N")
    draw(drawn + texts, height=290, alt_text=t("provision.roll_forward_alt"))


def backtest(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Expected then and what came of it, side by side for each segment."""
    kinds = {"expected_loss": t("provision.expected_then"), "outcome_loss": t("provision.outcome")}
    frame = pd.DataFrame(
        [
            {
                "segment": row["segment"],
                "kind": kind,
                "amount": float(row[name] / unit.size),
                "text": numbers.money(row[name], currency=currency, unit=unit),
                "ratio": row["outcome_ratio_rate"],
            }
            for row in rows
            for name, kind in kinds.items()
        ]
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("segment:N", sort=list(dict.fromkeys(frame["segment"])), title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=190)),
        yOffset=alt.YOffset("kind:N", sort=list(kinds.values())),
        # one segment may be a hundred times another: a root lets the small ones be seen
        x=alt.X("amount:Q", title=t("chart.amount_in", unit=f"{currency} {unit.name}"),
                scale=alt.Scale(type="sqrt"), axis=alt.Axis(format=",.4~f", tickCount=5)),
        color=alt.Color(
            "kind:N", legend=legend(columns=2),
            scale=alt.Scale(domain=list(kinds.values()), range=[style.ACCENT, style.OVERDUE[3]]),
        ),
        tooltip=tooltip(segment="column.segment", kind="provision.rate_kind", text="chart.amount",
                        ratio="column.outcome_ratio_rate"),
    )  # fmt: skip
    draw(base.mark_bar(cornerRadiusEnd=2), height=34 * len(rows) + 90, alt_text=t("provision.backtest_alt"))


def vintages(rows: Sequence[Row]) -> None:
    """Share of each quarter's billing that has been lost; young quarters pale, because they are not ripe."""
    kinds = {True: t("provision.ripe", months=RIPE_MONTHS), False: t("provision.unripe")}
    frame = pd.DataFrame(
        [
            {
                "quarter": row["quarter"],
                "rate": row["rate_value"],
                "text": row["lost_rate"],
                "kind": kinds[row["months_since"] >= RIPE_MONTHS],
                "months": str(row["months_since"]),
            }
            for row in rows
            if row["rate_value"] is not None
        ]
    )
    domain = list(kinds.values())
    chart = (
        alt.Chart(frame)
        .mark_bar(size=20, cornerRadiusEnd=2)
        .encode(
            x=alt.X("quarter:N", sort=None, title=None, axis=alt.Axis(labelAngle=-40, labelOverlap=False)),
            y=alt.Y("rate:Q", title=None, axis=alt.Axis(format=".1%", tickCount=5)),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=domain, range=[style.OVERDUE[3], style.OVERDUE[0]]),
                legend=alt.Legend(title=None, orient="top", symbolType="square", labelLimit=300),
            ),
            tooltip=tooltip(quarter="column.quarter", text="column.lost_rate", months="column.months_since"),
        )
    )  # fmt: skip
    draw(chart, height=300, alt_text=t("provision.vintage_alt"))
