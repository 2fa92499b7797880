"""What a run says: everything to its log file, the gist to whoever watches.

Belongs here: the log of one run, and thinning out what landing reports per delivery (a first refresh may land
thousands). Must not: decide anything from what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

_REFUSED = "refused"


class RunLog:
    """Says lines to a person and writes all of them to one file."""

    def __init__(self, file: Path, *, say: Callable[[str], None]) -> None:
        self.file = file
        self._say = say
        self._subjects: set[str] = set()

    def say(self, line: str) -> None:
        """A line that a person should see."""
        self.note(line)
        self._say(line)

    def note(self, line: str) -> None:
        """A line for the file alone."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def landing(self, line: str) -> None:
        """A line about one delivery, `<source> <entity> of <time>: ...`; a person sees each source and entity once."""
        self.note(line)
        subject = line.split(" of ", 1)[0]
        if line.startswith(_REFUSED):
            self._say(f"  {line}")
        elif subject not in self._subjects:
            self._subjects.add(subject)
            self._say(f"  {subject}")
