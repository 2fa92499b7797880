"""A process that dies while landing leaves nothing that is ever read, and the next one lands it all."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.landing import sweep_orphans
from tests.ingest.landing.world import World, documents

# the process kills itself, for real, at the named step
KILLED = """
    import os, signal, sys
    from pathlib import Path
    from ingest.landing import lander, land_sources
    from ingest.landing.records import Verdict
    from ingest.settings import load_settings

    def die(*args, **kwargs):
        os.kill(os.getpid(), signal.SIGKILL)

    config, step = sys.argv[1:]
    owner, _, name = step.rpartition(".")
    setattr(getattr(lander, owner) if owner else lander, name, die)
    accept = lambda entity, profiles: [Verdict(True, "{}") for _ in profiles]
    land_sources(load_settings(Path(config)), audit=accept)
"""

STEPS = {
    "before the audit": "EntityLander._audit_and_commit",
    "before the rename": "EntityLander._commit",
    "after the rename": "keep_private",
    "before the manifest row": "Manifest.commit_load",
}


def land_and_be_killed(world: World, step: str) -> None:
    assert world.settings.sources  # reading the settings writes arrears.yml
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(world.root / "arrears.yml"), step],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def set_aside(world: World) -> list[Path]:
    """What sweeps have set aside, as it lay under `landing`."""
    return sorted(path for path in (world.home / "orphans").rglob("*") if path.is_file())


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_killed_landing_leaves_orphans_that_are_swept_and_never_read(world: World, step: str) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.land()
    before = world.parquet_files()
    world.deliver("2026-02-01", documents(1, 2, 3))
    land_and_be_killed(world, step)
    (orphan,) = world.parquet_files() - before
    assert world.live() == {"1", "2"}, "an orphan is never read"
    kept = sweep_orphans(world.settings)
    assert world.parquet_files() == before
    # unfinished ones are worth nothing
    assert kept == set_aside(world) and len(kept) == (0 if orphan.endswith(".tmp") else 1)
    assert [load.rows_landed for load in world.land().loads] == [1]
    assert world.live() == {"1", "2", "3"}


def test_landing_sweeps_by_itself(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    orphan = world.home / "landing" / "erp" / "document" / "000000099.parquet"
    orphan.write_bytes(b"half written")
    world.land()
    assert not orphan.exists()
    assert world.live() == {"1"}


def test_what_the_last_row_of_a_manifest_stood_for_survives_its_loss(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    delivery = world.deliver("2026-02-01", documents(1, 2))
    world.land()
    newest = sorted((world.home / "landing").rglob("*.parquet"))[-1]
    content = newest.read_bytes()
    with sqlite3.connect(world.home / "manifest.sqlite") as manifest:
        (last,) = manifest.execute("select max(load_id) from loads").fetchone()
        for table in ("files", "load_companies", "rejected_rows", "loads"):
            manifest.execute(f"delete from {table} where load_id = ?", (last,))
    # the source keeps only what it delivered last
    delivery.unlink()
    world.land()
    (kept,) = set_aside(world)
    assert kept.read_bytes() == content
    lay = newest.relative_to(world.home / "landing")
    assert kept.relative_to(world.home / "orphans").parts[1:] == lay.parts


def test_what_was_set_aside_is_forgotten_by_age_and_nothing_else_is(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    now = datetime.now(UTC)
    old, young = (now - timedelta(days=days) for days in (91, 89))
    names = [f"{moment:%Y%m%dT%H%M%S%f}" for moment in (old, young)] + ["of my own"]
    for name in names:
        (world.home / "orphans" / name).mkdir(parents=True)
        (world.home / "orphans" / name / "000000001.parquet").write_bytes(b"rows")
    sweep_orphans(world.settings)
    assert {path.parent.name for path in set_aside(world)} == set(names[1:])


def test_a_superseded_load_keeps_its_file_and_is_not_read(world: World) -> None:
    world.deliver("2026-01-31", documents(1), name="document_1.csv")
    world.land()
    world.deliver("2026-01-31", documents(2), name="document_2.csv")
    world.land()
    assert len(world.parquet_files()) == 2, "nothing is ever deleted by a refresh"
    assert world.content() and len(world.rows()) == 2
