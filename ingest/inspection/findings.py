"""What an inspection says: guesses with their evidence, and doubts that a person must settle.

Belongs here: the values that every step hands over. Must not: looking at a file.
"""

from dataclasses import dataclass
from typing import Literal

Sure = Literal["proven", "likely", "guess"]


class CannotInspect(ValueError):
    """The file is nothing that could be described; `fix` says what to do."""

    def __init__(self, message: str, *, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True)
class Note:
    """What speaks for a guess, and how much."""

    sure: Sure
    evidence: str

    def __str__(self) -> str:
        return f"{self.sure}: {self.evidence}"


@dataclass(frozen=True)
class Doubt:
    """A question that the file does not answer. `topic`: the key of the draft before which it stands."""

    topic: str
    text: str
