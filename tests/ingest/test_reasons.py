"""Every reason code is told in one place with its fix, and no other word turns anything away."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import reasons
from ingest.reasons import REASONS

ROOT = Path(__file__).parents[2]
CODES = {name: value for name, value in vars(reasons).items() if name[0].isupper() and isinstance(value, str)}
# where a code is given: the position of the argument, or its name
POSITIONS = {"DeliveryRefused": 0, "Refusal": 5, "BadRecord": 1, "Check": 1, "FileFault": 0, "_Fault": 0}
NAMES = {"reason_code", "reason"}


def modules() -> list[Path]:
    return [
        path
        for path in sorted((ROOT / "ingest").rglob("*.py"))
        if "simulator" not in path.parts and path.name != "reasons.py"
    ]


def named(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def given_codes(tree: ast.Module) -> Iterator[ast.expr]:
    """Expressions that stand where a code belongs."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        position = POSITIONS.get(called)
        if position is not None and position < len(node.args):
            yield node.args[position]
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "reason_code")
        if called in {"_unless", "_refused"}:
            yield from (keyword.value for keyword in node.keywords if keyword.arg in NAMES)


def test_every_code_has_a_meaning_and_a_fix() -> None:
    assert set(CODES.values()) == set(REASONS)
    assert len(CODES) == len(REASONS)
    for code, reason in REASONS.items():
        assert reason.meaning and reason.fix, code
        assert not reason.fix.endswith("."), f"{code}: messages put the full stop themselves"
        assert "|" not in reason.meaning + reason.fix, f"{code}: would break the table of docs/rejects.md"


def test_a_code_is_given_by_its_name_and_never_spelt_out() -> None:
    wrong = [
        f"{named(path, expression)} {expression.value!r}"
        for path in modules()
        for expression in given_codes(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(expression, ast.Constant)
    ]
    assert not wrong, "Add the code to ingest/reasons.py and import its name:\n" + "\n".join(wrong)


def test_no_other_module_defines_a_code_and_every_code_is_used() -> None:
    used: set[str] = set()
    wrong = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "ingest.reasons"
            for alias in node.names
        }
        used |= imported & set(CODES)
        wrong += [
            f"{named(path, expression)} {expression.id}"
            for expression in given_codes(tree)
            if isinstance(expression, ast.Name) and expression.id.isupper() and expression.id not in imported
        ]
        wrong += [
            f"{named(path, node)} {node.value.value!r}"
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and node.value.value in REASONS
        ]
    assert not wrong, "Take it from ingest.reasons:\n" + "\n".join(wrong)
    assert set(CODES) == used, "Codes that nothing gives: " + ", ".join(set(CODES) - used)


@pytest.mark.parametrize("code", REASONS)
def test_the_document_lists_the_code(code: str) -> None:
    assert f"| `{code}` | " in (ROOT / "docs" / "rejects.md").read_text(encoding="utf-8")
