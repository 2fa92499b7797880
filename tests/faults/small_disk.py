"""A disk of a few megabytes: a tmpfs of its own, filled to the byte.

Belongs here: mounting it, filling it, moving an installation's home there. Must not: assertions.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.worlds import THIRD, Installation, install

KIBIBYTE = 1024
BLOCK = 4 * KIBIBYTE


@contextmanager
def small_disk(folder: Path, *, size: int) -> Iterator[Path]:
    """A file system of its own in `folder`, of `size` bytes."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"mounting a tmpfs is not permitted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, *, leaving: int) -> Path:
    """A file that takes all room of the disk but `leaving` bytes."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(BLOCK))
    os.truncate(filler, max(filler.stat().st_size - leaving, 0))
    return filler


def on_disk(base: Installation, *, folder: Path, disk: Path) -> Installation:
    """The base with its home on the small disk, and deliveries waiting."""
    here = base.copy(folder)
    shutil.move(here.home.root, disk / "home")
    here.home.root.symlink_to(disk / "home")
    install(here.folder, through=THIRD)
    return here
