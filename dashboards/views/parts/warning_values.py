"""Values of warnings in words: a measure by its unit, a threshold with its comparison.

Belongs here: text of one value. Must not: know which rule has which measure.
"""

from __future__ import annotations

from decimal import Decimal

from dashboards.data.release import Row
from dashboards.i18n import t
from dashboards.ui import numbers

COMPARISONS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}


def number(value: Decimal | None, *, unit: str, currency: str) -> str | None:
    """A number by its unit: amount, rate, days, count or number."""
    if value is None:
        return None
    exact = Decimal(value)
    if unit == "amount":
        return numbers.money(exact, currency=currency)
    if unit == "rate":
        return numbers.share(exact)
    whole = exact == exact.to_integral_value()
    if unit == "days":
        return t("watchlist.days", count=f"{exact:,.0f}" if whole else f"{exact:,.1f}")
    return f"{exact:,.0f}" if whole else f"{exact:,.2f}"


def shown(row: Row, *, moment: str, currency: str) -> str | None:
    """The value of a measure when the episode opened (`opened`) or now (`latest`)."""
    if row[f"{moment}_date"] is not None:
        return numbers.day(row[f"{moment}_date"])
    if row[f"{moment}_text"] is not None:
        return str(row[f"{moment}_text"])
    return number(row[f"{moment}_number"], unit=row["unit"], currency=currency)


def threshold(row: Row, *, comparison: str, value: str, currency: str) -> str | None:
    """What a measure is compared with: `≥ 50.0k`; None where it is not compared."""
    sign = row[comparison]
    if sign is None:
        return None
    bound = number(row[value], unit=row["unit"], currency=currency)
    return t(
        "watchlist.threshold",
        comparison=COMPARISONS.get(sign, sign),
        value=bound or t("common.not_available"),
    )
