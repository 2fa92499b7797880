"""Cash page: what comes in over 13 weeks, from whom, and how good such forecasts have been.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.access.viewer import EVERYTHING
from dashboards.data import cash, cash_errors
from dashboards.data.cash import CashScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, namer, t
from dashboards.ui import cards, charts_cash, choices, exports, numbers, page, tables
from dashboards.ui.cards import Card
from dashboards.ui.numbers import Unit
from dashboards.views.parts import cash_payers, cash_record

SWITCHED_OFF = "switched_off"
# companies and currencies with a picture of their own, the largest; the table has all of them
MOST_DRAWN = 6
SERIES_COLUMNS = (
    "company_code", "currency", "expected_4", "low_4", "high_4", "new_4", "expected_13", "low_13", "high_13", "new_13",
)  # fmt: skip
WEEK_COLUMNS = (
    "company_code", "currency", "week_ahead", "week_begins", "expected_reporting", "low_reporting", "high_reporting",
    "expected_new_reporting", "model",
)  # fmt: skip


def main() -> None:
    release = page.begin("cash")
    offered = cash.choices(release)
    if not offered["companies"]:
        _nothing(release)
        st.stop()
    scope = _choose(offered)
    weeks = cash.weeks(release, scope)
    if not weeks:
        st.info(t("cash.empty_scope"), icon=":material/inbox:")
        st.stop()
    currency = release.reporting_currency
    unit = numbers.unit_for(weeks[-1]["cumulative"])
    _headline(release, scope, weeks, currency=currency, unit=unit)
    _forecast(release, scope, weeks, currency=currency, unit=unit)
    cash_payers.draw(release, scope, weeks, unit=unit)
    cash_record.draw(release, scope, unit=unit)
    _left_out(release)


def _nothing(release: Release) -> None:
    """No forecast: because it is switched off, or because there is nothing to forecast."""
    is_off = any(row["name"] == SWITCHED_OFF for row in cash.outcomes(release))
    st.info(t("cash.switched_off") if is_off else t("cash.empty"), icon=":material/inbox:")
    if is_off:
        st.markdown(t("cash.switch_on"))


def _choose(offered: dict[str, list[str]]) -> CashScope:
    with st.container(border=True, key="filters"):
        left, right, rest = st.columns([1.4, 1.4, 3.2], vertical_alignment="bottom")
        companies = left.multiselect(t("filter.company"), offered["companies"], key="companies", bind="query-params",
                                     placeholder=t("filter.all"))  # fmt: skip
        currencies = right.multiselect(t("filter.currency"), offered["currencies"], key="currencies",
                                       bind="query-params", placeholder=t("filter.all"))  # fmt: skip
        rest.caption(t("cash.filter_note"))
    return CashScope(tuple(companies), tuple(currencies))


def _headline(release: Release, scope: CashScope, weeks: list[Row], *, currency: str, unit: Unit) -> None:
    short, whole = cash.until(weeks, cash.SHORT), weeks[-1]
    forecasters = cash_errors.errors_by_forecaster(release, scope)
    champion = next((row for row in forecasters if row["is_champion"]), None)
    rivals = {row["model"]: row for row in forecasters}
    held = cash_errors.coverage(release, scope)
    held_count, week_count = sum(row["held_count"] for row in held), sum(row["week_count"] for row in held)
    past = [row for row in cash_errors.past_totals(release, scope) if row["weeks"] == cash.SHORT]

    def shown(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=currency, unit=unit)

    def until(weeks_ahead: int) -> str:
        _, last_day = cash.window_days(release, first_week=1, last_week=weeks_ahead)
        return t("cash.card_band", day=numbers.day(last_day))

    def rate(model: str | None) -> str:
        row = champion if model is None else rivals.get(model)
        return numbers.share(None if row is None else row["short_error_rate"])

    facts = {
        "as_of": numbers.day(release.as_of),
        "short": shown(short["cumulative"]), "short_low": shown(short["cumulative_low"]),
        "short_high": shown(short["cumulative_high"]),
        "whole": shown(whole["cumulative"]), "whole_low": shown(whole["cumulative_low"]),
        "whole_high": shown(whole["cumulative_high"]), "new": shown(whole["cumulative_new"]),
    }  # fmt: skip
    cards.sentence(t("cash.sentence", **facts))
    if champion is not None and champion["short_error_rate"] is not None:
        cards.sentence(
            t("cash.sentence_record", count=len(past), error=rate(None), due_date=rate(cash.DUE_DATE),
              last_weeks=rate(cash.LAST_WEEKS))
        )  # fmt: skip
        better = [row for row in forecasters if row["model"] in cash.RIVALS and _is_better(row, champion)]
        if better:
            st.warning(
                t("cash.rival_better", rival=label("cash_forecaster", better[0]["model"])),
                icon=":material/compare_arrows:",
            )
    covered = numbers.share(held_count / week_count if week_count else None)
    cards.row(
        [
            Card(t("cash.card_short"), facts["short"],
                 (t("cash.card_range", low=facts["short_low"], high=facts["short_high"]),
                  until(cash.SHORT)),
                 t("cash.card_sum_definition"), is_strong=True),
            Card(t("cash.card_whole"), facts["whole"],
                 (t("cash.card_range", low=facts["whole_low"], high=facts["whole_high"]),
                  until(cash.WEEKS)),
                 t("cash.card_sum_definition")),
            Card(t("cash.card_new"), facts["new"],
                 (t("cash.card_new_short", amount=shown(short["cumulative_new"])), t("cash.card_new_note")),
                 t("cash.card_new_definition")),
            Card(t("cash.card_error"), rate(None),
                 (t("cash.card_error_due_date", rate=rate(cash.DUE_DATE)),
                  t("cash.card_error_last_weeks", rate=rate(cash.LAST_WEEKS))),
                 t("cash.card_error_definition")),
            Card(t("cash.card_coverage"), covered,
                 (t("cash.card_coverage_weeks", held=held_count, count=week_count),
                  t("cash.card_coverage_sums", held=sum(bool(row["is_in_band"]) for row in past), count=len(past))),
                 t("cash.card_coverage_definition")),
        ]
    )  # fmt: skip


def _is_better(rival: Row, champion: Row) -> bool:
    return rival["short_error_rate"] is not None and rival["short_error_rate"] < champion["short_error_rate"]


def _forecast(release: Release, scope: CashScope, weeks: list[Row], *, currency: str, unit: Unit) -> None:
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        title, switch = st.columns([1.6, 1], vertical_alignment="bottom")
        title.subheader(t("cash.weeks_title"), anchor=False)
        with switch:
            shape = choices.segments(
                t("filter.shape"), ("weekly", "cumulative"), name="forecast", format_func=namer("cash_shape"),
                label_visibility="collapsed",
            )  # fmt: skip
        if shape == "cumulative":
            charts_cash.cumulative(weeks, currency=currency, unit=unit)
        else:
            charts_cash.weeks(weeks, currency=currency, unit=unit)
        st.caption(t("cash.weeks_note"))
    every, rows = cash.series(release, scope), cash.by_series(release, scope)
    with right:
        st.subheader(t("cash.series_title"), anchor=False)
        drawn = [(row["company_code"], row["currency"]) for row in rows[:MOST_DRAWN]]
        st.caption(t("cash.series_note", unit=f"{currency} {unit.name}", count=len(drawn)))
        charts_cash.series(every, drawn=drawn, currency=currency, unit=unit)
    largest = max((row["high_13"] for row in rows), default=None)
    if largest is not None:
        st.caption(t("cash.series_table_note", currency=currency))
        tables.plain(rows, columns=SERIES_COLUMNS, unit=numbers.table_unit_for(largest))
    worded = [row | {"model": label("forecaster", row["model"])} for row in every]
    exports.of_table(release, worded, columns=WEEK_COLUMNS, name="cash-forecast")


def _left_out(release: Release) -> None:
    """What of the balance is predicted, and what is left out and why; of all companies, so not for who sees one."""
    with st.expander(t("cash.left_out_title"), icon=":material/filter_alt:"):
        if release.restriction != EVERYTHING:
            st.caption(t("cash.left_out_restricted"))
        else:
            st.caption(t("cash.left_out_note"))
            rows = [
                row | {"outcome": label("prediction_outcome", row["name"])} for row in cash.outcomes(release)
            ]
            tables.plain(rows, columns=("outcome", "item_count", "open_amount_reporting"))
        refused = [
            row | {"kind": label("prediction_input", row["kind"])} for row in cash_errors.refused(release)
        ]
        if refused:
            st.caption(t("cash.refused_note"))
            tables.plain(refused, columns=("kind", "name", "reason"))


main()
