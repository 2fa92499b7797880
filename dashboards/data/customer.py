"""One customer: who it is, what it owes against its limit, how it is graded, and by when something lapses.

Belongs here: rows about one company's customer as published for the as-of date. Must not: items (customer_items.py),
what happened over time (customer_history.py), how it pays (customer_payments.py).
"""

from __future__ import annotations

from dashboards.data.release import Release, Row, fetch

Customer = tuple[str, str]
MOST_FOUND = 20
MOST_EXCEPTIONS = 200
_ONE = "company_code = $company_code and customer_id = $customer_id"


def key(customer: Customer) -> dict[str, object]:
    """The parameters that name a customer."""
    return {"company_code": customer[0], "customer_id": customer[1]}


def find(release: Release, *, text: str, limit: int = MOST_FOUND) -> list[Row]:
    """Customers by part of a name or number, the exact number first; by exposure without a text."""
    return fetch(
        release,
        f"""
select
    customer.company_code,
    customer.customer_id,
    coalesce(customer.name, customer.customer_id) as customer_name,
    customer.region,
    customer.sales_owner,
    exposure.exposure_reporting,
    exposure.overdue_reporting
from marts.dim_customer as customer
left join marts.mart_credit_exposure as exposure
    on exposure.scope = 'customer'
    and customer.company_code = exposure.company_code
    and customer.customer_id = exposure.customer_id
where
    contains(lower(customer.customer_id), lower($text))
    or contains(lower(coalesce(customer.name, '')), lower($text))
order by
    lower(customer.customer_id) != lower($text),
    not starts_with(lower(coalesce(customer.name, '')), lower($text)),
    exposure.exposure_reporting desc nulls last,
    customer.company_code,
    customer.customer_id
limit {int(limit)}""",
        text=text,
    )


def master(release: Release, customer: Customer) -> Row | None:
    """The customer itself with its company; None where there is none that the reader may see."""
    rows = fetch(
        release,
        """
select
    customer.*,
    company.name as company_name,
    company.functional_currency
from marts.dim_customer as customer
left join marts.dim_company as company on customer.company_code = company.company_code
where customer.company_code = $company_code and customer.customer_id = $customer_id""",
        **key(customer),
    )
    return rows[0] if rows else None


def accounts(release: Release, *, party_id: str) -> list[Row]:
    """Every id under which a debtor is a customer, in whatever company."""
    return fetch(
        release,
        "select company_code, customer_id, coalesce(name, customer_id) as customer_name from marts.dim_customer"
        " where party_id = $party_id order by company_code, customer_id",
        party_id=party_id,
    )


def exposure(release: Release, customer: Customer) -> Row | None:
    """Exposure against the limit, with the name of the head of its group where the reader may see it."""
    rows = fetch(
        release,
        """
select
    exposure.*,
    case when exposure.group_id != exposure.subject_id then head.name end as group_name,
    case when exposure.group_id != exposure.subject_id then head.company_code end as group_company_code,
    case when exposure.group_id != exposure.subject_id then head.customer_id end as group_customer_id
from marts.mart_credit_exposure as exposure
left join marts.dim_customer as head
    on exposure.group_id = head.company_code || '|' || head.customer_id
where exposure.scope = 'customer'
    and exposure.company_code = $company_code and exposure.customer_id = $customer_id""",
        **key(customer),
    )
    return rows[0] if rows else None


def rating(release: Release, *, party_id: str) -> Row | None:
    """The grade in force of a debtor and why it is what it is; it stands with each of its customers."""
    rows = fetch(
        release,
        "select * from marts.mart_credit_rating where is_current and party_id = $party_id limit 1",
        party_id=party_id,
    )
    return rows[0] if rows else None


def scorecard(release: Release, *, party_id: str) -> list[Row]:
    """The components of the grade in force, in the order of the scorecard."""
    return fetch(
        release,
        """
select *
from marts.mart_credit_rating_component
where party_id = $party_id and as_of_day = cast($as_of as date)
order by component_no""",
        party_id=party_id,
        as_of=release.as_of,
    )


def recommendation(release: Release, *, party_id: str) -> Row | None:
    """What the grade of the debtor allows."""
    rows = fetch(
        release,
        "select * from marts.mart_credit_recommendation where party_id = $party_id",
        party_id=party_id,
    )
    return rows[0] if rows else None


def exceptions(release: Release, customer: Customer) -> list[Row]:
    """What is looser than the grade allows, the largest first."""
    return fetch(
        release,
        f"""
select *
from marts.mart_credit_exception
where {_ONE}
order by kind, actual_amount_reporting desc nulls last, raised_on desc, document_id
limit {MOST_EXCEPTIONS}""",
        **key(customer),
    )


def warnings(release: Release, customer: Customer) -> list[Row]:
    """Open episodes about the customer or one of its items, the most severe and the first to react to first."""
    return fetch(
        release,
        f"""
select *
from marts.mart_risk_warning
where is_open and scope != 'group' and {_ONE}
order by
    case severity when 'severe' then 1 when 'warning' then 2 else 3 end,
    react_by nulls last,
    rule_id,
    episode_id""",
        **key(customer),
    )


def limitation(release: Release, customer: Customer) -> Row | None:
    """What of its debts can no longer be enforced when."""
    rows = fetch(release, f"select * from marts.mart_limitation_customer where {_ONE}", **key(customer))
    return rows[0] if rows else None


def insurer_deadlines(release: Release, customer: Customer) -> list[Row]:
    """Items that the insurer must be told of, by the day on which at the latest."""
    return fetch(
        release,
        """
select
    warning.document_id,
    warning.message_zh,
    warning.message_en,
    deadline.value_date as deadline_date,
    item.open_amount_reporting
from marts.mart_risk_warning as warning
inner join marts.mart_risk_warning_value as deadline
    on warning.episode_id = deadline.episode_id
    and deadline.name = 'insurer_deadline' and deadline.moment = 'latest'
left join marts.mart_aging as item on warning.open_item_id = item.open_item_id
where warning.is_open and warning.company_code = $company_code and warning.customer_id = $customer_id
order by deadline.value_date, warning.document_id""",
        **key(customer),
    )


def retentions(release: Release, customer: Customer) -> list[Row]:
    """Retention still open, by the day on which it may be asked for."""
    return fetch(
        release,
        f"""
select
    coalesce(unconditional_on, contract_retention_until, due_date) as deadline_date,
    document_id,
    contract_id,
    open_amount_reporting
from marts.mart_retention
where {_ONE} and open_amount_document > 0
order by deadline_date nulls last, document_id, instalment_no""",
        **key(customer),
    )


def late_interest(release: Release, customer: Customer) -> Row:
    """Late interest that has run as a memo; billed interest stands in its own class."""
    (row,) = fetch(
        release,
        f"""
select
    sum(interest_reporting) as interest_reporting,
    coalesce(sum(item_count), 0) as item_count,
    coalesce(sum(uncomputed_item_count), 0) as uncomputed_item_count
from marts.mart_late_interest_customer
where {_ONE}""",
        **key(customer),
    )
    return row
