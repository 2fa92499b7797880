"""The working list of one person: what falls due, what just became overdue, promises, cash to apply, who was reached.

Belongs here: customers of one owner with an amount at stake. Must not: the ladder's days (ladder.py), contact data
(contacts.py). Amounts are in the reporting currency, class trade, without intragroup; every row carries the number and
the sum of all rows of its section, so that a list that is cut still says what it is a part of.
"""

from __future__ import annotations

from dashboards.data.exact import exact_share
from dashboards.data.owners import is_looked_after
from dashboards.data.release import Release, Row, fetch, fetch_whole

DUE_DAYS = 7
NEW_DAYS = 7
MOST_ROWS = 200

_DISPUTED = exact_share(
    "aged.open_amount_reporting", part="aged.disputed_amount_document", whole="aged.open_amount_document"
)
MISSING = "greatest(promise.shortfall_document - coalesce(promise.received_since_document, 0), 0)"
"""SQL of what has not come in yet of a promise, in its own currency; the shortfall stays what it was in the grace."""
MISSING_REPORTING = exact_share(
    "promise.shortfall_reporting", part=MISSING, whole="promise.shortfall_document"
)
# section -> days past the policy due date that its items have
_AGES = {"coming": (-DUE_DAYS, 0), "fresh": (1, NEW_DAYS), "overdue": (1, 100_000)}

_MINE = f"""
mine as (

    select company_code, customer_id, coalesce(name, customer_id) as customer_name, collector, sales_owner, party_id
    from marts.dim_customer
    where not coalesce(is_intragroup, false) and {is_looked_after("dim_customer")}

)"""
# What may not be asked for now (policy section 5, frozen while): the disputed part, what is promised until its grace
# ends, and what open credits of the company and currency cover together with everything older. Names come last: at ten
# million documents it is the width of a row that costs.
_ITEM = f"""
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
_CUSTOMER = """
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

),

customer as (

    select mine.customer_name, mine.collector, mine.sales_owner, grade.grade, summed.*
    from summed
    inner join mine on summed.company_code = mine.company_code and summed.customer_id = mine.customer_id
    left join grade on summed.company_code = grade.company_code and summed.customer_id = grade.customer_id

)"""


def falling_due(
    release: Release, *, owner: str | None, section: str, limit: int | None = MOST_ROWS
) -> list[Row]:
    """Customers with something that falls due in seven days, today included (`coming`), or became overdue in the last
    seven (`fresh`). `asked_from` is the oldest due date of what is neither disputed nor promised.
    """
    return _ask(
        release,
        f"""
with
{_MINE},
{_ITEM},
{_CUSTOMER}{_with_totals("customer")}
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, youngest=_AGES[section][0], oldest=_AGES[section][1],
    )  # fmt: skip


def items(release: Release, *, owner: str | None, section: str) -> list[Row]:
    """The single items of a section of `falling_due`, for a file."""
    return _ask(
        release,
        f"""
with
{_MINE},
{_ITEM}

select
    mine.customer_name, mine.collector, mine.sales_owner, item.company_code, item.customer_id, item.document_id,
    item.instalment_no, item.due_date, item.days_past_due, item.currency, item.open_amount_document,
    item.open_amount_reporting, item.disputed_reporting, item.promised_until
from item
inner join mine on item.company_code = mine.company_code and item.customer_id = mine.customer_id
order by
    item.days_past_due desc, item.open_amount_reporting desc nulls last, item.company_code, item.document_id,
    item.instalment_no""",
        limit=None, owner=owner, youngest=_AGES[section][0], oldest=_AGES[section][1],
    )  # fmt: skip


def promises(
    release: Release, *, owner: str | None, section: str, limit: int | None = MOST_ROWS
) -> list[Row]:
    """Promises and plan lines due within seven days or in their grace (`due`), or what is still missing of broken ones
    (`broken`). Amounts are what has not come in yet.
    """
    return _ask(
        release,
        f"""
with
{_MINE},

promise as (

    select *, {MISSING} as missing_document
    from marts.mart_promise as promise
    where kind in ('promise', 'plan')
        and case
            when cast($is_due as boolean)
                then status = 'open' and promised_date <= cast($as_of as date) + {DUE_DAYS}
            else status in ('broken', 'partial')
        end

),

stated as (

    select
        mine.company_code, mine.customer_id, mine.customer_name, mine.collector, mine.sales_owner,
        promise.promise_id, promise.document_id, promise.kind, promise.made_on, promise.promised_date,
        promise.grace_end_date, promise.currency, promise.promised_amount_document, promise.missing_document,
        {MISSING_REPORTING} as amount_reporting,
        date_diff('day', promise.promised_date, cast($as_of as date)) as days_since_promised
    from promise
    inner join mine on promise.company_code = mine.company_code and promise.customer_id = mine.customer_id
    where promise.missing_document > 0

){_with_totals("stated")}
order by amount_reporting desc nulls last, promised_date, promise_id""",
        limit=limit, owner=owner, as_of=release.as_of, is_due=section == "due",
    )  # fmt: skip


def unapplied(release: Release, *, owner: str | None, limit: int | None = MOST_ROWS) -> list[Row]:
    """Customers with cash not applied, beside what of theirs is overdue and would be covered by it."""
    return _ask(
        release,
        f"""
with
{_MINE},

summed as (

    select
        company_code,
        customer_id,
        coalesce(-sum(open_amount_reporting) filter (where is_cash), 0) as amount_reporting,
        count(*) filter (where is_cash) as receipt_count,
        min(document_date) filter (where is_cash) as received_on,
        coalesce(sum(open_amount_reporting) filter (where open_amount_document > 0 and days_past_due > 0), 0)
            as overdue_reporting
    from (select *, item_kind = 'receipt' and open_amount_document < 0 as is_cash from marts.mart_aging)
    where receivable_class = 'trade'
    group by company_code, customer_id
    having receipt_count > 0

),

customer as (

    select
        mine.customer_name,
        mine.collector,
        mine.sales_owner,
        summed.*,
        date_diff('day', summed.received_on, cast($as_of as date)) as days_unapplied
    from summed
    inner join mine on summed.company_code = mine.company_code and summed.customer_id = mine.customer_id

){_with_totals("customer")}
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, as_of=release.as_of,
    )  # fmt: skip


def reached(release: Release, *, owner: str | None, limit: int | None = MOST_ROWS) -> list[Row]:
    """Customers with something overdue and the newest day on which they are known to have been spoken to.

    That is the newest of: a collection activity that a warning names (the first since it opened), a promise, a demand
    or an acknowledgement that restarted a limitation period. Releases hold no other record of contacts.
    """
    silent = "reached_on is null or reached_on < cast($as_of as date) - 30"
    return _ask(
        release,
        f"""
with
{_MINE},
{_ITEM},
{_CUSTOMER},

contact as (

    select
        company_code,
        customer_id,
        acknowledged_on as reached_on,
        acknowledged_by as reached_by,
        'activity' as reached_how
    from marts.mart_risk_warning
    where acknowledged_on is not null
    union all
    select company_code, customer_id, made_on, null, 'promise'
    from marts.mart_promise
    where made_on is not null
    union all
    select company_code, customer_id, last_restart_date, null, last_restart_kind
    from marts.mart_limitation
    where last_restart_kind in ('demand', 'acknowledgement')

),

newest as (

    select
        company_code,
        customer_id,
        max(reached_on) as reached_on,
        max_by(reached_how, (reached_on, reached_how)) as reached_how,
        max_by(reached_by, reached_on) filter (where reached_by is not null) as reached_by
    from contact
    where reached_on <= cast($as_of as date)
    group by company_code, customer_id

),

contacted as (

    select
        customer.company_code, customer.customer_id, customer.customer_name, customer.collector, customer.sales_owner,
        customer.grade, customer.amount_reporting, customer.days_past_due, customer.asked_from,
        customer.promised_until, customer.is_covered, newest.reached_on, newest.reached_how, newest.reached_by,
        date_diff('day', newest.reached_on, cast($as_of as date)) as days_since_reached
    from customer
    left join newest on customer.company_code = newest.company_code and customer.customer_id = newest.customer_id

){_with_totals("contacted", silent=silent)}
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, as_of=release.as_of, youngest=_AGES["overdue"][0], oldest=_AGES["overdue"][1],
    )  # fmt: skip


def unconverted(release: Release, *, owner: str | None) -> int:
    """Open trade items of these customers without a rate: in no amount of the list."""
    rows = fetch(
        release,
        f"""
with
{_MINE}

select count(*) as item_count
from marts.mart_aging as aged
inner join mine on aged.company_code = mine.company_code and aged.customer_id = mine.customer_id
where aged.receivable_class = 'trade' and aged.open_amount_reporting is null""",
        owner=owner,
    )
    return int(rows[0]["item_count"])


def _with_totals(relation: str, *, silent: str | None = None) -> str:
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


def _ask(release: Release, sql: str, *, limit: int | None, **parameters: object) -> list[Row]:
    if limit is None:
        return fetch_whole(release, sql, **parameters)
    return fetch(release, f"{sql}\nlimit {int(limit)}", **parameters)
