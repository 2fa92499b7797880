"""What a database said, as one problem and one fix, without the password.

Belongs here: reading driver errors. Must not: raise for anything that is not the database's.
"""

import re
from dataclasses import dataclass

from adbc_driver_manager import Error

from ingest.extraction.dsn import Dsn
from ingest.extraction.failure import PullFailed


@dataclass(frozen=True)
class _Case:
    """`states` are SQLSTATEs; `words` are looked for where the driver passes on the text alone."""

    states: tuple[str, ...]
    words: str
    fix: str


_QUERY_CASES = (
    _Case(
        ("57014", "55P03"),
        r"statement timeout|lock timeout|canceling statement|database (table )?is locked",
        "pull when the database is less busy, make the query read less (`incremental`), or raise the limit.",
    ),
    _Case(
        ("42501",),
        r"permission denied|must be owner",
        "give the user of the DSN `select` on it, and `usage` on its schema.",
    ),
    _Case(
        ("42P01", "3F000"),
        r"no such table|relation .* does not exist|schema .* does not exist",
        "correct the query of the profile, or the DSN: another database or schema (search_path) may hold the table.",
    ),
    _Case(
        ("42703",),
        r"no such column|column .* does not exist",
        "correct the query of the profile: this version of the system names the column differently or lacks it.",
    ),
    _Case(
        ("25006",),
        r"read-?only|data-modifying",
        "write a `select` that only reads; nothing is ever changed in a source.",
    ),
    _Case(
        ("57P01", "57P02", "57P03", "08006", "08003"),
        r"terminating connection|server closed the connection|no connection to the server|disk I/O error",
        "pull again; the connection was lost on the way.",
    ),
)
_PRIMARY = "PG_DIAG_MESSAGE_PRIMARY"
_WRITING = re.compile(r"\s*(insert|update|delete|merge|drop|alter|create|truncate)\b", re.IGNORECASE)

_CONNECTION_CASES = (
    _Case(
        (),
        r"password authentication failed|no password supplied|authentication failed",
        "correct user and password in the DSN.",
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
    fix = _fix(_CONNECTION_CASES, said=said, state=None) or _UNREACHABLE
    return PullFailed(dsn.hidden(f"{dsn.shown} cannot be opened: {said}"), fix=fix)


def query_failure(error: Exception, *, dsn: Dsn, query: str, sql: str = "") -> PullFailed:
    """The error for a query that the database does not answer, or stops answering."""
    said = _said(error)
    state = error.sqlstate if isinstance(error, Error) else None
    if _WRITING.match(sql):
        fix = "write a `select`; nothing is ever changed in a source."
    else:
        fix = _fix(_QUERY_CASES, said=said, state=state) or "correct the query of the profile."
    return PullFailed(dsn.hidden(f"the query {query!r} failed: {said}"), fix=fix)


def _fix(cases: tuple[_Case, ...], *, said: str, state: str | None) -> str | None:
    for case in cases:
        if state in case.states or re.search(case.words, said, flags=re.IGNORECASE):
            return case.fix
    return None


def _said(error: Exception) -> str:
    """The sentence of the database, without what the driver puts around it."""
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
