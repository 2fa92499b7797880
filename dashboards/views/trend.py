"""Overdue trends page: how the balance and the overdue part of it moved, and what falls due next.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboards.data import aging, trend
from dashboards.data.aging import Scheme
from dashboards.data.release import Release, Row
from dashboards.data.scope import CURRENCY_BASES, Scope
from dashboards.data.trend import GRAINS, TrendScope
from dashboards.i18n import language, namer, t
from dashboards.ui import cards, charts, numbers, page, tables
from dashboards.ui.numbers import Unit
from dashboards.views.parts.dates import months_before

PERIODS = {"m3": 3, "m13": 13, "m25": 25, "m37": 37}
COMING_DUE = "coming_due"
MOST_RESTATED = 100


@dataclass(frozen=True)
class Chosen:
    """What the reader chose."""

    scope: TrendScope
    scheme: Scheme
    is_share: bool


def main() -> None:
    release = page.begin("trend")
    chosen = _choose(release)
    if chosen is None:
        st.info(t("trend.empty"), icon=":material/inbox:")
        st.stop()
    rates = trend.rates(release, chosen.scope)
    if not rates:
        st.info(t("trend.empty"), icon=":material/inbox:")
        st.stop()
    currency = chosen.scope.shown_currency or release.reporting_currency
    unit = numbers.unit_for(max(abs(row["outstanding"]) for row in rates))
    months = trend.rates(release, chosen.scope.changed(grain="month"))
    _sentence(months, currency=currency, unit=unit)
    rows = trend.history(release, chosen.scope)
    st.subheader(t("trend.history_title"), anchor=False)
    unconverted = max((row["unconverted_count"] or 0 for row in rows), default=0)
    if unconverted:
        st.warning(t("aging.unconverted", count=unconverted), icon=":material/currency_exchange:")
    charts.history(
        chosen.scheme, rows, currency=currency, unit=unit, is_share=chosen.is_share, grain=chosen.scope.grain
    )
    restated = trend.restated_days(release, chosen.scope)
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        st.subheader(t("trend.rate_title"), anchor=False)
        st.caption(t("trend.rate_note"))
        daily = trend.rates(release, chosen.scope.changed(grain="day"))
        charts.rate_line(daily, months=months, restated=restated)
    with right:
        st.subheader(t("trend.due_next_title"), anchor=False)
        _due_next(release, chosen, currency=currency, unit=unit)
    _months(
        months, currency=currency, unit=numbers.table_unit_for(max(abs(row["outstanding"]) for row in rates))
    )
    _restated(restated)


def _choose(release: Release) -> Chosen | None:
    span = trend.span(release)
    if span is None:
        return None
    schemes = {
        code: scheme for code, scheme in aging.schemes(release).items() if code in trend.schemes(release)
    }
    offered = aging.choices(release)
    with st.container(border=True, key="filters"):
        columns = st.columns([1.15, 1.75, 1.55, 1.2, 1.15, 1.2, 1.25, 1.3], vertical_alignment="bottom")
        with columns[0]:
            period = st.selectbox(t("filter.period"), list(PERIODS), index=1, key="trend_period",
                                  format_func=namer("period"))  # fmt: skip
        with columns[1]:
            grain = st.segmented_control(t("filter.grain"), GRAINS, default="week", required=True, key="trend_grain",
                                         format_func=namer("grain"))  # fmt: skip
        with columns[2]:
            shape = st.segmented_control(t("filter.shape"), ("amount", "share"), default="amount", required=True,
                                         key="trend_shape", format_func=namer("shape"))  # fmt: skip
        with columns[3]:
            names = {code: scheme.label(language()) for code, scheme in schemes.items()}
            codes = sorted(schemes, key=lambda code: (code != "standard", code))
            scheme_code = st.selectbox(t("filter.scheme"), codes, key="trend_scheme",
                                       format_func=names.__getitem__)  # fmt: skip
        with columns[4]:
            companies = st.multiselect(t("filter.company"), offered["companies"], key="trend_companies",
                                       placeholder=t("filter.all"))  # fmt: skip
        with columns[5]:
            natures = st.multiselect(t("filter.nature"), offered["natures"], key="trend_natures",
                                     format_func=namer("deal_nature"),
                                     placeholder=t("filter.all"))  # fmt: skip
        with columns[6]:
            currency_basis = st.selectbox(t("filter.currency_basis"), CURRENCY_BASES, key="trend_currency_basis",
                                          format_func=namer("currency_basis"))  # fmt: skip
        with columns[7]:
            has_intragroup = st.toggle(
                t("filter.intragroup"), key="trend_intragroup", help=t("filter.intragroup_help_trend")
            )
        scope = TrendScope(
            scheme=scheme_code,
            first_day=max(span[0], months_before(span[1], months=PERIODS[period] - 1)),
            last_day=span[1],
            grain=grain or "week",
            currency_basis=currency_basis,
            companies=tuple(companies),
            natures=tuple(natures),
            has_intragroup=has_intragroup,
        )
        currencies = trend.shown_currencies(release, scope)
        if not currencies:
            return None
        shown = currencies[0]
        if len(currencies) > 1:
            # Amounts of different currencies are never stacked on one another.
            shown = st.pills(t("filter.currency"), currencies, default=shown, required=True,
                             key=f"trend_currency_{currency_basis}") or shown  # fmt: skip
    return Chosen(
        scope=scope.changed(shown_currency=shown), scheme=schemes[scheme_code], is_share=shape == "share"
    )


def _sentence(months: list[Row], *, currency: str, unit: Unit) -> None:
    if len(months) < 2:
        return
    before, after = months[-2], months[-1]
    change = after["overdue"] - before["overdue"]
    rate_change = None
    if before["overdue_rate"] is not None and after["overdue_rate"] is not None:
        rate_change = Decimal(str(after["overdue_rate"])) - Decimal(str(before["overdue_rate"]))
    cards.sentence(
        t(
            "trend.sentence",
            first=numbers.day(before["day"]),
            last=numbers.day(after["day"]),
            before=numbers.money(before["overdue"], currency=currency, unit=unit),
            after=numbers.money(after["overdue"], currency=currency, unit=unit),
            arrow=numbers.arrow(change),
            change=numbers.money(change, currency=currency, unit=unit, is_signed=True),
            rate=numbers.share(after["overdue_rate"]),
            points=numbers.points(rate_change),
            over_90=numbers.money(after["over_90"], currency=currency, unit=unit),
        )
    )


def _aging_scope(release: Release, chosen: Chosen, *, scheme: Scheme) -> Scope:
    # The aging page's own statement, so that both pages say the same.
    return Scope(
        as_of=release.as_of,
        known_at=None,
        scheme=scheme.code,
        unit=scheme.unit,
        currency_basis=chosen.scope.currency_basis,
        companies=chosen.scope.companies,
        natures=chosen.scope.natures,
        has_intragroup=chosen.scope.has_intragroup,
    )


def _due_next(release: Release, chosen: Chosen, *, currency: str, unit: Unit) -> None:
    scheme = aging.schemes(release).get(COMING_DUE)
    if scheme is None:
        st.caption(t("common.no_rows"))
        return
    scope = _aging_scope(release, chosen, scheme=scheme)
    totals = aging.totals(release, scope, scheme=scheme)
    total = next(
        (row for row in totals if row["part"] == "total" and row["shown_currency"] == currency), None
    )
    if total is None:
        st.caption(t("common.no_rows"))
        return
    st.caption(t("trend.due_next_note", as_of=numbers.day(release.as_of)))
    amounts = {bucket.code: total[f"bucket_{bucket.number}"] for bucket in scheme.buckets}
    charts.due_next(scheme, amounts, currency=currency, unit=unit)


def _months(months: list[Row], *, currency: str, unit: Unit) -> None:
    st.subheader(t("trend.months_title"), anchor=False)
    shown = []
    for before, after in zip([None, *months[:-1]], months, strict=True):
        change = None if before is None else after["overdue"] - before["overdue"]
        shown.append(
            {
                "month": numbers.day(after["day"])[:7]
                + ("" if after["is_month_end"] else t("trend.running")),
                "outstanding": after["outstanding"],
                "opening_overdue": None if before is None else before["overdue"],
                "overdue_change": change,
                "direction": "" if change is None else f"{numbers.arrow(change)} {_direction(change)}",
                "closing_overdue": after["overdue"],
                "over_90": after["over_90"],
                "overdue_rate": numbers.share(after["overdue_rate"]),
            }
        )
    tables.plain(
        shown[::-1],
        columns=("month", "outstanding", "opening_overdue", "overdue_change", "direction", "closing_overdue", "over_90",
                 "overdue_rate"),
        unit=unit,
        key="months",
    )  # fmt: skip
    st.caption(t("trend.months_note", currency=currency))


def _direction(change: Decimal) -> str:
    if change == 0:
        return t("trend.unchanged")
    return t("trend.worse") if change > 0 else t("trend.better")


def _restated(rows: list[Row]) -> None:
    st.subheader(t("trend.restated_title"), anchor=False)
    if not rows:
        st.caption(t("trend.restated_none"))
        return
    st.caption(t("trend.restated_note", count=len(rows), shown=min(len(rows), MOST_RESTATED)))
    largest = sorted(rows, key=lambda row: abs(row["amount_functional"] or 0), reverse=True)[:MOST_RESTATED]
    left, _ = st.columns([1, 1])
    with left:
        _restated_rows(largest)


def _restated_rows(largest: list[Row]) -> None:
    tables.plain(
        sorted(largest, key=lambda row: row["day"], reverse=True),
        columns=("day", "known_on", "item_count", "amount_functional"),
        key="restated",
    )


main()
