"""What the policy advises for each debtor, and the points behind it.

Belongs here: its table and the step to the scorecard. Must not: reckon advice (the release does).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import customer, policy
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, choices, exports, links, numbers, tables

COLUMNS = (
    "company_code", "customer_id", "party_name", "grade", "exposure_reporting", "advice", "terms",
    "limit_in_force_reporting", "recommended_limit_reporting", "to_pay_for_release_reporting", "reason",
    "review_due_on",
)  # fmt: skip
COMPONENT_COLUMNS = ("component", "found", "points", "weight", "points_before", "data_of", "data_age_days",
                     "source_model")  # fmt: skip
AMOUNTS = ("exposure_reporting", "limit_in_force_reporting", "recommended_limit_reporting")


def draw(release: Release, *, companies: Sequence[str]) -> None:
    """The table of one kind of advice; a row opens its reasons."""
    st.subheader(t("policy.advice_title"), anchor=False)
    st.caption(t("policy.advice_note"))
    counts = policy.advice_counts(release, companies=companies)
    names = {
        code: t("policy.counted", name=label("advice", code), count=counts[code]) for code in policy.ADVICE
    }
    advice = choices.segments(
        t("policy.advice"),
        policy.ADVICE,
        name="policy_advice",
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )
    rows = policy.recommendations(release, advice=advice, companies=companies)
    if not rows:
        st.success(t("policy.advice_none"), icon=":material/check_circle:")
        return
    shown = [row | _words(row) for row in rows]
    if rows[0]["found_count"] > len(rows):
        st.caption(t("policy.cut", shown=len(rows), count=f"{rows[0]['found_count']:,}"))
    largest = max(abs(row[name] or Decimal(0)) for row in rows for name in AMOUNTS)
    position = tables.plain(shown, columns=COLUMNS, unit=numbers.table_unit_for(largest), key=f"policy_advice_{advice}",
                            is_selectable=True)  # fmt: skip
    exports.of_table(release, shown, columns=COLUMNS, name="policy_advice")
    if position is not None:
        _why(release, rows[position])


def _words(row: Row) -> Row:
    said = language()
    parts = [t("policy.advice_hold")] if row["is_hold_advised"] else []
    if row[f"conditions_{said}"]:
        # they say themselves what is to be prepaid
        parts.append(row[f"conditions_{said}"])
    elif row["prepaid_share"]:
        parts.append(t("policy.advice_prepay", share=numbers.share(row["prepaid_share"])))
    return {
        "advice": t("common.list_separator").join(parts) or t("policy.advice_supply"),
        "terms": row[f"recommended_terms_{said}"],
        "reason": row[f"hold_reason_{said}"] or "",
    }


def _why(release: Release, row: Row) -> None:
    said = language()
    rating = customer.rating(release, party_id=row["party_id"])
    if rating is not None:
        cards.sentence(
            t(
                "policy.why",
                customer=row["party_name"],
                grade=f"{row['grade']} {row[f'grade_{said}']}",
                score=t("common.not_available") if rating["score"] is None else f"{rating['score']:.1f}",
                reason=rating[f"reason_{said}"] or t("common.not_available"),
                since=numbers.day(row["grade_since"]),
                hold=row[f"hold_reason_{said}"] or t("policy.no_hold"),
            )
        )
    links.draw_customer(row["company_code"], row["customer_id"], name=row["party_name"])
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        components = [
            component
            | {"component": component[f"label_{said}"], "found": _found(component),
               "source_model": label("source_model", component["source_model"] or "")}
            for component in customer.scorecard(release, party_id=row["party_id"])
        ]  # fmt: skip
        tables.plain(components, columns=COMPONENT_COLUMNS, key="policy_components")
        st.caption(t("policy.components_note"))
    with right:
        st.markdown(_limit(row))


def _found(component: Row) -> str:
    if component["points"] is None:
        return label("missing_data", component["reason_when_missing"] or "")
    if component["raw_state"] is not None:
        return label("raw_state", component["raw_state"])
    if component["raw_value"] is None:
        return t("common.not_available")
    value = component["raw_value"]
    if component["component"] == "utilisation":
        return numbers.share(value)
    places = 2 if component["component"] == "accounts" else 0
    return label("found", component["component"]).format(
        value=f"{value:,.{places}f}", count=component["raw_count"] or 0
    )


def _limit(row: Row) -> str:
    """How the recommended limit is reckoned, figure by figure."""

    def shown(name: str) -> str:
        return numbers.money(row[name], currency=row["currency"])

    return t(
        "policy.limit_steps",
        factor=f"{row['limit_factor']:.2f}",
        average=shown("average_month_billed_reporting"),
        days=row["limit_days"] if row["limit_days"] is not None else t("common.not_available"),
        by_billing=shown("limit_by_billing_reporting"),
        by_equity=shown("most_by_equity_reporting"),
        by_receivable=shown("most_by_receivable_reporting"),
        limit=shown("recommended_limit_reporting"),
        bound_by=label("limit_bound_by", row["limit_bound_by"] or ""),
        in_force=shown("limit_in_force_reporting"),
    )
