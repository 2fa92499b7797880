"""What is known of an item at a moment, and what is not yet.

Belongs here: the cut by knowledge, worked figures, and every count against a slow oracle. Must not: models.
"""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.prediction.contract import (
    Attribute,
    PredictionInputError,
    Settings,
    check,
    reconstruct_knowledge,
)
from analytics.prediction.features import FEATURES, Facts, features
from analytics.prediction.lives import Lives, encode, known_lives, with_remaining
from analytics.prediction.running import NEVER
from tests.analytics.prediction.books import evening, frames, item, morning, number, on, settlement
from tests.oracles.payment_features import known_features, oldest_overdue_days


def lives_of(
    items: list[dict[str, Any]], settlements: list[dict[str, Any]], *, day: int, **options: Any
) -> Lives:
    rows, paid = frames(items, settlements)
    return known_lives(
        encode(rows), paid, as_of=on(day), knowledge=evening(options.pop("known", day)), **options
    )


def seen(lives: Lives, open_item_id: str, *, day: int, **options: Any) -> dict[str, Any]:
    chosen = lives.items.filter(open_item_id=open_item_id)["item"].item()
    moments = pl.DataFrame({"item": [chosen], "moment": [number(day)]})
    return features(lives, moments, **options).to_dicts()[0]


def test_a_settlement_learnt_later_does_not_exist_at_an_earlier_knowledge() -> None:
    books = [item("A", issued=0, due=30)], [settlement("A", paid=28, learnt=40)]
    assert lives_of(*books, day=39).outcomes()["closed"].to_list() == [NEVER]
    known = lives_of(*books, day=40).outcomes().to_dicts()[0]
    # its own day says how late it was, the other when that was known
    assert (known["paid_on"], known["closed"]) == (number(28), number(40))


def test_what_happened_by_the_as_of_date_but_was_learnt_after_it_counts_on_the_as_of_date() -> None:
    books = [item("A", issued=0, due=30)], [settlement("A", paid=28, learnt=40)]
    assert lives_of(*books, day=35, known=45).outcomes()["closed"].to_list() == [number(35)]


def test_a_settlement_undone_is_gone_from_its_day_on_and_was_there_before() -> None:
    books = [item("A", issued=0, due=30)], [settlement("A", paid=20, undone=50)]
    lives = lives_of(*books, day=60)
    counts = [seen(lives, "A", day=day)["open_count"] for day in (19, 20, 49, 50)]
    assert counts == [1, 0, 0, 1]
    assert [seen(lives, "A", day=day)["paid_count"] for day in (19, 20, 49, 50)] == [0, 1, 1, 0]
    assert lives.outcomes()["closed"].to_list() == [NEVER]


def test_part_payments_close_an_item_with_the_last_of_them() -> None:
    lives = lives_of(
        [item("A", issued=0, due=30)],
        [settlement("A", paid=25, amount="60.00"), settlement("A", paid=35, amount="40.00")],
        day=60,
    )
    assert lives.outcomes()["paid_on"].to_list() == [number(35)]
    assert with_remaining(lives.open_on([number(30)]), lives)["remaining"].to_list() == [40.0]


def test_what_is_known_at_a_moment_that_nobody_asked_for_is_refused() -> None:
    lives = lives_of([item("A", issued=0, due=30)], [], day=60)
    known = Facts.of(lives, pl.DataFrame({"item": [0], "moment": [number(10)]}))
    with pytest.raises(LookupError, match="not made for"):
        known.rows(pl.DataFrame({"item": [0], "moment": [number(11)]}))


def test_what_is_left_out_is_counted() -> None:
    lives = lives_of(
        [
            item("A", issued=0, due=None),
            item("B", issued=10, due=40),
            item("C", issued=0, due=30),
            item("D", issued=0, due=30),
        ],
        [settlement("B", paid=5), settlement("C", paid=35, kind="write_off"), settlement("D", paid=30)],
        day=60,
    )
    assert dict(lives.exclusions.iter_rows()) == {
        "no due date": 1,
        "paid before it was issued": 1,
        "settled otherwise than by payment": 1,
    }
    assert seen(lives, "D", day=50)["paid_count"] == 1


def test_a_customers_mean_is_shrunken_towards_its_company() -> None:
    # K1 paid 10 and 20 days late, K2 three items on their due dates: the company's mean is 30 / (5 + 1) = 5;
    # K1: (30 + 8 x 5) / (2 + 8) = 7; late on 2 of 2, the company on 2 of 5, with the prior (2 + 2) / (5 + 5) = 0.4:
    # K1's share is (2 + 8 x 0.4) / 10 = 0.52
    items = [item("A", issued=0, due=30), item("B", issued=0, due=30), item("N", issued=70, due=100)]
    items += [item(name, issued=0, due=30, customer_id="K2") for name in ("C", "D", "E")]
    paid = [settlement("A", paid=40), settlement("B", paid=50)]
    paid += [settlement(name, paid=30) for name in ("C", "D", "E")]
    found = seen(lives_of(items, paid, day=80), "N", day=69)
    assert found["mean_days_late"] == pytest.approx(7.0)
    assert found["company_late_share"] == pytest.approx(0.4)
    assert found["late_share"] == pytest.approx(0.52)


def test_a_customer_who_stops_paying_does_not_look_punctual() -> None:
    items = [item(f"A{n}", issued=n, due=n + 10) for n in range(20)]
    lives = lives_of(items, [settlement(f"A{n}", paid=n + 10) for n in range(5)], day=60)
    before, after = (seen(lives, "A19", day=day) for day in (14, 40))
    assert after["mean_days_late"] == before["mean_days_late"]
    # by day 14 five were due and paid in time: company (0 + 2) / (5 + 5) = 0.2,
    # customer (0 + 8 x 0.2) / (5 + 8) = 0.123
    assert before["late_share"] == pytest.approx(0.1231, abs=1e-4)
    # by day 40 fifteen more were due, none paid: (15 + 2) / (20 + 5) = 0.68, (15 + 8 x 0.68) / (20 + 8) = 0.73
    assert after["late_share"] == pytest.approx(0.73)


def test_an_attribute_learnt_later_is_empty_before() -> None:
    attribute = Attribute("days_to_pay", known_from="days_known")
    books = [item("A", issued=0, due=30, days_to_pay=35, days_known=morning(35))], [settlement("A", paid=35)]
    lives = lives_of(*books, day=60, attributes=(attribute,))
    values = [seen(lives, "A", day=day, attributes=(attribute,))["days_to_pay"] for day in (-1, 34, 35)]
    assert values == [None, None, 35.0]


def test_every_feature_says_what_makes_it_known() -> None:
    lives = lives_of([item("A", issued=0, due=30)], [], day=10)
    assert set(FEATURES) <= set(seen(lives, "A", day=5))
    assert set(FEATURES.values()) == {"settlement learnt", "due date passed", "item open", "item created"}


def test_facts_of_a_first_delivery_are_known_from_their_own_day_and_later_ones_from_theirs() -> None:
    _, paid = frames([], [settlement("A", paid=10, learnt=100), settlement("B", paid=110, learnt=120)])
    known = reconstruct_knowledge(paid, effective="settled_on", first_delivery=evening(100))["known_from"]
    assert known.to_list() == [morning(10), morning(120)]


def test_a_frame_that_breaks_the_contract_is_refused_with_the_column() -> None:
    items, paid = frames([item("A", issued=0, due=30)], [])
    with pytest.raises(PredictionInputError, match=r"items\.amount must be Decimal"):
        check(items.with_columns(pl.col("amount").cast(pl.Float64)), paid, Settings())
    with pytest.raises(PredictionInputError, match="open_item_id twice"):
        check(pl.concat([items, items]), paid, Settings())
    with pytest.raises(PredictionInputError, match="lacks the column settled_kind"):
        check(items, paid.drop("settled_kind"), Settings())


DAY = st.integers(0, 60)


@st.composite
def small_books(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]], bool]:
    may_undo = draw(st.booleans())
    items, settlements = [], []
    for index in range(draw(st.integers(1, 8))):
        issued = draw(DAY)
        items.append(
            item(
                f"I{index}",
                issued=issued,
                due=issued + draw(st.integers(0, 25)),
                customer_id=draw(st.sampled_from(["K1", "K2"])),
                known_from=morning(issued + draw(st.integers(0, 3))),
            )
        )
        for amount in draw(st.sampled_from([(), ("100.00",), ("60.00", "40.00"), ("30.00",)])):
            paid = issued + draw(st.integers(-2, 50))
            learnt = paid + draw(st.integers(0, 6))
            undone = learnt + draw(st.integers(1, 20)) if may_undo and draw(st.booleans()) else None
            kind = draw(st.sampled_from(["cash", "cash", "bill", "write_off"]))
            settlements.append(
                settlement(f"I{index}", paid=paid, learnt=learnt, undone=undone, amount=amount, kind=kind)
            )
    return items, settlements, may_undo


@settings(max_examples=40)
@given(small_books(), DAY)
def test_features_are_what_a_slow_oracle_finds(
    books: tuple[list[dict[str, Any]], list[dict[str, Any]], bool], day: int
) -> None:
    items, settlements, may_undo = books
    lives = lives_of(items, settlements, day=150)

    def whole(moment: Any) -> int | None:
        return None if moment is None else (moment.date() - on(0)).days

    plain = [
        {
            "item": row["open_item_id"],
            "customer": row["customer_id"],
            "company": row["company_code"],
            "created": whole(row["known_from"]),
            "document": (row["document_date"] - on(0)).days,
            "due": (row["due_date"] - on(0)).days,
            "amount": float(row["amount"]),
        }
        for row in items
    ]
    paid = [
        {
            "item": row["open_item_id"],
            "paid": (row["settled_on"] - on(0)).days,
            "learnt": whole(row["known_from"]),
            "undone": whole(row["known_to"]),
            "amount": float(row["amount"]),
            "kind": row["settled_kind"],
        }
        for row in settlements
    ]
    for row in plain:
        found = seen(lives, row["item"], day=day)
        for name, expected in known_features(plain, paid, item=row["item"], day=day).items():
            assert found[name] == (None if expected is None else pytest.approx(expected)), name
        if not may_undo:
            assert found["overdue_oldest_days"] == oldest_overdue_days(plain, paid, item=row["item"], day=day)
