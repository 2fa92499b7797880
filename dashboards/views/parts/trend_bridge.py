"""The overdue bridge between two days: sentence, waterfall, proof, by dimension, and the items behind a line.

Belongs here: the order of this part, its period, and which lines are told together. Must not: SQL, encodings.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from dashboards.data import bridge, bridge_period, compare, roll
from dashboards.data.bridge_period import Period
from dashboards.data.release import Release, Row
from dashboards.data.roll import RollScope, Window
from dashboards.i18n import label, namer, t
from dashboards.ui import cards, charts_overview, choices, exports, numbers
from dashboards.views.parts import item_list, overview_change, trend_values
from dashboards.views.parts.dates import month_end_before, months_before
from dashboards.views.parts.trend_filters import Chosen

SPANS = ("this_month", "last_month", "m3", "m12", "this_year", "own")
# what a customer settled, by whatever means
CURED = ("cash", "bill", "credit_note", "discount", "offset", "settlement")
# lines told together -> their column; a credit balance is something else than what was credited
TOGETHER = {
    name: "credited" if name == "credits" else name for name in overview_change.TOLD if name != "restated"
}
LINE_COLUMNS = ("line", "line_amount", "opening_share_rate")
# what it was, is and changed by stands before why: the table is wide
VALUE_COLUMNS = (
    "dimension_value", "opening_overdue", "closing_overdue", "overdue_change", *TOGETHER.values(), "other",
)  # fmt: skip
ITEM_COLUMNS = (
    "day",
    "customer_name",
    "document_id",
    "line_amount",
    "amount_document",
    "currency",
)
# the history translates each bucket and the bridge the sum of them: cents, not a difference in what is owed
ROUNDING = Decimal(1)
MOST_VALUES = 50
MOST_ITEMS = 200
# the bucket whose roll the page's sentence tells
FIRST_BUCKET = "1-30"


def draw(release: Release, chosen: Chosen) -> None:
    """The part of the page."""
    period = _choose_period(release)
    row = None if period is None else bridge_period.between(release, chosen.scope, period)
    if period is None or row is None:
        st.info(t("trend.bridge_empty"), icon=":material/inbox:")
        return
    sentence(release, chosen, after=period.after, until=period.until)
    currency = chosen.currency(release)
    if chosen.scope.currency_basis == "constant":
        st.caption(t("trend.bridge_constant"))
    if row["unconverted_count"]:
        st.warning(
            t("aging.unconverted", count=row["unconverted_count"]), icon=":material/currency_exchange:"
        )
    cards.titled(t("trend.bridge_title", after=numbers.day(period.after), until=numbers.day(period.until)),
                 definition=t("trend.bridge_definition"))  # fmt: skip
    lines = [name for name in bridge.LINES if row[name]]
    if lines:
        _lines(release, row, lines=lines, currency=currency)
    else:
        st.caption(t("trend.bridge_nothing"))
    _proof(release, chosen, period, row, currency=currency)
    _by_value(release, chosen, period, row)
    if lines:
        _items(release, chosen, period, row, lines=lines, currency=currency)


def sentence(release: Release, chosen: Chosen, *, after: date, until: date) -> bool:
    """What overdue did from one evening to another, and how much of it rolls on; False where there is no bridge."""
    row = bridge_period.between(release, chosen.scope, Period(after, until))
    if row is None:
        return False
    currency = chosen.currency(release)
    unit = numbers.unit_for(max(abs(row["opening"]), abs(row["closing"])))

    def told(amount: Decimal, *, is_signed: bool = False) -> str:
        return numbers.money(amount, currency=currency, unit=unit, is_signed=is_signed)

    new = sum((row[name] for name in bridge.NEW), Decimal(0))
    cured = sum((row[name] for name in CURED), Decimal(0))
    parts = {"new": new, "cured": cured, "written_off": row["write_off"], "fx": row["fx"]}
    other = row["closing"] - row["opening"] - sum(parts.values(), Decimal(0))
    text = t(
        "trend.bridge_sentence",
        period=t("trend.period_of", first=numbers.day(after + timedelta(days=1)), last=numbers.day(until)),
        **{"from": told(row["opening"]), "to": told(row["closing"])},
        new=told(new), cured=told(-cured), cash=told(-row["cash"]), written_off=told(-row["write_off"]),
        fx=told(row["fx"], is_signed=True),
    )  # fmt: skip
    if other:
        text += t("trend.bridge_other", other=told(other, is_signed=True))
    cards.sentence(text + _rolled(release, chosen))
    return True


def _rolled(release: Release, chosen: Chosen) -> str:
    """The newest roll from 1-30 to 31-60 days and its mean, of the companies chosen: rates know no deal nature."""
    pairs = roll.pairs(release)
    if not pairs:
        return ""
    windows = [Window("newest", 1, 1), Window("mean", 1, len(pairs))]
    rows = roll.rates(release, RollScope(chosen.scope.companies), windows=windows)
    found = {row["column"]: row["roll_rate"] for row in rows if row["bucket"] == FIRST_BUCKET}
    # the mart offers as many pairs as there is history: fewer than three years are no three-year mean
    words = {"roll": numbers.share(found.get("newest")), "mean": numbers.share(found.get("mean"))}
    if len(pairs) >= 3 * roll.YEAR:
        return t("trend.roll_sentence", **words)
    return t("trend.roll_sentence_short", count=len(pairs), **words)


def _choose_period(release: Release) -> Period | None:
    span = bridge_period.span(release)
    if span is None:
        return None
    first, last = span
    month_end = month_end_before(last)
    left, middle, right, _ = st.columns([2.6, 0.8, 0.8, 1.4], vertical_alignment="bottom")
    with left:
        code = choices.segments(t("trend.span"), SPANS, name="span", format_func=namer("trend_span"))
    if code == "own":
        after = middle.date_input(t("trend.from"), value=max(first, month_end), min_value=first, max_value=last,
                                  key="from", format="YYYY-MM-DD", bind="query-params",
                                  help=t("trend.from_help"))  # fmt: skip
        until = right.date_input(t("trend.to"), value=last, min_value=first, max_value=last, key="to",
                                 format="YYYY-MM-DD", bind="query-params")  # fmt: skip
        if after is None or until is None or after >= until:
            st.warning(t("trend.period_wrong"), icon=":material/event_busy:")
            st.stop()
        return Period(after, until)
    begins = {
        "this_month": month_end,
        "last_month": month_end_before(month_end),
        "m3": month_end_before(months_before(last, months=2)),
        "m12": month_end_before(months_before(last, months=11)),
        "this_year": last.replace(month=1, day=1) - timedelta(days=1),
    }
    until = month_end if code == "last_month" else last
    return Period(max(first, begins[code]), max(until, first + timedelta(days=1)))


def _lines(release: Release, row: Row, *, lines: list[str], currency: str) -> None:
    unit = numbers.unit_for(max(abs(row[name]) for name in lines))
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        charts_overview.waterfall(
            [(label("bridge_line", name), row[name]) for name in lines],
            closing=t("overview.net_change"), currency=currency, unit=unit,
        )  # fmt: skip
        st.caption(t("trend.bridge_note"))
    told = [
        *[(label("bridge_line", name), row[name]) for name in lines],
        (t("overview.net_change"), row["closing"] - row["opening"]),
    ]
    rows = [
        {"line": name, "line_amount": amount,
         "opening_share_rate": numbers.share(numbers.ratio(amount, whole=row["opening"]))}
        for name, amount in [(t("trend.opening"), row["opening"]), *told, (t("trend.closing"), row["closing"])]
    ]  # fmt: skip
    with right:
        trend_values.table(rows, columns=LINE_COLUMNS, currency=currency, of=("line_amount",))
        exports.of_table(release, rows, columns=LINE_COLUMNS, name="overdue-bridge")


def _proof(release: Release, chosen: Chosen, period: Period, row: Row, *, currency: str) -> None:
    """Opening + lines = closing, and the closing is what the history of balances says of that day."""

    def told(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=currency, unit=numbers.EXACT)

    lines = sum((row[name] for name in bridge.LINES), Decimal(0))
    difference = row["opening"] + lines - row["closing"]
    texts = [t("trend.bridge_proof", opening=told(row["opening"]), lines=told(lines), closing=told(row["closing"]),
               difference=told(difference))]  # fmt: skip
    is_amber = difference != 0
    # the history tells the reporting currency at each day's rate, as the bridge does
    basis = "reporting" if chosen.scope.currency_basis == "constant" else chosen.scope.currency_basis
    for day, amount in ((period.after, row["opening"]), (period.until, row["closing"])):
        history = compare.on(release, chosen.scope.changed(currency_basis=basis), day)
        if history is None:
            continue
        apart = amount - history["overdue"]
        is_rounding = basis == "reporting" and abs(apart) < ROUNDING
        texts.append(t("trend.bridge_proof_history", day=numbers.day(day), overdue=told(history["overdue"]),
                       difference=told(apart),
                       rounding=t("trend.rounding") if apart and is_rounding else ""))  # fmt: skip
        is_amber = is_amber or not (apart == 0 or is_rounding)
    cards.proof(texts, is_amber=is_amber)


def _by_value(release: Release, chosen: Chosen, period: Period, total: Row) -> None:
    cards.titled(t("trend.bridge_by_title"), definition=t("trend.bridge_by_definition"))
    dimension = trend_values.choose(is_monthly_told=period.is_whole_months(release.as_of))
    rows = bridge_period.by_value(release, chosen.scope, period, dimension=dimension, limit=MOST_VALUES)
    if not rows:
        st.caption(t("common.no_rows"))
        return
    names = trend_values.names(release, dimension, [row["value"] for row in rows])
    told = [{"dimension_value": names[row["value"]]} | _together(row) for row in rows]
    rest = _together(total)
    money = [name for name in VALUE_COLUMNS if name != "dimension_value"]
    for row in told:
        for name in money:
            rest[name] -= row[name]
    # translated by day above and by month in the rows: cents that stay are nobody's
    if rows[0]["value_count"] > len(rows):
        told.append({"dimension_value": t("trend.others", count=rows[0]["value_count"] - len(rows))} | rest)
    told.append({"dimension_value": t("overview.total")} | _together(total))
    columns = [name for name in VALUE_COLUMNS if name not in money or any(row[name] for row in told)]
    trend_values.table(told, columns=columns, currency=chosen.currency(release), of=money)
    exports.of_table(release, told, columns=VALUE_COLUMNS, name=f"overdue-bridge-{dimension}")


def _together(row: Row) -> Row:
    amounts = overview_change.together(row)
    return {
        "opening_overdue": row["opening"],
        **{column: amounts[name] for name, column in TOGETHER.items()},
        "other": amounts["other"],
        "closing_overdue": row["closing"],
        "overdue_change": row["closing"] - row["opening"],
    }


def _items(
    release: Release, chosen: Chosen, period: Period, total: Row, *, lines: list[str], currency: str
) -> None:
    cards.titled(t("trend.items_title"), definition=t("trend.items_definition"))
    left, _ = st.columns([1, 2.4])
    with left:
        line = choices.select(t("chart.line"), lines, name="line", format_func=namer("bridge_line"))
    rows = bridge_period.items(release, chosen.scope, period, line=line, limit=MOST_ITEMS)
    if not rows:
        st.caption(t("trend.items_none"))
        return
    words = {"shown": f"{len(rows):,}", "total": numbers.money(total[line], currency=currency)}
    st.caption(
        t("trend.items_note_cut", **words) if len(rows) == MOST_ITEMS else t("trend.items_note", **words)
    )
    item_list.draw(
        release, rows, columns=ITEM_COLUMNS, key=f"bridge_items_{line}_{period}_{chosen.scope.shown_currency}",
        name=f"overdue-bridge-{line}", day=lambda _: period.until,
    )  # fmt: skip
