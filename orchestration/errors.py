"""Errors that a user of the command line can act on.

Belongs here: errors raised by orchestration, each with what went wrong and how to put it right.
Must not: wrap programming mistakes; those stay ordinary exceptions with a traceback.
"""


class OrchestrationError(Exception):
    """What went wrong, and the fix.

    Args:
        problem: one sentence, what was found.
        fix: one sentence, what to do about it.
    """

    def __init__(self, problem: str, *, fix: str) -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{problem}\n  fix: {fix}")


class LockHeld(OrchestrationError):
    """Another process works on the same home."""


class DbtFailed(OrchestrationError):
    """dbt ended with an error (not with a failed gate)."""


class PublishRefused(OrchestrationError):
    """The candidate must not be published; the previous release stays."""


class ManifestBehind(OrchestrationError):
    """The manifest does not know the release that is current: it has lost rows, or is an old copy."""


class NoRelease(OrchestrationError):
    """There is no release to read or to go back to."""
