"""Mistakes in metrics: scope of sales, days of payments, windows, countback.

Belongs here: dbt/models/intermediate/int_kpi__*, macros/kpi_ratios.sql, and targets held against metrics.
Must not: aging (mistakes_in_marts.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
MARTS = "dbt/models/marts"
CASES = "tests/integration/test_accounting_c.py"
TARGETS = "tests/integration/test_targets.py"

METRICS = (
    Mutant(
        name="sisters are in sales",
        file=f"{MODELS}/int_kpi__item.sql",
        old="        and not described.is_intragroup as is_credit_sale",
        new="        as is_credit_sale",
        test=f"{CASES}::test_c1_sales_and_receivables_of_dso_have_the_same_scope",
        rule="C1",
    ),
    Mutant(
        name="an owner of today sold what was sold last year",
        file=f"{MODELS}/int_kpi__item.sql",
        old="coalesce(document.salesperson, customer.sales_owner, '(none)') as salesperson,",
        new="coalesce(customer.sales_owner, document.salesperson, '(none)') as salesperson,",
        test=f"{CASES}::test_c12_the_document_says_who_sold_else_the_owner_of_the_customer",
        rule="C12",
    ),
    Mutant(
        name="a payment counts on the day it was applied",
        file=f"{MODELS}/int_kpi__leg.sql",
        old="        coalesce(receipt.document_date, told.applied_on) as paid_on,",
        new="        told.applied_on as paid_on,",
        test=f"{CASES}::test_c5_a_payment_counts_on_its_own_day_and_not_on_that_of_its_application",
        rule="C5",
    ),
    Mutant(
        name="a recovery is a late payment",
        file=f"{MODELS}/int_payment__leg.sql",
        old="    where recovered_amount > 0",
        new="    where recovered_amount < 0",
        test=f"{CASES}::test_d2_a_recovery_is_neither_collected_cash_nor_a_payment_in_time_or_late",
        rule="D2",
    ),
    Mutant(
        name="payments before the invoice make it look quick",
        file=f"{MODELS}/int_kpi__paid.sql",
        old="            when paid_on < document_date then 'before_document'",
        new="            when paid_on < paid_on then 'before_document'",
        test=f"{CASES}::test_t46_payments_before_the_invoice_and_cash_terms_are_left_out_and_counted",
        rule="T46",
    ),
    Mutant(
        name="a month without sales has no days",
        file=f"{MODELS}/int_kpi__countback.sql",
        old="when counted_sales = 0 then cast(days_in_month as double)",
        new="when counted_sales = 0 then 0.0",
        test=f"{CASES}::test_c3_a_month_without_sales_counts_its_days_and_is_flagged",
        rule="C3",
    ),
    Mutant(
        name="credits absorb what is disputed first",
        file="dbt/macros/netting.sql",
        old="order by part.part_no, part.due_date, part.document_date, part.document_id, part.instalment_no",
        new="order by -part.part_no, part.due_date, part.document_date, part.document_id, part.instalment_no",
        test=f"{CASES}::test_b8_credits_absorb_what_is_disputed_last",
        rule="B8",
    ),
    Mutant(
        name="what is newly due was due a day before",
        file=f"{MODELS}/int_kpi__open.sql",
        old="        balance.due_date < month.next_period_end as is_due_next",
        new="        balance.due_date < month.period_end as is_due_next",
        test=f"{CASES}::test_c7_collection_of_what_was_due_is_told_apart_from_all_cash",
        rule="C7",
    ),
    Mutant(
        name="a retention is billed into trade in hindsight",
        file=f"{MODELS}/int_kpi__flow.sql",
        old="is_debit and receivable_class = 'trade' and not is_retention as is_billed",
        new="is_debit and receivable_class = 'trade' as is_billed",
        test=f"{CASES}::test_a_retention_is_not_billed_into_trade_in_hindsight",
        rule="B7",
    ),
    Mutant(
        name="a bill is cash on the day it came",
        file=f"{MODELS}/int_kpi__flow.sql",
        old="when item.item_kind = 'receipt' and not item.is_bill_receipt",
        new="when item.item_kind = 'receipt'",
        test=f"{CASES}::test_c6_a_bill_is_a_payment_on_the_day_it_came_and_cash_on_the_day_it_is_paid",
        rule="C6",
    ),
    Mutant(
        name="a write-off collects",
        file="dbt/macros/kpi_ratios.sql",
        old="'numerator': 'opening_sold + sales_in_window - sold - write_off_in_window',",
        new="'numerator': 'opening_sold + sales_in_window - sold',",
        test=f"{CASES}::test_c4_a_write_off_does_not_make_collection_look_effective",
        rule="C4",
    ),
    Mutant(
        name="a target is held against its last month's cash",
        file=f"{MARTS}/mart_target.sql",
        old="            and kpi.month_start between target.period_start and target.period_end",
        new="            and kpi.month_start between target.period_end - 31 and target.period_end",
        test=f"{TARGETS}::test_cash_is_that_of_the_months_of_the_period",
        rule="DECISIONS 50",
    ),
    Mutant(
        name="the more is overdue, the better",
        file=f"{MARTS}/mart_target.sql",
        old="                then case when is_lower_better then actual_value <= value",
        new="                then case when is_lower_better then actual_value >= value",
        test=f"{TARGETS}::test_a_share_is_that_of_the_last_day_and_more_of_a_bad_one_is_worse",
        rule="DECISIONS 50",
    ),
    Mutant(
        name="of two targets the last one wins",
        file="dbt/models/intermediate/int_target__bound.sql",
        old="        case when is_conflicting then 'conflicting_targets' end as bound_reason",
        new="        case when choice_no > 1 then 'conflicting_targets' end as bound_reason",
        test=f"{TARGETS}::test_what_cannot_be_read_says_why_and_is_a_finding",
        rule="DECISIONS 50",
    ),
)
