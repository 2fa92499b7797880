"""What a release was made of: deliveries with their row counts, and the totals that it published.

Belongs here: loads and totals. Must not: findings (quality_findings.py), the strip's own questions (status.py).
"""

from __future__ import annotations

from datetime import date

from dashboards.data.release import Release, Row, fetch

MOST_LOADS = 500
# rows in = rows that landed, were known, were the same twice, or were set aside
_UNACCOUNTED = "rows_read - rows_landed - rows_unchanged - rows_collapsed - rows_rejected"
COUNTS = ("rows_read", "rows_landed", "rows_unchanged", "rows_collapsed", "rows_rejected", "rows_tombstoned")


def by_entity(release: Release) -> list[Row]:
    """Deliveries of every source and entity with their row counts; what does not add up first."""
    counts = ", ".join(f"coalesce(sum({name}), 0) as {name}" for name in COUNTS)
    return fetch(
        release,
        f"""
select
    source, entity, max(mode) as mode, bool_or(is_required) as is_required, count(*) as load_count,
    max(extracted_at) as extracted_at, max(business_date) as business_date, {counts},
    coalesce(sum(abs({_UNACCOUNTED})), 0) as unaccounted_rows,
    sum(rows_rejected) * 1.0 / nullif(sum(rows_read), 0) as rejected_share
from marts.dim_release_load
group by source, entity
order by unaccounted_rows desc, bool_or(is_required) desc, source, entity""",
    )


def loads(release: Release, *, source: str, entity: str) -> list[Row]:
    """Deliveries of one source and entity, newest first, at most `MOST_LOADS`."""
    return fetch(
        release,
        f"""
select *, {_UNACCOUNTED} as unaccounted_rows
from marts.dim_release_load
where source = $source and entity = $entity
order by extracted_at desc, load_id desc
limit {MOST_LOADS}""",
        source=source,
        entity=entity,
    )


def delivered(release: Release, *, first_day: date) -> list[Row]:
    """What each source delivered per day of extraction since a day, for the picture."""
    return fetch(
        release,
        """
select
    source, cast(extracted_at as date) as day, count(*) as load_count,
    coalesce(sum(rows_read), 0) as rows_read, coalesce(sum(rows_landed), 0) as rows_landed,
    coalesce(sum(rows_rejected), 0) as rows_rejected
from marts.dim_release_load
where extracted_at >= cast($first_day as date)
group by source, day
order by source, day""",
        first_day=first_day,
    )


def totals(release: Release) -> list[Row]:
    """Control totals by company, class and currency beside the sum of the open items: they are equal, or it shows."""
    return fetch(
        release,
        """
with

published as (

    select company_code, receivable_class, currency, sum(amount_document) as total_document,
        sum(amount_reporting) as total_reporting, sum(item_count) as item_count
    from marts.dim_release_total
    group by company_code, receivable_class, currency

),

item as (

    select company_code, receivable_class, currency, sum(open_amount_document) as items_document
    from marts.mart_aging
    group by company_code, receivable_class, currency

)

select
    coalesce(published.company_code, item.company_code) as company_code,
    coalesce(published.receivable_class, item.receivable_class) as receivable_class,
    coalesce(published.currency, item.currency) as currency,
    published.item_count, published.total_document, item.items_document, published.total_reporting,
    coalesce(item.items_document, 0) - coalesce(published.total_document, 0) as difference
from published
full join item
    on published.company_code = item.company_code and published.receivable_class = item.receivable_class
    and published.currency = item.currency
order by difference = 0, company_code, receivable_class, currency""",
    )


def totals_of(release: Release, *, total: Row) -> list[Row]:
    """Buckets of one control total."""
    return fetch(
        release,
        """
select total.bucket, total.amount_document, total.amount_functional, total.amount_reporting, total.item_count,
    edge.label_zh, edge.label_en
from marts.dim_release_total as total
left join marts.dim_aging_bucket as edge
    on edge.scheme = 'standard' and total.bucket = edge.bucket
where total.company_code = $company_code and total.receivable_class = $receivable_class and total.currency = $currency
order by edge.bucket_no, total.bucket""",
        company_code=total["company_code"],
        receivable_class=total["receivable_class"],
        currency=total["currency"],
    )
