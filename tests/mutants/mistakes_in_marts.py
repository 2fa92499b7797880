"""Mistakes in what a release publishes: intervals, buckets, restatements, totals, published macros.

Belongs here: dbt/models/marts, dbt/published_macros, the bucket rules. Must not: the ledger (mistakes_in_ledger.py).
"""

from tests.mutants.mutant import Mutant

MARTS_FOLDER = "dbt/models/marts"
MACROS = "dbt/published_macros"
DATES = "tests/integration/test_traps_dates.py"
HISTORY = "tests/integration/test_traps_history.py"
SETTLEMENT = "tests/integration/test_traps_settlement.py"
WAREHOUSE = "tests/integration/test_traps_warehouse.py"
CASES_A = "tests/integration/test_accounting_a.py"
TREND = "test_t33_the_trend_of_any_day_is_the_aging_of_that_day_in_every_scheme"
EDGES = "test_t15_the_marts_of_the_release_place_items_on_the_edges_as_its_macros_do"
ASKED = "tests/integration/test_published_macros.py"

MARTS = (
    Mutant(
        name="an item is still open on the day on which it closes",
        file=f"{MACROS}/open_items_as_known.sql",
        old="and effective_to > cast(as_of as date)",
        new="and effective_to >= cast(as_of as date)",
        test=f"{DATES}::test_t01_aging_as_of_may_run_in_december_shows_the_invoice_paid_in_june_open_in_full",
        rule="interval ends",
    ),
    Mutant(
        name="what was believed before is believed still",
        file=f"{MACROS}/open_items_as_known.sql",
        old="and known_to > marts.known_moment(known_at)",
        new="and known_to is not null",
        test=f"{DATES}::test_t09_a_match_keyed_in_may_and_dated_february_leaves_what_april_reported_as_it_was",
        rule="known_to",
    ),
    Mutant(
        name="at the moment of a delivery the version it replaced is known, too",
        file=f"{MACROS}/open_items_as_known.sql",
        old="and known_to > marts.known_moment(known_at)",
        new="and known_to >= marts.known_moment(known_at)",
        test=f"{HISTORY}::test_l11_the_restatements_of_a_delivery_explain_every_change_of_every_earlier_day",
        rule="known_to",
    ),
    Mutant(
        name="a delivery is not known at its own moment",
        file=f"{MACROS}/open_items_as_known.sql",
        old="and known_from <= marts.known_moment(known_at)",
        new="and known_from < marts.known_moment(known_at)",
        test=f"{HISTORY}::test_l11_the_restatements_of_a_delivery_explain_every_change_of_every_earlier_day",
        rule="known_from",
    ),
    Mutant(
        name="a date asks for what was known when the day began",
        file=f"{MACROS}/known_moment.sql",
        old="then cast(cast(known_at as date) as timestamp) + interval 1 day - interval 1 microsecond",
        new="then cast(cast(known_at as date) as timestamp)",
        test=f"{HISTORY}::test_t34_a_plan_that_arrives_after_its_document_splits_it_from_then_on",
        rule="known_at",
    ),
    Mutant(
        name="in aging an item is still open on the day on which it closes",
        file=f"{MACROS}/aging_as_known.sql",
        old="and effective_to > cast(as_of as date)",
        new="and effective_to >= cast(as_of as date)",
        test=f"{SETTLEMENT}::test_t23_an_unapplied_advance_is_a_credit_aged_by_its_own_date",
        rule="interval ends",
    ),
    Mutant(
        name="an unapplied receipt is aged like a debt",
        file=f"{MACROS}/aging_as_known.sql",
        old="open_amount_document < 0 or (open_amount_document = 0 and open_amount_functional < 0) as is_credit",
        new="open_amount_document = 0 and open_amount_functional < 0 as is_credit",
        test=f"{SETTLEMENT}::test_t24_a_customer_that_nets_to_zero_stays_visible_item_by_item",
        rule="L14",
    ),
    Mutant(
        name="what falls due today is overdue today",
        file=f"{MACROS}/aging_as_known.sql",
        old="end + bucket.upper_bound",
        new="end + bucket.upper_bound - 1",
        test=f"{DATES}::test_t15_due_today_is_not_overdue_and_tomorrow_it_is",
        rule="T15",
    ),
    Mutant(
        name="in the marts what falls due today is overdue today",
        file="dbt/macros/aging.sql",
        old="else {{ item }}.due_date",
        new="else {{ item }}.due_date - 1",
        test=f"{DATES}::{EDGES}",
        rule="T15",
    ),
    Mutant(
        name="in the marts a bucket begins a day late",
        file="dbt/macros/aging.sql",
        old="else {{ first_day_of_age(bucket ~ '.unit', basis_date, bucket ~ '.lower_bound') }}",
        new="else {{ first_day_of_age(bucket ~ '.unit', basis_date, '(' ~ bucket ~ '.lower_bound + 1)') }}",
        test=f"{DATES}::{EDGES}",
        rule="T13",
    ),
    Mutant(
        name="in the marts exactly twelve months are more than a year",
        file="dbt/macros/aging.sql",
        old="when 'month' then {{ add_days(add_months(basis_date, age ~ ' - 1'), 1) }}",
        new="when 'month' then {{ add_months(basis_date, age ~ ' - 1') }}",
        test=f"{DATES}::{EDGES}",
        rule="B2",
    ),
    Mutant(
        name="in the marts an unapplied receipt is aged like a debt",
        file="dbt/macros/aging.sql",
        old="        {{ item }}.open_amount_document < 0",
        new="        {{ item }}.open_amount_document is null",
        test=f"{DATES}::{EDGES}",
        rule="L14",
    ),
    Mutant(
        name="days past due are counted from the due date as first agreed",
        file="dbt/models/intermediate/int_open_item__current.sql",
        old="{{ days_between('disputed.due_date', as_of()) }} as days_past_due,",
        new="{{ days_between('disputed.original_due_date', as_of()) }} as days_past_due,",
        test=f"{DATES}::test_t16_every_published_relation_gives_an_item_the_same_due_date",
        rule="T16",
    ),
    Mutant(
        name="the first delivery restates itself",
        file=f"{MARTS_FOLDER}/mart_restatement.sql",
        old="delivery.known_at < moment.restated_at",
        new="delivery.known_at <= moment.restated_at",
        test=f"{HISTORY}::test_a14_each_correction_of_a_closed_day_is_restated_as_what_went_and_what_came",
        rule="L11",
    ),
    Mutant(
        name="what a correction withdrew is restated as if it had been added",
        file=f"{MARTS_FOLDER}/mart_restatement.sql",
        old="        -amount_document, -amount_functional, allocation_id, movement_id, _load_id, _row",
        new="        amount_document, amount_functional, allocation_id, movement_id, _load_id, _row",
        test=f"{HISTORY}::test_l11_the_restatements_of_a_delivery_explain_every_change_of_every_earlier_day",
        rule="L11",
    ),
    Mutant(
        name="a counterparty of any group is intragroup",
        file=f"{MARTS_FOLDER}/dim_customer.sql",
        old="and own_company.intercompany_group is not distinct from other_company.intercompany_group",
        new="and own_company.company_code is not null",
        test=f"{CASES_A}::test_a10_only_a_counterparty_of_the_same_group_is_intragroup",
        rule="A10",
    ),
    Mutant(
        name="a day without a movement has no balance",
        file=f"{MARTS_FOLDER}/mart_overdue_trend.sql",
        old="    left join event",
        new="    inner join event",
        test=f"{WAREHOUSE}::test_t33_the_cash_of_a_month_without_billing_stays_in_the_running_balance",
        rule="T33",
    ),
    Mutant(
        name="in the trend a debt stays in its bucket a day too long",
        file="dbt/models/intermediate/int_overdue_trend__event.sql",
        old="{% for sign, edge in [('', 'bucket.lower_bound'), ('-', 'bucket.upper_bound + 1')] -%}",
        new="{% for sign, edge in [('', 'bucket.lower_bound'), ('-', 'bucket.upper_bound + 2')] -%}",
        test=f"{WAREHOUSE}::{TREND}",
        rule="T33",
    ),
    Mutant(
        name="in the trend what comes on the day of a turn turns as well",
        file="dbt/models/intermediate/int_overdue_trend__event.sql",
        old="        order by day, case when age is null then 1 else 0 end",
        new="        order by day, case when age is null then 0 else 1 end",
        test=f"{WAREHOUSE}::{TREND}",
        rule="T33",
    ),
    Mutant(
        name="in the trend exactly twelve months are more than a year",
        file="dbt/macros/aging.sql",
        old="                when {{ day }} > {{ add_months(",
        new="                when {{ day }} >= {{ add_months(",
        test=f"{WAREHOUSE}::{TREND}",
        rule="B2",
    ),
    Mutant(
        name="late postings count as unexplained",
        file=f"{MARTS_FOLDER}/mart_gl_tie_out.sql",
        old="cast(coalesce(subledger.amount_then, 0) - control.gl_balance as decimal(18, 2))",
        new="cast(coalesce(subledger.amount_now, 0) - control.gl_balance as decimal(18, 2))",
        test=f"{HISTORY}::test_t41_what_was_posted_after_the_ledger_was_read_is_timing_and_the_rest_is_unexplained",
        rule="T41",
    ),
    Mutant(
        name="the first day of a statement stands in its opening balance",
        file=f"{MACROS}/customer_statements.sql",
        old="where effective_date < cast(from_date as date)",
        new="where effective_date <= cast(from_date as date)",
        test=f"{ASKED}::test_a_statement_opens_with_what_was_before_and_runs_on_to_its_last_day",
        rule="statement",
    ),
    Mutant(
        name="cash of the day itself counts as received afterwards",
        file=f"{MACROS}/subsequent_receipts.sql",
        old="where effective_date > cast(as_of as date)",
        new="where effective_date >= cast(as_of as date)",
        test=f"{ASKED}::test_every_item_is_accounted_for_on_every_pair_of_days",
        rule="subsequent receipts",
    ),
    Mutant(
        name="a gate lowered in arrears.yml blocks all the same",
        file="dbt/macros/gates.sql",
        old="return(var('gates', {}).get(gate, 'error'))",
        new="return('error')",
        test="tests/dbt/test_gate_severities.py::test_a_gate_lowered_in_the_settings_lowers_each_of_its_tests_and_no_other",
        rule="gates",
    ),
)
