"""Pictures of the data quality page: deliveries by day, the ledger over time, what was restated.

Belongs here: their encodings. Must not: query, or decide what a state is.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import draw, legend, tooltip

ROW_HEIGHT = 30
DELIVERED = {"whole": style.CALM, "with_rejects": style.OVERDUE[3]}
PALETTE = (style.ACCENT, style.OVERDUE[2], style.CREDIT, style.OVERDUE[4], style.CALM, style.OVERDUE[0])
# what agrees is calm; the gravest is darkest and carries a sign
TIES = {
    "agrees": (style.CALM, ""),
    "late": (style.OVERDUE[0], "~"),
    "unexplained": (style.OVERDUE[4], "≠"),
    "unknown": (style.CREDIT, "?"),
}


def delivered(rows: Sequence[Row]) -> None:
    """One mark per source and day on which it delivered; dark where rows were set aside."""
    frame = pd.DataFrame(
        [
            {
                "source": row["source"],
                "day": pd.Timestamp(row["day"]),
                "date": numbers.day(row["day"]),
                "state": label("delivered", "with_rejects" if row["rows_rejected"] else "whole"),
                "sign": "×" if row["rows_rejected"] else "",
                "read": f"{row['rows_read']:,}",
                "landed": f"{row['rows_landed']:,}",
                "rejected": f"{row['rows_rejected']:,}",
            }
            for row in rows
        ]
    )
    sources = sorted(set(frame["source"]))
    scale = alt.Scale(domain=[label("delivered", code) for code in DELIVERED], range=list(DELIVERED.values()))
    base = alt.Chart(frame).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%Y-%m-%d", grid=False, labelOverlap=True)),
        y=alt.Y("source:N", sort=sources, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=180)),
        tooltip=tooltip(source="column.source", date="chart.day", read="column.rows_read",
                        landed="column.rows_landed", rejected="column.rows_rejected"),
    )  # fmt: skip
    marks = base.mark_tick(thickness=5, size=18).encode(
        color=alt.Color("state:N", scale=scale, legend=legend(columns=2))
    )
    signs = base.mark_text(fontSize=12, fontWeight=700, dy=-14, color=style.AMBER).encode(text="sign:N")
    draw(marks + signs, height=ROW_HEIGHT * len(sources) + 70, alt_text=t("chart.delivered_alt"))


def tie_out(rows: Sequence[Row]) -> None:
    """A cell per control balance and day, in the colour of its state."""
    frame = pd.DataFrame(
        [
            {
                "balance": f"{row['company_code']} · {label('account_role', row['account_role'])} · {row['currency']}",
                "day": numbers.day(row["balance_date"]),
                "state": label("tie_state", row["state"]),
                "sign": TIES[row["state"]][1],
                "difference": _exact(row, "difference"),
                "unexplained": _exact(row, "unexplained_difference"),
            }
            for row in rows
        ]
    )
    present = {row["state"] for row in rows}
    shown = [state for state in TIES if state in present]
    scale = alt.Scale(
        domain=[label("tie_state", state) for state in shown], range=[TIES[state][0] for state in shown]
    )
    balances, days = list(dict.fromkeys(frame["balance"])), sorted(set(frame["day"]))
    base = alt.Chart(frame).encode(
        x=alt.X("day:O", sort=days, title=None, axis=alt.Axis(labelAngle=-40, labelOverlap=True, ticks=False)),
        y=alt.Y("balance:N", sort=balances, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=260)),
        tooltip=tooltip(balance="column.account_role", day="column.balance_date", state="column.status",
                        difference="column.difference", unexplained="column.unexplained_difference"),
    )  # fmt: skip
    cells = base.mark_rect(cornerRadius=2, stroke="white", strokeWidth=2).encode(
        color=alt.Color("state:N", scale=scale, legend=legend(columns=4))
    )
    signs = base.mark_text(fontSize=12, fontWeight=700).encode(
        text="sign:N", color=alt.condition("datum.sign == '≠'", alt.value("white"), alt.value(style.ON_PALE))
    )
    draw(cells + signs, height=26 * len(balances) + 120, alt_text=t("chart.tie_out_alt"))


def restated(rows: Sequence[Row]) -> None:
    """Items of days reported before that the deliveries of each month changed, stacked by company."""
    frame = pd.DataFrame(
        [
            {
                "month": row["month"],
                "company": row["company_code"],
                "items": row["item_count"],
                "count": f"{row['item_count']:,}",
                "deliveries": f"{row['delivery_count']:,}",
            }
            for row in rows
        ]
    )
    companies = sorted(set(frame["company"]))
    colours = [PALETTE[position % len(PALETTE)] for position in range(len(companies))]
    months = sorted(set(frame["month"]))
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("month:O", sort=months, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False)),
            y=alt.Y("items:Q", title=t("column.item_count"), axis=alt.Axis(tickCount=4, format="~d")),
            color=alt.Color("company:N", legend=legend(columns=8), scale=alt.Scale(domain=companies, range=colours)),
            tooltip=tooltip(month="column.month", company="chart.company", count="column.item_count",
                            deliveries="column.load_count"),
        )
    )  # fmt: skip
    draw(chart, height=210, alt_text=t("chart.restated_alt"))


def _exact(row: Row, name: str) -> str:
    return numbers.money(row[name], currency=row["currency"], unit=numbers.EXACT)
