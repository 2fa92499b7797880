"""The words of documents: one flat file of keys per language.

Belongs here: looking words up for a language that is given. Must not: know a session or a reader; build sentences in
code.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All words of one language."""
    words: dict[str, str] = yaml.safe_load(
        Path(__file__).with_name(f"{language}.yml").read_text(encoding="utf-8")
    )
    return words


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._words = catalogue(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key, with its placeholders filled.

        Raises:
            KeyError: the key is in no file; the test of the key files finds it first.
        """
        return self._words[key].format(**values)

    def raw(self, key: str) -> str:
        """The text of a key with its placeholders still in it."""
        return self._words[key]

    def label(self, group: str, code: str) -> str:
        """The word for a code of the data; the code itself where a newer warehouse brings one."""
        return self._words.get(f"{group}.{code}", code)
