"""Roll rates of the trend page: pair by pair with their means, by segment or company, and what became of the amounts.

Belongs here: the order of this part, its windows, what a cell is called. Must not: SQL, encodings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

import streamlit as st

from dashboards.data import aging, roll
from dashboards.data.release import Release, Row
from dashboards.data.roll import PARTS, RollScope, Window
from dashboards.i18n import label, language, namer, t
from dashboards.ui import cards, charts_trend, choices, exports, links, numbers
from dashboards.ui.charts_trend import Cell
from dashboards.views.parts import trend_roll_items, trend_values
from dashboards.views.parts.provision_names import Names

BY = ("pair", "segment", "company")
"""What the columns of the map are."""
WINDOWS = ("newest", "year", "all")
MEANS = ("year", "all")
TABLE_COLUMNS = (
    "bucket_label", "opening_amount", *PARTS, "denominator", "roll_rate", "observation_count",
)  # fmt: skip
MONEY = ("opening_amount", *PARTS, "denominator")
PAIR_COLUMNS = ("bucket_label", "column_label", "start_day", "end_day", *TABLE_COLUMNS[1:])


def draw(release: Release, scope: RollScope) -> None:
    """The part of the page."""
    pairs = roll.pairs(release)
    if not pairs:
        st.info(t("trend.roll_empty"), icon=":material/inbox:")
        return
    left, right = st.columns([1, 1.2], vertical_alignment="bottom")
    with left:
        by = choices.segments(t("trend.roll_by"), BY, name="columns", format_func=namer("trend_roll_by"))
    windows = {
        "newest": Window("newest", 1, 1), "year": Window("year", 1, roll.YEAR), "all": Window("all", 1, len(pairs)),
    }  # fmt: skip
    with right:
        window = _choose_window(windows, count=len(pairs))
    cards.titled(t("trend.roll_title"), definition=t("trend.roll_definition", count=len(pairs)))
    if by == "pair":
        rows = _by_pair(release, scope, pairs=pairs, means=[windows[code] for code in MEANS])
    else:
        rows = _by_value(release, scope, dimension=by, window=window)
    if rows:
        exports.of_table(release, rows, columns=PAIR_COLUMNS, name=f"roll-rates-by-{by}")
    _outcomes(release, scope, window=window, count=len(pairs))
    trend_roll_items.draw(release, scope, bucket_name=partial(bucket_name, release))
    if links.is_open("provision"):
        st.page_link("views/provision.py", label=t("trend.roll_link"), icon=":material/arrow_forward:")


def _by_pair(
    release: Release, scope: RollScope, *, pairs: Sequence[Row], means: Sequence[Window]
) -> list[Row]:
    newest = [Window(str(row["pair_no"]), row["pair_no"], row["pair_no"]) for row in pairs[: roll.YEAR]]
    rows = roll.rates(release, scope, windows=[*reversed(newest), *means])
    ends = {str(row["pair_no"]): numbers.day(row["end_day"]) for row in pairs}
    columns = {window.code: ends[window.code] for window in reversed(newest)} | {
        window.code: _window_name(window.code, count=len(pairs)) for window in means
    }
    return _map(release, rows, columns=columns, note=t("trend.roll_note"))


def _by_value(release: Release, scope: RollScope, *, dimension: str, window: Window) -> list[Row]:
    rows = roll.by_value(release, scope, window=window, dimension=dimension)
    names = Names(release)
    values = dict.fromkeys(row["column"] for row in rows)
    named: Callable[[str], str] = names.segment if dimension == "segment" else str
    return _map(
        release, rows, columns={value: named(value) for value in values}, note=t("trend.roll_value_note")
    )


def _map(release: Release, rows: list[Row], *, columns: dict[str, str], note: str) -> list[Row]:
    if not rows:
        st.caption(t("common.no_rows"))
        return []
    named = [row | {"bucket_label": bucket_name(release, row["bucket"]), "column_label": columns[row["column"]]}
             for row in rows]  # fmt: skip
    lines = list(
        dict.fromkeys(row["bucket_label"] for row in sorted(named, key=lambda row: row["bucket_no"]))
    )
    found = {(row["bucket_label"], row["column_label"]): row for row in named}
    cells = [
        # what the mart has no row for had nothing to roll, like what it has a row of without a rate
        _cell(line, column, found.get((line, column)), currency=release.reporting_currency)
        for line in lines
        for column in columns.values()
    ]
    charts_trend.heat(cells, lines=lines, columns=list(columns.values()), alt_text=t("chart.roll_alt"))
    st.caption(note)
    return [row | {"roll_rate": numbers.share(row["roll_rate"])} for row in named]


def _cell(line: str, column: str, row: Row | None, *, currency: str) -> Cell:
    if row is None:
        return Cell(line, column, None, t("common.not_available"))
    of = t("trend.roll_cell", rolled=numbers.money(row["numerator"], currency=currency),
           of=numbers.money(row["denominator"], currency=currency), count=f"{row['observation_count']:,}")  # fmt: skip
    return Cell(line, column, row["roll_rate"], of)


def _outcomes(release: Release, scope: RollScope, *, window: Window, count: int) -> None:
    """What the amounts of each bucket became, over a window of pairs."""
    cards.titled(t("trend.outcome_title", window=_window_name(window.code, count=count)),
                 definition=t("trend.outcome_definition"))  # fmt: skip
    rows = roll.rates(release, scope, windows=[window])
    names = {part: label("outcome", part) for part in PARTS if any(row[part] for row in rows)}
    named = [row | {"bucket_label": bucket_name(release, row["bucket"])} for row in rows]
    currency = release.reporting_currency
    cells = [
        Cell(row["bucket_label"], name, _share(row[part], whole=row["opening_amount"]),
             numbers.money(row[part], currency=currency))
        for row in named
        for part, name in names.items()
    ]  # fmt: skip
    charts_trend.heat(cells, lines=[row["bucket_label"] for row in named], columns=list(names.values()),
                      alt_text=t("chart.outcome_alt"))  # fmt: skip
    st.caption(t("trend.outcome_note"))
    with st.expander(t("trend.outcome_table"), icon=":material/table_rows:"):
        table = [row | {"roll_rate": numbers.share(row["roll_rate"])} for row in named]
        columns = [name for name in TABLE_COLUMNS if name not in PARTS or name in names]
        trend_values.table(table, columns=columns, currency=currency, of=MONEY)
        exports.of_table(release, table, columns=TABLE_COLUMNS, name=f"roll-outcomes-{window.code}")
    missing = sum(row["unconverted_count"] for row in rows)
    if missing:
        st.warning(t("trend.roll_unconverted", count=missing), icon=":material/currency_exchange:")


def _share(part: Decimal, *, whole: Decimal) -> float | None:
    ratio = numbers.ratio(part, whole=whole)
    return None if ratio is None else float(ratio)


def _choose_window(windows: dict[str, Window], *, count: int) -> Window:
    """Over which pairs the amounts are summed; `?window=`."""
    names = {code: _window_name(code, count=count) for code in WINDOWS}
    code = choices.segments(
        t("trend.window"), WINDOWS, name="window", format_func=names.__getitem__, default="all"
    )
    return windows[code]


def _window_name(code: str, *, count: int) -> str:
    return label("trend_window", code).format(count=min(count, roll.YEAR) if code == "year" else count)


def bucket_name(release: Release, code: str) -> str:
    """What a step of 30 days is called."""
    scheme = aging.schemes(release).get(roll.VARIANT)
    found = next((bucket for bucket in scheme.buckets if bucket.code == code), None) if scheme else None
    return code if found is None else found.label(language())
