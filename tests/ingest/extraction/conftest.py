"""What the tests of extraction share: servers for the session."""

from collections.abc import Iterator

import pytest

from tests.kit import mariadb, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    with postgresql.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def maria() -> Iterator[mariadb.Server]:
    with mariadb.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def empty(maria: mariadb.Server) -> str:
    """A MariaDB database without anything in it."""
    return maria.new_database()
