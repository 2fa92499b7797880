"""The history of the trend page: balances by bucket, the overdue rate, what falls due next, month by month.

Belongs here: the order of this part. Must not: SQL, encodings, filters.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import aging, compare, targets, trend
from dashboards.data.release import Release, Row
from dashboards.data.trend import TrendScope
from dashboards.i18n import language, t
from dashboards.ui import cards, charts, charts_trend, exports, links, numbers, tables
from dashboards.ui.numbers import Unit
from dashboards.views.parts import trend_bridge, trend_values
from dashboards.views.parts.dates import month_end_before
from dashboards.views.parts.trend_filters import Chosen

COMING_DUE = "coming_due"
MOST_RESTATED = 100
MONTH_COLUMNS = (
    "month", "outstanding", "opening_overdue", "overdue_change", "direction", "closing_overdue", "over_90",
    "overdue_rate", tables.AGING_LINK,
)  # fmt: skip
HISTORY_COLUMNS = ("day", "bucket_label", "balance")
MOST_MULTIPLES = 8
MULTIPLE_COLUMNS = ("dimension_value", "day", "overdue", "overdue_rate")
RESTATED_COLUMNS = ("day", "known_on", "item_count", "amount_reporting")


def draw(release: Release, chosen: Chosen) -> None:
    """The part of the page."""
    rates = trend.rates(release, chosen.scope)
    if not rates:
        st.info(t("trend.empty"), icon=":material/inbox:")
        st.stop()
    currency = chosen.currency(release)
    unit = numbers.unit_for(max(abs(row["outstanding"]) for row in rates))
    months = trend.rates(release, chosen.scope.changed(grain="month"))
    last = chosen.scope.last_day
    is_bridged = trend_bridge.sentence(release, chosen, after=month_end_before(last), until=last)
    _sentence(months, currency=currency, unit=unit, is_bridged=is_bridged)
    rows = trend.history(release, chosen.scope)
    cards.titled(t("trend.history_title"), definition=t("trend.history_definition"))
    unconverted = max((row["unconverted_count"] or 0 for row in rows), default=0)
    if unconverted:
        st.warning(t("aging.unconverted", count=unconverted), icon=":material/currency_exchange:")
    charts.history(
        chosen.scheme, rows, currency=currency, unit=unit, is_share=chosen.is_share, grain=chosen.scope.grain
    )
    _export_history(release, chosen, rows)
    restated = trend.restated_days(release, chosen.scope)
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        cards.titled(t("trend.rate_title"), definition=t("trend.rate_definition"))
        st.caption(t("trend.rate_note"))
        daily = trend.rates(release, chosen.scope.changed(grain="day"))
        aims = _targets(release, chosen)
        charts.rate_line(daily, months=months, restated=restated, targets=aims)
        if aims:
            st.caption(t("trend.target_note"))
    with right:
        cards.titled(t("trend.due_next_title"), definition=t("trend.due_next_definition"))
        _due_next(release, chosen, currency=currency, unit=unit)
    _by_value(release, chosen, currency=currency)
    largest = max(abs(row["outstanding"]) for row in rates)
    _months(release, chosen, months, unit=numbers.table_unit_for(largest))
    _restated(release, restated)


def _targets(release: Release, chosen: Chosen) -> list[Row]:
    """What the overdue rate is not to exceed, by month; nothing for a scope that metrics do not know."""
    scope = chosen.scope
    of = _dimension(scope)
    if of is None:
        return []
    found = targets.periods(release, metric="overdue_rate", variant="gross", dimension=of[0], value=of[1],
                            since=scope.first_day, until=scope.last_day)  # fmt: skip
    return targets.by_month(found, since=scope.first_day, until=scope.last_day)


def _dimension(scope: TrendScope) -> tuple[str, str] | None:
    """The dimension and value of the metrics that a scope is; None for one that they do not know."""
    if not scope.companies and not scope.natures and not scope.has_intragroup:
        return "group", "*"
    if len(scope.companies) == 1 and not scope.natures:
        return "company", scope.companies[0]
    if len(scope.natures) == 1 and not scope.companies and not scope.has_intragroup:
        return "deal_nature", scope.natures[0]
    return None


def _sentence(months: list[Row], *, currency: str, unit: Unit, is_bridged: bool) -> None:
    if len(months) < 2:
        return
    before, after = months[-2], months[-1]
    change = after["overdue"] - before["overdue"]
    words = {
        "first": numbers.day(before["day"]),
        "last": numbers.day(after["day"]),
        "before": numbers.money(before["overdue"], currency=currency, unit=unit),
        "after": numbers.money(after["overdue"], currency=currency, unit=unit),
        "arrow": numbers.arrow(change),
        "change": numbers.money(change, currency=currency, unit=unit, is_signed=True),
        "rate": numbers.share(after["overdue_rate"]),
        "points": trend_values.points(after, before),
        "over_90": numbers.money(after["over_90"], currency=currency, unit=unit),
    }
    # what overdue did is told by the bridge where there is one
    cards.sentence(t("trend.sentence_rate", **words) if is_bridged else t("trend.sentence", **words))


def _export_history(release: Release, chosen: Chosen, rows: list[Row]) -> None:
    labels = {bucket.code: bucket.label(language()) for bucket in chosen.scheme.buckets}
    named = [row | {"bucket_label": labels.get(row["bucket"], row["bucket"])} for row in rows]
    exports.of_table(release, named, columns=HISTORY_COLUMNS, name="overdue-history")


def _due_next(release: Release, chosen: Chosen, *, currency: str, unit: Unit) -> None:
    scheme = aging.schemes(release).get(COMING_DUE)
    # the history ends where the aging page stands (gate of the release), and is summed already
    scope = compare.of_day(chosen.scope.changed(scheme=COMING_DUE), chosen.scope.last_day)
    rows = trend.history(release, scope) if scheme else []
    if scheme is None or not rows:
        st.caption(t("common.no_rows"))
        return
    st.caption(t("trend.due_next_note", as_of=numbers.day(scope.last_day)))
    amounts = dict.fromkeys((bucket.code for bucket in scheme.buckets), Decimal(0))
    amounts |= {row["bucket"]: row["balance"] or Decimal(0) for row in rows}
    charts.due_next(scheme, amounts, currency=currency, unit=unit)


def _by_value(release: Release, chosen: Chosen, *, currency: str) -> None:
    """Small pictures of overdue by month, one for each of the largest values of a dimension."""
    cards.titled(t("trend.multiples_title"), definition=t("trend.multiples_definition"))
    # months end with their month or with the history, so every dimension can be told
    dimension = trend_values.choose(is_monthly_told=True)
    rows = compare.months(release, chosen.scope, dimension=dimension, limit=MOST_MULTIPLES)
    if not rows:
        st.caption(t("common.no_rows"))
        return
    values = list(dict.fromkeys(row["value"] for row in rows))
    names = trend_values.names(release, dimension, values)
    unit = numbers.unit_for(max(abs(row["overdue"] or Decimal(0)) for row in rows))
    charts_trend.multiples(rows, names=names, currency=currency, unit=unit)
    st.caption(t("trend.multiples_note", unit=f"{currency} {unit.name}", shown=len(values),
                 count=f"{rows[0]['value_count']:,}"))  # fmt: skip
    exact = [
        row | {"dimension_value": names[row["value"]], "overdue_rate": numbers.share(row["overdue_rate"])}
        for row in rows
    ]
    exports.of_table(release, exact, columns=MULTIPLE_COLUMNS, name=f"overdue-by-{dimension}")


def _months(release: Release, chosen: Chosen, months: list[Row], *, unit: Unit) -> None:
    cards.titled(t("trend.months_title"), definition=t("trend.months_definition"))
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
                "direction": "" if change is None else trend_values.direction(change),
                "closing_overdue": after["overdue"],
                "over_90": after["over_90"],
                "overdue_rate": numbers.share(after["overdue_rate"]),
                tables.AGING_LINK: links.aging_page(after["day"], chosen.scope),
            }
        )
    columns = [name for name in MONTH_COLUMNS if name != tables.AGING_LINK or links.is_open("aging")]
    tables.plain(shown[::-1], columns=columns, unit=unit, key="months")
    st.caption(t("trend.months_note", currency=chosen.currency(release)))
    exports.of_table(release, shown[::-1], columns=MONTH_COLUMNS[:-1], name="overdue-months")


def _restated(release: Release, rows: list[Row]) -> None:
    cards.titled(t("trend.restated_title"), definition=t("trend.restated_definition"))
    if not rows:
        st.caption(t("trend.restated_none"))
        return
    st.caption(t("trend.restated_note", count=len(rows), shown=min(len(rows), MOST_RESTATED)))
    largest = sorted(rows, key=lambda row: abs(row["amount_reporting"] or 0), reverse=True)[:MOST_RESTATED]
    left, _ = st.columns([1, 1])
    with left:
        tables.plain(sorted(largest, key=lambda row: row["day"], reverse=True), columns=RESTATED_COLUMNS,
                     key="restated")  # fmt: skip
        exports.of_table(release, rows, columns=RESTATED_COLUMNS, name="restated-days")
