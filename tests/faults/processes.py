"""Processes under test: who belongs to a session, killing one of them, and seeing that nobody is left.

Belongs here: the process table. Must not: what a killed process leaves on disk.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeVar

Target = Literal["parent", "child", "group"]
Found = TypeVar("Found")
_POLL_SECONDS = 0.002


def until(condition: Callable[[], Found | None], *, seconds: float = 60.0) -> Found:
    """The first true answer; whoever waits in vain fails."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(_POLL_SECONDS)
    raise AssertionError("waited in vain")


def members(session: int) -> list[int]:
    """Living processes of a session (zombies are dead)."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            # the name of a program may hold spaces and brackets: what counts comes after the last one
            state, _, _, of_session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(of_session) == session and state not in "ZX":
                found.append(int(entry.name))
    return found


def child_of(pid: int, *, named: bytes) -> int | None:
    """A child whose command line holds `named`."""
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            # between fork and exec the child still has its parent's command line
            if named in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
    return None


def kill(pid: int, *, target: Target, child: int | None = None) -> None:
    """SIGKILL, to exactly what `target` names; a process that has ended meanwhile is no error."""
    with suppress(ProcessLookupError):
        if target == "group":
            os.killpg(pid, signal.SIGKILL)
        elif target == "parent":
            os.kill(pid, signal.SIGKILL)
        elif child is not None:
            os.kill(child, signal.SIGKILL)


def wait_until_nobody_is_left(session: int, *, seconds: float = 20.0) -> None:
    """Everything that a session started has ended.

    Raises:
        AssertionError: somebody lives on; it is named, and ended.
    """
    try:
        until(lambda: not members(session), seconds=seconds)
    except AssertionError:
        alive = members(session)
        names = [Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")[:200] for pid in alive]
        for pid in alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        raise AssertionError(f"still running: {names}") from None
