"""Mistakes in the overdue bridge: the day on which something turns overdue, the line that a change is told by.

Belongs here: dbt/models/intermediate/int_overdue__*, dbt/models/marts/mart_overdue_change.sql. Must not: bucket
crossings of the trend (mistakes_in_marts.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
CASES = "tests/integration/test_accounting_d.py"

OVERDUE = (
    Mutant(
        name="due today is overdue in the bridge",
        file=f"{MODELS}/int_overdue__stepped.sql",
        old="        is_owed and basis_date < day as is_overdue",
        new="        is_owed and basis_date <= day as is_overdue",
        test=f"{CASES}::test_b4_each_basis_has_its_own_bridge",
        rule="T15",
    ),
    Mutant(
        name="an item whose date was moved later is taken for one that never moved",
        file=f"{MODELS}/int_overdue__stepped.sql",
        old="        and min(agreed_due_date) = max(agreed_due_date)",
        new="        and min(agreed_due_date) = min(agreed_due_date)",
        test=f"{CASES}::test_d1_the_bridge_of_a_month_names_every_reason_and_closes",
        rule="D1",
    ),
    Mutant(
        name="what was paid on the day it turned overdue was overdue",
        file=f"{MODELS}/int_overdue__stepped.sql",
        old="        was_owed and {{ add_days('previous_basis_date', 1) }} < day as was_overdue,",
        new="        was_owed and {{ add_days('previous_basis_date', 1) }} <= day as was_overdue,",
        test=f"{CASES}::test_what_is_paid_on_the_day_it_turns_overdue_never_was",
        rule="D1",
    ),
    Mutant(
        name="every later due date is an extension",
        file=f"{MODELS}/int_overdue__changed.sql",
        old="            when step.was_owed then 'due_date_changed'",
        new="            when step.was_owed then 'extended'",
        test=f"{CASES}::test_b4_each_basis_has_its_own_bridge",
        rule="D1",
    ),
    Mutant(
        name="what is booked late is told as turned overdue",
        file=f"{MODELS}/int_overdue__changed.sql",
        old="            else coalesce(arrival.line, 'unexplained')",
        new="            else 'became_overdue'",
        test=f"{CASES}::test_every_bar_of_the_bridge_opens_its_items",
        rule="D1",
    ),
    Mutant(
        name="the last report is read with what is known today",
        file="dbt/models/marts/mart_overdue_change.sql",
        old="            and balance.known_from <= known.previous_known_at",
        new="            and balance.known_from <= {{ end_of_time() }}",
        test=f"{CASES}::test_what_was_learnt_about_a_closed_day_is_restated_and_not_new_overdue",
        rule="L11",
    ),
)
