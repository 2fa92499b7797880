"""Values of the dimension that bridge and comparison are told by.

Belongs here: the choice of a dimension, what its values are called, how a change is said, tables in one unit. Must not:
figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import bridge_period
from dashboards.data.bridge_period import DAILY, MONTHLY
from dashboards.data.release import Release, Row
from dashboards.i18n import label, namer, t
from dashboards.ui import choices, numbers, tables


def choose(*, is_monthly_told: bool) -> str:
    """The dimension of `?by=`; those of the customer only where both days end a month."""
    offered = (*DAILY, *MONTHLY) if is_monthly_told else tuple(DAILY)
    chosen = choices.segments(
        t("overview.by"), offered, name="by", format_func=namer("trend_by"), label_visibility="collapsed"
    )
    if not is_monthly_told:
        st.caption(t("trend.by_month_only"))
    return chosen


def names(release: Release, dimension: str, values: Sequence[str | None]) -> dict[str | None, str]:
    """What the values are called."""
    known = [value for value in values if value is not None]
    words: dict[str | None, str] = {None: t("overview.nothing")}
    found = bridge_period.names(release, known) if dimension == "customer" else {}
    for value in known:
        if dimension == "customer":
            words[value] = f"{found.get(value, value)} ({value.partition('|')[0]})"
        else:
            words[value] = label("deal_nature", value) if dimension == "deal_nature" else value
    return words


def direction(change: Decimal) -> str:
    """Whether overdue went up or down: arrow and word, for colour is never alone."""
    word = t("trend.unchanged") if change == 0 else t("trend.worse") if change > 0 else t("trend.better")
    return f"{numbers.arrow(change)} {word}"


def points(now: Row, before: Row) -> str:
    """By how many points the overdue rate moved; n/a where one of them has none."""
    if now["overdue_rate"] is None or before["overdue_rate"] is None:
        return numbers.points(None)
    return numbers.points(Decimal(str(now["overdue_rate"])) - Decimal(str(before["overdue_rate"])))


def table(rows: Sequence[Row], *, columns: Sequence[str], currency: str, of: Sequence[str]) -> None:
    """A table whose amounts (columns `of`) stand in the unit that suits the largest of them."""
    largest = max(
        (abs(row[name]) for row in rows for name in of if row.get(name) is not None), default=Decimal(0)
    )
    unit = numbers.table_unit_for(largest)
    tables.plain(rows, columns=columns, unit=unit)
    st.caption(t("trend.table_note", currency=currency))
