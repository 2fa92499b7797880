"""Figures of the overview: metrics by month and dimension, largest customers, losses, cash to come.

Belongs here: reading marts that are aggregated already, for the group or one company. Must not: history by bucket
(trend.py), what changed overdue (bridge.py), what to look at (attention.py), open items and what proves them
(positions.py). All amounts are in the reporting currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards.access.viewer import EVERYTHING
from dashboards.data.release import Release, Row, fetch

GROUP = "*"
DIMENSIONS = ("company", "salesperson", "region", "deal_nature")
"""What the table of the page can be told by."""
# metric, variant and window (0 where only balances count) of every figure of the page and of the monthly pack
_METRICS = (
    "overdue_rate|gross|0", "overdue_rate|net|0", "over_90_rate|gross|0", "dso|countback|0",
    "dso|countback_with_bills|0", "dso|ending|1", "dso|with_bills|1", "best_possible_dso|ending|3",
    "collection_rate|all_cash|1", "due_collection_rate|applied|1",
    "collection_effectiveness_index|write_off_adjusted|3", "allowance_rate|booked|0",
)  # fmt: skip

Key = tuple[str, str, int]


@dataclass(frozen=True)
class Where:
    """What the page speaks of: the group (without what its companies owe each other), or one company."""

    company: str = GROUP

    @property
    def is_group(self) -> bool:
        return self.company == GROUP

    @property
    def companies(self) -> tuple[str, ...]:
        return () if self.is_group else (self.company,)

    @property
    def dimension(self) -> str:
        return "group" if self.is_group else "company"

    def of(self, column: str) -> str:
        """SQL that keeps to the companies; true for the group."""
        return "true" if self.is_group else f"{column} = $company"

    @property
    def parameters(self) -> dict[str, object]:
        return {} if self.is_group else {"company": self.company}


def offered(release: Release) -> list[str]:
    """What a reader may choose: the group where he sees all of it, and every company that he sees."""
    rows = fetch(release, "select company_code from marts.dim_company order by company_code")
    group = [GROUP] if release.restriction == EVERYTHING else []
    return group + [row["company_code"] for row in rows]


def metrics(release: Release, where: Where, *, since: date) -> dict[Key, list[Row]]:
    """Months of every metric, oldest first, by metric, variant and window (0: only balances count)."""
    rows = fetch(
        release,
        """
select
    period_end, is_complete, metric, variant, coalesce(window_months, 0) as window_months, unit, currency,
    numerator, denominator, value, reason_when_null
from marts.mart_receivable_kpi
where dimension = $dimension and dimension_value = $value and period_end >= cast($since as date)
    and list_contains(cast($metrics as varchar[]),
        metric || '|' || variant || '|' || cast(coalesce(window_months, 0) as varchar))
order by period_end""",
        dimension=where.dimension,
        value=where.company,
        since=since,
        metrics=list(_METRICS),
    )
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault((row["metric"], row["variant"], row["window_months"]), []).append(row)
    return found


def by_dimension(release: Release, where: Where, *, dimension: str) -> list[Row]:
    """Headline metrics of every value of a dimension at the newest period end, beside the one before."""
    value = "and dimension_value = $company" if dimension == "company" and not where.is_group else ""
    return fetch(
        release,
        f"""
with

period as (

    -- the newest period end, and the one before it
    select period_end, row_number() over (order by period_end desc) as back
    from (select distinct period_end from marts.mart_receivable_kpi where dimension = $dimension)
    qualify back <= 2

),

told as (

    select
        kpi.dimension_value,
        period.back,
        kpi.metric || '|' || kpi.variant || '|' || cast(coalesce(kpi.window_months, 0) as varchar) as metric,
        kpi.numerator,
        kpi.denominator,
        kpi.value
    from marts.mart_receivable_kpi as kpi
    inner join period
        on kpi.period_end = period.period_end
    where kpi.dimension = $dimension {value}

)

select
    dimension_value,
    max(denominator) filter (where back = 1 and metric = 'overdue_rate|net|0') as receivable,
    max(numerator) filter (where back = 1 and metric = 'overdue_rate|gross|0') as overdue,
    max(value) filter (where back = 1 and metric = 'overdue_rate|gross|0') as overdue_rate,
    max(numerator) filter (where back = 1 and metric = 'over_90_rate|gross|0') as over_90,
    max(value) filter (where back = 1 and metric = 'dso|countback|0') as dso_days,
    max(value) filter (where back = 1 and metric = 'due_collection_rate|applied|1') as due_collection_rate,
    max(numerator) filter (where back = 1 and metric = 'overdue_rate|gross|0')
    - max(numerator) filter (where back = 2 and metric = 'overdue_rate|gross|0') as overdue_change
from told
group by dimension_value
-- nobody needs a row of nothing
having receivable is not null and (receivable != 0 or overdue != 0 or overdue_change != 0)
order by overdue desc nulls last, dimension_value""",
        dimension=dimension,
        **({"company": where.company} if value else {}),
    )


def overdue_range(release: Release, where: Where) -> dict[str, Decimal]:
    """Gross overdue in the best and the worst case, by name of the case; empty where it is not published."""
    rows = fetch(
        release,
        """
select line, sum(amount_reporting) as amount
from marts.mart_overdue_range
where dimension = $dimension and dimension_value = $value and line in ('best_case', 'worst_case')
group by line""",
        dimension=where.dimension,
        value=where.company,
    )
    return {row["line"]: row["amount"] for row in rows if row["amount"] is not None}


def expected_losses(release: Release, where: Where) -> list[Row]:
    """Expected credit loss by segment and presentation, overlays in it."""
    return fetch(
        release,
        f"""
select
    presentation,
    segment,
    min(segment_no) as segment_no,
    sum(exposure_reporting) as exposure,
    sum(covered_reporting) as covered,
    sum(expected_credit_loss_reporting) as expected_loss,
    sum(overlay_reporting) as overlay,
    sum(unconverted_count) as unconverted_count
from marts.mart_expected_credit_loss
where not is_beside and {where.of("company_code")}
group by presentation, segment
order by segment_no, presentation""",
        **where.parameters,
    )


def largest_overdue(release: Release, where: Where, *, limit: int) -> list[Row]:
    """Customers with the largest undisputed overdue after their own credits; all ids of a customer together."""
    return fetch(
        release,
        f"""
with

owing as (

    select party_id, net_overdue_0_reporting, oldest_due_date
    from marts.mart_net_overdue_history
    where knowledge = 'now' and effective_from <= cast($as_of as date) and effective_to > cast($as_of as date)
        and net_overdue_0_reporting > 0

),

head as (

    -- the customer that stands for all ids of a party; of a reader's own rows, if it is not among them, the first
    select party_id, company_code, customer_id, name, collector
    from marts.dim_customer
    where {where.of("company_code")}
    qualify row_number() over (
        partition by party_id order by company_code || '|' || customer_id != party_id, company_code, customer_id
    ) = 1

),

rating as (

    select party_id, max(grade) as grade
    from marts.mart_credit_rating
    where is_current
    group by party_id

)

select
    head.company_code,
    head.customer_id,
    coalesce(head.name, head.customer_id) as customer_name,
    owing.net_overdue_0_reporting as net_overdue,
    date_diff('day', owing.oldest_due_date, cast($as_of as date)) as oldest_days,
    rating.grade,
    head.collector
from owing
inner join head on owing.party_id = head.party_id
left join rating on owing.party_id = rating.party_id
order by owing.net_overdue_0_reporting desc, owing.party_id
limit {int(limit)}""",
        as_of=release.as_of,
        **where.parameters,
    )


def aging_by_company(release: Release, where: Where) -> list[Row]:
    """Balance of each company and bucket on the as-of date, without intragroup."""
    return fetch(
        release,
        f"""
select company_code, bucket, sum(balance_reporting) as balance
from marts.mart_overdue_trend
where scheme = 'standard' and day = cast($as_of as date) and not is_intragroup and {where.of("company_code")}
group by company_code, bucket
order by company_code, bucket""",
        as_of=release.as_of,
        **where.parameters,
    )


def watchlist(release: Release, where: Where, *, limit: int) -> list[Row]:
    """The first customers of the watchlist, with the reason named first in both languages, and how many there are."""
    return fetch(
        release,
        f"""
select
    listed.watchlist_rank, listed.company_code, listed.customer_id, listed.name, listed.severity, listed.grade,
    listed.net_overdue_reporting, listed.oldest_overdue_days, listed.uncovered_exposure_reporting,
    listed.expected_loss_reporting, listed.owner_zh, listed.owner_en, listed.react_by,
    warning.message_zh, warning.message_en,
    count(*) over () as listed_count
from marts.mart_watchlist as listed
left join marts.mart_risk_warning as warning
    on listed.first_reason_episode_id = warning.episode_id
where {where.of("listed.company_code")}
order by listed.watchlist_rank
limit {int(limit)}""",
        **where.parameters,
    )
