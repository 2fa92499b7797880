"""Exceptions: where terms, limits or deliveries are looser than the grade allows, and who raised them.

Belongs here: their counts by kind and by person, and the rows. Must not: judge what an exception is (the release does).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import policy_breaks
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import choices, exports, links, numbers, tables

KIND_COLUMNS = ("kind", "exception_count", "party_count", "exposure_reporting", "unapproved_count",
                "unapproved_exposure_reporting")  # fmt: skip
PERSON_COLUMNS = (
    "raised_by",
    "kind",
    "exception_count",
    "party_count",
    "exposure_reporting",
    "unapproved_count",
)
# what a kind compares
ROW_COLUMNS = {
    "terms": ("document_id", "actual_days", "allowed_days"),
    "limit": ("actual_amount_reporting", "allowed_amount_reporting"),
    "hold": ("document_id", "hold_advised_since"),
    "no_limit": ("allowed_amount_reporting",),
    "manual_grade": (),
}
BEFORE = ("company_code", "customer_id", "customer_name", "grade")
AFTER = (
    "exposure_reporting",
    "raised_by",
    "raised_on",
    "is_approved",
    "approved_by",
    "approved_on",
    "approval",
)


def draw(release: Release, *, companies: Sequence[str], kinds: list[Row]) -> None:
    """Counts, then the rows of one kind."""
    st.subheader(t("policy.exceptions_title"), anchor=False)
    if not kinds:
        st.success(t("policy.exceptions_none"), icon=":material/check_circle:")
        return
    st.caption(t("policy.exceptions_note"))
    people = policy_breaks.exceptions_by_person(release, companies=companies)
    unit = numbers.table_unit_for(max(row["exposure_reporting"] or Decimal(0) for row in kinds))
    left, right = st.columns(2, gap="large")
    with left:
        shown = [row | {"kind": label("exception_kind", row["kind"])} for row in kinds]
        tables.plain(shown, columns=KIND_COLUMNS, unit=unit, key="policy_kinds")
        exports.of_table(release, shown, columns=KIND_COLUMNS, name="policy_kinds")
    with right:
        named = [
            row
            | {
                "kind": label("exception_kind", row["kind"]),
                "raised_by": row["raised_by"] or t("policy.nobody"),
            }
            for row in people
        ]
        chosen = tables.plain(named, columns=PERSON_COLUMNS, unit=unit, key="policy_people", is_selectable=True,
                              height=tables.table_height(len(named), most=6))  # fmt: skip
        exports.of_table(release, named, columns=PERSON_COLUMNS, name="policy_people")
    _rows(release, companies=companies, kinds=kinds, person=None if chosen is None else people[chosen])


def _rows(release: Release, *, companies: Sequence[str], kinds: list[Row], person: Row | None) -> None:
    codes = [kind for kind in policy_breaks.KINDS if any(row["kind"] == kind for row in kinds)]
    first, second = st.columns([3, 2], vertical_alignment="center")
    with first:
        kind = _kind(codes, person=person)
    with second:
        is_unapproved_only = st.toggle(
            t("policy.unapproved_only"), key="policy_unapproved", bind="query-params"
        )
    st.caption(label("exception_todo", kind))
    rows = policy_breaks.exceptions(
        release,
        companies=companies,
        kind=kind,
        person=person,
        is_unapproved_only=is_unapproved_only,
    )
    if not rows:
        st.caption(t("common.no_rows"))
        return
    if rows[0]["found_count"] > len(rows):
        st.caption(t("policy.cut", shown=len(rows), count=f"{rows[0]['found_count']:,}"))
    shown = [row | {"customer_name": row["name"]} for row in rows]
    columns = [
        *BEFORE,
        *ROW_COLUMNS[kind],
        *(name for name in AFTER if any(row[name] is not None for row in rows)),
    ]
    unit = numbers.table_unit_for(max(abs(row["exposure_reporting"] or Decimal(0)) for row in rows))
    position = tables.plain(
        shown, columns=columns, unit=unit, key=f"policy_exceptions_{kind}", is_selectable=True
    )
    exports.of_table(release, shown, columns=columns, name="policy_exceptions")
    if position is not None:
        links.draw_customer(
            rows[position]["company_code"], rows[position]["customer_id"], name=rows[position]["name"]
        )


def _kind(codes: list[str], *, person: Row | None) -> str:
    if person is None:
        names = {code: label("exception_kind", code) for code in codes}
        return choices.segments(
            t("policy.kind"),
            codes,
            name="policy_kind",
            format_func=names.__getitem__,
            label_visibility="collapsed",
        )
    # a row of the table of people decides
    kind = str(person["kind"])
    name = person["raised_by"] or t("policy.nobody")
    st.caption(t("policy.person", person=name, kind=label("exception_kind", kind)))
    return kind
