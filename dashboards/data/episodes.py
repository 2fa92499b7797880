"""Warnings about one customer: each open one with its values and thresholds, how its measure moved, what went before.

Belongs here: episodes, their values, steps and series. Must not: the list (watchlist.py), source rows (evidence.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dashboards.data.release import Release, Row, fetch

SERIES_DAYS = 400
DAYS_BEFORE_OPENING = 60
_NET_OVERDUE = tuple(f"net_overdue_{days}" for days in (0, 7, 15, 30, 45, 60, 90))
# measure of a rule -> what a row of mart_credit_exposure_history says of it
_EXPOSURE = {
    "utilisation": (
        "case when limit_reporting > 0 then cast(exposure_reporting / limit_reporting as decimal(28, 6)) end"
    ),
    "excess": "greatest(exposure_reporting - limit_reporting, 0)",
    "exposure": "exposure_reporting",
}
_HABIT = {"late_days_recent": "late_days_recent", "trend_days": "trend_days"}
FALLBACK = "net_overdue_0"

Kind = Literal["state", "reading"]


@dataclass(frozen=True)
class Series:
    """How a measure moved: `rows` of day and value; a `state` holds until the next row, a `reading` was taken then."""

    measure: str
    kind: Kind
    rows: list[Row]


def of_customer(release: Release, *, party_id: str, group_id: str | None) -> list[Row]:
    """Open episodes about a customer or its group, the most severe first."""
    return fetch(
        release,
        """
select *, date_diff('day', first_seen_on, as_of_date) as days_open
from marts.mart_risk_warning
where is_open and (party_id = $party_id or (party_id is null and group_id = $group_id))
order by case severity when 'severe' then 1 when 'warning' then 2 else 3 end, react_by, rule_id, episode_id""",
        party_id=party_id,
        group_id=group_id,
    )


def values(release: Release, *, episode_ids: list[str]) -> list[Row]:
    """One row per episode and measure: value and thresholds on the day it opened, and now."""
    return fetch(
        release,
        """
select
    episode_id,
    name,
    max(unit) as unit,
    max(day) filter (where moment = 'trigger') as opened_day,
    max(value_number) filter (where moment = 'trigger') as opened_number,
    max(value_date) filter (where moment = 'trigger') as opened_date,
    max(value_text) filter (where moment = 'trigger') as opened_text,
    max(open_comparison) as open_comparison,
    max(open_threshold) filter (where moment = 'trigger') as opened_threshold,
    max(value_number) filter (where moment = 'latest') as latest_number,
    max(value_date) filter (where moment = 'latest') as latest_date,
    max(value_text) filter (where moment = 'latest') as latest_text,
    max(open_threshold) filter (where moment = 'latest') as latest_threshold,
    max(warning_comparison) as warning_comparison,
    max(warning_threshold) filter (where moment = 'latest') as warning_threshold,
    max(severe_comparison) as severe_comparison,
    max(severe_threshold) filter (where moment = 'latest') as severe_threshold,
    max(close_comparison) as close_comparison,
    max(close_threshold) filter (where moment = 'latest') as close_threshold
from marts.mart_risk_warning_value
where list_contains(cast($episode_ids as varchar[]), episode_id)
group by episode_id, name
order by episode_id, max(open_comparison) is null, max(severe_comparison) is null, name""",
        episode_ids=episode_ids,
    )


def earlier(release: Release, *, episode: Row) -> list[Row]:
    """Episodes of the same rule about the same subject that are over, the newest first, and how bad they became."""
    return fetch(
        release,
        """
select
    episode_id, first_seen_on, closed_on, date_diff('day', first_seen_on, closed_on) as days_open, worst_severity,
    stretch_count, acknowledged_on, acknowledged_by, message_zh, message_en
from marts.mart_risk_warning
where not is_open
    and rule_id = $rule_id
    and company_code = $company_code
    and customer_id = $customer_id
    and open_item_id is not distinct from $open_item_id
order by first_seen_on desc, episode_id""",
        rule_id=episode["rule_id"],
        company_code=episode["company_code"],
        customer_id=episode["customer_id"],
        open_item_id=episode["open_item_id"],
    )


def marks(release: Release, *, episode: Row) -> list[Row]:
    """Days on which this rule opened and closed for this subject, in any episode."""
    return fetch(
        release,
        """
select
    step.day,
    -- a stretch has one opening; what follows in it is another severity, or its end
    case when step.severity = 'closed' then 'closed' else 'opened' end as kind,
    step.severity
from marts.mart_risk_warning_step as step
inner join marts.mart_risk_warning as warning on step.episode_id = warning.episode_id
where warning.rule_id = $rule_id
    and warning.company_code = $company_code
    and warning.customer_id = $customer_id
    and warning.open_item_id is not distinct from $open_item_id
qualify
    step.severity = 'closed'
    or row_number() over (
        partition by step.episode_id, step.stretch_no, step.severity = 'closed'
        order by step.day
    ) = 1
order by step.day""",
        rule_id=episode["rule_id"],
        company_code=episode["company_code"],
        customer_id=episode["customer_id"],
        open_item_id=episode["open_item_id"],
    )


def track_record(release: Release, *, rule_id: str) -> Row:
    """What this rule was worth over the whole history, beside all rules; empty where the release does not say."""
    rows = fetch(
        release,
        "select * from marts.mart_warning_backtest where method = 'rule' and rule_id = $rule_id",
        rule_id=rule_id,
    )
    return rows[0] if rows else {}


def series(release: Release, *, episode: Row, measures: list[str]) -> Series:
    """The first of the rule's measures that has a published history, else net overdue.

    Args:
        measures: of the rule, the one that it is about first.
    """
    first_day = min(
        release.as_of - timedelta(days=SERIES_DAYS),
        episode["first_seen_on"] - timedelta(days=DAYS_BEFORE_OPENING),
    )
    for measure in measures:
        found = _series(release, episode=episode, measure=measure, first_day=first_day)
        if found is not None and found.rows:
            return found
    return _net_overdue(release, episode=episode, measure=FALLBACK, first_day=first_day)


def _series(release: Release, *, episode: Row, measure: str, first_day: date) -> Series | None:
    if measure in _NET_OVERDUE and episode["party_id"] is not None:
        return _net_overdue(release, episode=episode, measure=measure, first_day=first_day)
    if measure in _EXPOSURE:
        return _exposure(release, episode=episode, measure=measure, first_day=first_day)
    if measure in _HABIT:
        return _habit(release, episode=episode, measure=measure, first_day=first_day)
    if measure == "grade_rung":
        return _grade(release, episode=episode, first_day=first_day)
    return None


def _net_overdue(release: Release, *, episode: Row, measure: str, first_day: date) -> Series:
    # as known on the day, as the rule saw it; a day without a row has nothing overdue
    rows = fetch(
        release,
        f"""
with

spell as (

    select effective_from, effective_to, {measure}_reporting as value
    from marts.mart_net_overdue_history
    where party_id = $party_id
        and knowledge = 'then'
        and effective_to > cast($first_day as date)
        and effective_from <= cast($as_of as date)

)

select greatest(effective_from, cast($first_day as date)) as day, value
from spell
union all
select effective_to, 0
from spell
where effective_to <= cast($as_of as date)
    and not exists (select 1 from spell as following where following.effective_from = spell.effective_to)
order by day""",
        party_id=episode["party_id"],
        first_day=first_day,
        as_of=release.as_of,
    )
    return Series(measure, "state", rows)


def _exposure(release: Release, *, episode: Row, measure: str, first_day: date) -> Series:
    scope = episode["scope"] if episode["scope"] in ("same_customer", "group") else "customer"
    rows = fetch(
        release,
        f"""
select
    greatest(effective_from, cast($first_day as date)) as day,
    {_EXPOSURE[measure]} as value
from marts.mart_credit_exposure_history
where scope = $scope
    and subject_id = $subject_id
    and effective_to > cast($first_day as date)
    and effective_from <= cast($as_of as date)
    and value is not null
order by day""",
        scope=scope,
        subject_id=f"{episode['company_code']}|{episode['customer_id']}",
        first_day=first_day,
        as_of=release.as_of,
    )
    return Series(measure, "state", rows)


def _habit(release: Release, *, episode: Row, measure: str, first_day: date) -> Series:
    rows = fetch(
        release,
        f"""
select as_of_day as day, {_HABIT[measure]} as value
from marts.mart_payment_behaviour
where company_code = $company_code
    and customer_id = $customer_id
    and window_name = '90_days'
    and as_of_day between cast($first_day as date) and cast($as_of as date)
    and {_HABIT[measure]} is not null
order by as_of_day""",
        company_code=episode["company_code"],
        customer_id=episode["customer_id"],
        first_day=first_day,
        as_of=release.as_of,
    )
    return Series(measure, "reading", rows)


def _grade(release: Release, *, episode: Row, first_day: date) -> Series:
    rows = fetch(
        release,
        """
select as_of_day as day, strpos('ABCDE', grade) as value
from marts.mart_credit_rating
where company_code = $company_code
    and customer_id = $customer_id
    and as_of_day between cast($first_day as date) and cast($as_of as date)
    and grade between 'A' and 'E'
order by as_of_day""",
        company_code=episode["company_code"],
        customer_id=episode["customer_id"],
        first_day=first_day,
        as_of=release.as_of,
    )
    return Series("grade_rung", "reading", rows)
