"""When the tests of the browser take a page for drawn: too early, and they look at half of it.

Belongs here: `settled` against a page whose parts come late. Must not: a page of ours.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import SETTLED_MILLISECONDS, settled

pytestmark = pytest.mark.browser

# the script's end is told at once, its parts come one by one, as on a machine that has other things to do
LATE = """<div data-testid="stApp" data-test-script-state="notRunning"><h1>Page</h1></div><script>
for (const [number, wait] of [%s].entries()) setTimeout(() => {
    const part = document.createElement("p"); part.textContent = `part ${number}`;
    document.querySelector("div").append(part);
}, wait);
</script>"""


def test_a_page_stands_only_when_nothing_of_it_changes_any_more(browser: Any) -> None:
    tab = browser.new_page()
    step = SETTLED_MILLISECONDS * 7 // 10
    tab.set_content(LATE % f"{step}, {2 * step}, {3 * step}")
    settled(tab)
    assert tab.locator("p").all_text_contents() == ["part 0", "part 1", "part 2"]
    tab.close()
