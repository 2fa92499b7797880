"""The ranked table of the watchlist and its files.

Belongs here: laying rows out. Must not: rank them, or choose which.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.data import collection, watchlist
from dashboards.data.release import Release, Row
from dashboards.data.watchlist import WatchScope
from dashboards.i18n import label, language, t
from dashboards.ui import downloads, exports, links, numbers, page, tables
from dashboards.ui.downloads import Sheet
from dashboards.ui.numbers import Unit
from dashboards.views.parts import ladder_words

PAGE_ROWS = 100
# which row is opened stands in the address
OPENED = "opened"
# the grid wraps text in rows above 4 rem: the reason can be read without opening the row
ROW_HEIGHT = 66
MOST_SHOWN = 9
FILE_COLUMNS = (
    "watchlist_rank", "company_code", "customer_id", "customer_name", "group_name", "warning_severity", "severe_count",
    "warning_count", "why", "net_overdue_reporting", "oldest_overdue_days", "exposure_reporting",
    "uncovered_exposure_reporting", "expected_loss_reporting", "grade_change", "first_seen", "collector", "sales_owner",
    "reaction_owner", "react_by", "reached_step", "next_step", "sentence", "policy_version",
)  # fmt: skip
MONEY = ("net_overdue_reporting", "uncovered_exposure_reporting", "expected_loss_reporting")
# Together with the amounts they fill a screen 1,440 wide; the rest is reached by scrolling.
WIDTHS = {
    "watchlist_rank": 46, "customer_name": 190, "warning_severity": 74, "why": 320, "oldest_overdue_days": 74,
    "grade_change": 84, "first_seen": 152, "reaction_owner": 88, "react_by": 104, "next_step": 190, "group_name": 130,
}  # fmt: skip
MONEY_WIDTH = 104
ORDER = (
    "watchlist_rank", "customer_name", "warning_severity", "why", "net_overdue_reporting", "oldest_overdue_days",
    "uncovered_exposure_reporting", "expected_loss_reporting", "grade_change", "reaction_owner", "react_by",
    "next_step", "first_seen", "group_name", tables.CUSTOMER_LINK,
)  # fmt: skip


def draw(release: Release, scope: WatchScope, *, count: int) -> Row | None:
    """The table; returns the customer whose row is opened, by a click or by the address."""
    number = 1
    title, pager = st.columns([4, 2.2], vertical_alignment="bottom")
    if count > PAGE_ROWS:
        with pager:
            number = st.pagination(-(-count // PAGE_ROWS), key=f"watchlist_page_{scope}")
    rows = watchlist.rows(release, scope, limit=PAGE_ROWS, offset=(number - 1) * PAGE_ROWS)
    unit = numbers.table_unit_for(
        max((abs(row[name] or 0) for row in rows for name in MONEY), default=Decimal(0))
    )
    with title:
        st.subheader(
            t("watchlist.table_title", unit=f"{release.reporting_currency} {unit.name}"), anchor=False
        )
    if count > PAGE_ROWS:
        first = (number - 1) * PAGE_ROWS + 1
        st.caption(t("watchlist.page", first=first, last=first + len(rows) - 1, count=count))
    frame = pd.DataFrame([_line(release, row, unit=unit) for row in rows])
    key = f"watchlist_{scope}_{number}"
    parties = [row["party_id"] for row in rows]
    opened = st.query_params.get(OPENED)

    def remember() -> None:
        ticked = st.session_state[key].selection.rows
        if ticked:
            st.query_params[OPENED] = parties[ticked[0]]
        else:
            st.query_params.pop(OPENED, None)

    event = st.dataframe(
        frame,
        hide_index=True,
        column_config=_columns(unit),
        column_order=[name for name in ORDER if name != "group_name" or frame["group_name"].notna().any()],
        on_select=remember,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [parties.index(opened)]}} if opened in parties else None,
        key=key,
        row_height=ROW_HEIGHT,
        height=min(len(rows), MOST_SHOWN) * ROW_HEIGHT + tables.table_height(0),
        placeholder="–",
        alt=t("watchlist.table_alt"),
    )
    st.caption(t("watchlist.hint"))
    _files(release, scope)
    chosen = event.selection.rows
    if chosen and chosen[0] < len(rows):
        return rows[chosen[0]]
    # what is on another page of the list has no row to tick here
    return _addressed(release, scope, opened) if opened and opened not in parties else None


def _addressed(release: Release, scope: WatchScope, party_id: str) -> Row | None:
    """The customer of the address; says so where the list, or what the filters leave of it, does not have it."""
    found = watchlist.row_of(release, scope, party_id=party_id)
    if found is not None:
        return found
    if watchlist.row_of(release, WatchScope(), party_id=party_id) is not None:
        st.info(t("watchlist.opened_filtered"), icon=":material/filter_alt:")
    else:
        page.refuse("watchlist", party_id=party_id)
        st.info(t("watchlist.opened_unlisted"), icon=":material/person_off:")
    return None


def standing(release: Release, row: Row) -> dict[str, str | None]:
    """Where the oldest overdue amount of a customer stands on the ladder."""
    # what credits cover is applied, not reminded of
    if not row["oldest_overdue_days"] or not row["net_overdue_reporting"]:
        return {"reached_step": None, "next_step": None, "ladder": None}
    return ladder_words.standing(
        release.as_of - timedelta(days=row["oldest_overdue_days"]), grade=row["grade"], as_of=release.as_of,
        taken=collection.taken_of(row),
    )  # fmt: skip


def words(release: Release, row: Row) -> Row:
    """A row with its codes as words and its figures as they stand in the release."""
    days = t("watchlist.seen", day=numbers.day(row["first_seen_on"]), days=f"{row['days_listed']:,}")
    late = row["late_reaction_count"] > 0
    react_by = numbers.day(row["react_by"])
    return row | standing(release, row) | {
        "customer_name": row["name"] or row["customer_id"],
        "warning_severity": label("severity_sign", row["severity"]),
        "why": row[f"why_{language()}"],
        "sentence": row[f"sentence_{language()}"],
        "grade_change": _grade(row),
        "first_seen": days,
        "reaction_owner": row[f"owner_{language()}"],
        "react_by": t("watchlist.late", day=react_by) if late else react_by,
    }  # fmt: skip


def _grade(row: Row) -> str | None:
    grade: str | None = row["grade"]
    before: str | None = row["previous_grade"]
    if grade is None or before is None or before == grade or "U" in (grade, before):
        return grade
    # A is the best letter
    return label("watchlist", "grade_fell" if grade > before else "grade_rose").format(
        grade=grade, before=before
    )


def _line(release: Release, row: Row, *, unit: Unit) -> dict[str, Any]:
    line = {name: value for name, value in words(release, row).items() if name in ORDER}
    line |= {
        name: None if row[name] is None else float(numbers.scaled(row[name], unit=unit)) for name in MONEY
    }
    return line | {tables.CUSTOMER_LINK: links.customer_page(row["company_code"], row["customer_id"])}


def _columns(unit: Unit) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: st.column_config.TextColumn(label("column", name), width=width, pinned=name == "customer_name")
        for name, width in WIDTHS.items()
    }
    columns["watchlist_rank"] = st.column_config.NumberColumn(
        label("column", "watchlist_rank"), format="%d", width=WIDTHS["watchlist_rank"], pinned=True
    )
    columns["oldest_overdue_days"] = st.column_config.NumberColumn(
        label("column", "oldest_overdue_days"), format="%,d", width=WIDTHS["oldest_overdue_days"]
    )
    columns["next_step"] = st.column_config.TextColumn(
        label("column", "next_step"), width=WIDTHS["next_step"], help=t("ladder_step.definition")
    )
    columns |= {
        name: st.column_config.NumberColumn(
            label("column", name), format=f"%,.{unit.places}f", width=MONEY_WIDTH
        )
        for name in MONEY
    }
    link = tables.CUSTOMER_LINK
    return columns | {link: tables.column(link, sample=None, unit=unit)}


def _files(release: Release, scope: WatchScope) -> None:
    """The whole list in a file, made when it is asked for."""
    headers = {name: label("column", name) for name in FILE_COLUMNS}
    stem = f"watchlist-{release.as_of:%Y-%m-%d}-{release.release_id}"

    def rows() -> list[Row]:
        return [words(release, row) for row in watchlist.every_row(release, scope)]

    with st.container(horizontal=True, gap="small"):
        exports.button(
            t("download.csv"), lambda: downloads.csv_bytes(rows(), columns=headers), file_name=f"{stem}.csv",
            mime=exports.CSV, key="watchlist_csv", type="tertiary", icon=":material/download:",
        )  # fmt: skip
        exports.button(
            t("download.xlsx"),
            lambda: downloads.xlsx_bytes({t("watchlist.title"): Sheet(rows(), headers, exports.heading(release))}),
            file_name=f"{stem}.xlsx", mime=exports.XLSX, key="watchlist_xlsx", type="tertiary",
            icon=":material/download:",
        )  # fmt: skip
