"""Figures of the provision page: the matrix, how a rate came about, and the items behind a cell.

Belongs here: aggregations of the credit loss marts as of now. Must not: rates or losses of its own; what was booked,
what might be otherwise and what was lost since (provision_history.py).

Totals leave out what is shown beside under another aging, and intragroup receivables, which the group view eliminates.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.data.release import Release, Row, fetch

BASES = ("reporting", "functional")
ANY_BUCKET = "*"
"""Bucket and aging of an overlay on a whole segment."""
MOST_CUSTOMERS = 200
MOST_ITEMS = 500
_ITEMS = "mart_expected_credit_loss_item"
_OWED = "not is_beside and method != 'eliminated'"
_MEASURES = ("open_amount", "absorbed", "exposure", "covered", "overlay", "expected_credit_loss")


@dataclass(frozen=True)
class ProvisionScope:
    """What a reader of the provision page looks at. No companies means all of them."""

    companies: tuple[str, ...] = ()
    basis: str = "reporting"

    def __post_init__(self) -> None:
        if self.basis not in BASES:
            raise ValueError(f"unknown currency basis: {self.basis}")

    @property
    def parameters(self) -> dict[str, object]:
        return {"companies": list(self.companies)}


@dataclass(frozen=True)
class Cell:
    """A segment of the matrix, or one bucket of it."""

    segment: str
    aging: str | None = None
    bucket: str | None = None


IN_SCOPE = (
    "(len(cast($companies as varchar[])) = 0 or list_contains(cast($companies as varchar[]), company_code))"
)
"""SQL that keeps to the companies of a scope."""


def companies(release: Release) -> list[Row]:
    """Companies with anything provisioned, and the currency of their books."""
    return fetch(
        release,
        """
select company_code, max(functional_currency) as functional_currency
from marts.mart_expected_credit_loss
group by company_code
order by company_code""",
    )


def segment_labels(release: Release) -> dict[str, Row]:
    """Labels that the policy gives its segments, where the release carries them."""
    rows = fetch(
        release,
        """
select segment, max(segment_label_zh) as zh, max(segment_label_en) as en
from marts.mart_credit_loss_rate
group by segment""",
    )
    return {row["segment"]: row for row in rows}


def totals(release: Release, scope: ProvisionScope) -> Row:
    """Exposure and expected loss: all of it, assessed individually, in groups, and decided on top."""
    sums = ",\n    ".join(
        f"coalesce(sum({measure}_{scope.basis}) filter (where {_OWED}), 0) as {measure}"
        for measure in _MEASURES
    )
    (row,) = fetch(
        release,
        f"""
select
    {sums},
    coalesce(sum(exposure_{scope.basis}) filter (where method = 'individual' and not is_beside), 0)
        as individual_exposure,
    coalesce(sum(expected_credit_loss_{scope.basis}) filter (where method = 'individual' and not is_beside), 0)
        as individual_loss,
    coalesce(sum(expected_credit_loss_{scope.basis})
        filter (where {_OWED} and method not in ('individual', 'overlay')), 0) as group_loss,
    coalesce(sum(exposure_{scope.basis}) filter (where method = 'eliminated' and not is_beside), 0)
        as intragroup_exposure,
    coalesce(sum(covered_loss_{scope.basis}) filter (where {_OWED}), 0) as covered_loss,
    coalesce(sum(item_count) filter (where {_OWED}), 0) as item_count,
    coalesce(sum(unconverted_count) filter (where not is_beside), 0) as unconverted_count
from marts.mart_expected_credit_loss
where {IN_SCOPE}""",
        **scope.parameters,
    )
    return row


def matrix(release: Release, scope: ProvisionScope) -> list[Row]:
    """Segment by aging and bucket: exposure, covered part, loss and the rate that they come to."""
    return fetch(
        release,
        f"""
with

cell as (

    select
        min(segment_no) as segment_no,
        segment,
        aging,
        bucket,
        is_beside,
        bool_and(method = 'eliminated') as is_eliminated,
        sum(exposure_{scope.basis}) as exposure,
        sum(covered_{scope.basis}) as covered,
        sum(expected_credit_loss_{scope.basis}) as loss,
        sum(item_count) as item_count
    from marts.mart_expected_credit_loss
    where {IN_SCOPE}
    group by segment, aging, bucket, is_beside

)

select
    cell.*,
    edge.bucket_no,
    edge.label_zh,
    edge.label_en,
    cast(cell.loss as double) / nullif(cast(cell.exposure as double), 0) as loss_rate
from cell
left join marts.dim_aging_bucket as edge
    on cell.aging = edge.scheme and cell.bucket = edge.bucket
order by cell.is_beside, cell.segment_no, cell.segment, cell.aging desc, edge.bucket_no nulls last, cell.bucket""",
        **scope.parameters,
    )


def lines(release: Release, scope: ProvisionScope, cell: Cell) -> list[Row]:
    """Published rows of a segment, or of a cell of it, with every figure on the way to the loss."""
    where, parameters = _of_cell(scope, cell)
    basis = scope.basis
    return fetch(
        release,
        f"""
select
    line.company_code,
    line.rate_segment,
    line.method,
    line.presentation,
    line.aging,
    line.bucket,
    edge.label_zh,
    edge.label_en,
    line.rate_source,
    line.item_count,
    line.open_amount_{basis} as open_amount,
    line.absorbed_{basis} as absorbed,
    line.exposure_{basis} as exposure,
    line.covered_{basis} as covered,
    line.covered_base_{basis} as covered_base,
    line.uncovered_base_{basis} as uncovered_base,
    cast(line.default_probability as double) as default_probability,
    cast(line.loss_given_default as double) as loss_given_default,
    cast(line.loss_rate as double) as loss_rate,
    cast(line.forward_factor as double) as forward_factor,
    cast(line.rate as double) as rate,
    cast(line.cover_rate as double) as cover_rate,
    line.uncovered_loss_{basis} as uncovered_loss,
    line.covered_loss_{basis} as covered_loss,
    line.overlay_{basis} as overlay,
    line.expected_credit_loss_{basis} as loss,
    line.overlay_reason,
    line.approved_by,
    line.expires_on,
    line.policy_version
from marts.mart_expected_credit_loss as line
left join marts.dim_aging_bucket as edge
    on line.aging = edge.scheme and line.bucket = edge.bucket
where {where} and not line.is_beside
order by line.company_code, line.rate_segment, line.aging desc, edge.bucket_no nulls last, line.bucket""",
        **parameters,
    )


def rate_sources(release: Release, scope: ProvisionScope) -> list[Row]:
    """Where the rates of each company and segment come from, why not from its own history, and how much there is."""
    return fetch(
        release,
        f"""
select
    company_code,
    min(segment_no) as segment_no,
    segment,
    aging,
    max(rate_source) as rate_source,
    max(reason_not_own) as reason_not_own,
    max(reason_not_pooled) as reason_not_pooled,
    max(pair_count) as pair_count,
    max(item_count) as item_count,
    max(default_pair_count) as default_pair_count,
    cast(max(fallback_multiple) as double) as fallback_multiple,
    cast(max(forward_factor) as double) as forward_factor
from marts.mart_credit_loss_rate
where {IN_SCOPE} and segment = rate_segment
group by company_code, segment, aging
order by company_code, segment_no, segment, aging desc""",
        **scope.parameters,
    )


def chain(release: Release, scope: ProvisionScope, *, segment: str) -> list[Row]:
    """From roll rate to the rate applied, one row per fine bucket, for the segment's own rates or those it takes."""
    return fetch(
        release,
        f"""
select
    rate.company_code,
    rate.rate_segment,
    rate.aging,
    rate.bucket,
    edge.label_zh,
    edge.label_en,
    rate.bucket_no,
    rate.fine_bucket,
    fine.label_zh as fine_label_zh,
    fine.label_en as fine_label_en,
    rate.rate_source,
    cast(rate.roll_rate as double) as roll_rate,
    cast(rate.default_probability as double) as default_probability,
    cast(rate.loss_given_default as double) as loss_given_default,
    rate.loss_given_default_source,
    rate.recovery_item_count,
    cast(rate.own_loss_rate as double) as own_loss_rate,
    cast(rate.pooled_loss_rate as double) as pooled_loss_rate,
    cast(rate.fallback_loss_rate as double) as fallback_loss_rate,
    cast(rate.fine_loss_rate as double) as fine_loss_rate,
    rate.weight_reporting,
    cast(rate.loss_rate as double) as loss_rate,
    cast(rate.forward_factor as double) as forward_factor,
    cast(rate.rate as double) as rate
from marts.mart_credit_loss_rate as rate
left join marts.dim_aging_bucket as edge
    on rate.aging = edge.scheme and rate.bucket = edge.bucket
-- days past due are rolled in steps of 30 days, years in years
left join marts.dim_aging_bucket as fine
    on rate.fine_bucket = fine.bucket
    and fine.scheme = case when rate.aging = 'standard' then 'monthly_30' else rate.aging end
where {IN_SCOPE} and rate.segment = $segment
order by rate.company_code, rate.rate_segment, rate.aging desc, rate.fine_bucket_no""",
        **scope.parameters,
        segment=segment,
    )


def has_items(release: Release) -> bool:
    """Whether the release carries the items behind the matrix; one made by an older program does not."""
    rows = fetch(
        release,
        "select 1 as found from information_schema.tables"
        f" where table_schema = 'marts' and table_name = '{_ITEMS}' limit 1",
    )
    return bool(rows)


def customers(release: Release, scope: ProvisionScope, cell: Cell) -> list[Row]:
    """Customers of a segment or of a cell, the largest loss first."""
    where, parameters = _of_cell(scope, cell)
    return fetch(
        release,
        f"""
with

owing as (

    -- names are joined to the few that are left
    select
        line.company_code,
        line.customer_id,
        count(*) as item_count,
        sum(line.exposure_{scope.basis}) as exposure,
        sum(line.covered_{scope.basis}) as covered,
        sum(line.expected_credit_loss_{scope.basis}) as loss,
        count(*) over () as customer_count
    from marts.{_ITEMS} as line
    where {where}
    group by line.company_code, line.customer_id
    order by loss desc, exposure desc, line.company_code, line.customer_id
    limit {MOST_CUSTOMERS}

)

select owing.*, coalesce(customer.name, owing.customer_id) as customer_name
from owing
left join marts.dim_customer as customer
    on owing.company_code = customer.company_code and owing.customer_id = customer.customer_id
order by owing.loss desc, owing.exposure desc, owing.company_code, owing.customer_id""",
        **parameters,
    )


def items(release: Release, scope: ProvisionScope, cell: Cell, *, customer: tuple[str, str]) -> list[Row]:
    """Items of one customer in a segment or a cell, the largest loss first."""
    where, parameters = _of_cell(scope, cell)
    return fetch(
        release,
        f"""
select
    line.document_id,
    line.receivable_class,
    line.aging,
    line.bucket,
    edge.label_zh,
    edge.label_en,
    line.currency,
    line.open_amount_document,
    line.exposure_{scope.basis} as exposure,
    line.covered_{scope.basis} as covered,
    line.uncovered_base_{scope.basis} as uncovered_base,
    line.rate_source,
    cast(line.rate as double) as rate,
    line.expected_credit_loss_{scope.basis} as loss
from marts.{_ITEMS} as line
left join marts.dim_aging_bucket as edge
    on line.aging = edge.scheme and line.bucket = edge.bucket
where {where} and line.company_code = $company_code and line.customer_id = $customer_id
order by line.expected_credit_loss_{scope.basis} desc, line.open_item_id
limit {MOST_ITEMS}""",
        **parameters,
        company_code=customer[0],
        customer_id=customer[1],
    )


def _of_cell(scope: ProvisionScope, cell: Cell) -> tuple[str, dict[str, object]]:
    where = IN_SCOPE.replace("company_code", "line.company_code") + " and line.segment = $segment"
    parameters = scope.parameters | {"segment": cell.segment}
    for name, value in (("aging", cell.aging), ("bucket", cell.bucket)):
        if value is not None:
            where += f" and line.{name} = ${name}"
            parameters[name] = value
    return where, parameters
