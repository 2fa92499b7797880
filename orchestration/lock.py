"""One writer at a time: an flock on `$ARREARS_HOME/refresh.lock`.

Belongs here: taking the lock, naming who holds it. Must not: waiting for its end. The operating system releases an
flock when its process dies, so a killed refresh never blocks the next one (a Dagster concurrency slot would).
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestration.errors import LockHeld

_ATTEMPTS = 20
_PAUSE_SECONDS = 0.005


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the lock for the length of the block.

    Raises:
        LockHeld: another process has it; the message names its process id.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _take(descriptor, path=path):
            holder = holder_of(path)
            raise LockHeld(
                f"another refresh, replay or rollback is running{f' (process {holder})' if holder else ''}",
                fix="wait until it has ended, then run the command again; `arrears status` shows its progress",
            )
        os.ftruncate(descriptor, 0)
        # a courtesy to whoever waits; on a full disk the lock must be had all the same, to make room
        with suppress(OSError):
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, *, path: Path) -> bool:
    """Take the lock; False where another one holds it: one that has said who it is, or does not let go.

    `is_held` must take the lock to ask, for microseconds; who comes at that moment is not refused for it.
    """
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # a killed holder leaves its name behind
            if (holder := holder_of(path)) is not None and Path(f"/proc/{holder}").exists():
                return False
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def holder_of(path: Path) -> int | None:
    """Process id written by the last holder, None where nothing is written."""
    try:
        text = path.read_text().strip()
    except FileNotFoundError:
        return None
    return int(text) if text.isdigit() else None


def is_held(path: Path) -> bool:
    """Whether some process holds the lock at this moment (it may be this one)."""
    if not path.exists():
        return False
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
