"""The provision beside what was booked, what might be otherwise, and what became of receivables.

Belongs here: individual assessment, sensitivity, roll-forward, back-test, vintages. Must not: the
matrix (provision.py).
"""

from __future__ import annotations

from dashboards.data.provision import IN_SCOPE, ProvisionScope
from dashboards.data.release import Release, Row, fetch

BASE = "base"
PROPOSED = "proposed"


def individual(release: Release, scope: ProvisionScope) -> list[Row]:
    """Customers assessed by themselves, the largest loss first."""
    basis = scope.basis
    return fetch(
        release,
        f"""
select
    company_code, customer_id, coalesce(name, customer_id) as customer_name, individual_reason, defaulted_on,
    default_reason, matrix_segment, is_decided, decided_method, decided_reason, decided_by, decided_on,
    cast(rate as double) as rate, exposure_{basis} as exposure, covered_{basis} as covered,
    uncovered_base_{basis} as uncovered_base, expected_credit_loss_{basis} as loss, item_count
from marts.mart_individual_assessment
where {IN_SCOPE}
order by loss desc, company_code, customer_id""",
        **scope.parameters,
    )


def sensitivity(release: Release, scope: ProvisionScope) -> list[Row]:
    """Loss under each assumption and what it differs by; the base case first, then the largest difference."""
    return fetch(
        release,
        f"""
select
    sensitivity,
    sum(expected_credit_loss_{scope.basis}) as loss,
    sum(change_{scope.basis}) as change,
    cast(sum(change_{scope.basis}) as double)
        / nullif(cast(sum(expected_credit_loss_{scope.basis} - change_{scope.basis}) as double), 0) as change_rate
from marts.mart_credit_loss_sensitivity
where {IN_SCOPE}
group by sensitivity
order by sensitivity != '{BASE}', abs(change) desc, sensitivity""",
        **scope.parameters,
    )


def sensitivity_by_segment(release: Release, scope: ProvisionScope) -> list[Row]:
    """Change of each segment under each assumption."""
    return fetch(
        release,
        f"""
select
    min(segment_no) as segment_no,
    segment,
    coalesce(sum(expected_credit_loss_{scope.basis}) filter (where sensitivity = '{BASE}'), 0) as loss,
    {_changes(scope.basis)}
from marts.mart_credit_loss_sensitivity
where {IN_SCOPE}
group by segment
order by segment_no, segment""",
        **scope.parameters,
    )


CHANGES = ("factor_up", "factor_down", "loss_given_default_up", "loss_given_default_down", "one_bucket_later")
"""Assumptions that are varied, by their names in `mart_credit_loss_sensitivity`."""


def _changes(basis: str) -> str:
    return ",\n    ".join(
        f"coalesce(sum(change_{basis}) filter (where sensitivity = '{name}'), 0) as {name}"
        for name in CHANGES
    )


def allowance(release: Release, scope: ProvisionScope) -> list[Row]:
    """Steps of the allowance from the end of last year to the expected loss, of each company by itself."""
    basis = scope.basis
    fx = "cast(0 as decimal(18, 2))" if basis == "functional" else "fx_reporting"
    return fetch(
        release,
        f"""
select
    company_code, step_no, step, from_date, to_date, functional_currency,
    opening_{basis} as opening, charge_{basis} as charge, reversal_{basis} as reversal,
    written_off_{basis} as written_off, recovered_{basis} as recovered, {fx} as fx, closing_{basis} as closing,
    opening_functional as booked_functional, charge_functional - reversal_functional as entry_functional,
    reason_when_null
from marts.mart_allowance_roll_forward
where {IN_SCOPE}
order by company_code, step_no""",
        **scope.parameters,
    )


def booked(release: Release, scope: ProvisionScope) -> Row:
    """Allowance booked and the entry from it to the expected loss; NULL while a company has delivered none."""
    (row,) = fetch(
        release,
        f"""
select
    count(*) as company_count,
    count(*) filter (where opening_{scope.basis} is null) as missing_count,
    string_agg(company_code, ', ' order by company_code) filter (where opening_{scope.basis} is null) as missing,
    max(from_date) as booked_on,
    case when bool_and(opening_{scope.basis} is not null) then sum(opening_{scope.basis}) end as booked,
    case when bool_and(opening_{scope.basis} is not null)
        then sum(charge_{scope.basis} - reversal_{scope.basis}) end as entry
from marts.mart_allowance_roll_forward
where {IN_SCOPE} and step = '{PROPOSED}'""",
        **scope.parameters,
    )
    return row


def backtest_days(release: Release, scope: ProvisionScope) -> list[Row]:
    """Days of prediction, as months back."""
    return fetch(
        release,
        f"""
select months_back, max(valuation_date) as valuation_date
from marts.mart_credit_loss_backtest
where {IN_SCOPE} and level = 'segment'
group by months_back
order by months_back""",
        **scope.parameters,
    )


def backtest(release: Release, scope: ProvisionScope, *, months_back: int) -> list[Row]:
    """Per segment: what was expected then, and what became of the same items."""
    return _backtest(
        release, scope, months_back=months_back, level="segment", key="segment", condition="true"
    )


def backtest_buckets(release: Release, scope: ProvisionScope, *, months_back: int) -> list[Row]:
    """The same per bucket, of the matrix alone."""
    return _backtest(
        release, scope, months_back=months_back, level="bucket", key="bucket",
        condition="method = 'matrix' and aging = 'standard'",
    )  # fmt: skip


def backtest_groups(release: Release, scope: ProvisionScope, *, months_back: int) -> Row:
    """All segments but individual assessment: without a decision that is expected at 100 %, and would hide the rest."""
    (row,) = fetch(
        release,
        f"""
select
    sum(expected_loss_reporting) as expected_loss,
    sum(outcome_loss_reporting) as outcome_loss,
    cast(sum(outcome_loss_reporting) as double) / nullif(cast(sum(expected_loss_reporting) as double), 0)
        as outcome_ratio
from marts.mart_credit_loss_backtest
where {IN_SCOPE} and months_back = $months_back and level = 'segment' and segment != 'individual'""",
        **scope.parameters,
        months_back=months_back,
    )
    return row


def _backtest(
    release: Release, scope: ProvisionScope, *, months_back: int, level: str, key: str, condition: str
) -> list[Row]:
    return fetch(
        release,
        f"""
select
    {key},
    min(segment_no) as segment_no,
    sum(gross_reporting) as gross,
    sum(expected_loss_reporting) as expected_loss,
    sum(written_off_reporting) as written_off,
    sum(realised_loss_reporting) as realised_loss,
    sum(expected_in_default_reporting + expected_younger_reporting) as still_doubtful,
    sum(outcome_loss_reporting) as outcome_loss,
    sum(outcome_loss_reporting - expected_loss_reporting) as too_little,
    cast(sum(outcome_loss_reporting) as double) / nullif(cast(sum(expected_loss_reporting) as double), 0)
        as outcome_ratio,
    cast(sum(expected_loss_reporting) as double) / nullif(cast(sum(gross_reporting) as double), 0) as expected_rate,
    cast(sum(outcome_loss_reporting) as double) / nullif(cast(sum(gross_reporting) as double), 0) as outcome_rate,
    sum(new_business_loss_reporting) as new_business_loss,
    sum(item_count) as item_count
from marts.mart_credit_loss_backtest
where {IN_SCOPE} and months_back = $months_back and level = '{level}' and {condition}
group by {key}
order by segment_no, {key}""",
        **scope.parameters,
        months_back=months_back,
    )


def vintages(release: Release, scope: ProvisionScope) -> list[Row]:
    """Per quarter of billing: written off and recovered so far, all companies of the scope together."""
    return fetch(
        release,
        f"""
select
    quarter_start,
    max(months_since) as months_since,
    sum(billed_reporting) as billed,
    sum(written_off_reporting) as written_off,
    sum(recovered_reporting) as recovered,
    sum(lost_reporting) as lost,
    cast(sum(lost_reporting) as double) / nullif(cast(sum(billed_reporting) as double), 0) as lost_rate,
    max(last_loss_on) as last_loss_on
from marts.mart_write_off_vintage
where {IN_SCOPE}
group by quarter_start
order by quarter_start""",
        **scope.parameters,
    )


def bucket_labels(release: Release) -> dict[str, Row]:
    """Labels of the buckets that days past due are sorted into."""
    rows = fetch(
        release,
        "select bucket, label_zh as zh, label_en as en from marts.dim_aging_bucket where scheme = 'standard'",
    )
    return {row["bucket"]: row for row in rows}
