"""What the customer owes against its limit, how late it pays, and where the days go.

Belongs here: rows one and two of the page. Must not: single open items.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import streamlit as st

from dashboards.data import customer_history, customer_payments
from dashboards.data.aging import Scheme
from dashboards.data.customer import Customer
from dashboards.data.customer_payments import Payments
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, charts_customer, exports, numbers, style
from dashboards.ui.cards import Card
from dashboards.ui.charts_customer import Step
from dashboards.views.parts.dates import month_end_before, months_before, same_day_last_year

MONTHS = 24
SETTLEMENT_COLUMNS = (
    "paid_on", "document_id", "instalment_no", "document_date", "due_date", "days_after_due", "receipt_id", "currency",
    "amount_document", "amount_reporting", "is_bill",
)  # fmt: skip
BALANCE_COLUMNS = ("day", "not_due", "overdue", "credits", "net_overdue")


def draw_exposure(scheme: Scheme, *, total: Row | None, exposure: Row | None) -> None:
    """Exposure step by step against the limit."""
    st.subheader(t("customer.exposure_title"), anchor=False)
    if exposure is None:
        st.caption(t("customer.no_exposure"))
        return
    currency = exposure["currency"]
    unit = numbers.unit_for(max(exposure["exposure_reporting"], exposure["limit_reporting"] or 0))
    charts_customer.exposure_steps(
        _steps(scheme, total=total, exposure=exposure),
        limit=exposure["limit_reporting"],
        currency=currency,
        unit=unit,
    )
    if exposure["limit_reporting"] is None:
        st.caption(label("no_utilisation", exposure["reason_when_null"] or "no_limit"))
    if exposure["unconverted_count"]:
        st.warning(
            t("aging.unconverted", count=exposure["unconverted_count"]), icon=":material/currency_exchange:"
        )
    with st.popover(t("card.definition"), type="tertiary", icon=":material/info:"):
        st.markdown(t("customer.exposure_definition"))


def _steps(scheme: Scheme, *, total: Row | None, exposure: Row) -> list[Step]:
    colours = style.bucket_colours(
        [bucket.code for bucket in scheme.buckets],
        lowers={bucket.code: bucket.lower for bucket in scheme.buckets},
    )
    parts: list[tuple[str, Decimal, str]] = [
        (bucket.label(language()), total[f"bucket_{bucket.number}"] if total else Decimal(0), colour)
        for bucket, colour in zip(scheme.buckets, colours, strict=True)
        if bucket.code != "unapplied"
    ]
    parts += [
        (label("exposure_part", name), sign * exposure[f"{name}_reporting"], colour)
        for name, sign, colour in (
            ("unbilled", 1, "#C7D3DE"),
            ("bill_held", 1, "#6E93B5"),
            ("bill_transferred", 1, "#4C759B"),
            ("unapplied_cash", -1, style.CREDIT),
            ("open_credit", -1, style.CREDIT),
            ("credit_surplus", 1, style.CREDIT),
        )
    ]
    steps, end = [], Decimal(0)
    for name, amount, colour in parts:
        if amount:
            steps.append(Step(name, end, end + amount, amount, colour))
            end += amount
    steps.append(
        Step(t("customer.exposure"), Decimal(0), exposure["exposure_reporting"], exposure["exposure_reporting"],
             style.ACCENT)
    )  # fmt: skip
    limit = exposure["limit_reporting"]
    if limit is not None:
        steps.append(Step(t("customer.limit"), Decimal(0), limit, limit, style.CREDIT, is_beside=True))
    retained = exposure["contract_asset_reporting"]
    if retained:
        steps.append(
            Step(
                label("exposure_part", "contract_asset"),
                end,
                end + retained,
                retained,
                style.MUTED,
                is_beside=True,
            )
        )
    return steps


def payments(release: Release, customer: Customer, *, habits: Row | None) -> Payments:
    """The payments that both rows speak of; the year is the window of the habits, so that shares have one basis."""
    year_from = habits["window_from"] if habits else months_before(release.as_of, months=11)
    return customer_payments.payments(release, customer, first_day=_first_day(release), year_from=year_from)


def draw_payments(release: Release, found: Payments) -> None:
    """Days late of every payment over two years."""
    st.subheader(t("customer.days_late_title"), anchor=False)
    charts_customer.days_late(found.rows, median=found.median_days_late)
    if not found.rows:
        return
    shown, count = len(found.rows), found.payment_count
    st.caption(
        t("customer.days_late_cut", count=count, shown=shown)
        if count > shown
        else t("customer.days_late_note", count=count)
    )
    exports.of_table(release, found.rows, columns=SETTLEMENT_COLUMNS, name="payments")


def draw_balances(release: Release, customer: Customer, *, party_id: str) -> None:
    """Balance and overdue at the last 24 month ends and on the as-of date."""
    st.subheader(t("customer.balances_title"), anchor=False)
    rows = customer_history.balances(release, customer, party_id=party_id, days=_month_ends(release.as_of))
    largest = max((row["not_due"] + row["overdue"] for row in rows), default=Decimal(0))
    if not largest and not any(row["credits"] for row in rows):
        st.caption(t("customer.no_balance"))
        return
    missing = max(row["unconverted_count"] for row in rows)
    if missing:
        st.warning(t("aging.unconverted", count=missing), icon=":material/currency_exchange:")
    charts_customer.balances(rows, currency=release.reporting_currency, unit=numbers.unit_for(largest))
    st.caption(t("customer.balances_note"))
    exports.of_table(release, rows, columns=BALANCE_COLUMNS, name="balances")


def _first_day(release: Release) -> date:
    return months_before(release.as_of, months=MONTHS - 1)


def _month_ends(as_of: date) -> list[date]:
    return [month_end_before(months_before(as_of, months=back)) for back in range(MONTHS - 1, -1, -1)] + [
        as_of
    ]


def draw_habits(release: Release, customer: Customer, found_payments: Payments) -> None:
    """How it pays, each figure beside that of the month end before and of a year ago."""
    st.subheader(t("customer.habits_title"), anchor=False)
    as_of = release.as_of
    earlier = {"month_end": month_end_before(as_of), "last_year": same_day_last_year(as_of)}
    found = customer_payments.habits(release, customer, days=(as_of, *earlier.values()))
    now = found.get(as_of)
    if now is None:
        st.caption(t("customer.no_habits"))
        return
    before = {name: found.get(day) for name, day in earlier.items()}
    kept = customer_payments.promises_kept(release, customer)
    currency = now["currency"]
    disputed = numbers.money(now["disputed_amount_reporting"], currency=currency)
    cards.row(
        [
            Card(t("habit.median"), _days(now["median_days_late"]),
                 _changes(now, before, "median_days_late", _signed_days),
                 t("habit.median_definition", count=now["payment_count"])),
            Card(t("habit.p90"), _days(now["p90_days_late"]), _changes(now, before, "p90_days_late", _signed_days),
                 t("habit.p90_definition")),
            Card(t("habit.on_time"), _rest(now["late_share_by_amount"]),
                 _changes(now, before, "late_share_by_amount", lambda change: _points(-change)),
                 t("habit.on_time_definition")),
            Card(t("habit.month_end"), _yes(now["is_month_end_payer"]),
                 (t("habit.month_end_note", share=numbers.share(now["last_calendar_days_share"])),),
                 t("habit.month_end_definition")),
        ],
        key="cards_habits",
    )  # fmt: skip
    cards.row(
        [
            Card(t("habit.part"), numbers.share(now["part_paid_share"]),
                 _changes(now, before, "part_paid_share", _points), t("habit.part_definition")),
            Card(t("habit.bills"), _bill_share(found_payments),
                 (numbers.money(found_payments.year_paid_by_bill, currency=currency),), t("habit.bills_definition")),
            Card(t("habit.promises"), numbers.share(kept["kept_rate_by_count"] if kept else None), (_kept(kept),),
                 t("habit.promises_definition")),
            Card(t("habit.disputes"), f"{now['dispute_count']:,}",
                 (t("habit.disputes_note", amount=disputed, share=numbers.share(now["disputed_share"])),),
                 t("habit.disputes_definition")),
        ],
        key="cards_more_habits",
    )  # fmt: skip


def _kept(promises: Row | None) -> str:
    if promises is None or not promises["fallen_due_count"]:
        return t("habit.promises_none")
    return t("habit.promises_note", kept=promises["kept_count"], count=promises["fallen_due_count"])


def _changes(
    now: Row, before: dict[str, Row | None], name: str, worded: Callable[[Decimal], str]
) -> tuple[str, ...]:
    lines = []
    for against, row in before.items():
        shown = label("compared_to", against)
        if row is None or row[name] is None or now[name] is None:
            lines.append(t("card.no_change", against=shown))
            continue
        change = Decimal(now[name]) - Decimal(row[name])
        text = worded(change)
        sign = "→" if not change else numbers.arrow(Decimal(-1) if text.startswith("-") else Decimal(1))
        lines.append(t("card.change", against=shown, arrow=sign, change=text))
    return tuple(lines)


def _days(value: int | None) -> str:
    return t("common.not_available") if value is None else t("habit.days", days=value)


def _signed_days(change: Decimal) -> str:
    return t("habit.days", days=f"{change:+,.0f}" if change else "0")


def _points(change: Decimal) -> str:
    return t("habit.points", points=numbers.points(change) if change else "0")


def _rest(late_share: Decimal | None) -> str:
    return numbers.share(None if late_share is None else 1 - late_share)


def _yes(value: bool | None) -> str:
    if value is None:
        return t("common.not_available")
    return t("habit.yes") if value else t("habit.no")


def _bill_share(found: Payments) -> str:
    return numbers.share(numbers.ratio(found.year_paid_by_bill, whole=found.year_paid))


def draw_delays(release: Release, customer: Customer) -> None:
    """Where the days between delivery and money go, beside the other customers of the company."""
    st.subheader(t("customer.delays_title"), anchor=False)
    rows = customer_payments.delays(release, customer)
    if not any(row["whose"] == "customer" for row in rows):
        st.caption(t("customer.no_delays"))
        return
    others = "yours" if release.restriction.sales_owner is not None else "others"
    named = [
        row | {"name": label("delay_bar", row["window_name"] if row["whose"] == "customer" else others)}
        for row in rows
    ]
    charts_customer.delays(named)
    unknown = sum(row["delivery_unknown_count"] for row in rows if row["window_name"] == "last_12_months"
                  and row["whose"] == "customer")  # fmt: skip
    if unknown:
        st.caption(t("customer.delivery_unknown", count=unknown))
    with st.popover(t("card.definition"), type="tertiary", icon=":material/info:"):
        st.markdown(t("customer.delays_definition"))
