"""People who look after customers, and which customers those are.

Belongs here: the one meaning of "my customers": somebody's as collector or as salesperson. Must not: who is reading
(access/), or what a reader may see (visible.py).
"""

from __future__ import annotations

from collections.abc import Collection

from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row, fetch


def is_looked_after(relation: str) -> str:
    """SQL over a relation with `collector` and `sales_owner`: true for the customers of `$owner`, all where NULL."""
    return (
        f"(cast($owner as varchar) is null or {relation}.collector = cast($owner as varchar)"
        f" or {relation}.sales_owner = cast($owner as varchar))"
    )


def people(release: Release) -> list[str]:
    """Everybody who looks after a customer that the reader sees."""
    rows = fetch(
        release,
        """
select distinct person
from (
    select collector as person from marts.dim_customer
    union all
    select sales_owner from marts.dim_customer
)
where person is not null
order by person""",
    )
    return [row["person"] for row in rows]


def seen(release: Release, customers: Collection[Customer]) -> list[Customer]:
    """Those of the customers that the reader sees."""
    wanted = sorted(set(customers))
    rows: list[Row] = fetch(
        release,
        """
select company_code, customer_id
from marts.dim_customer
where list_contains(cast($keys as varchar[]), company_code || '|' || customer_id)
order by company_code, customer_id""",
        keys=[f"{company}|{customer}" for company, customer in wanted],
    )
    return [(row["company_code"], row["customer_id"]) for row in rows]
