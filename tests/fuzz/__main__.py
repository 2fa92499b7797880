"""`python -m tests.fuzz [FORMAT ...] [--inputs N] [--seed N]`: damage every format N times, and tell the outcome."""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.check import FORMATS, fuzz


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", choices=[*FORMATS, []], default=[], metavar="FORMAT")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failures = 0
    for name in options.formats or FORMATS:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found = fuzz(name, inputs=options.inputs, seed=options.seed, folder=Path(folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        told = ", ".join(f"{count} {what}" for what, count in found.counts.most_common())
        print(
            f"{name}: {told}; {len(found.broken)} broken; {time.monotonic() - started:.0f} s, peak {peak:.2f} GiB"
        )
        for number, reason in found.broken[:20]:
            print(f"  input {number}: {reason}")
        failures += len(found.broken)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
