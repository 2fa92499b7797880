"""Every page of the demo company in a real browser, in both languages: no error, screenshots kept, accessible.

Belongs here: what only a browser tells of all pages. Must not: what one page's own tests say.

Screenshots lie in build/screenshots. axe (npm: axe-core) is looked for in build/axe, where .ci/run puts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from dashboards.access.viewer import PAGES
from dashboards.views.parts import trend_filters
from tests.e2e.conftest import ROOT, serving, settled

pytestmark = pytest.mark.browser

DEMO = ROOT / "build" / "demo"
SHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
# a page that is opened by its address asks for the server beside itself before it asks the root: streamlit's own
NOT_OURS = ("/_stcore/health", "/_stcore/host-config")
# labels of controls: streamlit fades that of one that cannot be used
LEFT_OUT = [['[data-testid="stWidgetLabel"]']]
# what streamlit draws, and no page can change: the grid's canvas and its hidden table, icons beside words
DRAWN_BY_STREAMLIT = (
    'span[aria-hidden="true"]',
    ".stDataFrameGlideDataEditor",
    '[data-testid="stDataFrame"]',
    "canvas",
    ".gdg-",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (DEMO / "home" / "receivables.duckdb").exists():
        pytest.skip(f"no published release in {DEMO}: run `make demo`")
    environment = {"ARREARS_CONFIG": str(DEMO / "arrears.yml"), "ARREARS_HOME": str(DEMO / "home")}
    with serving(environment, log=tmp_path_factory.mktemp("walk") / "server.log") as found:
        yield found


@pytest.fixture(scope="module")
def customer() -> str:
    """Query of the customer page: the first of the watchlist."""
    with duckdb.connect(str((DEMO / "home" / "receivables.duckdb").resolve()), read_only=True) as connection:
        company, number = connection.execute(
            "select company_code, customer_id from marts.mart_watchlist order by watchlist_rank limit 1"
        ).fetchall()[0]
    return f"&company={company}&customer={number}"


def opened(
    address: str,
    browser: Any,
    *,
    page: str,
    language: str,
    query: str = "",
    width: int = 1440,
    theme: str = "light",
) -> Any:
    tab = browser.new_page(viewport={"width": width, "height": 1400}, locale="zh-CN", color_scheme=theme)
    tab.troubles = []
    tab.on("pageerror", lambda error: tab.troubles.append(str(error)))
    tab.on("response", lambda answer: _note(tab, answer))
    tab.goto(f"{address}/{page}?lang={language}{query}")
    # the strip says what the figures are of: a page without it has stopped
    tab.locator(".ar-strip").get_by_text("2026-06-30").wait_for(timeout=90_000)
    settled(tab)
    return tab


def _note(tab: Any, answer: Any) -> None:
    if answer.status >= 400 and not any(part in answer.url for part in NOT_OURS):
        tab.troubles.append(f"{answer.status} {answer.url}")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_demo_draws_without_an_error(
    address: str, customer: str, browser: Any, page: str, language: str
) -> None:
    query = customer if page == "customer" else ""
    tab = opened(address, browser, page=page, language=language, query=query)
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert tab.troubles == []
    height = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    # it has more than the strip
    assert height > 700
    tab.set_viewport_size({"width": 1440, "height": min(int(height) + 80, 6000)})
    settled(tab)
    SHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SHOTS / f"{page}-{language}.png")
    tab.close()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_on_a_page_runs_out_of_a_narrow_window(
    address: str, customer: str, browser: Any, page: str
) -> None:
    query = customer if page == "customer" else ""
    tab = opened(address, browser, page=page, language="en", query=query, width=1280)
    over = tab.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth - main.clientWidth; }"
    )
    assert over <= 2
    tab.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("page", "part"),
    [(page, "") for page in PAGES] + [("trend", part) for part in trend_filters.PARTS[1:]],
)
def test_axe_finds_nothing_serious_that_is_ours(
    address: str, customer: str, browser: Any, page: str, part: str, theme: str
) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core: npm install --prefix build/axe axe-core")
    query = customer if page == "customer" else f"&part={part}" if part else ""
    tab = opened(address, browser, page=page, language="en", query=query, theme=theme)
    tab.add_script_tag(path=str(AXE))
    found = tab.evaluate(
        "async (left_out) => (await axe.run({exclude: left_out}, {resultTypes: ['violations']})).violations",
        LEFT_OUT,
    )
    serious = [
        f"{violation['id']}: {' '.join(node['target'])} {node['html'][:120]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if not any(part in f"{node['target']} {node['html']}" for part in DRAWN_BY_STREAMLIT)
    ]
    assert not serious, "\n".join(serious)
    tab.close()
