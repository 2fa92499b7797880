"""A real PostgreSQL server for the length of a test run.

Belongs here: finding the programs, a cluster of its own on a socket of its own, users and databases in it. Must not:
what is tested. It ends only the server that it started.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from adbc_driver_postgresql import dbapi

# `su postgres`, but without a shell: the server refuses to run as root
UNPRIVILEGED = "postgres"
ADMIN, ADMIN_PASSWORD = "keeper", "kept@safe:1"


@cache
def programs() -> Path | None:
    """Folder of initdb and pg_ctl: on the path, or where Debian puts them, the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(folders, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None


needs_postgresql = pytest.mark.skipif(
    programs() is None or (os.getuid() == 0 and shutil.which("setpriv") is None),
    reason="initdb and pg_ctl of PostgreSQL are not here (Debian: apt-get install postgresql)",
)


@dataclass
class Server:
    """A running server. Every database of it takes passwords only."""

    socket: Path
    databases: int = 0

    def dsn(self, database: str, *, user: str = ADMIN, password: str = ADMIN_PASSWORD) -> str:
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"postgresql://{login}@/{database}?host={quote(str(self.socket), safe='')}"

    def run(self, database: str, *statements: str) -> None:
        """Run statements as the owner of everything, each committed at once."""
        with (
            dbapi.connect(f"{self.dsn(database)}&client_encoding=UTF8", autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)

    def load(self, database: str, table: str, rows: Any) -> None:
        """Append an Arrow table."""
        with dbapi.connect(self.dsn(database)) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(table, rows, mode="append")
            connection.commit()

    def new_database(self, *statements: str, options: str = "") -> str:
        """A database of its own for a test, and what is in it."""
        self.databases += 1
        name = f"erp_{self.databases}"
        self.run("postgres", f"create database {name} {options}")
        self.run(name, *statements)
        return name


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own, end it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="arrears-pg-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
        password = folder / "password"
        password.write_text(ADMIN_PASSWORD)
        password.chmod(0o644)
        data = folder / "data"
        _run("initdb", "-D", data, "-U", ADMIN, "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8",
             "--locale=C", "--no-sync")  # fmt: skip
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run("pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield Server(folder)
        finally:
            _run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(program: str, *arguments: str | Path) -> None:
    folder = programs()
    assert folder is not None
    command = [str(folder / program), *map(str, arguments)]
    if os.getuid() == 0:
        user = ["--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups"]
        command = ["setpriv", *user, *command]
    # not captured: the server would keep the pipe open
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=False)
    assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}"
