"""A real MariaDB server for the length of a test run.

Belongs here: finding the programs, a server of its own on a socket and a loopback port of its own, databases in it.
Must not: what is tested. It ends only the server that it started.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymysql
import pytest

# the server refuses to run as root
UNPRIVILEGED = "mysql"
ADMIN, ADMIN_PASSWORD = "keeper", "kept@safe:1"
SECONDS = 60
# debian keeps the server where only root looks for programs
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])


def _program(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


needs_mariadb = pytest.mark.skipif(
    any(_program(name) is None for name in ("mariadbd", "mariadb-install-db"))
    or (os.getuid() == 0 and shutil.which("setpriv") is None),
    reason="mariadbd and mariadb-install-db are not here (Debian: apt-get install mariadb-server)",
)


@dataclass
class Server:
    """A running server. Its users need their password; over the port it speaks TLS where `authority` is a file."""

    folder: Path
    port: int
    authority: Path | None
    databases: int = 0

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def dsn(self, database: str, *, user: str = ADMIN, password: str = ADMIN_PASSWORD) -> str:
        """Over the socket."""
        login = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"mariadb://{login}@/{database}?unix_socket={quote(str(self.socket), safe='')}"

    def tcp_dsn(self, database: str, *, options: str = "", host: str = "127.0.0.1") -> str:
        login = f"{ADMIN}:{quote(ADMIN_PASSWORD, safe='')}"
        return f"mariadb://{login}@{host}:{self.port}/{database}?{options}"

    def connect(
        self, database: str | None = None, *, user: str = ADMIN, password: str = ADMIN_PASSWORD
    ) -> Any:
        """A connection of the owner of everything, which commits each statement at once."""
        return pymysql.connect(
            unix_socket=str(self.socket),
            user=user,
            password=password,
            database=database,
            charset="utf8mb4",
            autocommit=True,
            sql_mode="ANSI_QUOTES",
        )

    def run(self, database: str | None, *statements: str) -> None:
        with closing(self.connect(database)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def load(self, database: str, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows that all have the columns of the first."""
        if not rows:
            return
        columns = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("%s" for _ in rows[0])
        with closing(self.connect(database)) as connection, connection.cursor() as cursor:
            statement = f'insert into "{table}" ({columns}) values ({marks})'
            cursor.executemany(statement, [tuple(row.values()) for row in rows])

    def new_database(self, *statements: str) -> str:
        """A database of its own for a test, and what is in it."""
        self.databases += 1
        name = f"erp_{self.databases}"
        self.run(None, f"create database {name} character set utf8mb4 collate utf8mb4_unicode_ci")
        self.run(name, *statements)
        return name


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own, end it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="arrears-mariadb-"))
    try:
        authority = _certificates(folder)
        _own(folder)
        data = folder / "data"
        installed = subprocess.run(
            [
                *_as_user(str(_program("mariadb-install-db"))),
                *(
                    "--no-defaults",
                    f"--datadir={data}",
                    "--skip-test-db",
                    "--auth-root-authentication-method=normal",
                ),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
        )
        assert installed.returncode == 0, f"mariadb-install-db ended with {installed.returncode}"
        server = Server(folder, _free_port(), authority)
        with _process(server, data=data):
            root = {"unix_socket": str(server.socket), "user": "root", "autocommit": True}
            with closing(_patient_connection(root)) as connection, connection.cursor() as cursor:
                cursor.execute(f"create user {ADMIN} identified by '{ADMIN_PASSWORD}'")
                cursor.execute(f"grant all on *.* to {ADMIN} with grant option")
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def _process(server: Server, *, data: Path) -> Iterator[None]:
    tls = []
    if server.authority is not None:
        tls = [f"--ssl-{name}={server.folder / f'{name}.pem'}" for name in ("ca", "cert", "key")]
    process = subprocess.Popen(
        [
            *_as_user(str(_program("mariadbd"))),
            *(
                "--no-defaults",
                f"--datadir={data}",
                f"--socket={server.socket}",
                f"--pid-file={data / 'pid'}",
            ),
            *("--bind-address=127.0.0.1", f"--port={server.port}", "--skip-log-bin"),
            *(
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0",
                "--innodb-buffer-pool-size=64M",
            ),
            *tls,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def _patient_connection(arguments: Mapping[str, Any]) -> Any:
    """A connection as soon as the server lets us in."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            return pymysql.connect(**arguments)
        except pymysql.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _certificates(folder: Path) -> Path | None:
    """Files for TLS on 127.0.0.1: an authority and what it has signed; none where there is no openssl."""
    if shutil.which("openssl") is None:
        return None
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    for arguments in (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
        "req -newkey rsa:2048 -nodes -subj /CN=server -keyout key.pem -out request",
        "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout other.key -out other.pem",
    ):
        subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True)
    return folder / "ca.pem"


def _own(folder: Path) -> None:
    if os.getuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, UNPRIVILEGED, UNPRIVILEGED)


def _as_user(program: str) -> list[str]:
    if os.getuid() != 0:
        return [program]
    return ["setpriv", "--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups", program]
