"""Running counts and sums: as of any evening they are what a loop over all events finds.

Belongs here: counts, sums and the order of places. Must not: what an event means (test_features.py).
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.prediction.running import NEVER, Counts, Sums, firsts, lasts, place, placed

CODE = st.integers(0, 3)
# a document of 1900 too, and what never comes
DAY = st.one_of(st.integers(-25_600, -25_590), st.integers(0, 20), st.just(NEVER))
MOMENT = st.one_of(st.integers(-25_600, -25_590), st.integers(0, 20))


def whole(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(st.lists(st.tuples(CODE, DAY, st.integers(-50, 50))), st.lists(st.tuples(CODE, MOMENT), min_size=1))
def test_counts_and_sums_are_those_of_the_events_of_the_code_up_to_the_evening(
    events: list[tuple[int, int, int]], rows: list[tuple[int, int]]
) -> None:
    code, day, value = (whole([event[at] for event in events]) for at in range(3))
    asked, moment = (whole([row[at] for row in rows]) for at in range(2))
    seen = [[v for c, d, v in events if c == own and d <= evening] for own, evening in rows]
    assert Counts(code, day).at(asked, moment).tolist() == [len(values) for values in seen]
    found = Sums(code, day, {"value": value}).at(asked, moment)
    assert found["value"].tolist() == [sum(values) for values in seen]


@given(st.lists(st.tuples(CODE, DAY)))
def test_places_sort_by_code_and_day_and_tell_both(rows: list[tuple[int, int]]) -> None:
    code, day = (whole([row[at] for row in rows]) for at in range(2))
    in_order = placed(np.sort(place(code, day)))
    assert list(zip(*(values.tolist() for values in in_order), strict=True)) == sorted(rows)


def test_a_group_begins_and_ends_where_the_value_changes() -> None:
    values = whole([1, 1, 2, 3, 3])
    assert firsts(values).tolist() == [True, False, True, True, False]
    assert lasts(values).tolist() == [False, True, True, False, True]
    assert firsts(values[:0]).tolist() == lasts(values[:0]).tolist() == []
