"""The whole prediction: who is chosen, what is refused, what never changes.

Belongs here: properties of `predict_payments` on small books. Must not: accuracy on real data (tests/benchmark).
"""

from dataclasses import replace
from datetime import timedelta
from string import Formatter
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.prediction import (
    TEXTS,
    Attribute,
    PaymentPrediction,
    Settings,
    engine,
    predict_payments,
    present,
)
from analytics.prediction.backtest import band_levels, champions
from analytics.prediction.boosting import why_unavailable
from analytics.prediction.cash import calibrated
from analytics.prediction.lives import encode, known_lives
from analytics.prediction.running import NEVER
from analytics.prediction.schedule import Schedule
from tests.analytics.prediction.books import (
    evening,
    frames,
    habitual_books,
    item,
    morning,
    number,
    on,
    settlement,
)

QUICK = Settings(
    fewest_settled=60, fewest_scored=30, origins=2, trees=15, threads=1, training_rows=3000, explained_rows=50
)
PLAIN = replace(QUICK, candidates=("due_date", "history", "roll_rate"))
TODAY = 300
NO_TREES = why_unavailable()
needs_trees = pytest.mark.skipif(NO_TREES is not None, reason=str(NO_TREES))

Frames = tuple[pl.DataFrame, pl.DataFrame]


def predicted(books: Frames, settings: Settings = PLAIN, *, day: int = TODAY) -> PaymentPrediction:
    return predict_payments(*books, as_of=on(day), knowledge=evening(day), settings=settings)


@pytest.fixture(scope="module")
def books() -> Frames:
    return habitual_books(1500, until=TODAY)


@pytest.fixture(scope="module")
def plain(books: Frames) -> PaymentPrediction:
    return predicted(books)


@pytest.fixture(scope="module")
def with_trees(books: Frames) -> PaymentPrediction:
    return predicted(books, QUICK)


def test_probabilities_fall_dates_rise_and_nothing_lies_in_the_past(plain: PaymentPrediction) -> None:
    items = plain.items
    assert items.height > 100
    assert items.filter(pl.col("late_30_probability") > pl.col("late_probability")).is_empty()
    assert items.filter(pl.col("late_90_probability") > pl.col("late_30_probability")).is_empty()
    assert items.filter(pl.col("pay_date_p10") <= on(TODAY)).is_empty()
    assert items.filter(
        (pl.col("pay_date_p10") > pl.col("pay_date_p50")) | (pl.col("pay_date_p50") > pl.col("pay_date_p90"))
    ).is_empty()


def test_habits_are_found(books: Frames, plain: PaymentPrediction) -> None:
    late = plain.items.join(books[0].select("open_item_id", "customer_id"), on="open_item_id").filter(
        pl.col("due_date") > on(TODAY)
    )
    chance = dict(late.group_by("customer_id").agg(pl.col("late_probability").mean()).iter_rows())
    # K00 pays six days early, K19 fourteen late, each give or take three
    assert chance["K00"] < 0.3 < 0.9 < chance["K19"]
    assert set(plain.champions.filter(horizon="late")["champion"]) != {"due_date"}


def test_only_what_was_known_is_used(books: Frames, plain: PaymentPrediction) -> None:
    items, settlements = books
    later = [
        item(f"Z{n}", issued=TODAY - 50, due=TODAY - 20, known_from=morning(TODAY + 1)) for n in range(30)
    ]
    paid = [
        settlement(row["open_item_id"], paid=TODAY - 1, learnt=TODAY + 2, amount=str(row["amount"]))
        for row in items.filter(pl.col("due_date") < on(TODAY)).tail(40).to_dicts()
    ]
    more = frames(later, paid)
    known = predicted((pl.concat([items, more[0]]), pl.concat([settlements, more[1]])))
    assert known.items.equals(plain.items)
    assert known.cash.equals(plain.cash)
    assert known.scores.equals(plain.scores)


def test_items_created_yesterday_do_not_change_what_is_said_of_others(
    books: Frames, plain: PaymentPrediction
) -> None:
    items, settlements = books
    # as many as were created in a month, over all customers
    created = [
        item(f"Y{n}", issued=TODAY - 1, due=TODAY + 29, customer_id=f"K{n % 20:02}") for n in range(150)
    ]
    after = predicted((pl.concat([items, frames(created)[0]]), settlements)).items
    both = plain.items.join(after, on="open_item_id", suffix="_after")
    assert both.height == plain.items.height
    change = (both["late_probability_after"] - both["late_probability"]).abs()
    assert change.max() < 0.02


@needs_trees
def test_items_created_yesterday_do_not_teach_the_trees_that_items_stay_open(
    books: Frames, with_trees: PaymentPrediction
) -> None:
    items, settlements = books
    created = [
        item(f"Y{n}", issued=TODAY - 1, due=TODAY + 29, customer_id=f"K{n % 20:02}") for n in range(150)
    ]
    after = predicted((pl.concat([items, frames(created)[0]]), settlements), QUICK).items
    both = with_trees.items.join(after, on="open_item_id", suffix="_after").filter(
        pl.col("late_probability") < 1
    )
    change = both["late_probability_after"] - both["late_probability"]
    assert abs(float(np.mean(change.to_numpy()))) < 0.02


def test_with_little_data_the_due_date_predicts_and_says_why() -> None:
    found = predicted(habitual_books(40, until=100), day=100)
    assert set(found.champions["champion"]) == {"due_date"}
    assert set(found.champions["reason"]) == {"no back-test possible"}
    assert found.scores.is_empty()
    assert found.items.filter(
        pl.col("due_date") > on(100), pl.col("pay_date_p50") != pl.col("due_date")
    ).is_empty()


def test_a_company_with_little_data_takes_what_did_best_for_all(books: Frames) -> None:
    items, settlements = books
    young = [item(f"S{n}", issued=TODAY - 90, due=TODAY - 60, company_code="S") for n in range(10)]
    paid = [settlement(f"S{n}", paid=TODAY - 60) for n in range(9)]
    more = frames(young, paid)
    found = predicted((pl.concat([items, more[0]]), pl.concat([settlements, more[1]])))
    pooled = found.champions.filter(company_code="S", horizon="late").to_dicts()[0]
    assert pooled["reason"] == "too few settled items"
    over_all = found.scores.filter(
        pl.col("company_code").is_null(),
        pl.col("origin").is_null(),
        horizon="late",
        candidate=pooled["champion"],
    )
    assert over_all["loss"].item() == pooled["loss"]


def score(candidate: str, loss: float, *, company: str | None = "C1", count: int = 500) -> dict[str, Any]:
    return {
        "company_code": company,
        "horizon": "late",
        "candidate": candidate,
        "origin": None,
        "scored_count": count,
        "loss": loss,
    }


def test_the_champion_has_the_lowest_loss_and_a_simpler_one_wins_a_tie() -> None:
    def chosen(*rows: dict[str, Any]) -> dict[str, Any]:
        scored = pl.DataFrame(rows, schema_overrides={"origin": pl.Date})
        return champions(scored, {"C1": 999}, QUICK).filter(horizon="late").to_dicts()[0]

    clear = chosen(score("history", 0.17), score("roll_rate", 0.18), score("boosting", 0.14))
    assert (clear["champion"], clear["rival"], clear["rival_loss"]) == ("boosting", "history", 0.17)
    tie = chosen(score("history", 0.1405), score("roll_rate", 0.18), score("boosting", 0.14))
    assert (tie["champion"], tie["rival"]) == ("history", "boosting")
    few = chosen(score("history", 0.17, count=29), score("boosting", 0.14, company=None))
    assert (few["champion"], few["reason"]) == ("boosting", "too few scored items")


def test_the_band_leaves_out_what_makes_past_bands_hold_four_fifths() -> None:
    # one outcome at each percent of the curve: a band from s to 1 - s holds 1 - 2 s of them
    by = np.arange(1, 101) / 100
    said = pl.DataFrame({"candidate": ["history"] * 100, "paid_by_day": by, "paid_before_day": by - 1e-6})
    assert band_levels(said)["history"] == pytest.approx(0.1, abs=0.011)


def planted(books: Frames, known_from: Any) -> Frames:
    """The true days late under another name."""
    items, settlements = books
    truth = items.join(
        settlements.select("open_item_id", "settled_on"), on="open_item_id", how="left"
    ).select(
        "open_item_id",
        customer_index=(pl.col("settled_on") - pl.col("due_date")).dt.total_days().fill_null(0),
        index_known=known_from,
    )
    return items.join(truth, on="open_item_id", maintain_order="left"), settlements


def test_a_planted_leak_that_claims_to_be_known_is_refused(books: Frames) -> None:
    settings = replace(PLAIN, attributes=(Attribute("customer_index"),))
    found = (
        predicted(planted(books, pl.lit(None)), settings)
        .features.filter(feature="customer_index")
        .to_dicts()[0]
    )
    assert not found["is_used"]
    assert "too well to be known" in found["reason"]


def test_a_planted_leak_known_only_after_the_payment_is_never_seen(books: Frames) -> None:
    settings = replace(PLAIN, attributes=(Attribute("customer_index", known_from="index_known"),))
    late = planted(books, pl.col("settled_on").cast(pl.Datetime("us")) + timedelta(days=1))
    found = predicted(late, settings).features.filter(feature="customer_index").to_dicts()[0]
    assert (found["is_used"], found["reason"]) == (False, "never known when an item is created")


def test_an_attribute_filled_by_the_settlement_is_refused(books: Frames) -> None:
    items, settlements = books
    paid = set(settlements["open_item_id"])
    filled = items.with_columns(
        channel=pl.when(pl.col("open_item_id").is_in(paid)).then(pl.col("due_date").dt.day().cast(pl.Int64))
    )
    settings = replace(PLAIN, attributes=(Attribute("channel"),))
    found = predicted((filled, settlements), settings).features.filter(feature="channel").to_dicts()[0]
    assert found["reason"] == "filled for 100% of settled items and 0% of open ones"


@needs_trees
def test_an_honest_attribute_is_learnt_from(books: Frames) -> None:
    items, settlements = books
    day = items.with_columns(weight=pl.col("amount").cast(pl.Float64).sqrt())
    found = predicted((day, settlements), replace(QUICK, attributes=(Attribute("weight"),)))
    assert found.features.filter(feature="weight")["is_used"].item()


def as_bytes(found: PaymentPrediction) -> list[bytes]:
    names = ("items", "scores", "champions", "reliability", "cash", "cash_errors", "features", "exclusions")
    return [getattr(found, name).write_ipc(None).getvalue() for name in names]


@needs_trees
def test_the_same_facts_in_another_order_give_the_same_bytes(
    books: Frames, with_trees: PaymentPrediction
) -> None:
    shuffled = tuple(frame.sample(fraction=1, shuffle=True, seed=3) for frame in books)
    assert as_bytes(predicted((shuffled[0], shuffled[1]), QUICK)) == as_bytes(with_trees)


def test_an_attribute_called_like_a_column_of_the_engine_changes_no_cash(books: Frames) -> None:
    items, settlements = books
    sampled = replace(PLAIN, scored_rows=60)
    named = items.with_columns(weight=pl.lit(1000.0), remaining=pl.lit(1.0))
    attributes = (Attribute("weight"), Attribute("remaining"))
    found = predicted((named, settlements), replace(sampled, attributes=attributes))
    plain = predicted(books, sampled)
    assert found.cash_errors.equals(plain.cash_errors)
    assert found.cash.equals(plain.cash)


@needs_trees
def test_neither_the_number_of_threads_nor_that_of_the_parts_changes_what_is_said(
    books: Frames, with_trees: PaymentPrediction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present, "CHUNK", 50)
    one, several = (predicted(books, replace(QUICK, threads=threads)) for threads in (1, 3))
    assert as_bytes(one) == as_bytes(several)
    # an item's reasons are its own, whichever others it is worked on with
    assert one.items.equals(with_trees.items)


def test_without_the_library_the_others_compete_and_the_fix_is_said(
    books: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "why_unavailable", lambda: "apt-get install libgomp1")
    found = predicted(books, QUICK)
    assert found.unavailable == {"boosting": "apt-get install libgomp1"}
    assert set(found.champions["champion"]) <= {"due_date", "history", "roll_rate"}


@needs_trees
def test_reasons_are_codes_with_values_that_have_a_sentence_in_both_languages(
    plain: PaymentPrediction, with_trees: PaymentPrediction
) -> None:
    for found in (plain, with_trees):
        reasons = found.items.explode("reasons").unnest("reasons").drop_nulls("code")
        assert reasons["open_item_id"].n_unique() == found.items.height
        # an item that is not overdue has no age to be late by
        assert "days=0" not in reasons.filter(code="age")["values"].to_list()
        for code, values in reasons.select("code", "values").unique().iter_rows():
            given = {pair.split("=")[0] for pair in values.split(";")}
            for text in TEXTS[code]:
                assert {name for _, name, _, _ in Formatter().parse(text) if name} == given, code


def test_cash_of_open_items_adds_up_to_what_is_open(plain: PaymentPrediction) -> None:
    expected, open_amount = plain.cash["expected"].sum(), plain.items["remaining"].sum()
    assert 0.9 * open_amount < expected <= open_amount * 1.0001
    assert plain.cash.filter(
        (pl.col("low") > pl.col("expected")) | (pl.col("high") < pl.col("expected"))
    ).is_empty()
    assert plain.cash["week_ahead"].to_list() == list(range(1, 14))
    assert plain.cash["week_begins"][0] == on(TODAY + 1)


def test_new_billing_follows_the_recent_rhythm() -> None:
    # 70.00 a day, paid 14 days after: nothing in weeks 1 and 2, and 490.00 a week from the third
    items = [item(f"A{n:03}", issued=n, due=n + 14, amount=70) for n in range(200)]
    paid = [settlement(f"A{n:03}", paid=n + 14, amount="70") for n in range(186)]
    cash = predicted(frames(items, paid), day=199).cash
    assert cash["expected_new"].to_list() == pytest.approx([0.0, 0.0] + [490.0] * 11)


def test_forecasts_of_the_past_are_compared_with_naive_rivals(plain: PaymentPrediction) -> None:
    total = plain.cash_errors.filter(target="total")
    assert set(total["forecaster"]) == {"due_date", "history", "roll_rate", "last_4_weeks"}
    assert (
        plain.cash_errors.filter(target="open_items", forecaster="history", week_ahead=1)["origin"].n_unique()
        == 4
    )


def test_the_band_of_a_past_day_is_as_wide_as_the_other_days_make_it() -> None:
    # thirteen weeks of 1,000 on each of three days; on the third 1,600 came instead of 1,000
    past = pl.DataFrame(
        {
            "origin": [day for day in (100, 200, 300) for _ in range(13)],
            "target": "open_items",
            "forecaster": "history",
            "company_code": "C1",
            "currency": "CNY",
            "week_ahead": list(range(1, 14)) * 3,
            "expected": 1000.0,
            "variance": 0.0,
            "actual": [1100.0] * 26 + [1600.0] * 13,
        }
    )
    found = calibrated(past)
    assert found.champion == "history"
    high = {row["origin"]: row["high"] for row in found.past.filter(week_ahead=1).to_dicts()}
    first, last = min(high), max(high)
    # a spread of 50: the third day is judged by a band of two of them, the first by one that knows the third
    assert high[last] == pytest.approx(1000 + 2 * 50)
    assert high[first] == pytest.approx(1000 + 12 * 50)


def test_a_sample_of_what_was_open_stands_for_all_of_it(books: Frames) -> None:
    lives = known_lives(encode(books[0]), books[1], as_of=on(TODAY), knowledge=evening(TODAY))
    whole = Schedule.of(lives, QUICK).cash
    part = Schedule.of(lives, replace(QUICK, scored_rows=60)).cash
    for day, rows in part.items():
        assert rows.height <= 60 < whole[day].height
        assert rows["weight"].sum() == pytest.approx(whole[day].height)
        largest = whole[day].sort("remaining", descending=True).head(20)["item"]
        assert set(largest) <= set(rows.filter(weight=1.0)["item"])


def test_the_same_items_are_drawn_whatever_else_has_landed(books: Frames) -> None:
    def drawn_ids(items: pl.DataFrame) -> set[str]:
        lives = known_lives(encode(items), books[1], as_of=on(TODAY), knowledge=evening(TODAY))
        rows = Schedule.of(lives, replace(QUICK, training_rows=100)).lessons
        return set(rows.join(lives.items, on="item")["open_item_id"])

    # items that are never paid, whose ids come before all others
    more = frames(item(f"A{n}", issued=n, due=n + 30) for n in range(150))[0]
    before, after = drawn_ids(books[0]), drawn_ids(pl.concat([books[0], more]))
    still = {item_id for item_id in after if item_id.startswith("I")}
    # they take some of the places, and nobody else comes in
    assert len(still) > 50
    assert still < before


def test_snapshots_do_not_depend_on_how_an_item_ends(books: Frames) -> None:
    items, settlements = books
    lives = known_lives(encode(items), settlements, as_of=on(TODAY), knowledge=evening(TODAY))
    created = lives.items.select("item", "created")
    rows = (
        Schedule.of(lives, QUICK)
        .lessons.join(created, on="item")
        .filter(pl.col("moment") >= pl.col("created"))
    )
    assert set((number(TODAY) - rows["moment"]) % QUICK.days_between_origins) == {0}
    assert lives.outcomes().filter(pl.col("closed") == NEVER).height == predicted_open(items, settlements)


def predicted_open(items: pl.DataFrame, settlements: pl.DataFrame) -> int:
    return items.join(settlements, on="open_item_id", how="anti").height
