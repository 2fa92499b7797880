"""The way down from a roll rate: the items of a bucket of one period, where they went, and below one its movements.

Belongs here: which cell is opened, its list, and whether the list is what the map says. Must not: SQL, encodings.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards.data import roll, roll_items
from dashboards.data.release import Release, Row, publishes
from dashboards.data.roll import EVERY, PARTS, RollScope, Window
from dashboards.data.roll_items import RollCell
from dashboards.i18n import label, t
from dashboards.ui import cards, choices, numbers
from dashboards.views.parts import item_list

MOST_ITEMS = 200
FIRST_COLUMNS = ("customer_name", "document_id", "opening_amount")
LAST_COLUMNS = ("amount_document", "currency")


def draw(release: Release, scope: RollScope, *, bucket_name: Callable[[str], str]) -> None:
    """The part of the page, below the maps."""
    if not publishes(release, roll_items.RELATION):
        st.info(t("trend.roll_items_not_published"), icon=":material/history_toggle_off:")
        return
    pairs = roll_items.pairs(release)
    cards.titled(t("trend.roll_items_title"),
                 definition=t("trend.roll_items_definition", count=len(pairs)))  # fmt: skip
    if not pairs:
        st.caption(t("common.no_rows"))
        return
    chosen = _choose(release, scope, pairs=pairs, bucket_name=bucket_name)
    if chosen is None:
        st.caption(t("common.no_rows"))
        return
    cell, told = chosen
    rows = roll_items.items(release, scope, cell, limit=MOST_ITEMS)
    _sum(release, roll_items.total(release, scope, cell), told, cell=cell, shown=len(rows))
    parts = [part for part in PARTS if any(row[part] for row in rows)]
    item_list.draw(
        release, rows, columns=[*FIRST_COLUMNS, *parts, *LAST_COLUMNS], key=f"roll_items_{cell}",
        name=f"roll-items-{cell.bucket}", day=lambda row: row["end_day"],
    )  # fmt: skip


def _choose(
    release: Release, scope: RollScope, *, pairs: list[Row], bucket_name: Callable[[str], str]
) -> tuple[RollCell, Row] | None:
    """The cell, and its row of the map; None where nothing stood in any bucket."""
    # a day says the same tomorrow, the number of a pair does not
    by_end = {numbers.day(row["end_day"]): row for row in pairs}
    periods = {end: f"{numbers.day(row['start_day'])} – {end}" for end, row in by_end.items()}
    left, middle, right, _ = st.columns([1.4, 1.2, 1.2, 2.2], vertical_alignment="bottom")
    with left:
        end = choices.select(
            t("trend.roll_items_pair"), list(periods), name="ended", format_func=periods.__getitem__
        )
    pair_no = by_end[end]["pair_no"]
    told = {row["bucket"]: row
            for row in roll.rates(release, scope, windows=[Window("cell", pair_no, pair_no)])}  # fmt: skip
    if not told:
        return None
    with middle:
        buckets = {code: bucket_name(code) for code in told}
        bucket = choices.select(
            label("column", "bucket"), list(buckets), name="bucket", format_func=buckets.__getitem__
        )
    row = told[bucket]
    with right:
        parts = {EVERY: t("filter.all")} | {part: label("outcome", part) for part in PARTS if row[part]}
        became = choices.select(
            t("trend.roll_items_became"), list(parts), name="became", format_func=parts.__getitem__
        )
    return RollCell(pair_no, bucket, became), row


def _sum(release: Release, total: Row, told: Row, *, cell: RollCell, shown: int) -> None:
    """How many and how much, and that the map says the same."""
    currency = release.reporting_currency
    words = {
        "count": f"{total['item_count']:,}", "shown": f"{shown:,}",
        "total": numbers.money(total["amount"], currency=currency, unit=numbers.EXACT),
    }  # fmt: skip
    is_whole = cell.became == EVERY
    in_map = told["opening_amount"] if is_whole else told[cell.became]
    if total["amount"] != in_map or (is_whole and total["item_count"] != told["observation_count"]):
        st.warning(
            t("trend.items_apart", **words,
              told=numbers.money(in_map, currency=currency, unit=numbers.EXACT)),
            icon=":material/error:",
        )  # fmt: skip
    st.caption(
        t("trend.roll_items_note", **words)
        if shown == total["item_count"]
        else t("trend.roll_items_cut", **words)
    )
