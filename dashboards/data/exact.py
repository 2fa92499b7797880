"""Exact arithmetic on money in SQL: a share of an amount, and an amount at a rate.

Belongs here: SQL text that rounds half up to the cent and passes through no float. Must not: know a mart, or run a
query.
"""

from __future__ import annotations

# What an amount and a rate may be at most so that their product in millionths of a cent fits into 64 bits.
_LARGEST_AMOUNT = 100_000_000
_LARGEST_RATE = 900


def exact_share(amount: str, *, part: str, whole: str) -> str:
    """SQL of amount x part / whole, rounded half up, for a positive whole; NULL where the whole is 0.

    In integers of the smallest unit: dividing decimals would pass through a float.
    """
    cents = f"cast({amount} * 100 as hugeint) * cast({part} * 100 as hugeint)"
    divisor = f"cast({whole} * 100 as hugeint)"
    return (
        # evaluated for every row, also for those that a filter or a case leaves out
        f"cast((2 * {cents} + {divisor}) // nullif(2 * {divisor}, 0) as decimal(18, 0))"
        " * cast(0.01 as decimal(3, 2))"
    )


def at_rate(amount: str, *, rate: str = "rate.rate_to_reporting") -> str:
    """SQL of an amount at a rate, rounded half away from zero to the cent; NULL without a rate.

    For few rows; where millions are translated, `exact_product`.
    """
    return f"cast(round({amount} * cast({rate} as decimal(20, 12)), 2) as decimal(18, 2))"


def rate_in_parts(rate: str) -> str:
    """Columns of a relation of rates for `exact_product`: a rate of up to 12 decimals as two whole numbers.

    `millionths` are those of the rate, `rest` is what they leave of it, in millionths of a millionth.
    """
    exact = f"cast({rate} as decimal(20, 12))"
    return (
        f"cast(floor({exact} * 1000000) as bigint) as millionths,"
        f" cast(({exact} * 1000000 - floor({exact} * 1000000)) * 1000000 as bigint) as rest"
    )


def exact_product(amount: str, *, rates: str) -> str:
    """SQL of an amount at a rate, rounded half away from zero to the cent: what the marts say with wide decimals.

    decimal(18, 2) x decimal(20, 12) is exact in 38 digits, and slow: three times the rest of a sum of open items. In
    parts the product fits into 64 bits, where amount and rate are no larger than any usual ones; the others go the wide
    way.

    Args:
        rates: alias of a relation with `rate_to_reporting` and the columns of `rate_in_parts`.
    """
    cents = f"cast({amount} * 100 as bigint)"
    half = f"case when {amount} < 0 then -500000 else 500000 end"
    # each division cuts towards zero, as does the remainder: an amount and its negative are each other's mirror
    whole = f"({cents} * {rates}.millionths + {cents} * {rates}.rest // 1000000 + {half}) // 1000000"
    return f"""case
            when {rates}.rate_to_reporting = 1 then {amount}
            when abs({amount}) <= {_LARGEST_AMOUNT} and {rates}.rate_to_reporting between 0 and {_LARGEST_RATE}
                then cast({whole} as decimal(18, 0)) * cast(0.01 as decimal(3, 2))
            else {at_rate(amount, rate=f"{rates}.rate_to_reporting")}
        end"""
