"""The words of documents: both languages say everything, and modules hold no words of their own."""

import ast
import csv
import re
import string
from pathlib import Path

from documents.words import LANGUAGES, catalogue

ROOM = Path(__file__).parents[2] / "documents"
SEGMENTS = ROOM.parent / "dbt" / "seeds" / "policy" / "policy_provision_segment.csv"
CJK = re.compile(r"[\u3400-\u9fff]")
# numerals are no words of a language file, and these messages are measured with a Chinese character
ALLOWED = {"chinese_amount.py", "paper.py"}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert zh.keys() == en.keys()
    assert [key for key in zh if _placeholders(zh[key]) != _placeholders(en[key])] == []
    assert [key for words in (zh, en) for key, text in words.items() if not text.strip()] == []


def test_chinese_is_chinese_and_english_is_english() -> None:
    assert [key for key, text in catalogue("en").items() if CJK.search(text)] == []
    assert [key for key, text in catalogue("zh").items() if not CJK.search(text)] == []


def test_modules_hold_no_words_of_their_own() -> None:
    wrong = [
        f"{path.name}:{node.lineno}"
        for path in sorted(ROOM.rglob("*.py"))
        if path.name not in ALLOWED
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CJK.search(node.value)
        if node.value not in _docstrings(tree)
    ]
    assert wrong == [], "Put the words into documents/words"


def _docstrings(tree: ast.Module) -> set[str]:
    return {
        text
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and (text := ast.get_docstring(node, clean=False))
    }


def test_every_key_that_is_asked_for_by_name_is_there() -> None:
    asked = {
        node.args[0].value
        for path in sorted(ROOM.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            getattr(node.func, "id", None) == "words" or getattr(node.func, "attr", None) in ("words", "raw")
        )
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(asked) > 50
    assert asked <= catalogue("zh").keys()


def test_segments_are_called_as_the_policy_calls_them() -> None:
    with SEGMENTS.open(encoding="utf-8", newline="") as file:
        named = {row["segment"]: (row["label_zh"], row["label_en"]) for row in csv.DictReader(file)}
    words = {
        segment: tuple(catalogue(language).get(f"segment.{segment}") for language in LANGUAGES)
        for segment in named
    }
    assert words == named


def test_grades_are_letters_as_in_the_policy() -> None:
    """A to E and U; the celestial stems are another way of grading, and nobody's here."""
    assert [key for key, text in catalogue("zh").items() if re.search("[甲乙丙丁戊]", text)] == []
