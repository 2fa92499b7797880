"""The `world` fixture of the landing tests."""

from pathlib import Path

import pytest

from tests.ingest.landing.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
