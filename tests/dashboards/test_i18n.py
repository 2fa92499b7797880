"""Both languages say everything, and pages hold no words of their own."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
import yaml

from dashboards.access.viewer import PAGES
from dashboards.i18n import LANGUAGES, catalogue

ROOM = Path(__file__).parents[2] / "dashboards"
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# Characters that are data, not words: full-width forms a spreadsheet would run.
CJK_ALLOWED = {ROOM / "ui" / "downloads.py"}
# Groups whose keys are codes of the data; `label("group", code)` looks them up.
SOURCES = sorted(ROOM.rglob("*.py"))


def called_keys() -> tuple[set[str], set[str]]:
    """Keys asked for by `t` and groups asked for by `label` and `namer`, and chart tooltips' keys."""
    keys, groups = set(), set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0] if node.args else None
            literal = (
                first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
            )
            if node.func.id == "t" and literal:
                keys.add(literal)
            if node.func.id in ("label", "namer") and literal:
                groups.add(literal)
            if node.func.id == "tooltip":
                keys |= {
                    str(word.value.value) for word in node.keywords if isinstance(word.value, ast.Constant)
                }
    return keys, groups


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert catalogue("zh").keys() == catalogue("en").keys() - UNITS_OF_EN | UNITS_OF_ZH


# Each language counts in its own units.
UNITS_OF_ZH = {"unit.wan", "unit.yi", "unit_choice.wan", "unit_choice.yi"}
UNITS_OF_EN = {"unit.thousand", "unit.million", "unit_choice.thousand", "unit_choice.million"}


def test_placeholders_are_the_same() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert [key for key in zh.keys() & en.keys() if placeholders(zh[key]) != placeholders(en[key])] == []


def test_every_key_that_is_asked_for_exists() -> None:
    keys, groups = called_keys()
    assert keys <= catalogue("zh").keys()
    for group in groups:
        assert any(key.startswith(f"{group}.") for key in catalogue("en")), group


def test_no_key_is_unused() -> None:
    keys, groups = called_keys()
    # what ui/page.py and router.py ask of every page
    keys |= {f"{page}.{part}" for page in PAGES for part in ("title", "subtitle")}
    unused = [key for key in catalogue("en") if key not in keys and key.split(".", 1)[0] not in groups]
    assert unused == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_page_holds_chinese_text(path: Path) -> None:
    if path in CJK_ALLOWED:
        return
    found = [line for line in path.read_text(encoding="utf-8").splitlines() if CJK.search(line)]
    # docstrings may name a unit or a page; literals may not
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)
    }
    literals = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings
    ]
    assert [text for text in literals if CJK.search(text)] == [], found


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_both_languages_have_the_same_files() -> None:
    """A key is looked for in the file of the same name."""
    named = {
        language: {
            file.name: {str(key).split(".")[0] for key in yaml.safe_load(file.read_text(encoding="utf-8"))}
            for file in (ROOM / "i18n" / language).glob("*.yml")
        }
        for language in LANGUAGES
    }
    assert named["zh"] == named["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_is_written_once(language: str) -> None:
    keys = [
        str(key.value)
        for file in sorted((ROOM / "i18n" / language).glob("*.yml"))
        for key, _ in yaml.compose(file.read_text(encoding="utf-8")).value
    ]
    assert len(keys) == len(set(keys))


def test_the_columns_of_both_pages_have_headers() -> None:
    """Column names are data names; a column without a word would show its data name."""
    from dashboards.data.drill import ITEM_COLUMNS

    names = {*ITEM_COLUMNS}
    for table in (
        "fct_document",
        "fct_receipt",
        "fct_allocation",
        "fct_instalment",
        "fct_dispute",
        "fct_promise",
        "fct_bill_event",
    ):
        text = (ROOM.parent / "dbt" / "models" / "marts" / f"{table}.yml").read_text(encoding="utf-8")
        names |= {column["name"] for column in yaml.safe_load(text)["models"][0]["columns"]}
    missing = [name for name in names if f"column.{name}" not in catalogue("zh")]
    assert missing == []
