"""Grades rise slowly and fall at once, as a machine that looks at one month after the other would have it.

Belongs here: dbt/macros/rating.sql against its oracle. Must not: scores and caps (test_credit_rating.py).
"""

from datetime import date
from functools import cache

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.macros import render
from tests.oracles.rating_ladder import Month, stand

LOWEST = 5


@cache
def _query() -> str:
    return render(f"standing_rungs('judged', {LOWEST})", files=("rating.sql",), as_of=date(2026, 1, 1))


rung = st.integers(1, LOWEST)
scored = st.builds(Month, own=rung, reach=st.none() | rung)
unrated = st.just(Month())
decided = st.builds(Month, own=st.none() | rung, reach=st.none() | rung, decided=rung)
# most months have a score
month = st.one_of(scored, scored, scored, unrated, decided)


def _found(parties: list[list[Month]]) -> list[list[int | None]]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table judged"
            " (party_id varchar, month_no int, own_rung int, reach_rung int, decided_rung int)"
        )
        connection.executemany(
            "insert into judged values (?, ?, ?, ?, ?)",
            [
                (f"P{party:03}", number, month.own, month.reach, month.decided)
                for party, months in enumerate(parties)
                for number, month in enumerate(months, start=3)
            ],
        )
        rows = connection.execute(f"{_query()} order by party_id, month_no").fetchall()
    found: list[list[int | None]] = [[] for _ in parties]
    for party, _, standing in rows:
        found[int(party[1:])].append(standing)
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(month, min_size=1, max_size=24), min_size=1, max_size=10))
def test_windows_give_what_month_after_month_gives(parties: list[list[Month]]) -> None:
    assert _found(parties) == [stand(months) for months in parties]


def test_a_grade_falls_at_once_and_climbs_one_rung_a_month_where_the_next_one_is_in_reach() -> None:
    months = [
        Month(),
        Month(own=1),
        Month(own=4),
        # A by its score, and the score of one month end is not enough
        Month(own=1),
        Month(own=1, reach=1),
        # B is in reach and A is not
        Month(own=1, reach=2),
        Month(own=1, reach=2),
        Month(),
        Month(own=1, reach=1),
        Month(own=2, reach=2, decided=5),
        Month(own=2, reach=2),
    ]
    assert _found([months]) == [[None, 1, 4, 4, 3, 2, 2, 2, 1, 5, 4]]
