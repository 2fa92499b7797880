"""The models of one delivery folder without the checks around them: no front door, no dbt test, no publication.

Belongs here: a build in which a wrong figure reaches the test that reads it. Must not: variables or paths of its own;
they are those of a refresh.

With the checks, a broken rule is stopped by the first gate that notices it and every test of the world ends in the
same error; without them each test says by its own figures what is wrong. It takes half the time, too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.contract import Entity
from ingest.landing import land_sources, prepare_build, sweep_orphans
from ingest.landing.profile_frame import DeliveryProfile
from ingest.landing.records import Verdict
from ingest.settings import load_settings
from orchestration.candidate import finish_candidate
from orchestration.dbt_build import run_dbt
from orchestration.gates import read_dbt_result
from orchestration.landing_steps import LandingSteps
from orchestration.session import RefreshSession, refresh_session
from tests.kit.warehouse import RefreshFailed, Warehouse

_SEEDS_AND_MODELS = ("--resource-type", "seed", "--resource-type", "model")
_MODELS = ("build", *_SEEDS_AND_MODELS)
_UNIT_TESTS = ("build", *_SEEDS_AND_MODELS, "--resource-type", "unit_test")


def build(config: Path) -> Warehouse:
    """Land, build every model, and open the candidate that a refresh would have judged.

    Raises:
        RefreshFailed: a delivery was refused or a model could not be built.
    """
    with _session(config) as session:
        exit_code, lines = run_dbt(session.invocation(), command=_MODELS)
        if exit_code != 0:
            raise RefreshFailed("the models could not be built:\n" + "\n".join(lines))
        finish_candidate(
            session.candidate_file,
            release_id=session.release_id,
            macros=session.dbt_project / "published_macros",
            outcomes=(),
        )
        return Warehouse(config=config, release=session.candidate_file)


def unit_test_results(config: Path) -> dict[str, str]:
    """Land and build; status of every unit test of the project by its name (`pass`, `fail`, `error`, `skipped`)."""
    with _session(config) as session:
        invocation = session.invocation()
        exit_code, _ = run_dbt(invocation, command=_UNIT_TESTS)
        nodes = read_dbt_result(invocation.target_path, exit_code=exit_code).nodes
        return {node.name: node.status for node in nodes if node.resource_type == "unit_test"}


@contextmanager
def _session(config: Path) -> Iterator[RefreshSession]:
    """A refresh of which landing is done and dbt comes next."""
    steps = LandingSteps(
        land=lambda settings, progress: land_sources(settings, progress=progress, audit=_accept),
        prepare_build=lambda path, settings, known_at: prepare_build(
            path, settings=settings, known_at=known_at
        ),
        sweep_orphans=sweep_orphans,
    )
    with refresh_session(load_settings(config), progress=lambda line: None, steps=steps) as session:
        session.land()
        session.prepare(as_of=None, known_at=None)
        yield session


def _accept(entity: Entity, profiles: Sequence[DeliveryProfile]) -> Sequence[Verdict]:
    return [Verdict(True, "{}") for _ in profiles]
