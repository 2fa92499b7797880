"""The seam to the landing room: the four things a refresh asks of it.

Belongs here: the names and shapes that orchestration relies on. Must not: land anything. A test replaces
the steps by functions of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from ingest.settings import Settings

Progress = Callable[[str], None]


class Refusal(Protocol):
    """A delivery that landed nothing."""

    @property
    def source(self) -> str: ...
    @property
    def entity(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def fix(self) -> str: ...


class LandingReport(Protocol):
    """What one look at the sources brought."""

    @property
    def loads(self) -> Sequence[Any]: ...
    @property
    def refused(self) -> Sequence[Any]: ...
    @property
    def rejected_row_count(self) -> int: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def has_required_refusal(self) -> bool: ...


class BuildInput(Protocol):
    """What a build reads: the landed loads known at `known_at`."""

    @property
    def as_of(self) -> date: ...
    @property
    def known_at(self) -> datetime: ...
    @property
    def fingerprint(self) -> str: ...


@dataclass(frozen=True)
class LandingSteps:
    """The functions, as values."""

    land: Callable[[Settings, Progress], LandingReport]
    prepare_build: Callable[[Path, Settings, datetime | None], BuildInput]
    sweep_orphans: Callable[[Settings], Sequence[Path]]


def real_steps() -> LandingSteps:
    """The steps of `ingest.landing`; imported late, because parsers take a second to load."""
    from ingest import landing

    return LandingSteps(
        land=lambda settings, progress: landing.land_sources(settings, progress=progress),
        prepare_build=lambda path, settings, known_at: landing.prepare_build(
            path, settings=settings, known_at=known_at
        ),
        sweep_orphans=lambda settings: landing.sweep_orphans(settings),
    )
