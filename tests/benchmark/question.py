"""One question to a release in a process of its own; prints its seconds as JSON.

Belongs here: connecting, asking, timing. Must not: choosing the question (`measure`).
"""

import json
import sys
import time

_BEFORE_IMPORT = time.perf_counter()

import duckdb  # noqa: E402 - what the import costs is part of the answer


def main() -> None:
    """Ask the statement of the second argument of the release file of the first."""
    imported = time.perf_counter()
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        connection.execute("set threads = 2; set TimeZone = 'UTC'")
        connected = time.perf_counter()
        connection.execute(sys.argv[2]).fetchall()
        answered = time.perf_counter()
    told = {
        "import": imported - _BEFORE_IMPORT,
        "connect": connected - imported,
        "query": answered - connected,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
