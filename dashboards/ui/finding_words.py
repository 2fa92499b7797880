"""What a finding says, in the reader's language.

Belongs here: knowing a sentence of the release by its words (`finding.<the sentence>`), names and days in it standing
where the placeholders do. Must not: query, or judge. A sentence that the words do not know, such as that of a company's
own profile, is shown as it stands and said to be the source's own.
"""

from __future__ import annotations

import re
from functools import cache

from dashboards.i18n import catalogue, label, language, t

GROUP = "finding."
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


def in_words(detail: str) -> str:
    """The sentence of `mart_data_quality.detail`; of a rejected row that is no sentence (quality_rules.py)."""
    for pattern, sentence in _sentences(language()):
        found = pattern.fullmatch(detail)
        if found is not None:
            values = {name: _value(name, text) for name, text in found.groupdict().items()}
            return label("finding", sentence).format(**values)
    return t("quality.finding_raw", text=detail) if detail else ""


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
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(sentence)))
