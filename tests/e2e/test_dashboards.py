"""Both pages in a real browser, in both languages: they draw, and a click goes down to the source row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import settled

pytestmark = pytest.mark.browser

GRID = '[data-testid="stDataFrame"]'
ROW = 33
WORDS = {
    ("aging", "zh"): ("账龄", "客户 × 账龄", "各账龄段合计"),
    ("aging", "en"): ("Aging", "Customers by bucket", "Buckets"),
    ("trend", "zh"): ("逾期趋势", "余额按账龄", "逐月变化"),
    ("trend", "en"): ("Overdue trends", "Balance by bucket", "Month by month"),
}


@pytest.mark.parametrize(("page", "language"), sorted(WORDS))
def test_a_page_draws(server: str, browser: Any, tmp_path: Path, page: str, language: str) -> None:
    tab = opened(server, browser, page=page, language=language)
    for words in WORDS[(page, language)]:
        tab.get_by_text(words, exact=False).first.wait_for()
    assert tab.locator('[data-testid="stException"]').count() == 0
    # charts are drawn, not only announced
    assert (
        tab.locator('[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg').count()
        >= 2
    )
    shot = tmp_path / f"{page}-{language}.png"
    tab.screenshot(path=shot, full_page=True)
    assert shot.stat().st_size > 20_000
    tab.close()


def test_a_click_goes_from_a_customer_to_the_source_row(server: str, browser: Any, tmp_path: Path) -> None:
    tab = opened(server, browser, page="aging", language="en")
    tick(tab, grid=0, row=2)
    tab.get_by_text("tick one to see its movements", exact=False).wait_for()
    settled(tab)
    tab.get_by_text("owes ¥", exact=False).first.wait_for()
    tick(tab, grid=1, row=1)
    tab.get_by_text("tick one to see its source", exact=False).wait_for()
    settled(tab)
    tick(tab, grid=2, row=1)
    tab.get_by_text("document.csv", exact=False).first.wait_for()
    tab.screenshot(path=tmp_path / "drill-en.png", full_page=True)
    tab.close()


def test_a_click_on_an_amount_opens_that_bucket(server: str, browser: Any, tmp_path: Path) -> None:
    tab = opened(server, browser, page="aging", language="zh")
    # the first customer below the total, in a bucket that holds something
    click_cell(tab, grid=0, x=385, row=2)
    tab.get_by_text("点选一行查看其变动", exact=False).wait_for()
    settled(tab)
    tab.screenshot(path=tmp_path / "bucket-zh.png", full_page=True)
    tab.close()


def test_the_language_switch_keeps_the_page(server: str, browser: Any) -> None:
    tab = opened(server, browser, page="trend", language="zh")
    tab.get_by_text("English", exact=True).click()
    tab.get_by_role("heading", name="Overdue trends").wait_for()
    assert "lang=en" in tab.url
    tab.close()


def opened(server: str, browser: Any, *, page: str, language: str) -> Any:
    tab = browser.new_page(viewport={"width": 1440, "height": 2200}, locale="zh-CN")
    tab.goto(f"{server}/{page}?lang={language}")
    tab.wait_for_selector(GRID, timeout=60_000)
    settled(tab)
    return tab


def visible_grid(tab: Any, grid: int) -> Any:
    return tab.locator(f"{GRID}:visible").nth(grid)


def tick(tab: Any, *, grid: int, row: int) -> None:
    click_cell(tab, grid=grid, x=17, row=row)


def click_cell(tab: Any, *, grid: int, x: int, row: int) -> None:
    target = visible_grid(tab, grid)
    target.scroll_into_view_if_needed()
    target.click(position={"x": x, "y": int(ROW * (row + 0.5))})


def test_a_reader_whose_system_is_dark_sees_a_dark_page(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    tab = context.new_page()
    tab.goto(f"{server}/trend?lang=en")
    tab.wait_for_selector(GRID, timeout=60_000)
    settled(tab)
    chip = tab.locator(".ar-chip").first
    assert chip.evaluate("element => getComputedStyle(element).colorScheme") == "dark"
    assert tab.locator('[data-testid="stException"]').count() == 0
    context.close()


def test_on_paper_nothing_is_cut_and_buttons_are_left_out(server: str, browser: Any) -> None:
    tab = browser.new_page(viewport={"width": 1600, "height": 1200})
    tab.goto(f"{server}/aging?lang=en")
    tab.wait_for_selector(GRID, timeout=60_000)
    settled(tab)
    tab.locator('[data-testid="stDownloadButton"]').first.wait_for()
    # A4 across, less its margins; charts and grids keep the width of the screen that they were drawn for
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 1047, "height": 740})
    assert not tab.locator('[data-testid="stDownloadButton"]').first.is_visible()
    widest = tab.evaluate(
        """() => Math.max(...[...document.querySelectorAll('canvas, svg.marks, .ar-card, .ar-sentence')]
            .map(element => element.getBoundingClientRect().right))"""
    )
    assert widest <= 1047
    # charts that stand beside each other on the screen do so on paper
    tops = tab.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stColumn"]:has([data-testid="stVegaLiteChart"])')]
            .map(element => Math.round(element.getBoundingClientRect().top))"""
    )
    assert len(tops) == 2 and tops[0] == tops[1]
    tab.close()
