"""What the sections of the working list are made of: whose customers, which items, how much may be asked for.

Belongs here: SQL that several sections begin or end with. Must not: a section (worklist.py).
"""

from __future__ import annotations

from dashboards.data import collection
from dashboards.data.exact import exact_share
from dashboards.data.owners import is_looked_after
from dashboards.data.release import Release, Row, fetch, fetch_whole

DUE_DAYS = 7
NEW_DAYS = 7

_DISPUTED = exact_share(
    "aged.open_amount_reporting", part="aged.disputed_amount_document", whole="aged.open_amount_document"
)
# section -> days past the policy due date that its items have
AGES = {"coming": (-DUE_DAYS, 0), "fresh": (1, NEW_DAYS), "overdue": (1, 100_000)}

MINE = f"""
mine as (

    select company_code, customer_id, coalesce(name, customer_id) as customer_name, collector, sales_owner, party_id
    from marts.dim_customer
    where not coalesce(is_intragroup, false) and {is_looked_after("dim_customer")}

)"""
# What may not be asked for now (policy section 5, frozen while): the disputed part, what is promised until its grace
# ends, and what open credits of the company and currency cover together with everything older. Names come last: at ten
# million documents it is the width of a row that costs.
ITEM = f"""
promised as (

    select company_code, customer_id, document_id, instalment_no, max(grace_end_date) as promised_until
    from marts.mart_promise
    where status = 'open' and kind in ('promise', 'plan')
    group by company_code, customer_id, document_id, instalment_no

),

held as (

    select aged.open_item_id, max(promised.promised_until) as promised_until
    from marts.mart_aging as aged
    inner join promised
        on aged.company_code = promised.company_code
        and aged.customer_id = promised.customer_id
        and (promised.document_id is null or promised.document_id = aged.document_id)
        and (promised.instalment_no is null or promised.instalment_no = aged.instalment_no)
    group by aged.open_item_id

),

item as (

    select
        aged.*,
        case when aged.disputed_amount_document = 0 then 0 else {_DISPUTED} end as disputed_reporting,
        held.promised_until
    from marts.mart_aging as aged
    left join held on aged.open_item_id = held.open_item_id
    where aged.receivable_class = 'trade'
        and aged.open_amount_document > 0
        and aged.days_past_due between cast($youngest as int) and cast($oldest as int)
        and exists (
            select 1 from mine where mine.company_code = aged.company_code and mine.customer_id = aged.customer_id
        )

)"""
_SUMMED = """
grade as (

    select company_code, customer_id, max(grade) as grade
    from marts.mart_credit_rating
    where is_current
    group by company_code, customer_id

),

pool as (

    select
        company_code,
        customer_id,
        currency,
        coalesce(-sum(open_amount_document) filter (where open_amount_document < 0), 0)
        >= coalesce(sum(open_amount_document - disputed_amount_document) filter (
            where open_amount_document > 0 and days_past_due >= cast($youngest as int)
        ), 0) as is_covered
    from marts.mart_aging
    where receivable_class = 'trade'
    group by company_code, customer_id, currency

),

by_currency as (

    select
        company_code,
        customer_id,
        currency,
        sum(open_amount_reporting) as amount_reporting,
        sum(disputed_reporting) as disputed_reporting,
        sum(open_amount_reporting - disputed_reporting) filter (where promised_until is not null)
            as promised_reporting,
        count(*) as item_count,
        max(days_past_due) as days_past_due,
        min(due_date) as due_date,
        min(due_date) filter (where promised_until is null and open_amount_document > disputed_amount_document)
            as asked_from,
        max(promised_until) as promised_until
    from item
    group by company_code, customer_id, currency

),

summed as (

    select
        by_currency.company_code,
        by_currency.customer_id,
        sum(amount_reporting) as amount_reporting,
        sum(disputed_reporting) as disputed_reporting,
        coalesce(sum(promised_reporting), 0) as promised_reporting,
        sum(item_count) as item_count,
        max(days_past_due) as days_past_due,
        min(due_date) as due_date,
        min(asked_from) filter (where not pool.is_covered) as asked_from,
        max(promised_until) as promised_until,
        bool_or(pool.is_covered) as is_covered
    from by_currency
    inner join pool
        on by_currency.company_code = pool.company_code
        and by_currency.customer_id = pool.customer_id
        and by_currency.currency = pool.currency
    group by by_currency.company_code, by_currency.customer_id

)"""


def customers(release: Release) -> str:
    """SQL of CTEs after MINE and ITEM, the last of them `customer`: what of each customer's items is at stake, from
    which due date on it may be asked for (`asked_from`), and the steps of the ladder taken with it.
    """
    return f"""{_SUMMED},
{collection.steps_taken(release, key=("company_code", "customer_id"), member="summed", item="item")},

customer as (

    select
        mine.customer_name, mine.collector, mine.sales_owner, grade.grade, taken.steps_taken, taken.is_recorded,
        summed.*
    from summed
    inner join mine on summed.company_code = mine.company_code and summed.customer_id = mine.customer_id
    left join grade on summed.company_code = grade.company_code and summed.customer_id = grade.customer_id
    left join taken on summed.company_code = taken.company_code and summed.customer_id = taken.customer_id

)"""


def with_totals(relation: str, *, silent: str | None = None) -> str:
    """The last CTE and the select: rows of a section, each with number and sum of all of them.

    Totals and not windows: a window would carry every column of every row, and a page shows two hundred rows.
    """
    more = (
        f"""
        count(*) filter (where {silent}) as silent_count,
        coalesce(sum(amount_reporting) filter (where {silent}), 0) as silent_amount,"""
        if silent
        else ""
    )
    return f""",

whole as (

    select{more}
        count(*) as section_count,
        coalesce(sum(amount_reporting), 0) as section_amount
    from {relation}

)

select {relation}.*, whole.*
from {relation}
cross join whole"""


def ask(release: Release, sql: str, *, limit: int | None, **parameters: object) -> list[Row]:
    """The first rows of a section, or all of them for a file."""
    if limit is None:
        return fetch_whole(release, sql, **parameters)
    return fetch(release, f"{sql}\nlimit {int(limit)}", **parameters)
