"""What breaks the credit policy: exceptions, limits exceeded, and how concentrated exposure is.

Belongs here: queries over these. Must not: what the policy is (policy.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.data.policy import MOST_ROWS, of_companies
from dashboards.data.release import Release, Row, fetch

KINDS = ("terms", "limit", "hold", "no_limit", "manual_grade")
# days in breach; the label of the last is open
AGES = (("d0_30", 0, 30), ("d31_90", 31, 90), ("d91_365", 91, 365), ("over_365", 366, 10**6))
MOST_MEMBERS = 20


def exceptions_by_kind(release: Release, *, companies: Sequence[str] = ()) -> list[Row]:
    """Exceptions by kind. Exposures of different kinds overlap, so they have no total."""
    where, parameters = of_companies(companies)
    return fetch(
        release,
        f"""
select
    kind, max(currency) as currency, count(*) as exception_count, count(distinct party_id) as party_count,
    sum(exposure_reporting) as exposure_reporting,
    count(*) filter (where not is_approved) as unapproved_count,
    coalesce(sum(exposure_reporting) filter (where not is_approved), 0) as unapproved_exposure_reporting
from marts.mart_credit_exception
where {where}
group by kind
order by exposure_reporting desc nulls last""",
        **parameters,
    )


def exceptions_by_person(release: Release, *, companies: Sequence[str] = ()) -> list[Row]:
    """Who raised exceptions, of which kind, how much and how much of it without approval."""
    where, parameters = of_companies(companies)
    return fetch(
        release,
        f"""
select
    raised_by, kind, max(currency) as currency, count(*) as exception_count, count(distinct party_id) as party_count,
    sum(exposure_reporting) as exposure_reporting,
    count(*) filter (where not is_approved) as unapproved_count
from marts.mart_credit_exception
where {where}
group by raised_by, kind
order by sum(sum(exposure_reporting)) over (partition by raised_by) desc nulls last, raised_by, exposure_reporting desc
limit {MOST_ROWS}""",
        **parameters,
    )


def exceptions(
    release: Release,
    *,
    companies: Sequence[str] = (),
    kind: str,
    person: Row | None = None,
    is_unapproved_only: bool = False,
) -> list[Row]:
    """Exceptions of one kind, largest exposure first, at most `MOST_ROWS`.

    Args:
        person: a row of `exceptions_by_person` narrows them to its own; nobody is one of those who raise them.
    """
    where, parameters = of_companies(companies)
    conditions = [where, "kind = $kind"]
    parameters["kind"] = kind
    if person is not None:
        conditions.append("raised_by is not distinct from cast($raised_by as varchar)")
        parameters["raised_by"] = person["raised_by"]
    if is_unapproved_only:
        conditions.append("not is_approved")
    return fetch(
        release,
        f"""
select *, count(*) over () as found_count
from marts.mart_credit_exception
where {" and ".join(conditions)}
order by exposure_reporting desc nulls last, party_id, document_id
limit {MOST_ROWS}""",
        **parameters,
    )


def breaches_by_age(release: Release, *, companies: Sequence[str] = ()) -> list[Row]:
    """Limits exceeded on the as-of date by the days that the breach has lasted; customers alone, none twice."""
    where, parameters = of_companies(companies)
    ages = " ".join(f"when days_in_breach between {low} and {high} then '{code}'" for code, low, high in AGES)
    return fetch(
        release,
        f"""
select
    case {ages} end as age, max(currency) as currency, count(*) as customer_count,
    sum(excess_reporting) as excess_reporting, sum(exposure_reporting) as exposure_reporting,
    count(*) filter (where is_breached_by_rate_only) as rate_only_count
from marts.mart_credit_exposure
where {where} and scope = 'customer' and is_breached
group by age
order by min(days_in_breach)""",
        **parameters,
    )


def breaches(release: Release, *, companies: Sequence[str] = ()) -> list[Row]:
    """Limits exceeded, of customers and of what they share; largest excess first, at most `MOST_ROWS`.

    A limit over several companies binds each company in which somebody shares it, and no other.
    """
    where, parameters = of_companies(companies)
    return fetch(
        release,
        f"""
with

bound as (

    select distinct group_id
    from marts.mart_credit_exposure
    where scope = 'customer' and {where}

)

select exposure.*, count(*) over () as found_count
from marts.mart_credit_exposure as exposure
where is_breached and ({where} or (company_code = '*' and group_id in (select group_id from bound)))
order by excess_reporting desc nulls last, scope, subject_id
limit {MOST_ROWS}""",
        **parameters,
    )


def concentration(release: Release, *, company: str | None = None) -> list[Row]:
    """Shares of the largest groups of customers at each month end: of the group, or of one company."""
    return fetch(
        release,
        """
select *
from marts.mart_concentration
where dimension = $dimension and dimension_value = $value
order by period_end""",
        **_dimension(company),
    )


def members(release: Release, *, company: str | None = None) -> list[Row]:
    """The largest groups of customers on the as-of date."""
    return fetch(
        release,
        f"""
select *, split_part(group_id, '|', 1) as company_code, split_part(group_id, '|', 2) as customer_id
from marts.mart_concentration_member
where dimension = $dimension and dimension_value = $value
order by rank_no
limit {MOST_MEMBERS}""",
        **_dimension(company),
    )


def _dimension(company: str | None) -> dict[str, object]:
    return {"dimension": "company" if company else "group", "value": company or "*"}
