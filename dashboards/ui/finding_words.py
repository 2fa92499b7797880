"""What a finding says, in the reader's language.

Belongs here: knowing a sentence of the release by its words (`finding.<the sentence>`), names and days in it standing
where the placeholders do, and why a row was set aside. Must not: query, or judge. A sentence that the words do not
know, such as that of a company's own profile, is shown as it stands and said to be the source's own.
"""

from __future__ import annotations

import re
from functools import cache

from dashboards.data.release import Row
from dashboards.i18n import catalogue, label, language, t

GROUP = "finding."
# of a row that was set aside: reason code, the column, the text as it was delivered
_REJECTED = re.compile(r"^(?P<code>\w+)(?: in (?P<column>[^:]+))?(?:: (?P<text>.*))?$", re.DOTALL)
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


def in_words(detail: str) -> str:
    """The sentence of `mart_data_quality.detail`; that of a rejected row is none (`rejected`)."""
    for pattern, sentence in _sentences(language()):
        found = pattern.fullmatch(detail)
        if found is not None:
            values = {name: _value(name, text) for name, text in found.groupdict().items()}
            return label("finding", sentence).format(**values)
    return t("quality.finding_raw", text=detail) if detail else ""


def rejected(detail: str) -> Row:
    """Of a rejected row: `column_name`, `original_text`, and in words `reason` and `todo`."""
    found = _REJECTED.match(detail)
    if found is None:
        return {"column_name": None, "original_text": detail or None, "reason": None, "todo": None}
    code = found["code"]
    return {
        "column_name": found["column"],
        "original_text": found["text"],
        "reason": label("reject_reason", code),
        "todo": label("reject_todo", code),
    }


def _value(name: str, text: str) -> str:
    return label("bill_event", text) if name == "bill_event" else text


@cache
def _sentences(spoken: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    # the plain ones first: a placeholder takes any text
    told = [key.removeprefix(GROUP) for key in catalogue(spoken) if key.startswith(GROUP)]
    return tuple(
        (_pattern(sentence), sentence) for sentence in sorted(told, key=lambda each: each.count("{"))
    )


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL)
