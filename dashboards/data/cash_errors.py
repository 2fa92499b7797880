"""What predictions have been worth: past forecasts of cash against what came, rivals, champions, calibration.

Belongs here: aggregations of the back-test marts. Must not: the forecast itself (cash.py).

A forecast of a past day knows what was known that evening. Errors are of the sums in the reader's scope: what one
company got too little of and another too much is no error of both together.
"""

from __future__ import annotations

from datetime import date

from dashboards.data.cash import RIVALS, SHORT, WEEKS, CashScope, conditions, joined
from dashboards.data.release import Release, Row, fetch

OPEN_ITEMS = "open_items"
TOTAL = "total"


def past_days(release: Release, scope: CashScope) -> list[date]:
    """Evenings of past forecasts, newest first."""
    where, parameters = conditions(scope)
    rows = fetch(
        release,
        f"select distinct forecast_on from marts.mart_cash_forecast_error where {where} order by forecast_on desc",
        **parameters,
    )
    return [row["forecast_on"] for row in rows]


def past_weeks(release: Release, scope: CashScope, *, forecast_on: date, target: str) -> list[Row]:
    """One past forecast, week by week: what the present champion expected then, and what came."""
    where, parameters = conditions(scope)
    return fetch(
        release,
        f"""
select
    week_ahead,
    min(week_begins) as week_begins,
    sum(expected_reporting) as expected,
    sum(low_reporting) as low,
    sum(high_reporting) as high,
    sum(received_reporting) as received,
    sum(error_reporting) as error,
    sum(received_reporting) between sum(low_reporting) and sum(high_reporting) as is_in_band
from marts.mart_cash_forecast_error
where {where} and target = $target and is_champion and forecast_on = cast($forecast_on as date)
group by week_ahead
order by week_ahead""",
        **parameters,
        target=target,
        forecast_on=forecast_on,
    )


def past_totals(release: Release, scope: CashScope) -> list[Row]:
    """Cumulative figures of every past day whose weeks are over, with bands made as those of today are."""
    where, parameters = conditions(scope)
    return fetch(
        release,
        f"""
with

week as (

    select
        forecast_on,
        week_ahead,
        sum(expected_reporting) as expected,
        sum(expected_reporting - low_reporting) as below,
        sum(high_reporting - expected_reporting) as above,
        sum(received_reporting) as received
    from marts.mart_cash_forecast_error
    where {where} and target = '{OPEN_ITEMS}' and is_champion
    group by forecast_on, week_ahead

),

summed as (

    select
        week.forecast_on,
        span.weeks,
        sum(week.expected) as expected,
        sum(week.expected) - {joined("week.below")} as low,
        sum(week.expected) + {joined("week.above")} as high,
        sum(week.received) as received,
        sum(week.expected) - sum(week.received) as error
    from week
    inner join (values ({SHORT}), ({WEEKS})) as span (weeks)
        on week.week_ahead <= span.weeks
    group by week.forecast_on, span.weeks
    having count(*) = span.weeks

)

select
    *,
    cast(error as double) / nullif(cast(received as double), 0) as error_rate,
    received between low and high as is_in_band
from summed
order by weeks, forecast_on desc""",
        **parameters,
    )


def errors_by_week(release: Release, scope: CashScope) -> list[Row]:
    """Per week ahead and forecaster: absolute error over what came, of cash with what was billed later."""
    return _errors(release, scope, by="week_ahead")


def errors_by_forecaster(release: Release, scope: CashScope) -> list[Row]:
    """The same over all weeks, and of the sum of the first weeks, the best first."""
    return _errors(release, scope, by=None)


def _errors(release: Release, scope: CashScope, *, by: str | None) -> list[Row]:
    where, parameters = conditions(scope)
    key = f"{by}, " if by else ""
    return fetch(
        release,
        f"""
with

week as (

    select
        model,
        forecast_on,
        week_ahead,
        bool_or(is_champion) as is_champion,
        sum(expected_reporting) as expected,
        sum(received_reporting) as received
    from marts.mart_cash_forecast_error
    where {where} and target = '{TOTAL}'
    group by model, forecast_on, week_ahead

),

short as (

    select
        model,
        sum(abs(expected - received)) as absolute_error,
        sum(received) as received
    from (
        select model, forecast_on, sum(expected) as expected, sum(received) as received
        from week
        where week_ahead <= {SHORT}
        group by model, forecast_on
        having count(*) = {SHORT}
    )
    group by model

)

select
    {key}
    week.model,
    bool_or(week.is_champion) as is_champion,
    count(*) as week_count,
    cast(sum(abs(week.expected - week.received)) as double) / nullif(cast(sum(week.received) as double), 0)
        as error_rate,
    cast(sum(week.expected - week.received) as double) / nullif(cast(sum(week.received) as double), 0)
        as bias_rate,
    cast(max(short.absolute_error) as double) / nullif(cast(max(short.received) as double), 0) as short_error_rate
from week
left join short
    on week.model = short.model
where week.is_champion or list_contains($rivals, week.model) or {"true" if by is None else "false"}
group by {key} week.model
order by {key} {"error_rate," if by is None else ""} week.model""",
        **parameters,
        rivals=list(RIVALS),
    )


def coverage(release: Release, scope: CashScope) -> list[Row]:
    """Share of past weeks of each company and currency whose cash lay in the band, which should hold 80 % of them."""
    where, parameters = conditions(scope)
    return fetch(
        release,
        f"""
select
    company_code,
    currency,
    count(*) as week_count,
    count(*) filter (where is_in_band) as held_count,
    cast(count(*) filter (where is_in_band) as double) / count(*) as held_rate
from marts.mart_cash_forecast_error
where {where} and target = '{OPEN_ITEMS}' and is_champion and is_in_band is not null
group by company_code, currency
order by company_code, currency""",
        **parameters,
    )


def champions(release: Release, scope: CashScope) -> list[Row]:
    """Who predicts each horizon of each company and why, beside the best of the others."""
    where = "list_contains(cast($companies as varchar[]), company_code)" if scope.companies else "true"
    parameters = {"companies": list(scope.companies)} if scope.companies else {}
    return fetch(
        release,
        f"""
with

score as (

    select *
    from marts.mart_prediction_backtest
    where predicted_on is null and company_code != '*' and {where}

)

select
    champion.company_code,
    champion.horizon,
    champion.model,
    champion.reason,
    champion.scored_count,
    champion.loss,
    rival.rival_model,
    rival.rival_loss,
    cast(champion.auc as double) as auc,
    champion.mean_absolute_days,
    cast(champion.band_coverage as double) as band_coverage_rate
from score as champion
left join (
    select
        company_code,
        horizon,
        min_by(model, loss) as rival_model,
        min(loss) as rival_loss
    from score
    where not is_champion
    group by company_code, horizon
) as rival
    on champion.company_code = rival.company_code and champion.horizon = rival.horizon
where champion.is_champion
order by champion.company_code,
    list_position(['cash', 'days', 'late', 'late_30', 'late_90'], champion.horizon)""",
        **parameters,
    )


def reliability(release: Release) -> list[Row]:
    """What was said against what came, in tenths of the predicted probability; of all companies together."""
    return fetch(
        release,
        """
select horizon, bin_no, cast(predicted_share as double) as predicted_share,
    cast(observed_share as double) as observed_share, scored_count
from marts.mart_prediction_reliability
where scored_count > 0
order by horizon, bin_no""",
    )


def refused(release: Release) -> list[Row]:
    """Facts and candidates that take no part, and why."""
    return fetch(
        release,
        """
select kind, name, reason
from marts.mart_prediction_input
where kind in ('feature', 'candidate') and not is_used
order by kind, name""",
    )
