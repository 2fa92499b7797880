"""What deserves a look today: severe warnings, promises, deadlines, new overdue, gates, each with what is at stake.

Belongs here: candidates of each kind and the choice among them. Must not: the sentence (views), the rules (dbt).
Amounts are in the reporting currency; a candidate whose amount nobody knows comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dashboards.data import bridge, status
from dashboards.data.overview import Where
from dashboards.data.release import Release, Row, fetch
from dashboards.data.worklist import MISSING, MISSING_REPORTING

MOST_OF_A_KIND = 2
"""So that one kind does not hide the others."""
# calendar days ahead in which a promise counts as due, and back in which a broken one is news
PROMISE_AHEAD = timedelta(days=3)
PROMISE_BACK = timedelta(days=30)


def candidates(release: Release, where: Where, *, limit: int) -> list[Row]:
    """The largest of every kind, each with `kind`, `at_stake`, and what its sentence needs."""
    return [
        *_severe(release, where, limit=limit),
        *_promises(release, where, limit=limit),
        *_deadlines(release, where, limit=limit),
        *(
            row | {"kind": "new_overdue", "at_stake": row["amount"]}
            for row in bridge.turned_overdue(release, where, limit=limit)
        ),
        *_ledger(release, where),
        *_gates(release),
    ]


def chosen(rows: Sequence[Row], *, count: int) -> list[Row]:
    """The largest by amount at stake, at most `MOST_OF_A_KIND` of a kind, filled up where kinds are few."""
    ranked = sorted(rows, key=lambda row: (row["at_stake"] is None, -(row["at_stake"] or 0)))
    first: list[Row] = []
    rest: list[Row] = []
    for row in ranked:
        is_room = sum(other["kind"] == row["kind"] for other in first) < MOST_OF_A_KIND
        (first if is_room else rest).append(row)
    taken = (first + rest)[:count]
    return [row for row in ranked if row in taken]


def _severe(release: Release, where: Where, *, limit: int) -> list[Row]:
    return fetch(
        release,
        f"""
select
    'severe' as kind,
    listed.uncovered_exposure_reporting as at_stake,
    listed.company_code, listed.customer_id,
    coalesce(listed.name, listed.customer_id) as customer_name,
    listed.owner_zh, listed.owner_en,
    warning.message_zh, warning.message_en
from marts.mart_watchlist as listed
left join marts.mart_risk_warning as warning
    on listed.first_reason_episode_id = warning.episode_id
where listed.severity = 'severe' and {where.of("listed.company_code")}
order by at_stake desc nulls last, listed.watchlist_rank
limit {int(limit)}""",
        **where.parameters,
    )


def _promises(release: Release, where: Where, *, limit: int) -> list[Row]:
    return fetch(
        release,
        f"""
select
    case when promise.status = 'open' then 'promise_due' else 'promise_broken' end as kind,
    {MISSING_REPORTING} as at_stake,
    promise.company_code, promise.customer_id,
    coalesce(customer.name, promise.customer_id) as customer_name,
    customer.collector,
    promise.promised_date,
    promise.promised_amount_reporting as amount
from marts.mart_promise as promise
left join marts.dim_customer as customer
    on promise.company_code = customer.company_code and promise.customer_id = customer.customer_id
where promise.kind != 'extension' and {MISSING} > 0
    and (
        (promise.status = 'open' and promise.promised_date <= cast($due_until as date))
        or (promise.status in ('broken', 'partial') and promise.grace_end_date >= cast($broken_since as date))
    )
    and {where.of("promise.company_code")}
order by at_stake desc nulls last, promise.promise_id
limit {int(limit)}""",
        due_until=release.as_of + PROMISE_AHEAD,
        broken_since=release.as_of - PROMISE_BACK,
        **where.parameters,
    )


def _deadlines(release: Release, where: Where, *, limit: int) -> list[Row]:
    return fetch(
        release,
        f"""
select
    'deadline' as kind,
    -- of an item what is open of it, of a customer its claims that end soon
    coalesce(item.open_amount_reporting, claim.ending_in_90_days_amount_reporting) as at_stake,
    warning.company_code, warning.customer_id,
    coalesce(warning.name, warning.customer_id) as customer_name,
    coalesce(warning.owner_name, case when warning.owner_roles like 'collector%' then warning.collector end)
        as collector,
    split_part(warning.owner_roles, '|', 1) as owner_role,
    warning.message_zh, warning.message_en
from marts.mart_risk_warning as warning
left join marts.mart_aging as item
    on warning.open_item_id = item.open_item_id
left join marts.mart_limitation_customer as claim
    on warning.open_item_id is null and warning.company_code = claim.company_code
    and warning.customer_id = claim.customer_id
where warning.is_open and warning.family = 'deadline' and {where.of("warning.company_code")}
order by at_stake desc nulls last, warning.episode_id
limit {int(limit)}""",
        **where.parameters,
    )


def _ledger(release: Release, where: Where) -> list[Row]:
    """What of a difference to the ledger nobody has explained, at the closing rate of the day."""
    ties = status.tie_out(release, companies=where.companies)
    open_ties = [tie for tie in ties if tie["unexplained_difference"]]
    if not open_ties:
        return []
    rates = {
        (row["company_code"], row["currency"]): row["rate_to_reporting"]
        for row in fetch(
            release,
            "select company_code, currency, rate_to_reporting from marts.fct_closing_rate"
            " where day = cast($as_of as date)",
            as_of=release.as_of,
        )
    }
    return [
        tie
        | {
            "kind": "ledger",
            "amount": abs(tie["unexplained_difference"]),
            "at_stake": None if rate is None else abs(tie["unexplained_difference"]) * rate,
        }
        for tie in open_ties
        for rate in [rates.get((tie["company_code"], tie["currency"]))]
    ]


def _gates(release: Release) -> list[Row]:
    return [
        gate | {"kind": "gate", "at_stake": None}
        for gate in status.gates(release)
        if gate["status"] != "passed" or gate["is_lowered"]
    ]
