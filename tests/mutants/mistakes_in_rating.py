"""Mistakes in grades: bands, caps, the ladder, the recommended limit, holds.

Belongs here: dbt/models/intermediate/int_rating__*, int_hold__*, macros/rating.sql. Must not: how habits are measured
(mistakes_in_behaviour.py), warnings (mistakes_in_warnings.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
CASES = "tests/integration/test_credit_rating.py"

RATING = (
    Mutant(
        name="a grade climbs as far as its score reaches",
        file="dbt/macros/rating.sql",
        old="or was_below_{{ rung + 1 }}",
        new="or false",
        test="tests/oracles/test_rating_property.py"
        "::test_a_grade_falls_at_once_and_climbs_one_rung_a_month_where_the_next_one_is_in_reach",
        rule="policy section 4",
    ),
    Mutant(
        name="one month end above the cut-off is enough",
        file=f"{MODELS}/int_rating__judged.sql",
        old="                then least(score, lag(score) over along)",
        new="                then score",
        test=f"{CASES}::test_grades_fall_at_once_and_rise_one_step_at_a_time_after_two_month_ends",
        rule="policy section 4",
    ),
    Mutant(
        name="grades rise between month ends",
        file=f"{MODELS}/int_rating__judged.sql",
        old="            when is_rated and is_month_end and lag(is_rated and is_month_end) over along",
        new="            when is_rated and lag(is_rated) over along",
        test=f"{CASES}::test_between_month_ends_nobody_rises",
        rule="policy section 4",
    ),
    Mutant(
        name="the mildest cap wins",
        file=f"{MODELS}/int_rating__judged.sql",
        old="        max(best_order_no) as worst_order_no,",
        new="        min(best_order_no) as worst_order_no,",
        test=f"{CASES}::test_the_worst_cap_wins_and_each_is_told",
        rule="policy section 4",
    ),
    Mutant(
        name="the highest month is in the average",
        file=f"{MODELS}/int_rating__recommended.sql",
        old="            '(averaged.billed_amount - averaged.highest_amount)', '1', '(averaged.month_count - 1)'",
        new="            'averaged.billed_amount', '1', 'averaged.month_count'",
        test=f"{CASES}::test_the_recommended_limit_of_each_grade",
        rule="policy section 4",
    ),
    Mutant(
        name="a hold ends below its floor",
        file=f"{MODELS}/int_hold__advised.sql",
        old="coalesce(net_overdue * 2 < floor, true)",
        new="coalesce(net_overdue < floor, true)",
        test=f"{CASES}::test_what_was_billed_in_a_hold_is_an_exception_with_its_approval",
        rule="policy section 4",
    ),
    Mutant(
        name="history rolls in the segment of the grade of now",
        file="dbt/macros/roll_rates.sql",
        old="            and step.start_day < segmented.effective_to",
        new="            and segmented.effective_to = {{ end_of_days() }}",
        test=f"{CASES}::test_history_rolls_in_the_segment_of_the_grade_of_its_day",
        rule="decision 46",
    ),
    Mutant(
        name="the months just before count as what a score fell from",
        file=f"{MODELS}/int_warning__outlook.sql",
        old="        range between 12 preceding and 3 preceding",
        new="        range between 12 preceding and 1 preceding",
        test=f"{CASES}::test_the_outlook_is_the_score_less_half_its_fall_and_the_points_of_open_warnings",
        rule="decision 48",
    ),
)
