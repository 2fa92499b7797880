"""`arrears doctor`: is this machine, this configuration and this home fit for a refresh?

Belongs here: findings, each with its fix. Must not: repair anything.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import duckdb

from ingest.extraction import PullFailed
from ingest.extraction.dsn import FORMS, parse_dsn
from ingest.home import Home
from ingest.settings import Settings, SettingsError, Source, load_settings
from orchestration.commands.output import Format, render
from orchestration.configuration import configuration_path
from orchestration.dbt_build import dbt_executable
from orchestration.errors import OrchestrationError
from orchestration.lock import holder_of, is_held
from orchestration.publish import current_release_file
from orchestration.release_file import release_problem

Level = Literal["ok", "warning", "error"]
_PACKAGES = (
    "duckdb",
    "dbt-core",
    "dbt-duckdb",
    "dagster",
    "dagster-dbt",
    "polars",
    "great-expectations",
    "streamlit",
)
_GIGABYTE = 1024**3
_LEAST_FREE = 5 * _GIGABYTE


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    topic: str
    finding: str
    fix: str = ""


def run_doctor(config: Path | None, *, output: Format) -> int:
    """Print all findings; 1 where one is an error."""
    findings = list(diagnose(config))
    columns = ("level", "topic", "finding", "fix")
    print(render([asdict(finding) for finding in findings], columns=columns, output=output))
    return 1 if any(finding.level == "error" for finding in findings) else 0


def diagnose(config: Path | None) -> Iterator[Finding]:
    """Look at everything that can be looked at, whatever is broken before it."""
    yield from _versions()
    try:
        path = configuration_path(config)
        settings = load_settings(path)
    except (OrchestrationError, SettingsError) as error:
        fix = error.fix if isinstance(error, OrchestrationError) else "each problem names its own fix"
        text = error.problem if isinstance(error, OrchestrationError) else str(error)
        yield Finding("error", "configuration", text, fix)
        return
    yield Finding("ok", "configuration", f"{path}, {len(settings.sources)} sources")
    yield from _time_zone(settings)
    yield from _sources(settings)
    yield from _crosswalk(settings)
    yield from _home(settings.home)
    yield from _disk(settings.home)
    yield from _lock(settings.home)
    yield from _release(settings.home)


def _versions() -> Iterator[Finding]:
    yield Finding(
        "ok" if sys.version_info[:2] >= (3, 11) else "error",
        "python",
        sys.version.split()[0],
        "" if sys.version_info[:2] >= (3, 11) else "use Python 3.11 or newer",
    )
    for package in _PACKAGES:
        try:
            yield Finding("ok", package, version(package))
        except PackageNotFoundError:
            yield Finding("error", package, "not installed", "run `make setup`")
    library, storage = duckdb_versions()
    yield Finding(
        "ok",
        "duckdb library",
        f"{library}, writes storage version {storage}; readers need DuckDB 2.0 or newer",
    )
    try:
        yield Finding("ok", "dbt executable", str(dbt_executable()))
    except OrchestrationError as error:
        yield Finding("error", "dbt executable", error.problem, error.fix)


def duckdb_versions() -> tuple[str, str]:
    """Version of the library and of the files it writes."""
    with duckdb.connect() as connection:
        library = connection.execute("select version()").fetchall()[0][0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "probe.duckdb"
        with duckdb.connect(str(file)) as connection:
            tags = connection.execute(
                "select tags['storage_version'] from duckdb_databases() where path is not null"
            ).fetchall()
    return str(library), str(tags[0][0])


def _time_zone(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(settings.zone)
    yield Finding(
        "ok",
        "time zone",
        f"{settings.time_zone}, now {now:%Y-%m-%d %H:%M}; schedule {settings.schedule} in it",
    )


def _sources(settings: Settings) -> Iterator[Finding]:
    for source in settings.sources:
        if source.dsn_env is not None:
            yield _database(source, dsn_env=source.dsn_env)
            continue
        fixed = Path(settings.path_of(source).split("{", 1)[0])
        folder = fixed if fixed.is_dir() else fixed.parent
        if folder.is_dir() and os.access(folder, os.R_OK):
            yield Finding("ok", f"source {source.name}", str(folder))
        else:
            yield Finding(
                "error" if source.required else "warning",
                f"source {source.name}",
                f"{folder} is not there or cannot be read",
                "correct `path` in arrears.yml, or mount the folder",
            )


def _crosswalk(settings: Settings) -> Iterator[Finding]:
    try:
        crosswalk = settings.crosswalk
    except SettingsError as error:
        yield Finding("error", "crosswalk", str(error), "each problem names its own fix")
        return
    if crosswalk is not None:
        yield Finding(
            "ok",
            "crosswalk",
            f"{crosswalk.path}: {len(crosswalk.parties)} customers are another one,"
            f" {len(crosswalk.pairs) - len(crosswalk.decided)} pairs are open",
        )


def _database(source: Source, *, dsn_env: str) -> Finding:
    """Whether the DSN can be read; what it says is never shown."""
    topic = f"source {source.name}"
    level: Level = "error" if source.required else "warning"
    dsn = os.environ.get(dsn_env, "").strip()
    if not dsn:
        fix = f"set {dsn_env} to the DSN of the database: {FORMS}"
        return Finding(level, topic, f"the environment variable {dsn_env} is not set", fix)
    try:
        return Finding("ok", topic, parse_dsn(dsn).shown)
    except PullFailed as failure:
        return Finding(level, topic, failure.problem, failure.fix)


def _home(home: Home) -> Iterator[Finding]:
    if not home.root.is_dir():
        yield Finding(
            "warning", "home", f"{home.root} does not exist yet", "the first `arrears refresh` makes it"
        )
        return
    writable = os.access(home.root, os.W_OK)
    yield Finding(
        "ok" if writable else "error",
        "home",
        str(home.root),
        "" if writable else f"give the current user write access to {home.root}",
    )
    if home.private.is_dir() and home.private.stat().st_mode & 0o077:
        yield Finding(
            "error", "contact data", f"{home.private} is open to other users", f"chmod 700 {home.private}"
        )


def _disk(home: Home) -> Iterator[Finding]:
    folder = next(path for path in (home.root, *home.root.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    largest = max((file.stat().st_size for file in home.releases.glob("*.duckdb")), default=0)
    # a build needs its own working file, the candidate, and room to spill
    needed = max(_LEAST_FREE, 4 * largest)
    enough = free >= needed
    yield Finding(
        "ok" if enough else "warning",
        "disk",
        f"{free / _GIGABYTE:.1f} GiB free, {needed / _GIGABYTE:.1f} GiB wanted",
        ""
        if enough
        else "free some space, or lower keep_releases in arrears.yml: a refresh first removes older releases",
    )


def _lock(home: Home) -> Iterator[Finding]:
    if is_held(home.lock):
        yield Finding(
            "warning",
            "lock",
            f"held by process {holder_of(home.lock)}",
            "a refresh is running; wait for it, or end that process",
        )
    else:
        yield Finding("ok", "lock", "free")


def _release(home: Home) -> Iterator[Finding]:
    file = current_release_file(home)
    if file is not None:
        if problem := release_problem(file):
            yield Finding(
                "error",
                "current release",
                f"{file} {problem}",
                "run `arrears refresh`, or `arrears rollback`",
            )
        else:
            yield Finding("ok", "current release", str(file))
    elif home.published.is_symlink():
        yield Finding(
            "error",
            "current release",
            f"{home.published} points at a file that is gone",
            "run `arrears rollback`, or `arrears refresh`",
        )
    elif home.published.exists():
        yield Finding(
            "error",
            "current release",
            f"{home.published} is a file, not a link",
            "move it away and run `arrears refresh`",
        )
    else:
        yield Finding("warning", "current release", "nothing has been published yet", "run `arrears refresh`")
