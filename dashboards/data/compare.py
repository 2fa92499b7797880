"""Two days beside each other, and month after month: overdue of the values of a dimension.

Belongs here: what the trend page tells by a dimension beyond the history's own figures. Must not: the figures of
the whole scope and its buckets; those are `trend.rates` and `trend.history` of that day, so that both say the same.
"""

from __future__ import annotations

from datetime import date

from dashboards.data import bridge_period, trend
from dashboards.data.bridge_period import DAILY, MONTHLY, Period
from dashboards.data.release import Release, Row, fetch
from dashboards.data.scope import Statement
from dashboards.data.trend import TrendScope

DIMENSIONS = (*DAILY, *MONTHLY)
_COLUMNS = {name: column.replace("bridge.", "trend.") for name, column in DAILY.items()}


def on(release: Release, scope: TrendScope, day: date) -> Row | None:
    """Outstanding, debits, overdue, over 90 days and the gross rate of the scope on a day; None before its history."""
    rows = trend.rates(release, of_day(scope, day))
    return rows[0] if rows else None


def of_day(scope: TrendScope, day: date) -> TrendScope:
    """The scope on one day."""
    return scope.changed(first_day=day, last_day=day, grain="day")


def by_value(
    release: Release, scope: TrendScope, *, day: date, other: date, dimension: str, limit: int
) -> list[Row]:
    """Overdue of each value on both days, the largest on `day` first; `value_count` counts all values.

    Dimensions of the day also say debits and rate; those of the customer come from the monthly bridge, which knows what
    is overdue and nothing of what is not: their debits and rates are NULL.
    """
    if dimension in MONTHLY:
        return _of_customers(release, scope, day=day, other=other, dimension=dimension, limit=limit)
    held = _of_days(
        release,
        scope.changed(first_day=min(day, other), last_day=max(day, other)),
        dimension,
        condition="trend.day in (cast($day as date), cast($other as date))",
    )
    return fetch(
        release,
        f"""
with

daily as (
{held.text}
),

beside as (

    select
        value,
        coalesce(sum(overdue) filter (where day = cast($day as date)), 0) as overdue_now,
        coalesce(sum(overdue) filter (where day = cast($other as date)), 0) as overdue_before,
        sum(debits) filter (where day = cast($day as date)) as debits_now,
        sum(debits) filter (where day = cast($other as date)) as debits_before,
        coalesce(sum(over_90) filter (where day = cast($day as date)), 0) as over_90_now,
        coalesce(sum(over_90) filter (where day = cast($other as date)), 0) as over_90_before
    from daily
    group by value

)

select
    *,
    overdue_now - overdue_before as overdue_change,
    case when debits_now > 0 then cast(overdue_now as double) / cast(debits_now as double) end as now_overdue_rate,
    case when debits_before > 0 then cast(overdue_before as double) / cast(debits_before as double) end
        as before_overdue_rate,
    count(*) over () as value_count
from beside
where debits_now != 0 or debits_before != 0
order by overdue_now desc, value
limit {int(limit)}""",
        **held.parameters,
        day=day,
        other=other,
    )


def months(release: Release, scope: TrendScope, *, dimension: str, limit: int) -> list[Row]:
    """Overdue at each month end (the running month on the last day) of the values with most of it at the end.

    `value_count` counts all values; debits and rate are NULL for dimensions of the customer, as in `by_value`.
    """
    is_monthly = dimension in MONTHLY
    told = (
        bridge_period.monthly(scope, dimension=dimension)
        if is_monthly
        else _of_days(
            release,
            scope,
            dimension,
            condition="(trend.day = last_day(trend.day) or trend.day = cast($last_day as date))",
        )
    )
    return fetch(
        release,
        f"""
with

told as (
{told.text}
),

ranked as (

    select
        value,
        row_number() over (
            order by max_by(overdue, day) filter (where day = cast($last_day as date)) desc nulls last, value
        ) as place,
        count(*) over () as value_count
    from told
    group by value

)

select
    told.day,
    told.value,
    told.overdue,
    case when told.debits > 0 then cast(told.overdue as double) / cast(told.debits as double) end as overdue_rate,
    ranked.value_count
from told
inner join ranked
    on told.value is not distinct from ranked.value
where ranked.place <= {int(limit)}
order by ranked.place, told.day""",
        **told.parameters,
    )


def _of_days(release: Release, scope: TrendScope, dimension: str, *, condition: str) -> Statement:
    """Balances of each value on the days for which a condition on `trend` holds."""
    held = trend.balances(release, scope.changed(scheme=trend.RATE_SCHEME))
    value = _COLUMNS[dimension]
    return Statement(
        f"""
    select
        trend.day,
        {value} as value,
        {trend.measures(held.balance)}
    from {held.relation}
    inner join marts.dim_aging_bucket as edge
        on trend.scheme = edge.scheme and trend.bucket = edge.bucket
    where {held.where} and {condition}
    group by trend.day, {value}""",
        held.parameters,
    )


def _of_customers(
    release: Release, scope: TrendScope, *, day: date, other: date, dimension: str, limit: int
) -> list[Row]:
    earlier, later = min(day, other), max(day, other)
    rows = bridge_period.by_value(
        release, scope, Period(earlier, later), dimension=dimension, limit=limit, largest="closing" if later == day
        else "opening",
    )  # fmt: skip
    before, now = ("opening", "closing") if later == day else ("closing", "opening")
    return [
        Row(value=row["value"], overdue_now=row[now], overdue_before=row[before],
            overdue_change=row[now] - row[before], over_90_now=None, over_90_before=None, debits_now=None,
            debits_before=None, now_overdue_rate=None, before_overdue_rate=None, value_count=row["value_count"])
        for row in rows
    ]  # fmt: skip
