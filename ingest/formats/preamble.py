"""Where the table begins: the header below whatever a system writes above it.

Belongs here: recognising the header among records of cells. Must not: reading a file.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ingest.formats.frames import UnreadableFile
from ingest.profiles import plain_header
from ingest.reasons import BAD_HEADER

# nobody writes more above a table than this; a file without the header is not searched to its end
LONGEST_PREAMBLE = 200


@dataclass(frozen=True)
class Sought:
    """Groups of headers, as they are compared, of which the header of the table has one each."""

    groups: tuple[frozenset[str], ...]
    shown: tuple[str, ...]

    def is_header(self, cells: Iterable[str]) -> bool:
        """Whether a record is the header."""
        there = {plain_header(cell) for cell in cells}
        return bool(self.groups) and all(group & there for group in self.groups)


def find_header(records: Iterable[Sequence[str]], *, sought: Sought, file_name: str) -> tuple[int, list[str]]:
    """Number, from 0, and cells of the first record that is the header.

    Raises:
        UnreadableFile: there is none among the first records.
    """
    for number, cells in enumerate(records):
        if number >= LONGEST_PREAMBLE:
            break
        if sought.is_header(cells):
            return number, list(cells)
    raise UnreadableFile(
        f"{file_name}: no record has the columns {', '.join(sought.shown)}.",
        fix="export it with these columns, or add the names that they have here to the `fields` of the profile.",
        reason_code=BAD_HEADER,
    )


def named_columns(names: Collection[str], *, width: int) -> list[str]:
    """Names for a file without a header; cells beyond them are kept under a number."""
    return [*names, *(f"_unnamed_{position}" for position in range(len(names) + 1, width + 1))]
