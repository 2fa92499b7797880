"""A list of items, each with its customer's page, a file of them, and below the one ticked its movements.

Belongs here: what every list at the end of a figure has. Must not: choose items, or say what they add up to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from dashboards.data.release import Release, Row
from dashboards.ui import exports, links, tables
from dashboards.views.parts import way_down


def draw(
    release: Release,
    rows: Sequence[Row],
    *,
    columns: Sequence[str],
    key: str,
    name: str,
    day: Callable[[Row], date],
) -> None:
    """The list, and the way down.

    Args:
        rows: with open_item_id, company_code and customer_id.
        key: of the table: another one where other items are asked, so that no tick carries over.
        name: of the file.
        day: up to which the movements of an item are told.
    """
    shown = [
        row | {tables.CUSTOMER_LINK: links.customer_page(row["company_code"], row["customer_id"])}
        for row in rows
    ]
    position = tables.plain(
        shown, columns=[*columns, tables.CUSTOMER_LINK], is_selectable=True, key=key,
        height=tables.table_height(len(shown), most=10),
    )  # fmt: skip
    if not rows:
        return
    exports.of_table(release, rows, columns=("company_code", "customer_id", *columns), name=name)
    if position is not None:
        way_down.draw_on(release, open_item_id=rows[position]["open_item_id"], day=day(rows[position]))
