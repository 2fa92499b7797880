"""Charts of the customer page: exposure against the limit, days late, balances, where the days go, timeline, scorecard.

Belongs here: encodings of these charts, in the look of ui/charts.py. Must not: query, sum, or choose what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import BAR_SIZE, draw, legend, tooltip
from dashboards.ui.numbers import Unit

MONTH_AXIS = alt.Axis(format="%Y-%m", labelAngle=0, grid=False, labelOverlap=True, tickCount=10)
ADVERSE = ("usual", "adverse")
HABIT_PARTS = ("billing_lag", "terms", "late", "bill_term", "application_lag")
# calm for what was agreed, dark for what the customer adds
PART_COLOURS = ("#C7D3DE", style.CALM, style.OVERDUE[4], style.OVERDUE[0], style.CREDIT)


@dataclass(frozen=True)
class Step:
    """One bar of the exposure: where it begins and ends, and its colour; a step beside the sum is hollow."""

    name: str
    start: Decimal
    end: Decimal
    amount: Decimal
    colour: str
    is_beside: bool = False


def exposure_steps(steps: Sequence[Step], *, limit: Decimal | None, currency: str, unit: Unit) -> None:
    """What adds up to the exposure, one step below the other, and the limit as a line through all of them."""
    frame = pd.DataFrame(
        [
            {
                "name": step.name,
                "start": float(min(step.start, step.end)),
                "end": float(max(step.start, step.end)),
                "text": numbers.money(step.amount, currency=currency, unit=unit),
                "colour": step.colour,
                "is_beside": step.is_beside,
            }
            for step in steps
        ]
    )
    most = max([float(frame["end"].max()), float(limit or 0), 1.0])
    x_scale = alt.Scale(domain=[min(float(frame["start"].min()), 0.0), most * 1.3], nice=False)
    y = alt.Y("name:N", sort=list(frame["name"]), title=None,
              axis=alt.Axis(labelLimit=170, ticks=False, domain=False))  # fmt: skip
    base = alt.Chart(frame).encode(y=y, tooltip=tooltip(name="customer.part", text="chart.amount"))
    bars = base.mark_bar(size=BAR_SIZE - 4, cornerRadius=2).encode(
        x=alt.X("start:Q", title=None, axis=None, scale=x_scale),
        x2="end:Q",
        color=alt.Color("colour:N", scale=None),
        opacity=alt.condition("datum.is_beside", alt.value(0.4), alt.value(1.0)),
    )
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(
        x=alt.X("end:Q", scale=x_scale), text="text:N"
    )
    layers = bars
    if limit is not None:
        rule = alt.Chart(pd.DataFrame([{"limit": float(limit)}])).encode(x=alt.X("limit:Q", scale=x_scale))
        layers += rule.mark_rule(strokeDash=[6, 4], strokeWidth=1.6, color=style.MUTED)
    # above the line, so that it never strikes a figure out
    layers += texts
    draw(layers, height=31 * len(frame) + 18, alt_text=t("customer.exposure_alt"))


def days_late(rows: Sequence[Row], *, median: int | None) -> None:
    """One dot per payment of an item: when it was paid, how late, how much; the median as a line."""
    if not rows:
        st.caption(t("customer.no_payments"))
        return
    frame = pd.DataFrame(
        [
            {
                "paid": pd.Timestamp(row["paid_on"]),
                "day": numbers.day(row["paid_on"]),
                "days": row["days_after_due"],
                "size": float(row["amount_reporting"] or 0),
                "text": numbers.money(row["amount_document"], currency=row["currency"]),
                "document": row["document_id"],
                "kind": t("customer.late_dot") if row["days_after_due"] > 0 else t("customer.on_time_dot"),
            }
            for row in rows
        ]
    )
    # room above the dots for the figure of the median
    highest = max(float(frame["days"].max()) * 1.2, 5.0)
    y = alt.Y(
        "days:Q",
        title=t("customer.days_late_axis"),
        axis=alt.Axis(tickCount=6, format="d"),
        scale=alt.Scale(domainMax=highest, nice=False),
    )
    dots = (
        alt.Chart(frame)
        .mark_circle(opacity=0.62, stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("paid:T", title=None, axis=MONTH_AXIS),
            y=y,
            size=alt.Size("size:Q", legend=None, scale=alt.Scale(range=[18, 420])),
            color=alt.Color(
                "kind:N", legend=legend(columns=2),
                scale=alt.Scale(domain=[t("customer.on_time_dot"), t("customer.late_dot")],
                                range=[style.CALM, style.OVERDUE[4]]),
            ),
            tooltip=tooltip(document="column.document_id", day="customer.paid_on", days="customer.days_late",
                             text="chart.amount"),
        )
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame([{"days": 0}])).mark_rule(color=style.MUTED, opacity=0.5).encode(y="days:Q")
    layers = zero + dots
    if median is not None:
        mark = pd.DataFrame([{"days": median, "text": t("customer.median_mark", days=median)}])
        line = alt.Chart(mark)
        layers += line.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=style.ACCENT).encode(y="days:Q")
        # in the corner, where no dot hides it
        layers += line.mark_text(align="left", fontSize=12, fontWeight=600, color=style.ACCENT).encode(
            text="text:N", x=alt.value(6), y=alt.value(8)
        )
    draw(layers, height=300, alt_text=t("customer.days_late_alt"))


def balances(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Balance at month ends, not due and overdue on each other, credits below the line; net overdue as a line."""
    parts = {"not_due": style.CALM, "overdue": style.OVERDUE[4], "credits": style.CREDIT}
    frame = pd.DataFrame(
        [
            {
                "month": numbers.day(row["day"]),
                "part": label("customer_balance", part),
                "order": position,
                "amount": float(row[part] / unit.size),
                "text": numbers.money(row[part], currency=currency, unit=unit),
            }
            for row in rows
            for position, part in enumerate(parts)
        ]
    )
    line_name = label("customer_balance", "net_overdue")
    line = pd.DataFrame(
        [
            {
                "month": numbers.day(row["day"]),
                "amount": float(row["net_overdue"] / unit.size),
                "text": numbers.money(row["net_overdue"], currency=currency, unit=unit),
                "part": line_name,
            }
            for row in rows
        ]
    )
    months = list(dict.fromkeys(frame["month"]))
    x = alt.X(
        "month:O", title=None, scale=alt.Scale(paddingInner=0.25),
        axis=alt.Axis(values=months[::6], labelExpr="slice(datum.label, 0, 7)", labelAngle=0, ticks=False),
    )  # fmt: skip
    colours = alt.Scale(
        domain=[label("customer_balance", part) for part in parts] + [line_name],
        range=[*parts.values(), style.INK],
    )
    bars = alt.Chart(frame).mark_bar().encode(
        x=x,
        y=alt.Y("amount:Q", title=t("chart.amount_in", unit=f"{currency} {unit.name}"),
                axis=alt.Axis(format=",.4~f", tickCount=5)),
        color=alt.Color("part:N", scale=colours, legend=legend(columns=2)),
        order=alt.Order("order:Q"),
        tooltip=tooltip(month="chart.day", part="customer.part", text="chart.amount"),
    )  # fmt: skip
    net = alt.Chart(line).mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=24, filled=True)).encode(
        x=x, y="amount:Q", color=alt.Color("part:N", scale=colours),
        tooltip=tooltip(month="chart.day", part="customer.part", text="chart.amount"),
    )  # fmt: skip
    draw(bars + net, height=300, alt_text=t("customer.balances_alt"))


def delays(rows: Sequence[Row]) -> None:
    """Where the days go: one bar per row, its parts one behind the other; paid early stands left of zero."""
    frame = pd.DataFrame(
        [
            {
                "bar": row["name"],
                "part": label("delay_part", part),
                "order": position,
                "days": float(row[part]),
                "text": f"{row[part]:,.0f}" if abs(row[part]) >= 1 else "",
                "exact": f"{row[part]:,.1f}",
            }
            for row in rows
            for position, part in enumerate(HABIT_PARTS)
        ]
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("bar:N", title=None, sort=list(dict.fromkeys(frame["bar"])),
                axis=alt.Axis(labelLimit=190, ticks=False, domain=False)),
        tooltip=tooltip(bar="customer.whose", part="customer.part", exact="customer.days"),
    )  # fmt: skip
    x = alt.X("days:Q", title=t("customer.days"), stack="zero", axis=alt.Axis(grid=False, tickCount=8))
    bars = base.mark_bar(size=BAR_SIZE).encode(
        x=x,
        color=alt.Color(
            "part:N", legend=legend(columns=5),
            scale=alt.Scale(domain=[label("delay_part", part) for part in HABIT_PARTS], range=list(PART_COLOURS)),
        ),
        order=alt.Order("order:Q"),
    )  # fmt: skip
    dark = f"datum.part === {label('delay_part', 'late')!r}"
    texts = base.mark_text(fontSize=12).encode(
        x=alt.X("days:Q", stack="zero", bandPosition=0.5),
        text="text:N",
        order=alt.Order("order:Q"),
        detail="part:N",
        color=alt.condition(dark, alt.value("white"), alt.value(style.ON_PALE)),
    )
    draw(bars + texts, height=44 * len(rows) + 92, alt_text=t("customer.delays_alt"))


def timeline(rows: Sequence[Row], *, lanes: Sequence[str]) -> None:
    """Everything that happened, a lane for each kind; what speaks against the customer is a dark diamond."""
    names = {lane: label("timeline", lane) for lane in lanes}
    kinds = [label("timeline_kind", code) for code in ADVERSE]
    frame = pd.DataFrame(
        [
            {
                "when": pd.Timestamp(row["day"]),
                "day": numbers.day(row["day"]),
                "lane": names[row["lane"]],
                "kind": kinds[int(row["is_adverse"])],
                "size": float(row["amount_size"]),
                "what": row["what"],
                "text": row["shown_amount"],
            }
            for row in rows
        ]
    )
    shown = [names[lane] for lane in lanes if names[lane] in set(frame["lane"])]
    chart = (
        alt.Chart(frame)
        .mark_point(filled=True, opacity=0.72)
        .encode(
            x=alt.X("when:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, tickCount=12, labelOverlap=True)),
            y=alt.Y("lane:N", title=None, sort=shown, axis=alt.Axis(ticks=False, domain=False, grid=True)),
            size=alt.Size("size:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[40, 380])),
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[style.CALM, style.OVERDUE[4]]),
                            legend=legend(columns=2)),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "diamond"])),
            tooltip=tooltip(day="chart.day", lane="customer.lane", what="customer.what", text="chart.amount"),
        )
    )  # fmt: skip
    draw(chart, height=36 * len(shown) + 74, alt_text=t("customer.timeline_alt"))


def scorecard(rows: Sequence[Row]) -> None:
    """Points of each component on what it could give; a component without data says so."""
    frame = pd.DataFrame(
        [
            {
                "component": row["name"],
                "weight": float(row["weight"]),
                "points": float(row["points"] or 0),
                "text": row["shown_points"],
            }
            for row in rows
        ]
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("component:N", sort=list(frame["component"]), title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=190)),
        tooltip=tooltip(component="customer.component", text="customer.points"),
    )  # fmt: skip
    most = float(frame["weight"].max() or 1)
    scale = alt.Scale(domain=[0, most * 1.35])
    outline = base.mark_bar(size=BAR_SIZE - 4, cornerRadiusEnd=2, color=style.MUTED, opacity=0.2).encode(
        x=alt.X("weight:Q", title=None, axis=None, scale=scale)
    )
    filled = base.mark_bar(size=BAR_SIZE - 4, cornerRadiusEnd=2, color=style.ACCENT).encode(
        x=alt.X("points:Q", scale=scale)
    )
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(
        x=alt.X("weight:Q", scale=scale), text="text:N"
    )
    draw(outline + filled + texts, height=32 * len(frame) + 10, alt_text=t("customer.scorecard_alt"))
