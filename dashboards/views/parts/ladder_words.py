"""The reminder ladder in words. Must not: its days (data/ladder.py)."""

from __future__ import annotations

from datetime import date

from dashboards.data import ladder
from dashboards.data.ladder import Position, Step
from dashboards.i18n import label, t
from dashboards.ui import numbers


def _named(step: Step | None) -> str | None:
    """`5 Written demand`."""
    if step is None:
        return None
    return t("ladder_step.named", number=step.number, stage=label("ladder", str(step.number)))


def _following(found: Position) -> str | None:
    """`2026-07-13 6 Final demand`; the last one is followed by none, and named instead."""
    step = found.following or found.reached
    if step is None:
        return None
    stage = label("ladder", str(step.number))
    if found.following is None:
        return t("ladder_step.last", number=step.number, stage=stage)
    return t("ladder_step.on", day=numbers.day(step.day), number=step.number, stage=stage)


def standing(
    asked_from: date | None,
    *,
    grade: str | None,
    as_of: date,
    promised_until: date | None = None,
    is_covered: bool = False,
) -> dict[str, str | None]:
    """Columns `reached_step` and `next_step` for an amount, and both in a sentence, `ladder`; of one that may not be
    asked for now, why.

    Args:
        asked_from: due date of the oldest amount that is neither disputed, promised nor covered; None for none.
        promised_until: last day of the grace, where a promise is why.
        is_covered: cash not applied is why.
    """
    if asked_from is None:
        why = _on_hold(promised_until, is_covered=is_covered)
        return {"reached_step": None, "next_step": why, "ladder": why}
    found = ladder.position(asked_from, grade=grade, as_of=as_of)
    return {"reached_step": _named(found.reached), "next_step": _following(found), "ladder": _sentence(found)}


def _sentence(found: Position) -> str:
    reached = _named(found.reached) or t("common.not_available")
    if found.following is None:
        return t("ladder_step.sentence_last", reached=reached)
    return t("ladder_step.sentence", reached=reached, following=_following(found))


def _on_hold(promised_until: date | None, *, is_covered: bool) -> str:
    if is_covered:
        return t("ladder_step.covered")
    if promised_until is not None:
        return t("ladder_step.promised", day=numbers.day(promised_until))
    return t("ladder_step.disputed")
