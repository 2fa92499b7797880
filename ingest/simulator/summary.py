"""Summary: what a simulation hands back, whoever made the data.

Belongs here: counts of what was written. Does not: printing them.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What was written: rows over all deliveries by entity, and how often each feature occurs."""

    out: Path
    configuration: Path
    deliveries: int
    customers: int
    row_counts: dict[str, int]
    feature_counts: dict[str, int]
