"""The daily trend against the aging of each day.

Belongs here: the comparison, for any set of companies. Must not: choosing days.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

Query = Callable[[str, list[object]], list[dict[str, Any]]]


def trend_differences(query: Query, day: date, *, scheme: str) -> list[dict[str, Any]]:
    """Buckets in which the trend of a day is not the aging of that day. Where a rate is missing the trend has no
    functional amount and the aging that of the other items; these are not compared."""
    return query(
        """
        with trend as (
            select company_code, currency, bucket, sum(balance_document) as amount,
                sum(balance_functional) as functional, sum(unconverted_count) as unconverted
            from marts.mart_overdue_trend where day = $1 and scheme = $2 group by all
        ),
        aging as (
            select company_code, currency, bucket, sum(amount_document) as amount,
                sum(amount_functional) as functional
            from marts.aging_as_of($1, $2) group by all
        )
        select * from trend full outer join aging using (company_code, currency, bucket)
        where coalesce(trend.amount, 0) <> coalesce(aging.amount, 0)
            or (coalesce(trend.unconverted, 0) = 0
                and coalesce(trend.functional, 0) <> coalesce(aging.functional, 0))
        """,
        [day, scheme],
    )
