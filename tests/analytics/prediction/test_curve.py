"""Payment curves: probabilities and dates of one item agree, and none lies in the past.

Belongs here: worked figures of curves, habits and roll rates. Must not: features.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.prediction.candidates import DueDate, History, RollRate, View
from analytics.prediction.curve import LATE_AFTER, STARTS, STRETCHES, Curves, stretch_of
from analytics.prediction.features import features
from analytics.prediction.habits import Payments, shrunken_shares
from analytics.prediction.lives import Lives, encode, known_lives
from tests.analytics.prediction.books import evening, frames, item, number, on, settlement


def one_curve(hazards: dict[int, float], *, days_to_due: int = 30) -> Curves:
    """An item due in so many days; hazards by the first day late of their stretch."""
    chances = np.zeros((1, STRETCHES))
    for first_day_late, chance in hazards.items():
        chances[0, int(np.searchsorted(STARTS, first_day_late))] = chance
    return Curves.of(np.array([1000]), np.array([1000 - days_to_due]), chances)


def lives_of(items: list[dict[str, Any]], settlements: list[dict[str, Any]], day: int) -> Lives:
    rows, paid = frames(items, settlements)
    return known_lives(encode(rows), paid, as_of=on(day), knowledge=evening(day))


def view_of(lives: Lives, open_item_id: str, day: int) -> View:
    chosen = lives.items.filter(open_item_id=open_item_id)["item"].item()
    rows = features(lives, pl.DataFrame({"item": [chosen], "moment": [number(day)]}))
    return View.of(rows, Payments(lives))


def test_chances_multiply_and_the_rest_is_late() -> None:
    # half is paid on the due date, half of the rest a day later: 25 % is still open then
    curve = one_curve({0: 0.5, 1: 0.5})
    assert curve.late(0).tolist() == [0.5]
    assert curve.late(1).tolist() == [0.25]
    assert curve.late(30).tolist() == [0.25]


def test_dates_are_those_on_which_the_curve_reaches_their_share() -> None:
    # 10 % on the due date, 50 % of the 90 left in days 8 to 10: the median lies (0.9 - 0.5) / 0.45 = 0.89 into
    # those three days, in the third
    curve = one_curve({0: 0.1, 8: 0.5, 15: 1.0})
    assert curve.day_at(0.1).tolist() == [1000]
    assert curve.day_at(0.5).tolist() == [1010]
    # 45 % are left for days 15 to 21, of which the last tenth begins (0.45 - 0.1) / 0.45 x 7 = 5.4 days in
    assert curve.day_at(0.9).tolist() == [1020]


def test_payments_spread_evenly_over_a_stretch() -> None:
    curve = one_curve({8: 0.6})
    assert curve.paid_by(np.array([1008])).tolist() == pytest.approx([0.2])
    assert curve.paid_by(np.array([1009])).tolist() == pytest.approx([0.4])
    assert curve.paid_by(np.array([1010])).tolist() == pytest.approx([0.6])


def test_of_a_stretch_begun_already_only_what_is_left_counts() -> None:
    # open on the evening of day 9 of the days 8 to 10: one of three days is left, 1 - 0.4 ** (1 / 3) = 0.263
    curve = one_curve({8: 0.6}, days_to_due=-9)
    assert curve.paid_by(np.array([1010])).tolist() == pytest.approx([0.2632], abs=1e-4)


@given(
    st.lists(st.floats(0, 1), min_size=STRETCHES, max_size=STRETCHES),
    st.integers(-400, 90),
    st.lists(st.floats(0.01, 0.99), min_size=2, max_size=2).map(sorted),
)
def test_later_is_never_likelier_and_no_date_lies_in_the_past(
    hazards: list[float], days_to_due: int, shares: list[float]
) -> None:
    curve = Curves.of(np.array([1000]), np.array([1000 - days_to_due]), np.array([hazards]))
    late = [curve.late(days)[0] for days in LATE_AFTER.values()]
    assert all(0 <= after <= before <= 1 for before, after in pairwise(late))
    days = [int(curve.day_at(share)[0]) for share in shares]
    assert 1000 - days_to_due < days[0] <= days[1]
    if days_to_due <= 0:
        # overdue already: certainly late
        assert late[0] == 1
    # by the day of a share the curve has reached it, and had not the day before (unless it never does)
    if curve.unpaid[0, -1] < 1 - shares[0]:
        assert curve.paid_by(np.array(days[:1]))[0] >= shares[0] - 1e-6
        assert curve.paid_by(np.array(days[:1]) - 1)[0] <= shares[0] + 1e-6


def test_the_due_date_rival_pays_on_it_and_tomorrow_what_is_overdue() -> None:
    lives = lives_of([item("A", issued=0, due=30)], [], 60)
    for day, expected in ((10, 30), (29, 30), (30, 31), (50, 51)):
        curve = DueDate().curves(view_of(lives, "A", day))
        assert curve.day_at(0.5).tolist() == [number(expected)], day
        assert curve.day_at(0.9).tolist() == [number(expected)], day


def test_shares_are_shrunken_level_by_level() -> None:
    # everyone 3 of 4 in the first place: (3 + .5) / 5 = 0.7; company 10 of 20: (10 + 30 x 0.7) / 50 = 0.62;
    # customer 0 of 4: (0 + 6 x 0.62) / 10 = 0.372
    found = shrunken_shares(np.array([[0.0, 4.0]]), np.array([[10.0, 10.0]]), np.array([[3.0, 1.0]]))
    assert found[0].tolist() == pytest.approx([0.372, 0.628])


def test_history_of_a_steady_payer_points_at_its_day() -> None:
    items = [item(f"A{n}", issued=n, due=n + 10) for n in range(60)] + [item("N", issued=80, due=110)]
    lives = lives_of(items, [settlement(f"A{n}", paid=n + 13) for n in range(60)], 90)
    curve = History().curves(view_of(lives, "N", 90))
    assert curve.day_at(0.5).tolist() == [number(113)]
    assert curve.late(0)[0] > 0.95
    # one day later than its habit the item has lost that day, and the rest of the habit is scaled to 1
    assert History().curves(view_of(lives, "N", 89)).late(30)[0] < 0.05


def test_the_roll_rate_counts_what_was_open_as_open_for_as_long_as_it_was_seen() -> None:
    # 40 items paid 3 days late; 40 more are open and are seen until 2 days before their due date: of what was open
    # when the day came, all was paid on it, and the open ones change nothing
    paid = [item(f"P{n}", issued=0, due=30, customer_id=f"K{n}") for n in range(40)]
    young = [item(f"Y{n}", issued=45, due=62, customer_id=f"K{n}") for n in range(40)]
    settlements = [settlement(f"P{n}", paid=33) for n in range(40)]
    chances = []
    for books in (paid, paid + young):
        lives = lives_of([*books, item("N", issued=59, due=70)], settlements, 60)
        chances.append(RollRate(lives).curves(view_of(lives, "N", 60)))
    assert chances[1].late(0)[0] == pytest.approx(chances[0].late(0)[0], abs=0.02)
    assert chances[1].day_at(0.5).tolist() == [number(73)]


def test_the_roll_rate_of_a_day_is_paid_over_open_shrunken_towards_a_twentieth() -> None:
    # one company, 80 items open on the evening before their due date, 60 paid on it: first towards everyone, who are
    # the same: p = (60 + 20 x 0.05) / (80 + 20) = 0.61, then (60 + 20 x 0.61) / 100 = 0.722
    items = [item(f"P{n}", issued=0, due=30, customer_id=f"K{n}") for n in range(80)]
    lives = lives_of(
        [*items, item("N", issued=29, due=45, customer_id="new")],
        [settlement(f"P{n}", paid=30) for n in range(60)],
        30,
    )
    curve = RollRate(lives).curves(view_of(lives, "N", 30))
    at = int(stretch_of(np.array([0]))[0])
    chance = 1 - curve.unpaid[0, at] / curve.unpaid[0, at - 1]
    assert chance == pytest.approx(0.722, abs=0.002)


def test_a_company_without_any_item_yet_pays_like_everyone() -> None:
    # it comes after all others in the order of codes
    items = [item(f"P{n}", issued=0, due=30, customer_id=f"K{n}") for n in range(80)]
    young = item("Z", issued=31, due=45, customer_id="new", company_code="C9")
    lives = lives_of([*items, young], [settlement(f"P{n}", paid=30) for n in range(60)], 35)
    curve = RollRate(lives.at(number(30))).curves(view_of(lives, "Z", 30))
    at = int(stretch_of(np.array([0]))[0])
    chance = 1 - curve.unpaid[0, at] / curve.unpaid[0, at - 1]
    # (60 + 20 x 0.05) / (80 + 20): no company of its own to shrink
    assert chance == pytest.approx(0.61, abs=0.002)
