"""About page: what this release is, what its figures mean, and how to ask it.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

import streamlit as st

from dashboards.access.viewer import EVERYTHING
from dashboards.data import about, status
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, exports, numbers, page, tables
from dashboards.ui.cards import Card
from dashboards.views.parts import gate_words

METRIC_COLUMNS = ("metric", "variant", "windows", "definition", "mind")
TERM_COLUMNS = ("term", "definition")
COLUMN_COLUMNS = ("column_name", "data_type", "description")
FACTS = (
    "release_id", "as_of_date", "known_at", "code_version", "policy_hash", "reporting_currency", "load_count",
    "rows_read", "rows_landed", "rows_unchanged", "rows_collapsed", "rows_rejected", "rows_tombstoned",
)  # fmt: skip
# sums over all companies: not for readers who may see some of them
WHOLE_FACTS = ("open_item_count", "open_amount_reporting", "unconverted_count", "future_dated_count")


def main() -> None:
    release = page.begin("about")
    header = about.header(release)
    _sentence(release, header)
    _cards(release, header)
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        st.subheader(t("about.release_title"), anchor=False)
        names = FACTS + (WHOLE_FACTS if release.restriction == EVERYTHING else ())
        tables.facts({name: _shown(header.get(name)) for name in names})
    with right:
        _gates(release)
    _definitions(release)
    _dictionary(release)
    st.subheader(t("about.ask_title"), anchor=False)
    st.markdown(t("about.ask"))
    st.code(t("about.ask_example"), language="sql")


def _sentence(release: Release, header: Row) -> None:
    rows = status.gates(release)
    cards.sentence(
        t(
            "about.sentence",
            release=release.release_id,
            as_of=numbers.day(release.as_of),
            known_at=numbers.moment(release.known_at),
            sources=t("common.list_separator").join(row["source"] for row in status.sources(release)),
            passed=sum(row["status"] == "passed" for row in rows),
            gates=len(rows),
            code=header["code_version"],
            policy=header["policy_hash"],
        )
    )


def _cards(release: Release, header: Row) -> None:
    rows = status.gates(release)
    lowered = sum(bool(row["is_lowered"]) for row in rows)
    cards.row(
        [
            Card(t("about.card_release"), release.release_id, (t("about.card_release_note"),),
                 t("about.card_release_definition")),
            Card(t("about.card_as_of"), numbers.day(release.as_of), (t("about.card_as_of_note"),),
                 t("about.card_as_of_definition")),
            Card(t("about.card_known"), numbers.moment(release.known_at), (t("about.card_known_note"),),
                 t("about.card_known_definition")),
            Card(t("about.card_policy"), header["policy_hash"],
                 (t("about.card_policy_note", code=header["code_version"]),), t("about.card_policy_definition")),
            Card(t("about.card_gates"), f"{len(rows)}", (t("about.card_gates_note", count=lowered),),
                 t("about.card_gates_definition"), is_strong=lowered > 0),
        ]
    )  # fmt: skip


def _shown(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) else value


def _gates(release: Release) -> None:
    st.subheader(t("about.gates_title"), anchor=False)
    rows = [gate_words.in_words(row) for row in status.gates(release)]
    columns = ("gate", "severity", "default_severity", "status", "meaning")
    tables.plain(rows, columns=columns, key="about_gates", height=tables.table_height(len(rows), most=17))
    exports.of_table(release, rows, columns=columns, name="about_gates")


def _definitions(release: Release) -> None:
    st.subheader(t("about.metrics_title"), anchor=False)
    st.caption(t("about.metrics_note"))
    metrics = [
        {
            "metric": label("metric", metric),
            "variant": label("metric_variant", variant),
            "windows": t("common.list_separator").join(map(str, windows)) or t("about.at_period_end"),
            "definition": label("metric_is", f"{metric}.{variant}"),
            "mind": _mind(metric, variant),
        }
        for metric, variants in about.METRICS.items()
        for variant, windows in variants.items()
    ]
    tables.plain(metrics, columns=METRIC_COLUMNS, key="about_metrics")
    exports.of_table(release, metrics, columns=METRIC_COLUMNS, name="about_metrics")
    st.markdown(f"**{t('about.terms_title')}**")
    terms = [{"term": label("term", term), "definition": label("term_is", term)} for term in about.TERMS]
    tables.plain(
        terms, columns=TERM_COLUMNS, key="about_terms", height=tables.table_height(len(terms), most=20)
    )
    exports.of_table(release, terms, columns=TERM_COLUMNS, name="about_terms")


def _mind(metric: str, variant: str) -> str:
    """What to mind of a metric; for most there is nothing."""
    code = f"{metric}.{variant}"
    said = label("metric_mind", code)
    return "" if said == code else said


def _dictionary(release: Release) -> None:
    st.subheader(t("about.tables_title"), anchor=False)
    relations = about.relations(release)
    names = [row["relation"] for row in relations]
    st.caption(t("about.tables_note", count=len(names)))
    left, _ = st.columns([1.2, 2])
    with left:
        relation = st.selectbox(t("about.table"), names, key="about_table", bind="query-params")
    if relation is None:
        return
    chosen = next(row for row in relations if row["relation"] == relation)
    if chosen["description"]:
        st.caption(chosen["description"])
    columns = about.columns(release, relation=relation)
    tables.plain(columns, columns=COLUMN_COLUMNS, key=f"about_columns_{relation}")
    exports.of_table(release, columns, columns=COLUMN_COLUMNS, name="about_columns")


main()
