"""The trend page on rows that can be added up by hand (own/trend.sql): its figures, and each part as it is opened."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import bridge, bridge_period, compare, drill, roll, targets, trend, vintages
from dashboards.data.bridge_period import Period
from dashboards.data.release import Release, Row, current_release, fetch
from dashboards.data.roll import RollScope, Window
from dashboards.data.trend import TrendScope
from dashboards.ui import charts, links
from dashboards.views.parts import trend_vintage
from tests.dashboards.own_release import html_of, make_own, open_page, select, table_with

AS_OF = date(2026, 6, 30)
JUNE = Period(date(2026, 5, 31), AS_OF)
LANGUAGES = ("zh", "en")
OWN = "trend"
WHOLE = TrendScope(scheme="standard", first_day=date(2025, 6, 1), last_day=AS_OF)


def lines_of(row: Row | None) -> dict[str, Decimal]:
    assert row is not None
    return {name: row[name] for name in ("opening", *bridge.LINES, "closing") if row[name]}


def amounts(**told: int) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in told.items()}


def test_the_bridge_begins_the_evening_before_its_first_day(release: Release) -> None:
    # 100 + 0 + 0 at the end of May; 50 + 70 + 39 new, 30 paid, 10 written off, 1 of exchange; 110 + 71 + 39
    assert lines_of(bridge_period.between(release, WHOLE, JUNE)) == amounts(
        opening=100, became_overdue=159, cash=-30, write_off=-10, fx=1, closing=220
    )
    assert lines_of(
        bridge_period.between(release, WHOLE, Period(date(2026, 5, 31), date(2026, 6, 1)))
    ) == amounts(opening=100, became_overdue=120, cash=-30, closing=190)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"companies": ("DE01",)}, {"became_overdue": 39, "closing": 39}),
        ({"natures": ("manufacturer",)}, {"became_overdue": 70, "fx": 1, "closing": 71}),
        ({"has_intragroup": True, "natures": ("other",)}, {"became_overdue": 539, "closing": 539}),
        ({"currency_basis": "document", "shown_currency": "USD"}, {"became_overdue": 10, "closing": 10}),
        # the books of CN01 are in CNY, those of DE01 in EUR: 120 of CNY, 70 of USD at its rate
        (
            {"currency_basis": "functional", "shown_currency": "CNY"},
            {"opening": 100, "became_overdue": 120, "cash": -30, "fx": 1, "closing": 181},
        ),
        ({"currency_basis": "constant", "companies": ("DE01",)}, {"became_overdue": 39, "closing": 39}),
    ],
)
def test_the_bridge_keeps_to_the_scope(
    release: Release, changes: dict[str, object], expected: dict[str, int]
) -> None:
    assert lines_of(bridge_period.between(release, WHOLE.changed(**changes), JUNE)) == amounts(**expected)


def test_a_scope_that_was_never_overdue_has_no_bridge(release: Release) -> None:
    assert bridge_period.between(release, WHOLE.changed(natures=("retail_chain",)), JUNE) is None


def test_values_of_a_dimension_add_up_to_the_bridge(release: Release) -> None:
    whole = lines_of(bridge_period.between(release, WHOLE, JUNE))
    for dimension in (*bridge_period.DAILY, *bridge_period.MONTHLY):
        rows = bridge_period.by_value(release, WHOLE, JUNE, dimension=dimension, limit=50)
        for name, amount in whole.items():
            assert sum(row[name] for row in rows) == amount, (dimension, name)
    rows = bridge_period.by_value(release, WHOLE, JUNE, dimension="customer", limit=2)
    # 71, 39, and of C001 10: the two largest changes of three
    assert [(row["value"], row["change"]) for row in rows] == [
        ("CN01|C003", Decimal(71)),
        ("DE01|K300", Decimal(39)),
    ]
    assert {row["value_count"] for row in rows} == {3}
    assert bridge_period.names(release, ["DE01|K300"]) == {"DE01|K300": "Pacific Imports Inc."}


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        ("2026-05-31", "2026-06-30", True),
        ("2026-04-30", "2026-05-31", True),
        ("2026-05-30", "2026-06-30", False),
        ("2026-05-31", "2026-06-29", False),
    ],
)
def test_customers_are_told_of_whole_months(after: str, until: str, expected: bool) -> None:
    period = Period(date.fromisoformat(after), date.fromisoformat(until))
    assert period.is_whole_months(AS_OF) is expected
    # the running month ends on the business day
    assert Period(date(2026, 5, 31), date(2026, 6, 17)).is_whole_months(date(2026, 6, 17))


def test_items_behind_a_line_are_those_of_the_scope_and_period_the_largest_first(release: Release) -> None:
    rows = bridge_period.items(release, WHOLE, JUNE, line="became_overdue", limit=10)
    # 10 USD are 71 CNY, more than 50
    assert [(row["document_id"], row["line_amount"]) for row in rows] == [
        ("INV-3002", Decimal("71.00")),
        ("INV-1003", Decimal(50)),
    ]
    assert rows[0]["amount_document"] == 10
    told = {
        "sister": WHOLE.changed(has_intragroup=True),
        "nature": WHOLE.changed(natures=("project",)),
        "books": WHOLE.changed(currency_basis="functional", shown_currency="CNY"),
        "other company": WHOLE.changed(companies=("DE01",)),
    }
    found = {
        name: [
            row["line_amount"]
            for row in bridge_period.items(release, scope, JUNE, line="became_overdue", limit=10)
        ]
        for name, scope in told.items()
    }
    assert found == {"sister": [500, 71, 50], "nature": [50], "books": [70, 50], "other company": []}
    (one,) = bridge_period.items(release, WHOLE, JUNE, line="became_overdue", limit=1)
    assert one["document_id"] == "INV-3002"


def test_an_item_is_found_with_what_was_open_of_it(release: Release) -> None:
    item = drill.item_on(release, open_item_id="CN01|D|INV-1003|1", day=date(2026, 6, 1))
    assert item is not None
    assert (item["document_id"], item["open_amount_document"]) == ("INV-1003", Decimal("3120000.00"))
    assert drill.item_on(release, open_item_id="CN01|D|NONE|1", day=AS_OF) is None


def test_roll_rates_of_a_window_are_sums_over_sums(release: Release) -> None:
    windows = [Window("newest", 1, 1), Window("all", 1, 2)]
    rows = {(row["column"], row["bucket"]): row for row in roll.rates(release, RollScope(), windows=windows)}
    # (30 + 60) / (100 + 160), and with the pair before it (30 + 60 + 30) / (100 + 160 + 300)
    assert rows[("newest", "1-30")]["roll_rate"] == pytest.approx(90 / 260)
    assert rows[("all", "1-30")]["roll_rate"] == pytest.approx(120 / 560)
    assert rows[("all", "1-30")]["observation_count"] == 18
    assert rows[("newest", "1-30")]["opening_amount"] == 300
    assert sum(rows[("newest", "1-30")][part] for part in roll.PARTS) == 300
    # nothing stayed is 0; nothing could have stayed is no rate
    assert rows[("newest", "31-60")]["roll_rate"] == 0
    assert rows[("newest", "61-90")]["roll_rate"] is None
    (one,) = [
        row
        for row in roll.rates(release, RollScope(("CN01",)), windows=windows[:1])
        if row["bucket"] == "1-30"
    ]
    assert one["roll_rate"] == pytest.approx(0.3)


def test_roll_rates_by_segment_and_company(release: Release) -> None:
    newest = Window("newest", 1, 1)

    def told(scope: RollScope, dimension: str) -> dict[str, float]:
        rows = roll.by_value(release, scope, window=newest, dimension=dimension)
        return {row["column"]: row["roll_rate"] for row in rows if row["bucket"] == "1-30"}

    assert told(RollScope(), "segment") == pytest.approx({"project": 0.5, "retail_chain": 0.0})
    assert told(RollScope(), "company") == pytest.approx({"CN01": 0.3, "DE01": 0.375})
    assert told(RollScope(segment="project"), "company") == pytest.approx({"CN01": 0.5, "DE01": 0.5})
    assert [row["pair_no"] for row in roll.pairs(release)] == [1, 2]
    assert roll.segments(release) == ["project", "retail_chain"]


def test_vintages_are_shares_of_what_has_come_that_far(release: Release) -> None:
    rows = {(str(row["quarter_start"]), row["days_after_due"]): row for row in vintages.steps(release, WHOLE)}
    young = rows[("2026-01-01", 30)]
    # (60 + 15) / (200 + 50), of 300 billed: not all of it has come 30 days
    assert (young["unpaid_rate"], young["reached"], young["billed"]) == (pytest.approx(0.3), 250, 300)
    assert (young["is_ripe"], young["written_off"]) == (False, 10)
    assert rows[("2026-01-01", 0)]["is_ripe"] and rows[("2025-01-01", 30)]["unpaid_rate"] == pytest.approx(
        0.1
    )
    # nobody of the other nature has come 60 days: their 100 are still billed
    assert (rows[("2026-01-01", 60)]["billed"], rows[("2026-01-01", 60)]["is_ripe"]) == (300, False)
    with_sisters = vintages.steps(release, WHOLE.changed(has_intragroup=True, natures=("other",)))
    assert [row["unpaid"] for row in with_sisters] == []
    one = vintages.steps(release, WHOLE.changed(natures=("project",)))
    assert {row["billed"] for row in one if str(row["quarter_start"]) == "2026-01-01"} == {200}
    assert trend_vintage.quarter(date(2026, 4, 1)) == "2026-Q2"


def test_restatements_of_companies_are_added_up_in_one_currency(release: Release) -> None:
    (rate,) = fetch(release, """
        select rate_to_reporting from marts.fct_closing_rate
        where company_code = 'DE01' and currency = 'EUR' and day = date '2026-06-30'
    """)  # fmt: skip
    (day,) = trend.restated_days(release, WHOLE)
    assert (day["day"], day["known_on"], day["item_count"]) == (date(2026, 4, 1), date(2026, 5, 7), 2)
    assert day["amount_reporting"] == 100 + 100 * rate["rate_to_reporting"] != 200


def test_a_day_beside_another_is_the_history_of_each(release: Release) -> None:
    other = date(2026, 4, 30)
    rows = compare.by_value(release, WHOLE, day=AS_OF, other=other, dimension="company", limit=50)
    for day, name in ((AS_OF, "now"), (other, "before")):
        whole = compare.on(release, WHOLE, day)
        assert whole is not None
        assert sum(row[f"overdue_{name}"] for row in rows) == whole["overdue"] > 0
        assert sum(row[f"debits_{name}"] for row in rows) == whole["debits"]
        assert sum(row[f"over_90_{name}"] for row in rows) == whole["over_90"]
    first = rows[0]
    assert first["overdue_change"] == first["overdue_now"] - first["overdue_before"] != 0
    assert first["now_overdue_rate"] == pytest.approx(float(first["overdue_now"] / first["debits_now"]))
    assert compare.on(release, WHOLE, date(2020, 1, 1)) is None


def test_customers_beside_each_other_are_the_ends_of_the_bridge(release: Release) -> None:
    def told(day: date, other: date) -> list[tuple[str, Decimal, Decimal]]:
        rows = compare.by_value(release, WHOLE, day=day, other=other, dimension="customer", limit=50)
        return [(row["value"], row["overdue_now"], row["overdue_before"]) for row in rows]

    may = date(2026, 5, 31)
    assert told(AS_OF, may) == [("CN01|C001", 110, 100), ("CN01|C003", 71, 0), ("DE01|K300", 39, 0)]
    # looked at the other way round, the largest of May stand first
    assert told(may, AS_OF) == [("CN01|C001", 100, 110), ("CN01|C003", 0, 71), ("DE01|K300", 0, 39)]


def test_months_of_a_dimension_are_the_history_at_month_ends(release: Release) -> None:
    scope = WHOLE.changed(first_day=date(2026, 4, 1))
    rows = compare.months(release, scope, dimension="company", limit=50)
    for told in trend.rates(release, scope.changed(grain="month")):
        assert sum(row["overdue"] for row in rows if row["day"] == told["day"]) == told["overdue"]
    # the largest at the end comes first, each with its months in order
    assert [row["value"] for row in rows] == ["CN01"] * 3 + ["DE01"] * 3
    assert {row["value_count"] for row in rows} == {2}
    customers = compare.months(release, scope, dimension="customer", limit=2)
    assert [(row["value"], row["day"].month, row["overdue"], row["value_count"]) for row in customers] == [
        ("CN01|C001", 5, 100, 3), ("CN01|C001", 6, 110, 3), ("CN01|C003", 6, 71, 3),
    ]  # fmt: skip
    assert {row["overdue_rate"] for row in customers} == {None}


def test_at_constant_rates_every_day_is_told_at_the_last_ones(own_home: Path, monkeypatch: pytest.MonkeyPatch,
                                                              tmp_path: Path) -> None:  # fmt: skip
    more = """
update marts.fct_closing_rate set rate_to_reporting = 8 where currency = 'EUR' and day = date '2026-06-30';
update marts.mart_overdue_trend set balance_reporting = balance_document * 8
where currency = 'EUR' and company_code = 'DE01' and day = date '2026-06-30'"""
    make_own(tmp_path, "trend", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    release = current_release()
    scope = WHOLE.changed(companies=("DE01",), first_day=date(2026, 5, 1), grain="month")
    document = trend.rates(release, scope.changed(currency_basis="document", shown_currency="EUR"))
    dollars = trend.rates(release, scope.changed(currency_basis="document", shown_currency="USD"))
    constant = trend.rates(release, scope.changed(currency_basis="constant", shown_currency="CNY"))
    reporting = trend.rates(release, scope.changed(shown_currency="CNY"))
    for told, euro, dollar in zip(constant, document, dollars, strict=True):
        expected = euro["outstanding"] * 8 + dollar["outstanding"] * Decimal("7.1")
        assert told["outstanding"] == expected
    assert constant[-1]["outstanding"] == reporting[-1]["outstanding"]
    assert constant[0]["outstanding"] != reporting[0]["outstanding"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["history", "bridge", "compare", "roll", "vintage"])
def test_each_part_opens_by_its_address(release: Release, part: str, language: str) -> None:
    app = open_page("trend", language=language, part=part)
    assert not app.exception
    assert app.segmented_control(key="part").value == part
    # every table has its files
    assert len(app.get("download_button")) >= 2


def test_only_the_chosen_part_is_asked(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("asked for a part that is not shown")

    for owner, name in ((trend, "history"), (bridge_period, "between"), (vintages, "steps")):
        monkeypatch.setattr(owner, name, refused)
    assert not open_page("trend", language="en", part="roll").exception


def test_the_rate_is_held_against_the_targets_of_its_scope(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[list[tuple[str, Decimal]]] = []
    monkeypatch.setattr(
        charts,
        "rate_line",
        lambda *_, targets, **__: drawn.append(
            [(row["stated_period"], row["target_value"]) for row in targets]
        ),
    )
    for address in (
        {},
        {"companies": "CN01"},
        {"companies": "DE01"},
        {"companies": "CN01", "natures": "project"},
    ):
        assert not open_page("trend", language="en", part="history", **address).exception
    # the month goes before the quarter that holds it
    quarters = ["2026-Q1"] * 3 + ["2026-Q2"] * 2 + ["2026-06"]
    assert [[period for period, _ in told] for told in drawn] == [quarters, ["2026-06"], [], []]
    assert [rate for _, rate in drawn[0]] == [Decimal("0.22")] * 5 + [Decimal("0.20")]
    assert drawn[1][0][1] == Decimal("0.30")


def test_targets_are_pieces_of_a_line_that_ends_with_the_picture(release: Release) -> None:
    first, last = date(2026, 3, 15), date(2026, 6, 15)
    found = targets.periods(
        release,
        metric="overdue_rate",
        variant="gross",
        dimension="group",
        value="*",
        since=date(2026, 1, 1),
        until=last,
    )
    # the history may begin later than it was asked for
    months = targets.by_month(found, since=date(2026, 1, 1), until=last)
    pieces = charts.aims(months, first=first, last=last)
    assert [(str(row.day.date()), str(row.until.date()), row.rate) for row in pieces.itertuples()] == [
        ("2026-03-15", "2026-03-31", 0.22),
        ("2026-04-01", "2026-04-30", 0.22),
        ("2026-05-01", "2026-05-31", 0.22),
        ("2026-06-01", "2026-06-15", 0.2),
    ]
    assert not open_page("trend", language="zh", part="history").exception


SENTENCES = {
    "zh": (
        "2026-06-01至2026-06-30逾期由¥100.00变为¥220.00:新逾期¥159.00,清收¥30.00(现金¥30.00),核销¥10.00,"
        "汇率+¥1.00。"
    ),
    "en": (
        "In the days 2026-06-01 to 2026-06-30 overdue went from ¥100.00 to ¥220.00: ¥159.00 became overdue, "
        "¥30.00 was cured (¥30.00 in cash), ¥10.00 written off, fx +¥1.00."
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_of_the_policy_tells_the_bridge_and_the_roll(release: Release, language: str) -> None:
    for part in ("history", "bridge"):
        page = html_of(open_page("trend", language=language, part=part))
        assert SENTENCES[language] in page
        # 90 / 260, and over both pairs 120 / 560
        assert "34.6%" in page and "21.4%" in page


def test_the_bridge_proves_itself_and_says_where_the_history_says_otherwise(release: Release) -> None:
    page = html_of(open_page("trend", language="en", part="bridge"))
    assert "Opening ¥100.00 + changes ¥120.00 = closing ¥220.00; difference ¥0.00" in page
    # the hand-made bridge is not that of the sample's items
    history = compare.on(release, WHOLE, AS_OF)
    assert history is not None
    apart = Decimal(220) - history["overdue"]
    assert f"difference to the bridge -¥{abs(apart):,.2f}" in page
    assert re.search(r'class="ar-proof ar-amber">⚠ Opening', page)


def test_a_line_opens_its_items_and_an_item_its_movements(release: Release) -> None:
    app = open_page("trend", language="en", part="bridge", line="became_overdue")
    frame = table_with(app, "line_amount")
    assert list(table_with(app, "document_id")["document_id"]) == ["INV-3002", "INV-1003"]
    assert "Became overdue" in list(frame["line"])
    select(app, "bridge_items_", 1)
    assert not app.exception
    assert len(table_with(app, "running_balance")) >= 1


def test_customers_are_offered_for_whole_months_alone(release: Release) -> None:
    whole = open_page("trend", language="en", part="bridge", by="customer")
    assert list(table_with(whole, "dimension_value")["dimension_value"])[:2] == [
        '=HYPERLINK("x")电子厂 (CN01)',
        "Pacific Imports Inc. (DE01)",
    ]
    query = {"part": "bridge", "by": "customer", "span": "own", "from": "2026-05-31", "to": "2026-06-01"}
    part = open_page("trend", language="en", **query)
    assert not part.exception
    assert any("These are not month ends" in note.value for note in part.caption)
    assert set(table_with(part, "dimension_value")["dimension_value"]) <= {"CN01", "DE01", "Total"}


def test_a_period_that_ends_before_it_begins_says_what_to_do(release: Release) -> None:
    query = {"part": "bridge", "span": "own", "from": "2026-06-30", "to": "2026-06-01"}
    app = open_page("trend", language="zh", **query)
    assert not app.exception
    assert any("起日早于止日" in note.value for note in app.warning)


def test_an_address_shows_the_view_that_it_was_copied_from(release: Release) -> None:
    address = {
        "part": "compare", "companies": "DE01", "basis": "document", "currency": "USD", "day": "2026-05-31",
        "against": "own", "other": "2026-04-30", "by": "deal_nature", "intragroup": "true",
    }  # fmt: skip
    app = open_page("trend", language="en", **address)
    assert not app.exception
    assert app.multiselect(key="companies").value == ["DE01"]
    assert app.date_input(key="day").value == date(2026, 5, 31)
    assert app.toggle(key="intragroup").value is True
    scope = WHOLE.changed(
        companies=("DE01",), currency_basis="document", shown_currency="USD", has_intragroup=True
    )
    now = compare.on(release, scope, date(2026, 5, 31))
    assert now is not None
    assert f"On 2026-05-31 US${now['overdue'] / 1000:,.1f}k was overdue, on 2026-04-30" in html_of(app)
    assert list(table_with(app, "before_overdue_rate")["dimension_value"])


def test_what_is_chosen_stands_in_the_address(release: Release) -> None:
    app = open_page("trend", language="zh")
    app.segmented_control(key="grain").set_value("month")
    app.multiselect(key="natures").set_value(["project"])
    app.selectbox(key="basis").set_value("constant").run()
    assert not app.exception
    chosen = {name: app.query_params.get(name) for name in ("grain", "natures", "basis", "scheme")}
    assert chosen == {"grain": "month", "natures": "project", "basis": "constant", "scheme": None}


@pytest.mark.parametrize("part", ["history", "bridge", "compare", "roll", "vintage"])
def test_an_address_with_unknown_values_shows_the_defaults(release: Release, part: str) -> None:
    wrong = dict.fromkeys(
        ("companies", "natures", "basis", "currency", "period", "grain", "shape", "scheme", "span", "from", "to", "by",
         "line", "columns", "window", "segment", "day", "against", "other", "intragroup"), "nonsense",
    )  # fmt: skip
    app = open_page("trend", language="en", part=part, **wrong)
    assert not app.exception
    assert app.segmented_control(key="part").value == part
    assert app.multiselect(key="companies").value == []


def test_a_release_without_vintages_says_when_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_own(tmp_path, "trend")
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table marts.mart_unpaid_vintage")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("trend", language="zh", part="vintage")
    assert not app.exception
    assert any("下一次刷新" in note.value for note in app.info)


def test_vintages_leave_out_what_rests_on_too_little(release: Release) -> None:
    frame = table_with(open_page("trend", language="en", part="vintage"), "days_30_rate").set_index("quarter")
    assert frame.loc["2026-Q1", "days_30_rate"] == "30.0% *"
    assert frame.loc["2025-Q1", "days_30_rate"] == "10.0%"
    # 50 of 1,010 have come so far
    assert pd.isna(frame.loc["2026-Q2", "days_0_rate"])


@pytest.mark.parametrize("part", ["history", "bridge", "compare", "roll", "vintage"])
def test_a_reader_of_one_company_sees_its_figures_alone(
    release: Release, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    reader = Viewer("li", "controller", Restriction(("DE01",)))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: reader)
    app = open_page("trend", language="en", part=part)
    assert not app.exception
    page = html_of(app)
    if part == "bridge":
        assert "overdue went from ¥0.00 to ¥39.00" in page
    if part == "roll":
        assert set(table_with(app, "roll_rate")["roll_rate"]) == {"37.5%"}
    if part == "vintage":
        assert any("no history in this scope" in note.value for note in app.info)


def test_a_link_to_the_items_of_a_day_keeps_the_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "language", lambda: "zh")
    scope = WHOLE.changed(companies=("CN01", "DE01"), natures=("project",), currency_basis="functional",
                          has_intragroup=True)  # fmt: skip
    assert links.aging_page(AS_OF, scope) == (
        "aging?as_of=2026-06-30&companies=CN01&companies=DE01&segments=natures%3Aproject"
        "&currency_basis=functional&intragroup=true&lang=zh"
    )
    # on a day of its own rates, constant ones are those
    assert (
        links.aging_page(AS_OF, WHOLE.changed(currency_basis="constant")) == "aging?as_of=2026-06-30&lang=zh"
    )
