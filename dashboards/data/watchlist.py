"""The watchlist: its rows, its counters, and what the warnings of the last year were worth.

Belongs here: customers with a warning open. Must not: one episode and what is behind it (episodes.py, evidence.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboards.data import collection
from dashboards.data.owners import is_looked_after
from dashboards.data.release import Release, Row, fetch, fetch_whole

FAMILIES = ("behaviour", "exposure", "external", "group", "deadline", "process", "score")
# a default this long after a warning still counts as foreseen (policy section 3, track record)
HORIZON_DAYS = 180
RECORD_MONTHS = 12
NEW_DAYS = 7


@dataclass(frozen=True)
class WatchScope:
    """What a reader wants to see of the list; nothing chosen means all of it."""

    owner: str | None = None
    families: tuple[str, ...] = ()
    is_new: bool = False
    is_unacknowledged: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "owner": self.owner,
            "families": list(self.families),
            "is_new": self.is_new,
            "is_unacknowledged": self.is_unacknowledged,
        }


# Filters are parameters throughout, so that one statement has one text.
_LISTED = f"""
listed as (

    select
        watched.*,
        date_diff('day', watched.first_seen_on, watched.as_of_date) as days_listed
    from marts.mart_watchlist as watched
    where {is_looked_after("watched")}
        and (not cast($is_new as boolean) or watched.is_new_this_week)
        and (
            (len(cast($families as varchar[])) = 0 and not cast($is_unacknowledged as boolean))
            or exists (
                select 1
                from marts.mart_risk_warning as warning
                where warning.party_id = watched.party_id
                    and warning.is_open
                    and (
                        len(cast($families as varchar[])) = 0
                        or list_contains(cast($families as varchar[]), warning.family)
                    )
                    and (
                        not cast($is_unacknowledged as boolean)
                        or (warning.acknowledged_on is null and warning.severity in ('warning', 'severe'))
                    )
            )
        )

)"""


def rows(release: Release, scope: WatchScope, *, limit: int, offset: int = 0) -> list[Row]:
    """Customers on the list, in the order of their rank."""
    sql = _rows(release, limit=limit, offset=offset)
    return fetch(release, sql, **scope.parameters)


def every_row(release: Release, scope: WatchScope) -> list[Row]:
    """All of them: for a file."""
    return fetch_whole(release, _rows(release, limit=None), **scope.parameters)


def row_of(release: Release, scope: WatchScope, *, party_id: str) -> Row | None:
    """One customer of the list; None where it is not on it, or not within the scope."""
    sql = _rows(release, limit=1, of_one=True)
    found = fetch(release, sql, **scope.parameters, party_id=party_id)
    return found[0] if found else None


def _rows(release: Release, *, limit: int | None, offset: int = 0, of_one: bool = False) -> str:
    return f"""
with
{_LISTED},

shown as (

    select *
    from listed
    {"where party_id = $party_id" if of_one else ""}
    order by watchlist_rank
    {f"limit {int(limit)} offset {int(offset)}" if limit is not None else ""}

),

-- who else belongs to the group, by the name of its head
head as (

    select company_code || '|' || customer_id as group_id, name as group_name
    from marts.dim_customer

),

member as (

    select customer.company_code, customer.customer_id, shown.party_id
    from marts.dim_customer as customer
    inner join shown on customer.party_id = shown.party_id

),

-- the oldest of them is the row's oldest day
item as (

    select aged.company_code, aged.document_id
    from marts.mart_aging as aged
    inner join member on aged.company_code = member.company_code and aged.customer_id = member.customer_id
    where aged.receivable_class = 'trade' and aged.open_amount_document > 0 and aged.days_past_due > 0

),

{collection.steps_taken(release, key=("party_id",), member="member", item="item")}

select
    shown.*,
    case when shown.group_id != shown.party_id then coalesce(head.group_name, shown.group_id) end as group_name,
    reason.message_zh as why_zh,
    reason.message_en as why_en,
    reason.rule_name_zh as rule_name_zh,
    reason.rule_name_en as rule_name_en,
    taken.steps_taken,
    taken.is_recorded
from shown
left join head on shown.group_id = head.group_id
left join marts.mart_risk_warning as reason on shown.first_reason_episode_id = reason.episode_id
left join taken on shown.party_id = taken.party_id
order by shown.watchlist_rank"""


def counters(release: Release, scope: WatchScope) -> Row:
    """How many stand on the list, and what they owe; amounts in the reporting currency."""
    return fetch(
        release,
        f"""
with
{_LISTED}

select
    count(*) as customer_count,
    count(*) filter (where severity = 'severe') as severe_count,
    count(*) filter (where severity = 'warning') as warning_count,
    count(*) filter (where is_new_this_week) as new_count,
    count(*) filter (where late_reaction_count > 0) as late_count,
    coalesce(sum(late_reaction_count), 0) as late_episode_count,
    coalesce(sum(exposure_reporting), 0) as exposure_reporting,
    coalesce(sum(uncovered_exposure_reporting), 0) as uncovered_exposure_reporting,
    coalesce(sum(expected_loss_reporting), 0) as expected_loss_reporting,
    coalesce(sum(net_overdue_reporting), 0) as net_overdue_reporting,
    coalesce(sum(unpriced_item_count), 0) as unpriced_item_count
from listed""",
        **scope.parameters,
    )[0]


def resolved(release: Release, scope: WatchScope) -> Row:
    """Warnings and severe ones that closed in the last seven days, and whose customers are off the list by that."""
    return fetch(
        release,
        f"""
select
    count(*) as episode_count,
    count(distinct warning.party_id) filter (where watched.party_id is null) as customer_count
from marts.mart_risk_warning as warning
left join marts.mart_watchlist as watched on warning.party_id = watched.party_id
where not warning.is_open
    and warning.party_id is not null
    and warning.worst_severity in ('warning', 'severe')
    and warning.closed_on > cast($as_of as date) - {NEW_DAYS}
    and {is_looked_after("warning")}
    and (len(cast($families as varchar[])) = 0 or list_contains(cast($families as varchar[]), warning.family))""",
        as_of=release.as_of,
        owner=scope.owner,
        families=list(scope.families),
    )[0]


def record(release: Release, scope: WatchScope, *, months: int | None = RECORD_MONTHS) -> Row:
    """What the warnings about these customers that opened in the last months were worth, as mart_warning_backtest
    counts it: warnings and severe ones, without rules that state the default itself.

    Args:
        months: None for the whole history.
    """
    return fetch(
        release,
        f"""
with

alert as (

    select
        row_number() over () as alert_no,
        warning.party_id,
        warning.first_seen_on,
        warning.closed_on
    from marts.mart_risk_warning as warning
    where warning.party_id is not null
        and warning.worst_severity != 'notice'
        and not warning.states_default
        and (
            cast($months as int) is null
            or warning.first_seen_on > cast(cast($as_of as date) - to_months(cast($months as int)) as date)
        )
        and {is_looked_after("warning")}
        and (len(cast($families as varchar[])) = 0 or list_contains(cast($families as varchar[]), warning.family))

),

spell as (

    select party_id, defaulted_on, coalesce(cured_on, date '9999-12-31') as cured_on
    from marts.mart_customer_default

),

-- a customer that is in default already cannot be warned of it
timely as (

    select alert.*
    from alert
    left join spell
        on alert.party_id = spell.party_id
        and alert.first_seen_on >= spell.defaulted_on
        and alert.first_seen_on < spell.cured_on
    where spell.party_id is null

),

followed as (

    select timely.alert_no, min(spell.defaulted_on) as defaulted_on
    from timely
    inner join spell
        on timely.party_id = spell.party_id
        and spell.defaulted_on > timely.first_seen_on
        and spell.defaulted_on <= timely.first_seen_on + {HORIZON_DAYS}
    group by timely.alert_no

),

judged as (

    select
        date_diff('day', timely.first_seen_on, followed.defaulted_on) as lead_days,
        followed.alert_no is not null as is_hit,
        followed.alert_no is not null
        or timely.closed_on is not null
        or timely.first_seen_on + {HORIZON_DAYS} < cast($as_of as date) as is_judged
    from timely
    left join followed on timely.alert_no = followed.alert_no

),

-- the smallest number that half of the hits do not exceed
lead as (

    select min(lead_days) filter (where 2 * lead_no >= hit_count) as median_lead_days
    from (
        select lead_days, row_number() over (order by lead_days) as lead_no, count(*) over () as hit_count
        from judged
        where is_hit
    )

)

select
    (select count(*) from alert) as alert_count,
    coalesce(count(*) filter (where is_judged), 0) as judged_count,
    coalesce(count(*) filter (where is_hit), 0) as hit_count,
    (select median_lead_days from lead) as median_lead_days,
    date_diff(
        'day', cast(cast($as_of as date) - to_months(cast($months as int)) as date), cast($as_of as date)
    ) as day_count
from judged""",
        as_of=release.as_of,
        months=months,
        owner=scope.owner,
        families=list(scope.families),
    )[0]


def volume(release: Release) -> Row:
    """The guard of the policy in the running week; empty for a reader who does not see all customers."""
    rows = fetch(
        release,
        """
select active_customer_count, listed_customer_count, is_list_above_guard
from marts.mart_warning_volume
where collector = '*' and active_customer_count is not null
order by week_start desc
limit 1""",
    )
    return rows[0] if rows else {}
