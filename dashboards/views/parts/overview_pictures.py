"""Pictures and tables of the overview: history by bucket, the largest customers, one row per company or salesperson.

Belongs here: what stands beside what. Must not: SQL, encodings.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import aging, overview, trend
from dashboards.data.release import Release, Row
from dashboards.data.trend import RATE_SCHEME
from dashboards.i18n import label, t
from dashboards.ui import charts, choices, exports, links, lists, numbers, tables
from dashboards.views.parts.overview_figures import Headlines, month_scope

LARGEST = 10
DIMENSION_COLUMNS = (
    "dimension_value", "receivable", "overdue", "overdue_rate", "over_90", "dso_days", "due_collection_rate",
    "overdue_change", "direction",
)  # fmt: skip
AMOUNTS = ("receivable", "overdue", "over_90", "overdue_change")
# what the source leaves empty
NOTHING = "(none)"
CUSTOMER_COLUMNS = (
    "company_code",
    "customer_id",
    "customer_name",
    "net_overdue",
    "oldest_days",
    "grade",
    "collector",
)


def history(release: Release, shown: Headlines) -> None:
    """Balance by bucket at the last 13 month ends."""
    st.subheader(t("overview.history_title"), anchor=False)
    scheme = aging.schemes(release).get(RATE_SCHEME)
    rows = trend.history(release, month_scope(release, shown.where))
    if scheme is None or not rows:
        st.caption(t("common.no_rows"))
        return
    charts.history(
        scheme,
        rows,
        currency=shown.currency,
        unit=shown.unit,
        is_share=False,
        grain="month",
        legend_columns=4,
    )


def largest(release: Release, shown: Headlines) -> None:
    """The customers that owe most of what is overdue."""
    st.subheader(t("overview.largest_title", count=LARGEST), anchor=False)
    rows = overview.largest_overdue(release, shown.where, limit=LARGEST)
    if not rows:
        st.caption(t("overview.largest_none"))
        return
    most = rows[0]["net_overdue"]
    unit = numbers.unit_for(most)
    lists.bars(
        [
            lists.Bar(
                name=row["customer_name"],
                amount=numbers.money(row["net_overdue"], currency=shown.currency, unit=unit),
                length=float(row["net_overdue"] / most),
                facts=(t("overview.days_short", days=row["oldest_days"]), row["grade"] or t("common.not_available"),
                       row["collector"] or t("common.not_available")),
                address=links.customer_page(row["company_code"], row["customer_id"]),
            )
            for row in rows
        ],
        name=t("overview.customer"),
        amount=label("column", "net_overdue"),
        facts=(t("overview.oldest"), label("column", "grade"), label("column", "collector")),
    )  # fmt: skip
    st.caption(t("overview.largest_note"))
    if not shown.where.is_group:
        st.caption(t("overview.largest_company"))
    exports.of_table(release, rows, columns=CUSTOMER_COLUMNS, name="largest_overdue")


def by_dimension(release: Release, shown: Headlines) -> None:
    """The table of companies, salespeople, regions or segments."""
    st.subheader(t("overview.table_title"), anchor=False)
    # figures of salespeople, regions and segments are published for the group alone
    offered = overview.DIMENSIONS if shown.where.is_group else overview.DIMENSIONS[:1]
    dimension = offered[0]
    if len(offered) > 1:
        names = {code: label("overview_by", code) for code in offered}
        dimension = choices.segments(
            t("overview.by"), offered, name="by", format_func=names.__getitem__, label_visibility="collapsed"
        )
    rows = overview.by_dimension(release, shown.where, dimension=dimension)
    if not rows:
        st.caption(t("overview.table_none"))
        return
    told = [row | {"dimension_value": named(row["dimension_value"], dimension=dimension)} for row in rows]
    if shown.where.is_group:
        told += _rest(rows, shown)
        told.append(_total(shown))
    exact = [_worded(row) for row in told]
    unit = numbers.table_unit_for(max(abs(row["receivable"]) for row in rows))
    tables.plain(exact, columns=DIMENSION_COLUMNS, unit=unit)
    st.caption(t("overview.table_note", currency=shown.currency))
    if not shown.where.is_group:
        st.caption(t("overview.table_company_only"))
    exports.of_table(release, exact, columns=DIMENSION_COLUMNS, name=f"by_{dimension}")


def named(value: str, *, dimension: str) -> str:
    """The word for a value of a dimension."""
    if value == NOTHING:
        return t("overview.nothing")
    return label("deal_nature", value) if dimension == "deal_nature" else value


def _total(shown: Headlines) -> Row:
    """The group's own row: from its own metrics, not from sums of ratios."""
    net = shown["net_overdue_rate"]
    gross = shown.metrics.get(("overdue_rate", "gross", 0), [])
    late = shown.metrics.get(("over_90_rate", "gross", 0), [])
    now, before = (gross[-1] if gross else None), (gross[-2] if len(gross) > 1 else None)
    return {
        "dimension_value": t("overview.total"),
        "receivable": net.denominator,
        "overdue": None if now is None else now["numerator"],
        "overdue_rate": None if now is None else now["value"],
        "over_90": late[-1]["numerator"] if late else None,
        "dso_days": shown["dso"].value,
        "due_collection_rate": shown["due_collection_rate"].value,
        "overdue_change": _difference(now, before),
    }


def _difference(now: Row | None, before: Row | None) -> Decimal | None:
    known = [row["numerator"] for row in (now, before) if row is not None and row["numerator"] is not None]
    return known[0] - known[1] if len(known) == 2 else None


def _rest(rows: list[Row], shown: Headlines) -> list[Row]:
    """What the companies owe each other stands in their rows and not in the group's."""
    total = _total(shown)
    rest: Row = dict.fromkeys(DIMENSION_COLUMNS)
    for name in AMOUNTS:
        parts = [row[name] for row in rows]
        if total[name] is not None and None not in parts:
            rest[name] = total[name] - sum(parts, Decimal(0))
    # cents are rounding, which no row of its own explains
    if all(abs(rest[name] or 0) < 1 for name in AMOUNTS):
        return []
    return [rest | {"dimension_value": t("overview.intragroup_left_out"), "is_rest": True}]


def _worded(row: Row) -> Row:
    change = row["overdue_change"]
    rates = {} if row.get("is_rest") else {
        "overdue_rate": numbers.share(row["overdue_rate"]),
        "due_collection_rate": numbers.share(row["due_collection_rate"]),
        "dso_days": _days(row["dso_days"]),
    }  # fmt: skip
    told = "" if change is None else label("overview_direction", _direction(change))
    return row | rates | {"direction": f"{numbers.arrow(change)} {told}" if told else ""}


def _days(value: Decimal | None) -> str:
    return t("common.not_available") if value is None else f"{value:,.1f}"


def _direction(change: Decimal) -> str:
    if change == 0:
        return "same"
    return "worse" if change > 0 else "better"
