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
_SIGN = {"in": "line.amount_document > 0", "out": "line.amount_document < 0"}


def unexplained_totals(release: Release, scope: BankScope) -> list[Row]:
    """Per account, currency and direction: lines and amount, and of these what no receipt explains."""
    sql, parameters = _explained(scope)
    return fetch(
        release,
        f"""{sql}
select
    company_code, account, currency,
    case when amount_document > 0 then 'in' else 'out' end as direction,
    count(*) as line_count,
    sum(amount_document) as amount_document,
    count(*) filter (where receipt_id is null) as unexplained_count,
    coalesce(sum(amount_document) filter (where receipt_id is null), 0) as unexplained_amount_document
from explained
where amount_document <> 0
group by company_code, account, currency, direction
order by direction, unexplained_count desc, company_code, account, currency""",
        **parameters,
    )


def unexplained(release: Release, scope: BankScope, *, direction: str) -> list[Row]:
    """Lines that no receipt explains, largest first, at most `MOST_LINES`."""
    sql, parameters = _explained(scope)
    return fetch(
        release,
        f"""{sql}
select line.*
from explained as line
where line.receipt_id is null and {_SIGN[direction]}
order by abs(line.amount_document) desc, line.booking_date desc, line._load_id, line._row
limit {MOST_LINES}""",
        **parameters,
    )


def of_statement(release: Release, statement: Row) -> list[Row]:
    """Lines of one statement in their order, each with the receipt that explains it; at most `MOST_LINES`."""
    account = (statement["company_code"], statement["account"], statement["currency"])
    first_day = statement["opening_date"] or statement["closing_date"]
    window = timedelta(days=WINDOW_DAYS)
    scope = BankScope(first_day - window, statement["closing_date"] + window, account=account)
    sql, parameters = _explained(scope)
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


def _explained(scope: BankScope) -> tuple[str, dict[str, object]]:
    """CTEs up to `explained`: every line of a scope, with the one receipt that explains it.

    Both sides reach `WINDOW_DAYS` beyond the days looked at, so that what stands at an edge meets its partner.
    """
    where, parameters = conditions(scope, day="booking_date", table="line")
    near = f"""
        between cast($first_day as date) - {WINDOW_DAYS} and cast($last_day as date) + {WINDOW_DAYS}"""
    same = """line.company_code = receipt.company_code and (line.account = receipt.account or receipt.account is null)
        and line.currency = receipt.currency and line.amount_document = receipt.amount_document"""
    key = "company_code, account, currency, amount_document"
    return (
        f"""
with

line as (

    select
        line.*,
        row_number() over (partition by {key}, booking_date order by _load_id, _row) as same_day_no,
        row_number() over (order by company_code, account, booking_date, _load_id, _row) as line_no
    from marts.fct_bank_transaction as line
    where {where}

),

receipt as (

    select
        company_code, bank_account as account, currency, amount_document, 'receipt' as kind, receipt_id, customer_id,
        coalesce(cleared_on, receipt_date) as paid_on,
        row_number() over (
            partition by company_code, bank_account, currency, amount_document, coalesce(cleared_on, receipt_date)
            order by receipt_id
        ) as same_day_no
    from marts.fct_receipt
    where bank_account is not null and coalesce(status, 'cleared') <> 'cancelled'
        and coalesce(cleared_on, receipt_date) {near}
    union all
    -- a bill that its acceptor paid; which account it was collected on, nobody says
    select
        company_code, null as account, currency, amount_document, 'bill' as kind, bill_id as receipt_id,
        null as customer_id, event_date as paid_on,
        row_number() over (
            partition by company_code, currency, amount_document, event_date order by bill_id
        ) as same_day_no
    from marts.fct_bill_event
    where kind = 'honoured' and amount_document is not null and event_date {near}

),

same_day as (

    select line.line_no, receipt.company_code, receipt.kind, receipt.receipt_id, receipt.customer_id
    from line
    inner join receipt
        on {same} and line.booking_date = receipt.paid_on and line.same_day_no = receipt.same_day_no
    -- one of each: a receipt before a bill, and a bill on one account
    qualify row_number() over (partition by line.line_no order by receipt.kind desc) = 1
        and row_number() over (
            partition by receipt.company_code, receipt.kind, receipt.receipt_id order by line.line_no
        ) = 1

),

nearby as (

    -- each receipt that is left takes the nearest line that is left, and each line keeps one of them
    select line.line_no, receipt.company_code, receipt.kind, receipt.receipt_id, receipt.customer_id,
        abs(date_diff('day', receipt.paid_on, line.booking_date)) as days_apart
    from line
    inner join receipt
        on {same} and receipt.paid_on between line.booking_date - {WINDOW_DAYS} and line.booking_date + {WINDOW_DAYS}
    where line.line_no not in (select line_no from same_day)
        and not exists (
            select 1 from same_day
            where same_day.company_code = receipt.company_code and same_day.kind = receipt.kind
                and same_day.receipt_id = receipt.receipt_id
        )
    qualify row_number() over (
        partition by receipt.company_code, receipt.kind, receipt.receipt_id order by days_apart, line.line_no
    ) = 1

),

pair as (

    select line_no, kind, receipt_id, customer_id
    from same_day
    union all
    select line_no, kind, receipt_id, customer_id
    from nearby
    qualify row_number() over (partition by line_no order by days_apart, kind desc, receipt_id) = 1

),

explained as (

    select line.*, pair.kind as explained_by, pair.receipt_id, pair.customer_id
    from line
    left join pair on line.line_no = pair.line_no

)
""",
        parameters,
    )
