"""The models of one delivery folder without the checks around them: no front door, no dbt test, no publication.

Belongs here: a build in which a wrong figure reaches the test that reads it. Must not: variables of its own; they are
those of a refresh.

With the checks, a broken rule is stopped by the first gate that notices it and every test of the world ends in the
same error; without them each test says by its own figures what is wrong. It takes half the time, too.

Where $ARREARS_WORLD_CACHE names a folder, a build of the same deliveries by the same Python is kept there, and the next
one makes only the models whose code has changed since, and what follows from them (dbt's own comparison of states).
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from ingest.settings import load_settings
from orchestration.candidate import create_macros, finish_candidate
from orchestration.dbt_build import run_dbt
from orchestration.fingerprints import DBT_PROJECT, REPOSITORY, hash_files, hash_folder
from orchestration.gates import read_dbt_result
from orchestration.session import RefreshSession, refresh_session
from tests.kit.landing import steps_without_front_door
from tests.kit.warehouse import RefreshFailed, Warehouse

CACHE_VARIABLE = "ARREARS_WORLD_CACHE"
_SEEDS_AND_MODELS = ("--resource-type", "seed", "--resource-type", "model")
_MODELS = ("build", *_SEEDS_AND_MODELS)
_UNIT_TESTS = ("build", *_SEEDS_AND_MODELS, "--resource-type", "unit_test")
_PYTHON_ROOMS = ("analytics", "ingest", "orchestration")
# a database is called after its file, and views name the database: the file of every build has one name
_BUILD, _CANDIDATE, _TARGET = "models.duckdb", "candidate.duckdb", "target"
_PARSED, _PROJECT_HASH = "partial_parse.msgpack", "project.txt"


# what the rules of sources, settlement, terms and knowledge end in: a quarter of all models
LEDGER = (
    "dim_aging_bucket",
    "dim_company",
    "dim_customer",
    "dim_release",
    "dim_release_load",
    "fct_allocation",
    "fct_bank_transaction",
    "fct_closing_rate",
    "fct_dispute",
    "fct_document",
    "fct_instalment",
    "fct_open_item",
    "fct_open_item_balance",
    "fct_receipt",
    "fct_receivable_movement",
    "mart_aging",
    "mart_aging_customer",
    "mart_bank_statement",
    "mart_data_quality",
    "mart_gl_tie_out",
    "mart_overdue_trend",
    "mart_restatement",
    "mart_roll_forward",
)


def ledger(config: Path) -> Warehouse:
    """Land, build what the two ledgers and the aging need, and open it.

    Raises:
        RefreshFailed: a delivery was refused or a model could not be built.
    """
    folder = config.parent / "models"
    folder.mkdir()
    with _session(config, build_file=folder / _BUILD) as session:
        _run(session, folder=folder, command=(*_MODELS, "--select", *(f"+{mart}" for mart in LEDGER)))
        candidate = folder / _CANDIDATE
        with duckdb.connect(str(candidate)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            create_macros(connection, macros=session.dbt_project / "published_macros")
    return Warehouse(config=config, release=candidate)


def build(config: Path) -> Warehouse:
    """Land, build every model, and open the candidate that a refresh would have judged.

    Raises:
        RefreshFailed: a delivery was refused or a model could not be built.
    """
    folder = config.parent / "models"
    folder.mkdir()
    kept = _kept(config)
    is_repeated = kept is not None and kept.is_dir()
    if kept is not None and is_repeated:
        for name in (_BUILD, _CANDIDATE):
            shutil.copy2(kept / name, folder / name)
    with _session(config, build_file=folder / _BUILD) as session:
        if kept is None or not is_repeated:
            _run(session, folder=folder, command=_MODELS)
        elif (kept / _PROJECT_HASH).read_text() != _project_hash():
            state = ("--select", "state:modified+", "--state", str(kept / _TARGET))
            (folder / _TARGET).mkdir()
            shutil.copy2(kept / _TARGET / _PARSED, folder / _TARGET / _PARSED)
            _run(session, folder=folder, command=(*_MODELS, *state))
        if kept is not None and not is_repeated:
            _keep(folder, kept=kept)
        candidate = folder / _CANDIDATE
        macros = session.dbt_project / "published_macros"
        finish_candidate(candidate, release_id=session.release_id, macros=macros, outcomes=())
    return Warehouse(config=config, release=candidate)


def _run(session: RefreshSession, *, folder: Path, command: Sequence[str]) -> None:
    own = session.invocation()

    def from_project(path: Path) -> Path:
        # dbt parses everything again where a path in its profile has changed
        return Path(os.path.relpath(path, own.project_dir))

    invocation = replace(
        own,
        target_path=folder / _TARGET,
        build_db=from_project(folder / _BUILD),
        candidate_db=from_project(folder / _CANDIDATE),
        temp_dir=from_project(folder),
        variables={**own.variables, "code_version": "models"},
    )
    exit_code, lines = run_dbt(invocation, command=command)
    if exit_code != 0:
        raise RefreshFailed("the models could not be built:\n" + "\n".join(lines))


def _kept(config: Path) -> Path | None:
    """Where a build of these deliveries by this Python is kept."""
    cache = os.environ.get(CACHE_VARIABLE)
    if not cache:
        return None
    delivered = hash_folder(config.parent, suffixes=frozenset({".csv", ".yml"}))
    rooms = [hash_folder(REPOSITORY / room) for room in _PYTHON_ROOMS]
    return Path(cache) / "-".join((delivered, *rooms))


def _keep(folder: Path, *, kept: Path) -> None:
    """Keep what was built; whole or not at all, for two processes may build the same."""
    waiting = kept.with_name(f"{kept.name}.{os.getpid()}")
    (waiting / _TARGET).mkdir(parents=True)
    for name in (_BUILD, _CANDIDATE, f"{_TARGET}/manifest.json", f"{_TARGET}/{_PARSED}"):
        shutil.copy2(folder / name, waiting / name)
    (waiting / _PROJECT_HASH).write_text(_project_hash())
    try:
        waiting.rename(kept)
    except OSError:
        shutil.rmtree(waiting)


def _project_hash() -> str:
    """Of all that dbt reads; the published macros are made by publishing."""
    parts = sorted(
        path for path in DBT_PROJECT.iterdir() if path.name not in ("published_macros", "target", "logs")
    )
    return "".join(
        hash_folder(path) if path.is_dir() else hash_files([path], root=DBT_PROJECT) for path in parts
    )


def unit_test_results(config: Path) -> dict[str, str]:
    """Land and build; status of every unit test of the project by its name (`pass`, `fail`, `error`, `skipped`)."""
    with _session(config) as session:
        invocation = session.invocation()
        exit_code, _ = run_dbt(invocation, command=_UNIT_TESTS)
        nodes = read_dbt_result(invocation.target_path, exit_code=exit_code).nodes
        return {node.name: node.status for node in nodes if node.resource_type == "unit_test"}


@contextmanager
def _session(config: Path, *, build_file: Path | None = None) -> Iterator[RefreshSession]:
    """A refresh of which landing is done and dbt comes next; `build_file` takes the place of its own."""
    steps = steps_without_front_door(build_file=build_file)
    with refresh_session(load_settings(config), progress=lambda line: None, steps=steps) as session:
        session.land()
        session.prepare(as_of=None, known_at=None)
        yield session
