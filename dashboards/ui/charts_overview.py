"""The chart of the overview that no other page has: what changed, as a waterfall.

Belongs here: encodings. Must not: query or sum; the look is that of ui/charts.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd

from dashboards.i18n import t
from dashboards.ui import numbers, style
from dashboards.ui.charts import BAR_SIZE, draw, tooltip
from dashboards.ui.numbers import Unit

RISES, FALLS, NET = "rises", "falls", "net"


def waterfall(lines: Sequence[tuple[str, Decimal]], *, closing: str, currency: str, unit: Unit) -> None:
    """Each line from where the one before it ended, beginning at 0; the last bar is their sum.

    From 0, not from the balance: beside a balance thirty times as large no change could be seen.
    """
    total = sum((amount for _, amount in lines), Decimal(0))
    rows, reached = [], Decimal(0)
    for name, amount in lines:
        rows.append(_bar(name, reached, reached + amount, amount, kind=RISES if amount > 0 else FALLS,
                         currency=currency, unit=unit))  # fmt: skip
        reached += amount
    rows.append(_bar(closing, Decimal(0), total, total, kind=NET, currency=currency, unit=unit))
    frame = pd.DataFrame(rows)
    low, high = min(float(frame["low"].min()), 0.0), max(float(frame["high"].max()), 0.0)
    reach = (high - low) or 1.0
    # amounts stand to the right of their bars
    room = alt.Scale(domain=[low - reach * 0.02, high + reach * 0.42], nice=False)
    base = alt.Chart(frame).encode(
        y=alt.Y("line:N", sort=list(frame["line"]), title=None,
                axis=alt.Axis(labelLimit=170, ticks=False, domain=False)),
        tooltip=tooltip(line="chart.line", text="chart.amount"),
    )  # fmt: skip
    bars = base.mark_bar(size=BAR_SIZE, cornerRadius=2).encode(
        x=alt.X("low:Q", title=None, axis=None, scale=room),
        x2="high:Q",
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=[RISES, FALLS, NET], range=[style.OVERDUE[4], style.CALM, style.ACCENT]),
            legend=None,
        ),
    )
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(
        x=alt.X("high:Q", scale=room), text="text:N"
    )
    zero = alt.Chart(pd.DataFrame({"low": [0.0]})).mark_rule(color=style.MUTED, opacity=0.6).encode(x="low:Q")
    draw(bars + texts + zero, height=32 * len(frame) + 10, alt_text=t("chart.waterfall_alt"))


def _bar(
    name: str, start: Decimal, end: Decimal, amount: Decimal, *, kind: str, currency: str, unit: Unit
) -> dict[str, object]:
    text = numbers.money(amount, currency=currency, unit=unit, is_signed=True)
    return {
        "line": name,
        "low": float(min(start, end)),
        "high": float(max(start, end)),
        "text": f"{numbers.arrow(amount)} {text}",
        "kind": kind,
    }
