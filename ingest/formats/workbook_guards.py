"""Whether a workbook may be opened.

Belongs here: choosing how each kind of workbook is looked at first. Must not: reading its cells (workbook.py).

.xlsx and .xlsm are looked at entry by entry (archive_guards.py). The other kinds say nothing of their extent that
could be read without a reader of their own, so the reader is tried in a process of its own, which may die of it.
"""

import subprocess
import sys
from pathlib import Path

from ingest.formats.archive_guards import MOST_CELLS, check_archive, refused
from ingest.formats.frames import MOST_COLUMNS, UnreadableFile
from ingest.reasons import ENCRYPTED_FILE, TOO_MANY_COLUMNS, TOO_MANY_ROWS

PROBE = Path(__file__).with_name("workbook_probe.py")
MOST_PROBE_BYTES = 4 * 2**30
MOST_PROBE_SECONDS = 120

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BLOCK = 2**20


def check_workbook(path: Path) -> None:
    """Refuse what would end the process, or what only seems to be a workbook.

    Raises:
        UnreadableFile: it may not be opened; the error names the fix.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        is_compound = file.read(len(_COMPOUND_FILE)) == _COMPOUND_FILE
    if is_compound and _holds(path, _ENCRYPTED):
        raise refused(path, "is protected by a password.", reason_code=ENCRYPTED_FILE)
    if is_compound and suffix != ".xls":
        raise UnreadableFile(
            f"{path.name}: is an old workbook (.xls) under the name {suffix}.",
            fix="save it again as .xlsx, without a password, with the data on the first sheet.",
        )
    if suffix != ".xls":
        check_archive(path)
    if suffix not in (".xlsx", ".xlsm"):
        _try_in_a_process(path)


def _holds(path: Path, wanted: bytes) -> bool:
    held = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if wanted in held + block:
                return True
            held = block[-len(wanted) :]
    return False


def _try_in_a_process(path: Path) -> None:
    command = [sys.executable, str(PROBE), str(path), str(MOST_PROBE_BYTES), str(MOST_PROBE_SECONDS)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=2 * MOST_PROBE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise refused(path, "takes too long to open.", reason_code=TOO_MANY_ROWS) from error
    if done.returncode == 1 and "panicked" not in done.stderr:
        raise UnreadableFile(
            f"{path.name}: is not a readable workbook ({done.stderr.strip().splitlines()[-1:]}).",
            fix="save it again as .xlsx, without a password, with the data on the first sheet.",
        )
    if done.returncode:
        raise refused(path, "needs more memory or time than a workbook may.", reason_code=TOO_MANY_ROWS)
    rows, columns = (int(number) for number in done.stdout.split())
    if columns > MOST_COLUMNS:
        raise refused(path, f"has {columns:,} columns.", reason_code=TOO_MANY_COLUMNS)
    if rows * columns > MOST_CELLS:
        raise refused(path, f"has {rows:,} rows and {columns:,} columns.", reason_code=TOO_MANY_ROWS)
