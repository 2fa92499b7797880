"""Bank statements: whether each adds up, whether they follow one another, and the days they cover.

Belongs here: statements, accounts and days. Must not: single lines (bank_lines.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboards.data.release import Release, Row, fetch

MOST_FINDINGS = 500
MOST_STATEMENTS = 500
# a statement that is not one of these is a finding
_SOUND_PROOF = "('proved', 'no_balances')"
_SOUND_CONTINUITY = "('first', 'continues', 'no_balances')"


@dataclass(frozen=True)
class BankScope:
    """Days looked at, of which companies (none: all), and one account of them."""

    first_day: date
    last_day: date
    companies: tuple[str, ...] = ()
    account: tuple[str, str, str] | None = None


def span(release: Release) -> Row | None:
    """First and last day of any statement; None where none was delivered."""
    rows = fetch(
        release,
        """
select min(coalesce(opening_date, closing_date)) as first_day, max(closing_date) as last_day, count(*) as count
from marts.mart_bank_statement""",
    )
    return rows[0] if rows and rows[0]["count"] else None


def companies(release: Release) -> list[str]:
    rows = fetch(release, "select distinct company_code from marts.mart_bank_statement order by company_code")
    return [row["company_code"] for row in rows]


def accounts(release: Release, scope: BankScope) -> list[Row]:
    """One row per account and currency: its proof over the days looked at, those with a finding first.

    Opening of the first statement, lines of all, closing of the last: what is left is `difference_document`, NULL where
    an end has no balance. Days missing lie between its statements, or after the last one.
    """
    where, parameters = conditions(scope, day="closing_date", table="statement")
    return fetch(
        release,
        f"""
with

{_days(where)},

missing as (

    select company_code, account, currency, count(*) filter (where state = 'missing') as missing_days,
        count(*) filter (where state = 'overlaps') as overlapping_days
    from day_state
    group by company_code, account, currency

),

summed as (

    select
        company_code, account, currency,
        count(*) as statement_count,
        count(*) filter (where proof = 'proved') as proved_count,
        count(*) filter (where proof not in {_SOUND_PROOF}) as not_proved_count,
        count(*) filter (where continuity = 'gap') as gap_count,
        count(*) filter (where continuity = 'overlaps') as overlap_count,
        coalesce(sum(line_count), 0) as line_count,
        sum(pending_count) as pending_count,
        arg_min(opening_balance_document, order_no) as opening_balance_document,
        sum(line_total_document) as line_total_document,
        arg_max(closing_balance_document, order_no) as closing_balance_document,
        max(closing_date) as closing_date
    from ordered
    group by company_code, account, currency

)

select
    summed.*,
    summed.closing_balance_document - summed.opening_balance_document - summed.line_total_document
        as difference_document,
    coalesce(missing.missing_days, 0) as missing_days,
    coalesce(missing.overlapping_days, 0) as overlapping_days,
    greatest(date_diff('day', summed.closing_date, cast($last_day as date)), 0) as days_late
from summed
left join missing
    on summed.company_code = missing.company_code and summed.account = missing.account
    and summed.currency = missing.currency
order by summed.not_proved_count + summed.gap_count + summed.overlap_count desc, missing_days desc, company_code,
    account, currency""",
        **parameters,
    )


def coverage(release: Release, scope: BankScope) -> list[Row]:
    """Runs of days of one account in one state, for the picture: few bars, however many days."""
    where, parameters = conditions(scope, day="closing_date", table="statement")
    return fetch(
        release,
        f"""
with

{_days(where)},

marked as (

    select
        *,
        case
            when state = lag(state) over (partition by company_code, account, currency order by day) then 0
            else 1
        end as is_new
    from day_state

),

run as (

    select
        *,
        sum(is_new) over (
            partition by company_code, account, currency order by day
            rows between unbounded preceding and current row
        ) as run_no
    from marked

)

select company_code, account, currency, state, min(day) as first_day, max(day) as last_day, count(*) as day_count
from run
group by company_code, account, currency, run_no, state
order by company_code, account, currency, first_day""",
        **parameters,
    )


def findings(release: Release, scope: BankScope) -> list[Row]:
    """Statements that do not add up, or do not follow the one before; newest first, at most `MOST_FINDINGS`."""
    where, parameters = conditions(scope, day="closing_date", table="statement")
    return fetch(
        release,
        f"""
select *
from marts.mart_bank_statement as statement
where {where}
    and (proof not in {_SOUND_PROOF} or continuity not in {_SOUND_CONTINUITY}
        -- one that opens must close
        or (proof = 'no_balances' and opening_balance_document is not null))
order by closing_date desc, company_code, account, statement_id
limit {MOST_FINDINGS}""",
        **parameters,
    )


def statements(release: Release, scope: BankScope) -> list[Row]:
    """Statements of the chosen account, newest first, at most `MOST_STATEMENTS`."""
    where, parameters = conditions(scope, day="closing_date", table="statement")
    return fetch(
        release,
        f"""
select *
from marts.mart_bank_statement as statement
where {where}
order by closing_date desc, statement_id desc
limit {MOST_STATEMENTS}""",
        **parameters,
    )


def conditions(scope: BankScope, *, day: str, table: str) -> tuple[str, dict[str, object]]:
    """What keeps to the days, companies and account of a scope, and its parameters."""
    parts = [f"{table}.{day} between cast($first_day as date) and cast($last_day as date)"]
    parameters: dict[str, object] = {"first_day": scope.first_day, "last_day": scope.last_day}
    if scope.companies:
        parts.append(f"list_contains(cast($companies as varchar[]), {table}.company_code)")
        parameters["companies"] = list(scope.companies)
    if scope.account is not None:
        names = ("company_code", "account", "currency")
        parts += [f"{table}.{name} = ${name}" for name in names]
        parameters |= dict(zip(names, scope.account, strict=True))
    return " and ".join(parts), parameters


def _days(where: str) -> str:
    """CTEs up to `day_state`: every day of an account from its first statement on, and how it is covered.

    The opening balance is of the day before the first line, or of that day itself; who continues the statement before
    begins after it, whatever its opening date says.
    """
    return f"""ordered as (

    select
        statement.*,
        row_number() over along as order_no,
        lag(statement.closing_date) over along as previous_closing_date
    from marts.mart_bank_statement as statement
    where {where}
    window along as (
        partition by statement.company_code, statement.account, statement.currency
        order by statement.closing_date, statement.opening_date desc, statement.statement_id
    )

),

covered as (

    select
        company_code, account, currency, closing_date, proof, continuity,
        greatest(
            case
                when continuity = 'continues' and previous_closing_date < closing_date
                    then least(previous_closing_date + 1, opening_date + 1)
                else least(coalesce(opening_date + 1, closing_date), closing_date)
            end,
            cast($first_day as date)
        ) as covered_from
    from ordered

),

covered_day as (

    select
        company_code, account, currency, proof, continuity, covered_from,
        cast(unnest(generate_series(covered_from, closing_date, interval 1 day)) as date) as day
    from covered

),

spine as (

    select
        company_code, account, currency,
        cast(unnest(generate_series(min(covered_from), cast($last_day as date), interval 1 day)) as date) as day
    from covered
    group by company_code, account, currency

),

day_state as (

    select
        spine.company_code, spine.account, spine.currency, spine.day,
        case
            when count(covered_day.day) = 0 then 'missing'
            when bool_or(covered_day.proof not in {_SOUND_PROOF}) then 'not_proved'
            when count(covered_day.day) > 1 then 'overlaps'
            when bool_or(covered_day.continuity = 'gap' and covered_day.day = covered_day.covered_from) then 'jump'
            when bool_or(covered_day.proof = 'no_balances') then 'no_balances'
            else 'proved'
        end as state
    from spine
    left join covered_day
        on spine.company_code = covered_day.company_code and spine.account = covered_day.account
        and spine.currency = covered_day.currency and spine.day = covered_day.day
    group by spine.company_code, spine.account, spine.currency, spine.day

)"""
