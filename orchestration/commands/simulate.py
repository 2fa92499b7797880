"""`arrears simulate`: extracts of the demo company.

Belongs here: choosing a scale and a place. Must not: make data (`ingest.simulator`).
"""

from __future__ import annotations

import sys
from pathlib import Path


def run_simulate(
    out: Path, *, scale: str, seed: int, dialect: str, documents: int | None = None, mishaps: bool = False
) -> int:
    """Write the demo company below a folder, with an arrears.yml that reads it.

    Returns:
        0, or 1 when it cannot run as asked.
    """
    from ingest.simulator import SimulationError, simulate

    try:
        summary = simulate(out, scale=scale, seed=seed, dialect=dialect, documents=documents, mishaps=mishaps)
    except SimulationError as error:
        print(f"arrears: {error}", file=sys.stderr)
        return 1
    print(f"written to {summary.out}: {summary.deliveries} deliveries, {summary.customers} customers")
    for entity, rows in sorted(summary.row_counts.items()):
        print(f"  {entity:<22}{rows:>12,} rows")
    print(f"next: arrears refresh --config {summary.configuration}")
    return 0
