"""DSNs: where a database is, read strictly, so that no part of a password is taken for a host and printed.

Belongs here: the two forms, what of them may be shown, hiding the rest. Must not: connect.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ingest.extraction.failure import PullFailed

FORMS = "postgresql://user:password@host/db or sqlite:///absolute/path.db"
CONNECT_SECONDS = 10

_SECRET_OPTIONS = frozenset({"password", "sslpassword"})
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(:\d+)?")


@dataclass(frozen=True)
class Dsn:
    """A database. `address` is what the driver takes; `shown` names the database without user or password."""

    engine: Literal["postgresql", "sqlite"]
    address: str = field(repr=False)
    shown: str
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def hidden(self, text: str) -> str:
        """`text` without any secret of this DSN."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def parse_dsn(text: str) -> Dsn:
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
    if parts.scheme == "sqlite":
        return _sqlite(parts.netloc, path=unquote(parts.path), options=parts.query, fragment=parts.fragment)
    raise _unreadable("is of no engine that can be read.")


def _unreadable(what: str, *, fix: str = f"write {FORMS}.") -> PullFailed:
    return PullFailed(f"the DSN {what}", fix=fix)


def _postgresql(netloc: str, *, path: str, options: str, fragment: str) -> Dsn:
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
    given = dict(parse_qsl(options, keep_blank_values=True))
    password = login.partition(":")[2]
    secrets = {password, unquote(password), *(given.get(option, "") for option in _SECRET_OPTIONS)}
    # the text of a result is UTF-8 whatever the database is kept in, so this one comes last and wins
    defaults = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "arrears"}
    added = [f"{name}={value}" for name, value in defaults.items() if name not in given]
    query = "&".join([*filter(None, [options]), *added, "client_encoding=UTF8"])
    shown_host = hosts or given.get("host") or "localhost"
    return Dsn(
        engine="postgresql",
        address=f"postgresql://{netloc}/{database}?{query}",
        shown=f"PostgreSQL database {unquote(database)!r} on {unquote(shown_host)}",
        secrets=frozenset(secrets - {""}),
    )


def _sqlite(netloc: str, *, path: str, options: str, fragment: str) -> Dsn:
    if netloc or not path.startswith("/") or fragment:
        raise _unreadable("names no absolute path.", fix="write three slashes: sqlite:///absolute/path.db.")
    if options not in {"", "immutable=1"}:
        raise _unreadable("has options.", fix="remove them; `?immutable=1` is the only one.")
    file = Path("/" + path.lstrip("/"))
    uri = f"file:{quote(str(file))}?mode=ro" + (f"&{options}" if options else "")
    return Dsn(engine="sqlite", address=uri, shown=str(file))


def sqlite_file(dsn: Dsn) -> Path:
    """The file of a SQLite DSN."""
    return Path(dsn.shown)
