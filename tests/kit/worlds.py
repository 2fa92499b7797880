"""The shared worlds of the integration tests: the days on which they deliver, and what they hand to tests.

Belongs here: dates, severities and types shared by cases. Must not: rows.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.kit import Warehouse, build, refresh

WORLD_DAY = date(2026, 12, 31)
HISTORY_DAYS = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30))
MARCH, APRIL, MAY, JUNE = HISTORY_DAYS
HISTORY_FIRST_STEP = APRIL

# Some cases break these on purpose; the rows that they list are what the test looks at.
LENIENT_GATES = {
    "gl_tie_out": "warn",
    "reversal_exceeds_allocation": "warn",
}


@dataclass(frozen=True)
class TwoSteps:
    """The same deliveries, refreshed after the second one and again after the last, with a reader that stayed."""

    config: Path
    first: Warehouse
    second: Warehouse
    reader: duckdb.DuckDBPyConnection
    link: Path


def made(config: Path, *, request: pytest.FixtureRequest) -> Warehouse:
    """The release of a delivery folder, or, as the command line of the run may ask, its models alone."""
    return build(config) if request.config.getoption("--without-gates") else refresh(config)
