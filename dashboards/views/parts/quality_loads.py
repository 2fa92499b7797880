"""Deliveries: when each source delivered, and that every row read is accounted for.

Belongs here: the picture and the tables of loads. Must not: judge a row (the front door does).
"""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboards.data import quality, quality_findings, status
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, charts_quality, exports, numbers, tables
from dashboards.views.parts import quality_rules

DAYS_SHOWN = 92
SOURCE_COLUMNS = ("source", "is_required", "business_date", "days_late", "extracted_at")
ENTITY_COLUMNS = (
    "source", "entity", "mode", "load_count", "extracted_at", "business_date", *quality.COUNTS, "unaccounted_rows",
    "rejected_rate",
)  # fmt: skip
LOAD_COLUMNS = (
    "load_id", "extracted_at", "landed_at", "business_date", "file_count", *quality.COUNTS, "unaccounted_rows",
    "amount_rejected", "content_hash",
)  # fmt: skip


def draw(release: Release, entities: list[Row]) -> None:
    """Freshness of sources, the picture of the last months, row counts by entity, then single deliveries."""
    st.subheader(t("quality.loads_title"), anchor=False)
    left, right = st.columns([1, 1.5], gap="large")
    with left:
        st.caption(t("quality.fresh_note"))
        sources = status.sources(release)
        tables.plain(sources, columns=SOURCE_COLUMNS, key="quality_sources")
        exports.of_table(release, sources, columns=SOURCE_COLUMNS, name="quality_sources")
    with right:
        st.caption(t("quality.delivered_note", days=DAYS_SHOWN))
        rows = quality.delivered(release, first_day=release.as_of - timedelta(days=DAYS_SHOWN))
        if rows:
            charts_quality.delivered(rows)
        else:
            st.caption(t("quality.delivered_none"))
    _proof(entities)
    _entities(release, entities)


def _proof(entities: list[Row]) -> None:
    sums = {name: f"{sum(row[name] for row in entities):,}" for name in quality.COUNTS}
    unaccounted = sum(row["unaccounted_rows"] for row in entities)
    cards.proof([t("quality.proof", unaccounted=f"{unaccounted:,}", **sums)], is_amber=unaccounted != 0)


def _entities(release: Release, entities: list[Row]) -> None:
    st.caption(t("quality.entities_note"))
    shown = [
        row | {"entity": label("entity", row["entity"]), "mode": label("mode", row["mode"] or ""),
               "rejected_rate": numbers.share(row["rejected_share"])}
        for row in entities
    ]  # fmt: skip
    position = tables.plain(shown, columns=ENTITY_COLUMNS, key="quality_entities", is_selectable=True)
    exports.of_table(release, shown, columns=ENTITY_COLUMNS, name="quality_entities")
    if position is not None:
        _loads(release, entities[position])


def _loads(release: Release, entity: Row) -> None:
    rows = quality.loads(release, source=entity["source"], entity=entity["entity"])
    st.markdown(
        t("quality.loads_of", source=entity["source"], entity=label("entity", entity["entity"]),
          count=f"{entity['load_count']:,}")
    )  # fmt: skip
    if entity["load_count"] > len(rows):
        st.caption(t("quality.cut", shown=len(rows)))
    columns = [name for name in LOAD_COLUMNS if any(row.get(name) is not None for row in rows)]
    key = f"quality_loads_{entity['source']}_{entity['entity']}"
    position = tables.plain(rows, columns=columns, key=key, is_selectable=True)
    exports.of_table(release, rows, columns=columns, name="quality_loads")
    if position is None:
        return
    load = rows[position]
    if not load["rows_rejected"]:
        st.success(t("quality.load_whole", load=load["load_id"]), icon=":material/check_circle:")
        return
    aside = quality_findings.of_load(release, load_id=load["load_id"])
    st.markdown(t("quality.load_rejects", load=load["load_id"], count=f"{load['rows_rejected']:,}"))
    if len(aside) < load["rows_rejected"]:
        # what a later delivery mended is no finding any more
        st.caption(t("quality.load_rejects_fewer", shown=len(aside)))
    if aside:
        quality_rules.rejects(release, aside, name="quality_load_rejects")
