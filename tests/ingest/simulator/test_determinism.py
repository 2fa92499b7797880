"""The same seed gives the same bytes in another process, time zone and hash seed, with one thread or two.

Belongs here: simulations in processes of their own. Must not: what the files say.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.ingest.simulator.readers import digests

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
from ingest.simulator import Sizing, simulate
simulate(Path(sys.argv[1]), seed=11, sizing=Sizing(customers=24, invoices=300), mishaps=True)
"""


def simulate_elsewhere(out: Path, *, zone: str, hash_seed: str, threads: str) -> None:
    environment = {
        **os.environ,
        "TZ": zone,
        "PYTHONHASHSEED": hash_seed,
        "POLARS_MAX_THREADS": threads,
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-c", PROGRAM, str(out)], env=environment, check=True, cwd=out.parent)


def test_neither_zone_nor_hash_seed_nor_threads_change_a_byte(tmp_path: Path) -> None:
    simulate_elsewhere(tmp_path / "a", zone="Pacific/Kiritimati", hash_seed="1", threads="1")
    simulate_elsewhere(tmp_path / "b", zone="America/Anchorage", hash_seed="2", threads="2")
    first, second = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert len(first) > 500
    assert first == second
