"""The items behind a point of a vintage, on rows that can be added up by hand (own/trend.sql), and their movements."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import vintage_items, vintages
from dashboards.data.release import Release
from dashboards.data.trend import TrendScope
from dashboards.data.vintage_items import Point
from tests.dashboards.own_release import make_own, open_page, select, table_with

OWN = "trend"
LANGUAGES = ("zh", "en")
WHOLE = TrendScope(scheme="standard", first_day=date(2025, 6, 1), last_day=date(2026, 6, 30))
YOUNG = Point(date(2026, 1, 1), 1)


def test_the_items_of_a_point_are_what_was_unpaid_at_its_step_the_largest_first(release: Release) -> None:
    rows = vintage_items.items(release, WHOLE, YOUNG, limit=10)
    assert [(row["document_id"], row["open_then"], row["written_off"]) for row in rows] == [
        ("INV-3001", 30, 0),
        ("INV-1003", 20, 0),
        ("INV-2001", 15, 0),
        # nothing of it is open, and 10 are lost
        ("INV-1004", 0, 10),
    ]
    (one,) = vintage_items.items(release, WHOLE, YOUNG, limit=1)
    assert one["document_id"] == "INV-3001"
    # at rates of the as-of date 10 USD are 71 CNY
    before = vintage_items.items(release, WHOLE, Point(date(2025, 1, 1), 0), limit=10)
    assert [(row["document_id"], row["open_then"]) for row in before] == [
        ("INV-1002", 189),
        ("INV-3002", 71),
        ("INV-1001", 40),
    ]


@pytest.mark.parametrize(
    "scope",
    [
        WHOLE,
        WHOLE.changed(natures=("retail_chain",)),
        WHOLE.changed(companies=("CN01",)),
        WHOLE.changed(companies=("DE01",)),
    ],
)
def test_the_items_of_every_point_add_up_to_what_the_vintage_says(
    release: Release, scope: TrendScope
) -> None:
    for row in vintages.steps(release, scope):
        total = vintage_items.total(release, scope, Point(row["quarter_start"], row["days_after_due"] // 30))
        assert (total["open_amount"], total["written_off"]) == (row["open_amount"], row["written_off"])


def test_a_company_of_the_group_is_listed_where_it_is_asked_for(release: Release) -> None:
    point = Point(date(2025, 1, 1), 1)
    with_sisters = vintage_items.items(release, WHOLE.changed(has_intragroup=True), point, limit=10)
    assert [row["document_id"] for row in with_sisters] == ["INV-9001", "INV-1001"]
    assert [row["document_id"] for row in vintage_items.items(release, WHOLE, point, limit=10)] == [
        "INV-1001"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_point_opens_its_items_and_an_item_its_movements(release: Release, language: str) -> None:
    app = open_page("trend", language=language, part="vintage", quarter="2026-Q1", days="30")
    assert not app.exception
    assert list(table_with(app, "document_id")["document_id"]) == [
        "INV-3001",
        "INV-1003",
        "INV-2001",
        "INV-1004",
    ]
    # 65 open and 10 written off
    assert any("¥75.00" in note.value and "¥10.00" in note.value for note in app.caption)
    assert not app.warning
    select(app, "vintage_items_", 1)
    assert not app.exception
    assert len(table_with(app, "running_balance")) >= 1


def test_the_youngest_quarter_that_came_so_far_is_opened_first_and_the_address_says_which(
    release: Release,
) -> None:
    app = open_page("trend", language="en", part="vintage")
    # of 2026-Q2 nothing fell due 30 days ago
    assert (app.selectbox(key="quarter").value, app.selectbox(key="days").value) == ("2026-Q1", "30")
    app.selectbox(key="quarter").set_value("2026-Q2").run()
    assert app.query_params.get("quarter") == "2026-Q2"
    assert app.selectbox(key="days").value == "0"


def test_items_that_are_not_what_the_vintage_says_are_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(
        tmp_path,
        "trend",
        more="delete from marts.mart_unpaid_vintage_item where open_item_id = 'CN01|D|INV-1003|1'",
    )
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("trend", language="en", part="vintage", quarter="2026-Q1", days="30")
    assert any("¥55.00, the figure above is ¥75.00" in note.value for note in app.warning)


def test_a_release_without_the_items_says_when_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, "trend", more="drop table marts.mart_unpaid_vintage_item")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("trend", language="zh", part="vintage")
    assert not app.exception
    assert any("分季回收背后的明细" in note.value for note in app.info)


def test_a_reader_of_another_company_sees_no_item(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Viewer("li", "controller", Restriction(("DE01",)))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: reader)
    app = open_page("trend", language="en", part="vintage", quarter="2026-Q1", days="30")
    assert not app.exception
    assert all("document_id" not in table.value.columns for table in app.dataframe)
