"""Customers assessed by themselves 单项计提: why, since when, what was decided and what is expected to be lost.

Belongs here: that list. Must not: query outside `data.provision_history`.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import provision_history
from dashboards.data.provision import ProvisionScope
from dashboards.data.release import Release, Row
from dashboards.i18n import t
from dashboards.ui import exports, links, numbers, tables
from dashboards.views.parts.provision_names import Names

COLUMNS = (
    "customer_name", "company_code", "assessed_for", "defaulted_on", "exposure", "covered", "loss", "decision",
    "applied_rate", "matrix_segment", "item_count",
)  # fmt: skip


def draw(release: Release, scope: ProvisionScope, *, names: Names) -> None:
    """The list; a selected row leads to its customer."""
    st.subheader(t("provision.individual_title"), anchor=False)
    found = provision_history.individual(release, scope)
    if not found:
        st.caption(t("provision.individual_none"))
        return
    undecided = sum(not row["is_decided"] for row in found)
    st.caption(t("provision.individual_note", count=len(found), undecided=undecided))
    rows = [_worded(row, names) for row in found]
    unit = numbers.table_unit_for(max(row["exposure"] or Decimal(0) for row in found))
    position = tables.plain(rows, columns=COLUMNS, unit=unit, key="provision_individual", is_selectable=True)
    exports.of_table(release, rows, columns=("customer_id", *COLUMNS), name="provision-individual")
    if position is not None:
        row = found[position]
        links.draw_customer(row["company_code"], row["customer_id"], name=row["customer_name"])


def _worded(row: Row, names: Names) -> Row:
    reason = names.code("individual", row["individual_reason"])
    default = names.code("default", row["default_reason"])
    decision = t("provision.undecided")
    if row["is_decided"]:
        decision = t("provision.decided", method=row["decided_method"] or "", reason=row["decided_reason"] or "",
                     by=row["decided_by"] or "", on=numbers.day(row["decided_on"]))  # fmt: skip
    return row | {
        "assessed_for": t("provision.because", reason=reason, default=default) if default else reason,
        "applied_rate": f"{row['rate'] * 100:,.1f}%",
        "decision": decision,
        "matrix_segment": names.segment(row["matrix_segment"]) if row["matrix_segment"] else "",
    }
