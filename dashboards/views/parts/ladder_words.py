"""The reminder ladder in words. Must not: its days (data/ladder.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboards.data import ladder
from dashboards.data.ladder import Position, Step, Taken
from dashboards.i18n import label, t
from dashboards.ui import numbers


def named(number: int) -> str:
    """`5 Written demand`."""
    return t("ladder_step.named", number=number, stage=label("ladder", str(number)))


def standing(
    asked_from: date | None,
    *,
    grade: str | None,
    as_of: date,
    taken: Sequence[Taken] | None,
    promised_until: date | None = None,
    is_covered: bool = False,
) -> dict[str, str | None]:
    """Columns `reached_step` and `next_step` for an amount, and both in a sentence, `ladder`; of one that may not be
    asked for now, why.

    Args:
        asked_from: due date of the oldest amount that is neither disputed, promised nor covered; None for none.
        taken: steps taken; None where no contact is delivered.
        promised_until: last day of the grace, where a promise is why.
        is_covered: cash not applied is why.
    """
    if asked_from is None:
        why = _on_hold(promised_until, is_covered=is_covered)
        return {"reached_step": None, "next_step": why, "ladder": why}
    found = ladder.position(asked_from, grade=grade, as_of=as_of, taken=taken)
    return {
        "reached_step": _reached(found),
        "next_step": _following(found, as_of=as_of),
        "ladder": _sentence(found, as_of=as_of),
    }


def _reached(found: Position) -> str | None:
    """`5 Written demand` by its day, or with the day on which it was taken."""
    if found.reached is None:
        return t("ladder_step.none_taken") if found.is_recorded else None
    if found.is_recorded:
        return t("ladder_step.taken", step=named(found.reached.number), day=numbers.day(found.reached.day))
    return named(found.reached.number)


def _following(found: Position, *, as_of: date) -> str | None:
    """`2026-07-13 6 Final demand`, or since when it is due; the last one is followed by none, and named instead."""
    if found.following is None:
        last = found.reached
        return None if last is None else t("ladder_step.last", step=named(last.number))
    return _due(found.following, as_of=as_of)


def _due(step: Step, *, as_of: date) -> str:
    day, what = numbers.day(step.day), named(step.number)
    if step.day > as_of:
        return t("ladder_step.on", day=day, step=what)
    if step.day == as_of:
        return t("ladder_step.due_today", step=what)
    return t("ladder_step.due_since", day=day, step=what)


def _sentence(found: Position, *, as_of: date) -> str:
    reached, following = _reached(found), _following(found, as_of=as_of)
    if not found.is_recorded:
        reached = reached or t("common.not_available")
        if found.following is None:
            return t("ladder_step.sentence_last", reached=reached)
        return t("ladder_step.sentence", reached=reached, following=following)
    if found.reached is None:
        return t("ladder_step.sentence_none_taken", following=following)
    if found.following is None:
        return t("ladder_step.sentence_taken_last", reached=reached)
    return t("ladder_step.sentence_taken", reached=reached, following=following)


def _on_hold(promised_until: date | None, *, is_covered: bool) -> str:
    if is_covered:
        return t("ladder_step.covered")
    if promised_until is not None:
        return t("ladder_step.promised", day=numbers.day(promised_until))
    return t("ladder_step.disputed")
