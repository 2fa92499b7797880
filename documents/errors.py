"""Errors that whoever asked for a document can act on.

Belongs here: what was found and the fix. Must not: wrap programming mistakes.
"""


class DocumentError(Exception):
    """What went wrong, and the fix."""

    def __init__(self, problem: str, *, fix: str) -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{problem}\n  fix: {fix}")


class UnknownAccount(DocumentError):
    """The release has no such company or customer, or it is no customer to whom one could write."""


class PeriodNotCovered(DocumentError):
    """The days asked for are not in order, or go beyond what the release knows."""


class OlderRelease(DocumentError):
    """The release was published by a version that did not bring what a document reads."""


class DoesNotClose(DocumentError):
    """Two ways to a balance disagree: nothing is written."""
