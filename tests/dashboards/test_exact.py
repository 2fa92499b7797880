"""Arithmetic on money in SQL against the same in Python's decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.data.exact import exact_product, rate_in_parts

CENT = Decimal("0.01")
AMOUNTS = st.one_of(
    st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2),
    # beyond what fits into 64 bits on the short way, and its very edge
    st.decimals(min_value=-(10**13), max_value=10**13, places=2),
    st.sampled_from(["100000000.00", "-100000000.00", "100000000.01", "0.00", "0.01", "-0.01"]).map(Decimal),
)
RATES = st.one_of(
    st.decimals(min_value=0, max_value=1_000, places=12),
    # halves of a cent come from short rates
    st.sampled_from(["1", "0.5", "0.005", "7.8", "900", "900.000000000001", "0.000000000001"]).map(Decimal),
)


@given(pairs=st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_an_amount_at_a_rate_is_rounded_half_away_from_zero(pairs: list[tuple[Decimal, Decimal]]) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table pair (no int, amount decimal(18, 2), rate_to_reporting decimal(28, 12))"
        )
        connection.executemany(
            "insert into pair values (?, ?, ?)",
            [(number, amount, rate) for number, (amount, rate) in enumerate(pairs)],
        )
        # all in one relation: what is worked out for a row must not fail for the amount of another
        found = connection.execute(
            f"""
select {exact_product("item.amount", rates="item")}
from (select *, {rate_in_parts("rate_to_reporting")} from pair) as item
order by no"""
        ).fetchall()
    expected = [(amount * rate).quantize(CENT, rounding=ROUND_HALF_UP) for amount, rate in pairs]
    assert [amount for (amount,) in found] == expected


def test_a_missing_rate_or_amount_gives_none() -> None:
    (row,) = duckdb.execute(
        f"""
select {exact_product("item.amount", rates="item")}, {exact_product("item.nothing", rates="known")}
from (
    select *, {rate_in_parts("rate_to_reporting")}
    from (
        select cast(5 as decimal(18, 2)) as amount, cast(null as decimal(18, 2)) as nothing,
            cast(null as decimal(28, 12)) as rate_to_reporting
    )
) as item
cross join (
    select *, {rate_in_parts("rate_to_reporting")} from (select cast(7 as decimal(28, 12)) as rate_to_reporting)
) as known"""
    ).fetchall()
    assert row == (None, None)
