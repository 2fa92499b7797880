{{ config(materialized='table') }}

{#- The newest accounts of each party on each day, as known on the day, for 18 months after their
    period (policy sections 3 and 4): Z'' and the signs that count as weak; equity and operating
    cash flow in the reporting currency at the rate of the as-of date. EBIT for a year; a year is
    set against the one before. What is not told is no sign. -#}
with

told as (

    select
        *,
        period_end as told_from,
        cast(null as date) as no_end
    from {{ ref('stg_landing__financial_statement') }}
    where not is_deleted

),

known as (

    {{ believed('then', 'told', [
        'company_code', 'customer_id', 'period_end', 'period_months', 'currency', 'current_assets',
        'current_liabilities', 'total_assets', 'total_liabilities', 'equity', 'retained_earnings',
        'ebit', 'revenue', 'net_profit', 'operating_cash_flow'
    ], 'told_from', 'no_end') }}

),

of_party as (

    select
        customer.party_id,
        known.*
    from known
    inner join {{ ref('dim_customer') }} as customer
        on known.company_code = customer.company_code and known.customer_id = customer.customer_id
    where not customer.is_intragroup and known.day_from <= {{ as_of() }}
    -- a party in several companies has the same accounts in each
    qualify row_number() over (
        partition by customer.party_id, known.period_end, known.day_from
        order by known.company_code, known.customer_id
    ) = 1

),

-- accounts of an older period that come later change nothing
newest as (

    select *
    from of_party
    qualify period_end >= coalesce(
        max(period_end) over (
            partition by party_id
            order by day_from, period_end
            rows between unbounded preceding and 1 preceding
        ),
        period_end
    )

),

one_a_day as (

    select *
    from newest
    qualify row_number() over (partition by party_id, day_from order by period_end desc) = 1

),

-- the year before, by its newest version
compared as (

    select
        one_a_day.party_id,
        one_a_day.day_from,
        max_by(
            before.revenue * 12 / before.period_months,
            {{ dated_order('before.day_from', ['before.period_months', 'before.revenue']) }}
        ) as yearly_revenue_before
    from one_a_day
    inner join of_party as before
        on
            one_a_day.party_id = before.party_id
            and before.period_end = {{ add_months('one_a_day.period_end', -12) }}
            and before.day_from <= one_a_day.day_from
    where before.period_months > 0
    group by one_a_day.party_id, one_a_day.day_from

),

rated as (

    select
        one_a_day.party_id,
        one_a_day.day_from as effective_from,
        least(
            coalesce(
                lead(one_a_day.day_from) over (
                    partition by one_a_day.party_id order by one_a_day.day_from
                ),
                {{ end_of_days() }}
            ),
            {{ add_days(add_months('one_a_day.period_end', 18), 1) }}
        ) as effective_to,
        one_a_day.period_end,
        one_a_day.equity,
        {{ money_times_rate('one_a_day.equity', 'rate.rate_to_reporting') }} as equity_reporting,
        one_a_day.operating_cash_flow,
        {{ money_times_rate('one_a_day.operating_cash_flow', 'rate.rate_to_reporting') }}
            as operating_cash_flow_reporting,
        one_a_day.net_profit,
        {{ ratio_of('one_a_day.current_assets', 'one_a_day.current_liabilities') }}
            as current_ratio,
        {{ ratio_of('one_a_day.total_liabilities', 'one_a_day.total_assets') }} as liabilities_rate,
        {{ ratio_of('(one_a_day.current_assets - one_a_day.current_liabilities)',
            'one_a_day.total_assets') }} as working_capital_rate,
        {{ ratio_of('one_a_day.retained_earnings', 'one_a_day.total_assets') }} as retained_rate,
        {{ ratio_of('one_a_day.ebit * 12', '(one_a_day.total_assets * one_a_day.period_months)') }}
            as ebit_rate,
        {{ ratio_of('one_a_day.equity', 'one_a_day.total_liabilities') }} as equity_rate,
        {{ ratio_of('one_a_day.revenue * 12',
            '(compared.yearly_revenue_before * one_a_day.period_months)') }} as revenue_rate
    from one_a_day
    left join compared
        on
            one_a_day.party_id = compared.party_id
            and one_a_day.day_from = compared.day_from
    left join {{ ref('int_company') }} as company
        on one_a_day.company_code = company.company_code
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            one_a_day.company_code = rate.company_code
            and coalesce(one_a_day.currency, company.functional_currency) = rate.currency
            and rate.day = {{ as_of() }}

),

final as (

    select
        party_id,
        effective_from,
        effective_to,
        period_end as accounts_period_end,
        cast(
            6.56 * working_capital_rate + 3.26 * retained_rate + 6.72 * ebit_rate
            + 1.05 * equity_rate
            as decimal(18, 6)
        ) as z_score,
        -- rules and scores ask for its sign, which it has without a rate too
        coalesce(equity_reporting, equity) as equity,
        equity_reporting,
        operating_cash_flow_reporting as operating_cash_flow,
        liabilities_rate,
        case when current_ratio < 1 then 1 else 0 end
        + case when liabilities_rate > 0.8 then 1 else 0 end
        + case when net_profit < 0 then 1 else 0 end
        + case when operating_cash_flow < 0 then 1 else 0 end
        + case when revenue_rate <= 0.7 then 1 else 0 end
        as weak_sign_count
    from rated
    where effective_from < effective_to

)

select * from final
