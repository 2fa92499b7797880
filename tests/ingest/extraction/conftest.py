"""What the tests of extraction share: a server for the session, a clock that moves on, reading what was pulled."""

from collections.abc import Iterator

import pytest

from tests.kit.postgresql import Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server
