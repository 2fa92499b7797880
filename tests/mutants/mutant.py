"""A mutant as a value: what is changed where, and which test must fail.

Belongs here: its fields and what can be said about it from the files alone. Must not: running anything.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Args:
        name: what the mistake does, in a few words; `--only` finds it by any part of it.
        file: path from the root of the repository.
        old: text of one line, found exactly once in the file.
        new: what stands there instead.
        test: id of the test that must fail; of a parametrised one without brackets, one case is enough.
        rule: the rule that it breaks (a ledger rule, a trap, an accounting case, or a few words).
    """

    name: str
    file: str
    old: str
    new: str
    test: str
    rule: str

    @property
    def test_file(self) -> str:
        return self.test.split("::")[0]

    @property
    def test_name(self) -> str:
        return self.test.split("::")[-1].split("[")[0]


def fault_of(mutant: Mutant, *, root: Path = ROOT) -> str | None:
    """Why the mutant cannot be tried, or None. Only reads files."""
    path = root / mutant.file
    if not path.is_file():
        return f"there is no file {mutant.file}"
    if "\n" in mutant.old or "\n" in mutant.new:
        return "it changes more than one line"
    if mutant.old == mutant.new:
        return "it changes nothing"
    count = path.read_text(encoding="utf-8").count(mutant.old)
    if count != 1:
        return f"its old text is found {count} times in {mutant.file}, not once"
    if not _has_test(root / mutant.test_file, mutant.test_name):
        return f"there is no test {mutant.test}"
    return None


def _has_test(path: Path, name: str) -> bool:
    if not path.is_file():
        return False
    module = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in module.body)
