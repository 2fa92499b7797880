"""The error of this package.

Belongs here: its shape. Must not: what leads to it.
"""


class PullFailed(RuntimeError):
    """Nothing was pulled and nothing was left behind. `problem` is what is wrong, `fix` what to do about it.

    Neither ever holds a password, and the error of the driver is not chained to it, for that may.
    """

    def __init__(self, problem: str, *, fix: str) -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{problem} Fix: {fix}")
