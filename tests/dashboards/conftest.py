"""A sample release for every test of the dashboards, and the pages run on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import i18n
from dashboards.data.release import Release, current_release
from dashboards.ui import numbers, vega
from tests.dashboards.sample_release import make_release

ROOT = Path(__file__).parents[2]
APP = ROOT / "dashboards" / "app.py"
# the demo's (`make demo`), or another one that is at hand
PUBLISHED_HOME = Path(os.environ.get("ARREARS_DASHBOARD_HOME", ROOT / "build" / "demo" / "home"))

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def checked_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart that is no Vega-Lite stops its page here; a server does not check."""
    monkeypatch.setenv(vega.CHECK_VARIABLE, "1")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_release(home)
    return home


@pytest.fixture(scope="module")
def own_home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with rows of a page's own (own/<page>.sql), for a module that names the page: `OWN = "<page>"`."""
    # it opens pages by what stands in this file
    from tests.dashboards.own_release import make_own

    home = tmp_path_factory.mktemp(request.module.OWN)
    make_own(home, request.module.OWN)
    return home


@pytest.fixture
def home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home that the test's pages read: that of its module's own release where it has one."""
    found: Path = request.getfixturevalue("own_home" if hasattr(request.module, "OWN") else "sample_home")
    monkeypatch.setenv("ARREARS_HOME", str(found))
    return found


@pytest.fixture
def release(home: Path) -> Release:
    return current_release()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release that the pipeline has published, where there is one."""
    if not (PUBLISHED_HOME / "receivables.duckdb").exists():
        pytest.skip(f"no published release in {PUBLISHED_HOME}: run `make demo`")
    monkeypatch.setenv("ARREARS_HOME", str(PUBLISHED_HOME))
    return current_release()


@pytest.fixture
def open_page(home: Path) -> OpenPage:
    def open_it(page: str, *, language: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.query_params["lang"] = language
        app.run()
        return app.switch_page(f"views/{page}.py").run()

    return open_it


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the language outside a page."""

    def choose(language: str) -> None:
        monkeypatch.setattr(i18n, "language", lambda: language)
        monkeypatch.setattr(numbers, "language", lambda: language)

    return choose
