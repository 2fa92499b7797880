"""Money by definition.

Belongs here: nothing, and rounding. Does not: whose money it is, anything imported from the project.
"""

from decimal import Decimal
from fractions import Fraction

ZERO = Decimal("0.00")


def round_half_away(value: Fraction | Decimal, places: int = 2) -> Decimal:
    """Round a rational number, halves away from zero."""
    scaled = abs(Fraction(value)) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units if value >= 0 else -units).scaleb(-places)
