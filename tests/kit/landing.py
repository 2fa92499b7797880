"""Landing without its front door.

Belongs here: the steps of a refresh in which every delivery is accepted. Must not: other stand-ins.
"""

from collections.abc import Sequence
from pathlib import Path

from ingest.contract import Entity
from ingest.landing import land_sources, prepare_build, sweep_orphans
from ingest.landing.profile_frame import DeliveryProfile
from ingest.landing.records import Verdict
from orchestration.landing_steps import LandingSteps


def accept_all(entity: Entity, profiles: Sequence[DeliveryProfile]) -> Sequence[Verdict]:
    """A front door that lets everything in."""
    return [Verdict(True, "{}") for _ in profiles]


def steps_without_front_door(*, build_file: Path | None = None) -> LandingSteps:
    """The real steps but for the front door; `build_file` takes the place of the refresh's own."""
    return LandingSteps(
        land=lambda settings, progress: land_sources(settings, progress=progress, audit=accept_all),
        prepare_build=lambda path, settings, known_at: prepare_build(
            build_file or path, settings=settings, known_at=known_at
        ),
        sweep_orphans=lambda settings: sweep_orphans(settings),
    )
