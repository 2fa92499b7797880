"""Which entity a table holds, and which column of the contract each of its columns is.

Belongs here: weighing names against values, and choosing. Must not: how the amount of a bank line is signed
(amounts.py), writing the draft.

Each pair of a column and a meaning is worth what its name weighs, times how well the values suit the type of the
contract. The best pairs are taken first, each column once. The entity whose required columns are found best is chosen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.contract import Column, Entity, load_contract
from ingest.inspection.columns import Facts
from ingest.inspection.dictionary import BALANCE, Meaning, meanings_of, words
from ingest.inspection.findings import Note
from ingest.inspection.value_maps import map_codes
from ingest.profiles import plain_header

# what a source gives as a constant where its files do not have it
CONSTANTS = ("company_code", "currency", "account")
# what is a value of the profile where no column tells
PRESUMED = {
    "document": {"document_type": "invoice"},
    "allocation": {"from_kind": "receipt", "to_kind": "document"},
}
LEAST_SCORE = 0.3
LEAST_ENTITY = 2.0
# entities that feed the ledgers come before what only describes them, where both fit
RANK = ("document", "bank_transaction", "receipt", "customer", "allocation")


@dataclass(frozen=True)
class Match:
    """A column of the file as a part of the entity."""

    facts: Facts
    column: str
    role: str
    score: float
    note: Note


@dataclass(frozen=True)
class Candidate:
    """An entity with the columns found for it. `missing`: required ones that neither a column nor a constant fills."""

    entity: Entity
    matches: tuple[Match, ...]
    score: float
    missing: tuple[str, ...]

    def match(self, column: str, role: str = "value") -> Match | None:
        """What was found for a column in a role."""
        return next((m for m in self.matches if m.column == column and m.role == role), None)


def candidates(facts: Sequence[Facts], *, file_name: str, has_balance: bool) -> list[Candidate]:
    """Entities that the table may hold, best first.

    Args:
        has_balance: whether a column was proven to be the running balance of another.
    """
    contract = load_contract()
    found = [
        _candidate(entity, facts, file_name=file_name, has_balance=has_balance)
        for entity in contract.entities.values()
        if entity.name not in ("company", "bank_statement")
    ]
    return sorted(found, key=lambda c: (-c.score, RANK.index(c.entity.name) if c.entity.name in RANK else 9))


def _candidate(entity: Entity, facts: Sequence[Facts], *, file_name: str, has_balance: bool) -> Candidate:
    pairs = sorted(_pairs(entity, facts), key=lambda m: (-_worth(entity, m), m.facts.position))
    taken: dict[tuple[str, str], Match] = {}
    used: set[int] = set()
    for match in pairs:
        key = (match.column, match.role)
        is_text = match.role == "part"
        if match.facts.position in used or (key in taken and not is_text):
            continue
        taken[(match.column, f"{match.role}{match.facts.position}" if is_text else match.role)] = match
        used.add(match.facts.position)
    matches = _with_required(entity, _without_halves(tuple(taken.values())), pairs)
    filled = {m.column for m in matches}
    missing = tuple(
        c.name
        for c in entity.required_columns
        if c.name not in filled and c.name not in CONSTANTS and c.name not in PRESUMED.get(entity.name, {})
    )
    score = sum(_importance(entity, m) * m.score for m in matches) - 1.6 * len(missing)
    score += _file_bonus(entity.name, file_name)
    if entity.name == "bank_transaction":
        score += 3 * has_balance
    if entity.name == "allocation" and not {"from_id", "to_id"} <= filled:
        score -= 3
    # a list of customers has one row for each
    own = next((m.facts for m in matches if m.column == entity.key[-1]), None)
    if entity.name == "customer" and own is not None and own.filled and not own.is_unique:
        score -= 3
    return Candidate(entity, matches, score, missing)


def _worth(entity: Entity, match: Match) -> float:
    """What a pair is worth when columns are given away: what is required comes first."""
    column = entity.columns.get(match.column)
    return match.score * (1.25 if column is not None and column.required else 1.0)


def _with_required(entity: Entity, matches: tuple[Match, ...], pairs: Sequence[Match]) -> tuple[Match, ...]:
    """A column that was taken for something optional, where it may as well be what is required and missing."""
    for column in entity.required_columns:
        if any(m.column == column.name for m in matches):
            continue
        for pair in pairs:
            taken = next((m for m in matches if m.facts is pair.facts), None)
            if pair.column != column.name or pair.role != "value" or taken is None:
                continue
            if taken.column == BALANCE or not entity.columns[taken.column].required:
                matches = (*[m for m in matches if m is not taken], pair)
                break
    return matches


def _without_halves(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Plus without minus, or the other way round, is no amount."""
    roles = {m.role for m in matches if m.column == "amount"}
    if ("plus" in roles) == ("minus" in roles):
        return matches
    return tuple(m for m in matches if not (m.column == "amount" and m.role in ("plus", "minus")))


def _importance(entity: Entity, match: Match) -> float:
    if match.role == BALANCE:
        return 1.5
    if match.role in ("part", "days", "base", "sign"):
        return 0.4
    column = entity.columns[match.column]
    if match.column in CONSTANTS:
        return 1.0
    return 2.0 if column.required else 0.8


def _file_bonus(entity: str, file_name: str) -> float:
    plain = plain_header(file_name.rpartition(".")[0])
    if plain.startswith(plain_header(entity)):
        return 2.0
    return 1.2 if any(p.search(plain) for p in words().files.get(entity, ())) else 0.0


def _pairs(entity: Entity, facts: Sequence[Facts]) -> list[Match]:
    found = []
    for f in facts:
        for meaning in meanings_of(f.name):
            if meaning.entity != entity.name:
                continue
            suits = _suits(f, meaning, entity)
            score = meaning.weight * suits
            if score >= LEAST_SCORE:
                sure = "likely" if score >= 0.75 else "guess"
                told = f"{f.name!r} is known from {meaning.source}; {_values_told(f)}"
                note = Note("likely" if sure == "likely" else "guess", told)
                found.append(Match(f, meaning.column, meaning.role, score, note))
    return found


def _values_told(f: Facts) -> str:
    if f.kind == "empty":
        return "no row has a value"
    told = {
        "date": "dates",
        "number": "numbers",
        "currency": "currencies",
        "id": "identifiers",
        "code": "codes",
        "text": "texts",
    }[f.kind]
    share = f", {f.empty_share:.0%} empty" if f.empty else ""
    distinct = ", all different" if f.is_unique else f", {f.distinct:,} different"
    zeros = ", with zeros in front" if f.marks is not None and f.marks.has_leading_zeros else ""
    return f"{f.filled:,} {told}{zeros}{distinct}{share}"


def _suits(f: Facts, meaning: Meaning, entity: Entity) -> float:
    """How well values suit a meaning, 0 to 1."""
    if meaning.role in (BALANCE, "plus", "minus"):
        return {"number": 1.0, "empty": 0.6}.get(f.kind, 0.0)
    if meaning.role == "sign":
        return {"code": 1.0, "empty": 0.3, "text": 0.4}.get(f.kind, 0.0)
    if meaning.role == "days":
        return 1.0 if f.kind == "number" else 0.4 if f.kind == "empty" else 0.0
    if meaning.role == "base":
        return 1.0 if f.kind == "date" else 0.0
    if meaning.role == "part":
        if f.kind in ("date", "currency") or (f.kind == "number" and f.marks and not f.marks.is_whole):
            return 0.0
        return 0.8
    return suits_column(f, entity.columns[meaning.column], entity)


def suits_column(f: Facts, column: Column, entity: Entity) -> float:
    """How well values suit a column of the contract, 0 to 1."""
    if f.kind == "empty":
        return 0.5
    whole = f.marks is not None and f.marks.is_whole and not f.marks.unclear
    match column.type:
        case "date" | "timestamp":
            return 1.0 if f.kind == "date" else 0.6 if f.unreadable else 0.0
        case "money":
            return 1.0 if f.kind == "number" else 0.6 if f.amount_pattern else 0.0
        case "rate" | "share":
            return 1.0 if f.kind == "number" else 0.0
        case "integer":
            return 1.0 if f.kind == "number" and whole else 0.0
        case "currency":
            return {"currency": 1.0, "code": 0.3}.get(f.kind, 0.0)
        case "code":
            return _suits_codes(f, column, entity, whole=whole)
        case "boolean":
            return 1.0 if f.distinct <= 3 and f.kind in ("code", "number", "text") else 0.0
        case "key":
            return _suits_key(f, column, entity, whole=whole)
    return {"text": 1.0, "code": 0.95, "id": 0.9, "number": 0.6, "currency": 0.3}.get(f.kind, 0.0)


def _suits_codes(f: Facts, column: Column, entity: Entity, *, whole: bool) -> float:
    """Texts of which some mean one of the codes; a required column may have texts that nobody knows yet."""
    if f.kind not in ("code", "text", "id") and not (f.kind == "number" and whole and f.codes):
        return 0.0
    mapped = map_codes(f, column=column, entity=entity.name)
    if not mapped.entries and mapped.doubt is None:
        return 1.0
    known = sum(entry.ours in (column.codes or ()) for entry in mapped.entries)
    if known:
        return 1.0
    return 0.6 if column.required and f.codes else 0.0


def _suits_key(f: Facts, column: Column, entity: Entity, *, whole: bool) -> float:
    if f.kind in ("date", "currency") or (f.kind == "number" and not whole):
        return 0.0
    if column.name in ("company_code",):
        return 1.0 if f.distinct <= 20 else 0.2
    if column.name == entity.key[-1] and len(entity.key) <= 2:
        share = f.distinct / f.filled if f.filled else 0
        return 1.0 if share > 0.98 else 0.8 if share > 0.3 else 0.35
    return 0.6 if re.search(r"\s\S+\s\S+\s", f.values[0] if f.values else "") else 1.0
