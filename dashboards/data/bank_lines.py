"""Lines of bank accounts: which receipt explains each, and which none does.

Belongs here: queries over single lines, always within some days. Must not: statements (bank.py).

A receipt explains one line of its account with its currency and its signed amount: first on the very day, then the
nearest within `WINDOW_DAYS`; so does the payment of a bill, which names no account. Nothing is guessed from names or
texts: a line that pays several receipts, or of which a bank kept its charge, is not explained, and somebody looks.
"""

from __future__ import annotations

from datetime import timedelta

from dashboards.data.bank import BankScope, conditions
from dashboards.data.release import Release, Row, fetch

WINDOW_DAYS = 7
MOST_LINES = 500
DIRECTIONS = ("in", "out")
# with a number among equals, these tell a line from any other
_KEY = ("company_code", "account", "currency", "amount_document", "booking_date")
_NUMBERED_KEY = ("account_no", "amount_document", "booking_date", "same_day_no")
_DIRECTION = "case when line.amount_document > 0 then 'in' else 'out' end"


def unexplained_totals(release: Release, scope: BankScope) -> list[Row]:
    """Per account, currency and direction: lines and amount, and of these what no receipt explains."""
    return [row for row in _totals_and_lines(release, scope) if row["part"] == "total"]


def unexplained(release: Release, scope: BankScope, *, direction: str) -> list[Row]:
    """Lines that no receipt explains, largest first, at most `MOST_LINES`."""
    return [
        row
        for row in _totals_and_lines(release, scope)
        if row["part"] == "line" and row["direction"] == direction
    ]


def _totals_and_lines(release: Release, scope: BankScope) -> list[Row]:
    """What a page shows of lines, `part` total and line, from one search for receipts: the search is what costs."""
    sql, parameters = _explained(scope)
    where, _ = conditions(scope, day="booking_date", table="line")
    key = ", ".join(f"line.{name}" for name in _KEY)
    same = " and ".join(f"line.{name} = largest.{name}" for name in _KEY)
    return fetch(
        release,
        f"""{sql},

largest as (

    select {", ".join(_KEY)}, same_day_no, {_DIRECTION} as direction
    from explained as line
    where line.receipt_id is null and line.amount_document <> 0
    qualify row_number() over (
        partition by direction
        order by abs(line.amount_document) desc, line.booking_date desc, {key}, same_day_no
    ) <= {MOST_LINES}

),

numbered as (

    -- only for the few that are shown, their names and texts are read
    select line.*, row_number() over (partition by {key} order by line._load_id, line._row) as same_day_no
    from marts.fct_bank_transaction as line
    where {where} and exists (select 1 from largest where {same})

),

total as (

    select
        company_code, account, currency,
        {_DIRECTION} as direction,
        count(*) as line_count,
        sum(amount_document) as amount_document,
        count(*) filter (where receipt_id is null) as unexplained_count,
        coalesce(sum(amount_document) filter (where receipt_id is null), 0) as unexplained_amount_document
    from explained as line
    where amount_document <> 0
    group by company_code, account, currency, direction

)

select 'total' as part, *
from total
union all by name
select 'line' as part, line.*, largest.direction, cast(null as varchar) as receipt_id
from numbered as line
inner join largest
    on {same} and line.same_day_no = largest.same_day_no
order by part desc, direction, unexplained_count desc, case when part = 'line' then abs(amount_document) end desc,
    booking_date desc, company_code, account, currency, _load_id, _row""",
        **parameters,
    )


def of_statement(release: Release, statement: Row) -> list[Row]:
    """Lines of one statement in their order, each with the receipt that explains it; at most `MOST_LINES`."""
    account = (statement["company_code"], statement["account"], statement["currency"])
    first_day = statement["opening_date"] or statement["closing_date"]
    window = timedelta(days=WINDOW_DAYS)
    scope = BankScope(first_day - window, statement["closing_date"] + window, account=account)
    sql, parameters = _explained(scope, columns=f"line.* exclude ({', '.join(_KEY)})")
    return fetch(
        release,
        f"""{sql}
select line.*
from explained as line
where line.statement_id = $statement_id
order by line.booking_date, line._load_id, line._row
limit {MOST_LINES}""",
        **parameters,
        statement_id=statement["statement_id"],
    )


def same_amount(release: Release, line: Row) -> list[Row]:
    """Receipts of the company with the amount of a line, nearest first, whatever account and day they name."""
    return fetch(
        release,
        """
select
    company_code, receipt_id, customer_id, receipt_date, cleared_on, bank_account, currency, amount_document, status,
    _file, _row,
    abs(date_diff('day', coalesce(cleared_on, receipt_date), cast($day as date))) as days_apart
from marts.fct_receipt
where company_code = $company_code and currency = $currency and amount_document = $amount
order by days_apart, receipt_id
limit 20""",
        company_code=line["company_code"],
        currency=line["currency"],
        amount=line["amount_document"],
        day=line["booking_date"],
    )


def _explained(
    scope: BankScope, *, columns: str = "line._load_id, line._row"
) -> tuple[str, dict[str, object]]:
    """CTEs up to `explained`: every line of a scope, with the one receipt that explains it.

    Both sides reach `WINDOW_DAYS` beyond the days looked at, so that what stands at an edge meets its partner. Most
    lines meet their receipt on the day itself; only what is left is compared with the days around it.
    """
    where, parameters = conditions(scope, day="booking_date", table="line")
    near = f"""
        between cast($first_day as date) - {WINDOW_DAYS} and cast($last_day as date) + {WINDOW_DAYS}"""
    same = " and ".join(f"line.{name} = receipt.{name}" for name in _NUMBERED_KEY)
    identity = " and ".join(f"line.{name} = pair.{name}" for name in _NUMBERED_KEY)
    return (
        f"""
with

numbered_account as (

    -- few: lines and receipts are sorted and compared by one number instead of three texts
    select *, row_number() over () as account_no
    from (select distinct company_code, account, currency from marts.fct_bank_transaction)

),

line as (

    select
        {", ".join(f"line.{name}" for name in _KEY)}, {columns},
        numbered_account.account_no,
        row_number() over (
            partition by numbered_account.account_no, line.amount_document, line.booking_date
            order by line._load_id, line._row
        ) as same_day_no
    from marts.fct_bank_transaction as line
    inner join numbered_account
        on line.company_code = numbered_account.company_code and line.account = numbered_account.account
        and line.currency = numbered_account.currency
    where {where}

),

receipt as (

    -- of an account that no line is of, none can explain one
    select
        numbered_account.account_no, receipt.company_code, receipt.currency, receipt.amount_document,
        coalesce(receipt.cleared_on, receipt.receipt_date) as booking_date, receipt.receipt_id, receipt.customer_id,
        row_number() over (
            partition by numbered_account.account_no, receipt.amount_document,
                coalesce(receipt.cleared_on, receipt.receipt_date)
            order by receipt.receipt_id
        ) as same_day_no
    from marts.fct_receipt as receipt
    inner join numbered_account
        on receipt.company_code = numbered_account.company_code
        and receipt.bank_account = numbered_account.account and receipt.currency = numbered_account.currency
    where coalesce(receipt.status, 'cleared') <> 'cancelled'
        and coalesce(receipt.cleared_on, receipt.receipt_date) {near}

),

of_day as (

    select line.*, receipt.receipt_id, receipt.customer_id
    from line
    left join receipt
        on {same}

),

line_left as (

    select company_code, currency, account, {", ".join(_NUMBERED_KEY)}
    from of_day
    where receipt_id is null

),

receipt_left as (

    select 'receipt' as kind, receipt.account_no, receipt.company_code, receipt.currency, receipt.amount_document,
        receipt.receipt_id, receipt.customer_id, receipt.booking_date as paid_on
    from receipt
    anti join line
        on {same}
    union all
    -- a bill that its acceptor paid; which account it was collected on, nobody says
    select 'bill' as kind, null as account_no, company_code, currency, amount_document, bill_id as receipt_id,
        null as customer_id, event_date as paid_on
    from marts.fct_bill_event
    where kind = 'honoured' and amount_document is not null and event_date {near}

),

nearby as (

    -- each receipt that is left takes the nearest line that is left
    select {", ".join(f"line.{name}" for name in _NUMBERED_KEY)}, receipt.kind, receipt.receipt_id,
        receipt.customer_id, abs(date_diff('day', receipt.paid_on, line.booking_date)) as days_apart
    from line_left as line
    inner join receipt_left as receipt
        on line.company_code = receipt.company_code and line.currency = receipt.currency
        and line.amount_document = receipt.amount_document
        and (line.account_no = receipt.account_no or receipt.account_no is null)
        and receipt.paid_on between line.booking_date - {WINDOW_DAYS} and line.booking_date + {WINDOW_DAYS}
    qualify row_number() over (
        partition by receipt.company_code, receipt.kind, receipt.receipt_id
        order by days_apart, line.booking_date, line.account, line.same_day_no
    ) = 1

),

pair as (

    -- and each line keeps one of them
    select *
    from nearby
    qualify row_number() over (
        partition by {", ".join(_NUMBERED_KEY)} order by days_apart, kind desc, receipt_id
    ) = 1

),

explained as (

    select line.* exclude (account_no) replace (
            coalesce(line.receipt_id, pair.receipt_id) as receipt_id,
            coalesce(line.customer_id, pair.customer_id) as customer_id
        ),
        case when line.receipt_id is not null then 'receipt' else pair.kind end as explained_by
    from of_day as line
    left join pair
        on {identity}

)
""",
        parameters,
    )
