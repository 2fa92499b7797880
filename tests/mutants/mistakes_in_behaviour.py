"""Mistakes in how customers pay: the diagonal of the two clocks, net overdue over time, windows, trend, index.

Belongs here: macros/known_days.sql, net_overdue.sql, behaviour.sql, statistics.sql and int_behaviour__*. Must
not: metrics of all customers (mistakes_in_metrics.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
PAYS = "tests/integration/test_payment_behaviour.py"
OWES = "tests/integration/test_net_overdue.py"

BEHAVIOUR = (
    Mutant(
        name="what is learnt later reaches the past",
        file="dbt/macros/known_days.sql",
        old="            {{ known_day_of('began', 'believed.known_from') }}",
        new="            {{ start_of_days() }}",
        test=f"{OWES}::test_what_was_learnt_later_does_not_reach_the_past",
        rule="DECISIONS 41",
    ),
    Mutant(
        name="days before the first delivery know nothing",
        file=f"{MODELS}/int_company__known_day.sql",
        old="        case when delivery.day <= first_delivery.first_day then {{ start_of_days() }}",
        new="        case when delivery.day < first_delivery.first_day then {{ start_of_days() }}",
        test=f"{OWES}::test_before_the_first_delivery_history_is_told_with_its_knowledge",
        rule="DECISIONS 41",
    ),
    Mutant(
        name="net overdue counts from the first due date ever",
        file="dbt/macros/risk.sql",
        old="            ref('int_risk__open_' ~ reading), 'due_date', net_overdue_ages(), with_balances=true",
        new="            ref('int_risk__open_' ~ reading), 'original_due_date', net_overdue_ages(), with_balances=true",
        test=f"{OWES}::test_a_change_of_terms_moves_the_policy_due_date_and_forbearance_does_not",
        rule="policy 1",
    ),
    Mutant(
        name="credits absorb nothing",
        file="dbt/macros/net_overdue.sql",
        old="        greatest(sum({{ measure }}) over along - sum(credit) over along, 0) as {{ measure }}",
        new="        greatest(sum({{ measure }}) over along, 0) as {{ measure }}",
        test=f"{OWES}::test_net_overdue_of_every_day_is_that_of_the_oracle",
        rule="policy 1",
    ),
    Mutant(
        name="what is open and overdue is not late yet",
        file="dbt/models/marts/mart_payment_behaviour.sql",
        old="        coalesce({{ paid }}late_amount_days, 0) + overdue_amount_days as {{ name }}_amount_days,",
        new="        coalesce({{ paid }}late_amount_days, 0) as {{ name }}_amount_days,",
        test=f"{PAYS}::test_g2_a_customer_who_stops_paying_does_not_look_punctual",
        rule="G2",
    ),
    Mutant(
        name="ties narrow nothing",
        file="dbt/macros/statistics.sql",
        old="                    - cast({{ tie_sum }} as double) / nullif(",
        new="                    - 0 * cast({{ tie_sum }} as double) / nullif(",
        test=f"{PAYS}::test_ties_count_half_and_narrow_the_spread",
        rule="policy 3, B04",
    ),
    Mutant(
        name="the index falls in steps",
        file="dbt/models/marts/mart_payment_behaviour.sql",
        old="        * cast(measured.long_days - curve.days_from as double)",
        new="        * cast(0 as double)",
        test=f"{PAYS}::test_the_index_goes_through_its_break_points_and_is_linear_between",
        rule="domain 4",
    ),
    Mutant(
        name="a year is 13 months",
        file="dbt/macros/behaviour.sql",
        old="        '12_months': {'from': 'from_no', 'to': 'least(to_no, dated_no + 12)'},",
        new="        '12_months': {'from': 'from_no', 'to': 'least(to_no, dated_no + 13)'},",
        test=f"{PAYS}::test_customers_add_up_to_the_metrics_of_their_company_month_by_month",
        rule="DECISIONS 42",
    ),
)
