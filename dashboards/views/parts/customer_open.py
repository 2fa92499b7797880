"""What the customer has open: items, credits and unapplied cash, bills; each leads down to its source.

Belongs here: row three of the page. Must not: totals, or what lies below an item (way_down.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboards.data import customer_items
from dashboards.data.aging import Scheme
from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import downloads, exports, numbers, tables
from dashboards.ui.downloads import Sheet
from dashboards.views.parts import way_down

COLUMNS = {
    "debit": (
        "document_id", "instalment_no", "item_kind", "receivable_class", "document_date", "due_date",
        "original_due_date", "days_past_due", "currency", "open_amount_document", "open_amount_reporting",
        "disputed_document", "promised_date", "promise_status", "pay_date_p50", "pay_band", "warning",
    ),
    "credit": (
        "document_id", "item_kind", "receivable_class", "document_date", "age_days", "currency",
        "open_amount_document", "open_amount_reporting", "warning",
    ),
    "bill": (
        "bill_id", "document_id", "method", "acceptor", "acceptor_kind", "document_date", "maturity_date",
        "days_to_maturity", "bill_state", "receivable_class", "currency", "open_amount_document",
        "open_amount_reporting", "warning",
    ),
}  # fmt: skip
# what stands in a file and is too long for a screen
FILE_ONLY = {"debit": ("reasons",), "credit": (), "bill": ()}


def draw(release: Release, customer: Customer, *, scheme: Scheme) -> None:
    """One table for each part, and below it what a ticked row leads to."""
    rows = customer_items.open_items(release, customer, scheme=scheme)
    for part in customer_items.PARTS:
        shown = [row for row in rows if row["part"] == part]
        count = shown[0]["part_count"] if shown else 0
        st.subheader(t("customer.open_title", part=label("open_part", part), count=count), anchor=False)
        if not shown:
            st.caption(label("open_none", part))
            continue
        _part(release, customer, scheme=scheme, part=part, rows=shown)


def _part(release: Release, customer: Customer, *, scheme: Scheme, part: str, rows: list[Row]) -> None:
    count = rows[0]["part_count"]
    st.caption(
        t("customer.items_cut", shown=len(rows), count=count)
        if count > len(rows)
        else t("customer.items_hint")
    )
    worded = [_worded(release, row) for row in rows]
    position = tables.plain(
        worded,
        columns=_columns(part, worded),
        key=f"open_{part}_{customer[0]}_{customer[1]}",
        is_selectable=True,
        height=tables.table_height(len(rows), most=10),
    )
    stem = f"open-{part}-{release.as_of:%Y-%m-%d}-{release.release_id}"
    with st.container(horizontal=True, gap="small"):
        for mime, kind, make in (
            (exports.CSV, "csv", _csv),
            (exports.XLSX, "xlsx", _xlsx),
        ):
            exports.button(
                label("download", kind), partial(make, release, customer, scheme=scheme, part=part),
                file_name=f"{stem}.{kind}", mime=mime, key=f"open_{part}_{kind}", type="tertiary",
                icon=":material/download:",
            )  # fmt: skip
    if position is not None:
        scope = customer_items.scope_of(release, customer, scheme=scheme, classes=())
        with st.container(border=True):
            way_down.draw(release, scope, item=rows[position])


def _columns(part: str, rows: Sequence[Row]) -> list[str]:
    """The columns that say something: a repeated amount, plan number or class is none."""
    repeated = set()
    if all(row["open_amount_document"] == row["open_amount_reporting"] for row in rows):
        repeated.add("open_amount_reporting")
    if all(row["instalment_no"] in (None, 1) for row in rows):
        repeated.add("instalment_no")
    if all(row["due_date"] == row["original_due_date"] for row in rows):
        repeated.add("original_due_date")
    if len({row["receivable_class"] for row in rows}) == 1:
        repeated.add("receivable_class")
    if not any(row["disputed_document"] for row in rows):
        repeated.add("disputed_document")
    return tables.filled([name for name in COLUMNS[part] if name not in repeated], rows)


def _worded(release: Release, row: Row) -> Row:
    low, high = row["pay_date_p10"], row["pay_date_p90"]
    return row | {
        "item_kind": label("item_kind", row["item_kind"]),
        "receivable_class": label("receivable_class", row["receivable_class"]),
        "promise_status": label("promise_status", row["promise_status"]) if row["promise_status"] else None,
        "pay_band": _band(low, high, as_of=release.as_of) if low and high else None,
        "warning": t("common.list_separator").join(row[f"warnings_{language()}"] or []) or None,
        "reasons": row[f"reasons_{language()}"],
        "age_days": (release.as_of - row["document_date"]).days if row["document_date"] else None,
        "method": label("payment_method", row["method"]) if row["method"] else None,
        "acceptor_kind": label("acceptor_kind", row["acceptor_kind"]) if row["acceptor_kind"] else None,
        "bill_state": label("bill_state", row["bill_state"]) if row["bill_state"] else None,
    }


def _band(low: date, high: date, *, as_of: date) -> str:
    """Days of this year without it, so that the column stays narrow."""
    first, last = (f"{day:%m-%d}" if day.year == as_of.year else numbers.day(day) for day in (low, high))
    return t("customer.band", low=first, high=last)


def _file(
    release: Release, customer: Customer, *, scheme: Scheme, part: str
) -> tuple[list[Row], dict[str, str]]:
    rows = customer_items.every_open_item(release, customer, scheme=scheme, part=part)
    headers = {name: label("column", name) for name in (*COLUMNS[part], *FILE_ONLY[part])}
    return [_worded(release, row) for row in rows], headers


def _csv(release: Release, customer: Customer, *, scheme: Scheme, part: str) -> bytes:
    rows, headers = _file(release, customer, scheme=scheme, part=part)
    return downloads.csv_bytes(rows, columns=headers)


def _xlsx(release: Release, customer: Customer, *, scheme: Scheme, part: str) -> bytes:
    rows, headers = _file(release, customer, scheme=scheme, part=part)
    heading = ((label("column", "customer_id"), t("common.dot").join(customer)), *exports.heading(release))
    return downloads.xlsx_bytes({label("open_part", part): Sheet(rows, headers, heading)})
