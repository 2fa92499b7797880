"""Mistakes in bills and retention: what is one, what is told of it, what is left, its dates, its state.

Belongs here: dbt/models/intermediate/int_bill__*, dbt/macros/bills.sql, where receipts turn into bills, and the
published tables on bills and retention. Must not: other receipts (mistakes_in_ledger.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
CASES = "tests/integration/test_bills.py"
DATES = "tests/integration/test_bill_dates.py"
REGISTER = "tests/integration/test_bill_register.py"
RETENTION = "tests/integration/test_retention.py"

BILLS = (
    Mutant(
        name="a commercial bill is cash",
        file="dbt/macros/bills.sql",
        old="'bank_acceptance', 'commercial_acceptance', 'receivable_certificate'",
        new="'bank_acceptance', 'receivable_certificate'",
        test=f"{DATES}::test_a02_a_bill_moves_the_receivable_to_another_class_and_dishonoured_it_is_trade_again",
        rule="A2",
    ),
    Mutant(
        name="applying a bill is cash",
        file=f"{MODELS}/int_application__piece.sql",
        old="when to_nature > 0 and from_is_bill then 'bill_received'",
        new="when to_nature > 0 and from_is_bill then 'cash'",
        test=f"{DATES}::test_t18_a_bill_is_neither_trade_nor_cash",
        rule="T18",
    ),
    Mutant(
        name="a bill opens on the day it cleared",
        file=f"{MODELS}/int_voucher__posted.sql",
        old="else coalesce(receipt.posting_date, receipt.receipt_date)",
        new="else greatest(coalesce(receipt.posting_date, receipt.receipt_date), receipt.cleared_on)",
        test=f"{CASES}::test_without_events_the_status_of_the_receipt_says_how_its_bill_ended",
        rule="DECISIONS 26",
    ),
    Mutant(
        name="recourse that is not told is denied",
        file=f"{MODELS}/int_bill__told.sql",
        old="and coalesce(event.with_recourse, true)",
        new="and coalesce(event.with_recourse, false)",
        test=f"{CASES}::test_a04_what_is_held_or_passed_on_with_recourse_stays_ours_and_the_rest_goes",
        rule="A2",
    ),
    Mutant(
        name="a bill passed on with recourse never matures",
        file=f"{MODELS}/int_bill__step.sql",
        old="case when is_void or is_matured = 1 then 0",
        new="case when is_void then 0",
        test=f"{CASES}::test_a04_what_is_held_or_passed_on_with_recourse_stays_ours_and_the_rest_goes",
        rule="A2",
    ),
    Mutant(
        name="a bill passed on matures whatever is told afterwards",
        file=f"{MODELS}/int_bill__told.sql",
        old="greatest(member.opened_on, member.maturity_date, last_told.effective_date)",
        new="greatest(member.opened_on, member.maturity_date)",
        test=f"{CASES}::test_a04_what_is_held_or_passed_on_with_recourse_stays_ours_and_the_rest_goes",
        rule="DECISIONS 26",
    ),
    Mutant(
        name="what ends a bill takes what is passed on first",
        file=f"{MODELS}/int_bill__step.sql",
        old="else never_passed_amount - least(ended_amount, never_passed_amount) end",
        new="else never_passed_amount - greatest(ended_amount - passed_amount, 0) end",
        test=f"{CASES}::test_part_of_a_bill_is_passed_on_and_the_rest_is_held",
        rule="DECISIONS 25",
    ),
    Mutant(
        name="a bill that came back in part voids its receipt",
        file=f"{MODELS}/int_bill__step.sql",
        old="max(case when is_receipt_void = 1 or back_amount = receipt_amount then 1 else 0 end)",
        new="max(case when is_receipt_void = 1 or back_amount > 0 then 1 else 0 end)",
        test=f"{CASES}::test_what_comes_back_of_a_bill_in_part_is_trade_again_as_old_as_the_receivable",
        rule="DECISIONS 25",
    ),
    Mutant(
        name="a bill is honoured on the day its receipt calls cleared, due or not",
        file=f"{MODELS}/int_bill__told.sql",
        old="greatest(member.opened_on, member.cleared_on, member.maturity_date) as effective_date,",
        new="greatest(member.opened_on, member.cleared_on) as effective_date,",
        test=f"{CASES}::test_without_events_the_status_of_the_receipt_says_how_its_bill_ended",
        rule="DECISIONS 26",
    ),
    Mutant(
        name="receipts that share a bill each take the whole event",
        file=f"{MODELS}/int_bill__told.sql",
        old="{{ money_share('event.amount', 'member.amount_upto', 'member.bill_amount') }}",
        new="{{ money_share('event.amount', 'member.bill_amount', 'member.bill_amount') }}",
        test=f"{CASES}::test_receipts_that_name_one_bill_share_its_events_in_proportion",
        rule="DECISIONS 25",
    ),
    Mutant(
        name="a bill is as young as the day it came",
        file=f"{MODELS}/int_bill__attribute.sql",
        old="coalesce(replaced.document_date, item.document_date) as age_anchor_date,",
        new="item.document_date as age_anchor_date,",
        test=f"{DATES}::test_t18_the_age_of_a_receivable_runs_on_in_the_bill_that_replaced_it",
        rule="T18",
    ),
    Mutant(
        name="a bill keeps the dates of a document that its receipt no longer settles",
        file=f"{MODELS}/int_bill__replaced.sql",
        old="having sum(leg.amount) > 0",
        new="having max(leg.amount) > 0",
        test=(
            f"{DATES}::test_a_bill_that_settles_several_invoices_takes_the_earliest_dates_of_those_it_settles_then"
        ),
        rule="T05",
    ),
    Mutant(
        name="a foreign bill carries what was passed on twice",
        file=f"{MODELS}/int_bill__valued.sql",
        old="'held': 'carried.unpaid_functional - carried.passed_functional',",
        new="'held': 'carried.unpaid_functional',",
        test=f"{CASES}::test_a_foreign_bill_carries_what_its_receipt_was_booked_at_and_nothing_at_the_end",
        rule="L6",
    ),
    Mutant(
        name="a bill that others are paid for counts as received",
        file="dbt/published_macros/subsequent_receipts.sql",
        old="when movement_kind = 'bill_honoured' and receivable_class = 'bill' then 'cash'",
        new="when movement_kind = 'bill_honoured' then 'cash'",
        test=f"{CASES}::test_receipts_after_the_day_count_a_bill_when_it_is_paid_and_not_when_it_comes",
        rule="期后回款",
    ),
    Mutant(
        name="a bill has matured without outcome on its maturity",
        file=f"{MODELS}/int_bill__stated.sql",
        old="coalesce(step.maturity_date < {{ as_of() }}, false) as is_matured",
        new="coalesce(step.maturity_date <= {{ as_of() }}, false) as is_matured",
        test=f"{REGISTER}::test_a_bill_has_matured_without_outcome_from_the_day_after_its_maturity",
        rule="DECISIONS 40",
    ),
    Mutant(
        name="a pledge puts off the end of what others hold",
        file=f"{MODELS}/int_bill__told.sql",
        old="where kind <> 'pledged'",
        new="where kind <> 'split'",
        test=f"{REGISTER}::test_the_states_of_bills_of_any_life_are_those_of_a_count_yuan_by_yuan",
        rule="DECISIONS 26",
    ),
    Mutant(
        name="an event has no effect on what others hold",
        file="dbt/models/marts/fct_bill_event.sql",
        old="step.held_before + step.passed_before - step.held_amount - step.passed_amount, 0",
        new="step.held_before - step.held_amount, 0",
        test=f"{REGISTER}::test_an_event_says_how_much_of_it_took_effect_and_where_it_came_from",
        rule="DECISIONS 40",
    ),
    Mutant(
        name="a bill drawn in 2022 is too long by the law of 2023",
        file="dbt/macros/bills.sql",
        old=">= cast('2024-01-01' as date)",
        new=">= cast('2023-01-01' as date)",
        test=f"{REGISTER}::test_a_bill_of_more_than_six_months_is_too_long_by_law_where_it_was_drawn_since_2023_for_certain",
        rule="A2",
    ),
    Mutant(
        name="one contract that allows bills allows them for all",
        file=f"{MODELS}/int_bill__settled.sql",
        old="min(case when contract.bill_allowed then 1",
        new="max(case when contract.bill_allowed then 1",
        test=f"{REGISTER}::test_a_bill_longer_than_its_contract_allows_or_not_allowed_at_all_is_flagged",
        rule="DECISIONS 40",
    ),
    Mutant(
        name="a bill that came back had settled nothing",
        file=f"{MODELS}/int_bill__settled.sql",
        old="then {{ add_days('voided_on', -1) }}",
        new="then voided_on",
        test=f"{REGISTER}::test_a02_a_dishonoured_bill_is_no_exposure_any_more_for_its_receivable_is_open_again",
        rule="A2",
    ),
    Mutant(
        name="retention is overdue while it is conditional",
        file="dbt/models/marts/mart_retention.sql",
        old="not is_conditional and open_amount > 0 and item_days_past_due > 0 as is_overdue",
        new="open_amount > 0 and item_days_past_due > 0 as is_overdue",
        test=f"{RETENTION}::test_retention_is_overdue_only_once_it_is_unconditional_and_its_due_date_has_passed",
        rule="B7",
    ),
    Mutant(
        name="a credit note does not lower what a contract billed",
        file=f"{MODELS}/int_retention__shared.sql",
        old="item_kind in ('invoice', 'debit_note', 'credit_note', 'opening_balance')",
        new="item_kind in ('invoice', 'debit_note', 'opening_balance')",
        test=f"{RETENTION}::test_retention_is_held_against_the_share_of_the_contract_by_document_and_in_all",
        rule="B7",
    ),
)
