"""Faults of the machine under the program: a full disk, a database file cut short.

Belongs here: recognising them in the error of whichever library met them, and what a person does about it. Must not:
errors that the program itself has found (they carry their own fix).
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.home import Home
from orchestration.errors import OrchestrationError

_MEGABYTE = 1024**2
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# SQLite says SHMSIZE and not FULL when the file that its readers share cannot grow
_SQLITE_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
# a failing disk says the same; it is full only if there is no room
_SQLITE_PERHAPS_FULL = frozenset({"SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"})
_SQLITE_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
# DuckDB, Polars and dbt hand on what the operating system said, as text, most of them with the file in quotes
_FULL_TEXTS = ("No space left on device", "Disk quota exceeded", "database or disk is full")
_NAMED_FILE = re.compile(r"""["'](/[^"']+)["']""")
# An error that names no file may come from any disk (standard output, /tmp). It is told as home's where home has less
# room than a refresh may need: what filled it, e.g. spilled rows, may be gone by the time somebody looks.
_SHORT_OF_ROOM = 1024.0


class DiskFull(OrchestrationError):
    """There is no room left under home."""


class ManifestDamaged(OrchestrationError):
    """The manifest, or a database of Dagster, cannot be read."""


def explained(error: BaseException, *, home: Home) -> OrchestrationError | None:
    """The fault of the machine behind an error, None where it is another kind of error."""
    if isinstance(error, (DiskFull, ManifestDamaged)):
        return error
    for cause in _chain(error):
        if _is_full(cause, home=home):
            return disk_full(home)
        if (
            isinstance(cause, sqlite3.DatabaseError)
            and getattr(cause, "sqlite_errorname", "") in _SQLITE_DAMAGED
        ):
            return ManifestDamaged(
                f"a database under {home.root} cannot be read ({cause}); the current release stands, whole",
                fix=f"bring {home.manifest} back from a backup (with its -wal file, if there is one); if it is whole,"
                f" the damage is in {home.dagster}, which holds only Dagster's own history: move that away",
            )
    return None


@contextmanager
def explaining(home: Home) -> Iterator[None]:
    """Turn a fault of the machine that ends the block into the error that says what to do.

    Raises:
        OrchestrationError: instead of the library's own error.
    """
    try:
        yield
    except (OSError, sqlite3.Error, duckdb.Error, OrchestrationError) as error:
        fault = explained(error, home=home)
        if fault is None or fault is error:
            raise
        raise fault from error


def is_full_text(text: str, *, home: Home) -> bool:
    """Whether a message, e.g. of a dbt node, says that the disk of home is full."""
    if not any(known in text for known in _FULL_TEXTS):
        return False
    named = [Path(name) for name in _NAMED_FILE.findall(text)]
    return any(_is_on_disk_of(home, path) for path in named) or _free(home.root) < _SHORT_OF_ROOM


def disk_full(home: Home) -> DiskFull:
    """The error for a person."""
    return DiskFull(
        f"the disk of {home.root} is full; the current release stands, whole",
        fix=f"make room there ({_free(home.root):.1f} MB are free now, a refresh needs about four times the size of a"
        f" release): delete what else lies on that disk, lower keep_releases in arrears.yml (a refresh removes older"
        f" releases before it begins), or move {home.root} to a larger disk; then run the command again",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        # SQLAlchemy keeps the driver's error beside the chain
        original = getattr(error, "orig", None)
        if isinstance(original, BaseException):
            yield original
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException, *, home: Home) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        if isinstance(error.filename, (str, bytes)):
            return _is_on_disk_of(home, Path(os.fsdecode(error.filename)))
        return _free(home.root) < _SHORT_OF_ROOM
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        if name in _SQLITE_FULL or (name in _SQLITE_PERHAPS_FULL and _free(home.root) < 1):
            return True
    return is_full_text(str(error), home=home)


def _is_on_disk_of(home: Home, path: Path) -> bool:
    """Whether a file lies, or would lie, on the file system of home."""
    return _nearest(path.absolute()).stat().st_dev == _nearest(home.root).stat().st_dev


def _free(folder: Path) -> float:
    """Megabytes."""
    return shutil.disk_usage(_nearest(folder)).free / _MEGABYTE


def _nearest(path: Path) -> Path:
    """The path itself, or the folder above it that is there."""
    return next(there for there in (path, *path.parents) if there.exists())
