"""What simulated companies are read with.

Belongs here: reading deliveries and truth files of an instance. Must not: expectations, a ledger (plain_ledger.py).
"""

import hashlib
from pathlib import Path

from ingest.simulator import SimulationSummary
from tests.ingest.simulator.plain_ledger import read_delivery, read_rows

LAST = "2026-06-30"


def digests(folder: Path) -> dict[str, str]:
    """Digest of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def delivered(summary: SimulationSummary, entity: str) -> list[dict[str, str]]:
    """The last dump of the Chinese company."""
    return read_delivery(summary.out / "in" / "erp_cn" / LAST, entity)


def delivered_in_parts(summary: SimulationSummary, entity: str) -> list[dict[str, str]]:
    """Every row that the European company has ever delivered, in order."""
    folders = sorted((summary.out / "in" / "erp_eu").iterdir())
    return [row for folder in folders for row in read_delivery(folder, entity)]


def truth(summary: SimulationSummary, name: str) -> list[dict[str, str]]:
    return read_rows(summary.out / "truth" / f"{name}.csv")


def bank_rows(folder: Path) -> dict[str, dict[str, str]]:
    """Lines of the bank by reference."""
    rows = [row for path in sorted(folder.rglob("bank_transaction*.csv")) for row in read_rows(path)]
    return {row["bank_reference"]: row for row in rows}
