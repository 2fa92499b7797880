"""Mistakes in credit exposure, concentration, where the days go and the range of overdue.

Belongs here: dbt/models/intermediate/int_exposure__*, int_credit_limit__* and the marts that read them. Must not:
metrics of receivables (mistakes_in_metrics.py).
"""

from tests.mutants.mutant import Mutant

MODELS = "dbt/models/intermediate"
MARTS = "dbt/models/marts"
CASES = "tests/integration/test_credit_exposure.py"
DELAYS = "tests/integration/test_delay_decomposition.py"

EXPOSURE = (
    Mutant(
        name="exactly at the limit is a breach",
        file=f"{MARTS}/mart_credit_exposure.sql",
        old="coalesce(exposure > credit_limit, false) end",
        new="coalesce(exposure >= credit_limit, false) end",
        test=f"{CASES}::test_c9_a_breach_is_strictly_above_the_limit",
        rule="C9",
    ),
    Mutant(
        name="each company has a limit that was given once",
        file=f"{MODELS}/int_credit_limit__dated.sql",
        old="        count(*) over (partition by _load_id, _file, _row) > 1 as is_landed_for_several",
        new="        false as is_landed_for_several",
        test=f"{CASES}::test_c10_a_limit_for_all_companies_is_one_limit_and_not_one_for_each",
        rule="C10",
    ),
    Mutant(
        name="the first of two limits stays in force",
        file=f"{MODELS}/int_credit_limit__dated.sql",
        old="        order by validity.valid_from desc",
        new="        order by validity.valid_from",
        test=f"{CASES}::test_of_two_limits_of_a_kind_the_one_that_began_last_is_in_force",
        rule="A8",
    ),
    Mutant(
        name="a breach is as old as the first there ever was",
        file=f"{MODELS}/int_exposure__running.sql",
        old="case when is_breached then max(breach_begins_on) over (",
        new="case when is_breached then min(breach_begins_on) over (",
        test=f"{CASES}::test_a8_the_age_of_a_breach_runs_from_the_day_it_began_last",
        rule="A8",
    ),
    Mutant(
        name="credits of one member lower what another owes",
        file=f"{MODELS}/int_exposure__running.sql",
        old="        greatest(sum(amount) over along, 0) as exposure,",
        new="        sum(amount) over along as exposure,",
        test="tests/integration/test_exposure_property.py"
        "::test_exposure_limit_and_breach_of_every_day_are_those_of_the_oracle",
        rule="C10",
    ),
    Mutant(
        name="two policies insure the same part twice",
        file=f"{MODELS}/int_exposure__struck.sql",
        old="'least(limit_reporting, greatest(exposure - limit_before, 0))', 'share'",
        new="'least(limit_reporting, exposure)', 'share'",
        test=f"{CASES}::test_cover_is_the_share_of_what_lies_within_the_insured_limit",
        rule="C9",
    ),
    Mutant(
        name="sister companies concentrate",
        file=f"{MODELS}/int_concentration__ranked.sql",
        old="        exposure > 0 and not is_intragroup as is_ranked",
        new="        exposure > 0 as is_ranked",
        test="tests/integration/test_concentration.py"
        "::test_c13_sister_companies_and_credits_have_no_share_and_are_told_apart",
        rule="C13",
    ),
    Mutant(
        name="the money of a bill is in on the day it comes",
        file=f"{MODELS}/int_kpi__paid.sql",
        old="        greatest(leg.paid_on, coalesce(bill.cash_on, leg.paid_on)) as cash_on",
        new="        leg.paid_on as cash_on",
        test=f"{DELAYS}::test_c6_a_bill_of_six_months_is_in_time_and_half_a_year_from_the_money",
        rule="C6",
    ),
    Mutant(
        name="cash of one customer absorbs what another owes",
        file=f"{MARTS}/mart_overdue_range.sql",
        old="        least(cash, certain_overdue) as unapplied_cash_used,",
        new="        cash as unapplied_cash_used,",
        test="tests/integration/test_overdue_range.py"
        "::test_the_best_case_takes_off_what_may_be_paid_contested_or_not_due",
        rule="best case",
    ),
)
