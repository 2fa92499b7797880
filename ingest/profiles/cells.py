"""How a profile says where the value of a column comes from: a small vocabulary, as frozen values.

Belongs here: what may be written for a column, and reading it from YAML. Must not: values of a delivered file
(ingest/mapping.py works these out).

    Belegnummer                                     the cell of that column, or of a field of the table
    {value: CNY}                                    always the same text
    {first: [a, b]}                                 the first that is not empty
    {join: [a, b], with: "-"}                       texts in a row; none where one is empty
    {join: [a, b], with: " ", skip_empty: true}     texts in a row, without those that are empty
    {of: a, values: {X: y}}                         X becomes y, anything else stays and is judged as it is
    {of: a, values: {X: y}, otherwise: z, empty: w} any other text becomes z, no text w
    {of: a, pattern: "no. (\\d+)"}                  the first group of a regular expression
    {of: a, negate: true}                           the number with the other sign
    {of: a, magnitude: true}                        the number without its sign
    {of: a, percent: true}                          the share that a percentage is: 2.5 becomes 0.025
    {debit: a, credit: b}                           debit minus credit, of which one is empty or 0
    {sum: [a, {of: b, negate: true}]}               numbers added up; an empty one counts as 0
    {amount: a, sign: b, negative: [..], positive: [..]}   the number, signed by what another cell says
    {date: a, plus_days: [b, c]}                    the date so many days later, by the first that is not empty or 0
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ingest.strict_yaml import StrictLoader

VOCABULARY_PATH = Path(__file__).with_name("_vocabulary.yml")


class CellError(ValueError):
    """A column cannot be written like that; the message says what may be written."""


@dataclass(frozen=True)
class Field:
    """The cell of a field of the table, or of a column of the file."""

    name: str


@dataclass(frozen=True)
class Value:
    """The same text in every row."""

    text: str


@dataclass(frozen=True)
class First:
    """The first part that is not empty."""

    parts: tuple["Cell", ...]


@dataclass(frozen=True)
class Join:
    """Texts in a row."""

    parts: tuple["Cell", ...]
    separator: str
    skips_empty: bool


@dataclass(frozen=True)
class Mapped:
    """Texts replaced by others. `otherwise` and `empty` are None where such a cell stays as it is."""

    part: "Cell"
    values: tuple[tuple[str, str], ...]
    otherwise: str | None
    empty: str | None


@dataclass(frozen=True)
class Pattern:
    """The first group of a regular expression."""

    part: "Cell"
    pattern: str


@dataclass(frozen=True)
class Negated:
    """A number with the other sign."""

    part: "Cell"


@dataclass(frozen=True)
class Magnitude:
    """A number without its sign."""

    part: "Cell"


@dataclass(frozen=True)
class Percent:
    """The share that a percentage is."""

    part: "Cell"


@dataclass(frozen=True)
class DebitCredit:
    """Debit minus credit."""

    debit: "Cell"
    credit: "Cell"


@dataclass(frozen=True)
class Sum:
    """Numbers added up."""

    parts: tuple["Cell", ...]


@dataclass(frozen=True)
class Signed:
    """A number whose sign another cell tells."""

    amount: "Cell"
    sign: "Cell"
    negative: tuple[str, ...]
    positive: tuple[str, ...]


@dataclass(frozen=True)
class Later:
    """A date some days later."""

    date: "Cell"
    days: tuple["Cell", ...]


Cell = (
    Field
    | Value
    | First
    | Join
    | Mapped
    | Pattern
    | Negated
    | Magnitude
    | Percent
    | DebitCredit
    | Sum
    | Signed
    | Later
)

_KEYS = {
    "value": ({"value"}, set()),
    "first": ({"first"}, set()),
    "join": ({"join", "with"}, {"skip_empty"}),
    "debit": ({"debit", "credit"}, set()),
    "sum": ({"sum"}, set()),
    "amount": ({"amount", "sign", "negative"}, {"positive"}),
    "date": ({"date", "plus_days"}, set()),
}
_OF_KEYS = {
    "values": ({"of", "values"}, {"otherwise", "empty"}),
    "pattern": ({"of", "pattern"}, set()),
    "negate": ({"of", "negate"}, set()),
    "magnitude": ({"of", "magnitude"}, set()),
    "percent": ({"of", "percent"}, set()),
}


def read_cell(node: object) -> Cell:
    """What YAML says about one column.

    Raises:
        CellError: it says nothing that is known.
    """
    if isinstance(node, str):
        return Field(node)
    if not isinstance(node, Mapping) or not node:
        raise CellError(f"{node!r} is neither the name of a column nor one of the forms in cells.py")
    kind, wanted, optional = _form(node)
    missing, unknown = wanted - set(node), set(node) - wanted - optional
    if missing or unknown:
        told = f"`{min(missing)}` is missing" if missing else f"`{min(unknown)}` does not belong there"
        raise CellError(f"{dict(node)!r}: {told}")
    return _read_form(kind, node)


def _form(node: Mapping[str, object]) -> tuple[str, set[str], set[str]]:
    forms = _OF_KEYS if "of" in node else _KEYS
    for kind, (wanted, optional) in forms.items():
        if kind in node:
            return kind, wanted, optional
    raise CellError(f"{dict(node)!r} is none of the forms in cells.py; one needs {', '.join(forms)}")


def _read_form(kind: str, node: Mapping[str, object]) -> Cell:
    match kind:
        case "value":
            return Value(str(node["value"]))
        case "first":
            return First(_cells(node["first"]))
        case "join":
            return Join(_cells(node["join"]), str(node["with"]), node.get("skip_empty") == "true")
        case "debit":
            return DebitCredit(read_cell(node["debit"]), read_cell(node["credit"]))
        case "sum":
            return Sum(_cells(node["sum"]))
        case "amount":
            return Signed(
                read_cell(node["amount"]),
                read_cell(node["sign"]),
                _texts(node["negative"]),
                _texts(node.get("positive", [])),
            )
        case "date":
            return Later(read_cell(node["date"]), _cells(node["plus_days"]))
    part = read_cell(node["of"])
    match kind:
        case "values":
            return Mapped(
                part,
                _values(node["values"]),
                None if "otherwise" not in node else str(node["otherwise"]),
                None if "empty" not in node else str(node["empty"]),
            )
        case "pattern":
            return Pattern(part, _pattern(node["pattern"]))
        case "negate":
            return Negated(part)
        case "percent":
            return Percent(part)
    return Magnitude(part)


def _cells(node: object) -> tuple[Cell, ...]:
    if not isinstance(node, list) or not node:
        raise CellError(f"{node!r} must be a list of at least one column")
    return tuple(read_cell(part) for part in node)


def _texts(node: object) -> tuple[str, ...]:
    if not isinstance(node, list):
        raise CellError(f"{node!r} must be a list of texts")
    return tuple(str(text) for text in node)


def _values(node: object) -> tuple[tuple[str, str], ...]:
    if isinstance(node, str):
        words = _vocabulary()
        if node not in words:
            raise CellError(f"there is no vocabulary {node!r}; use one of {', '.join(words)}")
        return words[node]
    if not isinstance(node, Mapping):
        raise CellError(f"{node!r} must be a mapping of their text to ours, or the name of a vocabulary")
    return tuple((str(theirs), str(ours)) for theirs, ours in node.items())


def _pattern(node: object) -> str:
    text = str(node)
    try:
        groups = re.compile(text).groups
    except re.error as error:
        raise CellError(f"{text!r} is no regular expression ({error})") from error
    if groups < 1:
        raise CellError(f"{text!r} has no group; put what is wanted into parentheses")
    return text


@cache
def _vocabulary() -> dict[str, tuple[tuple[str, str], ...]]:
    """Words that mean the same in many systems, such as the names of currencies."""
    body = yaml.load(VOCABULARY_PATH.read_text(encoding="utf-8"), Loader=StrictLoader)
    return {
        name: tuple((str(theirs), str(ours)) for theirs, ours in words.items())
        for name, words in body.items()
    }


def fields_of(cell: Cell) -> Iterator[str]:
    """Names of the fields that a value is made of."""
    match cell:
        case Field(name):
            yield name
        case Value():
            return
        case First(parts) | Join(parts, _, _) | Sum(parts):
            for part in parts:
                yield from fields_of(part)
        case Mapped(part, _, _, _) | Pattern(part, _) | Negated(part) | Magnitude(part) | Percent(part):
            yield from fields_of(part)
        case DebitCredit(debit, credit):
            yield from fields_of(debit)
            yield from fields_of(credit)
        case Signed(amount, sign, _, _):
            yield from fields_of(amount)
            yield from fields_of(sign)
        case Later(date, days):
            for part in (date, *days):
                yield from fields_of(part)


def needed_fields(cell: Cell) -> tuple[frozenset[str], ...]:
    """Groups of fields of which each must have one in the file, else the value can never be there."""
    match cell:
        case Field(name):
            return (frozenset({name}),)
        case First(parts):
            if any(not needed_fields(part) for part in parts):
                # one of them is always there, such as a fixed text
                return ()
            return (frozenset(name for part in parts for name in fields_of(part)),)
        case Sum(parts):
            return (frozenset(name for part in parts for name in fields_of(part)),)
        case Join(parts, _, skips_empty):
            if skips_empty:
                return (frozenset(name for part in parts for name in fields_of(part)),)
            return tuple(group for part in parts for group in needed_fields(part))
        case Mapped(part, _, _, empty):
            return needed_fields(part) if empty is None else ()
        case Pattern(part, _) | Negated(part) | Magnitude(part) | Percent(part):
            return needed_fields(part)
        case DebitCredit(debit, credit):
            return (*needed_fields(debit), *needed_fields(credit))
        case Signed(amount, sign, _, _):
            return (*needed_fields(amount), *needed_fields(sign))
        case Later(date, _):
            return needed_fields(date)
        case Value():
            return ()
