"""Landing: accepted rows become immutable Parquet plus one manifest row.

Belongs here: finding deliveries, change detection, quarantine, the manifest, and the input of a build. Must not:
parsing a format, deciding whether a value is good (canonical.py), any mart logic. A load exists when its manifest row
has committed, and not before.
"""

from ingest.landing.build_input import BuildInput, NothingLanded, prepare_build
from ingest.landing.integrity import LandingDamaged
from ingest.landing.landing_run import land_sources, latest_known_at, rejected_rows
from ingest.landing.manifest import Manifest
from ingest.landing.orphans import sweep_orphans
from ingest.landing.records import LandingReport, Load, Refusal, RejectedRow
from ingest.landing.replay import replay

__all__ = [
    "BuildInput",
    "LandingDamaged",
    "LandingReport",
    "Load",
    "Manifest",
    "NothingLanded",
    "Refusal",
    "RejectedRow",
    "land_sources",
    "latest_known_at",
    "prepare_build",
    "rejected_rows",
    "replay",
    "sweep_orphans",
]
