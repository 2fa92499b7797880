"""What the columns of the world are called: the names in all shipped profiles, in the contract, and general words.

Belongs here: looking a header up. Must not: looking at values, choosing among several meanings.

Names stand in the profiles and are loaded from there, so that a profile that learns a name teaches it here too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from ingest.contract import load_contract
from ingest.profiles import Table, load_profile, plain_header, profile_names
from ingest.profiles.cells import (
    Cell,
    DebitCredit,
    Field,
    First,
    Join,
    Later,
    Mapped,
    Negated,
    Signed,
    Sum,
    fields_of,
)
from ingest.strict_yaml import StrictLoader

WORDS_PATH = Path(__file__).with_name("words.yml")
BALANCE = "balance"


@dataclass(frozen=True)
class Meaning:
    """What a column may be: a column of an entity, or a part of one.

    `role`: value, or plus and minus (two columns of one amount), sign, part (of a text of several), days and base (of a
    due date), balance. `source`: where the name is known from. `weight`: 1 for a name that is written exactly so.
    """

    entity: str
    column: str
    role: str
    source: str
    weight: float


@dataclass(frozen=True)
class Words:
    """General words: patterns for columns by entity, texts by code, marks of contact data and of entities."""

    columns: dict[str, dict[str, tuple[re.Pattern[str], ...]]]
    roles: dict[str, tuple[re.Pattern[str], ...]]
    values: dict[str, dict[str, tuple[str, ...]]]
    contact: re.Pattern[str]
    files: dict[str, tuple[re.Pattern[str], ...]]
    above: dict[str, tuple[str, ...]]
    currencies: frozenset[str]


@lru_cache(maxsize=8192)
def meanings_of(header: str) -> tuple[Meaning, ...]:
    """Everything that a column of that name may be, best first."""
    plain = plain_header(header)
    found = [*_known().get(plain, ()), *_contract_meanings(plain), *_word_meanings(plain)]
    best: dict[tuple[str, str, str], Meaning] = {}
    for meaning in found:
        key = (meaning.entity, meaning.column, meaning.role)
        if key not in best or meaning.weight > best[key].weight:
            best[key] = meaning
    return tuple(sorted(best.values(), key=lambda m: -m.weight))


def is_known(header: str) -> bool:
    """Whether the name means anything."""
    return bool(header) and bool(meanings_of(header))


def is_contact(header: str) -> bool:
    """Whether a column of that name holds telephones, addresses or persons."""
    private = load_contract().entity("customer").private_columns
    names = {column.name for column in private}
    return bool(words().contact.search(plain_header(header))) or any(
        m.entity == "customer" and m.column in names for m in _known().get(plain_header(header), ())
    )


@cache
def words() -> Words:
    """The general words."""
    body = yaml.load(WORDS_PATH.read_text(encoding="utf-8"), Loader=StrictLoader)
    return Words(
        {e: {c: _patterns(p) for c, p in columns.items()} for e, columns in body["columns"].items()},
        {role: _patterns(p) for role, p in body["roles"].items()},
        {k: {code: tuple(texts) for code, texts in v.items()} for k, v in body["values"].items()},
        re.compile("|".join(body["contact"])),
        {e: _patterns(p) for e, p in body["files"].items()},
        {name: tuple(p) for name, p in body["above"].items()},
        frozenset(body["currencies"]),
    )


def currencies() -> frozenset[str]:
    """Codes of currencies."""
    return words().currencies


def _patterns(texts: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for text in texts)


def _contract_meanings(plain: str) -> Iterator[Meaning]:
    for entity in load_contract().entities.values():
        for name in entity.columns:
            if plain_header(name) == plain:
                yield Meaning(entity.name, name, "value", "the contract", 1.0)


def _word_meanings(plain: str) -> Iterator[Meaning]:
    for entity, columns in words().columns.items():
        for column, patterns in columns.items():
            for rank, pattern in enumerate(patterns):
                if pattern.search(plain):
                    yield Meaning(entity, column, "value", "general words", 0.85 - 0.1 * min(rank, 3))
                    break
    for role, patterns in words().roles.items():
        for pattern in patterns:
            if pattern.search(plain):
                entity, column, part = role.split(".")
                yield Meaning(entity, column, part, "general words", 0.8)
                break


@cache
def _known() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = {}
    for name in profile_names():
        for table in load_profile(name).tables.values():
            for header, meaning in _of_table(table, source=name):
                found.setdefault(header, []).append(meaning)
    return {header: tuple(meanings) for header, meanings in found.items()}


def _of_table(table: Table, *, source: str) -> Iterator[tuple[str, Meaning]]:
    for feed in table.feeds:
        # a date or an amount that helps to make up a key where a system has none is still a date or an amount
        values = {field for cell in feed.columns.values() for field, role in _roles(cell) if role == "value"}
        for column, cell in feed.columns.items():
            for field, role in _roles(cell):
                if role == "part" and field in values:
                    continue
                for rank, header in enumerate(table.headers_of(field)):
                    weight = 1.0 if rank < 3 else 0.95
                    yield header, Meaning(feed.entity, column, role, source, weight)
    if table.running_balance:
        for header in table.headers_of(table.running_balance):
            yield header, Meaning("bank_transaction", BALANCE, BALANCE, source, 1.0)


def _roles(cell: Cell) -> Iterator[tuple[str, str]]:
    match cell:
        case Field(name):
            yield name, "value"
        case First(parts):
            for part in parts:
                yield from _roles(part)
        case Join(parts, _, _):
            for part in parts:
                for name in fields_of(part):
                    yield name, "part"
        case DebitCredit(debit, credit):
            for role, part in (("plus", debit), ("minus", credit)):
                for name in fields_of(part):
                    yield name, role
        case Signed(amount, sign, _, _):
            for name in fields_of(amount):
                yield name, "value"
            for name in fields_of(sign):
                yield name, "sign"
        case Later(date, days):
            for name in fields_of(date):
                yield name, "base"
            for part in days:
                for name in fields_of(part):
                    yield name, "days"
        case Mapped(part) | Negated(part):
            yield from _roles(part)
        case Sum(parts):
            for part in parts:
                yield from _roles(part)


@cache
def known_values() -> dict[tuple[str, str], dict[str, str]]:
    """Texts and the code that they mean, by entity and column, as the shipped profiles and general words map them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name in profile_names():
        for table in load_profile(name).tables.values():
            for feed in table.feeds:
                for column, cell in feed.columns.items():
                    for mapped in _mapped(cell):
                        into = found.setdefault((feed.entity, column), {})
                        for theirs, ours in mapped.values:
                            into.setdefault(theirs.casefold(), ours)
    for key, codes in words().values.items():
        entity, column = key.split(".")
        into = found.setdefault((entity, column), {})
        for code, texts in codes.items():
            for text in (code, *texts):
                into.setdefault(text.casefold(), code)
    return found


def _mapped(cell: Cell) -> Iterator[Mapped]:
    match cell:
        case Mapped(part, _, _, _):
            yield cell
            yield from _mapped(part)
        case First(parts):
            for part in parts:
                yield from _mapped(part)
        case _:
            return
