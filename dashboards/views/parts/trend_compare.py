"""Two days side by side on the trend page: the same figures, buckets and values of a dimension on each.

Belongs here: the order of this part and the choice of its days. Must not: SQL, encodings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import streamlit as st

from dashboards.data import compare, trend
from dashboards.data.bridge_period import MONTHLY, Period
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, namer, t
from dashboards.ui import cards, charts_trend, choices, exports, links, numbers, tables
from dashboards.ui.cards import Card
from dashboards.views.parts import trend_values
from dashboards.views.parts.dates import month_end_before, same_day_last_year
from dashboards.views.parts.trend_filters import Chosen

AGAINST = ("year_before", "month_before", "own")
MOST_VALUES = 50
BUCKET_COLUMNS = ("bucket_label", "amount_before", "amount_now", "amount_change", "direction")
VALUE_COLUMNS = (
    "dimension_value", "overdue_before", "overdue_now", "overdue_change", "direction", "before_overdue_rate",
    "now_overdue_rate", "over_90_before", "over_90_now",
)  # fmt: skip
RATES = ("before_overdue_rate", "now_overdue_rate")


@dataclass(frozen=True)
class Days:
    """The day looked at and the one it is compared with."""

    day: date
    other: date


def draw(release: Release, chosen: Chosen) -> None:
    """The part of the page."""
    days = _choose(chosen)
    now, then = (compare.on(release, chosen.scope, day) for day in (days.day, days.other))
    if now is None or then is None:
        st.info(t("trend.empty"), icon=":material/inbox:")
        return
    now, then = (row | {"credits": row["outstanding"] - row["debits"]} for row in (now, then))
    currency = chosen.currency(release)
    _sentence(days, now, then, currency=currency)
    _cards(days, now, then, currency=currency)
    _links(chosen, days)
    _buckets(release, chosen, days, currency=currency)
    _values(release, chosen, days, currency=currency)


def _choose(chosen: Chosen) -> Days:
    first, last = chosen.first_day, chosen.scope.last_day
    left, middle, right, _ = st.columns([0.9, 1.8, 0.9, 2.2], vertical_alignment="bottom")
    day = left.date_input(t("trend.day"), value=last, min_value=first, max_value=last, key="day", format="YYYY-MM-DD",
                          bind="query-params")  # fmt: skip
    day = day or last
    with middle:
        against = choices.segments(
            t("trend.against"), AGAINST, name="against", format_func=namer("trend_against")
        )
    if against == "own":
        other = right.date_input(t("trend.other"), value=max(first, month_end_before(day)), min_value=first,
                                 max_value=last, key="other", format="YYYY-MM-DD", bind="query-params")  # fmt: skip
        return Days(day, other or first)
    other = same_day_last_year(day) if against == "year_before" else month_end_before(day)
    if other < first:
        st.caption(t("trend.before_history", day=numbers.day(other), first=numbers.day(first)))
        other = first
    return Days(day, other)


def _sentence(days: Days, now: Row, then: Row, *, currency: str) -> None:
    unit = numbers.unit_for(max(abs(now["overdue"]), abs(then["overdue"])))
    change = now["overdue"] - then["overdue"]
    cards.sentence(
        t("trend.compare_sentence", day=numbers.day(days.day), other=numbers.day(days.other),
          now=numbers.money(now["overdue"], currency=currency, unit=unit),
          then=numbers.money(then["overdue"], currency=currency, unit=unit), arrow=numbers.arrow(change),
          change=numbers.money(change, currency=currency, unit=unit, is_signed=True),
          rate=numbers.share(now["overdue_rate"]), rate_then=numbers.share(then["overdue_rate"]),
          points=trend_values.points(now, then))
    )  # fmt: skip


def _cards(days: Days, now: Row, then: Row, *, currency: str) -> None:
    other = numbers.day(days.other)

    def card(name: str, *, is_strong: bool = False) -> Card:
        unit = numbers.unit_for(max(abs(now[name]), abs(then[name])))
        change = now[name] - then[name]
        return Card(
            label("trend_card", name),
            numbers.money(now[name], currency=currency, unit=unit),
            (t("trend.card_then", day=other, amount=numbers.money(then[name], currency=currency, unit=unit)),
             f"{numbers.arrow(change)} {numbers.money(change, currency=currency, unit=unit, is_signed=True)}"),
            label("trend_definition", name),
            is_strong=is_strong,
        )  # fmt: skip

    rate = Card(
        label("trend_card", "overdue_rate"),
        numbers.share(now["overdue_rate"]),
        (t("trend.card_then", day=other, amount=numbers.share(then["overdue_rate"])),
         t("trend.card_points", points=trend_values.points(now, then))),
        label("trend_definition", "overdue_rate"),
    )  # fmt: skip
    cards.row([card("outstanding"), card("overdue", is_strong=True), rate, card("over_90"), card("credits")])


def _links(chosen: Chosen, days: Days) -> None:
    """The way down to the items of either day."""
    if not links.is_open("aging"):
        return
    told = [
        f"[{t('trend.items_of', day=numbers.day(day))}]({links.aging_page(day, chosen.scope)})"
        for day in (days.day, days.other)
    ]
    st.markdown(" · ".join(told))


def _buckets(release: Release, chosen: Chosen, days: Days, *, currency: str) -> None:
    cards.titled(t("trend.buckets_title"), definition=t("trend.history_definition"))
    scope = chosen.scope.changed(scheme=chosen.scheme.code)
    found = [
        {
            row["bucket"]: row["balance"] or Decimal(0)
            for row in trend.history(release, compare.of_day(scope, day))
        }
        for day in (days.day, days.other)
    ]
    now, then = found
    rows = [
        _changed({"bucket_label": bucket.label(language()), "amount_now": now.get(bucket.code, Decimal(0)),
                  "amount_before": then.get(bucket.code, Decimal(0))}, "amount_now", "amount_before", "amount_change")
        for bucket in chosen.scheme.buckets
    ]  # fmt: skip
    total = {"bucket_label": t("overview.total")} | {
        name: sum((row[name] for row in rows), Decimal(0)) for name in ("amount_now", "amount_before")
    }
    rows.append(_changed(total, "amount_now", "amount_before", "amount_change"))
    left, right = st.columns([1.1, 1], gap="large")
    with left:
        unit = numbers.unit_for(max(abs(row["amount_now"]) for row in rows))
        charts_trend.beside(chosen.scheme, now, then, names=(numbers.day(days.day), numbers.day(days.other)),
                            currency=currency, unit=unit)  # fmt: skip
    with right:
        trend_values.table(rows, columns=BUCKET_COLUMNS, currency=currency,
                           of=("amount_before", "amount_now", "amount_change"))  # fmt: skip
        exports.of_table(release, rows, columns=BUCKET_COLUMNS, name="compare-buckets")


def _changed(row: Row, now: str, before: str, change: str) -> Row:
    amount = row[now] - row[before]
    return row | {change: amount, "direction": trend_values.direction(amount)}


def _values(release: Release, chosen: Chosen, days: Days, *, currency: str) -> None:
    cards.titled(t("trend.values_title"), definition=t("trend.values_definition"))
    earlier, later = sorted((days.day, days.other))
    dimension = trend_values.choose(is_monthly_told=Period(earlier, later).is_whole_months(release.as_of))
    if days.day == days.other:
        st.caption(t("trend.period_wrong"))
        return
    rows = compare.by_value(
        release, chosen.scope, day=days.day, other=days.other, dimension=dimension, limit=MOST_VALUES
    )
    if not rows:
        st.caption(t("common.no_rows"))
        return
    names = trend_values.names(release, dimension, [row["value"] for row in rows])
    told = [
        row | {"dimension_value": names[row["value"]], "direction": trend_values.direction(row["overdue_change"])}
        | {name: None if dimension in MONTHLY else numbers.share(row[name]) for name in RATES}
        for row in rows
    ]  # fmt: skip
    columns = tables.filled(VALUE_COLUMNS, told)
    trend_values.table(told, columns=columns, currency=currency,
                       of=("overdue_now", "overdue_before", "overdue_change"))  # fmt: skip
    if rows[0]["value_count"] > len(rows):
        st.caption(t("trend.values_cut", shown=len(rows), count=f"{rows[0]['value_count']:,}"))
    exports.of_table(release, told, columns=columns, name=f"compare-{dimension}")
