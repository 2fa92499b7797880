"""Is a published file still what was published?

Belongs here: the questions that a release file must answer before it is relied on again: by a refresh that would leave
it current, by a rollback, by a command that reads it. Must not: mend or remove it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.candidate import release_totals
from orchestration.records import Total

# two database headers and the main header, 4096 bytes each, stand before the first block
HEADER_BYTES = 3 * 4096


def release_problem(file: Path, *, totals: Iterable[Total] | None = None) -> str | None:
    """What is wrong with a release file, None where it is whole.

    A file cut short still opens, and fails only when somebody reads what is gone; so its size is compared with the
    blocks that its header promises. Every block carries a checksum, which readers check.

    Args:
        totals: its control totals, as the manifest keeps them; not compared unless given.
    """
    if not file.is_file():
        return "is gone"
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            size = connection.execute(
                "select block_size * total_blocks from pragma_database_size()"
            ).fetchall()[0][0]
            if file.stat().st_size < size + HEADER_BYTES:
                return f"has been cut short: {file.stat().st_size} of {size + HEADER_BYTES} bytes are there"
            is_other = totals is not None and set(release_totals(connection)) != set(totals)
    except duckdb.Error as error:
        return f"cannot be read: {str(error).splitlines()[0]}"
    return "holds other control totals than were published" if is_other else None
