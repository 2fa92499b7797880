"""Statements that other projects test against (../shared/data/bank_statements): every file read, or refused with a fix.

Belongs here: counts over the corpus, and third parties' parses of it. Must not: rules of a format (their own files).
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.formats.statements import read_statements
from ingest.formats.statements.model import Line, Statement, StatementError
from tests.kit.shared import needs_shared, shared_folder

pytestmark = [pytest.mark.shared, needs_shared("data", "bank_statements")]

FORMATS = {
    "mt940": "mt940",
    "mt942": "mt940",
    "camt052": "camt",
    "camt053": "camt",
    "camt054": "camt",
    "ofx": "ofx",
    "bai2": "bai2",
    "qif": "qif",
}
ENCODINGS = ("utf-8", "iso-8859-1")

# files read, files refused, statements proved, statements that do not add up (samples with altered amounts),
# statements without two balances, booked lines
COUNTED = {
    "mt940": (42, 0, 134, 20, 3, 356),
    "mt942": (3, 0, 0, 0, 3, 7),
    "camt052": (10, 1, 1, 0, 9, 8),
    "camt053": (23, 3, 6, 13, 5, 67),
    "camt054": (8, 0, 0, 0, 8, 12),
    "ofx": (12, 14, 0, 0, 16, 26),
    "bai2": (4, 0, 0, 2, 15, 58),
    "qif": (1, 0, 0, 0, 1, 5),
}


def _files(kind: str) -> list[Path]:
    folder = shared_folder() / "data" / "bank_statements" / kind
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _read(path: Path, *, format_name: str) -> Iterator[tuple[Statement, list[Line]]]:
    lines: list[Line] = []
    for record in read_statements(path, format_name=format_name, encodings=ENCODINGS):
        if isinstance(record, Line):
            lines.append(record)
        else:
            yield record, lines
            lines = []


def _proof(statement: Statement, lines: list[Line]) -> str:
    opening, closing = statement.cells.get("opening_balance"), statement.cells.get("closing_balance")
    if opening is None or closing is None:
        return "no two balances"
    moved = sum((Decimal(line.cells["amount"] or "NaN") for line in lines), Decimal(0))
    return "proved" if Decimal(opening) + moved == Decimal(closing) else "not proved"


@pytest.mark.parametrize("kind", FORMATS)
def test_every_file_of_the_corpus_is_read_or_refused_with_a_fix(kind: str) -> None:
    counts: Counter[str] = Counter()
    for path in _files(kind):
        try:
            for statement, lines in _read(path, format_name=FORMATS[kind]):
                counts[_proof(statement, lines)] += 1
                counts["lines"] += len(lines)
            counts["read"] += 1
        except StatementError as error:
            assert error.fix, path
            counts["refused"] += 1
    keys = ("read", "refused", "proved", "not proved", "no two balances", "lines")
    assert tuple(counts[key] for key in keys) == COUNTED[kind]


class _Loader(yaml.SafeLoader):
    """The other library's objects as plain mappings and lists."""


def _plain(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        found = loader.construct_mapping(node, deep=True)
        return {"kind": suffix, **found}
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)


def _their_lines(path: Path) -> list[tuple[date, Decimal, str | None]]:
    """Value date, signed amount and bank reference of every transaction."""
    text = path.read_text(encoding="utf-8")
    found = []
    for block in re.split(r"^- !!python/object:mt940\.models\.Transaction$", text, flags=re.MULTILINE)[1:]:
        body = re.split(r"^\S", block, maxsplit=1, flags=re.MULTILINE)[0]
        body = re.sub(r"[&*]id\d+", "", body).replace("  transactions: \n", "")
        data = yaml.load("x:" + body.replace("\n", "\n  "), Loader=_Loader)["x"]["data"]
        year_high, year_low, month, day = data["date"][0]
        found.append(
            (
                date(year_high * 256 + year_low, month, day),
                Decimal(data["amount"]["amount"][0]),
                data.get("bank_reference"),
            )
        )
    return found


# RC takes a credit back, so it is money out; the other library gives it as money in, and its statement does not add up
TAKEN_BACK = {"betterplace/sepa_mt9401.sta": [Decimal("-204.88"), Decimal("-204.88")]}


def _compared() -> list[str]:
    folder = shared_folder() / "data" / "bank_statements" / "expected" / "wolph+mt940" / "mt940_tests"
    ours = shared_folder() / "data" / "bank_statements"
    names = []
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).with_suffix(".sta").as_posix()
        if any((ours / kind / "wolph+mt940" / "mt940_tests" / name).is_file() for kind in ("mt940", "mt942")):
            names.append(name)
    return names


def test_lines_of_mt940_are_those_of_another_library() -> None:
    root = shared_folder() / "data" / "bank_statements"
    expected = root / "expected" / "wolph+mt940" / "mt940_tests"
    differing: dict[str, Any] = {}
    names = _compared()
    assert len(names) >= 30
    for name in names:
        theirs = _their_lines((expected / name).with_suffix(".yml"))
        kind = next(
            k for k in ("mt940", "mt942") if (root / k / "wolph+mt940" / "mt940_tests" / name).is_file()
        )
        path = root / kind / "wolph+mt940" / "mt940_tests" / name
        ours = [
            (
                date.fromisoformat(line.cells["value_date"] or ""),
                Decimal(line.cells["amount"] or "NaN"),
                line.cells["bank_reference"],
            )
            for _, lines in _read(path, format_name="mt940")
            for line in lines
        ]
        pairs = list(zip(ours, theirs, strict=True))
        if changed := [mine for mine, yours in pairs if mine[:2] != yours[:2]]:
            differing[name] = [amount for _, amount, _ in changed]
        assert [mine[2] for mine, yours in pairs if yours[2] not in (None, "NONREF")] == [
            yours[2] for _, yours in pairs if yours[2] not in (None, "NONREF")
        ], name
    assert differing == TAKEN_BACK
