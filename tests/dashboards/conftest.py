"""A sample release for every test of the dashboards, and the pages run on it."""

from __future__ import annotations

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


@pytest.fixture
def home(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARREARS_HOME", str(sample_home))
    return sample_home


@pytest.fixture
def release(home: Path) -> Release:
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
