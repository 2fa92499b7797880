"""The `world` fixture of the landing tests."""

from pathlib import Path

import pytest

from ingest.home import HOME_VARIABLE
from tests.ingest.landing.world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    return World(tmp_path)
