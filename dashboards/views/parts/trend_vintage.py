"""Vintages of the trend page: what is left of each quarter's bills by days after they fell due.

Belongs here: the order of this part. Must not: SQL, encodings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from dashboards.data import vintages
from dashboards.data.release import Release, Row, publishes
from dashboards.i18n import t
from dashboards.ui import cards, charts_trend, exports, numbers, tables
from dashboards.views.parts import trend_vintage_items
from dashboards.views.parts.trend_filters import Chosen

MOST_DRAWN = 9
"""Quarters drawn as lines, the youngest; the table has all of them."""
# a share of less of the quarter than this says nothing of it
LEAST_COVERED = Decimal("0.1")
FILE_COLUMNS = (
    "quarter_start", "days_after_due", "billed", "reached", "open_amount", "written_off", "unpaid", "unpaid_rate",
    "item_count", "is_ripe",
)  # fmt: skip


def draw(release: Release, chosen: Chosen) -> None:
    """The part of the page."""
    if not publishes(release, vintages.RELATION):
        st.info(t("trend.vintage_not_published"), icon=":material/history_toggle_off:")
        return
    rows = vintages.steps(release, chosen.scope)
    if not any(row["unpaid_rate"] is not None for row in rows):
        st.info(t("trend.empty"), icon=":material/inbox:")
        return
    missing = max(row["unconverted_count"] for row in rows)
    if missing:
        st.warning(t("aging.unconverted", count=missing), icon=":material/currency_exchange:")
    names = {row["quarter_start"]: quarter(row["quarter_start"]) for row in rows}
    told = [row for row in rows if _is_told(row)]
    # what is left open on the due date itself would dwarf what the lines are about
    points = [row for row in told if row["days_after_due"]]
    drawn = list(dict.fromkeys(row["quarter_start"] for row in points))[-MOST_DRAWN:]
    cards.titled(t("trend.vintage_title"), definition=t("trend.vintage_definition"))
    _sentence(rows, names=names)
    if drawn:
        charts_trend.vintages([row for row in points if row["quarter_start"] in drawn],
                              names={start: names[start] for start in drawn})  # fmt: skip
        st.caption(t("trend.vintage_note", count=len(drawn)))
    _table(release, rows, names=names)
    trend_vintage_items.draw(release, chosen.scope, rows, names=names)


def _is_told(row: Row) -> bool:
    covered = numbers.ratio(row["reached"], whole=row["billed"])
    return row["unpaid_rate"] is not None and covered is not None and covered >= LEAST_COVERED


def quarter(start: date) -> str:
    """`2026-Q1`, which reads the same in either language."""
    return f"{start.year}-Q{(start.month + 2) // 3}"


def _sentence(rows: Sequence[Row], *, names: dict[date, str]) -> None:
    """The youngest whole quarter 30 days on, beside the one a year before; nothing where there are not two."""
    found = {row["quarter_start"]: row for row in rows if row["days_after_due"] == 30 and row["is_ripe"]}
    if not found:
        return
    newest = max(found)
    before = found.get(newest.replace(year=newest.year - 1))
    if before is None:
        return
    cards.sentence(
        t("trend.vintage_sentence", quarter=names[newest], rate=numbers.share(found[newest]["unpaid_rate"]),
          before=names[before["quarter_start"]], rate_before=numbers.share(before["unpaid_rate"]))
    )  # fmt: skip


def _table(release: Release, rows: Sequence[Row], *, names: dict[date, str]) -> None:
    """A row per quarter, a column per step; a figure of a part of the quarter has a mark."""
    days = sorted({row["days_after_due"] for row in rows})
    columns = ["quarter", "billed", *[f"days_{day}_rate" for day in days]]
    by_quarter: dict[date, Row] = {start: {"quarter": name} for start, name in reversed(list(names.items()))}
    for row in rows:
        mark = "" if row["is_ripe"] else t("trend.part_mark")
        told = f"{numbers.share(row['unpaid_rate'])}{mark}" if _is_told(row) else None
        by_quarter[row["quarter_start"]] |= {
            "billed": row["billed"],
            f"days_{row['days_after_due']}_rate": told,
        }
    unit = numbers.table_unit_for(max(row["billed"] for row in rows))
    headers = {f"days_{day}_rate": t("trend.days_after", days=day) for day in days}
    tables.plain(list(by_quarter.values()), columns=columns, unit=unit, headers=headers, key="vintages")
    st.caption(t("trend.vintage_table_note", currency=release.reporting_currency))
    exact = [row | {"quarter_start": names[row["quarter_start"]]} for row in rows]
    exports.of_table(release, exact, columns=FILE_COLUMNS, name="unpaid-vintages")
