"""Worlds for the integration tests, each built by one run of the real pipeline.

Belongs here: the session's refreshes and who shares them. Must not: rows or figures; those stand in the test modules.

A refresh costs about a minute, so test modules share them. A module that needs rows defines
`build_world(extracts)` (one delivery at the end of WORLD_DAY) or `build_history(extracts)` (deliveries at the end
of each of HISTORY_DAYS), with one company_code per case; the fixtures collect these functions from the modules of
the selected tests.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.kit import Extracts, SourcePlan, Warehouse, refresh
from tests.kit.office import Office, open_office
from tests.kit.worlds import HISTORY_DAYS, HISTORY_FIRST_STEP, LENIENT_GATES, WORLD_DAY, TwoSteps, made

Builder = Callable[[Extracts], None]


def _builders(session: pytest.Session, name: str) -> list[Builder]:
    modules = {getattr(item, "module", None) for item in session.items}
    found = {module.__name__: getattr(module, name) for module in modules if module and hasattr(module, name)}
    return [found[module] for module in sorted(found)]


def _history(session: pytest.Session) -> Extracts:
    extracts = Extracts([SourcePlan("erp", HISTORY_DAYS)], gates=LENIENT_GATES)
    # a file that is missing says nothing, so that rows vanish only from entities that every delivery holds
    anchor = extracts.books("H00")
    anchor.invoice("INV1", "10.00", "2026-01-01", due="2026-01-31")
    anchor.instalment("INV1", 1, "10.00", "2026-01-31")
    anchor.payment("R1", "INV1", "10.00", "2026-01-15")
    anchor.extension("X1", "INV1", "10.00", "2026-02-28", approved="2026-01-10")
    for add_cases in _builders(session, "build_history"):
        add_cases(extracts)
    return extracts


ROWS_PER_SLICE = 200


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """All single-delivery cases of the selected modules, as of WORLD_DAY."""
    extracts = Extracts(
        [SourcePlan("erp", (WORLD_DAY,))], gates=LENIENT_GATES, settings={"prediction": "simple"}
    )
    for add_cases in _builders(request.session, "build_world"):
        add_cases(extracts)
    with pytest.MonkeyPatch.context() as environment:
        # what a large company is cut into is the same for all cases as in one piece
        environment.setenv("ARREARS_ROWS_PER_SLICE", str(ROWS_PER_SLICE))
        warehouse = made(extracts.write(tmp_path_factory.mktemp("world")), request=request)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """All cases with several deliveries, landed in one refresh after the last one."""
    config = _history(request.session).write(tmp_path_factory.mktemp("history"))
    warehouse = made(config, request=request)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def two_steps(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSteps]:
    """HISTORY_DAYS in two refreshes of one home; `reader` connected to the first release before the second began."""
    extracts = _history(request.session)
    folder = tmp_path_factory.mktemp("two_steps")
    first = refresh(extracts.write(folder, through=HISTORY_FIRST_STEP))
    link = folder / "home" / "receivables.duckdb"
    reader = duckdb.connect(str(link.resolve()), read_only=True)
    config = extracts.write(folder)
    second = refresh(config)
    yield TwoSteps(config=config, first=first, second=second, reader=reader, link=link)
    reader.close()
    first.close()
    second.close()


@pytest.fixture
def office(world: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """A copy of the world's release in a home of its own."""
    return open_office(world, tmp_path, capsys)
