"""Mistakes in what is claimed: late interest, limitation, promises, disputes.

Belongs here: dbt/models/intermediate/int_late_interest__*, int_limitation__*, int_promise__*, int_dispute__*. Must not:
aging and metrics (mistakes_in_marts.py, mistakes_in_metrics.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
INTEREST = "tests/integration/test_late_interest.py"
LIMITATION = "tests/integration/test_limitation.py"
PROMISES = "tests/integration/test_promises.py"
DISPUTES = "tests/integration/test_disputes.py"

CLAIMS = (
    Mutant(
        name="our delay in applying cash costs the debtor interest",
        file=f"{MODELS}/int_late_interest__step.sql",
        old="        least(movement.own_date, coalesce(credit.document_date, movement.own_date)) as value_date,",
        new="        movement.own_date as value_date,",
        test=f"{INTEREST}::test_what_settles_a_claim_counts_on_its_own_day_whenever_it_was_applied",
        rule="DECISIONS 35",
    ),
    Mutant(
        name="interest does not wait for the holidays to end",
        file=f"{MODELS}/int_late_interest__item.sql",
        old="        coalesce(shifted.shifted_day, item.payable_on) as payable_until",
        new="        item.payable_on as payable_until",
        test=f"{INTEREST}::test_b10_interest_starts_behind_the_holidays_while_aging_does_not_wait",
        rule="B10",
    ),
    Mutant(
        name="the day of payment bears no interest",
        file=f"{MODELS}/int_late_interest__segment.sql",
        old="        greatest({{ add_days('step.value_date', 1) }}, item.first_day) as first_day,",
        new="        greatest(step.value_date, item.first_day) as first_day,",
        test=f"{INTEREST}::test_f01_an_sme_claims_half_a_thousandth_a_day_of_a_large_debtor",
        rule="F1",
    ),
    Mutant(
        name="an extension after the due date claims interest before it",
        file=f"{MODELS}/int_late_interest__item.sql",
        old="        coalesce(item.agreed_due_date, item.due_date) as payable_on,",
        new="        item.due_date as payable_on,",
        test=f"{INTEREST}::test_f01_an_agreed_change_of_the_date_moves_the_start",
        rule="F1",
    ),
    Mutant(
        name="a rate that is not known is zero",
        file=f"{MODELS}/int_late_interest__segment.sql",
        old="            coalesce(item.stated_rate, reference.rate * item.multiplier + item.added_rate)",
        new="            coalesce(item.stated_rate, reference.rate * item.multiplier + item.added_rate, 0)",
        test=f"{INTEREST}::test_a_rate_that_the_table_does_not_hold_is_no_zero",
        rule="F1",
    ),
    Mutant(
        name="the first demand is never too late",
        file=f"{MODELS}/int_limitation__certain.sql",
        old="            coalesce(lag(deadline_date) over certain_act, first_deadline_date)",
        new="            coalesce(lag(deadline_date) over certain_act, {{ end_of_days() }})",
        test=f"{LIMITATION}::test_a_demand_after_the_end_restarts_nothing",
        rule="F2",
    ),
    Mutant(
        name="a letter counts though nobody knows whether it arrived",
        file=f"{MODELS}/int_limitation__act.sql",
        old="        evidence.act_kind is not null and activity.reached_on is not null as is_certain,",
        new="        evidence.act_kind is not null as is_certain,",
        test=f"{LIMITATION}::test_a_demand_counts_only_with_evidence_of_the_day_on_which_it_arrived",
        rule="F2",
    ),
    Mutant(
        name="a write-off ends the claim",
        file=f"{MODELS}/int_limitation__claim.sql",
        old="    full outer join written_off",
        new="    left join written_off",
        test=f"{LIMITATION}::test_a20_a_write_off_ends_no_claim",
        rule="A20",
    ),
    Mutant(
        name="a receipt on account keeps every promise",
        file=f"{MODELS}/int_promise__in_time.sql",
        old="        cast(greatest(numbered.at_begins, served.served_to) as decimal(18, 2)) as served_from,",
        new="        cast(numbered.at_begins as decimal(18, 2)) as served_from,",
        test=f"{PROMISES}::test_a_receipt_on_account_counts_once_over_overlapping_promises",
        rule="DECISIONS 37",
    ),
    Mutant(
        name="the lines of a plan all count the same payment",
        file=f"{MODELS}/int_promise__named.sql",
        old="coalesce(paid.paid_{{ name }}, 0) - promise.amount_before, 0),",
        new="coalesce(paid.paid_{{ name }}, 0), 0),",
        test=f"{PROMISES}::test_a_plan_is_kept_line_by_line_in_the_order_of_its_days",
        rule="DECISIONS 37",
    ),
    Mutant(
        name="grace runs over weekends and holidays",
        file=f"{MODELS}/int_promise__agreed.sql",
        old="            and grace_day.is_business_day",
        new="            and not grace_day.is_business_day",
        test=f"{PROMISES}::test_a_promise_is_kept_up_to_the_third_business_day_behind_it",
        rule="policy.md 1",
    ),
    Mutant(
        name="a credit that was taken back still ended the dispute",
        file="dbt/models/intermediate/int_reversal__meant.sql",
        old="                when allocation.from_kind is not null then allocation.from_kind",
        new="                when allocation.from_kind is not null then 'cash'",
        test="tests/integration/test_disputes.py::test_how_a_dispute_ended_is_read_off_what_settled_what_was_contested",
        rule="DECISIONS 37",
    ),
    Mutant(
        name="payments for what was not contested settle a dispute",
        file=f"{MODELS}/int_dispute__settled.sql",
        old="            greatest(paid - (open_on_closing + settled - contested_amount), 0),",
        new="            greatest(paid, 0),",
        test=f"{DISPUTES}::test_how_a_dispute_ended_is_read_off_what_settled_what_was_contested",
        rule="DECISIONS 37",
    ),
)
