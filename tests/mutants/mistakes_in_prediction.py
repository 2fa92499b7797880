"""Mistakes in payment prediction: knowledge, shrinkage, censoring, the choice of a champion, cash.

Belongs here: analytics/prediction. Must not: metrics of what was paid (mistakes_in_metrics.py).
"""

from tests.mutants.mutant import Mutant

ENGINE = "analytics/prediction"
CASES = "tests/analytics/prediction"
WIRED = "tests/integration/test_payment_prediction.py"

PREDICTION = (
    Mutant(
        name="a payment booked late was known on its own day",
        file=f"{ENGINE}/lives.py",
        old='learnt=pl.max_horizontal(_learnt("known_from", today), "created"),',
        new='learnt=pl.max_horizontal(_learnt("settled_on", today), "created"),',
        test=f"{CASES}/test_features.py::test_a_settlement_learnt_later_does_not_exist_at_an_earlier_knowledge",
        rule="ledger: two clocks",
    ),
    Mutant(
        name="a settlement undone still counts",
        file=f"{ENGINE}/lives.py",
        old='    undone = payments.filter(pl.col("undone") < NEVER)',
        new='    undone = payments.filter(pl.col("undone") > NEVER)',
        test=f"{CASES}/test_features.py::test_a_settlement_undone_is_gone_from_its_day_on_and_was_there_before",
        rule="ledger: two clocks",
    ),
    Mutant(
        name="two payments make a habit",
        file=f"{ENGINE}/features.py",
        old="    return (pl.col(total) + weight * pl.col(towards)) / (count + weight)",
        new="    return (pl.col(total) + pl.col(towards)) / (count + 1)",
        test=f"{CASES}/test_features.py::test_a_customers_mean_is_shrunken_towards_its_company",
        rule="G",
    ),
    Mutant(
        name="unpaid items do not count as late before they are paid",
        file=f"{ENGINE}/histories.py",
        old='f"{_PREFIX[by]}due_late": in_all - in_time}',
        new='f"{_PREFIX[by]}due_late": 0 * in_all}',
        test=f"{CASES}/test_features.py::test_a_customer_who_stops_paying_does_not_look_punctual",
        rule="G2",
    ),
    Mutant(
        name="an open item is dated in the past",
        file=f"{ENGINE}/curve.py",
        old="        next_day = moment + 1 - due",
        new="        next_day = moment - 3 - due",
        test=f"{CASES}/test_curve.py::test_later_is_never_likelier_and_no_date_lies_in_the_past",
        rule="G",
    ),
    Mutant(
        name="items seen for a day are open for the whole of their curve",
        file=f"{ENGINE}/candidates.py",
        old="        begins, ends = stretch_of(first), stretch_of(last)",
        new="        begins, ends = stretch_of(first), np.full_like(last, STRETCHES - 2)",
        test=f"{CASES}/test_curve.py"
        "::test_the_roll_rate_counts_what_was_open_as_open_for_as_long_as_it_was_seen",
        rule="G",
    ),
    Mutant(
        name="the richest candidate wins a tie",
        file=f"{ENGINE}/backtest.py",
        old='rows.sort(key=lambda row: CANDIDATES.index(row["candidate"]))',
        new='rows.sort(key=lambda row: -CANDIDATES.index(row["candidate"]))',
        test=f"{CASES}/test_engine.py::test_the_champion_has_the_lowest_loss_and_a_simpler_one_wins_a_tie",
        rule="G",
    ),
    Mutant(
        name="an attribute that knows the outcome is believed",
        file=f"{ENGINE}/guard.py",
        old="    if max(area, 1 - area) >= TOO_GOOD:",
        new="    if area < 0:",
        test=f"{CASES}/test_engine.py::test_a_planted_leak_that_claims_to_be_known_is_refused",
        rule="G",
    ),
    Mutant(
        name="what was told late was known on its own day",
        file="dbt/models/intermediate/int_prediction__settlement.sql",
        old="            {{ known_day_of('began', 'movement.known_from') }}",
        new="            {{ start_of_days() }}",
        test=f"{WIRED}::test_t43_a_past_day_knows_what_was_delivered_by_then_whatever_has_landed_since",
        rule="T43, DECISIONS 47",
    ),
    Mutant(
        name="an item that a later delivery withdraws never was",
        file="dbt/models/intermediate/int_prediction__item.sql",
        old="        and opened_on <= {{ as_of() }}",
        new="        and opened_on <= {{ as_of() }} and is_current",
        test=f"{WIRED}::test_t43_a_past_day_knows_what_was_delivered_by_then_whatever_has_landed_since",
        rule="T43, DECISIONS 47",
    ),
    Mutant(
        name="a sister company is predicted like a customer",
        file="dbt/models/intermediate/int_prediction__scope.sql",
        old="            when customer.is_intragroup then 'intragroup'",
        new="            when false then 'intragroup'",
        test=f"{WIRED}::test_what_is_predicted_and_what_is_left_out_are_the_trade_items_of_aging",
        rule="DECISIONS 47",
    ),
    Mutant(
        name="the band of a past forecast is judged by what it was made of",
        file=f"{ENGINE}/cash.py",
        old='            others = own.filter(pl.col("origin") != day)',
        new='            others = own.filter(pl.col("origin") == day)',
        test=f"{CASES}/test_engine.py::test_the_band_of_a_past_day_is_as_wide_as_the_other_days_make_it",
        rule="G",
    ),
    Mutant(
        name="a sample of small items stands for itself alone",
        file=f"{ENGINE}/schedule.py",
        old="np.full(len(drawn_of), len(others) / max(len(drawn_of), 1))",
        new="np.ones(len(drawn_of))",
        test=f"{CASES}/test_engine.py::test_a_sample_of_what_was_open_stands_for_all_of_it",
        rule="G",
    ),
)
