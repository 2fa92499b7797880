"""One simulated company for the tests of the simulator.

Belongs here: the shared simulation and its readers. Must not: expectations.
"""

import pytest

from ingest.simulator import SimulationSummary, Sizing, simulate

SMALL = Sizing(customers=60, invoices=1500)


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    return simulate(tmp_path_factory.mktemp("demo"), seed=24, sizing=SMALL)
