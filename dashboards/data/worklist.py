"""The working list of one person: what falls due, what just became overdue, promises, cash to apply, who was reached.

Belongs here: customers of one owner with an amount at stake. Must not: the ladder's days (ladder.py), contact data
(contacts.py). Amounts are in the reporting currency, class trade, without intragroup; every row carries the number and
the sum of all rows of its section, so that a list that is cut still says what it is a part of.
"""

from __future__ import annotations

from dashboards.data.owners import is_looked_after
from dashboards.data.release import Release, Row, fetch, fetch_whole
from dashboards.data.scope import exact_share

DUE_DAYS = 7
NEW_DAYS = 7
MOST_ROWS = 200

_DISPUTED = exact_share(
    "aged.open_amount_reporting", part="aged.disputed_amount_document", whole="aged.open_amount_document"
)
_MISSING = exact_share(
    "promise.shortfall_reporting", part="promise.missing_document", whole="promise.shortfall_document"
)
# section -> days past the policy due date that its items have
_AGES = {"coming": (-DUE_DAYS, 0), "fresh": (1, NEW_DAYS), "overdue": (1, 100_000)}
_WHOLE = "count(*) over () as section_count, coalesce(sum(amount_reporting) over (), 0) as section_amount"

_MINE = f"""
mine as (

    select company_code, customer_id, coalesce(name, customer_id) as customer_name, collector, sales_owner, party_id
    from marts.dim_customer
    where not coalesce(is_intragroup, false) and {is_looked_after("dim_customer")}

)"""
_GRADE = """
grade as (

    select company_code, customer_id, max(grade) as grade
    from marts.mart_credit_rating
    where is_current
    group by company_code, customer_id

)"""
# what may not be asked for now (policy section 5, frozen while): the disputed part, what is promised until its grace
# ends, and what open credits of the company and currency cover together with everything older
_ITEM = f"""
promised as (

    select company_code, customer_id, document_id, instalment_no, max(grace_end_date) as promised_until
    from marts.mart_promise
    where status = 'open' and kind in ('promise', 'plan')
    group by company_code, customer_id, document_id, instalment_no

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

item as (

    select
        mine.*,
        grade.grade,
        aged.document_id,
        aged.instalment_no,
        aged.due_date,
        aged.days_past_due,
        aged.currency,
        aged.open_amount_document,
        aged.open_amount_reporting,
        aged.disputed_amount_document,
        {_DISPUTED} as disputed_reporting,
        pool.is_covered,
        max(promised.promised_until) as promised_until
    from marts.mart_aging as aged
    inner join mine on aged.company_code = mine.company_code and aged.customer_id = mine.customer_id
    inner join pool
        on aged.company_code = pool.company_code
        and aged.customer_id = pool.customer_id
        and aged.currency = pool.currency
    left join grade on aged.company_code = grade.company_code and aged.customer_id = grade.customer_id
    left join promised
        on aged.company_code = promised.company_code
        and aged.customer_id = promised.customer_id
        and (promised.document_id is null or promised.document_id = aged.document_id)
        and (promised.instalment_no is null or promised.instalment_no = aged.instalment_no)
    where aged.receivable_class = 'trade'
        and aged.open_amount_document > 0
        and aged.days_past_due between cast($youngest as int) and cast($oldest as int)
    group by all

)"""


_ASKED = """min(due_date) filter (
            where promised_until is null and open_amount_document > disputed_amount_document and not is_covered
        ) as asked_from,
        max(promised_until) as promised_until,
        bool_or(is_covered) as is_covered"""


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
{_GRADE},
{_ITEM},

customer as (

    select
        company_code, customer_id, customer_name, collector, sales_owner, grade,
        sum(open_amount_reporting) as amount_reporting,
        sum(disputed_reporting) as disputed_reporting,
        coalesce(sum(open_amount_reporting - disputed_reporting) filter (where promised_until is not null), 0)
            as promised_reporting,
        count(*) as item_count,
        max(days_past_due) as days_past_due,
        min(due_date) as due_date,
        {_ASKED}
    from item
    group by company_code, customer_id, customer_name, collector, sales_owner, grade

)

select *, {_WHOLE}
from customer
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
{_GRADE},
{_ITEM}

select * from item
order by days_past_due desc, open_amount_reporting desc nulls last, company_code, document_id, instalment_no""",
        limit=None, owner=owner, youngest=_AGES[section][0], oldest=_AGES[section][1],
    )  # fmt: skip


def promises(
    release: Release, *, owner: str | None, section: str, limit: int | None = MOST_ROWS
) -> list[Row]:
    """Promises and plan lines due within seven days or in their grace (`due`), or what is still missing of broken ones
    (`broken`). Amounts are what has not come in yet.
    """
    missing = "greatest(promise.shortfall_document - coalesce(promise.received_since_document, 0), 0)"
    return _ask(
        release,
        f"""
with
{_MINE},

promise as (

    select *, {missing} as missing_document
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
        {_MISSING} as amount_reporting,
        date_diff('day', promise.promised_date, cast($as_of as date)) as days_since_promised
    from promise
    inner join mine on promise.company_code = mine.company_code and promise.customer_id = mine.customer_id
    where promise.missing_document > 0

)

select *, {_WHOLE}
from stated
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

customer as (

    select
        mine.company_code, mine.customer_id, mine.customer_name, mine.collector, mine.sales_owner,
        coalesce(-sum(aged.open_amount_reporting) filter (where aged.item_kind = 'receipt'
            and aged.open_amount_document < 0), 0) as amount_reporting,
        count(*) filter (where aged.item_kind = 'receipt' and aged.open_amount_document < 0) as receipt_count,
        min(aged.document_date) filter (where aged.item_kind = 'receipt' and aged.open_amount_document < 0)
            as received_on,
        coalesce(sum(aged.open_amount_reporting) filter (where aged.open_amount_document > 0
            and aged.days_past_due > 0), 0) as overdue_reporting
    from marts.mart_aging as aged
    inner join mine on aged.company_code = mine.company_code and aged.customer_id = mine.customer_id
    where aged.receivable_class = 'trade'
    group by mine.company_code, mine.customer_id, mine.customer_name, mine.collector, mine.sales_owner
    having receipt_count > 0

)

select *, date_diff('day', received_on, cast($as_of as date)) as days_unapplied, {_WHOLE}
from customer
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, as_of=release.as_of,
    )  # fmt: skip


def reached(release: Release, *, owner: str | None, limit: int | None = MOST_ROWS) -> list[Row]:
    """Customers with something overdue and the newest day on which they are known to have been spoken to.

    That is the newest of: a collection activity that a warning names (the first since it opened), a promise, a demand
    or an acknowledgement that restarted a limitation period. Releases hold no other record of contacts.
    """
    return _ask(
        release,
        f"""
with
{_MINE},
{_GRADE},
{_ITEM},

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

overdue as (

    select
        company_code, customer_id, customer_name, collector, sales_owner, grade,
        sum(open_amount_reporting) as amount_reporting,
        max(days_past_due) as days_past_due,
        {_ASKED}
    from item
    group by company_code, customer_id, customer_name, collector, sales_owner, grade

)

select
    overdue.*,
    newest.reached_on,
    newest.reached_how,
    newest.reached_by,
    date_diff('day', newest.reached_on, cast($as_of as date)) as days_since_reached,
    count(*) filter (where newest.reached_on is null or newest.reached_on < cast($as_of as date) - 30) over ()
        as silent_count,
    coalesce(sum(amount_reporting) filter (
        where newest.reached_on is null or newest.reached_on < cast($as_of as date) - 30
    ) over (), 0) as silent_amount,
    {_WHOLE}
from overdue
left join newest on overdue.company_code = newest.company_code and overdue.customer_id = newest.customer_id
order by amount_reporting desc nulls last, overdue.company_code, overdue.customer_id""",
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


def _ask(release: Release, sql: str, *, limit: int | None, **parameters: object) -> list[Row]:
    if limit is None:
        return fetch_whole(release, sql, **parameters)
    return fetch(release, f"{sql}\nlimit {int(limit)}", **parameters)
