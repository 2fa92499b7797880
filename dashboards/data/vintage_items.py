"""The items behind a point of a vintage: what of a quarter's bills was unpaid so many days after it fell due.

Belongs here: queries of mart_unpaid_vintage_item. Must not: the shares (vintages.py), or follow an item itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboards.data.among import among
from dashboards.data.exact import at_rate
from dashboards.data.rates import closing_rate
from dashboards.data.release import Release, Row, fetch
from dashboards.data.trend import TrendScope

RELATION = "mart_unpaid_vintage_item"


@dataclass(frozen=True)
class Point:
    """A quarter of billing, by its first day, and a step of 30 days after the due date."""

    quarter_start: date
    step_no: int


def total(release: Release, scope: TrendScope, point: Point) -> Row:
    """Number of items, open and written off in the reporting currency, translated as the vintage is: sum by sum."""
    where, parameters = _conditions(scope, point)
    (row,) = fetch(
        release,
        f"""
with

told as (

    select
        item.company_code,
        item.currency,
        count(distinct item.open_item_id) as item_count,
        sum(item.open_document) as opened,
        sum(item.written_off_document) as written_off
    from marts.{RELATION} as item
    where {where}
    -- every nature is translated by itself
    group by item.company_code, item.deal_nature, item.is_intragroup, item.currency

)

select
    coalesce(sum(told.item_count), 0) as item_count,
    coalesce(sum({at_rate("told.opened")}), 0) as open_amount,
    coalesce(sum({at_rate("told.written_off")}), 0) as written_off
from told
{closing_rate("told")}""",
        **parameters,
        as_of=release.as_of,
    )
    return row


def items(release: Release, scope: TrendScope, point: Point, *, limit: int) -> list[Row]:
    """The items, the largest unpaid amount first; each is translated by itself."""
    where, parameters = _conditions(scope, point)
    unpaid = "(item.open_document + item.written_off_document)"
    return fetch(
        release,
        f"""
with

unpaid as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.currency,
        item.due_date,
        sum(item.open_document) as open_document,
        sum(item.written_off_document) as written_off_document
    from marts.{RELATION} as item
    where {where}
    group by item.open_item_id, item.company_code, item.customer_id, item.currency, item.due_date

),

largest as (

    select item.*, rate.rate_to_reporting
    from unpaid as item
    {closing_rate("item")}
    -- what has no rate is last, but is not left out
    order by {unpaid} * rate.rate_to_reporting desc nulls last, item.open_item_id
    limit {int(limit)}

)

select
    item.open_item_id,
    item.company_code,
    item.customer_id,
    item.currency,
    item.due_date as original_due_date,
    cast(item.open_document + item.written_off_document as decimal(18, 2)) as amount_document,
    {at_rate("item.open_document", rate="item.rate_to_reporting")} as open_then,
    {at_rate("item.written_off_document", rate="item.rate_to_reporting")} as written_off,
    split_part(item.open_item_id, '|', 3) as document_id,
    coalesce(customer.name, item.customer_id) as customer_name
from largest as item
left join marts.dim_customer as customer
    on item.company_code = customer.company_code and item.customer_id = customer.customer_id
order by {unpaid} * item.rate_to_reporting desc nulls last, item.open_item_id""",
        **parameters,
        as_of=release.as_of,
    )


def _conditions(scope: TrendScope, point: Point) -> tuple[str, dict[str, object]]:
    conditions, parameters = among({"item.company_code": scope.companies, "item.deal_nature": scope.natures})
    if not scope.has_intragroup:
        conditions.append("not item.is_intragroup")
    conditions += [
        "item.quarter_start = cast($quarter_start as date)",
        "item.from_step <= $step_no and item.until_step > $step_no",
    ]
    return " and ".join(conditions), parameters | {
        "quarter_start": point.quarter_start,
        "step_no": point.step_no,
    }
