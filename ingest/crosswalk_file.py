"""The crosswalk file: which ids a person has decided to be one customer, and which not.

Belongs here: the format, its refusals with line and fix, chains resolved to one party, adding pairs to it. Must not:
proposing pairs (analytics/crosswalk.py), knowing which customers exist (dbt: rule `unknown_crosswalk_customer`).

Every cell is text: 00123 stays 00123. A cell that looks like a formula stays as it is too, because what is written
here is read back. Spreadsheets save in their own way, so `,`, `;` and tab are read, and UTF-8 else GB 18030.
"""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.durable import sync
from ingest.settings_document import Problem, SettingsError

Customer = tuple[str, str]
"""Company code and customer id."""

KEY_COLUMNS = ("company_code", "customer_id", "party_company_code", "party_id")
COLUMNS = (*KEY_COLUMNS, "reasons", "decision", "decided_by", "decided_on")
SAME, DIFFERENT = "same", "different"
_ENCODINGS = ("utf-8-sig", "gb18030")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@dataclass(frozen=True)
class Pair:
    """One row: `customer` is, or is not, one customer with `party`; an empty decision is still to be taken."""

    customer: Customer
    party: Customer
    decision: str
    line: int


@dataclass(frozen=True)
class Crosswalk:
    """What a file says, checked.

    Args:
        parties: every customer that is decided to be another one, to the end of its chain.
    """

    path: Path
    pairs: tuple[Pair, ...] = ()
    parties: Mapping[Customer, Customer] = field(default_factory=dict)

    @property
    def decided(self) -> tuple[Pair, ...]:
        """Rows with a decision."""
        return tuple(pair for pair in self.pairs if pair.decision)

    @property
    def digest(self) -> str:
        """Hex sha256 of what is decided; open rows, who decided and the order of rows play no part."""
        rows = sorted({(*pair.customer, *pair.party, pair.decision) for pair in self.decided})
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def named(customer: Customer) -> str:
    """A customer as messages and `dim_customer.party_id` name it."""
    return "|".join(customer)


def read_crosswalk(path: Path) -> Crosswalk:
    """Read and check a crosswalk file.

    Raises:
        SettingsError: there is no such file, or its decisions cannot be used; each problem with line and fix.
    """
    text, _ = _text_of(path)
    problems: list[tuple[int, Problem]] = []
    pairs = tuple(_pairs(text, path, problems))
    if not problems:
        problems += _repeated(pairs)
    parties: dict[Customer, Customer] = {}
    if not problems:
        parties = _resolved(pairs, problems)
    if not problems:
        problems += _contradictions(pairs, parties)
    if problems:
        raise SettingsError(path=path, problems=problems)
    return Crosswalk(path, pairs, parties)


def add_pairs(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows of `COLUMNS` behind those that a file has, byte for byte as they are; a new file gets a header.

    Raises:
        SettingsError: the file that is there is none of ours.
    """
    path = path.resolve()
    if path.exists():
        text, encoding = _text_of(path)
        dialect, header = _header(text, path=path)
        before = path.read_bytes()
        line_end = "\r\n" if "\r\n" in text else "\n"
        if text and not text.endswith(("\n", "\r")):
            before += line_end.encode()
        # a second byte order mark would be a character of the first cell
        added = _written(rows, header, delimiter=dialect, line_end=line_end)
        content = before + added.encode("utf-8" if encoding == "utf-8-sig" else encoding)
    else:
        names = dict.fromkeys(COLUMNS, "")
        head = _written([dict(zip(names, names, strict=True))], COLUMNS, delimiter=",", line_end="\n")
        # the mark tells Excel that the file is UTF-8
        content = (head + _written(rows, COLUMNS, delimiter=",", line_end="\n")).encode("utf-8-sig")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def _written(
    rows: Iterable[Mapping[str, str]], header: Sequence[str], *, delimiter: str, line_end: str
) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return text.getvalue()


def _text_of(path: Path) -> tuple[str, str]:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        fix = "write it with `arrears crosswalk --out FILE`, or remove `crosswalk` from arrears.yml."
        raise _refused(path, 1, "there is no such file.", fix) from None
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise _refused(path, 1, "is neither UTF-8 nor GB 18030 text.", "save it as CSV UTF-8.")


def _refused(path: Path, line: int, what: str, fix: str) -> SettingsError:
    return SettingsError(path=path, problems=[(line, Problem((), what, fix))])


def _header(text: str, *, path: Path) -> tuple[str, list[str]]:
    """Delimiter and column names."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    missing = [name for name in (*KEY_COLUMNS, "decision") if name not in header]
    if missing:
        raise _refused(
            path,
            1,
            f"has no column {', '.join(missing)}.",
            f"name the columns {', '.join(COLUMNS)} in the first line.",
        )
    return delimiter, header


def _pairs(text: str, path: Path, problems: list[tuple[int, Problem]]) -> Iterator[Pair]:
    delimiter, header = _header(text, path=path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            fix = "open and save it as CSV again; the last row that can be read stands above this line."
            raise _refused(path, line, f"cannot be read from here: {error}.", fix) from None
        if cells is None:
            return
        # the header has been read
        row = {} if line == 1 else dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if any(row.values()):
            problem = _row_problem(row)
            if problem is None:
                company, customer, party_company, party = (row[name] for name in KEY_COLUMNS)
                yield Pair((company, customer), (party_company, party), row.get("decision", "").lower(), line)
            else:
                problems.append((line, problem))
        line = reader.line_num + 1


def _row_problem(row: Mapping[str, str]) -> Problem | None:
    empty = [name for name in KEY_COLUMNS if not row.get(name)]
    if empty:
        return Problem(
            (), f"{', '.join(empty)} is empty.", "write both customers in full, or remove the row."
        )
    decision = row.get("decision", "")
    if decision.lower() not in ("", SAME, DIFFERENT):
        fix = f"write {SAME} or {DIFFERENT}, or leave it empty."
        return Problem((), f"{decision!r} is no decision.", fix)
    if row["company_code"] == row["party_company_code"] and row["customer_id"] == row["party_id"]:
        return Problem((), "compares a customer with itself.", "remove the row.")
    if row.get("decided_on") and not _is_day(row["decided_on"]):
        return Problem((), f"{row['decided_on']!r} is no day.", "write it as 2026-03-31.")
    return None


def _is_day(text: str) -> bool:
    # a spreadsheet shows 2026-03-31 as 2026/3/31 and saves what it shows
    match = _DAY.fullmatch(text)
    if match is None:
        return False
    try:
        date(*(int(part) for part in match.groups()))
    except ValueError:
        return False
    return True


def _repeated(pairs: Iterable[Pair]) -> Iterator[tuple[int, Problem]]:
    first: dict[frozenset[Customer], Pair] = {}
    for pair in pairs:
        if pair.decision:
            earlier = first.setdefault(frozenset((pair.customer, pair.party)), pair)
            if earlier.decision != pair.decision:
                both = f"{named(pair.customer)} and {named(pair.party)}"
                what = f"{both} are {pair.decision} here and {earlier.decision} on line {earlier.line}."
                yield pair.line, Problem((), what, "keep one of the two decisions.")


def _resolved(pairs: Iterable[Pair], problems: list[tuple[int, Problem]]) -> dict[Customer, Customer]:
    """The end of each chain: a customer may lead to it on several ways, and to one end only."""
    leads: dict[Customer, dict[Customer, int]] = {}
    for pair in pairs:
        if pair.decision == SAME:
            leads.setdefault(pair.customer, {}).setdefault(pair.party, pair.line)
    order = list(_ends_first(leads, problems))
    if problems:
        return {}
    ends: dict[Customer, Customer] = {}
    for customer in order:
        reached: dict[Customer, int] = {}
        for party, line in leads[customer].items():
            reached.setdefault(ends.get(party, party), line)
        (end, line), *others = reached.items()
        for other, other_line in others:
            what = f"{named(customer)} is {named(end)} (line {line}) and {named(other)} here, two parties."
            fix = (
                f"if these are one too, add the row {','.join((*other, *end))} with decision {SAME};"
                f" else write {DIFFERENT} on line {line} or {other_line}."
            )
            problems.append((other_line, Problem((), what, fix)))
        ends[customer] = end
    return ends


def _ends_first(
    leads: Mapping[Customer, Mapping[Customer, int]], problems: list[tuple[int, Problem]]
) -> Iterator[Customer]:
    """Customers behind those that they lead to. A row that closes a circle is a problem, and is left out."""
    done: set[Customer] = set()
    for start in leads:
        way: list[tuple[Customer, Iterator[Customer]]] = (
            [(start, iter(leads[start]))] if start not in done else []
        )
        on_way = {start}
        while way:
            customer, following = way[-1]
            party = next(following, None)
            if party is None:
                way.pop()
                on_way.discard(customer)
                done.add(customer)
                yield customer
            elif party in on_way:
                circle = [each for each, _ in way]
                names = " = ".join(named(each) for each in (*circle[circle.index(party) :], party))
                what = f"closes the circle {names}: which of them is the main one?"
                fix = "remove this row, or another of the circle; the last customer of the chain is the main one."
                problems.append((leads[customer][party], Problem((), what, fix)))
            elif party in leads and party not in done:
                way.append((party, iter(leads[party])))
                on_way.add(party)


def _contradictions(
    pairs: Iterable[Pair], parties: Mapping[Customer, Customer]
) -> Iterator[tuple[int, Problem]]:
    for pair in pairs:
        if pair.decision == DIFFERENT:
            one, other = (parties.get(each, each) for each in (pair.customer, pair.party))
            if one == other:
                both = f"{named(pair.customer)} and {named(pair.party)}"
                what = f"{both} are {DIFFERENT}, but other rows make both {named(one)}."
                yield (
                    pair.line,
                    Problem((), what, f"change this decision, or those that lead to {named(one)}."),
                )
