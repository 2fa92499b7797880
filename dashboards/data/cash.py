"""Figures of the cash page: what is expected, from whom, and what earlier forecasts were worth.

Belongs here: aggregations of the prediction marts. Must not: predict, or add what is not billed yet to what is open.

Amounts are in the reporting currency. Bands of sums: companies and currencies of one week are paid on the same days,
so their ends are added; from week to week what comes late in one comes in the next, so half-widths of weeks are joined
as the root of their squares. `past_totals` says how often bands made so have held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboards.data.among import among
from dashboards.data.release import Release, Row, fetch

WEEKS = 13
SHORT = 4
"""Weeks of the first cumulative figure; the second is of all weeks."""
DUE_DATE = "due_date"
LAST_WEEKS = "last_4_weeks"
RIVALS = (DUE_DATE, LAST_WEEKS)
"""Forecasts that need no model; whoever is worse than these is not worth its trouble."""
MOST_PAYERS = 12
MOST_ITEMS = 200


@dataclass(frozen=True)
class CashScope:
    """What a reader of the cash page looks at. Empty tuples mean no restriction."""

    companies: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()


def joined(half_width: str, over: str = "") -> str:
    """SQL of the half-widths of weeks joined, as a sum or, with `over`, as a running one."""
    # sqrt needs doubles, and a band is an estimate however it is stored
    return f"cast(sqrt(sum(power(cast({half_width} as double), 2)){over}) as decimal(18, 2))"


def choices(release: Release) -> dict[str, list[str]]:
    """Companies and currencies that have a forecast."""
    rows = fetch(
        release,
        "select distinct company_code, currency from marts.mart_cash_forecast order by company_code, currency",
    )
    return {
        "companies": sorted({row["company_code"] for row in rows}),
        "currencies": sorted({row["currency"] for row in rows}),
    }


def outcomes(release: Release) -> list[Row]:
    """What became of every open trade item: predicted, or why not. Together they are the trade items of aging."""
    return fetch(
        release,
        """
select name, is_used, item_count, open_amount_reporting
from marts.mart_prediction_input
where kind = 'open_item'
order by is_used desc, abs(open_amount_reporting) desc nulls last, name""",
    )


def weeks(release: Release, scope: CashScope) -> list[Row]:
    """The next weeks, each by itself and all until then, with bands; what is not billed yet stands apart."""
    where, parameters = conditions(scope)
    over = " over (order by week_ahead)"
    return fetch(
        release,
        f"""
with

week as (

    select
        week_ahead,
        min(week_begins) as week_begins,
        sum(expected_reporting) as expected,
        sum(low_reporting) as low,
        sum(high_reporting) as high,
        sum(expected_reporting - low_reporting) as below,
        sum(high_reporting - expected_reporting) as above,
        sum(expected_new_reporting) as expected_new
    from marts.mart_cash_forecast
    where {where}
    group by week_ahead

)

select
    week_ahead,
    week_begins,
    expected,
    low,
    high,
    expected_new,
    sum(expected){over} as cumulative,
    sum(expected){over} - {joined("below", over)} as cumulative_low,
    sum(expected){over} + {joined("above", over)} as cumulative_high,
    sum(expected_new){over} as cumulative_new
from week
order by week_ahead""",
        **parameters,
    )


def until(rows: Sequence[Row], weeks_ahead: int) -> Row:
    """Of `weeks`, the row whose cumulative figures reach so far, or as far as there are any."""
    return next((row for row in reversed(rows) if row["week_ahead"] <= weeks_ahead), rows[0])


def series(release: Release, scope: CashScope) -> list[Row]:
    """Every week of every company and currency, as published."""
    where, parameters = conditions(scope)
    return fetch(
        release,
        f"""
select company_code, currency, week_ahead, week_begins, expected_reporting, low_reporting, high_reporting,
    expected_new_reporting, model
from marts.mart_cash_forecast
where {where}
order by company_code, currency, week_ahead""",
        **parameters,
    )


def by_series(release: Release, scope: CashScope) -> list[Row]:
    """Cumulative figures of each company and currency, the largest first."""
    where, parameters = conditions(scope)
    columns = ",\n    ".join(_cumulative(weeks_ahead) for weeks_ahead in (SHORT, WEEKS))
    return fetch(
        release,
        f"""
with

week as (

    select
        *,
        expected_reporting - low_reporting as below,
        high_reporting - expected_reporting as above
    from marts.mart_cash_forecast
    where {where}

)

select
    company_code,
    currency,
    {columns}
from week
group by company_code, currency
order by sum(expected_reporting) desc, company_code, currency""",
        **parameters,
    )


def _cumulative(weeks_ahead: int) -> str:
    over = f" filter (where week_ahead <= {weeks_ahead})"
    expected = f"sum(expected_reporting){over}"
    return f"""{expected} as expected_{weeks_ahead},
    {expected} - {joined("below", over)} as low_{weeks_ahead},
    {expected} + {joined("above", over)} as high_{weeks_ahead},
    sum(expected_new_reporting){over} as new_{weeks_ahead}"""


def payers(release: Release, scope: CashScope, *, first_day: date, last_day: date) -> list[Row]:
    """Customers whose items are expected between two days, by the day by which each is as likely paid as not."""
    where, parameters = conditions(scope, table="item")
    return fetch(
        release,
        f"""
with

payer as (

    -- names are joined to the few that are left
    select
        item.company_code,
        item.customer_id,
        sum(item.open_amount_reporting) as expected_amount,
        count(*) as item_count,
        coalesce(sum(item.open_amount_reporting) filter (where item.due_date < cast($as_of as date)), 0)
            as overdue_amount,
        min(item.pay_date_p50) as first_pay_date,
        sum(cast(item.late_30_probability as double) * cast(item.open_amount_reporting as double))
            / nullif(sum(cast(item.open_amount_reporting as double)), 0) as late_30_rate
    from marts.mart_payment_prediction as item
    where {where} and item.pay_date_p50 between cast($first_day as date) and cast($last_day as date)
    group by item.company_code, item.customer_id
    order by expected_amount desc nulls last, item.company_code, item.customer_id
    limit {MOST_PAYERS}

)

select payer.*, coalesce(customer.name, payer.customer_id) as customer_name
from payer
left join marts.dim_customer as customer
    on payer.company_code = customer.company_code and payer.customer_id = customer.customer_id
order by payer.expected_amount desc nulls last, payer.company_code, payer.customer_id""",
        **parameters,
        as_of=release.as_of,
        first_day=first_day,
        last_day=last_day,
    )


def items_total(release: Release, scope: CashScope, *, first_day: date, last_day: date) -> Row:
    """Number, amount and payers of all items expected between two days."""
    where, parameters = conditions(scope, table="item")
    (row,) = fetch(
        release,
        f"""
select
    count(*) as item_count,
    coalesce(sum(item.open_amount_reporting), 0) as amount,
    count(distinct item.company_code || ' ' || item.customer_id) as customer_count
from marts.mart_payment_prediction as item
where {where} and item.pay_date_p50 between cast($first_day as date) and cast($last_day as date)""",
        **parameters,
        first_day=first_day,
        last_day=last_day,
    )
    return row


def items(
    release: Release,
    scope: CashScope,
    *,
    first_day: date,
    last_day: date,
    customer: tuple[str, str] | None = None,
) -> list[Row]:
    """The largest items expected between two days, of one customer or of all."""
    where, parameters = conditions(scope, table="item")
    if customer is not None:
        where += " and item.company_code = $company_code and item.customer_id = $customer_id"
        parameters |= {"company_code": customer[0], "customer_id": customer[1]}
    return fetch(
        release,
        f"""
with

item as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.document_id,
        item.instalment_no,
        item.currency,
        item.due_date,
        item.open_amount_document,
        item.open_amount_reporting,
        item.pay_date_p10,
        item.pay_date_p50,
        item.pay_date_p90,
        cast(item.late_probability as double) as late_rate,
        cast(item.late_30_probability as double) as late_30_rate,
        cast(item.late_90_probability as double) as late_90_rate,
        item.reasons_zh,
        item.reasons_en,
        item.days_model
    from marts.mart_payment_prediction as item
    where {where} and item.pay_date_p50 between cast($first_day as date) and cast($last_day as date)
    order by item.open_amount_reporting desc nulls last, item.open_item_id
    limit {MOST_ITEMS}

)

select item.*, coalesce(customer.name, item.customer_id) as customer_name
from item
left join marts.dim_customer as customer
    on item.company_code = customer.company_code and item.customer_id = customer.customer_id
order by item.open_amount_reporting desc nulls last, item.open_item_id""",
        **parameters,
        first_day=first_day,
        last_day=last_day,
    )


def window_days(release: Release, *, first_week: int, last_week: int) -> tuple[date, date]:
    """First and last day of weeks ahead; week 1 begins on the day after the as-of date."""
    return (
        release.as_of + timedelta(days=7 * (first_week - 1) + 1),
        release.as_of + timedelta(days=7 * last_week),
    )


def conditions(scope: CashScope, *, table: str = "") -> tuple[str, dict[str, object]]:
    """SQL that keeps to a scope, and its parameters."""
    prefix = f"{table}." if table else ""
    found, parameters = among(
        {f"{prefix}company_code": scope.companies, f"{prefix}currency": scope.currencies}
    )
    return " and ".join(["true", *found]), parameters
