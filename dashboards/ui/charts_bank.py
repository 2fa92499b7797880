"""Picture of the bank page: which days of an account are covered by a statement, and how.

Belongs here: its encoding. Must not: decide what a state is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import altair as alt
import pandas as pd

from dashboards.data.release import Row
from dashboards.i18n import label, t
from dashboards.ui import numbers, style
from dashboards.ui.charts import draw, legend, tooltip

ROW_HEIGHT = 30
# gravest last; a sign stands in each bar that is not sound, so that colour is never alone
STATES = {
    "proved": (style.CALM, ""),
    "no_balances": (style.CREDIT, "?"),
    "overlaps": (style.OVERDUE[1], "="),
    "jump": (style.OVERDUE[2], "≠"),
    "not_proved": (style.OVERDUE[3], "≠"),
    "missing": (style.OVERDUE[5], "×"),
}


def coverage(rows: Sequence[Row]) -> None:
    """One bar per account, from day to day, in the colour of its state."""
    frame = pd.DataFrame(
        [
            {
                "account": account_name(row),
                "start": pd.Timestamp(row["first_day"]),
                # a day is drawn to its end
                "end": pd.Timestamp(row["last_day"] + timedelta(days=1)),
                "middle": pd.Timestamp(row["first_day"]) + pd.Timedelta(hours=12 * row["day_count"]),
                "state": label("coverage", row["state"]),
                "sign": STATES[row["state"]][1],
                "days": _days(row),
            }
            for row in rows
        ]
    )
    present = {row["state"] for row in rows}
    shown = [state for state in STATES if state in present]
    scale = alt.Scale(
        domain=[label("coverage", state) for state in shown], range=[STATES[state][0] for state in shown]
    )
    names = list(dict.fromkeys(frame["account"]))
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "account:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=320)
        ),
        tooltip=tooltip(account="column.account", days="chart.days_covered", state="chart.coverage"),
    )
    bars = base.mark_bar(size=16, stroke="white", strokeWidth=0.5).encode(
        x=alt.X(
            "start:T",
            title=None,
            axis=alt.Axis(format="%Y-%m-%d", labelOverlap=True, grid=True, tickCount=10),
        ),
        x2="end:T",
        color=alt.Color("state:N", scale=scale, legend=legend(columns=6)),
    )
    signs = base.mark_text(fontSize=12, fontWeight=700, dy=-13, color=style.AMBER).encode(
        x="middle:T", text="sign:N"
    )
    draw(bars + signs, height=ROW_HEIGHT * len(names) + 76, alt_text=t("chart.coverage_alt"))


def account_name(row: Row) -> str:
    return f"{row['company_code']} · {row['account']} · {row['currency']}"


def _days(row: Row) -> str:
    first, last = numbers.day(row["first_day"]), numbers.day(row["last_day"])
    return first if first == last else f"{first} – {last}"
