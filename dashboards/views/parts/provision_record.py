"""The provision beside the books and the facts: sensitivity, roll-forward, back-test, write-off vintages.

Belongs here: those four. Must not: query outside `data.provision_history`.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import provision_history
from dashboards.data.provision import ProvisionScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, charts_provision, choices, exports, numbers, tables
from dashboards.views.parts.provision_names import Names

SEGMENT_COLUMNS = ("segment", "loss", *provision_history.CHANGES)
STEP_COLUMNS = (
    "company_code", "step", "from_date", "to_date", "opening", "charge", "reversal", "written_off", "recovered", "fx",
    "closing",
)  # fmt: skip
ENTRY_COLUMNS = ("company_code", "currency", "booked", "expected_loss", "entry")
BACKTEST_COLUMNS = (
    "segment", "expected_loss", "outcome_loss", "outcome_ratio_rate", "realised_loss", "still_doubtful",
    "too_little", "gross", "new_business_loss",
)  # fmt: skip
BUCKET_COLUMNS = (
    "bucket",
    "expected_loss",
    "outcome_loss",
    "expected_rate",
    "outcome_rate",
    "outcome_ratio_rate",
)
VINTAGE_COLUMNS = (
    "quarter", "months_since", "billed", "written_off", "recovered", "lost", "lost_rate", "last_loss_on",
)  # fmt: skip


def draw(release: Release, scope: ProvisionScope, *, names: Names, currency: str) -> None:
    """One after the other."""
    _sensitivity(release, scope, names=names, currency=currency)
    _allowance(release, scope, names=names, currency=currency)
    _backtest(release, scope, names=names)
    _vintages(release, scope)


def _sensitivity(release: Release, scope: ProvisionScope, *, names: Names, currency: str) -> None:
    rows = provision_history.sensitivity(release, scope)
    if not rows:
        return
    st.subheader(t("provision.sensitivity_title"), anchor=False)
    st.caption(t("provision.sensitivity_note"))
    changed = [
        row | {"name": names.code("assumption", row["sensitivity"])}
        for row in rows
        # without a rate for anything nothing is known of a change either
        if row["sensitivity"] != provision_history.BASE and row["change"] is not None
    ]
    if not changed:
        st.caption(t("common.no_rows"))
        return
    largest = max((abs(row["change"]) for row in changed), default=Decimal(0))
    charts_provision.sensitivity(changed, currency=currency, unit=numbers.unit_for(largest))
    with st.expander(t("provision.sensitivity_segments"), icon=":material/table_rows:"):
        by_segment = [
            row | {"segment": names.segment(row["segment"])}
            for row in provision_history.sensitivity_by_segment(release, scope)
        ]
        unit = numbers.table_unit_for(sum((row["loss"] for row in by_segment), Decimal(0)))
        tables.plain(by_segment, columns=SEGMENT_COLUMNS, unit=unit)
        exports.of_table(release, by_segment, columns=SEGMENT_COLUMNS, name="provision-sensitivity")


def _allowance(release: Release, scope: ProvisionScope, *, names: Names, currency: str) -> None:
    found = provision_history.allowance(release, scope)
    st.subheader(t("provision.allowance_title"), anchor=False)
    told = [row for row in found if row["reason_when_null"] is None]
    silent = [row["company_code"] for row in found if row["reason_when_null"] is not None]
    if silent:
        companies = t("common.list_separator").join(dict.fromkeys(silent))
        st.info(t("provision.allowance_missing", companies=companies), icon=":material/menu_book:")
    if not told:
        return
    st.caption(t("provision.allowance_note"))
    rows = [row | {"step": names.code("step", row["step"])} for row in told]
    left, right = st.columns([1, 1.35], gap="large")
    with left:
        opening = sum((row["opening"] for row in _firsts(told)), Decimal(0))
        closing = sum(
            (row["closing"] for row in told if row["step"] == provision_history.PROPOSED), Decimal(0)
        )
        charts_provision.roll_forward(
            told,
            opening=opening,
            closing=closing,
            currency=currency,
            unit=numbers.unit_for(max(opening, closing)),
        )
    with right:
        unit = numbers.table_unit_for(max(row["closing"] for row in told))
        tables.plain(rows, columns=STEP_COLUMNS, unit=unit)
        exports.of_table(release, rows, columns=STEP_COLUMNS, name="provision-allowance")
        entries = [
            {"company_code": row["company_code"], "currency": row["functional_currency"],
             "booked": row["booked_functional"], "entry": row["entry_functional"],
             "expected_loss": row["booked_functional"] + row["entry_functional"]}
            for row in told if row["step"] == provision_history.PROPOSED
        ]  # fmt: skip
        st.caption(t("provision.entry_note"))
        tables.plain(entries, columns=ENTRY_COLUMNS)


def _firsts(rows: list[Row]) -> list[Row]:
    """The first step of each company."""
    return list({row["company_code"]: row for row in reversed(rows)}.values())


def _backtest(release: Release, scope: ProvisionScope, *, names: Names) -> None:
    st.subheader(t("provision.backtest_title"), anchor=False)
    days = provision_history.backtest_days(release, scope)
    if not days:
        st.info(t("provision.backtest_none"), icon=":material/history_toggle_off:")
        return
    named = {
        str(row["months_back"]): t("provision.months_back", months=row["months_back"],
                                   day=numbers.day(row["valuation_date"]))
        for row in days
    }  # fmt: skip
    months = choices.segments(
        t("provision.predicted_on"), list(named), name="months_back", format_func=named.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    st.caption(t("provision.backtest_note"))
    currency = release.reporting_currency
    groups = provision_history.backtest_groups(release, scope, months_back=int(months))
    if groups["outcome_ratio"] is not None:
        key = "too_little" if groups["outcome_loss"] > groups["expected_loss"] else "enough"
        cards.sentence(
            t("provision.backtest_sentence", months=months, verdict=label("backtest_verdict", key),
              expected=numbers.money(groups["expected_loss"], currency=currency),
              outcome=numbers.money(groups["outcome_loss"], currency=currency),
              ratio=_times(groups["outcome_ratio"]))
        )  # fmt: skip
    rows = [
        row | {"segment": names.segment(row["segment"]), "outcome_ratio_rate": _times(row["outcome_ratio"])}
        for row in provision_history.backtest(release, scope, months_back=int(months))
    ]
    buckets = [
        _shares(row, "expected_rate", "outcome_rate")
        | {
            "bucket": _bucket(row["bucket"], release, names),
            "outcome_ratio_rate": _times(row["outcome_ratio"]),
        }
        for row in provision_history.backtest_buckets(release, scope, months_back=int(months))
    ]
    largest = max((max(row["expected_loss"], row["outcome_loss"]) for row in rows), default=Decimal(0))
    left, right = st.columns([1, 1.35], gap="large")
    with left:
        charts_provision.backtest(rows, currency=currency, unit=numbers.unit_for(largest))
    with right:
        tables.plain(rows, columns=BACKTEST_COLUMNS, unit=numbers.table_unit_for(largest))
        exports.of_table(release, rows, columns=BACKTEST_COLUMNS, name="provision-backtest")
    if buckets:
        with st.expander(t("provision.backtest_buckets"), icon=":material/stacked_bar_chart:"):
            tables.plain(buckets, columns=BUCKET_COLUMNS, unit=numbers.table_unit_for(largest))


def _vintages(release: Release, scope: ProvisionScope) -> None:
    found = provision_history.vintages(release, scope)
    st.subheader(t("provision.vintage_title"), anchor=False)
    if not found:
        st.caption(t("common.no_rows"))
        return
    st.caption(t("provision.vintage_note"))
    rows = [
        _shares(row, "lost_rate") | {"quarter": _quarter(row), "rate_value": row["lost_rate"]}
        for row in found
    ]
    left, right = st.columns([1, 1.35], gap="large")
    with left:
        charts_provision.vintages(rows)
    with right:
        unit = numbers.table_unit_for(max(row["billed"] for row in found))
        tables.plain(rows, columns=VINTAGE_COLUMNS, unit=unit)
        exports.of_table(release, rows, columns=VINTAGE_COLUMNS, name="provision-vintages")


def _quarter(row: Row) -> str:
    return f"{row['quarter_start']:%Y} Q{(row['quarter_start'].month + 2) // 3}"


def _bucket(code: str, release: Release, names: Names) -> str:
    labels = provision_history.bucket_labels(release)
    return str(labels[code][names.language]) if code in labels else names.code("bucket", code)


def _times(value: float | None) -> str:
    return t("common.not_available") if value is None else f"{value:,.2f}×"


def _shares(row: Row, *names: str) -> Row:
    return row | {
        name: t("common.not_available") if row[name] is None else f"{row[name] * 100:,.2f}%" for name in names
    }
