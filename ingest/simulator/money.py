"""Money of the demo company as whole minor units (cents, fen), rates as whole millionths.

Belongs here: exact integer arithmetic, rounding and printing. Does not: which rate, which account.
"""

RATE_UNIT = 1_000_000


def divide_half_away(numerator: int, denominator: int) -> int:
    """Quotient rounded to a whole number, halves away from zero.

    Raises:
        ZeroDivisionError: the denominator is zero.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def convert(minor: int, rate: int) -> int:
    """Minor units converted at a rate in millionths (both currencies have two decimals)."""
    return divide_half_away(minor * rate, RATE_UNIT)


def percentage(minor: int, per_mille: int) -> int:
    """A share in thousandths of an amount."""
    return divide_half_away(minor * per_mille, 1000)


def print_minor(minor: int) -> str:
    """Plain decimal text with two decimals, as the contract wants it."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def print_rate(rate: int) -> str:
    """Plain decimal text of a rate in millionths."""
    return f"{rate // RATE_UNIT}.{rate % RATE_UNIT:06d}"
