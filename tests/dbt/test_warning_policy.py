"""Conditions of warning rules that cannot be judged are refused with what to write, not found by the engine.

Belongs here: what macros/warning_rules.sql says of a condition. Must not: what a condition says of a day
(tests/oracles/test_warning_judge_property.py).
"""

from datetime import date
from typing import Any

import pytest

from tests.kit.macros import PolicyRefused, render

MEASURES = {
    "owed": "amount", "gap": "days", "paid_on": "date", "state": "text", "silence": "since", "left": "until",
}  # fmt: skip
SUBJECTS = {"party": [{"model": "part", "key": "party_id", "measures": MEASURES}]}


def threshold(**condition: str | None) -> str:
    """What the day is compared with, as SQL."""
    asked: dict[str, Any] = {
        "label": "rule R1, clause open, measure owed", "measure": "owed", "comparison": ">=", "factor": None,
        "other": None, "addend": None, **condition,
    }  # fmt: skip
    return render(
        f"warning_threshold({asked!r}, {{'subject': 'party', 'floor': 'minor'}}, 'met', 'met.day')".replace(
            "None", "none"
        ),
        files=("versions.sql", "policy_table.sql", "warning_measures.sql", "warning_rules.sql"),
        as_of=date(2026, 6, 30),
        given={"warning_subjects()": SUBJECTS},
    )


def test_a_condition_is_set_against_a_number_a_floor_or_a_measure() -> None:
    assert threshold(addend="5") == "cast(5 as decimal(18, 6))"
    assert threshold(other="floor", factor="0.5") == (
        "cast(0.5 as decimal(18, 6)) * cast(met.floor_minor as decimal(20, 2))"
    )
    assert threshold(measure="silence", other="gap") == "met.gap"


@pytest.mark.parametrize("other", ["paid_on", "state"])
def test_a_date_or_a_text_is_nothing_to_be_set_against(other: str) -> None:
    with pytest.raises(PolicyRefused, match=f"'{other}' is a"):
        threshold(other=other)


@pytest.mark.parametrize("other", ["silence", "left"])
def test_days_that_go_on_stand_on_the_left(other: str) -> None:
    # on the right the day on which the answer changes would not be looked at
    with pytest.raises(PolicyRefused, match=f"'{other}' counts days.*write it as the measure"):
        threshold(measure="gap", other=other)


def test_a_factor_of_nothing_is_refused() -> None:
    with pytest.raises(PolicyRefused, match="factor 0.5 multiplies nothing"):
        threshold(factor="0.5", addend="10")
