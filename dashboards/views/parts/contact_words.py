"""A contact with a customer in words: how, which step of the ladder, with what outcome.

Belongs here: codes that sources commonly write; what is none of them stands as the source wrote it. Must not: query.
"""

from __future__ import annotations

from dashboards.i18n import label, t
from dashboards.views.parts import ladder_words


def told(
    *, channel: str | None, outcome: str | None, stage: str | None = None, step: int | None = None
) -> str:
    """`phone · 4 Second reminder · no answer`, of what is known of it."""
    parts = (
        channel and _or_text(label("contact_channel", _code(channel)), channel),
        stage if step is None else ladder_words.named(step),
        outcome and _or_text(label("contact_outcome", _code(outcome)), outcome),
    )
    return t("common.dot").join(part for part in parts if part)


def _code(text: str) -> str:
    return text.strip().lower().replace(" ", "_").replace("-", "_")


def _or_text(word: str, text: str) -> str:
    """The word for a code, or, where there is none, the text as the source wrote it."""
    return text if word == _code(text) else word
