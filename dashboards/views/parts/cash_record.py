"""What forecasts have been worth: against what came, against rivals, calibrated or not, and who predicts today.

Belongs here: the track record of the cash page. Must not: query outside `data.cash_errors`.
"""

from __future__ import annotations

import streamlit as st

from dashboards.data import cash_errors
from dashboards.data.cash import CashScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, namer, t
from dashboards.ui import charts_cash, choices, exports, numbers, tables
from dashboards.ui.numbers import Unit

TARGETS = (cash_errors.OPEN_ITEMS, cash_errors.TOTAL)
TOTAL_COLUMNS = (
    "forecast_on", "weeks_summed", "expected", "low", "high", "received", "error", "sum_error_rate", "in_band",
)  # fmt: skip
FORECASTER_COLUMNS = ("forecaster", "error_rate", "short_error_rate", "bias_rate", "week_count")
CHAMPION_COLUMNS = (
    "company_code", "horizon", "forecaster", "why", "loss_text", "rival", "rival_text", "scored_count", "quality",
)  # fmt: skip
COVERAGE_COLUMNS = ("company_code", "currency", "held_rate", "held_count", "week_count", "band_verdict")
# so far from the 80 % that a band should hold, a word says in which direction
TOO_NARROW, TOO_WIDE = 0.7, 0.9


def draw(release: Release, scope: CashScope, *, unit: Unit) -> None:
    """Track record, then who predicts and why."""
    st.subheader(t("cash.record_title"), anchor=False)
    days = cash_errors.past_days(release, scope)
    if not days:
        st.info(t("cash.record_none"), icon=":material/history_toggle_off:")
    else:
        _past(release, scope, unit=unit)
        _rivals(release, scope)
    st.subheader(t("cash.champions_title"), anchor=False)
    _champions(release, scope)


def _past(release: Release, scope: CashScope, *, unit: Unit) -> None:
    currency = release.reporting_currency
    days = cash_errors.past_days(release, scope)
    left, right = st.columns(2, gap="large")
    with left:
        first, second = st.columns([1, 1.5], vertical_alignment="bottom")
        names = {numbers.day(day): day for day in days}
        day = first.selectbox(t("cash.forecast_on"), list(names), key="forecast_on", bind="query-params")
        with second:
            target = choices.segments(t("cash.target"), TARGETS, name="of", format_func=namer("cash_target"))
        rows = cash_errors.past_weeks(release, scope, forecast_on=names[day], target=target)
        charts_cash.past(rows, currency=currency, unit=unit)
        st.caption(t("cash.past_note"))
    with right:
        st.markdown(f"**{t('cash.errors_title')}**")
        charts_cash.errors(cash_errors.errors_by_week(release, scope))
        st.caption(t("cash.errors_note"))
    totals = [
        row
        | {
            "weeks_summed": row["weeks"],
            "sum_error_rate": numbers.share(row["error_rate"]),
            "in_band": t("common.yes") if row["is_in_band"] else t("common.no"),
        }
        for row in cash_errors.past_totals(release, scope)
    ]
    if totals:
        st.markdown(f"**{t('cash.totals_title')}**")
        st.caption(t("cash.totals_note", currency=currency))
        largest = max(row["high"] for row in totals)
        tables.plain(totals, columns=TOTAL_COLUMNS, unit=numbers.table_unit_for(largest))
        exports.of_table(release, totals, columns=TOTAL_COLUMNS, name="cash-past")


def _rivals(release: Release, scope: CashScope) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{t('cash.forecasters_title')}**")
        st.caption(t("cash.forecasters_note"))
        rows = [
            row | _texts(row, "error_rate", "short_error_rate") | {
                "forecaster": _named(row),
                "bias_rate": _signed_share(row["bias_rate"]),
            }
            for row in cash_errors.errors_by_forecaster(release, scope)
        ]  # fmt: skip
        tables.plain(rows, columns=FORECASTER_COLUMNS)
        st.markdown(f"**{t('cash.coverage_title')}**")
        st.caption(t("cash.coverage_note"))
        held = cash_errors.coverage(release, scope)
        rows = [row | _texts(row, "held_rate") | {"band_verdict": _verdict(row["held_rate"])} for row in held]
        tables.plain(rows, columns=COVERAGE_COLUMNS)
    with right:
        _calibration(release)


def _champions(release: Release, scope: CashScope) -> None:
    rows = [
        row
        | {
            "horizon": label("horizon", row["horizon"]),
            "forecaster": label("forecaster", row["model"]),
            "why": label("champion_reason", row["reason"]),
            "rival": label("forecaster", row["rival_model"] or "none"),
            "loss_text": _loss(row, "loss"),
            "rival_text": _loss(row, "rival_loss"),
            "quality": _quality(row),
        }
        for row in cash_errors.champions(release, scope)
    ]
    st.caption(t("cash.champions_note"))
    tables.plain(rows, columns=CHAMPION_COLUMNS)
    if rows:
        exports.of_table(release, rows, columns=CHAMPION_COLUMNS, name="cash-champions")


def _calibration(release: Release) -> None:
    st.markdown(f"**{t('cash.reliability_title')}**")
    st.caption(t("cash.reliability_note"))
    said = cash_errors.reliability(release)
    if said:
        charts_cash.reliability(said)
    else:
        st.caption(t("common.no_rows"))


def _verdict(rate: float) -> str:
    if rate < TOO_NARROW:
        return label("band_verdict", "narrow")
    return label("band_verdict", "wide" if rate > TOO_WIDE else "right")


def _loss(row: Row, name: str) -> str:
    """The measure that chose: shares of cash, days, or a Brier score, none comparable with another."""
    value = row[name]
    if value is None:
        return t("common.not_available")
    if row["horizon"] == "cash":
        return t("cash.loss_cash", value=numbers.share(value))
    return (
        t("cash.loss_days", value=f"{value:.1f}")
        if row["horizon"] == "days"
        else t("cash.loss_brier", value=f"{value:.3f}")
    )


def _quality(row: Row) -> str:
    """What says more than the loss: days off and the band, or how well late and punctual are told apart."""
    if row["horizon"] == "days":
        return t(
            "cash.quality_days",
            days=f"{row['mean_absolute_days']:.0f}",
            held=numbers.share(row["band_coverage_rate"]),
        )
    if row["horizon"] == "cash":
        return t("cash.quality_cash", held=numbers.share(row["band_coverage_rate"]))
    auc = t("common.not_available") if row["auc"] is None else f"{row['auc']:.2f}"
    return t("cash.quality_late", auc=auc)


def _named(row: Row) -> str:
    name = label("forecaster", row["model"])
    return t("cash.is_champion", name=name) if row["is_champion"] else name


def _texts(row: Row, *names: str) -> Row:
    return {name: numbers.share(row[name]) for name in names}


def _signed_share(value: float | None) -> str:
    return t("common.not_available") if value is None else f"{value * 100:+,.1f}%"
