"""Data quality page: what was delivered, what was set aside, which checks hold, and whether the ledger agrees.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import quality, quality_findings, status
from dashboards.data.release import Release, Row
from dashboards.i18n import t
from dashboards.ui import cards, exports, numbers, page, tables
from dashboards.ui.cards import Card
from dashboards.views.parts import gate_words, quality_ledger, quality_loads, quality_rules


def main() -> None:
    release = page.begin("quality")
    entities = quality.by_entity(release)
    if not entities:
        st.info(t("quality.empty"), icon=":material/inbox:")
        st.stop()
    gates, rules = status.gates(release), quality_findings.by_rule(release)
    ties, restatements = status.tie_out(release), quality_findings.restatements(release)
    _sentence(entities, gates, rules, ties)
    _cards(release, entities, gates, rules, ties)
    _gates(release, gates)
    quality_rules.draw(release, rules)
    quality_loads.draw(release, entities)
    quality_ledger.draw(release, ties=ties, restatements=restatements)


def _sentence(entities: list[Row], gates: list[Row], rules: list[Row], ties: list[Row]) -> None:
    cards.sentence(
        t(
            "quality.sentence",
            loads=f"{sum(row['load_count'] for row in entities):,}",
            read=f"{sum(row['rows_read'] for row in entities):,}",
            landed=f"{sum(row['rows_landed'] for row in entities):,}",
            rejected=f"{sum(row['rows_rejected'] for row in entities):,}",
            passed=sum(row["status"] == "passed" for row in gates),
            gates=len(gates),
            findings=f"{sum(row['finding_count'] for row in rules):,}",
            agreed=sum(row["unexplained_difference"] == 0 for row in ties),
            ties=len(ties),
        )
    )


def _cards(
    release: Release, entities: list[Row], gates: list[Row], rules: list[Row], ties: list[Row]
) -> None:
    months = quality_findings.restatements_by_month(release)
    late = status.late_sources(release)
    rejected = [row for row in rules if row["rule"] == "rejected_row"]
    unexplained = sum(bool(row["unexplained_difference"]) for row in ties)
    unknown = sum(row["unexplained_difference"] is None for row in ties)
    newest = max(row["extracted_at"] for row in entities)
    cards.row(
        [
            Card(t("quality.card_fresh"), numbers.day(newest),
                 (t("quality.card_fresh_late", count=len(late)) if late else t("quality.card_fresh_note"),
                  t("quality.card_fresh_at", time=f"{newest:%H:%M}")),
                 t("quality.card_fresh_definition"), is_strong=bool(late)),
            Card(t("quality.card_rows"), f"{sum(row['rows_read'] for row in entities):,}",
                 (t("quality.card_rows_note", count=f"{sum(row['unaccounted_rows'] for row in entities):,}"),),
                 t("quality.card_rows_definition"), is_strong=any(row["unaccounted_rows"] for row in entities)),
            Card(t("quality.card_rejects"), f"{sum(row['finding_count'] for row in rejected):,}",
                 (_amounts(rejected) or t("quality.card_rejects_note"),), t("quality.card_rejects_definition")),
            Card(t("quality.card_gates"), f"{sum(row['status'] == 'passed' for row in gates)} / {len(gates)}",
                 (t("quality.card_gates_note", warned=sum(row["status"] == "warned" for row in gates),
                    lowered=sum(bool(row["is_lowered"]) for row in gates)),), t("quality.card_gates_definition")),
            Card(t("quality.card_ledger"), t("quality.balances", count=unexplained),
                 _ledger_notes(len(ties), unknown=unknown),
                 t("quality.card_ledger_definition"), is_strong=unexplained + unknown > 0),
            Card(t("quality.card_restated"), f"{sum(row['item_count'] for row in months):,}",
                 (t("quality.card_restated_note", count=sum(row["delivery_count"] for row in months)),),
                 t("quality.card_restated_definition")),
        ]
    )  # fmt: skip


def _ledger_notes(count: int, *, unknown: int) -> tuple[str, ...]:
    if not count:
        return (t("strip.ledger_none"),)
    compared = t("quality.card_ledger_note", count=count)
    return (compared, t("quality.card_ledger_unknown", count=unknown)) if unknown else (compared,)


def _amounts(rows: list[Row]) -> str:
    return t("common.list_separator").join(
        numbers.money(row["amount_document"] or Decimal(0), currency=row["currency"])
        for row in rows
        if row["currency"]
    )


def _gates(release: Release, gates: list[Row]) -> None:
    st.subheader(t("quality.gates_title"), anchor=False)
    unsound = [row for row in gates if row["status"] != "passed" or row["is_lowered"]]
    shown = [gate_words.in_words(row) for row in unsound]
    if not shown:
        cards.proof([t("quality.gates_all", count=len(gates))], is_amber=False)
    else:
        st.caption(t("quality.gates_note", count=len(shown)))
        tables.plain(shown, columns=gate_words.COLUMNS, key="quality_gates_unsound")
    with st.expander(t("quality.gates_every", count=len(gates))):
        every = [gate_words.in_words(row) for row in gates]
        tables.plain(
            every,
            columns=gate_words.COLUMNS[:-1],
            key="quality_gates",
            height=tables.table_height(len(every), most=30),
        )
        exports.of_table(release, every, columns=gate_words.COLUMNS, name="quality_gates")


main()
