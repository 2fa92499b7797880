"""Reads and validates `entities.yml`.

Belongs here: YAML to frozen contract, with every problem found reported at once. Must not: defaults that the file
does not state.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import cast

import yaml

from ingest.contract.model import Column, Contract, ContractError, Entity
from ingest.contract.types import COLUMN_TYPES, ColumnType
from ingest.strict_yaml import StrictLoader

CONTRACT_PATH = Path(__file__).with_name("entities.yml")

COLUMN_FLAGS = ("required", "private")
ENTITY_KEYS = ("grain", "key", "columns", "mode", "amount")
ENTITY_MODES = ("append",)
# shared by all companies, so their key does not start with company_code
SHARED_ENTITIES = ("company", "fx_rate")


@lru_cache(maxsize=1)
def load_contract() -> Contract:
    """The contract of this installation.

    Raises:
        ContractError: `entities.yml` is not valid; the message lists every problem.
    """
    return parse_contract(CONTRACT_PATH.read_text(encoding="utf-8"))


def parse_contract(text: str) -> Contract:
    """Contract from the text of an `entities.yml`.

    Raises:
        ContractError: the text is not valid; the message lists every problem.
    """
    try:
        document = yaml.load(text, Loader=StrictLoader)
    except yaml.YAMLError as error:
        raise ContractError(f"The contract is not readable YAML: {error}") from error
    if not isinstance(document, dict) or set(document) != {"codes", "entities"}:
        raise ContractError("The contract needs exactly two top-level keys: `codes` and `entities`.")

    problems: list[str] = []
    codes = dict(_read_codes(document["codes"], problems=problems))
    entities = dict(_read_entities(document["entities"], codes=codes, problems=problems))
    used = {column.codes for entity in entities.values() for column in entity.columns.values()}
    problems += [f"codes.{name}: no column uses it. Remove it." for name in codes if codes[name] not in used]
    if problems:
        raise ContractError("\n".join(["The contract is not valid:", *(f"  {line}" for line in problems)]))
    return Contract(entities=entities, codes=codes)


def _read_codes(node: object, *, problems: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(node, dict):
        problems.append("codes: must be a mapping of list name to values.")
        return
    for name, values in node.items():
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            problems.append(f"codes.{name}: must be a list of at least one value.")
        elif len(set(values)) != len(values):
            problems.append(f"codes.{name}: a value is listed more than once. Remove the second one.")
        else:
            yield name, tuple(values)


def _read_entities(
    node: object, *, codes: dict[str, tuple[str, ...]], problems: list[str]
) -> Iterator[tuple[str, Entity]]:
    if not isinstance(node, dict) or not node:
        problems.append("entities: must be a mapping of entity name to definition.")
        return
    for name, body in node.items():
        if not isinstance(body, dict) or not isinstance(body.get("columns"), dict):
            problems.append(f"{name}: must have `grain`, `key` and `columns`.")
            continue
        found: list[str] = []
        columns = {
            column_name: column
            for column_name, spec in body["columns"].items()
            if (column := _read_column(column_name, spec, codes=codes, problems=found)) is not None
        }
        entity = Entity(
            name=name,
            grain=str(body.get("grain", "")),
            key=tuple(body.get("key") or ()),
            columns=columns,
            mode=body.get("mode"),
            amount=body.get("amount"),
        )
        if not found:
            found += _entity_problems(entity, keys=tuple(body))
        problems += [f"{name}{line}" for line in found]
        yield name, entity


def _read_column(
    name: str, spec: object, *, codes: dict[str, tuple[str, ...]], problems: list[str]
) -> Column | None:
    if not isinstance(spec, list) or len(spec) < 2 or not all(isinstance(part, str) for part in spec):
        problems.append(f'.{name}: must be written [type, flags..., "description"].')
        return None
    type_name, *middle, description = spec
    if type_name not in COLUMN_TYPES:
        problems.append(f".{name}: unknown type {type_name!r}{_suggest(type_name, COLUMN_TYPES)}.")
        return None
    allowed: tuple[str, ...] | None = None
    if type_name == "code":
        if not middle or middle[0] not in codes:
            given = middle[0] if middle else ""
            problems.append(f".{name}: unknown codes {given!r}{_suggest(given, tuple(codes))}.")
            return None
        allowed = codes[middle.pop(0)]
    unknown = [flag for flag in middle if flag not in COLUMN_FLAGS]
    if unknown:
        problems.append(f".{name}: unknown flag {unknown[0]!r}{_suggest(unknown[0], COLUMN_FLAGS)}.")
        return None
    if not description.strip() or description in (*COLUMN_FLAGS, *codes):
        problems.append(f".{name}: has no description. Add one as the last part.")
        return None
    return Column(
        name=name,
        type=cast(ColumnType, type_name),
        codes=allowed,
        required="required" in middle,
        private="private" in middle,
        description=description,
    )


def _entity_problems(entity: Entity, *, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        if key not in ENTITY_KEYS:
            yield f": unknown key {key!r}{_suggest(key, ENTITY_KEYS)}."
    if not entity.grain.startswith("one row per "):
        yield ": `grain` must be a sentence that starts with 'one row per '."
    if entity.mode is not None and entity.mode not in ENTITY_MODES:
        yield f": unknown mode {entity.mode!r}. Use {', '.join(ENTITY_MODES)} or leave it out."
    if not entity.key:
        yield ": `key` is missing. List the columns that identify one row."
    for name in entity.key:
        if name not in entity.columns:
            yield f": key column {name!r} is not one of its columns{_suggest(name, tuple(entity.columns))}."
        elif entity.columns[name].private:
            yield f": key column {name!r} is private. A key must be publishable."
    if entity.name not in SHARED_ENTITIES and entity.key[:1] != ("company_code",):
        yield ": its key must start with company_code."
    if entity.amount is not None:
        column = entity.columns.get(entity.amount)
        if column is None or column.type != "money":
            yield f": `amount` must name a column of type money, {entity.amount!r} is not."


def _suggest(given: str, options: tuple[str, ...]) -> str:
    close = get_close_matches(given, options, n=1)
    return f" (did you mean {close[0]!r}?)" if close else f" (one of {', '.join(options)})"
