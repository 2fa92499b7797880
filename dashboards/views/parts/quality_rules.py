"""Findings by rule, each with what to do, down to the record and its source row.

Belongs here: their tables. Must not: decide what a finding is (the release does).
"""

from __future__ import annotations

import streamlit as st

from dashboards.data import drill, quality_findings
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, exports, finding_words, numbers, tables
from dashboards.views.parts import record_words

RULE_COLUMNS = ("rule", "severity", "finding_count", "company_count", "amount_document", "currency", "todo")
FINDING_COLUMNS = ("company_code", "entity", "record_id", "amount_document", "currency", "found", "source",
                   "extracted_at", "_load_id", "_row")  # fmt: skip
REJECT_COLUMNS = ("company_code", "entity", "record_id", "column_name", "original_text", "reason", "todo",
                  "amount_document", "currency")  # fmt: skip
# word for word as the release has it
FILE_ONLY = ("detail",)
REJECTED = "rejected_row"


def draw(release: Release, rules: list[Row]) -> None:
    """Rules that found something; a row opens what was found."""
    st.subheader(t("quality.findings_title"), anchor=False)
    if not rules:
        cards.proof([t("quality.findings_none")], is_amber=False)
        return
    st.caption(t("quality.findings_note"))
    shown = [
        row | {"rule": label("rule", row["rule"]), "severity": label("rule_severity", row["severity"]),
               "todo": label("rule_todo", row["rule"])}
        for row in rules
    ]  # fmt: skip
    position = tables.plain(shown, columns=RULE_COLUMNS, key="quality_rules", is_selectable=True)
    exports.of_table(release, shown, columns=RULE_COLUMNS, name="quality_rules")
    if position is not None:
        _of_rule(release, rules[position]["rule"])


def _of_rule(release: Release, rule: str) -> None:
    rows = quality_findings.of_rule(release, rule=rule)
    if not rows:
        st.caption(t("common.no_rows"))
        return
    st.markdown(t("quality.rule_title", rule=label("rule", rule), count=f"{rows[0]['found_count']:,}"))
    if rows[0]["found_count"] > len(rows):
        st.caption(t("quality.cut", shown=len(rows)))
    if rule == REJECTED:
        rejects(release, rows, name="quality_rejects")
        return
    shown = [
        row | {"entity": label("entity", row["entity"]), "found": finding_words.in_words(row["detail"] or "")}
        for row in rows
    ]
    position = tables.plain(
        shown, columns=FINDING_COLUMNS, key=f"quality_findings_{rule}", is_selectable=True
    )
    exports.of_table(release, shown, columns=(*FINDING_COLUMNS, *FILE_ONLY), name="quality_findings")
    if position is not None:
        _record(release, rows[position])


def rejects(release: Release, rows: list[Row], *, name: str) -> None:
    """Rows that were set aside: column, text as delivered, why, and what to do."""
    shown = [
        row | finding_words.rejected(row["detail"] or "") | {"entity": label("entity", row["entity"])}
        for row in rows
    ]
    tables.plain(shown, columns=REJECT_COLUMNS, key=name)
    exports.of_table(release, shown, columns=(*REJECT_COLUMNS, *FILE_ONLY), name=name)
    st.caption(t("quality.rejects_note"))


def _record(release: Release, finding: Row) -> None:
    found = quality_findings.record(release, finding)
    if found is None:
        st.caption(t("quality.no_record"))
        return
    load = drill.load(release, load_id=found["_load_id"]) if found.get("_load_id") is not None else {}
    if found.get("_file"):
        st.markdown(
            t(
                "drill.source",
                file=found["_file"],
                row=found["_row"],
                load=found["_load_id"],
                source=load.get("source", t("common.not_available")),
                extracted=numbers.moment(load.get("extracted_at")) or t("common.not_available"),
            )
        )
    left, _ = st.columns([1, 1])
    with left:
        record_words.draw(found)
