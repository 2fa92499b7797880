"""Mistakes in early warnings: hysteresis, conditions, measures, the track record.

Belongs here: macros/warning_steps.sql, warning_rules.sql, readable.sql, int_warning__*, mart_warning_*. Must not: how
customers pay (mistakes_in_behaviour.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
RULES = "tests/integration/test_risk_warning.py"
HOUSE = "tests/integration/test_risk_warning_policy.py"
DAYS = "tests/oracles/test_warning_property.py"
JUDGED = "tests/oracles/test_warning_judge_property.py::test_intervals_are_judged_as_every_day_would_be"

WARNINGS = (
    Mutant(
        name="a severity falls as soon as it is lower",
        file="dbt/macros/warning_steps.sql",
        old="'episode.fall_days - 1'",
        new="'0'",
        test=f"{DAYS}::test_a_level_is_held_for_14_days_and_a_second_opening_within_14_goes_on",
        rule="policy section 3",
    ),
    Mutant(
        name="a warning opens on the first of its days",
        file="dbt/macros/warning_steps.sql",
        old="case when state = 'open' then enter_days else close_days end - 1",
        new="case when state = 'open' then 1 else close_days end - 1",
        test=f"{DAYS}::test_intervals_give_what_every_day_gives",
        rule="policy section 3",
    ),
    Mutant(
        name="a closing day on which the rule would open as well opens it",
        file="dbt/macros/warning_days.sql",
        old="coalesce({{ over ~ ', ' if over }}not {{ open }}) then 'closing'",
        new="not {{ open }} then 'closing'",
        test=f"{RULES}::test_each_rule_opens_rises_falls_and_closes_on_its_days",
        rule="policy section 3",
    ),
    Mutant(
        name="customers in legal hands are warned of everything",
        file="dbt/macros/warning_days.sql",
        old="when {{ open }} and {{ status }} in ('{{ rule.statuses.split('|') | join(\"', '\") }}') then 'open'",
        new="when {{ open }} then 'open'",
        test=f"{RULES}::test_a_customer_in_legal_hands_has_outside_warnings_only_and_a_closed_one_none",
        rule="policy section 3",
    ),
    Mutant(
        name="days since a date are counted on the days on which a measure changes alone",
        file="dbt/macros/warning_days.sql",
        old="    {{ return(days) }}",
        new="    {{ return([]) }}",
        test=JUDGED,
        rule="policy section 3",
    ),
    Mutant(
        name="what is not known any more still counts",
        file="dbt/macros/warning_days.sql",
        old="where is_end",
        new="where false",
        test=JUDGED,
        rule="policy section 3",
    ),
    Mutant(
        name="the floor of the month in which a measure changed holds until it changes again",
        file="dbt/macros/warning_days.sql",
        old="    where floors.valid_from <= {{ as_of() }}",
        new="    where false",
        test=JUDGED,
        rule="policy section 3",
    ),
    Mutant(
        name="a rule opens only for those whom all of its alternatives may concern",
        file="dbt/macros/warning_days.sql",
        old="{{ 'union' if not loop.last }}",
        new="{{ 'intersect' if not loop.last }}",
        test=JUDGED,
        rule="policy section 3",
    ),
    Mutant(
        name="what a part said before counts although it says nothing now",
        file="dbt/macros/warning_days.sql",
        old="            day <= lag(day_to) over along",
        new="            true",
        test=JUDGED,
        rule="policy section 3",
    ),
    Mutant(
        name="what replaces a returned payment may come before it",
        file=f"{MODELS}/int_warning__returned.sql",
        old="            and cash.day >= told.day",
        new="            and cash.day is not null",
        test=f"{RULES}::test_what_came_back_stays_severe_until_cash_replaces_it",
        rule="B08",
    ),
    Mutant(
        name="what was billed again is looked for in the same cell alone",
        file=f"{MODELS}/int_warning__due_reset.sql",
        old="    {% for step in [-1, 0, 1] -%}",
        new="    {% for step in [0] -%}",
        test=f"{RULES}::test_billed_again_is_within_15_days_and_1_percent_of_the_credit_note",
        rule="P02",
    ),
    Mutant(
        name="a review does not end the warning of a reset date",
        file=f"{MODELS}/int_warning__due_reset.sql",
        old="            coalesce(reviewed.reviewed_on, {{ end_of_days() }}),",
        new="            {{ end_of_days() }},",
        test=f"{RULES}::test_a_review_ends_a_warning_of_a_reset_date_and_an_approval_that_of_a_sale",
        rule="P02",
    ),
    Mutant(
        name="a factor of the policy is left out",
        file="dbt/macros/warning_rules.sql",
        old="            if condition.factor else value",
        new="            if false else value",
        test=f"{HOUSE}::test_a_changed_threshold_a_rule_switched_off_and_one_added_are_followed",
        rule="policy is data",
    ),
    Mutant(
        name="customers in default are warned of it in time",
        file="dbt/models/marts/mart_warning_backtest.sql",
        old="    where spell.party_id is null",
        new="    where true",
        test=f"{HOUSE}::test_g1_warnings_of_customers_in_default_are_left_out",
        rule="G1",
    ),
    Mutant(
        name="what was never judged counts as wrong",
        file="dbt/models/marts/mart_warning_backtest.sql",
        old="        or {{ add_days('timely.first_seen_on', horizon) }} < {{ as_of() }} as is_judged",
        new="        or true as is_judged",
        test=f"{HOUSE}::test_g1_the_track_record_counts_defaults_that_followed_within_180_days",
        rule="G1",
    ),
)
