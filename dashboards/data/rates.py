"""Closing rates: the join that translates what a release holds in document currency.

Belongs here: SQL of which rate is meant. Must not: the arithmetic (exact.py), or run a query.
"""

from __future__ import annotations

AS_OF = "cast($as_of as date)"
"""SQL of the as-of date: one rate for every day, so that no exchange rate moves a figure."""


def closing_rate(of: str, *, day: str = AS_OF) -> str:
    """Join of `rate`, the closing rate of a day; what has none is not left out, and its rate is NULL.

    Args:
        of: alias of a relation with company_code and currency.
        day: SQL of the day.
    """
    return f"""left join marts.fct_closing_rate as rate
        on {of}.company_code = rate.company_code and {of}.currency = rate.currency and rate.day = {day}"""
