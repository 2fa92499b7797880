"""Who the customer is and how it pays, in one sentence.

Belongs here: header, warnings, sentence, links to the debtor's other accounts. Must not: charts.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import streamlit as st

from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, numbers
from dashboards.ui.cards import Fact, Notice
from dashboards.views.parts.customer_choice import COMPANY_KEY, CUSTOMER_KEY

STATUSES_TO_MIND = ("hold", "legal", "closed")
STATES_TO_MIND = ("hold", "over_limit", "unknown")
MOST_WARNINGS = 5


class Known(NamedTuple):
    """What the release says of the customer; None where it says nothing."""

    master: Row
    exposure: Row | None
    rating: Row | None
    recommendation: Row | None
    habits: Row | None


def draw_header(release: Release, known: Known, *, accounts: list[Row]) -> None:
    """Name and facts; a link for each other account of the same debtor, and for the head of its group."""
    master = known.master
    subtitle = t("common.dot").join(
        part
        for part in (
            f"{master['company_code']} {master['company_name'] or ''}".strip(),
            master["customer_id"],
            master["tax_id"],
            t("customer.since", day=numbers.day(master["onboarded_on"])) if master["onboarded_on"] else None,
        )
        if part
    )
    cards.header(
        master["name"] or master["customer_id"],
        subtitle=subtitle,
        facts=[*_about(known), *_grade(known), *_terms(known), *_limit(release, known)],
    )
    _links(known, accounts=accounts)


def _about(known: Known) -> list[Fact]:
    master = known.master
    kinds = [
        label("deal_nature", master["deal_nature"]) if master["deal_nature"] else None,
        master["industry"],
    ]
    sizes = [
        label("customer_type", master["customer_type"]) if master["customer_type"] else None,
        label("size_class", master["size_class"]) if master["size_class"] else None,
    ]
    related = master["related_party"]
    status = master["status"]
    return [
        Fact(t("customer.group"), _group(known)),
        Fact(t("customer.type"), _joined(kinds), note=_joined(sizes, empty="")),
        Fact(
            t("customer.ownership"),
            label("ownership", master["ownership"]) if master["ownership"] else t("common.not_available"),
            note=_joined([master["region"], master["country"]], empty=""),
        ),
        Fact(
            t("customer.related"),
            label("related_party", related) if related else t("common.not_available"),
            is_amber=bool(related) and related != "none",
        ),
        Fact(
            t("customer.status"),
            label("customer_status", status) if status else t("common.not_available"),
            is_amber=status in STATUSES_TO_MIND,
        ),
        Fact(
            t("customer.owner"),
            master["sales_owner"] or t("common.not_available"),
            note=t("customer.collector", name=master["collector"]) if master["collector"] else "",
        ),
    ]


def _group(known: Known) -> str:
    exposure = known.exposure
    if exposure is None or exposure["group_id"] == exposure["subject_id"]:
        return t("customer.no_group")
    return exposure["group_name"] or t("customer.group_not_shown")


def _grade(known: Known) -> list[Fact]:
    rating = known.rating
    if rating is None:
        return [Fact(t("customer.grade"), t("common.not_available"), note=t("customer.no_grade"))]
    change = rating["change"]
    return [
        Fact(
            t("customer.grade"),
            f"{rating['grade']} {label('grade_arrow', change)} {label('grade_change', change)}",
            note=rating[f"reason_{language()}"] or "",
            is_amber=change in ("down", "unrated"),
        )
    ]


def _terms(known: Known) -> list[Fact]:
    actual, allowed = known.master["payment_terms"], known.recommendation
    allowed_text = allowed[f"recommended_terms_{language()}"] if allowed else None
    used = None if known.habits is None else known.habits["weighted_days_to_pay"]
    return [
        Fact(
            t("customer.terms"),
            actual or t("common.not_available"),
            note=t("customer.terms_note", allowed=allowed_text or t("common.not_available"),
                   days=t("common.not_available") if used is None else f"{used:,.0f}"),
        )
    ]  # fmt: skip


def _limit(release: Release, known: Known) -> list[Fact]:
    exposure, advice = known.exposure, known.recommendation
    if exposure is None:
        return [Fact(t("customer.limit"), t("common.not_available"), note=t("customer.no_exposure"))]
    currency = exposure["currency"]

    def shown(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=currency)

    reason = exposure["reason_when_null"]
    used = numbers.share(exposure["utilisation_rate"])
    advised = advice["recommended_limit_reporting"] if advice else None
    review = advice["review_due_on"] if advice else None
    is_late = review is not None and review < release.as_of
    cover = exposure["insured_cover_reporting"]
    return [
        Fact(
            t("customer.limit"),
            shown(exposure["limit_reporting"]),
            note=t("customer.limit_advised", amount=shown(advised)),
        ),
        Fact(
            t("customer.used"),
            label("no_utilisation", reason) if reason else used,
            note=t("customer.used_note", exposure=shown(exposure["exposure_reporting"])),
            is_amber=exposure["credit_state"] in STATES_TO_MIND,
        ),
        Fact(
            t("customer.review"),
            numbers.day(review) or t("common.not_available"),
            note=t("customer.review_late") if is_late else "",
            is_amber=is_late,
        ),
        Fact(
            t("customer.cover"),
            shown(cover),
            note=t("customer.uncovered", amount=shown(exposure["uncovered_exposure_reporting"])),
        ),
    ]


def _links(known: Known, *, accounts: list[Row]) -> None:
    others = [
        row for row in accounts
        if (row["company_code"], row["customer_id"]) != (known.master["company_code"], known.master["customer_id"])
    ]  # fmt: skip
    exposure = known.exposure
    if exposure and exposure["group_customer_id"]:
        others.append(
            Row(
                company_code=exposure["group_company_code"],
                customer_id=exposure["group_customer_id"],
                customer_name=exposure["group_name"],
            )
        )
    if not others:
        return
    with st.container(horizontal=True, gap="small"):
        for row in others:
            st.page_link(
                "views/customer.py",
                label=t("customer.other_account", company=row["company_code"], id=row["customer_id"],
                        name=row["customer_name"]),
                icon=":material/link:",
                query_params={COMPANY_KEY: row["company_code"], CUSTOMER_KEY: row["customer_id"]},
            )  # fmt: skip


def draw_warnings(warnings: list[Row]) -> None:
    """What is open against the customer, the most severe first."""
    if not warnings:
        return
    cards.notices(
        [
            Notice(
                t(
                    "customer.warning",
                    severity=label("severity", warning["severity"]),
                    rule=warning[f"rule_name_{language()}"],
                    message=warning[f"message_{language()}"],
                    action=warning[f"action_{language()}"],
                    owner=warning["owner_name"] or warning["collector"] or t("common.not_available"),
                    react_by=numbers.day(warning["react_by"]) or t("common.not_available"),
                ),
                is_severe=warning["severity"] == "severe",
            )
            for warning in warnings[:MOST_WARNINGS]
        ]
    )
    if len(warnings) > MOST_WARNINGS:
        st.caption(t("customer.more_warnings", count=len(warnings) - MOST_WARNINGS))


def draw_sentence(known: Known, *, overdue: Decimal, currency: str, expected: Row | None) -> None:
    """How it pays, what is overdue, when it is expected to pay, and why."""
    habits = known.habits
    parts: dict[str, object] = {"overdue": numbers.money(overdue, currency=currency)}
    if habits is not None and habits["weighted_days_to_pay"] is not None:
        to_pay, late = _whole(habits["weighted_days_to_pay"]), _whole(habits["weighted_days_late"])
        parts |= {
            # the shown parts add up to the shown total
            "days_to_pay": to_pay,
            "parts": t("customer.paid_early", terms=to_pay - late, early=-late)
            if late < 0
            else t("customer.paid_late", terms=to_pay - late, late=late),
            "on_time": numbers.share(1 - habits["late_share_by_amount"]),
        }  # fmt: skip
    if expected is not None:
        parts |= {
            "date": numbers.day(expected["middle"]), "low": numbers.day(expected["low"]),
            "high": numbers.day(expected["high"]), "reason": _first_reason(expected),
        }  # fmt: skip
    cards.sentence(_worded(parts))
    if expected is not None and not expected["is_of_overdue"]:
        st.caption(t("customer.expected_of_open"))
    with st.popover(t("card.definition"), type="tertiary", icon=":material/info:"):
        st.markdown(t("customer.sentence_definition"))


def _worded(parts: dict[str, object]) -> str:
    if "days_to_pay" in parts and "date" in parts:
        return t("customer.sentence", **parts)
    if "days_to_pay" in parts:
        return t("customer.sentence_unpredicted", **parts)
    if "date" in parts:
        return t("customer.sentence_unpaid", **parts)
    return t("customer.sentence_neither", **parts)


def _first_reason(expected: Row) -> str:
    """The strongest of the reasons; the sentence brings its own full stop."""
    full_stop = t("customer.full_stop")
    return (
        str(expected[f"reasons_{language()}"] or t("common.not_available"))
        .split(full_stop)[0]
        .rstrip(full_stop.strip())
    )


def _whole(days: Decimal) -> int:
    return int(days.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _joined(parts: list[str | None], *, empty: str | None = None) -> str:
    found = t("common.dot").join(part for part in parts if part)
    return found or (t("common.not_available") if empty is None else empty)
