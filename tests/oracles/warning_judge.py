"""The slow, obvious reading of what a rule says of a day: look up each measure on that day, and compare.

Belongs here: the oracle of dbt/macros/warning_days.sql. Must not: SQL, hysteresis (warning_days.py).
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


@dataclass(frozen=True)
class Spell:
    """Values of the measures of one part from a day until before another."""

    effective_from: date
    effective_to: date
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    state: str
    level: int


def judge(
    rule: Mapping[str, Any],
    day: date,
    *,
    spells: Sequence[Spell],
    units: Mapping[str, str],
    floor: Decimal | None,
) -> Said:
    """What `rule` says of a day of a subject with these spells; null compares to neither true nor false."""
    values: dict[str, Any] = dict.fromkeys(units)
    for spell in spells:
        if spell.effective_from <= day < spell.effective_to:
            values |= spell.values
    for name, unit in units.items():
        if values[name] is not None and unit in ("since", "until"):
            days = (day - values[name]).days
            values[name] = days if unit == "since" else -days

    def holds(condition: Mapping[str, Any]) -> bool | None:
        threshold = Decimal(condition["addend"] or 0)
        if condition["other"]:
            other = floor if condition["other"] == "floor" else values[condition["other"]]
            if other is None:
                return None
            threshold += Decimal(condition["factor"] or 1) * other
        value = values[condition["measure"]]
        return None if value is None else COMPARE[condition["comparison"]](value, threshold)

    def clause(name: str) -> bool | None:
        """None where there is no such clause, or where it cannot be judged."""
        alternatives: dict[str, list[bool | None]] = {}
        for condition in rule["conditions"]:
            if condition["clause"] == name:
                alternatives.setdefault(condition["alternative_no"], []).append(holds(condition))
        return _any([_all(answers) for answers in alternatives.values()]) if alternatives else None

    level = next((number for name, number in (("severe", 3), ("warning", 2)) if clause(name)), rule["level"])
    status = values["status"] or "active"
    is_met, is_over = clause("open") or False, clause("close")
    if status == "closed" or (not is_met if is_over is None else is_over):
        state = "closing"
    elif is_met and status in rule["statuses"].split("|"):
        state = "open"
    else:
        state = "between"
    return Said(state, max(level, rule["level"]))


def _all(answers: Sequence[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _any(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False
