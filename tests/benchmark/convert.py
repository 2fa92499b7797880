"""DuckDB's own CSV to Parquet over the files of an instance, as a process: `python -m ... <in folder> <out>`.

Belongs here: the least that anybody can do with the extracts. Must not: anything that a warehouse does.
"""

import sys
from pathlib import Path

import duckdb

from tests.benchmark.reference import MEMORY_LIMIT, THREADS


def main() -> None:
    """Convert every CSV file, one Parquet file each, every column as text, compressed as landing does."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {THREADS}; set memory_limit = '{MEMORY_LIMIT}'")
        for number, file in enumerate(sorted(source.rglob("*.csv"))):
            connection.execute(
                f"copy (select * from read_csv('{file}', header = true, all_varchar = true))"
                f" to '{target / f'{number:05d}.parquet'}' (format parquet, compression zstd)"
            )


if __name__ == "__main__":
    main()
