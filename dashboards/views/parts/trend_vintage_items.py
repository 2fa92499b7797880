"""The way down from a vintage: the items of a quarter that were unpaid so many days after due, and their movements.

Belongs here: which point is opened, its list, and whether the list is what the table says. Must not: SQL, encodings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from dashboards.data import vintage_items
from dashboards.data.release import Release, Row, publishes
from dashboards.data.trend import TrendScope
from dashboards.data.vintage_items import Point
from dashboards.i18n import label, t
from dashboards.ui import cards, choices, numbers
from dashboards.views.parts import item_list

MOST_ITEMS = 200
STEP_DAYS = 30
COLUMNS = (
    "customer_name", "document_id", "original_due_date", "open_then", "written_off", "amount_document", "currency",
)  # fmt: skip


def draw(release: Release, scope: TrendScope, rows: Sequence[Row], *, names: Mapping[date, str]) -> None:
    """The part of the page, below the table.

    Args:
        rows: points of the vintages (`vintages.steps`).
        names: quarter to what it is called, oldest first.
    """
    if not publishes(release, vintage_items.RELATION):
        st.info(t("trend.vintage_items_not_published"), icon=":material/history_toggle_off:")
        return
    cards.titled(t("trend.vintage_items_title"), definition=t("trend.vintage_items_definition"))
    told = _choose(rows, names=names)
    point = Point(told["quarter_start"], told["days_after_due"] // STEP_DAYS)
    found = vintage_items.items(release, scope, point, limit=MOST_ITEMS)
    _sum(release, vintage_items.total(release, scope, point), told, shown=len(found))
    item_list.draw(
        release, found, columns=COLUMNS, key=f"vintage_items_{point}",
        name=f"vintage-items-{point.quarter_start}-{told['days_after_due']}",
        day=lambda row: row["original_due_date"] + timedelta(days=told["days_after_due"]),
    )  # fmt: skip


def _choose(rows: Sequence[Row], *, names: Mapping[date, str]) -> Row:
    """The row of the table whose items are asked; if none is, the youngest quarter that has come 30 days after due."""
    by_quarter = {name: start for start, name in reversed(list(names.items()))}
    come_so_far = {row["quarter_start"] for row in rows
                   if row["days_after_due"] == STEP_DAYS and row["unpaid_rate"] is not None}  # fmt: skip
    left, right, _ = st.columns([1, 1, 3.4], vertical_alignment="bottom")
    with left:
        quarter = choices.select(
            label("column", "quarter_start"), list(by_quarter), name="quarter", format_func=str,
            default=next((name for name, start in by_quarter.items() if start in come_so_far), next(iter(by_quarter))),
        )  # fmt: skip
    steps = {str(row["days_after_due"]): row for row in rows if row["quarter_start"] == by_quarter[quarter]}
    days = {code: t("trend.days_after", days=code) for code in steps}
    with right:
        step = choices.select(
            t("chart.days_after_due"), list(days), name="days", format_func=days.__getitem__,
            default=str(STEP_DAYS) if str(STEP_DAYS) in days else next(iter(days)),
        )  # fmt: skip
    return steps[step]


def _sum(release: Release, total: Row, told: Row, *, shown: int) -> None:
    """How many and how much, and that the table says the same."""
    currency = release.reporting_currency
    unpaid = total["open_amount"] + total["written_off"]
    words = {
        "count": f"{total['item_count']:,}", "shown": f"{shown:,}",
        "total": numbers.money(unpaid, currency=currency, unit=numbers.EXACT),
        "lost": numbers.money(total["written_off"], currency=currency, unit=numbers.EXACT),
        "told": numbers.money(told["unpaid"], currency=currency, unit=numbers.EXACT),
    }  # fmt: skip
    if (total["open_amount"], total["written_off"]) != (told["open_amount"], told["written_off"]):
        st.warning(t("trend.items_apart", **words), icon=":material/error:")
    st.caption(
        t("trend.vintage_items_note", **words)
        if shown == total["item_count"]
        else t("trend.vintage_items_cut", **words)
    )
