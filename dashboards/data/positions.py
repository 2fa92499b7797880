"""What is open on the as-of date and what proves it: classes, credits, restatements, what overdue costs.

Belongs here: sums of items by class, and the way from them to the statement. Must not: tie-out to the ledger
(status.py). All amounts are in the reporting currency.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dashboards.data.exact import at_rate, exact_share
from dashboards.data.overview import Where
from dashboards.data.rates import closing_rate
from dashboards.data.release import Release, Row, fetch

# ids under which a source books what it cannot give to a customer
UNIDENTIFIED = ("(unidentified)", "(unassigned)")


def by_class(release: Release, where: Where) -> list[Row]:
    """What is open on the as-of date, by class and whether inside the group: credits, disputed, unidentified apart."""
    disputed = exact_share(
        "open_amount_reporting", part="disputed_amount_document", whole="open_amount_document"
    )
    return fetch(
        release,
        f"""
with

inside as (

    -- few, so that a million items need not meet every customer
    select company_code, customer_id
    from marts.dim_customer
    where is_intragroup

),

item as (

    select
        aged.receivable_class,
        inside.customer_id is not null as is_intragroup,
        aged.open_amount_reporting,
        aged.open_amount_document,
        aged.disputed_amount_document,
        aged.open_amount_document < 0 and aged.item_kind = 'receipt' as is_cash,
        aged.open_amount_document < 0 and aged.item_kind != 'receipt' as is_other_credit,
        list_contains(cast($unidentified as varchar[]), aged.customer_id) as is_unidentified
    from marts.mart_aging as aged
    left join inside
        on aged.company_code = inside.company_code and aged.customer_id = inside.customer_id
    where {where.of("aged.company_code")}

),

disputed as (

    select receivable_class, is_intragroup, sum({disputed}) as disputed
    from item
    where disputed_amount_document > 0
    group by receivable_class, is_intragroup

),

summed as (

    select
        receivable_class,
        is_intragroup,
        sum(open_amount_reporting) as outstanding,
        coalesce(sum(open_amount_reporting) filter (where is_cash), 0) as unapplied_cash,
        coalesce(sum(open_amount_reporting) filter (where is_other_credit), 0) as open_credits,
        coalesce(sum(open_amount_reporting) filter (where is_cash and is_unidentified), 0) as unidentified_cash
    from item
    group by receivable_class, is_intragroup

)

select summed.*, coalesce(disputed.disputed, 0) as disputed
from summed
left join disputed
    on summed.receivable_class = disputed.receivable_class and summed.is_intragroup = disputed.is_intragroup
order by summed.receivable_class, summed.is_intragroup""",
        unidentified=list(UNIDENTIFIED),
        **where.parameters,
    )


def credit_balances(release: Release, where: Where) -> Decimal:
    """What customers are in credit by, after their credits have absorbed what they owe in the same currency.

    The statement shows it as a liability; it is a positive amount here. Intragroup is left out.
    """
    rows = fetch(
        release,
        f"""
select coalesce(sum({at_rate("-part.net_amount_document")}), 0) as amount
from marts.mart_aging_customer as part
{closing_rate("part", day="part.as_of_date")}
left join marts.dim_customer as customer
    on part.company_code = customer.company_code and part.customer_id = customer.customer_id
where part.scheme = 'standard' and part.bucket = 'unapplied' and part.receivable_class = 'trade'
    and not coalesce(customer.is_intragroup, false) and {where.of("part.company_code")}""",
        **where.parameters,
    )
    return Decimal(rows[0]["amount"])


def restated(release: Release, where: Where, *, closed: date) -> Row:
    """What became known after a day about days up to it, on trade items: items, and by how much the balance changed.

    Like the balance itself, that of the group is without what its companies owe each other.
    """
    (row,) = fetch(
        release,
        f"""
select
    count(distinct change.open_item_id) as item_count,
    coalesce(sum({at_rate("change.amount_document")}), 0) as amount
from marts.mart_restatement as change
{closing_rate("change")}
left join marts.dim_customer as customer
    on change.company_code = customer.company_code and change.customer_id = customer.customer_id
where {"not coalesce(customer.is_intragroup, false)" if where.is_group else "true"}
    and change.receivable_class = 'trade' and change.closed_through >= cast($closed as date)
    and change.effective_date <= cast($closed as date) and {where.of("change.company_code")}""",
        as_of=release.as_of,
        closed=closed,
        **where.parameters,
    )
    return row


def overdue_by_company(release: Release, where: Where) -> list[Row]:
    """Gross overdue of each company on the as-of date, and the rate at which it borrows (NULL: not told)."""
    return fetch(
        release,
        f"""
select
    trend.company_code,
    any_value(company.borrowing_rate) as borrowing_rate,
    coalesce(sum(trend.balance_reporting) filter (where edge.lower_bound >= 1), 0) as overdue
from marts.mart_overdue_trend as trend
inner join marts.dim_company as company
    on trend.company_code = company.company_code
inner join marts.dim_aging_bucket as edge
    on trend.scheme = edge.scheme and trend.bucket = edge.bucket
where trend.scheme = 'standard' and trend.day = cast($as_of as date) and not trend.is_intragroup
    and {where.of("trend.company_code")}
group by trend.company_code
order by trend.company_code""",
        as_of=release.as_of,
        **where.parameters,
    )
