"""Reading a file in a process that may take only so much memory.

Belongs here: the process and what came of it. Must not: files, asserts.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).parents[2]

# in that process: read one file, and say what came of it and how much memory the reading took at its peak
_READ = """
import json, resource, sys
from pathlib import Path
from ingest.formats import StructureError, UnreadableFile, open_text
from ingest.profiles import load_profile

def told(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

def peak():
    # not ru_maxrss: that of the parent survives the start of a program
    return told("VmHWM")

path, profile, entity, most = Path(sys.argv[1]), load_profile(sys.argv[2]), sys.argv[3], int(sys.argv[4])
import polars, fastexcel, pyarrow
before = peak()
used = told("VmSize")
resource.setrlimit(resource.RLIMIT_AS, (used + most, used + most))
said, rows, bad = "", 0, []
try:
    file = open_text(path, profile=profile, entity=entity)
    try:
        for batch in file.batches():
            rows += batch.frame.height
    except StructureError:
        rows = 0
        for batch in file.salvaged():
            rows += batch.frame.height
            bad += [record.reason_code for record in batch.bad]
except UnreadableFile as error:
    said = error.reason_code
print(json.dumps({"said": said, "rows": rows, "bad": bad, "grown": peak() - before}))
"""


class Outcome(NamedTuple):
    """`said`: the reason code of a refusal, or nothing. `grown`: bytes of memory that the reading took at its peak."""

    said: str
    rows: int
    bad: list[str]
    grown: int


def read_within(
    path: Path, *, megabytes: int, profile: str = "generic", entity: str = "document", seconds: float = 60
) -> Outcome:
    """Read one file with that much address space beyond what the imports take.

    Raises:
        CalledProcessError: it died of it.
        TimeoutExpired: it took too long.
    """
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path), profile, entity, str(megabytes * 2**20)],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "POLARS_MAX_THREADS": "2"},
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return Outcome(**told)
