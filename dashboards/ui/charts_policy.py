"""Pictures of the policy page: grades, where they moved, how long limits have been exceeded, concentration.

Belongs here: their encodings. Must not: query or sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import BAR_SIZE, draw, tooltip
from dashboards.ui.numbers import Unit

GRADES = ("A", "B", "C", "D", "E", "U")
NEW = "(new)"
# dark with risk; the unrated apart
COLOURS = {
    "A": style.CALM, "B": "#C9D8E6", "C": style.OVERDUE[0], "D": style.OVERDUE[2], "E": style.OVERDUE[4],
    "U": style.CREDIT,
}  # fmt: skip
# the same in either theme, for the figures in its cells are
HEAT = ("#F4F7FA", "#204F7A")
# on a cell darker than this, the figure is white
DARK_FROM = 0.55


def grades(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Exposure by grade, with the number of debtors."""
    total = sum(row["exposure_reporting"] for row in rows)
    frame = pd.DataFrame(
        [
            {
                "grade": row["name"],
                "code": row["grade"],
                "amount": float(row["exposure_reporting"]),
                "text": numbers.money(row["exposure_reporting"], currency=currency, unit=unit),
                "share": numbers.share(numbers.ratio(row["exposure_reporting"], whole=total)),
                "count": f"{row['party_count']:,}",
            }
            for row in rows
        ]
    )
    frame["caption"] = frame["text"] + "  ·  " + frame["share"] + "  ·  " + frame["count"].map(
        lambda count: t("policy.debtors", count=count)
    )  # fmt: skip
    base = alt.Chart(frame).encode(
        y=alt.Y("grade:N", sort=list(frame["grade"]), title=None,
                axis=alt.Axis(labelLimit=150, ticks=False, domain=False)),
        tooltip=tooltip(grade="column.grade", text="column.exposure_reporting", share="chart.share",
                        count="column.party_count"),
    )  # fmt: skip
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    bars = base.mark_bar(size=BAR_SIZE, cornerRadiusEnd=2).encode(
        x=alt.X("amount:Q", title=None, axis=None,
                scale=alt.Scale(domain=[0, float(frame["amount"].max() or 1) * 1.75])),
        color=alt.Color("code:N", scale=scale, legend=None),
    )  # fmt: skip
    text = base.mark_text(align="left", dx=6, fontSize=12).encode(x="amount:Q", text="caption:N")
    draw(bars + text, height=36 * len(frame) + 12, alt_text=t("chart.grades_alt"))


def migration(rows: Sequence[Row], *, measure: str, currency: str, unit: Unit) -> None:
    """From (rows) to (columns): share of those who had the grade then; a frame marks who stayed."""
    frame = pd.DataFrame([_cell(row, measure=measure, currency=currency, unit=unit) for row in rows])
    present = {*frame["grade_from"], *frame["grade_to"]}
    columns = [grade for grade in GRADES if grade in present]
    lines = [*columns, *([grade_name(NEW)] if grade_name(NEW) in present else [])]
    base = alt.Chart(frame).encode(
        x=alt.X("grade_to:N", sort=columns, title=None,
                axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False)),
        y=alt.Y("grade_from:N", sort=lines, title=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=tooltip(grade_from="column.grade_from", grade_to="column.grade_to", count="column.party_count",
                        share="chart.share_of_then", amount="column.exposure_to_reporting"),
    )  # fmt: skip
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("value:Q", scale=alt.Scale(domain=[0, 1], range=list(HEAT)), legend=None),
        stroke=alt.condition("datum.grade_from == datum.grade_to", alt.value(style.INK), alt.value("white")),
        strokeWidth=alt.condition("datum.grade_from == datum.grade_to", alt.value(1.4), alt.value(2)),
    )
    text = base.mark_text(fontSize=12).encode(
        text="shown:N",
        color=alt.condition(f"datum.value > {DARK_FROM}", alt.value("white"), alt.value(style.ON_PALE)),
    )
    draw(cells + text, height=40 * len(lines) + 60, alt_text=t("chart.migration_alt"))


def _cell(row: Row, *, measure: str, currency: str, unit: Unit) -> dict[str, object]:
    share = row["share_of_from_by_count" if measure == "count" else "share_of_from_by_exposure"]
    amount = numbers.money(row["exposure_to_reporting"], currency=currency, unit=unit)
    figure = f"{row['party_count']:,}" if measure == "count" else amount
    return {
        "grade_from": grade_name(row["grade_from"]),
        "grade_to": row["grade_to"],
        # nothing to be a share of: pale, with its figure
        "value": float(share or 0),
        "shown": figure if share is None else f"{figure} · {numbers.share(share)}",
        "count": f"{row['party_count']:,}",
        "share": numbers.share(share),
        "amount": amount,
    }


def grade_name(grade: str) -> str:
    """The letter; for a debtor that had none yet, a word."""
    return t("policy.new") if grade == NEW else grade


def breach_ages(rows: Sequence[Row], *, currency: str, unit: Unit) -> None:
    """Excess over the limit by how long it has lasted."""
    colours = dict(zip(("d0_30", "d31_90", "d91_365", "over_365"), style.OVERDUE[0:7:2], strict=True))
    frame = pd.DataFrame(
        [
            {
                "age": label("breach_age", row["age"]),
                "code": row["age"],
                "amount": float(row["excess_reporting"]),
                "text": numbers.money(row["excess_reporting"], currency=currency, unit=unit),
                "count": t("policy.customers", count=row["customer_count"]),
            }
            for row in rows
        ]
    )
    frame["caption"] = frame["text"] + "  ·  " + frame["count"]
    base = alt.Chart(frame).encode(
        y=alt.Y("age:N", sort=list(frame["age"]), title=None,
                axis=alt.Axis(labelLimit=150, ticks=False, domain=False)),
        tooltip=tooltip(age="column.days_in_breach", text="column.excess_reporting", count="column.customer_count"),
    )  # fmt: skip
    bars = base.mark_bar(size=BAR_SIZE, cornerRadiusEnd=2).encode(
        x=alt.X("amount:Q", title=None, axis=None,
                scale=alt.Scale(domain=[0, float(frame["amount"].max() or 1) * 1.6])),
        color=alt.Color("code:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None),
    )  # fmt: skip
    text = base.mark_text(align="left", dx=6, fontSize=12).encode(x="amount:Q", text="caption:N")
    draw(bars + text, height=36 * len(frame) + 12, alt_text=t("chart.breaches_alt"))


def concentration(rows: Sequence[Row]) -> None:
    """Share of the largest, the five and the ten largest groups of customers, month by month."""
    frame = pd.DataFrame(
        [
            {
                "day": pd.Timestamp(row["period_end"]),
                "date": numbers.day(row["period_end"]),
                "which": label("concentration", which),
                "rate": float(row[f"{which}_rate"]),
                "text": numbers.share(row[f"{which}_rate"]),
            }
            for row in rows
            for which in ("top_1", "top_5", "top_10")
            if row[f"{which}_rate"] is not None
        ]
    )
    names = [label("concentration", which) for which in ("top_10", "top_5", "top_1")]
    first, newest = frame["day"].min(), frame["day"].max()
    # room at the right, where each line is named
    days = alt.Scale(domain=[_moment(first), _moment(newest + (newest - first) * 0.24)], nice=False)
    base = alt.Chart(frame).encode(
        x=alt.X("day:T", title=None, scale=days, axis=alt.Axis(format="%Y-%m", grid=False, labelOverlap=True)),
        y=alt.Y("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5),
                scale=alt.Scale(domain=[0, float(frame["rate"].max()) * 1.15])),
        tooltip=tooltip(date="chart.month_end", which="chart.which", text="chart.share"),
    )  # fmt: skip
    # told apart by dash and by the name at its end, not by colour alone
    lines = base.mark_line(strokeWidth=2.2).encode(
        strokeDash=alt.StrokeDash("which:N", sort=names, legend=None),
        color=alt.Color("which:N", sort=names, legend=None,
                        scale=alt.Scale(domain=names, range=[style.ACCENT, style.OVERDUE[2], style.OVERDUE[4]])),
    )  # fmt: skip
    last = frame[frame["day"] == newest].copy()
    last["caption"] = last["which"] + " " + last["text"]
    ends = alt.Chart(last).mark_text(align="left", dx=6, fontSize=12, fontWeight=600, color=style.INK).encode(
        x=alt.X("day:T", scale=days), y="rate:Q", text="caption:N"
    )  # fmt: skip
    draw(lines + ends, height=240, alt_text=t("chart.concentration_alt"))


def _moment(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)
