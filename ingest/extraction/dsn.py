"""DSNs: where a database is, read strictly, so that no part of a password is taken for a host and printed.

Belongs here: the three forms, what of them may be shown, hiding the rest. Must not: connect.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ingest.extraction.failure import PullFailed

FORMS = (
    "postgresql://user:password@host/db, mariadb://user:password@host/db (mysql:// too)"
    " or sqlite:///absolute/path.db"
)
CONNECT_SECONDS = 10
# where a connection is lost without a word, this is when it is noticed; a query may take as long to its first row
READ_SECONDS = 3600
MARIADB_PORT = 3306

_SECRET_OPTIONS = frozenset({"password", "sslpassword"})
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(:\d+)?")
_SECONDS = ("connect_timeout", "read_timeout", "max_statement_time")
_TLS_MODES = ("required", "verify_ca", "verify_identity")
_MARIADB_OPTIONS = ("unix_socket", "ssl_mode", "ssl_ca", "ssl_cert", "ssl_key", *_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Dsn:
    """A database. `shown` names it without user or password."""

    shown: str
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def hidden(self, text: str) -> str:
        """`text` without any secret of this DSN."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


@dataclass(frozen=True, kw_only=True)
class PostgresqlDsn(Dsn):
    """A PostgreSQL database. `address` is what its driver takes."""

    address: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SqliteDsn(Dsn):
    """A SQLite file. `address` is what its driver takes."""

    address: str
    file: Path


@dataclass(frozen=True)
class Tls:
    """How far a server must prove who it is: not at all (`required`: the line is encrypted, no more), by a certificate
    of the authority (`verify_ca`), of that host (`verify_identity`). The files are PEM; without an authority those of
    the system are believed.
    """

    mode: str
    authority: str | None = None
    certificate: str | None = None
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class MariaDsn(Dsn):
    """A MariaDB or MySQL database; its driver takes parts. `socket` stands for host and port where it is given.

    `tls` is None where encryption is up to the server. Times are in seconds, `statement_seconds` None without limit.
    """

    user: str = field(repr=False)
    password: str = field(repr=False)
    database: str
    host: str
    port: int
    socket: str | None
    tls: Tls | None
    connect_seconds: int
    read_seconds: int
    statement_seconds: int | None


AnyDsn = PostgresqlDsn | MariaDsn | SqliteDsn


def parse_dsn(text: str) -> AnyDsn:
    """Read a DSN.

    Raises:
        PullFailed: it has another form; the message shows nothing of it.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise _unreadable("is no DSN.") from None
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(parts.netloc, path=parts.path, options=parts.query, fragment=parts.fragment)
    if parts.scheme in {"mariadb", "mysql"}:
        name = "MariaDB" if parts.scheme == "mariadb" else "MySQL"
        return _mariadb(name, parts.netloc, path=parts.path, options=parts.query, fragment=parts.fragment)
    if parts.scheme == "sqlite":
        return _sqlite(parts.netloc, path=unquote(parts.path), options=parts.query, fragment=parts.fragment)
    raise _unreadable("is of no engine that can be read.")


def _unreadable(what: str, *, fix: str = f"write {FORMS}.") -> PullFailed:
    return PullFailed(f"the DSN {what}", fix=fix)


def _login_hosts_and_database(netloc: str, *, path: str, options: str, fragment: str) -> tuple[str, str, str]:
    """The parts of the DSN of a server, still percent-encoded."""
    login, _, hosts = netloc.rpartition("@")
    if "@" in login or "@" in path or "@" in options or fragment:
        raise _unreadable(
            "has characters in user or password that end them early.",
            fix="percent-encode @ : / ? # and % in user and password, as in p%40ss for p@ss.",
        )
    if not all(_HOST.fullmatch(host) for host in hosts.split(",")):
        raise _unreadable("has a port that is no number.")
    database = path.removeprefix("/")
    if not database or "/" in database:
        raise _unreadable("does not name one database.")
    return login, hosts, database


def _postgresql(netloc: str, *, path: str, options: str, fragment: str) -> PostgresqlDsn:
    login, hosts, database = _login_hosts_and_database(netloc, path=path, options=options, fragment=fragment)
    given = dict(parse_qsl(options, keep_blank_values=True))
    password = login.partition(":")[2]
    secrets = {password, unquote(password), *(given.get(option, "") for option in _SECRET_OPTIONS)}
    # the text of a result is UTF-8 whatever the database is kept in, so this one comes last and wins
    defaults = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "arrears"}
    added = [f"{name}={value}" for name, value in defaults.items() if name not in given]
    query = "&".join([*filter(None, [options]), *added, "client_encoding=UTF8"])
    shown_host = hosts or given.get("host") or "localhost"
    return PostgresqlDsn(
        address=f"postgresql://{netloc}/{database}?{query}",
        shown=f"PostgreSQL database {unquote(database)!r} on {unquote(shown_host)}",
        secrets=frozenset(secrets - {""}),
    )


def _mariadb(name: str, netloc: str, *, path: str, options: str, fragment: str) -> MariaDsn:
    login, hosts, database = _login_hosts_and_database(netloc, path=path, options=options, fragment=fragment)
    if "," in hosts:
        raise _unreadable("names several hosts.", fix="name one of them.")
    given = _mariadb_options(options)
    user, _, password = login.partition(":")
    host, _, port = hosts.rpartition(":") if re.search(r":\d+$", hosts) else (hosts, "", "")
    socket = given.get("unix_socket")
    return MariaDsn(
        shown=f"{name} database {unquote(database)!r} on {socket or unquote(hosts) or 'localhost'}",
        secrets=frozenset({password, unquote(password)} - {""}),
        user=unquote(user),
        password=unquote(password),
        database=unquote(database),
        host=unquote(host).strip("[]") or "localhost",
        port=int(port or MARIADB_PORT),
        socket=socket,
        tls=_tls(given),
        connect_seconds=_seconds(given, "connect_timeout") or CONNECT_SECONDS,
        read_seconds=_seconds(given, "read_timeout") or READ_SECONDS,
        statement_seconds=_seconds(given, "max_statement_time"),
    )


def _mariadb_options(options: str) -> dict[str, str]:
    pairs = parse_qsl(options, keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs) or not given.keys() <= set(_MARIADB_OPTIONS) or not all(given.values()):
        raise _unreadable(
            "has options that are not known, empty, or given twice.",
            fix=f"use only {', '.join(_MARIADB_OPTIONS)}, each with a value.",
        )
    return given


def _seconds(given: Mapping[str, str], option: str) -> int | None:
    text = given.get(option)
    if text is None:
        return None
    if re.fullmatch(r"[1-9]\d{0,6}", text) is None:
        raise _unreadable(f"has a {option} that is no number.", fix="write whole seconds, as in 600.")
    return int(text)


def _tls(given: Mapping[str, str]) -> Tls | None:
    """What is asked of the server. Who names an authority wants to know whom he talks to."""
    files = {name: given.get(name) for name in ("ssl_ca", "ssl_cert", "ssl_key")}
    mode = given.get("ssl_mode") or ("verify_identity" if files["ssl_ca"] else "required")
    if mode not in _TLS_MODES:
        raise _unreadable("has an ssl_mode that is not known.", fix=f"use one of {', '.join(_TLS_MODES)}.")
    if (files["ssl_cert"] is None) != (files["ssl_key"] is None):
        raise _unreadable("has one of ssl_cert and ssl_key.", fix="give both files, or neither.")
    if "ssl_mode" not in given and not any(files.values()):
        return None
    return Tls(mode, authority=files["ssl_ca"], certificate=files["ssl_cert"], key=files["ssl_key"])


def _sqlite(netloc: str, *, path: str, options: str, fragment: str) -> SqliteDsn:
    if netloc or not path.startswith("/") or fragment:
        raise _unreadable("names no absolute path.", fix="write three slashes: sqlite:///absolute/path.db.")
    if options not in {"", "immutable=1"}:
        raise _unreadable("has options.", fix="remove them; `?immutable=1` is the only one.")
    file = Path("/" + path.lstrip("/"))
    uri = f"file:{quote(str(file))}?mode=ro" + (f"&{options}" if options else "")
    return SqliteDsn(shown=str(file), address=uri, file=file)
