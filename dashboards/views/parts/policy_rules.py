"""The policy in force: weights and bands of the scorecard, cut-offs of the grades, and their version.

Belongs here: showing the policy tables. Must not: hold any figure of the policy.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import policy
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import exports, numbers, tables

GRADE_COLUMNS = (
    "grade", "least_score", "terms", "limit_factor", "equity_share_rate", "grace_days", "hold", "review_months",
    "prepaid_rate", "conditions",
)  # fmt: skip
WEIGHT_COLUMNS = ("component", "weight", "rated_count", "average_points")
BAND_COLUMNS = ("component", "band", "points")


def draw(release: Release) -> None:
    """Cut-offs and allowances by grade, weights by component, and the bands behind one button."""
    st.subheader(t("policy.rules_title"), anchor=False)
    weights, grades = policy.weights(release), policy.grade_table(release)
    versions = sorted({row["policy_version"] for row in [*weights, *(grades or [])]})
    st.caption(
        t("policy.version", versions=t("common.list_separator").join(versions)) + _approval(grades or [])
    )
    said = language()
    left, right = st.columns([2.3, 1], gap="medium")
    with left:
        if grades is None:
            st.info(t("policy.rules_unpublished"), icon=":material/update:")
        else:
            shown = [_grade(row) for row in grades]
            tables.plain(shown, columns=GRADE_COLUMNS, key="policy_grade_table")
            exports.of_table(release, shown, columns=GRADE_COLUMNS, name="policy_cut_offs")
    with right:
        named = [
            row | {"component": row[f"label_{said}"], "weight": _whole(row["weight"])} for row in weights
        ]
        tables.plain(named, columns=WEIGHT_COLUMNS, key="policy_weights")
        exports.of_table(release, named, columns=WEIGHT_COLUMNS, name="policy_weights")
    bands = policy.scorecard(release)
    if bands:
        with st.expander(t("policy.bands_title")):
            st.caption(t("policy.bands_note"))
            shown = [
                {"component": row[f"label_{said}"], "band": _band(row), "points": _whole(row["points"])}
                for row in bands
            ]
            tables.plain(
                shown,
                columns=BAND_COLUMNS,
                key="policy_bands",
                height=tables.table_height(len(shown), most=45),
            )
            exports.of_table(release, shown, columns=BAND_COLUMNS, name="policy_bands")


def _approval(grades: list[Row]) -> str:
    approved = sorted({(row["approved_by"] or "", numbers.day(row["approved_on"])) for row in grades})
    parts = [t("policy.approved", by=by, on=on) if on else by for by, on in approved if by]
    return t("policy.approval", parts=t("common.list_separator").join(parts)) if parts else ""


def _grade(row: Row) -> Row:
    said = language()
    hold = (
        t("policy.hold_always")
        if row["hold_days"] is None
        else t("policy.hold_rule", days=row["hold_days"], floor=label("floor", row["hold_floor"] or ""))
    )
    return {
        "grade": f"{row['grade']} {row[f'label_{said}']}",
        "least_score": "–" if row["least_score"] is None else f"{row['least_score']:.0f}",
        "terms": row[f"terms_{said}"],
        "limit_factor": f"{row['limit_factor']:.1f}",
        "equity_share_rate": "–" if row["equity_share"] is None else numbers.share(row["equity_share"]),
        "grace_days": row["grace_days"],
        "hold": hold,
        "review_months": row["review_months"],
        "prepaid_rate": numbers.share(row["prepaid_share"]),
        "conditions": row[f"conditions_{said}"] or "",
    }


def _band(row: Row) -> str:
    """What a band asks, as it stands in the table: nothing is added."""
    parts = []
    if row["state"] is not None:
        parts.append(label("raw_state", row["state"]))
    for sign, name in (("≥", "at_least"), ("≤", "at_most"), ("<", "below")):
        if row[name] is not None:
            parts.append(f"{sign} {_number(row[name], component=row['component'])}")
    if row["count_at_least"] is not None:
        parts.append(t("policy.band_count", count=row["count_at_least"]))
    return t("policy.band_and").join(parts) or t("policy.band_else")


def _number(value: Decimal, *, component: str) -> str:
    return numbers.share(value) if component == "utilisation" else f"{value.normalize():f}"


def _whole(value: Decimal) -> str:
    return f"{value.normalize():f}"
