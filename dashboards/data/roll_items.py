"""The items behind a cell of the roll rates: what stood in a bucket on the first day of a pair, and where it went.

Belongs here: queries of mart_roll_rate_item. Must not: the rates (roll.py), or follow an item: what counts and as what
is decided where the rates are made; these are the items that they were added up from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.data.among import among
from dashboards.data.exact import at_rate
from dashboards.data.rates import closing_rate
from dashboards.data.release import Release, Row, fetch
from dashboards.data.roll import EVERY, PARTS, RollScope

RELATION = "mart_roll_rate_item"


@dataclass(frozen=True)
class RollCell:
    """A bucket on the first day of a pair, and what became of it by the last (`EVERY`, or one of the parts)."""

    pair_no: int
    bucket: str
    became: str = EVERY


def pairs(release: Release) -> list[Row]:
    """The pairs whose items are kept, the newest first."""
    return fetch(
        release,
        f"""
select pair_no, min(start_day) as start_day, max(end_day) as end_day
from marts.{RELATION}
group by pair_no
order by pair_no""",
    )


def total(release: Release, scope: RollScope, cell: RollCell) -> Row:
    """Number and parts of all items of a cell in the reporting currency, translated as the rates are: sum by sum."""
    conditions, parameters = _conditions(scope, cell)
    sums = ",\n        ".join(f"sum(item.{part}_document) as {part}" for part in PARTS)
    parts = ",\n    ".join(
        f"coalesce(sum({at_rate(f'told.{part}', rate='rate.rate_to_reporting')}), 0) as {part}"
        for part in PARTS
    )
    (row,) = fetch(
        release,
        f"""
with

told as (

    select
        item.company_code,
        item.currency,
        count(*) as item_count,
        {sums}
    from marts.{RELATION} as item
    where {" and ".join(conditions)}
    -- every segment is translated by itself
    group by item.company_code, item.segment, item.currency

)

select
    coalesce(sum(told.item_count), 0) as item_count,
    {parts}
from told
{closing_rate("told")}""",
        **parameters,
        as_of=release.as_of,
    )
    return row | {"amount": sum(row[part] for part in _told(cell))}


def items(release: Release, scope: RollScope, cell: RollCell, *, limit: int) -> list[Row]:
    """Items of a cell, the largest first: what was open (`amount`) and its parts, each translated by itself."""
    conditions, parameters = _conditions(scope, cell)
    weight = "item.amount_document" if cell.became == EVERY else f"item.{cell.became}_document"
    parts = ",\n    ".join(
        f"{at_rate(f'largest.{part}_document', rate='largest.rate_to_reporting')} as {part}" for part in PARTS
    )
    return fetch(
        release,
        f"""
with

largest as (

    select item.*, rate.rate_to_reporting
    from marts.{RELATION} as item
    {closing_rate("item")}
    where {" and ".join(conditions)}
    -- what has no rate is last, but is not left out
    order by {weight} * rate.rate_to_reporting desc nulls last, item.open_item_id
    limit {int(limit)}

)

select
    largest.open_item_id,
    largest.company_code,
    largest.customer_id,
    largest.start_day,
    largest.end_day,
    largest.currency,
    largest.amount_document,
    {at_rate("largest.amount_document", rate="largest.rate_to_reporting")} as opening_amount,
    {parts},
    split_part(largest.open_item_id, '|', 3) as document_id,
    coalesce(customer.name, largest.customer_id) as customer_name
from largest
left join marts.dim_customer as customer
    on largest.company_code = customer.company_code and largest.customer_id = customer.customer_id
order by {weight.replace("item.", "largest.")} * largest.rate_to_reporting desc nulls last, largest.open_item_id""",
        **parameters,
        as_of=release.as_of,
    )


def _told(cell: RollCell) -> Sequence[str]:
    return PARTS if cell.became == EVERY else (cell.became,)


def _conditions(scope: RollScope, cell: RollCell) -> tuple[list[str], dict[str, object]]:
    if cell.became not in (EVERY, *PARTS):
        raise ValueError(f"no part of an amount: {cell.became}")
    conditions, parameters = among({"item.company_code": scope.companies})
    conditions += ["item.pair_no = $pair_no", "item.bucket = $bucket"]
    parameters |= {"pair_no": cell.pair_no, "bucket": cell.bucket}
    if scope.segment != EVERY:
        conditions.append("item.segment = $segment")
        parameters["segment"] = scope.segment
    if cell.became != EVERY:
        conditions.append(f"item.{cell.became}_document != 0")
    return conditions, parameters
