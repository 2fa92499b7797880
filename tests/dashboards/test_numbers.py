"""Money as a reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.ui import numbers
from dashboards.ui.numbers import EXACT, UNITS, Unit

Speak = Callable[[str], None]
CENTS = st.integers(-(10**15), 10**15).map(lambda cents: Decimal(cents).scaleb(-2))
UNIT = st.sampled_from([*UNITS["zh"], *UNITS["en"]])


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        ("zh", "35200.00", "¥35,200.00"),
        ("zh", "9894506.59", "¥989.45万"),
        ("zh", "4200000000.00", "¥42.00亿"),
        ("en", "35200.00", "¥35.2k"),
        ("en", "15894506.59", "¥15.89m"),
        ("en", "0.00", "¥0.00"),
        ("en", "-271600.00", "-¥271.6k"),
    ],
)
def test_money_reads_in_the_readers_convention(speak: Speak, language: str, amount: str, shown: str) -> None:
    speak(language)
    assert numbers.money(Decimal(amount), currency="CNY") == shown


def test_a_missing_amount_is_not_zero(speak: Speak) -> None:
    speak("en")
    assert numbers.money(None, currency="CNY") == "n/a"
    assert numbers.money(Decimal(0), currency="CNY") == "¥0.00"


def test_a_currency_without_a_sign_keeps_its_code(speak: Speak) -> None:
    speak("en")
    assert numbers.money(Decimal("12.30"), currency="CHF", unit=EXACT) == "CHF 12.30"


def test_half_a_cent_of_a_unit_goes_away_from_zero() -> None:
    wan = UNITS["zh"][1]
    assert numbers.scaled(Decimal("50.00"), unit=wan) == Decimal("0.01")
    assert numbers.scaled(Decimal("-50.00"), unit=wan) == Decimal("-0.01")


def test_three_thirds_still_make_one() -> None:
    """1.00 万 in three equal parts: 0.33 + 0.33 + 0.33 would lose a hundredth."""
    part = Decimal("3333.33")
    shown = numbers.apportioned([part, part, part + Decimal("0.01")], unit=UNITS["zh"][1])
    assert sum(shown) == Decimal("1.00")


@given(parts=st.lists(CENTS, max_size=12), unit=UNIT)
def test_shown_parts_add_up_to_the_shown_total_and_are_off_by_less_than_one_step(
    parts: list[Decimal], unit: Unit
) -> None:
    shown = numbers.apportioned(parts, unit=unit)
    assert sum(shown, Decimal(0)) == numbers.scaled(sum(parts, Decimal(0)), unit=unit)
    assert all(
        abs(figure - part / unit.size) <= unit.quantum for figure, part in zip(shown, parts, strict=True)
    )


def test_a_share_of_nothing_is_not_available(speak: Speak) -> None:
    speak("en")
    assert numbers.share(numbers.ratio(Decimal(5), whole=Decimal(0))) == "n/a"
    assert numbers.share(numbers.ratio(Decimal(200), whole=Decimal(900))) == "22.2%"


def test_what_rounds_to_nothing_has_no_sign(speak: Speak) -> None:
    speak("en")
    assert [numbers.share(value) for value in (-0.0004, Decimal("-0.0004"), 0.0)] == ["0.0%"] * 3
    assert numbers.share(-0.0006) == "-0.1%"
