"""Lines of the bank that no receipt explains, and the source of any line.

Belongs here: their table and the step to the source. Must not: decide what explains a line (data/bank_lines.py).
"""

from __future__ import annotations

import streamlit as st

from dashboards.data import bank_lines, drill
from dashboards.data.bank import BankScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import choices, exports, numbers, tables

COLUMNS = (
    "booking_date", "company_code", "account", "amount_document", "currency", "counterparty_name", "remittance_text",
    "bank_reference", "transaction_code", "_file", "_row",
)  # fmt: skip
TOTAL_COLUMNS = (
    "company_code", "account", "currency", "line_count", "unexplained_count", "unexplained_amount_document",
    "explained_rate",
)  # fmt: skip
RECEIPT_COLUMNS = (
    "receipt_id", "customer_id", "receipt_date", "cleared_on", "days_apart", "bank_account", "amount_document",
    "currency", "_file", "_row",
)  # fmt: skip


def draw(release: Release, scope: BankScope, *, totals: list[Row]) -> None:
    """Counts per account, then the lines of the direction chosen."""
    st.subheader(t("bank.unexplained_title"), anchor=False)
    st.caption(t("bank.unexplained_note", days=bank_lines.WINDOW_DAYS))
    names = {code: label("bank_direction", code) for code in bank_lines.DIRECTIONS}
    direction = choices.segments(
        t("bank.direction"),
        bank_lines.DIRECTIONS,
        name="bank_direction",
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )
    shown = [
        row
        | {"explained_rate": numbers.share(numbers.ratio(row["line_count"] - row["unexplained_count"],
                                                         whole=row["line_count"]))}
        for row in totals
        if row["direction"] == direction
    ]  # fmt: skip
    tables.plain(shown, columns=TOTAL_COLUMNS, key="bank_unexplained_totals")
    rows = bank_lines.unexplained(release, scope, direction=direction)
    if not rows:
        st.success(t("bank.unexplained_none"), icon=":material/check_circle:")
        return
    count = sum(row["unexplained_count"] for row in shown)
    if count > len(rows):
        st.caption(t("bank.unexplained_cut", shown=len(rows), count=f"{count:,}"))
    st.caption(label("bank_todo", direction))
    position = tables.plain(rows, columns=COLUMNS, key=f"bank_unexplained_{direction}", is_selectable=True)
    exports.of_table(release, rows, columns=COLUMNS, name="bank_unexplained")
    if position is not None:
        source(release, rows[position])


def amounts(totals: list[Row], *, direction: str) -> str:
    """Unexplained amounts by currency: they are never added up over currencies."""
    sums: dict[str, list[Row]] = {}
    for row in totals:
        if row["direction"] == direction and row["unexplained_count"]:
            sums.setdefault(row["currency"], []).append(row)
    return t("common.list_separator").join(
        numbers.money(sum(row["unexplained_amount_document"] for row in rows), currency=currency)
        for currency, rows in sums.items()
    )


def source(release: Release, line: Row) -> None:
    """Where a line comes from, and receipts of the same amount that might belong to it."""
    load = drill.load(release, load_id=line["_load_id"])
    st.markdown(
        t(
            "drill.source",
            file=line["_file"],
            row=line["_row"],
            load=line["_load_id"],
            source=load.get("source", line["_source"]),
            extracted=numbers.moment(load.get("extracted_at")) or t("common.not_available"),
        )
    )
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        tables.facts({name: value for name, value in line.items() if name in _FACTS})
    with right:
        receipts = bank_lines.same_amount(release, line)
        st.caption(t("bank.same_amount", count=len(receipts)) if receipts else t("bank.same_amount_none"))
        if receipts:
            tables.plain(receipts, columns=RECEIPT_COLUMNS, key="bank_same_amount")


_FACTS = frozenset(
    {
        "company_code", "account", "statement_id", "booking_date", "value_date", "currency", "amount_document",
        "counterparty_name", "counterparty_account", "remittance_text", "bank_reference", "end_to_end_id",
        "transaction_code", "receipt_id", "customer_id", "known_from", "_file", "_row",
    }
)  # fmt: skip
