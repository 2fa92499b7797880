"""What a database said, as one problem and one fix, without the password.

Belongs here: reading driver errors. Must not: raise for anything that is not the database's.
"""

import re
from dataclasses import dataclass

from adbc_driver_manager import Error
from pymysql import MySQLError

from ingest.extraction.dsn import Dsn
from ingest.extraction.failure import PullFailed


@dataclass(frozen=True)
class _Case:
    """`codes` are SQLSTATEs of PostgreSQL and error numbers of MariaDB; `words` are looked for where the driver passes
    on the text alone."""

    codes: tuple[str | int, ...]
    words: str
    fix: str


_QUERY_CASES = (
    _Case(
        # 1969 of MariaDB and 3024 of MySQL: the time a statement may take; 1205: the wait for a table being altered
        ("57014", "55P03", 1205, 1317, 1969, 3024),
        r"statement timeout|lock timeout|canceling statement|database (table )?is locked",
        "pull when the database is less busy, make the query read less (`incremental`), or raise the limit.",
    ),
    _Case(
        ("42501", 1142, 1143, 1370),
        r"permission denied|must be owner",
        "give the user of the DSN `select` on it, and in PostgreSQL `usage` on its schema.",
    ),
    _Case(
        ("42P01", "3F000", 1049, 1146),
        r"no such table|relation .* does not exist|schema .* does not exist",
        "correct the query of the profile, or the DSN: another database or schema (search_path) may hold the table.",
    ),
    _Case(
        ("42703", 1054),
        r"no such column|column .* does not exist",
        "correct the query of the profile: this version of the system names the column differently or lacks it.",
    ),
    _Case(
        ("25006", 1792),
        r"read-?only|data-modifying",
        "write a `select` that only reads; nothing is ever changed in a source.",
    ),
    _Case(
        # 2006 and 2013: the driver noticed; 0: it had noticed before
        (
            "57P01",
            "57P02",
            "57P03",
            "08006",
            "08003",
            0,
            1053,
            1152,
            1158,
            1159,
            1160,
            1161,
            1927,
            2006,
            2013,
        ),
        r"terminating connection|server closed the connection|no connection to the server|disk I/O error",
        "pull again; the connection was lost on the way.",
    ),
    # a table was altered after the snapshot had been taken
    _Case((1412,), r"table definition has changed", "pull again; a table was altered meanwhile."),
    _Case((1060,), r"duplicate column name", "name one of the columns otherwise, with `as`."),
)
_PRIMARY = "PG_DIAG_MESSAGE_PRIMARY"
_WRITING = re.compile(r"\s*(insert|update|delete|merge|drop|alter|create|truncate)\b", re.IGNORECASE)

_CONNECTION_CASES = (
    _Case(
        (),
        r"password authentication failed|no password supplied|authentication failed",
        "correct user and password in the DSN.",
    ),
    _Case(
        (1045, 1698, 1130),
        r"access denied for user .*using password|is not allowed to connect",
        "correct user and password in the DSN; the server must let this user in from this machine, and over TLS where"
        " it asks for that (`?ssl_mode=required`).",
    ),
    _Case(
        (1044,),
        r"access denied for user .* to database",
        "correct the name of the database in the DSN, or give the user `select` on its tables.",
    ),
    _Case((1049,), r"unknown database", "correct the name of the database in the DSN."),
    _Case((1040, 1203, 1226), r"too many connections", "pull when the database is less busy."),
    _Case(
        (3159, 4150),
        r"insecure transport",
        "add `?ssl_mode=required` to the DSN, or `?ssl_ca=/file.pem` with the authority of the server.",
    ),
    _Case(
        (),
        r"certificate_verify_failed|certificate verify failed|hostname mismatch",
        "name the authority of the server's certificate with `?ssl_ca=/file.pem`, and the host as it is named there.",
    ),
    _Case(
        (2026,),
        r"ssl is required",
        "turn TLS on at the server, or remove the ssl options from the DSN where the line is safe.",
    ),
    _Case(
        (2059, 2061),
        r"cryptography' package is required|pynacl|authentication plugin|auth method",
        "give the user a password of `mysql_native_password`, or let it connect over TLS (`?ssl_ca=/file.pem`).",
    ),
    _Case((), r"role .* does not exist", "correct the user in the DSN."),
    _Case((), r"database .* does not exist", "correct the name of the database in the DSN."),
    _Case(
        (),
        r"no pg_hba\.conf entry",
        "let the server accept this user from this machine (pg_hba.conf), or add `?sslmode=require` to the DSN.",
    ),
    _Case(
        (),
        r"not a database|malformed",
        "name the SQLite file itself; this one is something else, or damaged.",
    ),
    _Case(
        (),
        r"unable to open|readonly|failed to open",
        "let this user read the file and its folder; a copy that nothing writes to may be opened with `?immutable=1`.",
    ),
)
_UNREACHABLE = "check host, port, network and that the server runs."


def connection_failure(error: Exception, *, dsn: Dsn) -> PullFailed:
    """The error for a database that cannot be reached or does not let us in."""
    said = _said(error)
    fix = _fix(_CONNECTION_CASES, said=said, code=_number(error)) or _UNREACHABLE
    return PullFailed(dsn.hidden(f"{dsn.shown} cannot be opened: {said}"), fix=fix)


def query_failure(error: Exception, *, dsn: Dsn, query: str, sql: str = "") -> PullFailed:
    """The error for a query that the database does not answer, or stops answering."""
    said = _said(error)
    code = error.sqlstate if isinstance(error, Error) else _number(error)
    if _WRITING.match(sql):
        fix = "write a `select`; nothing is ever changed in a source."
    else:
        fix = _fix(_QUERY_CASES, said=said, code=code) or "correct the query of the profile."
    return PullFailed(dsn.hidden(f"the query {query!r} failed: {said}"), fix=fix)


def _fix(cases: tuple[_Case, ...], *, said: str, code: str | int | None) -> str | None:
    for case in cases:
        if code in case.codes or re.search(case.words, said, flags=re.IGNORECASE):
            return case.fix
    return None


def _number(error: Exception) -> int | None:
    """The error number of MariaDB."""
    is_numbered = isinstance(error, MySQLError) and len(error.args) > 1 and isinstance(error.args[0], int)
    return int(error.args[0]) if is_numbered else None


def _said(error: Exception) -> str:
    """The sentence of the database, without what the driver puts around it."""
    if _number(error) is not None:
        # pymysql has nothing to say of a connection that is closed already
        return " ".join(str(error.args[1] or "the connection is closed").split()).rstrip(".") + "."
    primary = (
        [value for key, value in error.details if _plain(key) == _PRIMARY] if isinstance(error, Error) else []
    )
    text = _plain(primary[0]) if primary else str(error)
    text = re.split(r"\nquery:|\nLINE \d|\n\nQuery was|\. SQLSTATE", text)[0]
    # NOT_FOUND: Failed to prepare query: [libpq] Execution error [PGRES_FATAL_ERROR]: ERROR:  ...
    text = re.sub(r"^([A-Z_]+: )?(\[(libpq|SQLite)\] )?", "", text)
    text = re.sub(r"^(Failed to [a-z]+( query)?|Execution error \[\w+\]): ", "", text)
    text = re.sub(r"\b(ERROR|FATAL): +", "", text)
    return " ".join(text.split()).rstrip(".") + "."


def _plain(text: str | bytes) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
