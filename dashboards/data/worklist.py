"""The working list of one person: what falls due, what just became overdue, promises, cash to apply, who was reached.

Belongs here: customers of one owner with an amount at stake. Must not: the ladder's days (ladder.py), contact data
(contacts.py). Amounts are in the reporting currency, class trade, without intragroup; every row carries the number and
the sum of all rows of its section, so that a list that is cut still says what it is a part of.
"""

from __future__ import annotations

from dashboards.data import collection
from dashboards.data.exact import exact_share
from dashboards.data.release import Release, Row, fetch
from dashboards.data.workload import AGES, DUE_DAYS, ITEM, MINE, ask, customers, with_totals

MOST_ROWS = 200

MISSING = "greatest(promise.shortfall_document - coalesce(promise.received_since_document, 0), 0)"
"""SQL of what has not come in yet of a promise, in its own currency; the shortfall stays what it was in the grace."""
MISSING_REPORTING = exact_share(
    "promise.shortfall_reporting", part=MISSING, whole="promise.shortfall_document"
)


def falling_due(
    release: Release, *, owner: str | None, section: str, limit: int | None = MOST_ROWS
) -> list[Row]:
    """Customers with something that falls due in seven days, today included (`coming`), or became overdue in the last
    seven (`fresh`). `asked_from` is the oldest due date of what is neither disputed nor promised; steps of the ladder
    are read by `collection.taken_of`.
    """
    return ask(
        release,
        f"""
with
{MINE},
{ITEM},
{customers(release)}{with_totals("customer")}
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, youngest=AGES[section][0], oldest=AGES[section][1],
    )  # fmt: skip


def items(release: Release, *, owner: str | None, section: str) -> list[Row]:
    """The single items of a section of `falling_due`, for a file."""
    return ask(
        release,
        f"""
with
{MINE},
{ITEM}

select
    mine.customer_name, mine.collector, mine.sales_owner, item.company_code, item.customer_id, item.document_id,
    item.instalment_no, item.due_date, item.days_past_due, item.currency, item.open_amount_document,
    item.open_amount_reporting, item.disputed_reporting, item.promised_until
from item
inner join mine on item.company_code = mine.company_code and item.customer_id = mine.customer_id
order by
    item.days_past_due desc, item.open_amount_reporting desc nulls last, item.company_code, item.document_id,
    item.instalment_no""",
        limit=None, owner=owner, youngest=AGES[section][0], oldest=AGES[section][1],
    )  # fmt: skip


def promises(
    release: Release, *, owner: str | None, section: str, limit: int | None = MOST_ROWS
) -> list[Row]:
    """Promises and plan lines due within seven days or in their grace (`due`), or what is still missing of broken ones
    (`broken`). Amounts are what has not come in yet.
    """
    return ask(
        release,
        f"""
with
{MINE},

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

){with_totals("stated")}
order by amount_reporting desc nulls last, promised_date, promise_id""",
        limit=limit, owner=owner, as_of=release.as_of, is_due=section == "due",
    )  # fmt: skip


def unapplied(release: Release, *, owner: str | None, limit: int | None = MOST_ROWS) -> list[Row]:
    """Customers with cash not applied, beside what of theirs is overdue and would be covered by it."""
    return ask(
        release,
        f"""
with
{MINE},

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

){with_totals("customer")}
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, as_of=release.as_of,
    )  # fmt: skip


def reached(release: Release, *, owner: str | None, limit: int | None = MOST_ROWS) -> list[Row]:
    """Customers with something overdue and the newest day on which they are known to have been spoken to.

    That is the newest of: a contact that was delivered, the one that a warning names (in a release that publishes no
    contacts: the first since it opened), a promise, a demand or an acknowledgement that restarted a limitation period.
    """
    silent = "reached_on is null or reached_on < cast($as_of as date) - 30"
    return ask(
        release,
        f"""
with
{MINE},
{ITEM},
{customers(release)},

contact as (

    select
        company_code,
        customer_id,
        happened_on as reached_on,
        happened_at as reached_at,
        owner as reached_by,
        'activity' as how,
        channel,
        outcome
    from {collection.activity(release)}
    where is_newest
    union all
    select company_code, customer_id, acknowledged_on, null, acknowledged_by, 'activity', null, null
    from marts.mart_risk_warning
    where acknowledged_on is not null
    union all
    select company_code, customer_id, made_on, null, null, 'promise', null, null
    from marts.mart_promise
    where made_on is not null
    union all
    select company_code, customer_id, last_restart_date, null, null, last_restart_kind, null, null
    from marts.mart_limitation
    where last_restart_kind in ('demand', 'acknowledgement')

),

newest as (

    select
        company_code,
        customer_id,
        max(reached_on) as reached_on,
        max_by(
            struct_pack(how := how, channel := channel, outcome := outcome),
            (reached_on, how, coalesce(reached_at, reached_on), coalesce(channel, ''), coalesce(outcome, ''))
        ) as contact,
        max_by(reached_by, (reached_on, coalesce(reached_at, reached_on), reached_by))
            filter (where reached_by is not null) as reached_by
    from contact
    where reached_on <= cast($as_of as date)
    group by company_code, customer_id

),

contacted as (

    select
        customer.company_code, customer.customer_id, customer.customer_name, customer.collector, customer.sales_owner,
        customer.grade, customer.amount_reporting, customer.days_past_due, customer.asked_from,
        customer.promised_until, customer.is_covered, customer.steps_taken, customer.is_recorded, newest.reached_on,
        newest.contact.how as reached_how, newest.contact.channel as reached_channel,
        newest.contact.outcome as reached_outcome, newest.reached_by,
        date_diff('day', newest.reached_on, cast($as_of as date)) as days_since_reached
    from customer
    left join newest on customer.company_code = newest.company_code and customer.customer_id = newest.customer_id

){with_totals("contacted", silent=silent)}
order by amount_reporting desc nulls last, company_code, customer_id""",
        limit=limit, owner=owner, as_of=release.as_of, youngest=AGES["overdue"][0], oldest=AGES["overdue"][1],
    )  # fmt: skip


def unconverted(release: Release, *, owner: str | None) -> int:
    """Open trade items of these customers without a rate: in no amount of the list."""
    rows = fetch(
        release,
        f"""
with
{MINE}

select count(*) as item_count
from marts.mart_aging as aged
inner join mine on aged.company_code = mine.company_code and aged.customer_id = mine.customer_id
where aged.receivable_class = 'trade' and aged.open_amount_reporting is null""",
        owner=owner,
    )
    return int(rows[0]["item_count"])
