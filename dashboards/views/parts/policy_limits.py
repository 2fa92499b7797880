"""Limits exceeded and for how long, and how concentrated exposure is.

Belongs here: their pictures and tables. Must not: reckon exposure (the release does).
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboards.data import policy_breaks
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import charts_policy, exports, links, numbers, tables

BREACH_COLUMNS = (
    "scope", "company_code", "customer_id", "customer_name", "exposure_reporting", "limit_reporting",
    "excess_reporting", "utilisation_rate", "breached_since", "days_in_breach", "customer_status",
    "is_breached_by_rate_only",
)  # fmt: skip
MEMBER_COLUMNS = ("rank_no", "customer_id", "customer_name", "exposure_reporting", "exposure_rate",
                  "cumulative_rate", "insured_cover_reporting")  # fmt: skip


def draw(release: Release, *, companies: Sequence[str], ages: list[Row], currency: str) -> None:
    """Breaches, then concentration."""
    _breaches(release, companies=companies, ages=ages, currency=currency)
    _concentration(release, companies=companies)


def _breaches(release: Release, *, companies: Sequence[str], ages: list[Row], currency: str) -> None:
    st.subheader(t("policy.breaches_title"), anchor=False)
    rows = policy_breaks.breaches(release, companies=companies)
    if not rows:
        st.success(t("policy.breaches_none"), icon=":material/check_circle:")
        return
    st.caption(t("policy.breaches_note"))
    if ages:
        left, _ = st.columns([1, 1], gap="large")
        with left:
            largest = max(row["excess_reporting"] for row in ages)
            charts_policy.breach_ages(ages, currency=currency, unit=numbers.unit_for(largest))
    shown = [
        row
        | {"scope": label("exposure_scope", row["scope"]), "customer_name": row["name"],
           "utilisation_rate": numbers.share(row["utilisation_rate"]),
           "customer_status": label("customer_status", row["status"] or "")}
        for row in rows
    ]  # fmt: skip
    if rows[0]["found_count"] > len(rows):
        st.caption(t("policy.cut", shown=len(rows), count=f"{rows[0]['found_count']:,}"))
    unit = numbers.table_unit_for(max(row["exposure_reporting"] for row in rows))
    position = tables.plain(
        shown, columns=BREACH_COLUMNS, unit=unit, key="policy_breaches", is_selectable=True
    )
    exports.of_table(release, shown, columns=BREACH_COLUMNS, name="policy_breaches")
    if position is not None and rows[position]["scope"] == "customer":
        links.draw_customer(
            rows[position]["company_code"], rows[position]["customer_id"], name=rows[position]["name"]
        )


def _concentration(release: Release, *, companies: Sequence[str]) -> None:
    # shares are not additive: of one company, or of the whole group
    company = companies[0] if len(companies) == 1 else None
    st.subheader(t("policy.concentration_title", of=company or t("policy.group")), anchor=False)
    rows = policy_breaks.concentration(release, company=company)
    if not any(row["top_1_rate"] is not None for row in rows):
        st.info(t("policy.concentration_empty"), icon=":material/visibility_off:")
        return
    newest = rows[-1]
    index = newest["herfindahl_index"]
    st.caption(
        t("policy.concentration_note", day=numbers.day(newest["period_end"]),
          index=t("common.not_available") if index is None else f"{index:,.0f}",
          groups=f"{newest['customer_group_count']:,}", insured=numbers.share(newest["insured_rate"]))
    )  # fmt: skip
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        charts_policy.concentration(rows)
    with right:
        members = policy_breaks.members(release, company=company)
        shown = [
            row | {"customer_name": row["name"], "exposure_rate": numbers.share(row["exposure_rate"]),
                   "cumulative_rate": numbers.share(row["cumulative_rate"])}
            for row in members
        ]  # fmt: skip
        unit = numbers.table_unit_for(members[0]["exposure_reporting"]) if members else numbers.EXACT
        position = tables.plain(shown, columns=MEMBER_COLUMNS, unit=unit, key="policy_members", is_selectable=True,
                                height=tables.table_height(len(shown), most=8))  # fmt: skip
        exports.of_table(release, shown, columns=MEMBER_COLUMNS, name="policy_concentration")
    if position is not None:
        member = members[position]
        links.draw_customer(member["company_code"], member["customer_id"], name=member["name"])
