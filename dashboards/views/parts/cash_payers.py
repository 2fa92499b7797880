"""Who the money of a week, or of several, is expected from, and the items behind it.

Belongs here: the choice of weeks, payers, their items. Must not: query outside `data.cash`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import streamlit as st

from dashboards.data import cash
from dashboards.data.cash import CashScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import charts_cash, choices, exports, links, numbers, tables
from dashboards.ui.numbers import Unit

PAYER_COLUMNS = (
    "customer_name", "company_code", "expected_amount", "item_count", "overdue_amount", "late_30_rate",
)  # fmt: skip
ITEM_COLUMNS = (
    "customer_name", "company_code", "document_id", "instalment_no", "due_date", "open_amount_reporting", "currency",
    "open_amount_document", "pay_date_p10", "pay_date_p50", "pay_date_p90", "late_rate", "late_30_rate",
    "late_90_rate", "reasons", "days_model",
)  # fmt: skip
SHOWN_ITEM_COLUMNS = (
    "customer_name", "document_id", "due_date", "open_amount_reporting", "pay_date_p10", "pay_date_p50",
    "pay_date_p90", "late_30_rate", "reasons",
)  # fmt: skip
MOST_DRAWN = 14
SUMS = {"first_weeks": (1, cash.SHORT), "all_weeks": (1, cash.WEEKS)}


def draw(release: Release, scope: CashScope, weeks: list[Row], *, unit: Unit) -> None:
    """Payers of the chosen weeks, then the items of one of them or the largest of all."""
    st.subheader(t("cash.payers_title"), anchor=False)
    chosen, (first_week, last_week) = _choose_weeks(weeks)
    first_day, last_day = cash.window_days(release, first_week=first_week, last_week=last_week)
    days = {"first_day": first_day, "last_day": last_day}
    total = cash.items_total(release, scope, **days)
    if not total["item_count"]:
        st.info(t("cash.payers_none"), icon=":material/event_busy:")
        return
    currency = release.reporting_currency
    forecast = sum(row["expected"] for row in weeks if first_week <= row["week_ahead"] <= last_week)
    st.caption(
        t("cash.payers_note", first_day=numbers.day(first_day), last_day=numbers.day(last_day),
          count=total["item_count"], customers=total["customer_count"],
          amount=numbers.money(total["amount"], currency=currency, unit=unit),
          forecast=numbers.money(forecast, currency=currency, unit=unit))
    )  # fmt: skip
    payers = cash.payers(release, scope, **days)
    left, right = st.columns([1, 2], gap="large")
    with left:
        charts_cash.payers(payers, currency=currency, unit=unit)
    with right:
        position = _payer_table(payers, chosen=chosen)
        exports.of_table(
            release,
            _shares(payers, "late_30_rate"),
            columns=("customer_id", *PAYER_COLUMNS, "first_pay_date"),
            name="cash-payers",
        )
    customer = None
    if position is not None:
        payer = payers[position]
        customer = (payer["company_code"], payer["customer_id"])
        links.draw_customer(*customer, name=payer["customer_name"])
    _items(release, scope, customer=customer, first_day=first_day, last_day=last_day)


def _choose_weeks(weeks: list[Row]) -> tuple[str, tuple[int, int]]:
    spans = SUMS | {f"week_{row['week_ahead']}": (row["week_ahead"], row["week_ahead"]) for row in weeks}
    names = {code: label("cash_weeks", code) for code in SUMS} | {
        f"week_{row['week_ahead']}": t(
            "cash.week_named", number=row["week_ahead"], day=numbers.day(row["week_begins"])
        )
        for row in weeks
    }
    left, _ = st.columns([1.3, 4.7])
    with left:
        chosen = choices.select(
            t("cash.choose_weeks"), list(spans), name="weeks", format_func=names.__getitem__
        )
    return chosen, spans[chosen]


def _payer_table(payers: list[Row], *, chosen: str) -> int | None:
    largest = max((row["expected_amount"] or Decimal(0) for row in payers), default=Decimal(0))
    st.caption(t("cash.payers_hint"))
    return tables.plain(
        _shares(payers, "late_30_rate"),
        columns=PAYER_COLUMNS,
        unit=numbers.table_unit_for(largest),
        key=f"cash_payers_{chosen}",
        is_selectable=True,
    )


def _items(
    release: Release, scope: CashScope, *, customer: tuple[str, str] | None, first_day: date, last_day: date
) -> None:
    found = cash.items(release, scope, first_day=first_day, last_day=last_day, customer=customer)
    rows = [
        row | {"reasons": row[f"reasons_{language()}"], "days_model": label("forecaster", row["days_model"])}
        for row in _shares(found, "late_rate", "late_30_rate", "late_90_rate")
    ]
    st.markdown(f"**{t('cash.items_of_customer') if customer else t('cash.items_title', count=len(rows))}**")
    largest = max((row["open_amount_reporting"] or Decimal(0) for row in rows), default=Decimal(0))
    tables.plain(
        rows,
        columns=SHOWN_ITEM_COLUMNS,
        unit=numbers.table_unit_for(largest),
        height=tables.table_height(len(rows), most=10),
    )
    exports.of_table(release, rows, columns=("customer_id", *ITEM_COLUMNS), name="cash-items")
    with st.container(key="pay_days"):
        charts_cash.pay_days(
            found[:MOST_DRAWN], first_day=first_day, last_day=last_day, currency=release.reporting_currency
        )
        st.caption(t("cash.pay_days_note"))


def _shares(rows: list[Row], *names: str) -> list[Row]:
    return [row | {name: numbers.share(row[name]) for name in names} for row in rows]
