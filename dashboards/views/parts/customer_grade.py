"""Why the customer has its grade, what lapses when, and what is looser than the grade allows.

Belongs here: row five of the page. Must not: query outside `data.customer`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import streamlit as st

from dashboards.data import customer as data
from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import charts_customer, exports, numbers, tables
from dashboards.views.parts.customer_head import Known

SCORE_COLUMNS = (
    "component",
    "measured",
    "points_of",
    "points_change",
    "source_row",
    "data_of",
    "data_age_days",
)
DEADLINE_COLUMNS = ("deadline", "deadline_date", "days_left", "amount_reporting", "what")
EXCEPTION_COLUMNS = (
    "exception", "document_id", "grade", "raised_by", "raised_on", "approved", "allowed", "actual",
    "exposure_reporting",
)  # fmt: skip


def draw_scorecard(release: Release, known: Known) -> None:
    """Points of each component, where they come from, the caps and the reason."""
    st.subheader(t("customer.scorecard_title"), anchor=False)
    rating = known.rating
    rows = data.scorecard(release, party_id=known.master["party_id"]) if rating else []
    if rating is None or not rows:
        st.caption(t("customer.no_grade"))
        return
    said = t(
        "customer.grade_reason",
        grade=rating["grade"],
        reason=rating[f"reason_{language()}"] or t("common.not_available"),
        points=_counted(rating["points"], places=1),
        weight=_counted(rating["weight_present"], places=0),
        caps=rating[f"caps_{language()}"] or t("customer.no_caps"),
    )
    st.markdown(said)
    named = [
        row | {"name": _headed(row[f"label_{language()}"]), "shown_points": _points(row)} for row in rows
    ]
    left, right = st.columns([1, 1.7], gap="large")
    with left:
        charts_customer.scorecard(named)
    with right:
        shown = [_score_line(row) for row in named]
        tables.plain(shown, columns=SCORE_COLUMNS, key="scorecard")
        exports.of_table(release, shown, columns=SCORE_COLUMNS, name="scorecard")


def _score_line(row: Row) -> Row:
    before, points = row["points_before"], row["points"]
    change = None if before is None or points is None else points - before
    return {
        "component": row["name"],
        "measured": _measured(row),
        "points_of": row["shown_points"],
        "points_change": "" if not change else f"{numbers.arrow(change)} {change:+,.1f}",
        "source_row": _source(row),
        "data_of": row["data_of"],
        "data_age_days": row["data_age_days"],
    }


def _source(row: Row) -> str:
    """The table and its row: `company|customer|window` or the like, without the bars."""
    parts = [label("source_part", part) for part in str(row["source_key"] or "").split("|") if part]
    return t("common.dot").join([label("scorecard_source", row["source_model"] or ""), *parts])


def _points(row: Row) -> str:
    if row["points"] is None:
        return label("points_missing", row["reason_when_missing"] or "")
    return t("customer.points_of", points=f"{row['points']:,.1f}", weight=f"{row['weight']:,.0f}")


def _measured(row: Row) -> str:
    value, state = row["raw_value"], row["raw_state"]
    if row["reason_when_missing"]:
        return label("points_missing", row["reason_when_missing"])
    if state:
        return label("raw_state", state)
    if value is None:
        return t("common.not_available")
    worded = {
        "utilisation": lambda: t("customer.highest_use", share=numbers.share(value)),
        "payment_history": lambda: t("habit.days", days=f"{value:,.1f}"),
        "trend": lambda: t("habit.days", days=f"{value:+,.1f}"),
        "current_overdue": lambda: t("customer.beyond_days", days=f"{value:,.0f}"),
        "relationship": lambda: t("customer.months", months=f"{value:,.0f}"),
    }.get(row["component"])
    return worded() if worded else f"{value:,.2f}"


def draw_deadlines(release: Release, customer: Customer, known: Known) -> None:
    """Limitation, insurer, retention, reviews: what lapses when."""
    st.subheader(t("customer.deadlines_title"), anchor=False)
    rows = [
        *_limitation(release, data.limitation(release, customer)),
        *_insurer(release, customer),
        *_retention(release, customer),
        *_reviews(release, known),
    ]
    if rows:
        shown = sorted(
            rows, key=lambda row: (row["deadline_date"] is None, row["deadline_date"] or release.as_of)
        )
        tables.plain(shown, columns=DEADLINE_COLUMNS, key="deadlines")
        exports.of_table(release, shown, columns=DEADLINE_COLUMNS, name="deadlines")
    else:
        st.caption(t("customer.no_deadlines"))
    interest = data.late_interest(release, customer)
    if interest["item_count"]:
        amount = numbers.money(interest["interest_reporting"], currency=release.reporting_currency)
        unknown = interest["uncomputed_item_count"]
        words = {"amount": amount, "count": interest["item_count"]}
        st.caption(t("customer.late_interest_partly", **words, unknown=unknown) if unknown
                   else t("customer.late_interest", **words))  # fmt: skip
    st.caption(t("customer.deadlines_note"))


def _deadline(release: Release, kind: str, *, day: date | None, amount: Decimal | None, what: str) -> Row:
    return {
        "deadline": label("deadline", kind),
        "deadline_date": day,
        "days_left": None if day is None else (day - release.as_of).days,
        "amount_reporting": amount,
        "what": what,
    }


def _limitation(release: Release, row: Row | None) -> list[Row]:
    if row is None:
        return []
    found = []
    if row["next_deadline_date"]:
        found.append(
            _deadline(release, "limitation", day=row["next_deadline_date"], amount=row["claim_amount_reporting"],
                      what=t("deadline.limitation_what", count=row["claim_count"],
                             soon=_money(release, row["ending_in_90_days_amount_reporting"])))
        )  # fmt: skip
    if row["expired_count"]:
        found.append(
            _deadline(release, "expired", day=None, amount=row["expired_amount_reporting"],
                      what=t("deadline.expired_what", count=row["expired_count"]))
        )  # fmt: skip
    return found


def _insurer(release: Release, customer: Customer) -> list[Row]:
    return [
        _deadline(release, "insurer", day=row["deadline_date"], amount=row["open_amount_reporting"],
                  what=t("common.dot").join(filter(None, (row["document_id"], row[f"message_{language()}"]))))
        for row in data.insurer_deadlines(release, customer)
    ]  # fmt: skip


def _retention(release: Release, customer: Customer) -> list[Row]:
    return [
        _deadline(release, "retention", day=row["deadline_date"], amount=row["open_amount_reporting"],
                  what=t("common.dot").join(filter(None, (row["document_id"], row["contract_id"]))))
        for row in data.retentions(release, customer)
    ]  # fmt: skip


def _reviews(release: Release, known: Known) -> list[Row]:
    advice, rating = known.recommendation, known.rating
    found = []
    if advice and advice["review_due_on"]:
        found.append(_deadline(release, "review", day=advice["review_due_on"], amount=None,
                               what=t("deadline.review_what", grade=advice["grade"])))  # fmt: skip
    if rating and rating["manual_valid_to"]:
        found.append(_deadline(release, "manual_grade", day=rating["manual_valid_to"], amount=None,
                               what=rating["manual_approved_by"] or ""))  # fmt: skip
    return found


def draw_exceptions(release: Release, customer: Customer) -> None:
    """What is looser than the grade allows."""
    rows = data.exceptions(release, customer)
    if not rows:
        return
    with st.expander(t("customer.exceptions_title", count=len(rows)), icon=":material/rule:"):
        shown = [
            row
            | {
                "exception": label("exception", row["kind"]),
                "approved": t("customer.approved", by=row["approved_by"] or "", day=numbers.day(row["approved_on"]))
                if row["is_approved"] else t("customer.not_approved"),
                "allowed": _bound(release, row, "allowed"),
                "actual": _bound(release, row, "actual"),
            }
            for row in rows
        ]  # fmt: skip
        tables.plain(shown, columns=tables.filled(EXCEPTION_COLUMNS, shown), key="exceptions")
        exports.of_table(release, shown, columns=EXCEPTION_COLUMNS, name="exceptions")


def _bound(release: Release, row: Row, side: str) -> str:
    if row[f"{side}_days"] is not None:
        return t("habit.days", days=row[f"{side}_days"])
    if side == "allowed" and row["hold_advised_since"]:
        return t("customer.held_since", day=numbers.day(row["hold_advised_since"]))
    amount = row[f"{side}_amount_reporting"]
    return "" if amount is None else _money(release, amount)


def _money(release: Release, amount: Decimal | None) -> str:
    return numbers.money(amount, currency=release.reporting_currency)


def _headed(text: str) -> str:
    # policy data writes labels as they read inside a sentence
    return text[:1].upper() + text[1:]


def _counted(value: float | None, *, places: int) -> str:
    # a debtor about whom too little is known has no points
    return t("common.not_available") if value is None else f"{value:,.{places}f}"
