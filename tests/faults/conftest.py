"""What the tests of faults share: the installation before the fault, the one that nothing disturbed, the table.

Belongs here: fixtures, and printing the table of results. Must not: assertions.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration.records import Records
from tests.faults import harness
from tests.faults.command import refresh_to_its_end
from tests.faults.reader import Figures, figures_of
from tests.faults.worlds import THIRD, Installation, install

Report = Callable[..., None]
_PROPERTY = "fault"
_COLUMNS = ("fault", "target", "number", "previous release", "next run", "rows lost or twice", "seen")


@dataclass(frozen=True)
class Undisturbed:
    """The refresh that nothing disturbed, how long it took, and the file operations that each phase did.

    `operations`: name of the phase, number of its first operation, number of its last.
    """

    installation: Installation
    seconds: float
    operations: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    fault: str
    target: str = "-"
    number: int = 1
    previous: str = "-"
    next_run: str = "-"
    lost_or_twice: int | str = "-"
    seen: str = ""


@pytest.fixture
def report(record_property: Callable[[str, Any], None]) -> Report:
    """Adds one line to the table at the end of the run."""

    def add(fault: str, **columns: Any) -> None:
        record_property(_PROPERTY, list(asdict(Row(fault, **columns)).values()))

    return add


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands where the dbt project is."""
    return harness.write_project(tmp_path_factory.mktemp("project") / "stand-in")


@pytest.fixture
def slow_project(project: Path, tmp_path: Path) -> Path:
    """The stand-in, but it builds only once the file `go` is there."""
    folder = harness.write_project(tmp_path / "slow")
    text = (folder / "stand_in").read_text()
    waiting = f"import time\nwhile not os.path.exists({str(folder / 'go')!r}):\n    time.sleep(0.01)\n"
    (folder / "stand_in").write_text(text.replace("import duckdb\n", f"import duckdb\n{waiting}", 1))
    return folder


def run_to_its_end(installation: Installation, *, project: Path) -> str:
    """The harness, undisturbed; returns what it said."""
    said = installation.folder / "said.txt"
    process = harness.start(installation.config, project=project, said=said)
    process.join()
    assert process.exitcode == 0, said.read_text()
    return said.read_text()


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Installation:
    """One release, of the first day."""
    installation = install(tmp_path_factory.mktemp("base") / "installation")
    run_to_its_end(installation, project=project)
    return installation


@pytest.fixture(scope="session")
def undisturbed(base: Installation, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The two other days landed and published by a refresh that nothing disturbed."""
    installation = base.copy(tmp_path_factory.mktemp("undisturbed") / "installation")
    install(installation.folder, through=THIRD)
    began = time.monotonic()
    said = run_to_its_end(installation, project=project)
    seconds = time.monotonic() - began
    entered = harness.phases_entered(said)
    phases = [(name, first + 1, after) for (name, first), (_, after) in pairwise(entered) if after > first]
    return Undisturbed(installation, seconds, tuple(phases))


@pytest.fixture(scope="session")
def figures(undisturbed: Undisturbed) -> Figures:
    """Control totals per release, as the manifest has them, for readers to compare with."""
    records = Records(undisturbed.installation.home.manifest)
    return {release.release_id: figures_of(records, release.release_id) for release in records.releases()}


@pytest.fixture
def disturbed(base: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A copy of the base, with two days of deliveries waiting."""
    installation = base.copy(tmp_path / "installation")
    install(installation.folder, through=THIRD)
    yield installation
    installation.remove()


@pytest.fixture(scope="session")
def _own_manifests() -> Iterator[None]:
    """Each home keeps its own parsed project, as it does for a user."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("ARREARS_MANIFEST_CACHE", raising=False)
        yield


@pytest.fixture(scope="session")
def real_base(_own_manifests: None, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One release of the first day, made by the command."""
    installation = install(tmp_path_factory.mktemp("real-base") / "installation")
    refresh_to_its_end(installation)
    return installation


@pytest.fixture(scope="session")
def real_undisturbed(real_base: Installation, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The two other days, by a command that nothing disturbed."""
    installation = real_base.copy(tmp_path_factory.mktemp("real-undisturbed") / "installation")
    install(installation.folder, through=THIRD)
    refresh_to_its_end(installation)
    return installation.home


@pytest.fixture(scope="session")
def real_figures(real_undisturbed: Home) -> Figures:
    records = Records(real_undisturbed.manifest)
    return {release.release_id: figures_of(records, release.release_id) for release in records.releases()}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table of everything that happened and what came of it."""
    rows = [
        [str(cell) for cell in value]
        for outcome in ("passed", "failed")
        for tested in terminalreporter.stats.get(outcome, [])
        for name, value in getattr(tested, "user_properties", [])
        if name == _PROPERTY
    ]
    if not rows:
        return
    widths = [max(len(row[place]) for row in (list(_COLUMNS), *rows)) for place in range(len(_COLUMNS))]
    terminalreporter.section("faults")
    for row in (list(_COLUMNS), *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line(line.rstrip())
