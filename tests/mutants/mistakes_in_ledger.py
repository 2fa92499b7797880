"""Mistakes in the ledger: vouchers, allocations, instalments, currencies, intervals.

Belongs here: dbt/models/staging and intermediate, dbt/macros. Must not: buckets and marts (mistakes_in_marts.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
RULES = "tests/integration/test_ledger_rules.py"
DATES = "tests/integration/test_traps_dates.py"
HISTORY = "tests/integration/test_traps_history.py"
SETTLEMENT = "tests/integration/test_traps_settlement.py"
CURRENCY = "tests/integration/test_traps_currency.py"
CASES_A = "tests/integration/test_accounting_a.py"
CASES_B = "tests/integration/test_accounting_b.py"

LEDGER = (
    Mutant(
        name="a tombstone is no version: what the source deleted stays",
        file="dbt/macros/versions.sql",
        old="or (_op = 'delete' and previous_op = 'upsert')",
        new="or (_op = 'delete' and previous_op = 'delete')",
        test=f"{HISTORY}::test_t35_a_row_deleted_in_the_source_leaves_the_present_and_stays_in_history",
        rule="T35",
    ),
    Mutant(
        name="a version never ends when the next one is known",
        file="dbt/macros/versions.sql",
        old="lead(_known_at) over (partition by {{ partition }} order by _known_at),",
        new="{{ end_of_time() }},",
        test=f"{HISTORY}::test_t36_history_comes_from_the_dated_deliveries_and_not_from_the_time_of_the_build",
        rule="known_to",
    ),
    Mutant(
        name="a document counts from its own date instead of its posting date",
        file=f"{MODELS}/int_voucher__posted.sql",
        old="coalesce(document.posting_date, document.document_date) as opened_on,",
        new="document.document_date as opened_on,",
        test=f"{CASES_A}::test_a07_an_invoice_posted_in_april_is_not_in_the_march_balance",
        rule="L1",
    ),
    Mutant(
        name="a pending receipt counts as cash",
        file=f"{MODELS}/int_voucher__posted.sql",
        old="and coalesce(status, 'cleared') <> 'pending'",
        new="and coalesce(status, 'cleared') <> 'drafted'",
        test=f"{SETTLEMENT}::test_t20_a_cancelled_receipt_reopens_its_invoice_on_its_day_and_one_without_a_day_never_existed",
        rule="L12",
    ),
    Mutant(
        name="a bounced receipt stays cash",
        file=f"{MODELS}/int_voucher__posted.sql",
        old="case when status in ('cancelled', 'bounced') then status_date end as voided_on,",
        new="case when status in ('cancelled') then status_date end as voided_on,",
        test=f"{CASES_A}::test_a08_a_bounced_receipt_reopens_the_invoice_on_its_status_date_at_the_original_due_date",
        rule="L12",
    ),
    Mutant(
        name="a credit note is a debit",
        file=f"{MODELS}/int_voucher__posted.sql",
        old="case when document.document_type = 'credit_note' then -document.amount",
        new="case when document.document_type = 'credit_note' then document.amount",
        test=f"{SETTLEMENT}::test_t19_a_credit_note_is_counted_once_and_never_as_cash",
        rule="L3",
    ),
    Mutant(
        name="an allocation acts before its items are in the books",
        file=f"{MODELS}/int_application__piece.sql",
        old="greatest(event.event_date, from_voucher.opened_on, to_voucher.opened_on) as effective_date,",
        new="greatest(event.event_date, from_voucher.opened_on) as effective_date,",
        test=f"{DATES}::test_t04_an_item_closes_on_the_later_accounting_date_of_the_two",
        rule="L2",
    ),
    Mutant(
        name="the leg on the used item is dropped",
        file=f"{MODELS}/int_application__leg.sql",
        old="    where not is_sink",
        new="    where is_sink",
        test=f"{DATES}::test_t03_cash_of_february_allocated_in_may_is_an_unapplied_credit_in_april",
        rule="L2",
    ),
    Mutant(
        name="a reversal allocates once more",
        file=f"{MODELS}/int_allocation__event.sql",
        old="case when dated.is_reversal then -1 else 1 end as direction,",
        new="case when dated.is_reversal then 1 else 1 end as direction,",
        test=f"{SETTLEMENT}::test_t21_written_off_is_not_paid_and_a_recovery_is_the_reversal_of_it",
        rule="L3",
    ),
    Mutant(
        name="a reversal acts before what it reverses",
        file=f"{MODELS}/int_allocation__event.sql",
        old="case when dated.is_reversal then greatest(dated.own_date, named.named_date)",
        new="case when dated.is_reversal then dated.own_date",
        test=f"{RULES}::test_l08_a_reversal_acts_no_earlier_than_what_it_reverses_and_an_excess_is_an_error",
        rule="L8",
    ),
    Mutant(
        name="a vanished allocation is undone on its own date instead of its delivery's",
        file=f"{MODELS}/int_allocation__event.sql",
        old="greatest(ended_on, event_date) as event_date,",
        new="event_date,",
        test=f"{DATES}::test_t05_matching_again_later_does_not_rewrite_the_past",
        rule="L10",
    ),
    Mutant(
        name="a changed allocation counts from its old date",
        file=f"{MODELS}/int_allocation__event.sql",
        old="else greatest(allocated_on, business_date) end) over (",
        new="else allocated_on end) over (",
        test=f"{HISTORY}::test_l10_a_changed_allocation_is_a_reversal_and_a_new_one_on_the_day_of_its_delivery",
        rule="L10",
    ),
    Mutant(
        name="unnamed payments fill the latest instalment first",
        file=f"{MODELS}/int_instalment_plan__version.sql",
        old="(partition by voucher_key, epoch_from order by due_date, instalment_no)",
        new="(partition by voucher_key, epoch_from order by due_date desc, instalment_no)",
        test=f"{RULES}::test_l04_cash_fills_the_earliest_due_part_and_an_excess_goes_to_the_last",
        rule="L4",
    ),
    Mutant(
        name="an excess over the plan disappears",
        file=f"{MODELS}/int_application__distributed.sql",
        old="when is_last and (unnamed_amount < 0 or unnamed_amount > room_before) then",
        new="when is_last and unnamed_amount < 0 then",
        test=f"{RULES}::test_l04_cash_fills_the_earliest_due_part_and_an_excess_goes_to_the_last",
        rule="L4",
    ),
    Mutant(
        name="a plan that does not sum to its document is used",
        file=f"{MODELS}/int_instalment_plan__version.sql",
        old="where plan_amount = voucher_amount and voucher_amount > 0",
        new="where plan_amount <= voucher_amount and voucher_amount > 0",
        test=f"{RULES}::test_l04_a_plan_that_does_not_sum_to_its_document_is_set_aside",
        rule="L4",
    ),
    Mutant(
        name="legs keep their own carrying amounts and do not net",
        file=f"{MODELS}/int_movement__converted.sql",
        old="when relief.relief_functional is null then valued.carrying_change",
        new="when relief.relief_functional is not null then valued.carrying_change",
        test=f"{CURRENCY}::test_t29_part_settlements_recognise_their_difference_each_in_its_own_period",
        rule="L6",
    ),
    Mutant(
        name="the exchange difference has the wrong sign",
        file=f"{MODELS}/int_movement__converted.sql",
        old="settled.carrying_change - settled.amount_functional as gap_functional,",
        new="settled.amount_functional - settled.carrying_change as gap_functional,",
        test=f"{CURRENCY}::test_t29_a_revaluation_and_a_settlement_book_the_difference_once",
        rule="L6",
    ),
    Mutant(
        name="carrying amounts are rounded leg by leg",
        file=f"{MODELS}/int_movement__carried.sql",
        old="else carrying_after - coalesce(",
        new=(
            "else {{ money_share('original_functional', '(open_after - coalesce(lag(open_after) over (partition by"
            " item_key, epoch_from order by movement_no), 0))', 'original_document') }} + 0 * coalesce("
        ),
        test=f"{RULES}::test_l06_thirds_are_rounded_on_what_is_left_and_not_leg_by_leg",
        rule="L6",
    ),
    Mutant(
        name="a voucher without a rate is dropped",
        file=f"{MODELS}/int_fx_rate__booked.sql",
        old="    left join candidate",
        new="    inner join candidate",
        test=f"{CURRENCY}::test_t31_an_item_without_a_rate_is_flagged_and_dropped_from_nothing",
        rule="L13",
    ),
    Mutant(
        name="a rate serves eight days",
        file=f"{MODELS}/int_fx_rate__booked.sql",
        old="and quoted.rate_date >= {{ add_days('needed.accounting_date', -7) }}",
        new="and quoted.rate_date >= {{ add_days('needed.accounting_date', -8) }}",
        test=f"{CASES_A}::test_a13_a_rate_serves_seven_days_and_no_longer",
        rule="L13",
    ),
    Mutant(
        name="an inverse rate is not inverted",
        file=f"{MODELS}/int_fx_rate__quoted.sql",
        old="cast(1 / cast(rate as double) as decimal(28, 12)) as rate,",
        new="rate,",
        test=f"{CASES_A}::test_a13_an_inverse_rate_is_used_where_there_is_no_direct_one",
        rule="L13",
    ),
    Mutant(
        name="a month end moves on to the same day, not the end, of the next month",
        file=f"{MODELS}/int_document__due.sql",
        old="when cutoff_day = 31 then {{ month_end(add_months('after_cutoff', 'months_after')) }}",
        new="when cutoff_day = 32 then {{ month_end(add_months('after_cutoff', 'months_after')) }}",
        test=f"{DATES}::test_t10_one_month_after_month_end_is_a_month_end",
        rule="T10",
    ),
    Mutant(
        name="a document of the cut-off day itself falls into the next period",
        file=f"{MODELS}/int_document__due.sql",
        old=">= after_days",
        new="> after_days",
        test=f"{CASES_B}::test_b09_due_dates_follow_the_terms",
        rule="B9",
    ),
    Mutant(
        name="an extension agreed after the due date cleans the figure",
        file=f"{MODELS}/int_due_date__policy.sql",
        old="agreed.agreed_on <= epoch_day.original_due_date as is_change_of_terms,",
        new="agreed.agreed_on is not null as is_change_of_terms,",
        test=f"{CASES_B}::test_b03_an_extension_agreed_after_the_due_date_does_not_clean_the_figure",
        rule="B3",
    ),
    Mutant(
        name="a re-issued invoice starts with a due date of its own",
        file=f"{MODELS}/int_due_date__original.sql",
        old="coalesce(reissued.original_due_date, first_version.first_due_date) as original_due_date,",
        new="first_version.first_due_date as original_due_date,",
        test=f"{CASES_A}::test_a16_a_reissued_invoice_keeps_the_first_due_date",
        rule="A16",
    ),
    Mutant(
        name="a retention leaves its class and never arrives in the other",
        file=f"{MODELS}/int_movement__classed.sql",
        old="{% for sign, class in [('-', 'class_before'), ('', 'class_after')] -%}",
        new="{% for sign, class in [('-', 'class_before')] -%}",
        test=f"{CASES_B}::test_b07_the_transfer_between_classes_is_a_pair_that_nets_to_zero",
        rule="B7",
    ),
    Mutant(
        name="late knowledge cuts the past at the wrong moment",
        file=f"{MODELS}/int_open_item__balance.sql",
        old="on epoch.item_key = disordered.item_key and disordered.moment <= epoch.known_from",
        new="on epoch.item_key = disordered.item_key and disordered.moment < epoch.known_from",
        test="tests/dbt/test_unit_tests.py::test_a_unit_test_of_the_models_passes[test_balance_of_an_item_corrected_late]",
        rule="known_from",
    ),
)
