"""Eight readers click through the dashboard while ten releases are published under them.

Belongs here: what readers see of a swap. Must not: the swap itself (tests/faults, tests/integration).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dashboards.sample_release import Item, make_release
from tests.e2e.conftest import serving

pytestmark = pytest.mark.browser

READERS, RELEASES = 8, 10
GRID = '[data-testid="stDataFrame"]'
# a figure of the release that no other release has: what all customers owe, in millions
MILLION = 10**6


def billed(number: int) -> Item:
    """One more invoice of so many hundred millions: every release owes another total."""
    return Item(
        "CN01",
        "C004",
        "INV-PUB",
        "invoice",
        "CNY",
        "2026-06-29",
        "2026-07-29",
        f"{number * 100 * MILLION}.00",
    )


def total_of(path: Path) -> int:
    """Millions that the aging page says of this file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select sum(open_amount_reporting) from marts.mart_aging"
            " where receivable_class = 'trade' and not is_intragroup"
        ).fetchall()[0][0]
    return int(found // MILLION)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_release(tmp_path / "home", release_id="r00", extra=(billed(1),))
    return tmp_path / "home"


@pytest.fixture
def address(home: Path, tmp_path: Path) -> Iterator[str]:
    with serving({"ARREARS_HOME": str(home)}, log=tmp_path / "server.log") as found:
        yield found


def test_readers_see_one_release_at_a_time_and_no_error(
    home: Path, address: str, browser: Any, tmp_path: Path
) -> None:
    totals = {"r00": total_of((home / "receivables.duckdb").resolve())}
    tabs = [
        browser.new_page(viewport={"width": 1440, "height": 1200}, locale="en-GB") for _ in range(READERS)
    ]
    for tab in tabs:
        tab.goto(f"{address}/aging?lang=en")
    published = threading.Event()

    def publish() -> None:
        for number in range(1, RELEASES + 1):
            path = make_release(home, release_id=f"r{number:02}", extra=(billed(number + 1),))
            totals[f"r{number:02}"] = total_of(path)
        published.set()

    publisher = threading.Thread(target=publish)
    publisher.start()
    seen: set[str] = set()
    is_last = False
    while not is_last:
        # a round more after the last of them, and that round sees it
        is_last = published.is_set()
        for tab in tabs:
            # asked for all at once; what they show is looked at afterwards
            tab.goto(f"{address}/aging?lang=en", wait_until="commit")
        for tab in tabs:
            tab.locator(GRID).first.wait_for(timeout=90_000)
            tab.wait_for_function(
                "!document.querySelector('[data-testid=\"stStatusWidget\"]')", timeout=90_000
            )
            seen.add(_release_on(tab, totals))
    publisher.join()
    assert len(seen) >= 3, seen
    assert f"r{RELEASES:02}" in seen, seen
    assert "Traceback" not in (tmp_path / "server.log").read_text(encoding="utf-8")
    for tab in tabs:
        tab.close()


def _release_on(tab: Any, totals: dict[str, int]) -> str:
    """The release a page names, once its figures have been found to be of that release."""
    text = tab.locator('[data-testid="stMain"]').inner_text()
    assert tab.locator('[data-testid="stException"]').count() == 0, text
    named = re.search(r"\br\d\d\b", text)
    assert named, text
    shown = re.search(r"Outstanding\s+¥([\d,]+)\.\d+m", text)
    assert shown, text
    assert int(shown[1].replace(",", "")) == totals[named[0]], named[0]
    return named[0]
