"""Publishing: a finished candidate becomes the current release by one atomic switch.

Belongs here: renaming, the symlink, keeping the last releases, rolling back, tidying up after a killed
publisher. Must not: write into a release; a published file never changes.

Order, and what a kill leaves: candidate finished and proven (old release current, candidate swept) -> announced
in the manifest -> renamed (old release current, announcement withdrawn) -> symlink replaced (new release
current, announcement confirmed) -> older files pruned.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.durable import sync
from ingest.home import Home
from orchestration.candidate import control_differences, finish_candidate, verify_candidate
from orchestration.errors import ManifestBehind, NoRelease, PublishRefused
from orchestration.gates import CONTROL_TOTAL, GateOutcome, describe_failures, judged, replaced
from orchestration.lock import exclusive_lock
from orchestration.records import Inputs, Records, Release
from orchestration.release_file import release_problem

_RELEASE_FILE = re.compile(r"receivables-(r\d{4,})\.duckdb")
_CANDIDATE_PREFIX = ".candidate-"
_LINK_PREFIX = ".receivables-"


@dataclass(frozen=True)
class Candidate:
    """A build that passed its dbt gates.

    Args:
        file: the release file to be; `build_file`: the database it was computed in.
        outcomes: gates answered so far.
        severities: severity in force per gate.
    """

    run_id: str
    release_id: str
    file: Path
    build_file: Path
    inputs: Inputs
    known_at: datetime
    outcomes: tuple[GateOutcome, ...]
    severities: dict[str, str]


def candidate_file(home: Home, run_id: str) -> Path:
    """Where a run builds its marts: on the same file system as the releases, so that a rename is enough."""
    return home.releases / f"{_CANDIDATE_PREFIX}{run_id}.duckdb"


def publish(candidate: Candidate, *, home: Home, records: Records, macros: Path, keep: int) -> Release:
    """Finish, prove and switch to a candidate. The caller holds the lock.

    Raises:
        PublishRefused: a gate failed, or the file is not what it should be. The previous release stays.
    """
    differences = control_differences(candidate.file, build_file=candidate.build_file)
    control = judged(
        CONTROL_TOTAL, severities=candidate.severities, failing=len(differences), where=differences
    )
    outcomes = replaced(candidate.outcomes, control)
    if any(outcome.is_blocking for outcome in outcomes):
        raise GatesFailed(outcomes, build_file=candidate.build_file)
    contents = finish_candidate(
        candidate.file, release_id=candidate.release_id, macros=macros, outcomes=outcomes
    )
    verify_candidate(candidate.file, expected=contents)
    if not differences and control_differences(candidate.file, build_file=candidate.build_file):
        raise PublishRefused(
            "the totals changed while the candidate was finished",
            fix="check the disk, then run the refresh again",
        )

    final = home.release_file(candidate.release_id)
    release = Release(
        release_id=candidate.release_id,
        run_id=candidate.run_id,
        published_at=datetime.now(UTC),
        known_at=candidate.known_at,
        file=str(final.relative_to(home.root)),
        inputs=candidate.inputs,
        gates=outcomes,
    )
    records.announce_release(release, totals=contents.totals)
    candidate.file.rename(final)
    sync(final.parent)
    switch_to(final, home=home)
    records.confirm_release(release.release_id)
    prune(home, records=records, keep=keep)
    return release


class GatesFailed(PublishRefused):
    """An error gate failed; carries every outcome."""

    def __init__(self, outcomes: Sequence[GateOutcome], *, build_file: Path) -> None:
        self.outcomes = tuple(outcomes)
        super().__init__(describe_failures(outcomes, build_file=build_file), fix="see above")

    def __str__(self) -> str:
        return self.problem


def switch_to(release_file: Path, *, home: Home) -> None:
    """Point the published symlink at a release, in one step that every reader sees whole."""
    waiting = home.root / f"{_LINK_PREFIX}{os.getpid()}.link"
    waiting.unlink(missing_ok=True)
    waiting.symlink_to(release_file.relative_to(home.root))
    waiting.replace(home.published)
    sync(home.root)


def current_release_file(home: Home) -> Path | None:
    """The file that the symlink names, None where nothing is published or the file is gone."""
    if not home.published.is_symlink():
        return None
    target = home.published.resolve()
    return target if target.is_file() else None


def current_release_id(home: Home) -> str | None:
    """Id of the current release."""
    file = current_release_file(home)
    return None if file is None else release_id_of(file)


def release_id_of(file: Path) -> str | None:
    """`r0007` of `receivables-r0007.duckdb`."""
    match = _RELEASE_FILE.fullmatch(file.name)
    return match and match[1]


def prune(home: Home, *, records: Records, keep: int) -> list[str]:
    """Delete the files of all but the newest `keep` releases; the current one always stays.

    Unlinking is safe for readers: who has a file open keeps reading it.
    """
    current = current_release_id(home)
    with_file = [r.release_id for r in records.releases() if home.release_file(r.release_id).is_file()]
    pruned = [release_id for release_id in with_file[max(keep, 1) :] if release_id != current]
    for release_id in pruned:
        home.release_file(release_id).unlink()
    return pruned


def recover(home: Home, *, records: Records) -> list[str]:
    """Finish or undo a switch that a killed publisher left half done.

    Only the holder of the lock may call this. Returns one line per thing done.

    Raises:
        ManifestBehind: the current release is not among those recorded; nothing was touched.
    """
    current = current_release_id(home)
    unconfirmed = records.unconfirmed_releases()
    known = {release.release_id for release in (*unconfirmed, *records.releases())}
    # first of all: an old manifest may take for unfinished what was published long ago
    if current is not None and current not in known:
        raise ManifestBehind(
            f"release {current} is current, and {home.manifest} does not know it: the manifest has lost rows",
            fix="bring it back from a backup (with its -wal file, if there is one); or, if every delivery still lies in"
            f" the folder of its source, move {home.root} away and refresh: everything lands again",
        )
    done: list[str] = []
    for release in unconfirmed:
        if release.release_id == current:
            records.confirm_release(release.release_id)
            done.append(f"release {release.release_id} had been switched to; now recorded as published")
        else:
            home.release_file(release.release_id).unlink(missing_ok=True)
            records.withdraw_release(release.release_id)
            done.append(f"release {release.release_id} had not been switched to; removed")
    return done


def sweep_working_files(home: Home) -> None:
    """Delete builds, candidates and spilled rows of earlier runs; only the holder of the lock may call this."""
    for folder, pattern in (
        (home.releases, f"{_CANDIDATE_PREFIX}*"),
        (home.root, f"{_LINK_PREFIX}*.link"),
        (home.builds, "*"),
        # DuckDB forgets what it has spilled when it is killed
        (home.temporary, "*"),
    ):
        for path in folder.glob(pattern):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for child in path.iterdir():
            _remove(child)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def rollback(home: Home, to: str | None = None) -> str:
    """Switch back to an older release (or forward again): the one named, else the newest before the current.

    Raises:
        LockHeld: a refresh is running.
        ManifestBehind: the current release is not among those recorded; nothing was touched.
        NoRelease: there is no such release, or its file has been pruned or damaged.
    """
    records = Records(home.manifest)
    with exclusive_lock(home.lock):
        recover(home, records=records)
        current = current_release_id(home)
        there = [r.release_id for r in records.releases() if home.release_file(r.release_id).is_file()]
        target = to or _before(there, current)
        if target is None or target not in there:
            known = ", ".join(there) or "none"
            raise NoRelease(
                f"there is no release {target} to go back to"
                if target
                else "there is no older release to go back to",
                fix=f"choose one of: {known} (`arrears releases` lists them)",
            )
        if problem := release_problem(home.release_file(target), totals=records.totals(target)):
            others = ", ".join(release_id for release_id in there if release_id != target) or "none"
            raise NoRelease(
                f"release {target} {problem}",
                fix=f"choose another one: {others}; or `arrears refresh`, which builds the newest again",
            )
        run_id = records.start_run("rollback")
        switch_to(home.release_file(target), home=home)
        records.end_run(
            run_id, status="done", message=f"current release {current} -> {target}", release_id=target
        )
    return target


def _before(newest_first: Sequence[str], current: str | None) -> str | None:
    if current not in newest_first:
        return newest_first[0] if newest_first else None
    older = newest_first[newest_first.index(current) + 1 :]
    return older[0] if older else None
