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
    asked_from: date | None, *, grade: str | None, as_of: date, promised_until: date | None = None
) -> dict[str, str | None]:
    """Columns `reached_step` and `next_step` for an amount; of one that may not be asked for now, why.

    Args:
        asked_from: due date of the oldest amount neither disputed nor promised; None where there is none.
        promised_until: last day of the grace, where a promise is why.
    """
    if asked_from is None:
        if promised_until is not None:
            return {
                "reached_step": None,
                "next_step": t("ladder_step.promised", day=numbers.day(promised_until)),
            }
        return {"reached_step": None, "next_step": t("ladder_step.disputed")}
    found = ladder.position(asked_from, grade=grade, as_of=as_of)
    return {"reached_step": _named(found.reached), "next_step": _following(found)}
