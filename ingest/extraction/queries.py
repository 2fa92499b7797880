"""Queries: what is read from a database, and what of it is new.

Belongs here: names, SQL, the placeholder `:since`, watermarks. Must not: any engine's dialect.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PLACEHOLDER = "since"
FAR_PAST = datetime(1, 1, 1, tzinfo=UTC)

_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
# what may hold a colon that is no placeholder: text, names, comments, casts
_TOKEN = re.compile(
    r"""
      (?<![A-Za-z0-9_])[eE]'(?:[^'\\]|''|\\.)*'
    | '(?:[^']|'')*'
    | "(?:[^"]|"")*"
    | `(?:[^`]|``)*`
    | --[^\n]*
    | /\*.*?\*/
    | (?P<quote>\$\w*\$).*?(?P=quote)
    | ::
    | (?<![\w\]]):(?P<name>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


class QueryError(ValueError):
    """A query of a profile cannot be used; the message says the fix."""


def parse_duration(text: str) -> timedelta:
    """`1 day`, `12 hours`, `90 minutes`, `2 weeks`.

    Raises:
        QueryError: it is no such text.
    """
    match = re.fullmatch(r"(\d{1,5}) (minute|hour|day|week)s?", text.strip())
    if match is None:
        raise QueryError(f"{text!r} is no duration. Write a number and a unit, as in `1 day` or `12 hours`.")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


@dataclass(frozen=True)
class Incremental:
    """Only rows changed since the last pull are read.

    `column` of the result holds when a row was last written. It is read again from `overlap` before the greatest value
    seen, because a transaction commits later than it stamps its rows.
    """

    column: str
    overlap: str = "1 day"

    def __post_init__(self) -> None:
        parse_duration(self.overlap)

    @property
    def overlap_duration(self) -> timedelta:
        return parse_duration(self.overlap)


@dataclass(frozen=True)
class Query:
    """One table of a pull. Incremental queries, and only they, say `:since`: `where write_date >= :since`.

    `needs`: tables of the database without which, or without the right to read them, the query is left out.
    """

    name: str
    sql: str
    incremental: Incremental | None = None
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", self.name) is None:
            raise QueryError(f"{self.name!r} cannot name a file. Use letters, digits and _.")
        for table in self.needs:
            if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ ]*", table) is None:
                raise QueryError(
                    f"The query {self.name!r} needs {table!r}, which is no name of a table. Use letters, digits, _ and"
                    " blanks."
                )
        names = {match["name"] for match in _TOKEN.finditer(self.sql) if match["name"] is not None}
        unknown = sorted(names - {PLACEHOLDER})
        if unknown:
            raise QueryError(
                f"The query {self.name!r} has a placeholder :{unknown[0]}; the only one is :since."
            )
        if self.incremental is not None and not names:
            raise QueryError(
                f"The query {self.name!r} is incremental, but reads everything. Write"
                f" `where {self.incremental.column} >= :since`, or remove `incremental`."
            )
        if self.incremental is None and names:
            raise QueryError(
                f"The query {self.name!r} reads :since, but nothing says since when. Add `incremental` with the"
                " column that says when a row was last written."
            )

    def with_placeholder(self, replacement: Callable[[str], str]) -> str:
        """The SQL without a final semicolon, every placeholder replaced by what `replacement` makes of its name."""

        def replaced(match: re.Match[str]) -> str:
            return match[0] if match["name"] is None else replacement(match["name"])

        return _TOKEN.sub(replaced, self.sql.rstrip().rstrip(";"))

    @property
    def sha256(self) -> str:
        """Hash of what decides which rows are read; the overlap may change without a full pull."""
        column = self.incremental.column if self.incremental else None
        return hashlib.sha256(json.dumps([self.sql, column]).encode()).hexdigest()


def as_moment(text: str) -> datetime:
    """An ISO date or time of a result, UTC where it names no zone.

    Raises:
        ValueError: it is neither.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def since_text(moment: datetime) -> str:
    """`moment` as every engine compares it, SQLite as text.

    As short as it can be and with a blank, so that as text it is not greater than any way to write the same moment:
    2026-03-01 < 2026-03-01 00:00:00 < 2026-03-01T00:00:00, and 10:00:00.5 < 10:00:00.500.
    """
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    if "." in text:
        text = text.rstrip("0")
    return text.removesuffix(" 00:00:00")
