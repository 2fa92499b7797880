"""What lies in the folder of a source, before any of it is opened for reading.

Belongs here: links, special files, names, permissions, size and rest of a file: whether it may be read at all, and
whether its writer has finished. Must not: formats, deliveries.

A file that may not be read is refused as a part of its delivery, never skipped: a dump that silently lacks a part
would close what the part holds. Nothing here can block: what is no plain file is never opened, and opening is
non-blocking, so that a file which becomes a pipe between two looks does not stop a refresh.
"""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.landing.records import DeliveredFile, FileFault
from ingest.printable import is_unseen, printable
from ingest.reasons import (
    BAD_FILE_NAME,
    EMPTY_FILE,
    FILE_CHANGED,
    FILE_TOO_LARGE,
    LINK_OUTSIDE,
    NO_PERMISSION,
    NOT_A_FILE,
    fix_of,
)

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True)
class Limits:
    """What a source allows. `root`: the folder that its files may not leave, resolved; None where the path names one
    file, which the operator has then chosen as it is."""

    root: Path | None
    largest_bytes: int
    settle_seconds: float


def looked_at(
    path: Path, *, name: str, limits: Limits, cached: Mapping[tuple[str, int, int], str]
) -> DeliveredFile:
    """One file with its content hash, or with its fault; a file that is still being written is `is_unfinished`.

    Args:
        name: how messages name it.
        cached: content hashes by path, size and time of change.
    """
    try:
        return _hashed(path, name=name, limits=limits, cached=cached)
    except _Fault as fault:
        return _at_fault(path, name=name, reason_code=fault.reason_code, what=str(fault))
    except _Unfinished:
        return _unfinished(path, name=name)
    except FileNotFoundError:
        # renamed or removed since the folder was listed: the next refresh sees what it has become
        return _unfinished(path, name=name)
    except PermissionError:
        return _at_fault(path, name=name, reason_code=NO_PERMISSION, what="may not be read.")
    except OSError as error:
        # ELOOP: a link to itself; ENXIO: a socket or a device without its driver
        if error.errno not in (errno.ELOOP, errno.ENXIO):
            raise
        code = LINK_OUTSIDE if error.errno == errno.ELOOP else NOT_A_FILE
        return _at_fault(path, name=name, reason_code=code, what=f"cannot be opened ({error.strerror}).")


def is_unchanged(file: DeliveredFile) -> bool:
    """Whether the file is still there and as it was when its content hash was taken."""
    try:
        status = file.path.stat()
    except FileNotFoundError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified_ns)


def shown(path: Path, *, root: Path) -> str:
    """A path as text that every message and database takes; relative to the installation where it lies inside."""
    inside = path.relative_to(root) if path.is_relative_to(root) else path
    return printable(os.fsencode(inside).decode("utf-8", errors="surrogateescape"))


class _Fault(Exception):
    """The file may not be read."""

    def __init__(self, reason_code: str, what: str) -> None:
        super().__init__(what)
        self.reason_code = reason_code


class _Unfinished(Exception):
    """The file is being written."""


def _hashed(
    path: Path, *, name: str, limits: Limits, cached: Mapping[tuple[str, int, int], str]
) -> DeliveredFile:
    _refuse_name(path)
    _refuse_link(path, root=limits.root)
    first = path.stat()
    _refuse_kind(first.st_mode)
    if first.st_size > limits.largest_bytes:
        raise _Fault(
            FILE_TOO_LARGE,
            f"has {first.st_size:,} bytes, more than `largest_file` allows ({limits.largest_bytes:,}).",
        )
    # a clock that is ahead, ours or the writer's, must not keep a file out for ever
    if limits.settle_seconds and abs(time.time() - first.st_mtime) < limits.settle_seconds:
        raise _Unfinished
    if not first.st_size:
        raise _Fault(EMPTY_FILE, "is empty, without even a header.")
    content_hash = cached.get((str(path), first.st_size, first.st_mtime_ns))
    if content_hash is None:
        content_hash = _content_hash(path)
        second = path.stat()
        if (second.st_size, second.st_mtime_ns) != (first.st_size, first.st_mtime_ns):
            raise _Unfinished
    return DeliveredFile(path, name, content_hash, first.st_size, first.st_mtime_ns)


def _content_hash(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        _refuse_kind(os.fstat(descriptor).st_mode)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_name(path: Path) -> None:
    if any(is_unseen(character) for character in path.name):
        raise _Fault(BAD_FILE_NAME, "has a name that is not UTF-8, or holds characters that nobody sees.")


def _refuse_link(path: Path, *, root: Path | None) -> None:
    """A path that resolves to somewhere outside the folder of the source. A link inside it is fine, and so is a
    folder of the source that is itself a link: it was resolved too."""
    # not Path.resolve: that raises for a link to itself
    real = Path(os.path.realpath(path))
    if root is not None and not real.is_relative_to(root):
        raise _Fault(LINK_OUTSIDE, f"leads out of the folder of the source, to {real}.")
    if path.is_symlink() and not path.exists():
        raise _Fault(LINK_OUTSIDE, f"leads to {real}, which is not there.")


def _refuse_kind(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    kind = next((text for is_kind, text in _KINDS if is_kind(mode)), "something else")
    raise _Fault(NOT_A_FILE, f"is {kind}, not a file.")


def _at_fault(path: Path, *, name: str, reason_code: str, what: str) -> DeliveredFile:
    status = _own_status(path)
    fault = FileFault(reason_code, f"{name}: {what}", f"{fix_of(reason_code)}.")
    # no content is known: the hash is that of the fault, so that a mended file is another delivery
    told = f"{reason_code}\n{name}\n{status.st_size if status else 0}"
    return DeliveredFile(
        path,
        name,
        f"{reason_code}:{hashlib.sha256(told.encode()).hexdigest()}",
        status.st_size if status else 0,
        status.st_mtime_ns if status else 0,
        fault=fault,
    )


def _unfinished(path: Path, *, name: str) -> DeliveredFile:
    status = _own_status(path)
    size, modified_ns = (status.st_size, status.st_mtime_ns) if status else (0, 0)
    return DeliveredFile(path, name, FILE_CHANGED, size, modified_ns, is_unfinished=True)


def _own_status(path: Path) -> os.stat_result | None:
    """Of the link itself, never of what it leads to."""
    try:
        return path.lstat()
    except OSError:
        return None
