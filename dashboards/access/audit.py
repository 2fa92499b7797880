"""The audit log: sign-ins, refusals and files taken away, one line of JSON each.

Belongs here: writing a line. Must not: decide anything, or keep figures: a line says who took
what, not what stood in it. The file lies in the home, not in a release: a reader writes nothing to the warehouse.
"""

from __future__ import annotations

import errno
import json
import os
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "audit"
FILE = "dashboard.jsonl"


def record(home: Path, *, event: str, user: str, role: str = "", **details: object) -> None:
    """Append one line; a line is one write, so lines of several readers do not mix.

    Args:
        home: the folder of `arrears.yml`'s home.
        event: signed_in, refused, exported.

    Raises:
        OSError: it cannot be written. What cannot be recorded must not happen, so the caller lets it through.
    """
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps(
        {"at": at, "event": event, "user": user, "role": role, **details}, ensure_ascii=False, default=str
    )
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def problem(home: Path) -> str | None:
    """What would keep a line from being written, asked without writing any; None where nothing would."""
    file = home / FOLDER / FILE
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_APPEND))
    except FileNotFoundError:
        # the log begins with its first line
        place = next(folder for folder in file.parents if folder.exists())
        if not os.access(place, os.W_OK | os.X_OK):
            return str(PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place)))
    except OSError as error:
        return str(error)
    return None
