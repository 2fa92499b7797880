"""Whether items agree with the general ledger, with the totals of the release, and what was restated.

Belongs here: the proofs and their way down. Must not: explain a difference that the release does not explain.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import quality, quality_findings
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, charts_quality, exports, numbers, tables

TIE_COLUMNS = ("company_code", "account_role", "balance_date", "currency", "subledger_balance", "gl_balance",
               "difference", "late_posting_amount", "unexplained_difference", "gl_known_at")  # fmt: skip
CAUSE_COLUMNS = ("cause", "effective_date", "customer_id", "open_item_id", "movement_kind", "amount_functional",
                 "_load_id", "_row")  # fmt: skip
TOTAL_COLUMNS = ("company_code", "receivable_class", "currency", "item_count", "total_document", "items_document",
                 "difference", "total_reporting")  # fmt: skip
BUCKET_COLUMNS = ("bucket", "item_count", "amount_document", "amount_functional", "amount_reporting")
RESTATED_COLUMNS = ("restated_at", "company_code", "item_count", "first_day", "last_day", "amount_functional",
                    "moved_functional", "currency")  # fmt: skip
ITEM_COLUMNS = ("open_item_id", "customer_id", "receivable_class", "effective_date", "closed_through", "change_kind",
                "movement_kind", "amount_document", "currency", "amount_functional", "_load_id", "_row")  # fmt: skip


def draw(release: Release, *, ties: list[Row], restatements: list[Row]) -> None:
    """Ledger, control totals, restatements."""
    _tie_out(release, ties)
    _totals(release)
    _restatements(release, restatements)


def _tie_out(release: Release, ties: list[Row]) -> None:
    st.subheader(t("quality.ledger_title"), anchor=False)
    if not ties:
        st.info(t("quality.ledger_empty"), icon=":material/account_balance_wallet:")
        return
    unexplained = sum(bool(tie["unexplained_difference"]) for tie in ties)
    unknown = sum(tie["unexplained_difference"] is None for tie in ties)
    proof = t("quality.ledger_proof", count=len(ties), unexplained=unexplained,
              late=sum(bool(tie["late_posting_amount"]) for tie in ties))  # fmt: skip
    cards.proof(
        [proof, t("quality.card_ledger_unknown", count=unknown)] if unknown else [proof],
        is_amber=unexplained + unknown > 0,
    )
    st.caption(t("quality.ledger_history_note"))
    charts_quality.tie_out(quality_findings.tie_out_history(release))
    st.caption(t("quality.ledger_note"))
    shown = [tie | {"account_role": label("account_role", tie["account_role"])} for tie in ties]
    position = tables.plain(shown, columns=TIE_COLUMNS, key="quality_ties", is_selectable=True)
    exports.of_table(release, shown, columns=TIE_COLUMNS, name="quality_ledger")
    if position is not None:
        _causes(release, ties[position])


def _causes(release: Release, tie: Row) -> None:
    rows = quality_findings.gl_causes(release, tie)
    if not rows:
        agrees = not tie["difference"] and not tie["unexplained_difference"]
        st.caption(t("quality.causes_none") if agrees else t("quality.causes_unknown"))
        return
    st.caption(t("quality.causes_note", count=len(rows)))
    shown = [
        row | {"cause": label("gl_cause", row["cause"]), "amount_functional": row["amount"],
               "movement_kind": label("movement_kind", row["movement_kind"] or "")}
        for row in rows
    ]  # fmt: skip
    tables.plain(shown, columns=CAUSE_COLUMNS, key="quality_causes")
    exports.of_table(release, shown, columns=CAUSE_COLUMNS, name="quality_ledger_causes")


def _totals(release: Release) -> None:
    st.subheader(t("quality.totals_title"), anchor=False)
    rows = quality.totals(release)
    if not rows:
        st.info(t("quality.totals_empty"), icon=":material/functions:")
        return
    differing = [row for row in rows if row["difference"] != 0]
    cards.proof(
        [t("quality.totals_proof", count=len(rows), differing=len(differing))], is_amber=bool(differing)
    )
    shown = [row | {"receivable_class": label("receivable_class", row["receivable_class"])} for row in rows]
    position = tables.plain(shown, columns=TOTAL_COLUMNS, key="quality_totals", is_selectable=True)
    exports.of_table(release, shown, columns=TOTAL_COLUMNS, name="quality_totals")
    if position is not None:
        buckets = [
            row | {"bucket": row[f"label_{language()}"] or row["bucket"]}
            for row in quality.totals_of(release, total=rows[position])
        ]
        left, _ = st.columns([1.2, 1])
        with left:
            tables.plain(buckets, columns=BUCKET_COLUMNS, key="quality_buckets")


def _restatements(release: Release, rows: list[Row]) -> None:
    st.subheader(t("quality.restated_title"), anchor=False)
    if not rows:
        cards.proof([t("quality.restated_none")], is_amber=False)
        return
    st.caption(t("quality.restated_note"))
    charts_quality.restated(quality_findings.restatements_by_month(release))
    unit = numbers.table_unit_for(max((row["moved_functional"] or Decimal(0)) for row in rows))
    position = tables.plain(rows, columns=RESTATED_COLUMNS, unit=unit, key="quality_restatements", is_selectable=True,
                            height=tables.table_height(len(rows), most=8))  # fmt: skip
    exports.of_table(release, rows, columns=RESTATED_COLUMNS, name="quality_restatements")
    if position is None:
        return
    chosen = rows[position]
    items = [
        row | {"change_kind": label("change_kind", row["change_kind"]),
               "receivable_class": label("receivable_class", row["receivable_class"]),
               "movement_kind": label("movement_kind", row.get("movement_kind") or "")}
        for row in quality_findings.restated(
            release, restated_at=chosen["restated_at"], company_code=chosen["company_code"]
        )
    ]  # fmt: skip
    columns = [name for name in ITEM_COLUMNS if any(row.get(name) is not None for row in items)]
    tables.plain(items, columns=columns, key="quality_restated_items")
    exports.of_table(release, items, columns=columns, name="quality_restated_items")
