"""Warnings open, rise, fall and close as a machine that looks at every day would have it.

Belongs here: dbt/macros/warning_steps.sql against its oracle. Must not: rules (test_risk_warning.py).
"""

from datetime import date, timedelta
from functools import cache

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.macros import render
from tests.oracles.warning_days import Day, Patience, Step, steps_of

FIRST = date(2026, 1, 1)
FOREVER = date(9999, 12, 31)
LENGTH = 90


@cache
def _query() -> str:
    return render(
        "warning_steps('state')",
        files=("versions.sql", "warning_steps.sql"),
        as_of=FIRST + timedelta(days=LENGTH - 1),
    )


state = st.sampled_from(["open", "closing", "between"])
run = st.tuples(st.integers(1, 20), state, st.integers(1, 3))
patience = st.builds(
    Patience,
    enter=st.integers(1, 8),
    close=st.integers(1, 10),
    fall=st.integers(1, 15),
    reopen=st.integers(0, 15),
)


def _days(runs: list[tuple[int, str, int]]) -> list[Day]:
    days = [
        Day(is_open=kind == "open", is_closing=kind == "closing", level=level)
        for length, kind, level in runs
        for _ in range(length)
    ]
    # the last interval has no end
    return [*days, *[days[-1]] * LENGTH][:LENGTH]


def _steps(cases: list[tuple[list[tuple[int, str, int]], Patience]]) -> dict[str, list[Step]]:
    rows = []
    for number, (runs, numbers) in enumerate(cases):
        day = 0
        for place, (length, kind, level) in enumerate(runs, start=1):
            ended = FOREVER if place == len(runs) else FIRST + timedelta(days=day + length)
            rows.append(
                (
                    "party",
                    str(number),
                    "R",
                    FIRST + timedelta(days=day),
                    ended,
                    kind == "open",
                    kind == "closing",
                    level,
                    numbers.enter,
                    numbers.close,
                    numbers.fall,
                    numbers.reopen,
                )
            )
            day += length
    with duckdb.connect() as connection:
        connection.execute(
            "create table state (subject varchar, subject_key varchar, rule_id varchar, effective_from date,"
            " effective_to date,"
            " is_open boolean, is_closing boolean, level int, enter_days int, close_days int, fall_days int,"
            " reopen_days int)"
        )
        connection.executemany("insert into state values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        found = connection.execute(_query()).fetchall()
    steps: dict[str, list[Step]] = {str(number): [] for number in range(len(cases))}
    for _, subject, _, episode, stretch, day, level in sorted(found, key=lambda row: row[5]):
        steps[subject].append(Step(int(episode), int(stretch), (day - FIRST).days, int(level)))
    return steps


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.lists(run, min_size=1, max_size=12), patience), min_size=1, max_size=12))
def test_intervals_give_what_every_day_gives(
    cases: list[tuple[list[tuple[int, str, int]], Patience]],
) -> None:
    found = _steps(cases)
    for number, (runs, numbers) in enumerate(cases):
        assert found[str(number)] == steps_of(_days(runs), patience=numbers)


def test_a_level_is_held_for_14_days_and_a_second_opening_within_14_goes_on() -> None:
    runs = [
        (2, "open", 1),
        (1, "open", 3),
        (20, "open", 1),
        (10, "closing", 1),
        (5, "open", 1),
        (40, "closing", 1),
        (3, "open", 2),
    ]
    numbers = Patience(enter=1, close=7, fall=14, reopen=14)
    # severe on day 2: days 3 to 16 are lower, so it falls on day 16. Closing from day 23: closed on day 29,
    # open again on day 33, which is 4 days later; closed on day 44, and day 78 is a warning of its own.
    expected = [
        Step(1, 1, 0, 1),
        Step(1, 1, 2, 3),
        Step(1, 1, 16, 1),
        Step(1, 1, 29, 0),
        Step(1, 2, 33, 1),
        Step(1, 2, 44, 0),
        Step(2, 3, 78, 2),
    ]
    assert steps_of(_days(runs), patience=numbers) == expected
    assert _steps([(runs, numbers)])["0"] == expected
