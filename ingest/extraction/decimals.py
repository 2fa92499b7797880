"""Binary numbers as the decimals that were meant.

Belongs here: how many digits a double has. Must not: what differs between engines.
"""

from decimal import Decimal

# within these, 15 digits are what was meant, and as many as it takes would be noise of sums
PLAIN_FROM, PLAIN_TO = 1e-4, 1e13


def double_text(value: float) -> str:
    """A double to 15 digits, without an exponent; from 1E13 on in full, where 15 digits would round the cents.

    From 1E16 an exponent stays, which is refused later as not exact.
    """
    size = abs(value)
    if size == 0:
        return "0"
    if size > PLAIN_TO:
        return repr(value).removesuffix(".0")
    return format(Decimal(f"{value:.15g}"), "f")
