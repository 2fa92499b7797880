"""Figures to be met, beside what came of them.

Belongs here: rows of mart_target for the group, a company or another dimension. Must not: the figures themselves
(overview.py, trend.py).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from dashboards.data.release import Release, Row, fetch, publishes

RELATION = "mart_target"


def periods(
    release: Release,
    *,
    metric: str,
    variant: str,
    dimension: str,
    value: str,
    since: date,
    until: date,
) -> list[Row]:
    """Targets of a figure whose period touches the days from `since` to `until`, oldest first, shorter before longer.

    None where nothing is to be met, or the release is of an older program.
    """
    if not publishes(release, RELATION):
        return []
    return fetch(
        release,
        f"""
select
    stated_period, period_start, period_end, measured_on, is_complete, is_lower_better, target_value, actual_value,
    attainment, is_met, reason_when_null, _source, _load_id, _file, _row
from marts.{RELATION}
where metric = $metric and variant = $variant and dimension = $dimension and dimension_value = $value
    and target_value is not null
    and period_start <= cast($until as date) and period_end >= cast($since as date)
order by period_start, period_end""",
        metric=metric,
        variant=variant,
        dimension=dimension,
        value=value,
        since=since,
        until=until,
    )


def shortest(rows: list[Row], *, day: date) -> Row | None:
    """The target of the shortest period that holds a day: that of the month before that of its year."""
    holding = [row for row in rows if row["period_start"] <= day <= row["period_end"]]
    return min(holding, key=lambda row: row["period_end"] - row["period_start"], default=None)


def by_month(rows: list[Row], *, since: date, until: date) -> list[Row]:
    """One row per month that has a target, that of the shortest period, with `month_start` and `month_end`."""
    told = []
    first = since.replace(day=1)
    while first <= until:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        row = shortest(rows, day=last)
        if row is not None:
            told.append(row | {"month_start": first, "month_end": last})
        first = last + timedelta(days=1)
    return told
