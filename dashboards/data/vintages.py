"""What is left of a quarter's bills, by days after they fell due.

Belongs here: sums of mart_unpaid_vintage. Must not: write-offs of a quarter as losses (provision_history.py).
"""

from __future__ import annotations

from dashboards.data.among import among
from dashboards.data.release import Release, Row, fetch
from dashboards.data.trend import TrendScope

RELATION = "mart_unpaid_vintage"


def steps(release: Release, scope: TrendScope) -> list[Row]:
    """One row per quarter of billing and days after the due date, oldest quarter first, in the reporting currency.

    `unpaid_rate` is of what has come that far (`reached`), which of a young quarter is a part (`is_ripe`).
    """
    conditions, parameters = among({"company_code": scope.companies, "deal_nature": scope.natures})
    if not scope.has_intragroup:
        conditions.append("not is_intragroup")
    return fetch(
        release,
        f"""
with

scoped as (

    select * from marts.{RELATION}
    where {" and ".join(["true", *conditions])}

),

quarter as (

    -- on the due date every part of the quarter is counted, also what has not come further
    select quarter_start, sum(billed_reporting) as billed
    from scoped
    where step_no = 0
    group by quarter_start

)

select
    scoped.quarter_start,
    scoped.days_after_due,
    max(quarter.billed) as billed,
    sum(scoped.reached_reporting) as reached,
    sum(scoped.open_reporting) as open_amount,
    sum(scoped.written_off_reporting) as written_off,
    sum(scoped.unpaid_reporting) as unpaid,
    case when sum(scoped.reached_reporting) > 0
        then cast(sum(scoped.unpaid_reporting) as double) / cast(sum(scoped.reached_reporting) as double) end
        as unpaid_rate,
    sum(scoped.item_count) as item_count,
    bool_and(scoped.is_ripe) and sum(scoped.billed_reporting) = max(quarter.billed) as is_ripe,
    sum(scoped.unconverted_count) as unconverted_count
from scoped
inner join quarter
    on scoped.quarter_start = quarter.quarter_start
group by scoped.quarter_start, scoped.days_after_due
order by scoped.quarter_start, scoped.days_after_due""",
        **parameters,
    )
