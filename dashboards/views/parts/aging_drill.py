"""The way down from the matrix: bucket, customer, item.

Belongs here: the steps, each opened by clicking a row of the one before. Must not: query outside `data.drill`; below
an item every page shows the same (way_down.py).
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import drill
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, numbers, tables
from dashboards.ui.numbers import Unit
from dashboards.views.parts import statements, way_down
from dashboards.views.parts.aging_filters import Chosen
from dashboards.views.parts.aging_matrix import Selected
from dashboards.views.parts.customer_choice import COMPANY_KEY, CUSTOMER_KEY

PICK_KEY = "bucket_pick"
CLICKED_KEY = "bucket_clicked"


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
    st.page_link(
        "views/customer.py",
        label=t("drill.open_customer"),
        icon=":material/person_search:",
        query_params={COMPANY_KEY: customer[0], CUSTOMER_KEY: customer[1]},
    )
    statements.draw_statement(release, customer=customer, as_of=chosen.scope.as_of)
    item = _choose_item(release, chosen, customer=customer, bucket=bucket, opened=selected.open_item_id)
    if item is None:
        return
    way_down.draw(release, chosen.scope, item=item)


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
    columns = tables.filled([name for name in drill.ITEM_COLUMNS[3:] if name not in repeated], rows)
    is_cut = len(rows) == drill.MOST_ITEMS
    st.caption(t("drill.items_cut", count=len(rows)) if is_cut else t("drill.items", count=len(rows)))
    key = f"items_{chosen.scope.digest}_{customer[0]}_{customer[1]}_{bucket}"
    position = tables.plain(shown, columns=columns, key=key, is_selectable=True)
    return None if position is None else rows[position]
