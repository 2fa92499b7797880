"""`arrears refresh` as a person or a schedule runs it: a process of its own, with Dagster and dbt.

Belongs here: starting it and listening to it. Must not: faults.
"""

import subprocess
import sys
import threading
from types import TracebackType
from typing import Self

from tests.faults import processes
from tests.faults.reader import REPOSITORY
from tests.faults.worlds import Installation


class Refresh:
    """`arrears refresh` in a session of its own, and what it has said so far."""

    def __init__(self, installation: Installation) -> None:
        self.said = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", "refresh", "--config", str(installation.config)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said += line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Whatever a test found, nothing that it started outlives it."""
        processes.kill(self.pid, target="group")
        self.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> int:
        code = self._process.wait(timeout=600)
        self._listener.join()
        return code

    def child(self) -> int | None:
        return processes.child_of(self.pid, named=b"/dbt")


def refresh_to_its_end(installation: Installation) -> str:
    """A refresh that must succeed; returns what it said."""
    with Refresh(installation) as refresh:
        assert refresh.wait() == 0, refresh.said
    return refresh.said
