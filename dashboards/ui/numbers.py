"""Number formats: money in the reader's convention, shares, days, rounding that still adds up.

Belongs here: Decimal in, text or scaled Decimal out. Must not: a float, a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from dashboards.i18n import catalogue, label, language, t

SYMBOLS = {"CNY": "¥", "EUR": "€", "USD": "US$", "GBP": "£", "HKD": "HK$"}


@dataclass(frozen=True)
class Unit:
    """What amounts are counted in: 1, 万, 亿, k or m."""

    code: str
    size: Decimal
    places: int

    @property
    def quantum(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)

    @property
    def name(self) -> str:
        return label("unit", self.code)


EXACT = Unit("exact", Decimal(1), 2)
# as many in every language: by its place in the row a unit has its like in the other
UNITS: dict[str, tuple[Unit, ...]] = {
    "zh": (EXACT, Unit("wan", Decimal(10_000), 2), Unit("yi", Decimal(100_000_000), 2)),
    "en": (EXACT, Unit("thousand", Decimal(1_000), 1), Unit("million", Decimal(1_000_000), 2)),
}


def units() -> tuple[Unit, ...]:
    """Units of the reader's language, smallest first."""
    return UNITS[language()]


def unit_named(code: str | None, *, largest: Decimal) -> Unit:
    """The unit chosen, or the one that suits a table with this largest figure."""
    for unit in units():
        if unit.code == code:
            return unit
    return table_unit_for(largest)


def own_unit_code(name: str) -> str:
    """The code in the reader's language of a unit that an address names in any: to another reader 万 are thousands.

    Addresses of before units had codes name them by their word. What names no unit is left as it is.
    """
    for spoken, known in UNITS.items():
        words = catalogue(spoken)
        for position, unit in enumerate(known):
            if name in (unit.code, words[f"unit.{unit.code}"], words[f"unit_choice.{unit.code}"]):
                return units()[position].code
    return name


def unit_for(amount: Decimal) -> Unit:
    """The largest unit in which the amount still has two digits before the point."""
    suitable = [unit for unit in units() if abs(amount) >= unit.size * 10]
    return suitable[-1] if suitable else EXACT


def table_unit_for(amount: Decimal) -> Unit:
    """The unit of a table: fine enough that its small rows still say something."""
    exact, middle, large = units()
    if abs(amount) >= middle.size * 10**9:
        return large
    return middle if abs(amount) >= Decimal(1_000_000) else exact


def scaled(amount: Decimal, *, unit: Unit) -> Decimal:
    """The amount in the unit, rounded half away from zero."""
    return (amount / unit.size).quantize(unit.quantum, rounding=ROUND_HALF_UP)


def apportioned(parts: Sequence[Decimal], *, unit: Unit) -> list[Decimal]:
    """Parts in the unit so that they add up to their scaled sum (largest remainder)."""
    target = scaled(sum(parts, Decimal(0)), unit=unit)
    floors = [(part / unit.size).quantize(unit.quantum, rounding=ROUND_FLOOR) for part in parts]
    missing = int((target - sum(floors, Decimal(0))) / unit.quantum)
    remainders = [part / unit.size - floor for part, floor in zip(parts, floors, strict=True)]
    order = sorted(range(len(parts)), key=lambda position: remainders[position], reverse=True)
    for position in order[:missing]:
        floors[position] += unit.quantum
    return floors


def money(amount: Decimal | None, *, currency: str, unit: Unit | None = None, is_signed: bool = False) -> str:
    """`¥1,234.56万`, `EUR` as its symbol, the reason-free `n/a` for a missing figure."""
    if amount is None:
        return t("common.not_available")
    used = unit or unit_for(amount)
    value = scaled(amount, unit=used)
    sign = "-" if value < 0 else ("+" if is_signed and value > 0 else "")
    symbol = SYMBOLS.get(currency, f"{currency} ")
    suffix = "" if used is EXACT else used.name
    return f"{sign}{symbol}{abs(value):,.{used.places}f}{suffix}"


def share(value: float | Decimal | None) -> str:
    """A ratio as a percentage with one decimal."""
    if value is None:
        return t("common.not_available")
    # what rounds to nothing has no sign: adding 0 takes it away
    return f"{round(Decimal(value) * 100, 1) + 0:,.1f}%"


def ratio(part: Decimal | None, *, whole: Decimal | None) -> Decimal | None:
    """Share for display; None when there is nothing to divide by, or one of them is not known."""
    return None if part is None or whole is None or whole <= 0 else part / whole


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Sum of what is known; a page says beside it how much is not."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def points(value: Decimal | None) -> str:
    """A difference of two ratios in percentage points, signed."""
    return t("common.not_available") if value is None else f"{value * 100:+,.1f}"


def day(value: date | datetime | None) -> str:
    """ISO date; the open end of an interval reads as nothing."""
    if value is None or value.year == 9999:
        return ""
    return value.strftime("%Y-%m-%d")


def moment(value: datetime | None) -> str:
    """ISO date and minute."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M")


def arrow(amount: Decimal | None) -> str:
    """A direction in a sign, so that colour is never alone."""
    if amount is None or amount == 0:
        return "→"
    return "▲" if amount > 0 else "▼"
