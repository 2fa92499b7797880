"""Contacts with customers, and the steps of the reminder ladder that were taken with them.

Belongs here: reading collection activity, also from a release that publishes none. Must not: the ladder's days
(ladder.py), the customers' contact data (contacts.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.data.ladder import Taken
from dashboards.data.release import Release, Row, publishes

RELATION = "fct_collection_activity"
_COLUMNS = {
    "company_code": "varchar", "activity_id": "varchar", "customer_id": "varchar", "document_id": "varchar",
    "happened_at": "timestamp", "happened_on": "date", "channel": "varchar", "stage": "varchar",
    "ladder_step": "integer", "outcome": "varchar", "owner": "varchar", "is_newest": "boolean",
    "is_standing_step": "boolean", "_file": "varchar", "_row": "bigint",
}  # fmt: skip


def activity(release: Release) -> str:
    """SQL of the relation of contacts; a release of an older program has none, and is read as one without rows."""
    if publishes(release, RELATION):
        return f"marts.{RELATION}"
    empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in _COLUMNS.items())
    return f"(select {empty} where false)"


def _collecting(release: Release) -> str:
    """SQL of the companies for which contacts are delivered."""
    # the program that publishes contacts says so of companies too
    if publishes(release, RELATION):
        return "(select company_code from marts.dim_company where has_collection_activity)"
    return "(select cast(null as varchar) as company_code where false)"


def steps_taken(release: Release, *, key: Sequence[str], member: str, item: str) -> str:
    """SQL of CTEs, the last of them `taken`: per `key` the steps taken, for `taken_of`; no row where no contact of any
    of its companies is delivered.

    Per step its newest day says all that the ladder asks, so that a key has at most two rows a step, however often it
    was reminded. What names a document that is not in the amount is about another debt, settled or newer.

    Args:
        member: relation with company_code, customer_id and the key: whose steps.
        item: relation with company_code and document_id: the documents of the amount.
    """
    keys = ", ".join(f"member.{name}" for name in key)
    is_same = " and ".join(f"recorded.{name} = step.{name}" for name in key)
    of_key = ", ".join(f"recorded.{name}" for name in key)
    return f"""
recorded as (

    select distinct {keys}
    from {member} as member
    inner join {_collecting(release)} as company on member.company_code = company.company_code

),

step as (

    select
        {keys},
        activity.ladder_step,
        named.document_id is not null as is_named,
        max(activity.happened_on) as taken_on
    from {activity(release)} as activity
    inner join {member} as member
        on activity.company_code = member.company_code and activity.customer_id = member.customer_id
    left join (select distinct company_code, document_id from {item}) as named
        on activity.company_code = named.company_code and activity.document_id = named.document_id
    where activity.is_standing_step and (activity.document_id is null or named.document_id is not null)
    group by all

),

taken as (

    select
        {of_key},
        list(
            struct_pack(number := step.ladder_step, day := step.taken_on, is_named := step.is_named)
            order by step.ladder_step, step.is_named
        ) filter (where step.ladder_step is not null) as steps_taken,
        true as is_recorded
    from recorded
    left join step on {is_same}
    group by {of_key}

)"""


def taken_of(row: Row) -> list[Taken] | None:
    """Steps of a row that `taken` was joined to; None where no contact is delivered for it."""
    if not row["is_recorded"]:
        return None
    return [Taken(**step) for step in row["steps_taken"] or []]
