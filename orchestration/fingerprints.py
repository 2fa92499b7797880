"""Fingerprints: when are two refreshes the same refresh?

Belongs here: hashes of code and of policy tables. Must not: hash data (landing has its own fingerprint) or
settings (`Settings.configuration_hash`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT = REPOSITORY / "dbt"
_CODE_FOLDERS = ("dbt", "ingest", "analytics", "orchestration")
_CODE_SUFFIXES = frozenset({".py", ".sql", ".yml", ".yaml", ".csv"})
# dbt writes the first ones beside its project when someone runs it by hand; the simulator makes no figure
_IGNORED_FOLDERS = frozenset({"target", "logs", "dbt_packages", "__pycache__", "simulator"})
HASH_LENGTH = 16


def hash_files(files: Iterable[Path], *, root: Path) -> str:
    """Hash of relative names and contents, whatever the order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:HASH_LENGTH]


def hash_folder(folder: Path, *, suffixes: frozenset[str] = _CODE_SUFFIXES) -> str:
    """Hash of every source file below a folder; an absent folder is an empty one."""
    return hash_files(_source_files(folder, suffixes=suffixes), root=folder)


def _source_files(folder: Path, *, suffixes: frozenset[str]) -> list[Path]:
    return [
        file
        for file in folder.rglob("*")
        if file.suffix in suffixes
        and file.is_file()
        and not _IGNORED_FOLDERS & set(file.relative_to(folder).parts)
    ]


def code_version(*, repository: Path = REPOSITORY) -> str:
    """Version of everything that turns landed rows into a release."""
    files = [
        file for name in _CODE_FOLDERS for file in _source_files(repository / name, suffixes=_CODE_SUFFIXES)
    ]
    return hash_files(files, root=repository)


def policy_hash(*, seeds: Path, override: Path | None) -> str:
    """Hash of the default policy tables and of the files that replace some of them."""
    parts = [hash_folder(seeds, suffixes=frozenset({".csv"}))]
    if override is not None:
        parts.append(hash_folder(override, suffixes=frozenset({".csv"})))
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:HASH_LENGTH]
