"""The way down from the matrix: bucket, customer, item, movements, source file and row.

Belongs here: the steps, each opened by clicking a row of the one before. Must not: query outside `data.drill`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import drill
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, numbers, tables
from dashboards.ui.numbers import Unit
from dashboards.views.parts import aging_downloads
from dashboards.views.parts.aging_filters import Chosen
from dashboards.views.parts.aging_matrix import Selected

PICK_KEY = "bucket_pick"
CLICKED_KEY = "bucket_clicked"
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


def draw(release: Release, chosen: Chosen, *, selected: Selected, unit: Unit) -> None:
    """Everything below the matrix, as deep as the reader has clicked."""
    st.subheader(t("drill.title"), anchor=False)
    bucket = _choose_bucket(chosen, clicked=selected.bucket)
    customer = selected.customer
    if customer is None and bucket is not None:
        customer = _choose_customer(release, chosen, bucket=bucket, unit=unit)
    if customer is None and bucket is None:
        st.info(t("drill.start"), icon=":material/ads_click:")
        return
    if customer is None:
        return
    _sentences(release, chosen, customer=customer)
    aging_downloads.draw_statement(release, chosen, customer=customer)
    item = _choose_item(release, chosen, customer=customer, bucket=bucket, opened=selected.open_item_id)
    if item is None:
        return
    movement = _choose_movement(release, chosen, item=item)
    if movement is not None:
        _source(release, movement)
    _around(release, chosen, item=item)


def _choose_bucket(chosen: Chosen, *, clicked: str | None) -> str | None:
    codes = [bucket.code for bucket in chosen.scheme.buckets]
    labels = {bucket.code: bucket.label(language()) for bucket in chosen.scheme.buckets}
    # A click on a cell of the matrix decides; without one the reader may pick the bucket here.
    was_clicked = st.session_state.get(CLICKED_KEY)
    if clicked is not None:
        st.session_state[PICK_KEY] = clicked
    elif was_clicked is not None or st.session_state.get(PICK_KEY) not in codes:
        st.session_state[PICK_KEY] = None
    st.session_state[CLICKED_KEY] = clicked
    return st.pills(t("drill.bucket"), codes, format_func=labels.__getitem__, key=PICK_KEY,
                    disabled=clicked is not None)  # fmt: skip


def _choose_customer(release: Release, chosen: Chosen, *, bucket: str, unit: Unit) -> tuple[str, str] | None:
    rows = drill.customers_of_bucket(release, chosen.scope, bucket=bucket)
    st.caption(t("drill.customers", count=len(rows)))
    position = tables.plain(
        rows,
        columns=(
            "company_code",
            "customer_id",
            "customer_name",
            "shown_currency",
            "amount",
            "item_count",
            "oldest_days",
        ),
        key=f"customers_{chosen.scope.digest}_{bucket}",
        unit=unit,
        is_selectable=True,
    )
    return None if position is None else (rows[position]["company_code"], rows[position]["customer_id"])


def _sentences(release: Release, chosen: Chosen, *, customer: tuple[str, str]) -> None:
    for row in drill.customer_figures(release, chosen.scope, customer=customer):
        currency = row["shown_currency"]

        def shown(amount: Decimal | None, currency: str = currency) -> str:
            return numbers.money(amount, currency=currency)

        cards.sentence(
            t(
                "aging.sentence",
                customer=row["customer_name"],
                open=shown(row["outstanding"]),
                overdue=shown(row["overdue"]),
                count=row["overdue_count"],
                days=row["oldest_days"],
                disputed=shown(row["disputed"]),
                unapplied=shown(-row["unapplied"]),
                net_overdue=shown(row["net_overdue"]),
            )
        )


def _choose_item(
    release: Release, chosen: Chosen, *, customer: tuple[str, str], bucket: str | None, opened: str | None
) -> Row | None:
    rows = drill.items(release, chosen.scope, customer=customer, bucket=bucket)
    if opened is not None:
        return next((row for row in rows if row["open_item_id"] == opened), None)
    names = {code.code: code.label(language()) for code in chosen.scheme.buckets}
    shown = [
        row | {"item_kind": label("item_kind", row["item_kind"]), "bucket": names.get(row["bucket"], row["bucket"]),
               "receivable_class": label("receivable_class", row["receivable_class"])}
        for row in rows
    ]  # fmt: skip
    # the shown amount repeats the document amount where the currencies agree
    repeated = (
        {"shown_currency", "amount"}
        if all(row["currency"] == row["shown_currency"] for row in rows)
        else set()
    )
    if len({row["receivable_class"] for row in rows}) == 1:
        repeated = repeated | {"receivable_class"}
    columns = _filled([name for name in drill.ITEM_COLUMNS[3:] if name not in repeated], rows)
    is_cut = len(rows) == drill.MOST_ITEMS
    st.caption(t("drill.items_cut", count=len(rows)) if is_cut else t("drill.items", count=len(rows)))
    key = f"items_{chosen.scope.digest}_{customer[0]}_{customer[1]}_{bucket}"
    position = tables.plain(shown, columns=columns, key=key, is_selectable=True)
    return None if position is None else rows[position]


def _choose_movement(release: Release, chosen: Chosen, *, item: Row) -> Row | None:
    rows = drill.movements(release, chosen.scope, open_item_id=item["open_item_id"])
    st.markdown(t("drill.movements", item=item["document_id"], count=len(rows)))
    shown = [
        row | {"movement_kind": label("movement_kind", row["movement_kind"]),
               "counterpart": _counterpart(row["counterpart_open_item_id"])}
        for row in rows
    ]  # fmt: skip
    position = tables.plain(
        shown,
        columns=MOVEMENT_COLUMNS,
        key=f"movements_{chosen.scope.digest}_{item['open_item_id']}",
        is_selectable=True,
    )
    balance = rows[-1]["running_balance"] if rows else None
    if balance != item["open_amount_document"]:
        st.warning(t("drill.unproved"), icon=":material/error:")
    return None if position is None else rows[position]


def _around(release: Release, chosen: Chosen, *, item: Row) -> None:
    """What was said about the item: disputes, promises, extensions, each with its source file and row."""
    disputes = drill.disputes(release, chosen.scope, item=item)
    promises = drill.promises(release, chosen.scope, item=item)
    if not disputes and not promises:
        st.caption(t("drill.nothing_said"))
        return
    if disputes:
        st.markdown(t("drill.disputes", count=len(disputes)))
        shown = [row | {"dispute_status": label("dispute_status", row["status"] or "")} for row in disputes]
        tables.plain(shown, columns=_filled(DISPUTE_COLUMNS, shown), key=f"disputes_{item['open_item_id']}")
    if promises:
        st.markdown(t("drill.promises", count=len(promises)))
        shown = [
            row | {"kind": label("promise_kind", row["kind"] or "promise"),
                   "document_id": row["document_id"] or t("drill.whole_account")}
            for row in promises
        ]  # fmt: skip
        tables.plain(shown, columns=_filled(PROMISE_COLUMNS, shown), key=f"promises_{item['open_item_id']}")


def _filled(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """The columns that say something in at least one row."""
    return [name for name in columns if any(row[name] is not None for row in rows)]


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
        tables.facts(source.row)
