"""Mistakes in credit losses: who is in default, what rolled, which rate is applied to what.

Belongs here: dbt/models/*/int_default__*, int_roll_rate__*, int_provision__*, macros/credit_loss.sql and their marts.
Must not: metrics of months (mistakes_in_metrics.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
MARTS = "dbt/models/marts"
DEFAULT = "tests/integration/test_default.py"
ROLL = "tests/integration/test_roll_rates.py"
LOSS = "tests/integration/test_credit_loss.py"
BACK = "tests/integration/test_credit_loss_backtest.py"

CREDIT_LOSS = (
    Mutant(
        name="default begins on the 90th day",
        file="dbt/macros/net_overdue.sql",
        old="        greatest(position.day_from, {{ add_days('position.counted_due_date', 'age.days + 1') }})",
        new="        greatest(position.day_from, {{ add_days('position.counted_due_date', 'age.days') }})",
        test=f"{DEFAULT}::test_a_customer_is_in_default_from_the_91st_day_past_the_original_due_date",
        rule="policy 1",
    ),
    Mutant(
        name="what is contested is in default",
        file="dbt/macros/risk.sql",
        old="            abs(position.open_amount_document) - position.disputed_amount_document",
        new="            abs(position.open_amount_document)",
        test=f"{DEFAULT}::test_less_than_the_floor_a_contested_amount_or_a_sister_is_no_default",
        rule="policy 1",
    ),
    Mutant(
        name="every reason begins a spell",
        file=f"{MARTS}/mart_customer_default.sql",
        old="                    >= {{ add_days('ended_before', policy_value('default_cure_days')) }} then 1",
        new="                    >= ended_before then 1",
        test=f"{DEFAULT}::test_a_reason_within_the_cure_goes_on_with_the_spell",
        rule="policy 1",
    ),
    Mutant(
        name="a bank's bill that comes back is a default",
        file=f"{MODELS}/int_default__condition.sql",
        old="            and acceptor.acceptor = 'corporate'",
        new="            and acceptor.acceptor <> ''",
        test=f"{DEFAULT}::test_a_company_s_bill_that_is_not_replaced_within_5_business_days_is_default",
        rule="policy 1",
    ),
    Mutant(
        name="all that is not due may roll",
        file="dbt/macros/roll_rates.sql",
        old="    where open_on_day.variant <> 'monthly_30' or open_on_day.original_due_date < open_on_day.end_day",
        new="    where open_on_day.open_amount_document > 0",
        test=f"{ROLL}::test_e1_of_what_is_not_due_only_that_counts_which_falls_due_within_the_step",
        rule="E1",
    ),
    Mutant(
        name="a write-off is a cure",
        file=f"{MODELS}/int_roll_rate__summed.sql",
        old="        {{ rate_of('still_open + open_as_bill + written_off', '(amount - set_off)') }} as roll_rate,",
        new="        {{ rate_of('still_open + open_as_bill', '(amount - set_off)') }} as roll_rate,",
        test=f"{ROLL}::test_what_became_of_100_that_were_16_days_past_due",
        rule="domain 4",
    ),
    Mutant(
        name="a bill is paid on the day it is received",
        file="dbt/macros/credit_loss.sql",
        old="    where bill_leg.is_open_until_honoured and balance.known_to = {{ end_of_time() }}",
        new="    where bill_leg.is_open_until_honoured and balance.known_to < {{ end_of_time() }}",
        test=f"{ROLL}::test_what_became_of_100_that_were_16_days_past_due",
        rule="policy 6 rule 2",
    ),
    Mutant(
        name="the forward factor touches what is lost",
        file=f"{MODELS}/int_provision__matrix.sql",
        old="            when cased.loss_rate >= 1 then cast(1 as decimal(18, 9))",
        new="            when cased.loss_rate > 1 then cast(1 as decimal(18, 9))",
        test=f"{LOSS}::test_e4_what_is_lost_stays_lost_whatever_the_scenarios_say",
        rule="E4",
    ),
    Mutant(
        name="output tax is refunded everywhere",
        file=f"{MODELS}/int_provision__item.sql",
        old="        coalesce(tax_relief_on_bad_debt, false) as has_tax_relief",
        new="        coalesce(tax_relief_on_bad_debt, true) or true as has_tax_relief",
        test=f"{LOSS}::test_e8_output_tax_is_part_of_the_loss_where_the_law_does_not_refund_it",
        rule="E8",
    ),
    Mutant(
        name="an insurer answers for what is contested",
        file=f"{MODELS}/int_provision__item.sql",
        old="                    {{ money_share('open_amount_reporting', 'disputed_amount_document',",
        new="                    {{ money_share('open_amount_reporting', 'absorbed_document',",
        test=f"{LOSS}::test_what_the_insurer_does_not_answer_for_is_not_covered",
        rule="E7",
    ),
    Mutant(
        name="the policy that pays least comes first",
        file="dbt/models/intermediate/int_insurance_cover__layered.sql",
        old="                order by share desc, policy",
        new="                order by share, policy",
        test=f"{LOSS}::test_two_policies_are_layers_that_items_take_in_turn",
        rule="E7",
    ),
    Mutant(
        name="a recovery is not part of the allowance",
        file=f"{MARTS}/mart_allowance_roll_forward.sql",
        old="        - used.recovered_functional as charge_functional,",
        new="        as charge_functional,",
        test="tests/integration/test_allowance.py::test_e10_d2_the_allowance_from_one_year_end_to_the_next",
        rule="D2",
    ),
    Mutant(
        name="pairs of every day are counted back from the as-of date",
        file=f"{MODELS}/int_roll_rate__pair.sql",
        old="            day.day < vantage.day",
        new="            day.day < {{ as_of() }}",
        test=f"{BACK}::test_rates_are_made_of_the_steps_that_lay_before_the_day",
        rule="DECISIONS 43",
    ),
    Mutant(
        name="who is insolvent now was assessed by itself a year ago",
        file=f"{MODELS}/int_provision__customer.sql",
        old="        on condition.effective_from <= vantage.day and condition.effective_to > vantage.day",
        new="        on condition.effective_from <= {{ as_of() }} and condition.effective_to > vantage.day",
        test=f"{BACK}::test_who_failed_since_was_in_the_matrix_then",
        rule="DECISIONS 43",
    ),
    Mutant(
        name="what the first delivery says was always so",
        file=f"{MODELS}/int_provision__customer.sql",
        old="            and dated.told_on <= vantage.day",
        new="            and dated.told_on <= {{ as_of() }}",
        test=f"{BACK}::test_who_failed_since_was_in_the_matrix_then",
        rule="DECISIONS 43",
    ),
    Mutant(
        name="a recovery is one more loss",
        file=f"{MARTS}/mart_credit_loss_backtest.sql",
        old="                when loss.movement_kind = 'write_off_recovery' then -loss.amount_reporting",
        new="                when loss.movement_kind = 'write_off_recovery' then loss.amount_reporting",
        test=f"{BACK}::test_losses_on_what_was_not_open_stand_apart_and_in_no_ratio",
        rule="D2",
    ),
    Mutant(
        name="the insurer's share is our loss",
        file=f"{MODELS}/int_provision__outcome.sql",
        old="            {{ money_share(part ~ '_reporting', 'uncovered_base_reporting',",
        new="            {{ money_share(part ~ '_reporting', 'exposure_reporting',",
        test=f"{BACK}::test_e7_of_a_loss_the_insurer_bears_the_share_of_then",
        rule="E7",
    ),
    Mutant(
        name="a bill passed on is never paid",
        file=f"{MODELS}/int_provision__outcome.sql",
        old="            when bill.document_id is null then outcome.still_open",
        new="            when bill.document_id is not null then outcome.still_open",
        test=f"{BACK}::test_a_bill_is_followed_through_endorsement_and_dishonour",
        rule="DECISIONS 43",
    ),
    Mutant(
        name="cover of today was that of a year ago",
        file=f"{MODELS}/int_provision__item.sql",
        old="        on layered.day = vantage.day",
        new="        on layered.day = {{ as_of() }}",
        test=f"{BACK}::test_e7_of_a_loss_the_insurer_bears_the_share_of_then",
        rule="DECISIONS 43",
    ),
)
