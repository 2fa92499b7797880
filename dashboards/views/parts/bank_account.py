"""One account: the chain of its balances, its statements, their lines, and the source of each.

Belongs here: the steps down, each opened by clicking a row of the one before. Must not: query outside `data`.
"""

from __future__ import annotations

import streamlit as st

from dashboards.data import bank, bank_lines
from dashboards.data.bank import BankScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, exports, numbers, tables
from dashboards.views.parts import bank_unexplained

STATEMENT_COLUMNS = (
    "statement_id", "opening_date", "closing_date", "opening_balance_document", "line_count", "line_total_document",
    "closing_balance_document", "difference_document", "proof", "continuity", "gap_document", "pending_count", "_file",
    "_row",
)  # fmt: skip
LINE_COLUMNS = (
    "booking_date", "value_date", "amount_document", "counterparty_name", "remittance_text", "bank_reference",
    "transaction_code", "explained_by", "receipt_id", "customer_id", "_row",
)  # fmt: skip


def draw(release: Release, scope: BankScope, *, account: Row) -> None:
    """Everything below the chosen account."""
    st.markdown(t("bank.account_title", account=account["account"], currency=account["currency"]))
    _proof(account)
    rows = bank.statements(release, scope)
    shown = [
        row | {"proof": label("proof", row["proof"]), "continuity": label("continuity", row["continuity"])}
        for row in rows
    ]
    st.caption(t("bank.statements_note", count=len(rows)))
    name = f"statements_{account['company_code']}_{account['account']}_{account['currency']}"
    columns = [
        column for column in STATEMENT_COLUMNS
        if column != "pending_count" or any(row["pending_count"] for row in rows)
    ]  # fmt: skip
    position = tables.plain(shown, columns=columns, key=name, is_selectable=True)
    exports.of_table(release, shown, columns=columns, name="bank_statements")
    if position is not None:
        _lines(release, rows[position])


def _proof(account: Row) -> None:
    def shown(name: str) -> str:
        return numbers.money(account[name], currency=account["currency"], unit=numbers.EXACT)

    is_amber = account["difference_document"] != 0 or account["not_proved_count"] > 0
    cards.proof(
        [
            t(
                "bank.chain",
                opening=shown("opening_balance_document"),
                count=f"{account['line_count']:,}",
                lines=shown("line_total_document"),
                closing=shown("closing_balance_document"),
                difference=shown("difference_document"),
            )
        ],
        is_amber=is_amber,
    )


def _lines(release: Release, statement: Row) -> None:
    rows = bank_lines.of_statement(release, statement)
    st.markdown(t("bank.statement_title", statement=statement["statement_id"], count=statement["line_count"]))
    if statement["line_count"] > len(rows):
        # what a second delivery repeats lands once, with the first
        st.caption(t("bank.lines_fewer", shown=len(rows), count=statement["line_count"]))
    if not rows:
        st.caption(t("bank.statement_without_lines"))
        return
    shown = [row | {"explained_by": label("explained_by", row["explained_by"] or "none")} for row in rows]
    key = f"lines_{statement['account']}_{statement['statement_id']}"
    position = tables.plain(shown, columns=LINE_COLUMNS, key=key, is_selectable=True)
    exports.of_table(release, shown, columns=LINE_COLUMNS, name="bank_statement_lines")
    if position is not None:
        bank_unexplained.source(release, rows[position])
