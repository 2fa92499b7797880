"""Closing rates: the join that translates what a release sums in document currency.

Belongs here: SQL of which rate is meant. Must not: the arithmetic (exact.py), or run a query.
"""

from __future__ import annotations


def at_the_as_of_date(of: str) -> str:
    """Join of `rate`: that of the as-of date (`$as_of`) for every day, so that no exchange rate moves a figure.

    Args:
        of: alias of a relation with company_code and currency.
    """
    return f"""left join marts.fct_closing_rate as rate
        on {of}.company_code = rate.company_code and {of}.currency = rate.currency
        and rate.day = cast($as_of as date)"""
