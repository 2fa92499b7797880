"""What happened with one customer: balances at month ends, and one timeline of everything that is dated.

Belongs here: the past of a customer. Must not: payments one by one (customer_payments.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboards.data import collection
from dashboards.data.customer import Customer, key
from dashboards.data.exact import at_rate
from dashboards.data.netting import TRADE
from dashboards.data.rates import closing_rate
from dashboards.data.release import Release, Row, fetch
from dashboards.data.scope import KNOWN_NOW

LANES = ("invoice", "payment", "promise", "contact", "dispute", "grade", "limit", "outside", "warning")
"""Kinds of events, in the order of the timeline."""
MOST_EVENTS = 400
"""Of each kind: the newest ones."""


def balances(release: Release, customer: Customer, *, party_id: str, days: Sequence[date]) -> list[Row]:
    """Class trade on each day in reporting currency at that day's rates: not due, overdue, credits; as known now.

    `net_overdue` is what of the whole debtor is overdue, undisputed and not covered by credits.
    """
    return fetch(
        release,
        f"""
with

day as (

    select unnest(cast($days as date[])) as day

),

held as (

    select
        day.day,
        balance.open_amount_document < 0 as is_credit,
        date_diff('day', coalesce(balance.due_date, balance.document_date), day.day) > 0 as is_overdue,
        {at_rate("balance.open_amount_document")} as amount
    from day
    inner join marts.fct_open_item_balance as balance
        on balance.effective_from <= day.day and balance.effective_to > day.day
    {closing_rate("balance", day="day.day")}
    where balance.company_code = $company_code and balance.customer_id = $customer_id
        and balance.receivable_class = '{TRADE}'
        and balance.known_to > cast($known_at as timestamp)

),

summed as (

    select
        day,
        sum(amount) filter (where not is_credit and not is_overdue) as not_due,
        sum(amount) filter (where not is_credit and is_overdue) as overdue,
        sum(amount) filter (where is_credit) as credits,
        count(*) filter (where amount is null) as unconverted_count
    from held
    group by day

)

select
    day.day,
    coalesce(summed.not_due, 0) as not_due,
    coalesce(summed.overdue, 0) as overdue,
    coalesce(summed.credits, 0) as credits,
    coalesce(net.net_overdue_0_reporting, 0) as net_overdue,
    coalesce(summed.unconverted_count, 0) as unconverted_count
from day
left join summed on day.day = summed.day
left join marts.mart_net_overdue_history as net
    on net.party_id = $party_id and net.knowledge = 'now'
    and day.day >= net.effective_from and day.day < net.effective_to
order by day.day""",
        **key(customer),
        party_id=party_id,
        days=list(days),
        known_at=KNOWN_NOW,
    )


def timeline(release: Release, customer: Customer, *, party_id: str, first_day: date) -> list[Row]:
    """Everything dated since a day, newest first: `lane`, `event` (a code), a reference, an amount, what it says.

    Invoices and payments are one row a day and currency. `is_adverse` marks what speaks against the customer; `contact`
    holds channel, stage, step and outcome of a contact; `_file` and `_row` name the source row of what is one.
    """
    return fetch(
        release,
        f"""
with

event as (

    {" union all ".join(f"({select})" for select in (*_EVENTS, *_contacts(release)))}

)

select *
from event
where day >= cast($first_day as date)
qualify row_number() over (partition by lane order by day desc, reference, event) <= {MOST_EVENTS}
order by day desc, lane, reference, event""",
        **key(customer),
        party_id=party_id,
        first_day=first_day,
        as_of=release.as_of,
    )


def _row(
    lane: str,
    *,
    day: str,
    event: str,
    source: str,
    reference: str = "cast(null as varchar)",
    amount: str = "cast(null as decimal(18, 2))",
    currency: str = "cast(null as varchar)",
    count: str = "cast(1 as bigint)",
    text_zh: str = "cast(null as varchar)",
    text_en: str = "cast(null as varchar)",
    is_adverse: str = "false",
    contact: str = "null",
    file: str = "cast(null as varchar)",
    record: str = "cast(null as bigint)",
) -> str:
    return f"""
    select
        '{lane}' as lane,
        {day} as day,
        {event} as event,
        {reference} as reference,
        {amount} as amount,
        {currency} as currency,
        {count} as event_count,
        {text_zh} as text_zh,
        {text_en} as text_en,
        {is_adverse} as is_adverse,
        {contact} as contact,
        {file} as _file,
        {record} as _row
    {source}"""


_OF_CUSTOMER = "company_code = $company_code and customer_id = $customer_id"
_REPORTING = "(select max(reporting_currency) from marts.dim_release)"

_EVENTS = (
    _row(
        "invoice",
        day="document_date",
        event="document_type",
        reference="case when count(*) = 1 then min(document_id) end",
        amount="sum(amount_document)",
        currency="currency",
        count="count(*)",
        file="case when count(*) = 1 then min(_file) end",
        record="case when count(*) = 1 then min(_row) end",
        source=f"""from marts.fct_document
    where {_OF_CUSTOMER} and document_type in ('invoice', 'debit_note', 'credit_note')
        and not coalesce(is_cancelled, false) and document_date <= cast($as_of as date)
    group by document_date, document_type, currency""",
    ),
    _row(
        "payment",
        day="case when status = 'bounced' then coalesce(status_date, receipt_date) else receipt_date end",
        event="case when status = 'bounced' then 'bounced' when bill_id is not null then 'bill' else 'cash' end",
        reference="case when count(*) = 1 then min(receipt_id) end",
        amount="sum(amount_document)",
        currency="currency",
        count="count(*)",
        file="case when count(*) = 1 then min(_file) end",
        record="case when count(*) = 1 then min(_row) end",
        is_adverse="coalesce(status = 'bounced', false)",
        source=f"""from marts.fct_receipt
    where {_OF_CUSTOMER} and amount_document > 0 and coalesce(status, 'cleared') in ('cleared', 'bounced')
        and receipt_date <= cast($as_of as date)
    group by all""",
    ),
    _row(
        "promise",
        day="promised_date",
        event="status",
        reference="document_id",
        amount="promised_amount_document",
        currency="currency",
        is_adverse="status in ('broken', 'partial', 'kept_late')",
        source=f"from marts.mart_promise where {_OF_CUSTOMER}",
    ),
    _row(
        "contact",
        day="last_restart_date",
        event="last_restart_kind",
        reference="case when count(distinct document_id) = 1 then min(document_id) end",
        amount="sum(claim_amount_reporting)",
        currency=_REPORTING,
        count="count(*)",
        source=f"""from marts.mart_limitation
    where {_OF_CUSTOMER} and last_restart_kind in ('demand', 'acknowledgement', 'suit')
    group by last_restart_date, last_restart_kind""",
    ),
    _row(
        "dispute",
        day="opened_on",
        event="'opened'",
        reference="document_id",
        amount="coalesce(stated_amount_document, disputed_amount_document)",
        currency="currency",
        text_zh="reason",
        text_en="reason",
        is_adverse="true",
        source=f"from marts.mart_dispute where {_OF_CUSTOMER}",
    ),
    _row(
        "dispute",
        day="closed_on",
        event="outcome",
        reference="document_id",
        amount="contested_amount_document",
        currency="currency",
        text_zh="reason",
        text_en="reason",
        source=f"from marts.mart_dispute where {_OF_CUSTOMER} and closed_on is not null and not is_open",
    ),
    _row(
        "grade",
        day="as_of_day",
        event="change",
        reference="coalesce(previous_grade || ' → ', '') || grade",
        text_zh="reason_zh",
        text_en="reason_en",
        is_adverse="change in ('down', 'unrated')",
        source=f"from marts.mart_credit_rating where {_OF_CUSTOMER} and change != 'same'",
    ),
    _row(
        "limit",
        day="effective_from",
        event="""case
            when previous is null then 'granted'
            when limit_reporting is null then 'ended'
            when limit_reporting > previous then 'raised'
            else 'lowered'
        end""",
        amount="coalesce(limit_reporting, 0)",
        currency=_REPORTING,
        is_adverse="coalesce(limit_reporting, 0) < coalesce(previous, 0)",
        source=f"""from (
        select *, lag(limit_reporting) over (order by effective_from) as previous
        from marts.mart_credit_exposure_history
        where scope = 'customer' and {_OF_CUSTOMER}
    )
    where limit_reporting is distinct from previous""",
    ),
    _row(
        "outside",
        day="data_of",
        event="raw_state",
        source="""from marts.mart_credit_rating_component
    where party_id = $party_id and component = 'outside' and data_of is not null
        and raw_state is not null and raw_state != 'nothing_adverse'
    group by data_of, raw_state""",
        is_adverse="true",
    ),
    _row(
        "warning",
        day="first_seen_on",
        event="worst_severity",
        reference="document_id",
        text_zh="rule_name_zh || ':' || message_zh",
        text_en="rule_name_en || ': ' || message_en",
        is_adverse="worst_severity in ('warning', 'severe')",
        source=f"from marts.mart_risk_warning where {_OF_CUSTOMER} and scope != 'group'",
    ),
)


def _contacts(release: Release) -> tuple[str, ...]:
    """Contacts as they were delivered; on days without any, that somebody answered a warning."""
    activity = collection.activity(release)
    return (
        _row(
            "contact",
            day="happened_on",
            event="'activity'",
            reference="document_id",
            contact="struct_pack(channel := channel, stage := stage, step := ladder_step, outcome := outcome)",
            file="_file",
            record="_row",
            source=f"from {activity} where {_OF_CUSTOMER} and happened_on <= cast($as_of as date)",
        ),
        _row(
            "contact",
            day="acknowledged_on",
            event="'answered'",
            reference="max(acknowledged_by)",
            count="count(*)",
            source=f"""from marts.mart_risk_warning
    where {_OF_CUSTOMER} and acknowledged_on is not null
        and acknowledged_on not in (select happened_on from {activity} where {_OF_CUSTOMER})
    group by acknowledged_on""",
        ),
    )
