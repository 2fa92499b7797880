"""The Chinese pages of the demo release say everything in Chinese: no code, no English sentence.

Belongs here: what every page says, down to the first row of each of its tables. Must not: figures (test_published_*).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import PAGES
from dashboards.data import watchlist
from dashboards.data.release import Release, fetch
from dashboards.data.watchlist import WatchScope
from tests.dashboards.conftest import APP
from tests.dashboards.said import foreign, texts_of

MOST_CLICKS = 14


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("状态:is_drop_shipped", ["is_drop_shipped"]),
        ("<b>按 net_overdue 排序</b>", ["net_overdue"]),
        ("no receipt names this bill", ["no receipt names this bill"]),
        ("承兑人 Nordlicht Handels GmbH,见 `arrears.yml` 的 `largest_file`", []),
        ("DSO 45 天;来源 SAP;EUR;¥1.2万;:material/open_in_new:;A/B 级", []),
        ("[打开](customer?company=CN01&customer=K_1) invoice_2026.csv", []),
    ],
)
def test_codes_and_sentences_are_found_and_names_are_not(text: str, found: list[str]) -> None:
    assert foreign(text) == found


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_says_nothing_in_codes_or_in_english(published: Release, page: str) -> None:
    names = _names(published, page)
    found = {
        f"{part!r} in {text[:120]!r}"
        for app in _states(published, page)
        for text in texts_of(app)
        if text not in names
        for part in foreign(text)
        if part not in names
    }
    assert not found, "\n".join(sorted(found))


def _states(release: Release, page: str) -> Iterator[AppTest]:
    """The page, and the page again after each of its tables was clicked, also of those that a click brought."""
    app = AppTest.from_file(str(APP), default_timeout=180)
    app.query_params["lang"] = "zh"
    app.run()
    if page == "customer":
        (first, *_) = watchlist.rows(release, WatchScope(), limit=1, offset=0)
        app.query_params["company"], app.query_params["customer"] = (
            first["company_code"],
            first["customer_id"],
        )
    app.switch_page(f"views/{page}.py").run()
    assert not app.exception
    yield app
    clicked: set[str] = set()
    for _ in range(MOST_CLICKS):
        table = next(
            (each for each in app.dataframe
             if list(each.proto.selection_mode) and each.key not in clicked and len(each.value)),
            None,
        )  # fmt: skip
        if table is None:
            return
        clicked.add(str(table.key))
        cell = (0, str(table.value.columns[min(3, len(table.value.columns) - 1)]))
        app.session_state[table.key] = {"selection": {"rows": [0], "columns": [], "cells": [cell]}}
        app.run()
        assert not app.exception
        yield app


def _names(release: Release, page: str) -> set[str]:
    """What is called so by the company; on the about page also tables and columns with their published descriptions."""
    names = fetch(release, "select distinct source as name from marts.dim_release_load")
    if page == "about":
        names = names + fetch(
            release,
            """
select unnest([table_name, comment]) as name from duckdb_tables() where schema_name = 'marts'
union
select unnest([column_name, comment]) as name from duckdb_columns() where schema_name = 'marts'""",
        )
    return {row["name"] for row in names}
