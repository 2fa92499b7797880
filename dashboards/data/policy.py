"""Credit policy: grades and where they moved, what is advised, and the policy in force.

Belongs here: grades, migration, recommendations, scorecard. Must not: what breaks the policy (policy_breaks.py).
Exposures are those of debtors over all their customers, each once.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.data.release import Release, Row, fetch, publishes

MOST_ROWS = 500
# tabs of the recommendations; the condition of each
_ADVICE = {
    "hold": "is_hold_advised",
    "lower": "limit_in_force_reporting > recommended_limit_reporting",
    "raise": "recommended_limit_reporting > coalesce(limit_in_force_reporting, 0) and not is_hold_advised",
    "all": "true",
}
ADVICE = tuple(_ADVICE)


def of_companies(companies: Sequence[str]) -> tuple[str, dict[str, object]]:
    """The condition that keeps to companies (none: all), and its parameter."""
    if not companies:
        return "true", {}
    return "list_contains(cast($companies as varchar[]), company_code)", {"companies": list(companies)}


def companies(release: Release) -> list[str]:
    """Companies of the leading customers of debtors."""
    rows = fetch(
        release, "select distinct company_code from marts.mart_credit_recommendation order by company_code"
    )
    return [row["company_code"] for row in rows]


def grades(release: Release, *, companies: Sequence[str] = ()) -> list[Row]:
    """Debtors and exposure by grade in force, best grade first, the unrated last."""
    where, parameters = of_companies(companies)
    return fetch(
        release,
        f"""
select
    grade, max(grade_zh) as grade_zh, max(grade_en) as grade_en, max(currency) as currency,
    count(*) as party_count,
    count(*) filter (where exposure_reporting > 0) as exposed_count,
    coalesce(sum(exposure_reporting), 0) as exposure_reporting,
    sum(recommended_limit_reporting) as recommended_limit_reporting,
    sum(limit_in_force_reporting) as limit_in_force_reporting,
    count(*) filter (where is_hold_advised) as hold_count,
    coalesce(sum(exposure_reporting) filter (where is_hold_advised), 0) as hold_exposure_reporting,
    coalesce(sum(to_pay_for_release_reporting) filter (where is_hold_advised), 0) as to_pay_for_release_reporting,
    max(policy_version) as policy_version
from marts.mart_credit_recommendation
where {where}
group by grade
order by grade = 'U', grade""",
        **parameters,
    )


def recommendations(release: Release, *, advice: str, companies: Sequence[str] = ()) -> list[Row]:
    """What is advised for debtors, largest exposure first, at most `MOST_ROWS`; `advice` is one of `ADVICE`."""
    where, parameters = of_companies(companies)
    return fetch(
        release,
        f"""
select *, count(*) over () as found_count
from marts.mart_credit_recommendation
where {where} and {_ADVICE[advice]}
order by exposure_reporting desc nulls last, party_id
limit {MOST_ROWS}""",
        **parameters,
    )


def advice_counts(release: Release, *, companies: Sequence[str] = ()) -> dict[str, int]:
    """How many debtors each kind of advice is for."""
    where, parameters = of_companies(companies)
    counted = ", ".join(
        f"count(*) filter (where {condition}) as {name}" for name, condition in _ADVICE.items()
    )
    (row,) = fetch(
        release, f"select {counted} from marts.mart_credit_recommendation where {where}", **parameters
    )
    return row


def migration(release: Release, *, months_back: int) -> list[Row]:
    """From grade to grade, up to the newest period end, in debtors and exposure."""
    return fetch(
        release,
        """
select *
from marts.mart_rating_migration
where months_back = $months_back
qualify period_end = max(period_end) over ()
order by grade_from, grade_to""",
        months_back=months_back,
    )


def movers(release: Release, *, months_back: int, grade_from: str, grade_to: str) -> list[Row]:
    """Debtors behind one cell of the migration, largest exposure first, at most `MOST_ROWS`."""
    return fetch(
        release,
        f"""
with

day as (

    select max(period_end) as now_day, max_by(compared_with, period_end) as then_day
    from marts.mart_rating_migration
    where months_back = $months_back

),

rated as (

    select rating.*
    from marts.mart_credit_rating as rating
    inner join day
        on rating.as_of_day in (day.now_day, day.then_day)
    -- the grade is that of the debtor: each once
    qualify row_number() over (
        partition by rating.party_id, rating.as_of_day order by rating.company_code, rating.customer_id
    ) = 1

)

select
    now_row.party_id, now_row.company_code, now_row.customer_id, now_row.party_name,
    coalesce(then_row.grade, '(new)') as grade_from, now_row.grade as grade_to, now_row.score,
    then_row.party_exposure_reporting as exposure_from_reporting,
    now_row.party_exposure_reporting as exposure_reporting, now_row.reason_zh, now_row.reason_en
from rated as now_row
inner join day
    on now_row.as_of_day = day.now_day
left join rated as then_row
    on now_row.party_id = then_row.party_id and then_row.as_of_day = day.then_day
where coalesce(then_row.grade, '(new)') = $grade_from and now_row.grade = $grade_to
    and (now_row.is_active or coalesce(then_row.is_active, false))
order by exposure_reporting desc nulls last, now_row.party_id
limit {MOST_ROWS}""",
        months_back=months_back,
        grade_from=grade_from,
        grade_to=grade_to,
    )


def grade_table(release: Release) -> list[Row] | None:
    """Cut-offs of the grades in force, and what each allows; None where the release is of an older program."""
    if not publishes(release, "dim_credit_grade"):
        return None
    return fetch(release, "select * from marts.dim_credit_grade order by order_no")


def scorecard(release: Release) -> list[Row] | None:
    """Bands and points of the scorecard in force; None where the release is of an older program."""
    if not publishes(release, "dim_scorecard"):
        return None
    return fetch(release, "select * from marts.dim_scorecard order by component_no, band_no")


def weights(release: Release) -> list[Row]:
    """Weight of every component, with how many debtors have data and what they score on average, as of now."""
    return fetch(
        release,
        """
with

newest as (

    select *
    from marts.mart_credit_rating_component
    where as_of_day = (select max(as_of_day) from marts.mart_credit_rating where is_current)

)

select
    component_no, component, label_zh, label_en, weight, policy_version,
    count(*) as party_count,
    count(points) as rated_count,
    cast(avg(points) as decimal(9, 2)) as average_points
from newest
group by component_no, component, label_zh, label_en, weight, policy_version
order by component_no""",
    )
