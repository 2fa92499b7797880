"""The items behind a roll rate, on rows that can be added up by hand (own/trend.sql), and down to their movements."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import roll, roll_items
from dashboards.data.release import Release, current_release, publishes
from dashboards.data.roll import EVERY, PARTS, RollScope, Window
from dashboards.data.roll_items import RollCell
from tests.dashboards.own_release import make_own, open_page, select, table_with

OWN = "trend"
LANGUAGES = ("zh", "en")
YOUNG = RollCell(1, "1-30")
NEWEST = (Window("newest", 1, 1),)


def documents(release: Release, scope: RollScope, cell: RollCell, *, limit: int = 100) -> list[str]:
    return [row["document_id"] for row in roll_items.items(release, scope, cell, limit=limit)]


def test_the_items_of_a_cell_are_listed_the_largest_first_and_what_has_no_rate_last(release: Release) -> None:
    rows = roll_items.items(release, RollScope(), YOUNG, limit=100)
    # 5 USD are 35.50 CNY, more than 30
    assert [(row["document_id"], row["opening_amount"]) for row in rows] == [
        ("RE-6001", 100),
        ("RE-6002", 60),
        ("INV-3002", Decimal("35.50")),
        ("INV-1001", 30),
        ("INV-1003", 30),
        ("RE-5001", 20),
        ("RE-5002", 20),
        ("INV-2001", Decimal("4.50")),
        ("RE-7001", None),
    ]
    assert {part: rows[0][part] for part in PARTS if rows[0][part]} == {
        "still_open": 30,
        "open_as_bill": 10,
        "paid": 60,
    }
    assert documents(release, RollScope(), YOUNG, limit=2) == ["RE-6001", "RE-6002"]


@pytest.mark.parametrize(
    ("scope", "became", "expected"),
    [
        (RollScope(("CN01",)), EVERY, ["INV-3002", "INV-1001", "INV-1003", "INV-2001"]),
        (RollScope(segment="project"), EVERY, ["INV-1001", "INV-1003", "RE-5001", "RE-5002"]),
        (RollScope(("DE01",), "project"), "still_open", ["RE-5001"]),
        # by what was paid of it: 60, 35.50, 30, 20, 20, 4.50
        (RollScope(), "paid", ["RE-6001", "INV-3002", "INV-1001", "RE-5002", "RE-6002", "INV-2001", "RE-7001"]),
        (RollScope(), "set_off", ["RE-6002"]),
        (RollScope(), "written_off", []),
    ],
)  # fmt: skip
def test_the_list_keeps_to_companies_segment_and_what_became_of_it(
    release: Release, scope: RollScope, became: str, expected: list[str]
) -> None:
    assert documents(release, scope, RollCell(1, "1-30", became)) == expected


@pytest.mark.parametrize(
    "scope", [RollScope(), RollScope(("CN01",)), RollScope(("DE01",)), RollScope(segment="project")]
)
def test_the_items_of_every_cell_add_up_to_what_the_rates_say(release: Release, scope: RollScope) -> None:
    told = roll.rates(release, scope, windows=NEWEST)
    assert told
    for row in told:
        total = roll_items.total(release, scope, RollCell(1, row["bucket"]))
        assert {part: total[part] for part in PARTS} == {part: row[part] for part in PARTS}
        assert (total["amount"], total["item_count"]) == (row["opening_amount"], row["observation_count"])


def test_a_cell_without_items_adds_up_to_nothing(release: Release) -> None:
    total = roll_items.total(release, RollScope(), RollCell(2, "1-30"))
    assert (total["item_count"], total["amount"]) == (0, 0)


def test_a_part_that_there_is_not_is_no_sql(release: Release) -> None:
    with pytest.raises(ValueError, match="no part"):
        roll_items.items(release, RollScope(), RollCell(1, "1-30", "1; drop table x"), limit=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_opens_its_items_and_an_item_its_movements(release: Release, language: str) -> None:
    app = open_page("trend", language=language, part="roll", bucket="1-30", became="paid")
    assert not app.exception
    assert list(table_with(app, "document_id")["document_id"])[:2] == ["RE-6001", "INV-3002"]
    # 60 + 35.50 + 30 + 20 + 20 + 4.50
    assert any("¥170.00" in note.value and "7" in note.value for note in app.caption)
    assert not app.warning or all("170.00" not in note.value for note in app.warning)
    select(app, "roll_items_", 1)
    assert not app.exception
    assert len(table_with(app, "running_balance")) >= 1


def test_a_list_has_the_parts_that_its_items_have(release: Release) -> None:
    app = open_page("trend", language="en", part="roll", bucket="1-30")
    table = table_with(app, "document_id")
    assert [name for name in table.columns if name in PARTS] == [
        "still_open",
        "open_as_bill",
        "set_off",
        "paid",
    ]
    assert list(table.iloc[0][["opening_amount", "still_open", "open_as_bill", "set_off", "paid"]]) == [
        100,
        30,
        10,
        0,
        60,
    ]


def test_items_that_are_not_what_the_rates_say_are_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(
        tmp_path,
        "trend",
        more="delete from marts.mart_roll_rate_item where open_item_id = 'CN01|D|INV-2001|1'",
    )
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("trend", language="en", part="roll", bucket="1-30")
    assert any("¥295.50, the figure above is ¥300.00" in note.value for note in app.warning)


def test_a_release_without_the_items_says_when_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, "trend", more="drop table marts.mart_roll_rate_item")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    assert not publishes(current_release(), roll_items.RELATION)
    app = open_page("trend", language="zh", part="roll")
    assert not app.exception
    assert any("旧程序生成" in note.value for note in app.info)


def test_a_reader_of_one_company_opens_its_items_alone(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Viewer("li", "controller", Restriction(("DE01",)))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: reader)
    app = open_page("trend", language="en", part="roll", bucket="1-30")
    assert not app.exception
    assert set(table_with(app, "document_id")["document_id"]) == {
        "RE-5001",
        "RE-5002",
        "RE-6001",
        "RE-6002",
        "RE-7001",
    }
    assert any("¥200.00 in all" in note.value for note in app.caption)


def test_what_is_opened_stands_in_the_address(release: Release) -> None:
    app = open_page("trend", language="en", part="roll", ended="2026-06-30", bucket="31-60")
    assert list(table_with(app, "document_id")["document_id"]) == ["INV-1002"]
    app.selectbox(key="bucket").set_value("61-90").run()
    assert list(table_with(app, "document_id")["document_id"]) == ["INV-3001"]
    assert app.query_params.get("bucket") == "61-90"
