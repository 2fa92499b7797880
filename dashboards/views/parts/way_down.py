"""Below an item: its movements, the source file and row of each, and what was said about it.

Belongs here: what every page shows once a reader has come down to one item. Must not: query outside `data.drill`, or
know how the reader got there.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboards.data import drill
from dashboards.data.release import Release, Row
from dashboards.data.scope import Scope
from dashboards.i18n import label, t
from dashboards.ui import numbers, tables
from dashboards.views.parts import record_words

MOVEMENT_COLUMNS = (
    "effective_date", "movement_kind", "amount_document", "running_balance", "currency", "amount_functional",
    "counterpart", "known_from", "_load_id", "_row",
)  # fmt: skip
DISPUTE_COLUMNS = (
    "dispute_id", "opened_on", "closed_on", "reason", "amount_document", "currency", "dispute_status", "owner",
    "_file", "_row",
)  # fmt: skip
PROMISE_COLUMNS = (
    "promise_id", "kind", "document_id", "made_on", "promised_date", "amount_document", "currency", "approved_on",
    "cancelled_on", "_file", "_row",
)  # fmt: skip


def draw_on(release: Release, *, open_item_id: str, day: date) -> None:
    """The same of an item that a list of the past names, up to a day."""
    item = drill.item_on(release, open_item_id=open_item_id, day=day)
    if item is None:
        st.caption(t("common.no_rows"))
        return
    draw(release, Scope(as_of=day, known_at=None, scheme="standard", unit="day"), item=item)


def draw(release: Release, scope: Scope, *, item: Row) -> None:
    """Movements of an item up to the scope's day, the source of the one clicked, disputes and promises around it."""
    movement = _choose_movement(release, scope, item=item)
    if movement is not None:
        _source(release, movement)
    _around(release, scope, item=item)


def _choose_movement(release: Release, scope: Scope, *, item: Row) -> Row | None:
    rows = drill.movements(release, scope, open_item_id=item["open_item_id"])
    st.markdown(t("drill.movements", item=item["document_id"], count=len(rows)))
    shown = [
        row | {"movement_kind": label("movement_kind", row["movement_kind"]),
               "counterpart": _counterpart(row["counterpart_open_item_id"])}
        for row in rows
    ]  # fmt: skip
    position = tables.plain(
        shown,
        columns=MOVEMENT_COLUMNS,
        key=f"movements_{scope.digest}_{item['open_item_id']}",
        is_selectable=True,
    )
    balance = rows[-1]["running_balance"] if rows else None
    if balance != item["open_amount_document"]:
        st.warning(t("drill.unproved"), icon=":material/error:")
    return None if position is None else rows[position]


def _around(release: Release, scope: Scope, *, item: Row) -> None:
    """What was said about the item: disputes, promises, extensions, each with its source file and row."""
    disputes = drill.disputes(release, scope, item=item)
    promises = drill.promises(release, scope, item=item)
    if not disputes and not promises:
        st.caption(t("drill.nothing_said"))
        return
    if disputes:
        st.markdown(t("drill.disputes", count=len(disputes)))
        shown = [row | {"dispute_status": label("dispute_status", row["status"] or "")} for row in disputes]
        tables.plain(
            shown, columns=tables.filled(DISPUTE_COLUMNS, shown), key=f"disputes_{item['open_item_id']}"
        )
    if promises:
        st.markdown(t("drill.promises", count=len(promises)))
        shown = [
            row | {"kind": label("promise_kind", row["kind"] or "promise"),
                   "document_id": row["document_id"] or t("drill.whole_account")}
            for row in promises
        ]  # fmt: skip
        tables.plain(
            shown, columns=tables.filled(PROMISE_COLUMNS, shown), key=f"promises_{item['open_item_id']}"
        )


def _counterpart(open_item_id: str | None) -> str:
    # company|kind|id|instalment: the reader knows the id
    return open_item_id.split("|")[2] if open_item_id else ""


def _source(release: Release, movement: Row) -> None:
    source = drill.source_of(release, movement)
    if source is None:
        st.warning(t("drill.no_source"), icon=":material/link_off:")
        return
    extracted = numbers.moment(source.load.get("extracted_at"))
    st.markdown(
        t(
            "drill.source",
            file=source.row["_file"],
            row=source.row["_row"],
            load=source.row["_load_id"],
            source=source.load.get("source", t("common.not_available")),
            extracted=extracted or t("common.not_available"),
        )
    )
    if not source.is_exact:
        st.caption(
            t(
                "drill.made_by",
                entity=label("entity", source.made_by.get("entity", "")),
                row=movement["_row"],
                load=movement["_load_id"],
                extracted=numbers.moment(source.made_by.get("extracted_at")) or t("common.not_available"),
            )
        )
    left, _ = st.columns([1, 1])
    with left:
        record_words.draw(source.row)
