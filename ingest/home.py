"""Home: every path under `$ARREARS_HOME`, in one place.

Belongs here: names of files and folders, and making the folders. Must not: reading or writing any of the files.
"""

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "ARREARS_HOME"

# a folder per pull of a database, named after the UTC time of its snapshot, with a record of the pull beside the files
PULL_FORMAT = "%Y-%m-%dT%H%M%S"
PULL_RECORD = "_pull.json"


class HomeNotSet(LookupError):
    """Neither `$ARREARS_HOME` nor a configured home is there; the message says how to give one."""


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a refresh keeps. Nothing outside it is ever written."""

    root: Path

    @classmethod
    def from_environment(cls, default: Path | None = None) -> "Home":
        """`$ARREARS_HOME` when set, else `default` (the `home` of `arrears.yml`).

        Raises:
            HomeNotSet: neither is given.
        """
        given = os.environ.get(HOME_VARIABLE, "").strip()
        if given:
            return cls(Path(given).expanduser().absolute())
        if default is None:
            raise HomeNotSet(f"Set {HOME_VARIABLE} to the home folder, or name it as `home` in arrears.yml.")
        return cls(default.expanduser().absolute())

    @property
    def landing(self) -> Path:
        """Immutable Parquet of every landed row."""
        return self.root / "landing"

    def load_file(self, source: str, *, entity: str, load_id: int) -> Path:
        """Parquet file of one load."""
        return self.landing / source / entity / f"{load_id:09d}.parquet"

    @property
    def orphans(self) -> Path:
        """Finished landing files that no load owned, set aside for a while."""
        return self.root / "orphans"

    @property
    def extracts(self) -> Path:
        """What was pulled from databases; never changed, and read like any delivered file."""
        return self.root / "extracts"

    def pulls_of(self, source: str) -> Path:
        """Folder of the pulls of one source."""
        return self.extracts / source

    @property
    def manifest(self) -> Path:
        """SQLite file (WAL) of loads, files, rejected rows, runs and releases."""
        return self.root / "manifest.sqlite"

    @property
    def builds(self) -> Path:
        """Working databases, one per run."""
        return self.root / "build"

    def build_file(self, run: str) -> Path:
        """Working database of one run: landing, staging, intermediate and audit."""
        return self.builds / f"{run}.duckdb"

    @property
    def releases(self) -> Path:
        """Published databases, one per release."""
        return self.root / "releases"

    def release_file(self, release: str) -> Path:
        """Database of one release."""
        return self.releases / f"receivables-{release}.duckdb"

    @property
    def published(self) -> Path:
        """Symlink to the current release. Resolve it before connecting: a reader then keeps its release."""
        return self.root / "receivables.duckdb"

    @property
    def private(self) -> Path:
        """Contact data; mode 0700."""
        return self.root / "private"

    @property
    def contacts(self) -> Path:
        """Contact data of customers, mode 0600; never part of a release."""
        return self.private / "contacts.parquet"

    @property
    def dashboard_secrets(self) -> Path:
        """The dashboard's client of the identity provider (streamlit's secrets.toml, section `[auth]`), mode 0600."""
        return self.private / "dashboard_secrets.toml"

    @property
    def dagster(self) -> Path:
        """`DAGSTER_HOME`."""
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        """File whose flock a refresh holds."""
        return self.root / "refresh.lock"

    @property
    def data_docs(self) -> Path:
        """Reports of the front door."""
        return self.root / "data_docs"

    @property
    def logs(self) -> Path:
        """One log per run."""
        return self.root / "logs"

    @property
    def temporary(self) -> Path:
        """Where DuckDB spills; may be emptied when no refresh runs."""
        return self.root / "tmp"

    def ensure(self) -> "Home":
        """Make the folders that are missing and return self."""
        for folder in (
            self.root,
            self.landing,
            self.builds,
            self.releases,
            self.private,
            self.dagster,
            self.data_docs,
            self.logs,
            self.temporary,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        self.private.chmod(0o700)
        return self
