"""Texts as YAML that our loader reads back as they were.

Belongs here: quoting. Must not: what is written.
"""

import json
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[^\W\d][\w./()%-]*(?: [\w./()%-]+)*")
# what YAML takes for the end of a line, or not at all
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def quoted(text: str) -> str:
    """A text as YAML in double quotes."""
    return _UNPRINTABLE.sub(lambda m: f"\\u{ord(m.group()):04x}", json.dumps(text, ensure_ascii=False))


def quoted_list(texts: Iterable[str]) -> str:
    """Texts as a list in brackets."""
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def scalar(text: str) -> str:
    """A text as YAML: plain where it can be, else in double quotes."""
    return text if _PLAIN.fullmatch(text) else quoted(text)


def value_text(value: object) -> str:
    """A value of a layout key as YAML."""
    if isinstance(value, (tuple, list)):
        return quoted_list(str(one) for one in value)
    return scalar(str(value))


def on_one_line(text: str) -> str:
    """A comment without what would end its line."""
    return _UNPRINTABLE.sub("?", " ".join(text.split()))


def single_quoted(pattern: str) -> str:
    """A regular expression as YAML, its backslashes as they are where they can be."""
    if _UNPRINTABLE.search(pattern):
        return quoted(pattern)
    return "'" + pattern.replace("'", "''") + "'"
